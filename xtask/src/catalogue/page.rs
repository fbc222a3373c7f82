//! The page, with what can be read without scripts: the list of all events, and the changes.

use feishu_events_gen::internals::model::Model;
use miette::{IntoDiagnostic, Result};
use minijinja::value::Serde;
use minijinja::{Environment, Value};
use serde::Serialize;

use super::changes::Changes;
use crate::export::version;

const TEMPLATE: &str = include_str!("site/index.html");

#[derive(Serialize)]
struct Page<'a> {
    version: &'a str,
    count: usize,
    services: Vec<Service<'a>>,
    changes: Option<&'a Changes>,
}

#[derive(Serialize)]
struct Service<'a> {
    id: String,
    name: &'a str,
    doc: Option<&'a str>,
    events: Vec<Event<'a>>,
}

#[derive(Serialize)]
struct Event<'a> {
    r#type: &'a str,
    title_zh: &'a str,
    title_en: Option<&'a str>,
    doc: Option<&'a str>,
}

/// The text of `index.html`.
///
/// # Errors
/// A mistake in the template.
pub(super) fn index(model: &Model<'_>, changes: Option<&Changes>) -> Result<String> {
    let services = model.services.iter().map(|service| {
        let events = model.events.iter();
        let events = events.filter(|event| event.service == service.name);
        Service {
            id: format!("service-{}", service.name),
            name: &service.name,
            doc: service.doc.as_deref(),
            events: events
                .map(|event| Event {
                    r#type: &event.schema.event_type,
                    title_zh: &event.schema.title,
                    title_en: event.schema.title_en.as_deref(),
                    doc: event.doc.as_deref(),
                })
                .collect(),
        }
    });
    let page = Page {
        version: version(model),
        count: model.events.len(),
        services: services.collect(),
        changes,
    };
    let environment = Environment::new();
    // The name decides that text is escaped as HTML.
    let text = environment.render_named_str("index.html", TEMPLATE, Value::from(Serde(page)));
    Ok(text.into_diagnostic()? + "\n")
}
