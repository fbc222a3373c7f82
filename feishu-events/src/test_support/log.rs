//! Captures logged warnings.

use std::io;
use std::sync::{Arc, Mutex};

use tracing::subscriber::DefaultGuard;

/// Collects warnings, one line each, with the spans that they are in.
#[derive(Clone, Default)]
pub(crate) struct Warnings(Arc<Mutex<Vec<String>>>);

impl io::Write for Warnings {
    /// `tracing_subscriber` calls it with a whole line.
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
    /// Captures this thread's warnings once one that `log` logs is seen: it contains `text`, and
    /// `field` among its fields or its span's.
    ///
    /// `tracing` caches whether a callsite is enabled when it is first reached. If another thread
    /// reaches it before the subscriber here is set, the cache has to be rebuilt.
    pub(crate) async fn listen(
        text: &str,
        field: &str,
        log: impl AsyncFn(),
    ) -> (Self, DefaultGuard) {
        let warnings = Self::default();
        let writer = warnings.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_writer(move || writer.clone())
            // Spans have this level; the writer drops lines that are not warnings.
            .with_max_level(tracing::Level::INFO)
            .with_ansi(false)
            .without_time()
            .finish();
        let guard = tracing::subscriber::set_default(subscriber);
        for _ in 0..1000 {
            log().await;
            let seen = warnings.take(text);
            if seen.iter().any(|line| line.contains(field)) {
                break;
            }
            tracing::callsite::rebuild_interest_cache();
        }
        (warnings, guard)
    }

    /// Takes all warnings so far and returns those that contain `text`.
    pub(crate) fn take(&self, text: &str) -> Vec<String> {
        let mut lines = std::mem::take(&mut *self.0.lock().unwrap());
        lines.retain(|line| line.contains(text));
        lines
    }
}
