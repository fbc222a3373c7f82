//! Clean builds of a minimal receiver: their duration, and the size of the program.

use std::fs;
use std::path::Path;
use std::process::Command;

use feishu_events_benches::{Row, Unit};
use miette::{IntoDiagnostic, Result, miette};

use super::program::{PEERS, Report};
use crate::bench_build::{clean_build, ours_and_derives};

/// A receiver to build.
struct App {
    /// Its name in the table.
    name: &'static str,
    /// The features of the crate with all of them.
    features: &'static str,
    program: &'static str,
}

const ALL: App = App {
    name: "all services",
    features: "all-services",
    program: "app-ours",
};
const ONE: App = App {
    name: "one service",
    features: "one-service",
    program: "app-ours",
};
const NONE: App = App {
    name: "macros only, no service",
    features: "",
    program: "app-ours",
};
const PEER_APPS: [App; 2] = [
    App {
        name: "larksuite-oapi-sdk-rs",
        features: "larksuite",
        program: "app-larksuite",
    },
    App {
        name: "openlark, its feature `event-http` alone",
        features: "openlark",
        program: "app-openlark",
    },
];

/// The result of a build.
#[derive(Clone, Copy)]
struct Built {
    seconds: f64,
    bytes: f64,
}

/// Builds each from scratch, including its dependencies.
///
/// # Errors
/// A build that fails.
pub(super) fn measure(root: &Path) -> Result<Report> {
    let crates = root.join(PEERS).join("Cargo.toml");
    fetch(&crates)?;
    let target = root.join("target/bench-build");
    let build = |app: &App| {
        eprintln!("  {} …", app.name);
        let options = ["--no-default-features", "--features", app.features];
        let program = ["--bin", app.program];
        let time = clean_build(&crates, &target, &[options.as_slice(), &program].concat())?;
        let file = target.join("target/release").join(app.program);
        #[allow(clippy::cast_precision_loss)] // some megabytes
        let bytes = fs::metadata(file).into_diagnostic()?.len() as f64;
        let seconds = time.as_secs_f64();
        Ok::<_, miette::Report>(Built { seconds, bytes })
    };
    let ours = [&ALL, &ONE, &NONE].map(|app| build(app).map(|built| (app, built)));
    let peers = PEER_APPS
        .each_ref()
        .map(|app| build(app).map(|built| (app, built)));
    let ours: Vec<_> = ours.into_iter().collect::<Result<_>>()?;
    let peers: Vec<_> = peers.into_iter().collect::<Result<_>>()?;

    let mut report = Report::default();
    for (kind, unit) in [
        ("clean release build", Unit::Seconds),
        ("its size, stripped", Unit::Bytes),
    ] {
        let figure = |built: &Built| match unit {
            Unit::Bytes => built.bytes,
            _ => built.seconds,
        };
        for (app, built) in &ours {
            let what = format!("webhook receiver, {}: {kind}", app.name);
            let row = Row::alone(what, unit, figure(built));
            if app.features.is_empty() {
                report.rows.push(row);
                continue;
            }
            for (peer, theirs) in &peers {
                let row = row.clone().less_is_better(peer.name, figure(theirs));
                report.rows.push(row);
            }
        }
    }
    report.rows.push(types(root, &target)?);
    Ok(report)
}

/// The types alone, against the same types with derives.
fn types(root: &Path, target: &Path) -> Result<Row> {
    eprintln!("  the types, and with derives …");
    let (ours, derives) = ours_and_derives(root, target)?;
    let what = "types of all services, dispatch, macros: clean release build";
    let row = Row::alone(what, Unit::Seconds, ours.as_secs_f64());
    Ok(row.less_is_better("the same types with serde's derives", derives.as_secs_f64()))
}

/// Downloads the dependencies, so that no download is measured.
fn fetch(manifest: &Path) -> Result<()> {
    let mut command = Command::new(env!("CARGO"));
    command.args(["fetch", "--quiet", "--manifest-path"]);
    let status = command.arg(manifest).status().into_diagnostic()?;
    if !status.success() {
        return Err(miette!("cargo fetch of {} failed", manifest.display()));
    }
    Ok(())
}
