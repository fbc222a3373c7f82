//! Receiving events over a connection that the app opens to the platform; it needs no public
//! address.
//!
//! [`LongConnection`] is built with the app's id and secret, and run. What it does is told by its
//! [`Status`], by observers, and in the log; secrets, tickets and the query of the socket's URL are
//! in none of them.
//!
//! | what | how |
//! | --- | --- |
//! | connecting | a time limit on each step, through a proxy if the environment says so |
//! | a dead connection | noticed in 35 s by WebSocket pings, and by the platform's own pings after its interval and a margin |
//! | connecting again | at once after a healthy connection, then as the platform's settings say, for ever |
//! | what cannot heal | ends it, with an error that says what to do |
//! | an event | runs in a task of its own, is acknowledged as the delivery options say |
//! | a failure | is acknowledged as one, so that the platform sends the event again |

// An attempt asks the platform for an address (`endpoint`), opens a WebSocket to it (`upgrade`) and
// receives frames until the connection is lost (`session`); `client` makes one attempt after the
// other.
pub(crate) mod builder;
pub(crate) mod client;
pub(crate) mod connect;
mod failure;
mod observers;
mod order;
mod schedule;
pub(crate) mod session;
mod settings;
mod shared;
mod shutdown;
mod status;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod vectors;

pub use client::Stopped;
pub use connect::dial::{Dial, DialStream, Dialing};
pub use failure::{Failure, Step};
pub use order::Arrival;
pub use schedule::{AtConnectionLimit, Reconnect};
pub use settings::ServerSettings;
pub use status::{Connected, ConnectionState, Disconnected, Reconnecting, Status};
