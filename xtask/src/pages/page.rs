//! Text → the parts of a page: front matter, headings, tables, code.

mod bare_json;
mod blocks;
mod code;
mod event_name;
mod field_name;
mod front_matter;
mod header;
mod html;
mod html_rows;
mod html_tree;
mod info;
mod labels;
mod links;
mod markup;
mod pipe_lines;
mod pipe_table;
mod plain;
mod table;
mod text_table;
mod wrapped_rows;

pub(crate) use blocks::Block;
pub(crate) use code::Code;
pub(crate) use event_name::is_event_type;
pub(crate) use field_name::{is_field_name, is_map_key};
pub(crate) use front_matter::FrontMatter;
pub(crate) use header::{Header, Named, event_types_in};
pub(crate) use info::Info;
pub(crate) use labels::{DESCRIPTION, NAME, TYPE, is_folded, is_label};
pub(crate) use links::links_to_events;
pub(crate) use markup::{Element, Markup};
pub(crate) use plain::plain;
#[cfg(test)]
pub(crate) use table::cell_of;
pub(crate) use table::{Cell, Table, TableKind, TableRow};

use crate::pages::finding::Finding;
use crate::pages::source::Source;

/// A page in parts, in the order in which they stand.
#[derive(Debug)]
pub(crate) struct Page<'a> {
    pub(crate) source: &'a Source,
    pub(crate) front_matter: FrontMatter,
    pub(crate) blocks: Vec<Block<'a>>,
    pub(crate) infos: Vec<Info>,
}

impl<'a> Page<'a> {
    /// Takes a page apart.
    pub(crate) fn parse(source: &'a Source, findings: &mut Vec<Finding>) -> Self {
        let (mut front_matter, body) = front_matter::read(source, findings);
        let blocks = if html::is_document(source.text()) {
            let html = if html::has_own_tables(source.text()) {
                html::read(source)
            } else {
                html_tree::read(source)
            };
            front_matter.title = front_matter.title.or(html.title);
            html.blocks
        } else {
            blocks::read(source, body, findings)
        };
        Self {
            source,
            front_matter,
            infos: Info::all(source, &blocks),
            blocks,
        }
    }

    pub(crate) fn tables(&self) -> impl Iterator<Item = &Table> {
        self.blocks.iter().filter_map(|block| match block {
            Block::Table(table) => Some(table),
            _ => None,
        })
    }

    pub(crate) fn code(&self) -> impl Iterator<Item = &Code<'a>> {
        self.blocks.iter().filter_map(|block| match block {
            Block::Code(code) => Some(code),
            _ => None,
        })
    }
}
