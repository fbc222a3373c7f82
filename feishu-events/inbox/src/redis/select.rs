//! What is redriven and purged, some at a time.

use redis::Script;

use super::RedisStore;
use super::rows::state_code;
use crate::error::InboxError;
use crate::store::{InboxStore as _, Query, Selection, State};

/// How many events one script works on at most: it keeps the server from all else.
const AT_ONCE: usize = 500;

impl RedisStore {
    /// The ids of a selection among events in these states.
    pub(super) async fn selected(
        &self,
        states: &[State],
        selection: &Selection,
    ) -> Result<Vec<u64>, InboxError> {
        if let Selection::Ids(ids) = selection {
            return Ok(ids.clone());
        }
        let mut ids = Vec::new();
        let mut query = Query {
            states: states.to_vec(),
            limit: AT_ONCE,
            ..Query::default()
        };
        loop {
            let page = self.list(query.clone()).await?;
            let Some(last) = page.last() else {
                return Ok(ids);
            };
            query.after = last.id;
            ids.extend(page.iter().filter_map(|event| match selection {
                Selection::Received(from, to) if !(*from..*to).contains(&event.received_at) => None,
                _ => Some(event.id),
            }));
        }
    }

    /// Calls a script for some ids at a time, the newest first; gives back the sum of its answers.
    pub(super) async fn for_each(
        &self,
        script: &Script,
        state: Option<State>,
        ids: &[u64],
    ) -> Result<u64, InboxError> {
        let mut ids = ids.to_vec();
        ids.sort_unstable();
        let mut sum = 0;
        for some in ids.rchunks(AT_ONCE) {
            let mut call = self.call(script);
            if let Some(state) = state {
                call.arg(state_code(state));
            }
            for id in some {
                call.arg(*id);
            }
            sum += self.run::<u64>(&call).await?;
        }
        Ok(sum)
    }
}
