//! What is logged, with `tracing` as we do, and with `log` as tungstenite does, at any level.

use std::fmt::{self, Write as _};
use std::sync::{Mutex, Once};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

static LOG: Mutex<String> = Mutex::new(String::new());
static BEGUN: Once = Once::new();

/// Writes down everything.
struct Everything;

/// Writes down everything that the process logs from now on.
pub(crate) fn begin() {
    BEGUN.call_once(|| {
        tracing::subscriber::set_global_default(Everything).unwrap();
        log::set_logger(&Everything).unwrap();
        log::set_max_level(log::LevelFilter::Trace);
    });
}

/// All that has been logged.
pub(crate) fn so_far() -> String {
    LOG.lock().unwrap().clone()
}

fn note(line: fmt::Arguments<'_>) {
    writeln!(LOG.lock().unwrap(), "{line}").unwrap();
}

impl log::Log for Everything {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }
    fn log(&self, record: &log::Record<'_>) {
        note(format_args!("{} {}", record.target(), record.args()));
    }
    fn flush(&self) {}
}

impl Visit for Everything {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        note(format_args!("{field}={value:?}"));
    }
}

impl Subscriber for Everything {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }
    fn new_span(&self, span: &Attributes<'_>) -> Id {
        span.record(&mut Everything);
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut Everything);
    }
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, event: &Event<'_>) {
        event.record(&mut Everything);
    }
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}
