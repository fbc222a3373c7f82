//! What types are generated from: the corrected schemas and the overlay.

use std::path::Path;

use crate::error::{Error, Result};
use crate::model::Model;
use crate::overlay::{self, Overlay};
use crate::resolve::resolve;
use crate::schema_set::SchemaSet;

/// Schemas with the corrections of their overlay applied, and the overlay.
#[derive(Debug, Default)]
pub struct Sources {
    /// The schemas, corrected.
    pub schemas: SchemaSet,
    /// The overlay.
    pub overlay: Overlay,
    /// The corrections and additions that can't be applied.
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

    /// Applies the corrections that can be applied, and records the others as problems: an older set of
    /// schemas may lack rows that the overlay corrects.
    pub fn corrected_where_possible(mut schemas: SchemaSet, overlay: Overlay) -> Self {
        let problems = overlay.correct(&mut schemas);
        Self {
            schemas,
            overlay,
            problems,
        }
    }

    /// The entries of the overlay that match nothing in `model` or contradict it, each as `file: entry`,
    /// sorted.
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

    /// What to generate.
    ///
    /// # Errors
    /// Those of [`resolve`].
    pub fn model(&self) -> Result<Model<'_>> {
        resolve(&self.schemas, &self.overlay)
    }
}
