//! How an event becomes a CloudEvent: the same rules as `Envelope::to_cloud_event` follows.

use feishu_events_gen::internals::model::Model;

use super::envelope::WITHOUT_ENVELOPE;
use super::event_schema::id_of;
use super::json::{Object, strings};
use super::profile::Profile;

/// What is in front of an event's name in the attribute `type`.
const TYPE_PREFIX: &str = "cn.feishu.";

/// The rules: attribute, where it comes from in protocol 2.0 and in 1.0, and how.
const ATTRIBUTES: [(&str, &[&str], &[&str], &str); 9] = [
    (
        "id",
        &["/header/event_id"],
        &["/uuid"],
        "As received. Without one there is no CloudEvent.",
    ),
    (
        "source",
        &["/header/app_id"],
        &["/event/app_id"],
        "`https://open.feishu.cn/app/` and the app's id, percent-encoded; without one, `https://open.feishu.cn/app`.",
    ),
    (
        "type",
        &["/header/event_type"],
        &["/event/type"],
        "`cn.feishu.` and the event type.",
    ),
    (
        "time",
        &["/header/create_time", "/header/event_create_time"],
        &["/ts"],
        "Milliseconds or microseconds (2.0) or seconds (1.0) since 1970, as RFC 3339; left out if it is none of these.",
    ),
    (
        "subject",
        &["/header/resource_id", "/event/message/message_id"],
        &[],
        "The resource that was subscribed to; for `im.message.receive_v1` the id of the message; otherwise left out.",
    ),
    ("datacontenttype", &[], &[], "`application/json`."),
    (
        "dataschema",
        &[],
        &[],
        "See `events`; left out for an event that is not in it.",
    ),
    (
        "tenantkey",
        &["/header/tenant_key"],
        &["/event/tenant_key"],
        "An extension: the tenant in which the event happened. `tenant_key` is not a legal name.",
    ),
    (
        "feishuprotocol",
        &[],
        &[],
        "An extension: `2.0` or `1.0`, the format of the envelope.",
    ),
];

/// The mapping.
pub(super) fn mapping(model: &Model<'_>) -> Object {
    let mut attributes = Object::new();
    for (name, v2, v1, rule) in ATTRIBUTES {
        let attribute = Object::new()
            .with("rule", rule)
            .with_list("2.0", v2.iter().copied())
            .with_list("1.0", v1.iter().copied());
        attributes.push(name, attribute);
    }
    let mut events = Object::new();
    for event in &model.events {
        if event.schema.event_type == WITHOUT_ENVELOPE {
            continue;
        }
        let payload = format!("{}#/properties/event", id_of(event, Profile::Received));
        let entry = Object::new()
            .with("type", format!("{TYPE_PREFIX}{}", event.schema.event_type))
            .with("dataschema", payload);
        events.push(&*event.schema.event_type, entry);
    }
    Object::new()
        .with("specversion", "1.0")
        .with("description", "How the body of a request, after decryption, becomes a CloudEvent: JSON pointers to what an attribute is made of, the first that is there, by the protocol of the envelope.")
        .with("data", Object::new().with("rule", "The member `event`.").with("2.0", strings(["/event"])).with("1.0", strings(["/event"])))
        .with("attributes", attributes)
        .with("events", events)
}
