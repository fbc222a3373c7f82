//! What types are made of: schemas, corrected, and what people wrote beside them.

use std::path::Path;

use crate::error::{Error, Result};
use crate::model::Model;
use crate::overlay::{self, Overlay};
use crate::resolve::resolve;
use crate::schema_set::SchemaSet;

/// Schemas with the corrections of their overlay applied, and the overlay.
#[derive(Debug, Default)]
pub struct Sources {
    /// The schemas, as they are right.
    pub schemas: SchemaSet,
    /// What people wrote by hand.
    pub overlay: Overlay,
    /// The corrections that correct nothing.
    pub problems: Vec<Error>,
}

impl Sources {
    /// Reads the schemas below `folder` and the overlay in it, and corrects them.
    ///
    /// # Errors
    /// A file that cannot be read or is not of its form.
    pub fn load(folder: &Path) -> Result<Self> {
        let schemas = SchemaSet::load(folder)?;
        let overlay = Overlay::load(&folder.join(overlay::FOLDER))?;
        Ok(Self::corrected_where_possible(schemas, overlay))
    }

    /// Applies the corrections that can be applied, and leaves the others out: for schemas that are
    /// compared with others, whose overlay may be about rows that they don't have.
    pub fn corrected_where_possible(mut schemas: SchemaSet, overlay: Overlay) -> Self {
        let problems = overlay.correct(&mut schemas);
        Self {
            schemas,
            overlay,
            problems,
        }
    }

    /// The entries of the overlay that nothing in `model` needs, or that fit only in part, each as
    /// `file: entry` and sorted.
    pub fn leftover(&self, model: &Model<'_>) -> Vec<String> {
        let below = format!("{}/", overlay::FOLDER);
        let problems = self.problems.iter().map(|problem| {
            let text = problem.to_string().replace('\n', " ");
            let kinds = ["corrections/", "additions/"].map(|kind| format!("{below}{kind}"));
            let at = kinds.iter().find_map(|kind| text.find(kind.as_str()));
            at.map_or_else(|| text.clone(), |at| text[at + below.len()..].to_owned())
        });
        let mut entries = self.overlay.unused(model);
        entries.extend(model.misfits.iter().cloned().chain(problems));
        entries.sort();
        entries
    }

    /// What is to be generated.
    ///
    /// # Errors
    /// Those of [`resolve`].
    pub fn model(&self) -> Result<Model<'_>> {
        resolve(&self.schemas, &self.overlay)
    }
}
