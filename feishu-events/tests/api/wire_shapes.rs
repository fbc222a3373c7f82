//! What the platform sends and pages do not say is read whole: invented payloads, each in a shape
//! that was seen on the wire or that an official SDK reads.

#![allow(
    clippy::needless_pass_by_value,
    clippy::similar_names,
    reason = "short tests"
)]

use feishu_events::{Envelope, Event, PersonId};
use serde_json::{Value, json};

fn envelope(event_type: &str, payload: &Value) -> Envelope {
    let json = if event_type.contains('.') {
        json!({ "schema": "2.0", "header": { "event_type": event_type }, "event": payload })
    } else {
        let mut payload = payload.clone();
        payload["type"] = json!(event_type);
        json!({ "uuid": "1", "type": "event_callback", "event": payload })
    };
    Envelope::from_slice(json.to_string().as_bytes()).expect("an envelope")
}

/// Reads the payload and says that nothing of it is lost or reported.
fn whole(event_type: &str, payload: Value) -> Event {
    let envelope = envelope(event_type, &payload);
    assert_eq!(envelope.reports, [], "{event_type}");
    let mut written = serde_json::to_value(&envelope.event).expect("JSON");
    if let Some(members) = written.as_object_mut() {
        members.retain(|name, _| payload.get(name).is_some());
    }
    assert_eq!(written, payload, "{event_type}");
    envelope.event
}

#[test]
fn people_in_meetings_come_with_all_ids_or_with_one() {
    for id in [
        json!({ "open_id": "ou_1", "union_id": "on_1", "user_id": "7f3a" }),
        json!("ou_1"),
    ] {
        let user = json!({ "id": id, "user_name": "Ada" });
        let meeting = json!({ "id": "69", "topic": "Lamps", "host_user": user });
        let invited = json!({ "meeting": meeting, "inviter": user, "bot": user });
        let Event::VcBotMeetingInvitedV1(event) = whole("vc.bot.meeting_invited_v1", invited)
        else {
            panic!("another event");
        };
        let inviter = event.inviter.and_then(|user| user.id);
        assert_eq!(inviter.as_ref().and_then(PersonId::open_id), Some("ou_1"));

        for name in ["vc.bot.meeting_started_v1", "vc.bot.meeting_ended_v1"] {
            whole(name, json!({ "meeting": meeting }));
        }
        let joined = json!({ "meeting": meeting, "activity_event_type": "participant_joined",
            "participant_joined_items": [{ "participant": user }] });
        whole(
            "vc.bot.meeting_activity_v1",
            json!({ "meeting_activity_items": [joined] }),
        );
        let said = json!({ "transcript_items": [{ "speaker": { "id": id }, "text": "Light!" }] });
        whole("vc.recording.recording_transcript_generated_v1", said);
    }
}

#[test]
fn lists_that_come_as_text_are_kept_and_have_items() {
    let list = json!([["2026-01-01", "8"]]);
    let text = json!(list.to_string());
    for detail in [&list, &text] {
        let resources = json!([{ "locale": "en_us", "is_default": true, "texts": { "a": "b" } }]);
        let payload =
            json!({ "leave_detail": detail, "leave_range": detail, "i18n_resources": resources });
        let Event::LeaveApprovalV2(event) = whole("leave_approvalV2", payload) else {
            panic!("another event");
        };
        assert_eq!(event.leave_detail_items(), [json!(["2026-01-01", "8"])]);
        assert_eq!(event.i18n_resources_items()[0]["texts"]["a"], "b");
    }
    let out = json!({ "out_name": "Trip", "i18n_resources": [{ "locale": "zh_cn", "texts": {} }] });
    whole("out_approval", out);
}

#[test]
fn messages_of_the_older_protocol_have_their_content() {
    let open = json!({ "open_chat_id": "oc_1", "open_message_id": "om_1", "msg_type": "image" });
    for (name, value) in [
        ("title", json!("Lamps")),
        ("image_keys", json!(["img_1", "img_2"])),
        ("image_key", json!("img_1")),
        ("file_key", json!("file_1")),
        ("message_id", json!("om_1")),
    ] {
        let mut message = open.clone();
        message[name] = value;
        whole("message", message);
    }
    whole(
        "message_read",
        json!({ "open_id": "ou_1", "message_id_list": ["om_1"] }),
    );
    whole(
        "leave_approval",
        json!({ "user_id": "7f3a", "leave_name": "Rest", "origin_instance_code": "A1",
        "leave_feeding_arrive_late": 1, "leave_feeding_leave_early": 1, "leave_feeding_rest_daily": 1,
        "leave_detail": [["a", "b"]], "leave_range": ["a", "b"],
        "i18n_resources": [{ "locale": "en_us", "is_default": true, "texts": { "a": "b" } }] }),
    );
    let settings = json!({ "owner_open_id": "ou_1", "message_notification": true });
    whole(
        "group_setting_update",
        json!({ "chat_id": "oc_1", "before_change": settings }),
    );
    whole(
        "remedy_approval",
        json!({ "remedy_time": "2026-01-01 09:00", "remedy_reason": "Fog" }),
    );
}

#[test]
fn fields_that_only_sdks_know_are_typed() {
    let message = json!({ "message_id": "om_1", "lark_agent_context": { "active_chat_id": "oc_1" },
        "mentions": [{ "key": "@_user_1", "mentioned_type": "bot" }] });
    let Event::ImMessageReceiveV1(event) =
        whole("im.message.receive_v1", json!({ "message": message }))
    else {
        panic!("another event");
    };
    let mentions = event
        .message
        .and_then(|message| message.mentions)
        .unwrap_or_default();
    assert_eq!(mentions[0].mentioned_type.as_deref(), Some("bot"));
    whole(
        "im.chat.updated_v1",
        json!({ "after_change": { "labels": ["a"] } }),
    );
    let subscribers = json!([{ "open_id": "ou_1", "union_id": "on_1", "user_id": "7f3a" }]);
    whole(
        "drive.file.edit_v1",
        json!({ "sheet_id": "s1", "subscriber_id_list": subscribers }),
    );
}

#[test]
fn events_that_no_page_of_the_platform_lists_are_typed() {
    let editors = json!([{ "open_id": "ou_1", "union_id": "on_1" }]);
    whole(
        "board.whiteboard.updated_v1",
        json!({ "whiteboard_id": "wb_1", "operator_ids": editors }),
    );
    let dislike = json!({ "entity_type": 1, "entity_id": "e1", "user_id": { "open_id": "ou_1" }, "id": "d1" });
    whole("moments.dislike.created_v1", dislike.clone());
    whole("moments.dislike.deleted_v1", dislike);
    let name = json!({ "default_value": "Keepers", "i18n_value": { "en_us": "Keepers" } });
    let abnormal = json!({ "id": "1", "row_error": 1000, "field_errors": { "name": 1001 } });
    for kind in ["created", "deleted"] {
        let payload =
            json!({ "department": { "department_id": "D1", "name": name }, "abnormal": abnormal });
        whole(&format!("directory.department.{kind}_v1"), payload);
    }
    let changed = json!({ "changed_properties": ["name"], "department_curr": { "name": name } });
    whole("directory.department.updated_v1", changed);
    let base = json!({ "employee_id": "E1", "name": { "name": name }, "virtual_org_infos": [{ "id": "v" }] });
    for kind in [
        "created",
        "regular",
        "resigned",
        "resurrect",
        "to_be_resigned",
    ] {
        whole(
            &format!("directory.employee.{kind}_v1"),
            json!({ "employee": { "base_info": base } }),
        );
    }
    whole(
        "directory.employee.updated_v1",
        json!({ "employee_prev": { "base_info": base } }),
    );
}
