//! Events that exist in two forms, one in each protocol.

use crate::catalog::event_type::EventType;

/// Pairs of names of one event: in protocol 1.0 and in protocol 2.0.
const PAIRS: &[(&str, &str)] = &[
    ("add_bot", "im.chat.member.bot.added_v1"),
    ("add_user_to_chat", "im.chat.member.user.added_v1"),
    ("chat_disband", "im.chat.disbanded_v1"),
    ("contact_scope_change", "contact.scope.updated_v3"),
    ("dept_add", "contact.department.created_v3"),
    ("dept_delete", "contact.department.deleted_v3"),
    ("dept_update", "contact.department.updated_v3"),
    ("group_setting_update", "im.chat.updated_v1"),
    ("message", "im.message.receive_v1"),
    ("message_read", "im.message.message_read_v1"),
    (
        "remedy_approval",
        "approval.instance.remedy_group_update_v4",
    ),
    ("remove_bot", "im.chat.member.bot.deleted_v1"),
    ("remove_user_from_chat", "im.chat.member.user.deleted_v1"),
    (
        "revoke_add_user_from_chat",
        "im.chat.member.user.withdrawn_v1",
    ),
    ("trip_approval", "approval.instance.trip_group_update_v4"),
    ("user_add", "contact.user.created_v3"),
    ("user_leave", "contact.user.deleted_v3"),
    ("user_update", "contact.user.updated_v3"),
];

/// The pairs whose events are both among `events`.
pub(super) fn among(events: &[EventType]) -> Vec<(EventType, EventType)> {
    let find = |name: &str| events.iter().find(|event| event.as_str() == name).copied();
    let pairs = PAIRS.iter();
    pairs
        .filter_map(|(old, new)| find(old).zip(find(new)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::protocol::Protocol;

    #[test]
    fn each_pair_has_one_event_of_each_protocol() {
        let pairs = among(EventType::ALL);
        for (old, new) in &pairs {
            assert_eq!(
                (old.protocol(), new.protocol()),
                (Protocol::V1, Protocol::V2)
            );
        }
        assert_eq!(
            pairs.len(),
            PAIRS.len(),
            "a name of a pair is not that of an event"
        );
    }
}
