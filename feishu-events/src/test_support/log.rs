//! What is logged, looked at.

use std::fmt;
use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::DefaultGuard;
use tracing::{Event, Metadata, Subscriber};

/// Writes down the warnings, each with the span that it is in.
#[derive(Clone, Default)]
pub(crate) struct Warnings {
    spans: Arc<Mutex<Vec<String>>>,
    inside: Arc<Mutex<Vec<u64>>>,
    said: Arc<Mutex<Vec<String>>>,
}

/// The fields of a span or an event.
#[derive(Default)]
struct Fields(String);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0 += &format!("{field}={value:?} ");
    }
}

impl Subscriber for Warnings {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }
    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut fields = Fields::default();
        span.record(&mut fields);
        let mut spans = self.spans.lock().unwrap();
        spans.push(fields.0);
        Id::from_u64(spans.len() as u64)
    }
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, event: &Event<'_>) {
        if *event.metadata().level() != tracing::Level::WARN {
            return;
        }
        let mut fields = Fields::default();
        event.record(&mut fields);
        let inside = self.inside.lock().unwrap().last().copied();
        let span = inside.map(|span| usize::try_from(span).unwrap() - 1);
        let spans = self.spans.lock().unwrap();
        let span = span.map_or("", |span| spans[span].as_str());
        self.said.lock().unwrap().push(span.to_owned() + &fields.0);
    }
    fn enter(&self, span: &Id) {
        self.inside.lock().unwrap().push(span.into_u64());
    }
    fn exit(&self, _: &Id) {
        self.inside.lock().unwrap().pop();
    }
}

impl Warnings {
    /// Listens on this thread, from when the line with these words is heard that `says` logs, and with
    /// this field, which is the line's own or its span's.
    ///
    /// `tracing` asks whether anybody listens when a line is come by for the first time; if that is
    /// on another thread and at this moment, the answer is the old one until it is asked again.
    pub(crate) async fn listen(
        words: &str,
        field: &str,
        says: impl AsyncFn(),
    ) -> (Self, DefaultGuard) {
        let warnings = Self::default();
        let guard = tracing::subscriber::set_default(warnings.clone());
        for _ in 0..1000 {
            says().await;
            let heard = warnings.take(words);
            if heard.iter().any(|said| said.contains(field)) {
                break;
            }
            tracing::callsite::rebuild_interest_cache();
        }
        (warnings, guard)
    }

    /// The warnings with these words so far; all are forgotten.
    pub(crate) fn take(&self, words: &str) -> Vec<String> {
        let mut said = std::mem::take(&mut *self.said.lock().unwrap());
        said.retain(|said| said.contains(words));
        said
    }
}
