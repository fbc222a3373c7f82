//! The statements, for one schema.

/// Now, by the clock of the server, in milliseconds since 1970.
pub(super) const NOW: &str = "(extract(epoch from clock_timestamp()) * 1000)::bigint";

/// The columns of a summary.
const SUMMARY: &str = "id, state, event_type, event_id, key, order_key, app_id, tenant_key, \
     received_at, attempts, at, worker, reason";

/// The statements, for one schema.
pub(super) struct Sql {
    schema: String,
    pub(super) keep: String,
    pub(super) known: String,
    pub(super) lock: String,
    pub(super) give_up: String,
    pub(super) lease: String,
    pub(super) begin: String,
    pub(super) extend: String,
    pub(super) settle: String,
    pub(super) settle_in: String,
    pub(super) list: String,
    pub(super) body: String,
    pub(super) forget: String,
    pub(super) depth: String,
}

impl Sql {
    pub(super) fn new(schema: &str) -> Self {
        let event = format!("\"{schema}\".event");
        // What was changed under a lease, and how the event stood before.
        let under = |set: &str, locked: &str| {
            format!(
                "WITH changed AS (UPDATE {event} SET {set} WHERE id = (SELECT id FROM {event}
                     WHERE id = $1 AND fence = $2 AND state IN (1, 2) FOR UPDATE {locked})
                     RETURNING id)
                 SELECT (SELECT count(*) FROM changed), fence, state FROM {event} WHERE id = $1"
            )
        };
        Self {
            schema: schema.to_owned(),
            keep: format!(
                "INSERT INTO {event} (key, event_type, event_id, app_id, tenant_key, order_key,
                     transport, received_at, body, at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, {NOW})
                 ON CONFLICT (key) DO NOTHING RETURNING id"
            ),
            known: format!("SELECT state FROM {event} WHERE key = $1"),
            lock: format!(
                "SELECT pg_advisory_xact_lock(hashtextextended('feishu inbox {schema}', 0))"
            ),
            give_up: format!(
                "UPDATE {event} SET state = $1::smallint, last_attempt = 2, at = {NOW},
                     reason = 'its process ended or stalled during attempt ' || attempts
                 WHERE id IN (SELECT id FROM {event} WHERE state = 2 AND at <= {NOW}
                     AND attempts >= $2::integer FOR UPDATE SKIP LOCKED)
                 RETURNING {SUMMARY}"
            ),
            lease: format!(
                "UPDATE {event} SET last_attempt = CASE state WHEN 2 THEN 2 ELSE last_attempt END,
                     state = 1, fence = fence + 1, at = {NOW} + $2::bigint, worker = $3::text
                 WHERE id IN (
                     SELECT id FROM {event} AS e WHERE e.state < 3 AND e.at <= {NOW}
                     AND (e.order_key IS NULL OR (
                         NOT EXISTS (SELECT FROM {event} AS o WHERE o.state < 3
                             AND o.order_key = e.order_key AND o.id < e.id)
                         AND NOT EXISTS (SELECT FROM {event} AS r WHERE r.state IN (1, 2)
                             AND r.order_key = e.order_key AND r.at > {NOW})))
                     ORDER BY e.id LIMIT $1 FOR UPDATE SKIP LOCKED)
                 RETURNING {SUMMARY}, fence, last_attempt, transport, body"
            ),
            begin: under(
                &format!(
                    "attempts = attempts + CASE state WHEN 1 THEN 1 ELSE 0 END, state = 2,
                     at = {NOW} + $3::bigint"
                ),
                "",
            ),
            // A handler that settles in its own transaction has the row locked: it is its own.
            extend: under(&format!("at = {NOW} + $3::bigint"), "SKIP LOCKED"),
            settle: under(
                &format!(
                    "at = {NOW} + $3::bigint, state = $4::smallint,
                     body = CASE $4::smallint WHEN 3 THEN NULL ELSE body END,
                     reason = CASE $4::smallint WHEN 3 THEN NULL
                         ELSE coalesce($5::text, reason) END,
                     last_attempt = CASE WHEN NOT $6::boolean THEN last_attempt
                         WHEN $4::smallint = 4 THEN greatest(last_attempt, 1::smallint)
                         ELSE 1::smallint END"
                ),
                "",
            ),
            settle_in: format!(
                "UPDATE {event} SET state = 3, body = NULL, reason = NULL, at = {NOW}
                 WHERE id = $1 AND fence = $2 AND state IN (1, 2)"
            ),
            list: format!(
                "SELECT {SUMMARY} FROM {event} WHERE state = ANY ($1) AND id > $2
                     AND ($3::bigint IS NULL OR id = $3) ORDER BY id LIMIT $4"
            ),
            body: format!("SELECT body FROM {event} WHERE id = $1"),
            forget: format!(
                "DELETE FROM {event} WHERE id IN (SELECT id FROM {event} WHERE state IN (3, 4)
                     AND at <= {NOW} - CASE state WHEN 3 THEN $1::bigint ELSE $2::bigint END
                     LIMIT $3)"
            ),
            depth: format!(
                "SELECT state, count(*),
                     {NOW} - min(received_at) FILTER (WHERE state < 3)
                 FROM {event} GROUP BY state"
            ),
        }
    }

    pub(super) fn redrive(&self, which: &str) -> String {
        format!(
            "UPDATE \"{}\".event SET state = 0, attempts = 0, at = {NOW}
             WHERE state IN (4, 5) AND {which}",
            self.schema
        )
    }

    pub(super) fn purge(&self, state: i16, which: &str) -> String {
        format!(
            "DELETE FROM \"{}\".event WHERE state = {state} AND {which}",
            self.schema
        )
    }
}
