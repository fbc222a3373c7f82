//! The whole command.

use std::fmt;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use futures_util::{StreamExt, stream};
use indicatif::{ProgressBar, ProgressState, ProgressStyle};
use miette::{Context, IntoDiagnostic, Result, miette};

use crate::args::Args;
use crate::client::Client;
use crate::directory::{Directory, Listed};
use crate::fault::Fault;
use crate::folder::{Folder, FolderError};
use crate::page_file::{self, Origin};
use crate::patience::Patience;
use crate::portal::Portal;
use crate::summary::{Fate, Summary};

/// Runs the command. Returns whether the folder is now complete.
///
/// # Errors
/// A folder that can't be read or written, a portal whose directory can't be read.
pub(crate) fn run(args: &Args) -> Result<bool> {
    if let Some(file) = &args.report {
        // A run that fails as a whole writes no report, and an earlier run's would be misleading.
        match fs::remove_file(file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                let because = || file.display().to_string();
                return Err(error).into_diagnostic().wrap_err_with(because);
            }
            _ => {}
        }
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .into_diagnostic()?;
    let summary = runtime.block_on(fetch(args))?;
    if let Some(file) = &args.report {
        fs::write(file, summary.report()?)
            .into_diagnostic()
            .wrap_err_with(|| file.display().to_string())?;
    }
    // If this can't be written, nothing can be reported.
    let _ = io::stderr().write_all(summary.rendered().as_bytes());
    Ok(summary.is_complete())
}

/// A page to fetch.
struct Task<'d> {
    page: &'d Listed,
    file: PathBuf,
    origin: Origin,
}

async fn fetch(args: &Args) -> Result<Summary> {
    let folder = Folder::open(&args.out).into_diagnostic()?;
    let patience = Patience::new(args.tries, args.pause, args.longest_pause);
    let client = Client::new(&args.lang, args.timeout);
    let portal = Portal::new(client, args.host.clone(), patience);
    let directory = portal.directory().await.map_err(|gave_up| {
        miette!(
            help = "nothing was changed; try again later, or name another portal with --host",
            "the directory of {} can't be read: {gave_up}",
            args.host.directory()
        )
    })?;

    let mut summary = Summary::default();
    let tasks = tasks(args, &directory, &folder, &mut summary)?;
    let progress = progress(tasks.len());
    let mut fates = stream::iter(tasks)
        .map(|task| fetch_page(&portal, &folder, task))
        .buffer_unordered(args.jobs.into());
    while let Some(fate) = fates.next().await {
        let (page, fate) = fate
            .into_diagnostic()
            .wrap_err("the folder can't be written; what was fetched so far is kept")?;
        summary.add(page, fate);
        if summary.failed() > 0 {
            progress.set_message(format!("{} failed", summary.failed()));
        }
        progress.inc(1);
    }
    progress.finish_and_clear();

    note_left(args, &directory, &folder, &mut summary);
    summary.pathless.clone_from(&directory.pathless);
    summary.requests = portal.requests();
    Ok(summary)
}

fn is_wanted(args: &Args, page: &Listed) -> bool {
    page.event || !args.only_events
}

/// The pages to fetch; the others are added to the summary.
fn tasks<'d>(
    args: &Args,
    directory: &'d Directory,
    folder: &Folder,
    summary: &mut Summary,
) -> Result<Vec<Task<'d>>> {
    let mut tasks = Vec::new();
    let wanted = |page: &&Listed| is_wanted(args, page);
    for page in directory.pages.iter().filter(wanted) {
        summary.wanted += 1;
        let file = match page_file::path_of(&page.path) {
            Ok(file) => file,
            Err(fault) => {
                summary.add(page, failed(&fault, fault.to_string(), false));
                continue;
            }
        };
        let origin = Origin {
            url: args.host.page(&page.path),
            language: args.lang.clone(),
            under: page.under.clone(),
            listed: page.updated.clone(),
        };
        if is_current(folder, &file, &origin).into_diagnostic()? {
            summary.add(page, Fate::Unchanged);
        } else {
            tasks.push(Task { page, file, origin });
        }
    }
    if summary.wanted == 0 {
        return Err(miette!(
            "the directory of {} lists {} pages, but none that is wanted: has its format changed?",
            args.host.directory(),
            directory.pages.len()
        ));
    }
    Ok(tasks)
}

/// Whether the file is that of the page as the directory has it; it learns where the page is now.
fn is_current(folder: &Folder, file: &Path, origin: &Origin) -> Result<bool, FolderError> {
    // Where the directory gives no time, only the page itself can tell.
    let Some(before) = folder.pages().get(file).filter(|_| origin.listed.is_some()) else {
        return Ok(false);
    };
    if before == origin {
        return Ok(true);
    }
    let only_moved = Origin {
        under: origin.under.clone(),
        ..before.clone()
    };
    if only_moved != *origin {
        return Ok(false);
    }
    let text = folder.read(file)?;
    folder.write(file, &page_file::moved(&text, before, origin))?;
    Ok(true)
}

async fn fetch_page<'d>(
    portal: &Portal,
    folder: &Folder,
    task: Task<'d>,
) -> Result<(&'d Listed, Fate), FolderError> {
    let Task { page, file, origin } = task;
    if portal.is_down() {
        return Ok((page, Fate::NotTried));
    }
    let fate = match portal.page(&page.path).await {
        Ok(answer) => {
            let text = page_file::compose(page, &answer, &origin);
            if folder.read(&file).is_ok_and(|before| before == text) {
                Fate::Unchanged
            } else {
                folder.write(&file, &text)?;
                Fate::Fetched(folder.place(&file))
            }
        }
        Err(gave_up) => match gave_up.fault {
            Fault::Elsewhere { to } => {
                let file = folder.place(&file);
                let file = file.is_file().then_some(file);
                Fate::Elsewhere { to, file }
            }
            ref fault => failed(fault, gave_up.to_string(), gave_up.absent),
        },
    };
    Ok((page, fate))
}

fn failed(fault: &Fault, reason: String, absent: bool) -> Fate {
    Fate::Failed {
        reason,
        lasting: fault.is_lasting(),
        absent,
    }
}

/// Adds to the summary the files of pages that this host, in this language, no longer lists or that are
/// no longer wanted.
fn note_left(args: &Args, directory: &Directory, folder: &Folder, summary: &mut Summary) {
    let prefix = args.host.page("");
    for (file, origin) in folder.pages() {
        let path = origin.url.strip_prefix(&prefix);
        let Some(path) = path.filter(|_| origin.language == args.lang) else {
            continue;
        };
        match directory.page(path) {
            None => summary.add_gone(path, &folder.place(file)),
            Some(page) if !is_wanted(args, page) => {
                summary.add_unwanted(path, &folder.place(file));
            }
            Some(_) => {}
        }
    }
}

fn progress(pages: usize) -> ProgressBar {
    let style =
        ProgressStyle::with_template("{bar:30} {pos}/{len} pages, {rate}, {eta} left {msg}");
    // It hides itself if the output is not a terminal.
    let bar = ProgressBar::new(pages as u64);
    let rate = |state: &ProgressState, out: &mut dyn fmt::Write| {
        // Writing to a `String` can't fail.
        let _ = write!(out, "{:.1}/s", state.per_sec());
    };
    match style {
        Ok(style) => bar.with_style(style.with_key("rate", rate)),
        Err(_) => bar,
    }
}
