//! Updates the names of types after a change of the documentation: existing names are kept, new objects
//! get names, and objects that contradict a shared type leave it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use feishu_events_gen::internals::output::write_if_changed;
use feishu_events_gen::internals::overlay::TypeNames;
use feishu_events_gen::internals::{Overlay, SchemaSet, overlay, resolve, suggest_names};
use miette::{Context, IntoDiagnostic, Result};

use crate::diff::Side;

/// By service and place: the name of the type that an object has.
type Names = BTreeMap<String, BTreeMap<String, String>>;

/// The result of updating the names.
pub(super) struct Settled {
    /// The files that changed, below the root.
    pub(super) files: Vec<PathBuf>,
    /// Entries that no longer hold, and why.
    pub(super) set_aside: Vec<String>,
}

/// Updates `overlay/names` of `schemas`.
///
/// # Errors
/// Schemas or an overlay that can't be read or that nothing can be generated from.
pub(super) fn settle(schemas: &Path, old: &Side) -> Result<Settled> {
    let folder = schemas.join(overlay::FOLDER);
    let before = Overlay::load(&folder).into_diagnostic()?;
    let mut overlay = before.clone();
    let mut schemas = SchemaSet::load(schemas).into_diagnostic()?;
    let documented = schemas.clone();
    overlay.correct(&mut schemas);
    // With the current names, which people may have changed since.
    let sources = old.sources(Some(&before));
    let known = sources
        .model()
        .map(|model| model.places)
        .unwrap_or_default();

    put_first(&unchanged(&documented, old), &mut overlay);
    keep(&known, &schemas, &mut overlay)?;
    let places = known.iter();
    let places = places.map(|(service, names)| (service.clone(), names.keys().cloned().collect()));
    overlay.names = suggest_names(&schemas, &overlay, &places.collect()).into_diagnostic()?;
    keep(&known, &schemas, &mut overlay)?;
    let set_aside = drop_untrue(&schemas, &mut overlay)?;
    put_back(&before, &mut overlay);
    Ok(Settled {
        files: write(&folder, &before, &overlay)?,
        set_aside,
    })
}

/// The places of the events whose documented rows have not changed.
fn unchanged(new: &SchemaSet, old: &Side) -> BTreeSet<(String, String)> {
    let files = new.iter().filter(|file| {
        let was = old.schemas.get(&file.schema.event_type);
        was.is_some_and(|was| was.schema.fields == file.schema.fields)
    });
    let events = files.map(|file| (file.service.clone(), file.rest().to_owned()));
    events.collect()
}

/// Lists the places of these events first. If places contradict each other, the first ones keep the
/// type, and unchanged events should keep theirs.
fn put_first(events: &BTreeSet<(String, String)>, overlay: &mut Overlay) {
    for (service, names) in &mut overlay.names {
        for places in names.0.values_mut() {
            places.sort_by_key(|place| {
                let event = place.split('/').next().unwrap_or(place);
                !events.contains(&(service.clone(), event.to_owned()))
            });
        }
    }
}

/// Restores the order of the places in each entry; new places follow.
fn put_back(before: &Overlay, overlay: &mut Overlay) {
    for (service, names) in &mut overlay.names {
        let Some(was) = before.names.get(service) else {
            continue;
        };
        for (name, places) in &mut names.0 {
            if let Some(was) = was.0.get(name) {
                let rank = |place: &String| was.iter().position(|other| other == place);
                places.sort_by_key(|place| rank(place).unwrap_or(usize::MAX));
            }
        }
    }
}

/// Adds entries until all existing objects have their former names, except for those that can no longer
/// share a type.
fn keep(known: &Names, schemas: &SchemaSet, overlay: &mut Overlay) -> Result<()> {
    let mut tried: BTreeSet<(String, String)> = BTreeSet::new();
    loop {
        let now = resolve(schemas, overlay).into_diagnostic()?.places;
        let mut is_settled = true;
        for (service, names) in known {
            let Some(now) = now.get(service) else {
                continue;
            };
            let entries = overlay.names.entry(service.clone()).or_default();
            for (place, name) in names {
                let has_other = now.get(place).is_some_and(|now| now != name);
                if has_other && tried.insert((service.clone(), place.clone())) {
                    is_settled = false;
                    move_to(entries, place, name);
                }
            }
        }
        if is_settled {
            return Ok(());
        }
    }
}

fn move_to(entries: &mut TypeNames, place: &str, name: &str) {
    for places in entries.0.values_mut() {
        places.retain(|other| other != place);
    }
    entries
        .0
        .entry(name.to_owned())
        .or_default()
        .push(place.to_owned());
}

/// Removes entries that don't hold: places that are gone, and places that can't have the type. Returns
/// the latter.
fn drop_untrue(schemas: &SchemaSet, overlay: &mut Overlay) -> Result<Vec<String>> {
    let model = resolve(schemas, overlay).into_diagnostic()?;
    for (service, entries) in &mut overlay.names {
        let now = model.places.get(service);
        for (name, places) in &mut entries.0 {
            places.retain(|place| now.and_then(|now| now.get(place)) == Some(name));
        }
        entries.0.retain(|_, places| !places.is_empty());
    }
    let misfits = model
        .misfits
        .iter()
        .filter(|misfit| misfit.starts_with("names/"));
    Ok(misfits
        .map(|misfit| format!("schemas/overlay/{misfit}"))
        .collect())
}

/// Writes the files of names that changed, and returns their paths below the root.
fn write(folder: &Path, before: &Overlay, overlay: &Overlay) -> Result<Vec<PathBuf>> {
    let mut written = Vec::new();
    for (service, names) in &overlay.names {
        let was = before.names.get(service);
        if was == Some(names) || (was.is_none() && names.0.is_empty()) {
            continue;
        }
        let below = format!("names/{service}.json");
        let file = folder.join(&below);
        let failed = || format!("cannot write `{}`", file.display());
        let done = if names.0.is_empty() {
            fs::remove_file(&file)
        } else {
            write_if_changed(&file, &names.to_json()).map(|_| ())
        };
        done.into_diagnostic().wrap_err_with(failed)?;
        written.push(Path::new("schemas/overlay").join(below));
    }
    Ok(written)
}
