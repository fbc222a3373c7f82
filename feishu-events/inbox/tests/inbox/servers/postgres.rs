//! PostgreSQL.

use std::sync::Arc;

use tokio::sync::OnceCell;

use super::*;

/// A PostgreSQL with a cluster of its own.
pub(crate) struct Postgres {
    server: Option<Server>,
    command: Vec<String>,
    folder: tempfile::TempDir,
    user: Option<u32>,
    port: u16,
    password: String,
}

static SHARED: OnceCell<Option<Arc<Postgres>>> = OnceCell::const_new();

/// One for all tests that leave it alone.
pub(crate) async fn shared() -> Option<Arc<Postgres>> {
    let start = async || Some(Arc::new(start().await?));
    SHARED.get_or_init(start).await.clone()
}

/// The server refuses to run as root: then it runs as the user that its package made.
fn server_user() -> Option<u32> {
    let is_root = Command::new("id").arg("-u").output().unwrap().stdout == b"0\n";
    if !is_root {
        return None;
    }
    let users = std::fs::read_to_string("/etc/passwd").unwrap();
    let user = users.lines().find(|line| line.starts_with("postgres:"));
    let number = user.and_then(|line| line.split(':').nth(2));
    Some(number.expect("a user `postgres`").parse().unwrap())
}

/// One for a test of its own.
pub(crate) async fn start() -> Option<Postgres> {
    let versions = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten();
    let mut folders: Vec<_> = versions.flatten().map(|it| it.path().join("bin")).collect();
    folders.sort();
    folders.reverse();
    let initdb = program("initdb", &folders)?;
    let program = program("postgres", &folders)?;
    let folder = tempfile::tempdir().unwrap();
    let user = server_user();
    let password = format!("{:032x}", fastrand::u128(..));
    let secret = folder.path().join("password");
    std::fs::write(&secret, &password).unwrap();
    #[cfg(unix)]
    if user.is_some() {
        for path in [folder.path(), &secret] {
            std::os::unix::fs::chown(path, user, None).unwrap();
        }
    }
    let data = folder.path().join("data");
    let mut init = Command::new(initdb);
    init.current_dir(folder.path());
    init.args([
        "-U",
        "inbox",
        "-A",
        "scram-sha-256",
        "--no-sync",
        "-E",
        "UTF8",
        "--locale=C",
    ]);
    init.arg("-D").arg(&data).arg("--pwfile").arg(&secret);
    #[cfg(unix)]
    if let Some(user) = user {
        std::os::unix::process::CommandExt::uid(&mut init, user);
    }
    let made = init.output().unwrap();
    assert!(
        made.status.success(),
        "{}",
        String::from_utf8_lossy(&made.stderr)
    );
    let port = free_port();
    let mut command = vec![program.display().to_string(), "-D".to_owned()];
    command.push(data.display().to_string());
    for option in [
        &format!("port={port}"),
        "listen_addresses=127.0.0.1",
        "unix_socket_directories=",
        "shared_buffers=16MB",
        "max_connections=100",
    ] {
        command.extend(["-c".to_owned(), option.to_owned()]);
    }
    let mut postgres = Postgres {
        server: None,
        command,
        folder,
        user,
        port,
        password,
    };
    postgres.start_again().await;
    Some(postgres)
}

impl Postgres {
    pub(crate) fn url(&self) -> String {
        self.url_with(&self.password)
    }

    /// The same with another password.
    pub(crate) fn url_with(&self, password: &str) -> String {
        format!(
            "postgres://inbox:{password}@127.0.0.1:{}/postgres",
            self.port
        )
    }

    /// As `kill -9`, of all its processes.
    pub(crate) fn kill(&mut self) {
        self.server.take().unwrap().kill();
    }

    pub(crate) async fn start_again(&mut self) {
        let start = || Server::start(self.folder.path(), self.user, &self.command);
        let server = listening(self.port, start).await;
        // Only our server knows this password, and only it has this folder.
        let start = Instant::now();
        let dir: String = loop {
            match self.ask("SHOW data_directory").await {
                Ok(dir) => break dir,
                Err(error) => {
                    let late = start.elapsed() > Duration::from_secs(30);
                    assert!(!late, "{error}: {}", server.log());
                }
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        };
        let own = self.folder.path().join("data");
        assert_eq!(Path::new(&dir), own, "another server answers");
        self.server = Some(server);
    }

    /// Makes a folder one that the server can write in.
    #[cfg(unix)]
    pub(crate) fn give(&self, folder: &Path) {
        if self.user.is_some() {
            std::os::unix::fs::chown(folder, self.user, None).unwrap();
        }
    }

    /// Has the server do something, without the code under test.
    pub(crate) async fn run(&self, sql: &str) {
        let url = self.url();
        let connecting = tokio_postgres::connect(&url, tokio_postgres::NoTls);
        let (client, connection) = connecting.await.unwrap();
        let running = tokio::spawn(connection);
        client.batch_execute(sql).await.unwrap();
        running.abort();
    }

    /// Asks the server for one text, without the code under test.
    pub(crate) async fn ask(&self, sql: &str) -> Result<String, tokio_postgres::Error> {
        let url = self.url();
        let connecting = tokio_postgres::connect(&url, tokio_postgres::NoTls);
        let (client, connection) = connecting.await?;
        let running = tokio::spawn(connection);
        let row = client.query_one(sql, &[]).await;
        running.abort();
        row?.try_get(0)
    }
}
