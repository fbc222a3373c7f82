//! Real servers for tests: each run starts its own, on a free port and in a folder of its own, and
//! checks that the one which answers is that one.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

#[cfg(feature = "postgres")]
pub(crate) mod postgres;
#[cfg(feature = "redis")]
pub(crate) mod redis;

/// The path of a program, if it is installed.
fn program(name: &str, others: &[PathBuf]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(others.iter().cloned());
    let found = folders
        .map(|folder| folder.join(name))
        .find(|it| it.is_file());
    if found.is_none() {
        // In CI it is a failure: there it is installed.
        let required = std::env::var_os("FEISHU_INBOX_SERVERS").is_some();
        assert!(!required, "{name} is not installed");
        eprintln!("SKIPPED: {name} is not installed, so this store is not tested");
    }
    found
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// A server that ends when this is dropped, or when the tests end, however they do.
struct Server {
    shell: Child,
    folder: PathBuf,
}

impl Server {
    /// Starts a server below a shell that waits for the end of its input, and then ends it.
    fn start(folder: &Path, user: Option<u32>, command: &[String]) -> Self {
        const WATCH: &str =
            r#""$@" >>"$0/log" 2>&1 & echo $! >"$0/pid"; cat >/dev/null; kill -9 $! 2>/dev/null"#;
        let mut shell = Command::new("sh");
        shell.arg("-c").arg(WATCH).arg(folder).args(command);
        shell.current_dir(folder).stdin(Stdio::piped());
        #[cfg(unix)]
        if let Some(user) = user {
            std::os::unix::process::CommandExt::uid(&mut shell, user);
        }
        Self {
            shell: shell.spawn().unwrap(),
            folder: folder.to_owned(),
        }
    }

    /// As `kill -9` of the server and of the processes that it started; the shell ends with it.
    fn kill(mut self) {
        const KILL: &str = r#"kill -9 "$0" $(ps -o pid= --ppid "$0")"#;
        let pid = std::fs::read_to_string(self.folder.join("pid")).unwrap();
        let killed = Command::new("sh").args(["-c", KILL, pid.trim()]).status();
        assert!(killed.unwrap().success());
        self.end();
    }

    fn end(&mut self) {
        drop(self.shell.stdin.take());
        drop(self.shell.wait());
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end();
    }
}

/// Starts a server, and waits until something listens; it refuses while one that was killed lingers.
async fn listening(port: u16, start: impl Fn() -> Server) -> Server {
    let begun = Instant::now();
    let mut server = start();
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        let late = begun.elapsed() > Duration::from_secs(30);
        assert!(!late, "nothing listens on {port}: {}", server.log());
        tokio::time::sleep(Duration::from_millis(20)).await;
        let pid = std::fs::read_to_string(server.folder.join("pid")).unwrap_or_default();
        let is_gone = !pid.is_empty() && !Path::new("/proc").join(pid.trim()).exists();
        if is_gone && Path::new("/proc/self").exists() {
            server.end();
            server = start();
        }
    }
    server
}
