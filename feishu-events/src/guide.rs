//! The guide: from an empty folder to an app in production, one topic per page.
//!
//! | page | what it answers |
//! | --- | --- |
//! | [`first_app`] | How do I receive an event on my machine? |
//! | [`console`] | What do I have to set in the developer console? |
//! | [`handlers`] | Which functions can be handlers, and which arguments do they take? |
//! | [`callbacks`] | How do I answer a card within three seconds? |
//! | [`webhook`] | How do I receive over HTTP: secrets, acknowledgement, duplicates, shutdown? |
//! | [`functions`] | How do I receive in AWS Lambda, and where do receivers not run? |
//! | [`long_connection`] | How do I receive without a public address? |
//! | [`inbox`] | How do I lose no event when a process ends, and share events between machines? |
//! | [`command`] | How do I receive events in scripts and other languages? |
//! | [`testing`] | How do I test handlers and the receiver? |
//! | [`private_events`] | How do I handle an event that is not documented? |
//! | [`drift`] | How do I learn, and share, how what arrives differs from the documentation? |
//! | [`other_languages`] | How do I use the documented facts without Rust, or pass events to other programs? |
//! | [`regenerating`] | What do I do when the documentation changes? |
//! | [`migrating`] | What are the names of the official Go and Python SDKs called here? |
//! | [`troubleshooting`] | What does this error message mean, and what do I check? |
//!
//! The examples in the repository are complete programs; each says how to run it. In a clone,
//! `cargo doc -p feishu-events --all-features --open` builds these pages.

// The pages link to items of every feature.
#![cfg_attr(
    not(all(
        feature = "all-services",
        feature = "cloudevents",
        feature = "drift",
        feature = "long-connection",
        feature = "serve",
        feature = "testing"
    )),
    allow(rustdoc::broken_intra_doc_links)
)]

#[doc = include_str!("../docs/first_app.md")]
pub mod first_app {}

#[doc = include_str!("../docs/console.md")]
pub mod console {}

#[doc = include_str!("../docs/handlers.md")]
pub mod handlers {}

#[doc = include_str!("../docs/callbacks.md")]
pub mod callbacks {}

#[doc = include_str!("../docs/webhook.md")]
pub mod webhook {}

#[doc = include_str!("../docs/functions.md")]
pub mod functions {}

#[doc = include_str!("../docs/long_connection.md")]
pub mod long_connection {}

#[doc = include_str!("../docs/inbox.md")]
pub mod inbox {}

#[doc = include_str!("../docs/command.md")]
pub mod command {}

#[doc = include_str!("../docs/testing.md")]
pub mod testing {}

#[doc = include_str!("../docs/private_events.md")]
pub mod private_events {}

#[doc = include_str!("../docs/drift.md")]
pub mod drift {}

#[doc = include_str!("../docs/other_languages.md")]
pub mod other_languages {}

#[doc = include_str!("../docs/regenerating.md")]
pub mod regenerating {}

#[doc = include_str!("../docs/migrating.md")]
pub mod migrating {
    #[doc = include_str!("../docs/migrating_names.md")]
    pub mod names {}
}

#[doc = include_str!("../docs/troubleshooting.md")]
pub mod troubleshooting {}
