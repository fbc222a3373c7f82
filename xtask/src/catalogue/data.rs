//! The facts of all events, as the site's scripts read them: `window.feishu`.

use std::collections::BTreeMap;

use feishu_events_gen::internals::model::{Event, Model};
use feishu_events_gen::internals::schema::EventKind;

use super::changes::Changes;
use crate::export::event_schema;
use crate::export::json::{Json, Object, strings};
use crate::export::profile::Profile;

/// Values for fields whose names end so: the first that fits.
const SAMPLES: [(&str, &str); 16] = [
    ("open_id", "ou_84aad35d084aa403a838cf73ee18467"),
    ("union_id", "on_8ed6aa67826108097d9ee143816345"),
    ("message_id", "om_5ce6d572455d361153b7cb51da133945"),
    ("chat_id", "oc_5ce6d572455d361153b7xx51da133945"),
    ("department_id", "od_4e6ac4d14bcd5071a37a39de902c7141"),
    ("user_id", "e33ggbyz"),
    ("app_id", "cli_a1b2c3d4e5f60718"),
    ("tenant_key", "2ca1d211f64f6438"),
    ("event_id", "5e3702a84e847582be8db7fb73283c02"),
    ("_time", "1699430400000"),
    ("timestamp", "1699430400"),
    ("date", "2023-11-08"),
    ("email", "ada@example.com"),
    ("url", "https://example.com/"),
    ("name", "Ada"),
    ("content", "{\"text\":\"hello\"}"),
];

/// The script.
pub(super) fn data(model: &Model<'_>, changes: Option<&Changes>) -> String {
    let mut lists = Lists::default();
    let events: Vec<Object> = model
        .events
        .iter()
        .filter_map(|event| entry(event, model, changes, &mut lists))
        .collect();
    let samples = SAMPLES.map(|(end, value)| strings([end, value]));
    let data = Object::new()
        .with_some("before", changes.map(|changes| &changes.from))
        .with("samples", Json::List(samples.into()))
        .with("lists", lists.into_json())
        .with("events", events);
    // A line separator ends a line of a script, and `</script>` would end it all.
    let text = data.to_line().replace("</", "<\\/");
    format!("window.feishu = {text};\n")
}

/// Lists of scopes, each written once: most fields of an event need the same.
#[derive(Default)]
struct Lists(BTreeMap<Vec<String>, u64>);

impl Lists {
    fn index(&mut self, list: &[String]) -> u64 {
        let next = self.0.len() as u64;
        *self.0.entry(list.to_vec()).or_insert(next)
    }

    fn into_json(self) -> Json {
        let mut lists: Vec<_> = self.0.into_iter().collect();
        lists.sort_by_key(|(_, index)| *index);
        Json::List(lists.iter().map(|(list, _)| strings(list)).collect())
    }
}

fn entry(
    event: &Event<'_>,
    model: &Model<'_>,
    changes: Option<&Changes>,
    lists: &mut Lists,
) -> Option<Object> {
    let schema = event.schema;
    let mut services = model.services.iter();
    let service = services.find(|service| service.name == event.service)?;
    let fields = event.field_scopes.iter().map(|(path, scopes)| {
        let list = lists.index(scopes);
        Json::List(vec![Json::from(path), Json::from(list)])
    });
    let fields: Vec<Json> = fields.collect();
    let brings = event.access.brings.iter();
    let brings = brings.map(|(what, any_of)| Json::List(vec![Json::from(what), strings(any_of)]));
    let subscribe = event.access.subscription.as_ref().map(|call| {
        Object::new()
            .with("method", &call.method)
            .with("path", &call.path)
            .with("per", &call.per)
    });
    let lark = schema.lark.as_ref().and_then(|lark| lark.document.as_ref());
    let lark = lark.map(|page| format!("https://open.larksuite.com/document{}", page.path));
    let added = changes.and_then(|changes| changes.added.get(&schema.event_type));
    let entry = Object::new()
        .with("type", &schema.event_type)
        .with("service", &event.service)
        .with("module", &event.module)
        .with("payload", &event.payload)
        .with("zh", &schema.title)
        .with("en", schema.title_en.as_deref().unwrap_or_default())
        .with_list("fieldScopes", fields)
        .with_list("brings", brings)
        .with_some("subscribe", subscribe)
        .with_some("larkPage", lark)
        .with_list("added", added.into_iter().flatten());
    let schema = event_schema(event, service, Profile::Documented);
    Some(entry.and(answer(event)).with("schema", schema))
}

/// What a handler of a callback returns.
fn answer(event: &Event<'_>) -> Object {
    if event.schema.kind != EventKind::Callback {
        return Object::new();
    }
    let (uses, response, value) = match event.schema.event_type.as_str() {
        "card.action.trigger" => (
            vec!["feishu_events::callback::CardActionTriggerResponse"],
            "CardActionTriggerResponse",
            "CardActionTriggerResponse::default()",
        ),
        "url.preview.get" => (
            vec!["feishu_events::callback::UrlPreviewGetResponse"],
            "UrlPreviewGetResponse",
            "UrlPreviewGetResponse::default()",
        ),
        _ => (
            vec!["feishu_events::callback::JsonResponse"],
            "JsonResponse<serde_json::Value>",
            "JsonResponse(serde_json::json!({}))",
        ),
    };
    Object::new()
        .with("use", strings(uses))
        .with("response", response)
        .with("answer", value)
}
