//! Each event in a file of its own.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;
use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::problem::{Problem, Result};
use crate::receive::event::Arrived;
use crate::sink::Undelivered;

/// Writes each event into a file of its own, named by its type and id: an event that comes again has
/// the same file.
pub(crate) struct Folder {
    path: Arc<Path>,
    unnamed: AtomicU64,
}

impl Folder {
    /// Writes into this folder, which is created.
    ///
    /// # Errors
    /// It cannot be created.
    pub(crate) fn new(path: &Path) -> Result<Self> {
        let failed = |error| Problem::failure(format!("{}: {error}", path.display()));
        fs::create_dir_all(path).map_err(failed)?;
        Ok(Self {
            path: path.into(),
            unnamed: AtomicU64::new(0),
        })
    }

    pub(crate) async fn deliver(&self, event: &Arrived) -> std::result::Result<(), Undelivered> {
        let event_type = safe(&event.header.event_type);
        let id = match event.header.event_id.as_deref() {
            Some(id) if !id.is_empty() => safe(id),
            _ => self.new_id(),
        };
        let target = self.path.join(format!("{event_type}-{id}.json"));
        let temporary = self
            .path
            .join(format!(".{event_type}-{id}.{}", process::id()));
        let folder = Arc::clone(&self.path);
        let json = event.json.clone() + "\n";
        let shown = target.display().to_string();
        let writing = tokio::task::spawn_blocking(move || {
            let written = write(&folder, &temporary, &target, &json);
            if written.is_err() {
                // What failed is said; what is left of it helps nobody.
                drop(fs::remove_file(&temporary));
            }
            written
        });
        let failed = |why: String| Undelivered::Failed(format!("{shown}: {why}"));
        match writing.await {
            Ok(written) => written.map_err(|error| failed(error.to_string())),
            Err(error) => Err(failed(error.to_string())),
        }
    }

    /// A name for an event that has no id.
    fn new_id(&self) -> String {
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        let number = self.unnamed.fetch_add(1, Ordering::Relaxed);
        format!("without-id-{}-{}-{number}", now.as_millis(), process::id())
    }
}

/// Writes a file that is complete when it has its name, and survives a loss of power.
fn write(folder: &Path, temporary: &Path, target: &Path, json: &str) -> io::Result<()> {
    let mut file = File::create(temporary)?;
    file.write_all(json.as_bytes())?;
    file.sync_all()?;
    fs::rename(temporary, target)?;
    sync_folder(folder)
}

#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

/// A part of a file's name: what comes from outside can be anything, and two names stay two.
fn safe(text: &str) -> String {
    let mut name = String::new();
    for (index, byte) in text.bytes().enumerate() {
        let is_plain = byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
        if is_plain || (byte == b'.' && index > 0) {
            name.push(char::from(byte));
        } else {
            name.push_str(&format!("%{byte:02X}"));
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_from_outside_stay_in_the_folder_and_apart() {
        assert_eq!(safe("im.message.receive_v1"), "im.message.receive_v1");
        assert_eq!(safe("../../etc/passwd"), "%2E.%2F..%2Fetc%2Fpasswd");
        assert_ne!(safe("a/b"), safe("a_b"));
        assert_ne!(safe("a%2Fb"), safe("a/b"));
    }
}
