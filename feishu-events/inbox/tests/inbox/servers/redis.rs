//! redis-server.

use std::io::{Read, Write};
use std::sync::Arc;

use tokio::sync::OnceCell;

use super::*;

/// A redis-server with an append-only file that is synced at each write.
pub(crate) struct Redis {
    server: Option<Server>,
    command: Vec<String>,
    folder: tempfile::TempDir,
    port: u16,
    password: String,
}

static SHARED: OnceCell<Option<Arc<Redis>>> = OnceCell::const_new();

/// One for all tests that leave it alone.
pub(crate) async fn shared() -> Option<Arc<Redis>> {
    let start = async || Some(Arc::new(start("always").await?));
    SHARED.get_or_init(start).await.clone()
}

/// One for a test of its own, with this `appendfsync`.
pub(crate) async fn start(appendfsync: &str) -> Option<Redis> {
    start_in(tempfile::tempdir().unwrap(), appendfsync).await
}

/// The same with its data in this folder.
pub(crate) async fn start_in(folder: tempfile::TempDir, appendfsync: &str) -> Option<Redis> {
    let program = program("redis-server", &[])?;
    let port = free_port();
    let password = format!("{:032x}", fastrand::u128(..));
    let dir = folder.path().display().to_string();
    let mut command = vec![program.display().to_string()];
    for option in [
        &format!("--port {port}"),
        "--bind 127.0.0.1",
        &format!("--dir {dir}"),
        &format!("--requirepass {password}"),
        "--save ''",
        "--appendonly yes",
        &format!("--appendfsync {appendfsync}"),
    ] {
        command.extend(
            option
                .split(' ')
                .map(|word| word.trim_matches('\'').to_owned()),
        );
    }
    let mut redis = Redis {
        server: None,
        command,
        folder,
        port,
        password,
    };
    redis.start_again().await;
    Some(redis)
}

impl Redis {
    pub(crate) fn url(&self) -> String {
        format!("redis://:{}@127.0.0.1:{}/0", self.password, self.port)
    }

    /// The same with another password.
    pub(crate) fn url_with(&self, password: &str) -> String {
        format!("redis://:{password}@127.0.0.1:{}/0", self.port)
    }

    /// As `kill -9`.
    pub(crate) fn kill(&mut self) {
        self.server.take().unwrap().kill();
    }

    /// Clears away a server that has ended by itself.
    pub(crate) fn has_ended(&mut self) {
        drop(self.server.take());
    }

    pub(crate) async fn start_again(&mut self) {
        let start = || Server::start(self.folder.path(), None, &self.command);
        let server = listening(self.port, start).await;
        // Only our server knows this password, and only it has this folder.
        let dir = self.ask(&["CONFIG", "GET", "dir"]).await;
        let own = self.folder.path().display().to_string();
        assert!(dir.contains(&own), "another server answers: {dir}");
        self.server = Some(server);
    }

    /// Asks the server something, without the crate under test.
    pub(crate) async fn ask(&self, words: &[&str]) -> String {
        let mut answer = String::new();
        for _ in 0..500 {
            let mut stream = std::net::TcpStream::connect(("127.0.0.1", self.port)).unwrap();
            let limit = Some(Duration::from_secs(5));
            stream.set_read_timeout(limit).unwrap();
            let request = format!("AUTH {}\r\n{}\r\nQUIT\r\n", self.password, words.join(" "));
            stream.write_all(request.as_bytes()).unwrap();
            answer.clear();
            stream.read_to_string(&mut answer).unwrap();
            if !answer.contains("LOADING") {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        answer
    }
}
