//! What a page is called, without the name of the site that shows it.

use crate::pages::page::{Block, Page};

/// What sites put behind the title of a page.
const SITES: [&str; 9] = [
    "飞书开放平台",
    "开发文档",
    "服务端 API",
    "Lark Developer",
    "Lark Open Platform",
    "Feishu Open Platform",
    "Documentation",
    "Server API",
    "Lark",
];

/// What may stand before the name of a site.
const SEPARATORS: [&str; 4] = [" - ", " | ", " – ", " — "];

/// A longer first line is a sentence, not a title.
const LONGEST: usize = 60;

/// The title of `page`; empty if it has none.
pub(super) fn of(page: &Page<'_>) -> String {
    let heading = page.blocks.iter().find_map(|block| match block {
        Block::Heading(heading) if !heading.bold => Some(heading.text.as_ref()),
        _ => None,
    });
    let first_line = || {
        let mut lines = page.source.lines().map(|line| line.text.trim());
        let first = lines.find(|line| !line.is_empty())?;
        let is_title =
            !first.starts_with(['<', '{', '|', '`', '-']) && first.chars().count() <= LONGEST;
        is_title.then_some(first)
    };
    match (page.front_matter.title.as_deref(), heading) {
        (Some(title), Some(heading)) if is_with_site(title, heading) => heading.to_owned(),
        (Some(title), _) => without_site(title).to_owned(),
        (None, Some(heading)) => heading.to_owned(),
        (None, None) => first_line().unwrap_or_default().to_owned(),
    }
}

/// Whether `title` is `heading` with a site's name behind it.
fn is_with_site(title: &str, heading: &str) -> bool {
    let rest = title.strip_prefix(heading.trim());
    !heading.is_empty()
        && rest.is_some_and(|rest| {
            SEPARATORS
                .iter()
                .any(|separator| rest.starts_with(separator))
        })
}

fn without_site(mut title: &str) -> &str {
    loop {
        let cut = SEPARATORS.iter().find_map(|separator| {
            let (rest, site) = title.rsplit_once(separator)?;
            SITES.contains(&site.trim()).then_some(rest)
        });
        match cut {
            Some(rest) => title = rest.trim_end(),
            None => return title,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_the_site_is_not_part_of_the_title() {
        assert_eq!(
            without_site("种树 - 服务端 API - 开发文档 - 飞书开放平台"),
            "种树"
        );
        assert_eq!(without_site("A tree - planted"), "A tree - planted");
        assert!(is_with_site("种树 - 任何站点", "种树"));
        assert!(!is_with_site("种树了", "种树"));
    }
}
