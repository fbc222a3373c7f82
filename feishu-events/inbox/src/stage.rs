//! How far an inbox has come to its end.

use tokio::sync::watch;

/// The end of an inbox's work, in two steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Stage {
    Running,
    /// Nothing more is taken.
    Stopping,
    /// Handlers are stopped.
    CutOff,
}

/// Waits until the end has come to this stage.
pub(crate) async fn until(stage: &mut watch::Receiver<Stage>, wanted: Stage) {
    if stage.wait_for(|stage| *stage >= wanted).await.is_err() {
        // The sender was dropped, which stops the taking of events and no handler.
        if wanted > Stage::Stopping {
            std::future::pending::<()>().await;
        }
    }
}
