//! The official SDKs as peers; `run` in this folder installs them.

mod flapping;
mod long_connection;
mod webhook;
