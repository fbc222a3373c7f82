//! Where a page's Markdown links lead.

use super::plain::unescaped;
use crate::pages::source::Source;

/// More links than this to other events has only a list of events.
const MOST: usize = 16;

/// The paths of the pages about events that the page links to.
pub(crate) fn links_to_events(source: &Source) -> Vec<String> {
    let links = source.text().split("](").skip(1);
    let targets = links.filter_map(|link| link.split([')', '\n']).next());
    targets
        .filter(|target| target.contains("/events/") || target.contains("/event/"))
        .take(MOST)
        .map(|target| unescaped(target).into_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_to_events_are_found() {
        let text = "[a](/x/y-v1/b/events/c) [d](/x/y-v1/e) [f](unclosed\n](";
        let links = links_to_events(&Source::new("p.md", text));
        assert_eq!(links, ["/x/y-v1/b/events/c"]);
    }
}
