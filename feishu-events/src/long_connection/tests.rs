//! What the client does, on paused time, with the platform's side in memory.

mod backpressure;
mod closing;
mod cut_off;
mod flapping;
mod forgotten;
mod handlers;
mod hygiene;
mod late;
mod life;
mod panics;
mod platform;
mod receiving;
mod refused;
mod stopping;
mod vectors;

use tokio::sync::mpsc;

use super::client::LongConnection;
use crate::LongConnectionBuilder;
use crate::long_connection::connect::domain::Domain;
use handlers::Seen;
use platform::Platform;

/// A client of a platform in memory, and what its handlers see.
fn client(platform: &Platform) -> (LongConnectionBuilder, mpsc::UnboundedReceiver<String>) {
    let (seen, calls) = Seen::new();
    let builder = LongConnection::builder("cli_x", SECRET)
        .domain(Domain::Custom("http://open.test".to_owned()))
        .no_proxy()
        .dial(platform.clone())
        .dispatcher(handlers::dispatcher(seen));
    (builder, calls)
}

/// The app's secret, which must never be seen.
const SECRET: &str = "secret-of-the-app";
