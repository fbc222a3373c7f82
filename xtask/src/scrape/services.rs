//! Services of events that do not name theirs, as names and words of the documentation tell them.

/// Where an event is filed of which nothing tells the service.
pub(super) const UNFILED: &str = "unfiled";

/// The service of an event of protocol 1.0 that the platform has documented at some time.
pub(super) fn of_known(event_type: &str) -> Option<&'static str> {
    Some(match event_type {
        "app_open" | "app_status_change" | "app_ticket" | "app_uninstalled" | "order_paid" => {
            "application"
        }
        "approval_cc"
        | "approval_instance"
        | "approval_task"
        | "leave_approval"
        | "leave_approvalV2"
        | "leave_approval_revert"
        | "out_approval"
        | "out_approval_revert"
        | "remedy_approval"
        | "shift_approval"
        | "trip_approval"
        | "work_approval"
        | "work_approval_revert" => "approval",
        "contact_scope_change"
        | "dept_add"
        | "dept_delete"
        | "dept_update"
        | "user_add"
        | "user_leave"
        | "user_status_change"
        | "user_update" => "contact",
        "add_bot"
        | "add_user_to_chat"
        | "chat_disband"
        | "group_setting_update"
        | "message"
        | "message_read"
        | "p2p_chat_create"
        | "remove_bot"
        | "remove_user_from_chat"
        | "revoke_add_user_from_chat" => "im",
        "third_party_meeting_room_event_created"
        | "third_party_meeting_room_event_deleted"
        | "third_party_meeting_room_event_updated" => "meeting_room",
        _ => return None,
    })
}

/// The service that the placeholders of a page name, which the portal has left in some:
/// `$$$meeting_room.v1.meeting_room.event.…$$$`.
pub(super) fn of_placeholders(text: &str) -> Option<String> {
    let placeholder = text.split("$$$").nth(1)?;
    let (service, rest) = placeholder.split_once('.')?;
    let versioned = rest.starts_with('v') && rest.contains(".event.");
    (versioned && is_service(service)).then(|| service.to_owned())
}

/// The service that the innermost folder with a known name is about.
pub(super) fn of_sections(sections: &[String]) -> Option<&'static str> {
    sections
        .iter()
        .rev()
        .find_map(|section| of_section(section.trim()))
}

fn of_section(section: &str) -> Option<&'static str> {
    let section = section.to_ascii_lowercase();
    let service = match section.as_str() {
        "contacts" | "contact" | "通讯录" | "organization" => "contact",
        "approval" | "审批" | "approval events" => "approval",
        "app information" | "application" | "应用信息" => "application",
        "messaging" | "im & chat" | "group chat" | "messages" | "message" | "消息" | "群组"
        | "bot" | "机器人" => "im",
        "calendar" | "日历" => "calendar",
        "meeting room" | "meeting rooms" | "会议室" => "meeting_room",
        "video conferencing" | "视频会议" => "vc",
        "docs" | "云文档" => "drive",
        "tasks" | "任务" => "task",
        "attendance" | "考勤打卡" => "attendance",
        "helpdesk" | "help desk" | "服务台" => "helpdesk",
        "corehr" | "core hr" | "feishu people" | "飞书人事" => "corehr",
        "hire" | "招聘" => "hire",
        "mail" | "email" | "邮箱" => "mail",
        _ => return None,
    };
    Some(service)
}

/// Whether `name` can be a module, a feature and a folder.
pub(super) fn is_service(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_documentation_tell_a_service() {
        let section = |words: &[&str]| {
            let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
            of_sections(&words)
        };
        assert_eq!(
            section(&["Server API", "Approval", "Special event"]),
            Some("approval")
        );
        assert_eq!(section(&["Server API"]), None);
        let text = "x $$$meeting_room.v1.meeting_room.event.changed.body.width$$$ y";
        assert_eq!(of_placeholders(text).as_deref(), Some("meeting_room"));
        assert_eq!(of_placeholders("$$$ 5 $$$ 6"), None);
        assert_eq!(of_known("leave_approvalV2"), Some("approval"));
    }

    /// The table and the schemas say the same.
    #[test]
    fn known_events_are_filed_where_their_schemas_are() {
        let schemas =
            feishu_events_gen::internals::SchemaSet::load(std::path::Path::new("../schemas"))
                .unwrap();
        for file in schemas
            .iter()
            .filter(|file| !file.schema.event_type.contains('.'))
        {
            let known = of_known(&file.schema.event_type);
            assert_eq!(
                known,
                Some(file.service.as_str()),
                "{}",
                file.schema.event_type
            );
        }
    }
}
