//! The official SDKs as peers; `run` in this folder installs them.

mod long_connection;
mod webhook;
