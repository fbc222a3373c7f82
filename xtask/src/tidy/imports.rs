//! The imports between modules: `use` lines, and paths that begin with `crate`, `super` or a child's
//! name.

use std::collections::BTreeMap;

use proc_macro2::Span;
use syn::visit::{self, Visit};
use syn::{ItemMod, ItemUse, Path};

use super::modules::{ModulePath, Modules, collect, is_test};

/// An import between two modules of a crate.
pub(super) struct Import {
    pub(super) from: ModulePath,
    pub(super) to: ModulePath,
    /// The line of the import, from 1.
    pub(super) line: usize,
}

/// All imports between the crate's modules, each pair of modules once. Imports between a module and the
/// files of its folder, and from the crate's root, do not count.
pub(super) fn imports(modules: &Modules) -> Vec<Import> {
    let mut found = BTreeMap::new();
    for (path, module) in &modules.by_path {
        let mut visitor = Visitor {
            modules,
            from: path,
            found: &mut found,
        };
        visitor.visit_file(&module.syntax);
    }
    found
        .into_iter()
        .map(|((from, to), line)| Import { from, to, line })
        .collect()
}

struct Visitor<'a> {
    modules: &'a Modules,
    from: &'a ModulePath,
    found: &'a mut BTreeMap<(ModulePath, ModulePath), usize>,
}

impl Visitor<'_> {
    fn add(&mut self, segments: &[String], span: Span) {
        let Some(to) = self.modules.resolve(self.from, segments) else {
            return;
        };
        // A module and the files of its folder are one: the parent calls its children, and they use
        // its types.
        let family = to.starts_with(self.from) || self.from.starts_with(&to);
        if to.is_empty() || self.from.is_empty() || family {
            return;
        }
        let line = span.start().line;
        self.found.entry((self.from.clone(), to)).or_insert(line);
    }
}

impl<'ast> Visit<'ast> for Visitor<'_> {
    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        if !is_test(&module.attrs) {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_use(&mut self, import: &'ast ItemUse) {
        if is_test(&import.attrs) {
            return;
        }
        let mut names = BTreeMap::new();
        collect(&import.tree, &mut Vec::new(), &mut names);
        for path in names.values() {
            self.add(path, import.use_token.span);
        }
    }

    fn visit_path(&mut self, path: &'ast Path) {
        if path.segments.len() > 1
            && let Some(first) = path.segments.first()
        {
            let segments: Vec<_> = path
                .segments
                .iter()
                .map(|segment| segment.ident.to_string())
                .collect();
            self.add(&segments, first.ident.span());
        }
        visit::visit_path(self, path);
    }
}
