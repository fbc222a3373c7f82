//! Receiving events over a connection that the app opens to the platform; it needs no public
//! address.
//!
//! [`LongConnection`](crate::LongConnection) is built with the app's id and secret, and run. What it does is visible in its
//! [`Status`], to observers, and in the log; none of them contains secrets, tickets or the query of
//! the socket's URL.
//!
//! | what | how |
//! | --- | --- |
//! | connecting | a time limit on each step, through a proxy if the environment configures one |
//! | a dead connection | detected within 20 s by WebSocket pings, and by the platform's own pings after its interval and a margin |
//! | reconnecting | at once after a healthy connection, then with waits that grow up to the platform's interval, indefinitely |
//! | a closed connection | the answers that are due are sent before it is closed, while the client is already reconnecting |
//! | a permanent error | ends the connection, with an error that says what to do |
//! | an event | runs in a task of its own, is acknowledged according to the delivery options |
//! | a failure | is reported as one, so that the platform sends the event again |

// An attempt asks the platform for an address (`endpoint`), opens a WebSocket to it (`upgrade`) and
// receives frames until the connection is lost (`session`); `client` makes one attempt after the
// other.
pub(crate) mod builder;
pub(crate) mod client;
pub(crate) mod connect;
mod failure;
#[cfg(any(fuzzing, test))]
#[cfg_attr(test, allow(unreachable_pub))]
pub mod fuzzing;
mod observers;
mod order;
mod room;
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
