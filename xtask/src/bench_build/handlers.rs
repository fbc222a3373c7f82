//! How much `#[feishu_handler]` and `dispatcher!` add to a debug build: a crate of functions with the
//! attribute, compared with the same functions without it.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use feishu_events_gen::internals::model::{Event, Model};
use feishu_events_gen::internals::schema::EventKind;
use miette::{IntoDiagnostic, Result, miette};

/// How many functions each crate has.
pub(super) const HANDLERS: usize = 100;

/// How often each is built; the median is used.
const ROUNDS: usize = 5;

/// The durations of debug builds of the two crates, without their dependencies.
pub(super) struct Times {
    /// The functions without the attribute.
    pub(super) plain: Duration,
    /// The handlers and their dispatcher.
    pub(super) handlers: Duration,
}

/// Writes the two crates below `target` and builds them alternately.
pub(super) fn measure(root: &Path, target: &Path, model: &Model<'_>) -> Result<Times> {
    let events: Vec<&Event<'_>> = model
        .events
        .iter()
        .filter(|event| event.schema.kind == EventKind::Event)
        .take(HANDLERS)
        .collect();
    if events.len() < HANDLERS {
        return Err(miette!("there are fewer than {HANDLERS} events"));
    }
    let plain = write_crate(root, target, "plain", &source(&events, false))?;
    let handlers = write_crate(root, target, "handlers", &source(&events, true))?;
    let (mut plain_times, mut handler_times) = (Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let times = [build(&plain, target)?, build(&handlers, target)?];
        // The first round builds the dependencies.
        if round > 0 {
            plain_times.push(times[0]);
            handler_times.push(times[1]);
        }
    }
    Ok(Times {
        plain: median(plain_times),
        handlers: median(handler_times),
    })
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// The program: one function per event, as an app has.
fn source(events: &[&Event<'_>], annotated: bool) -> String {
    let mut source = String::from("#![allow(dead_code)]\n\n");
    for (index, event) in events.iter().enumerate() {
        let (name, service, payload) = (&event.schema.event_type, &event.service, &event.payload);
        if annotated {
            let _ = writeln!(source, "#[feishu_events::feishu_handler({name:?})]");
        }
        let _ = write!(
            source,
            "async fn on_{index}(event: feishu_events::{service}::{payload}) -> Result<(), String> {{
    std::future::ready(()).await;
    if event == Default::default() {{ Err(format!(\"{{event:?}}\")) }} else {{ Ok(()) }}
}}\n\n"
        );
    }
    source += "fn main() {\n";
    if annotated {
        source += "    let dispatcher: feishu_events::Dispatcher = feishu_events::dispatcher![";
        for index in 0..events.len() {
            let _ = write!(source, "on_{index}, ");
        }
        source += "];\n    println!(\"{}\", dispatcher.event_types().len());\n";
    } else {
        // Called, so that their bodies are compiled here as well.
        source += "    let calls: Vec<std::pin::Pin<Box<dyn Future<Output = Result<(), String>>>>> = vec![";
        for index in 0..events.len() {
            let _ = write!(source, "Box::pin(on_{index}(Default::default())), ");
        }
        source += "];\n    println!(\"{}\", calls.len());\n";
    }
    source + "}\n"
}

/// Writes a crate outside of the workspace, and returns its manifest.
fn write_crate(root: &Path, target: &Path, name: &str, source: &str) -> Result<PathBuf> {
    let folder = target.join(name);
    fs::create_dir_all(folder.join("src")).into_diagnostic()?;
    fs::write(folder.join("src/main.rs"), source).into_diagnostic()?;
    fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock")).into_diagnostic()?;
    // Quoted as in TOML.
    let library = format!("{:?}", root.join("feishu-events").display().to_string());
    let manifest = format!(
        "[package]
name = {name:?}
version = \"0.0.0\"
edition = \"2024\"

[dependencies]
feishu-events = {{ path = {library} }}

[workspace]
"
    );
    let path = folder.join("Cargo.toml");
    fs::write(&path, manifest).into_diagnostic()?;
    Ok(path)
}

/// The duration of a debug build of this crate, with its dependencies already built.
fn build(manifest: &Path, target: &Path) -> Result<Duration> {
    let folder = target.join("debug");
    let cargo = |command: &str, options: &[&str]| {
        let status = Command::new(env!("CARGO"))
            .args([command, "--quiet", "--offline"])
            .args(options)
            .arg("--manifest-path")
            .arg(manifest)
            .arg("--target-dir")
            .arg(&folder)
            .status()
            .into_diagnostic()?;
        if status.success() {
            Ok(())
        } else {
            Err(miette!("{} does not build", manifest.display()))
        }
    };
    let name = manifest.parent().and_then(Path::file_name);
    let name = name.and_then(|name| name.to_str()).unwrap_or_default();
    if folder.exists() {
        cargo("clean", &["--package", name])?;
    }
    let started = Instant::now();
    cargo("build", &[])?;
    Ok(started.elapsed())
}
