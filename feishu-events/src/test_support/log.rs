//! What is logged, looked at.

use std::io;
use std::sync::{Arc, Mutex};

use tracing::subscriber::DefaultGuard;

/// Collects the warnings, a line each, with the spans that they are in.
#[derive(Clone, Default)]
pub(crate) struct Warnings(Arc<Mutex<Vec<String>>>);

impl io::Write for Warnings {
    /// Is given a whole line at a time.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(line);
        if let Some(warning) = text.strip_prefix(" WARN ") {
            self.0.lock().unwrap().push(warning.to_owned());
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Warnings {
    /// Listens on this thread, from when a line with these words is heard that `says` logs, and with
    /// this field, which is the line's own or its span's.
    ///
    /// `tracing` asks whether anybody listens when a line is reached for the first time; if that is
    /// on another thread and at this moment, the answer is the old one until it is asked again.
    pub(crate) async fn listen(
        words: &str,
        field: &str,
        says: impl AsyncFn(),
    ) -> (Self, DefaultGuard) {
        let warnings = Self::default();
        let writer = warnings.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_writer(move || writer.clone())
            // Spans are of this level; what is logged with it is left out by the writer.
            .with_max_level(tracing::Level::INFO)
            .with_ansi(false)
            .without_time()
            .finish();
        let guard = tracing::subscriber::set_default(subscriber);
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
        let mut said = std::mem::take(&mut *self.0.lock().unwrap());
        said.retain(|said| said.contains(words));
        said
    }
}
