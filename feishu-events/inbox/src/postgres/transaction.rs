//! Settling an event in the transaction of its handler.

use feishu_events::Delivery;
use tokio_postgres::Transaction;

use super::PostgresStore;
use super::error::explain;
use super::rows::{lost, number};
use crate::error::{ErrorKind, InboxError};

impl PostgresStore {
    /// Settles the event of a handler in the transaction in which the handler writes its own data: both
    /// are committed, or neither. So the data is written exactly once, however often the handler runs.
    ///
    /// The handler then returns `Ok`, whereupon its event is found done. If the transaction is rolled
    /// back, the event is not settled, and the handler returns an error to have it tried again.
    ///
    /// ```
    /// use feishu_events::{Context, State, feishu_handler, im};
    /// use feishu_events_inbox::PostgresStore;
    ///
    /// #[derive(Clone)]
    /// struct App {
    ///     inbox: PostgresStore,
    ///     database: deadpool_postgres::Pool,
    /// }
    ///
    /// #[feishu_handler("im.message.receive_v1")]
    /// async fn on_message(
    ///     event: im::MessageReceiveV1,
    ///     context: Context,
    ///     State(app): State<App>,
    /// ) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    ///     let mut client = app.database.get().await?;
    ///     let transaction = client.transaction().await?;
    ///     let id = event.message.and_then(|message| message.message_id);
    ///     transaction.execute("INSERT INTO answers (message_id) VALUES ($1)", &[&id]).await?;
    ///     app.inbox.settle_in(&transaction, &context.delivery).await?;
    ///     transaction.commit().await?;
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    /// The event is another worker's by now ([`ErrorKind::LeaseLost`]), or did not come out of this
    /// inbox: the transaction is to be rolled back.
    pub async fn settle_in(
        &self,
        transaction: &Transaction<'_>,
        delivery: &Delivery,
    ) -> Result<(), InboxError> {
        let Some(kept) = delivery.kept else {
            let what = "the event did not come out of an inbox, so there is nothing to settle";
            return Err(InboxError::new(
                &*self.name,
                ErrorKind::Invalid(what.to_owned()),
            ));
        };
        let settled = transaction
            .execute(
                &self.sql.settle_in,
                &[&number(kept.id), &number(kept.fence)],
            )
            .await
            .map_err(|error| explain(&self.name, &error))?;
        if settled == 1 {
            Ok(())
        } else {
            Err(lost(&self.name))
        }
    }

    /// The statement of [`settle_in`](Self::settle_in), for other drivers: `$1` is
    /// [`Kept::id`](feishu_events::Kept::id), `$2` is [`Kept::fence`](feishu_events::Kept::fence). If
    /// it changes no row, the transaction is to be rolled back.
    pub fn settle_statement(&self) -> &str {
        &self.sql.settle_in
    }
}
