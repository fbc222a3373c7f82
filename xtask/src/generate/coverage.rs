//! The README's table of what is covered: events and services, here and in the official SDKs.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use feishu_events_gen::Error;
use feishu_events_gen::internals::model::Model;

use super::marked_block;
use super::sdk_names::Sdk;

/// The file that has the table, below the root of the project.
pub(crate) const FILE: &str = "README.md";

const BEGIN: &str = "<!-- coverage: written by `cargo xtask generate` -->\n";
const END: &str = "<!-- end of coverage -->\n";

/// The README with the current table; `None` if the project has no README with a place for it.
///
/// # Errors
/// A README that exists and cannot be read.
pub(crate) fn page(root: &Path, model: &Model<'_>, sdks: &[Sdk]) -> Result<Option<String>, Error> {
    marked_block::replaced(&root.join(FILE), [BEGIN, END], &table(model, sdks))
}

fn table(model: &Model<'_>, sdks: &[Sdk]) -> String {
    let mut services: BTreeMap<&str, usize> = BTreeMap::new();
    for event in &model.events {
        *services.entry(&event.service).or_default() += 1;
    }
    let documented = model.events.iter();
    let documented = documented.filter(|event| event.schema.document.is_some());
    let (all, documented) = (model.events.len(), documented.count());
    let mut text = String::from("| | events |\n| --- | --- |\n");
    let _ = writeln!(
        text,
        "| this crate | {all}, each with a type: {documented} documented, {} known only from SDKs |",
        all - documented
    );
    for sdk in sdks {
        let _ = writeln!(
            text,
            "| {}: `{}`, {}, read on {} | {} |",
            sdk.language,
            sdk.package,
            sdk.version,
            sdk.read,
            sdk.names.len()
        );
    }
    let services: Vec<String> = services
        .iter()
        .map(|(service, events)| format!("`{service}` {events}"))
        .collect();
    let _ = write!(
        text,
        "\nEach service is a module, and a cargo feature that is on by default: {}.\n",
        services.join(", ")
    );
    text
}

#[cfg(test)]
mod tests {
    use std::fs;

    use feishu_events_gen::internals::{Overlay, resolve};

    use super::*;
    use crate::tests::one_schema;

    #[test]
    fn only_the_table_of_the_readme_is_replaced() {
        let root = tempfile::tempdir().expect("a folder");
        let schemas = one_schema(root.path());
        let overlay = Overlay::default();
        let model = resolve(&schemas, &overlay).expect("a model");

        assert_eq!(page(root.path(), &model, &[]).expect("no README"), None);
        let readme = root.path().join(FILE);
        fs::write(&readme, "no place\n").expect("written");
        assert_eq!(page(root.path(), &model, &[]).expect("a README"), None);
        fs::write(&readme, format!("before\n{BEGIN}old\n{END}after\n")).expect("written");
        let text = page(root.path(), &model, &[]).expect("a README");
        let text = text.expect("a place");
        assert!(
            text.starts_with("before\n") && text.ends_with("after\n"),
            "{text}"
        );
        assert!(
            text.contains(
                "| this crate | 1, each with a type: 0 documented, 1 known only from SDKs |"
            ),
            "{text}"
        );
        assert!(
            text.contains("`meadow` 1.") && !text.contains("old"),
            "{text}"
        );
    }
}
