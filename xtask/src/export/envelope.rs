//! What every event is wrapped in, in either protocol.

use feishu_events_gen::internals::model::{Event, Type};
use feishu_events_gen::internals::schema::Protocol;

use super::json::{Json, Object, strings};
use super::profile::Profile;
use super::received::typed;
use super::types::{Bounds, Types};

/// The name of the definition of a header of protocol 2.0.
pub(super) const HEADER: &str = "EventHeader";

/// The callback that arrives without an envelope.
pub(super) const WITHOUT_ENVELOPE: &str = "card.action.trigger_v1";

/// The members of a header of protocol 2.0 that hold text, and what they are.
const HEADER_MEMBERS: [(&str, &str); 7] = [
    (
        "event_id",
        "The id of this event, the same when it is sent again.",
    ),
    ("event_type", "The name of the event."),
    (
        "create_time",
        "When the event was sent: milliseconds or microseconds since 1970.",
    ),
    ("token", "The verification token of the app."),
    ("app_id", "The app that receives the event."),
    ("tenant_key", "The tenant in which the event happened."),
    (
        "resource_id",
        "The resource that was subscribed to, in events of cloud documents.",
    ),
];

impl Types<'_> {
    /// The definition of the header of protocol 2.0; of one event, if it is named.
    pub(super) fn header(&self, event_type: Option<&str>) -> Object {
        let mut properties = Object::new();
        for (name, description) in HEADER_MEMBERS {
            let member = match (name, self.profile) {
                ("event_type", _) => event_name(event_type),
                // Whatever it is, the event is read; one that is not text matches no app's token.
                ("token", Profile::Received) => Object::new(),
                _ => self.field(&Type::String, &Bounds::default()),
            };
            properties.push(name, member.with("description", description));
        }
        let users = Type::List(Box::new(Type::UserId));
        let users = self.field(&users, &Bounds::default()).with(
            "description",
            "The users on whose behalf the resource was subscribed to, in events of cloud documents.",
        );
        properties.push("user_list", users);
        typed("object")
            .with("properties", properties)
            .with("required", strings(["event_type"]))
    }

    /// The envelope of an event whose payload is `payload` and whose header, if it has one, `header`.
    pub(super) fn envelope(&self, event: &Event<'_>, payload: Object, header: Object) -> Object {
        let schema = event.schema;
        if schema.event_type == WITHOUT_ENVELOPE {
            return payload;
        }
        match schema.protocol {
            Protocol::V2 => {
                let version = match self.profile {
                    Profile::Documented => Object::new().with("const", "2.0"),
                    Profile::Received => {
                        let none =
                            Json::List(vec![Json::from(""), Json::Plain(serde_json::Value::Null)]);
                        Object::new().with("not", Object::new().with("enum", none))
                    }
                };
                let properties = Object::new()
                    .with("schema", version)
                    .with("header", header)
                    .with("event", payload);
                typed("object")
                    .with("properties", properties)
                    .with("required", strings(["schema", "header", "event"]))
            }
            Protocol::V1 => {
                let text = || self.field(&Type::String, &Bounds::default());
                let token = match self.profile {
                    Profile::Documented => text(),
                    Profile::Received => Object::new(),
                };
                let kind = match self.profile {
                    Profile::Documented => Object::new().with("const", "event_callback"),
                    Profile::Received => Object::new(),
                };
                let properties = Object::new()
                    .with(
                        "ts",
                        text().with(
                            "description",
                            "When the event was sent: seconds since 1970, with a fraction.",
                        ),
                    )
                    .with(
                        "uuid",
                        text().with(
                            "description",
                            "The id of this event, the same when it is sent again.",
                        ),
                    )
                    .with(
                        "token",
                        token.with("description", "The verification token of the app."),
                    )
                    .with("type", kind)
                    .with("event", payload);
                typed("object")
                    .with("properties", properties)
                    .with("required", strings(["event"]))
            }
        }
    }

    /// The payload of protocol 1.0 with what protocol 2.0 has in its header.
    pub(super) fn with_header_members(&self, event: &Event<'_>, payload: &Object) -> Object {
        let schema = event.schema;
        if schema.protocol == Protocol::V2 || schema.event_type == WITHOUT_ENVELOPE {
            return payload.clone();
        }
        let mut properties = Object::new().with(
            "type",
            event_name(Some(&schema.event_type)).with("description", "The name of the event."),
        );
        for (name, description) in [
            ("app_id", "The app that receives the event."),
            ("tenant_key", "The tenant in which the event happened."),
        ] {
            let text = self.field(&Type::String, &Bounds::default());
            properties.push(name, text.with("description", description));
        }
        payload.with_properties(properties, &["type"])
    }
}

fn event_name(event_type: Option<&str>) -> Object {
    match event_type {
        Some(name) => Object::new().with("const", name),
        None => typed("string").with("minLength", 1_i64),
    }
}
