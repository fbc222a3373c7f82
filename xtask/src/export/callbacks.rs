//! What callbacks are answered with.

use feishu_events_gen::internals::model::Event;
use feishu_events_gen::internals::schema::EventKind;

use super::json::{Object, strings};
use super::received::typed;
use super::types::schema_ref;

/// The name of the definition of what an event is answered with; nothing if the body of the answer
/// is not read.
pub(super) fn response_of(event: &Event<'_>) -> Option<&'static str> {
    if event.schema.kind != EventKind::Callback {
        return None;
    }
    Some(match event.schema.event_type.as_str() {
        "card.action.trigger" => "CardActionTriggerResponse",
        "url.preview.get" => "UrlPreviewGetResponse",
        _ => "CallbackResponse",
    })
}

/// The definitions of all answers.
pub(super) fn responses() -> Vec<(&'static str, Object)> {
    let text_by_key = || typed("object").with("additionalProperties", typed("string"));
    let object = |properties: Object| typed("object").with("properties", properties);
    let toast = Object::new()
        .with(
            "type",
            typed("string").with("enum", strings(["info", "success", "error", "warning"])),
        )
        .with("content", typed("string"))
        .with("i18n", text_by_key());
    let card = Object::new()
        .with(
            "type",
            typed("string").with("enum", strings(["raw", "template"])),
        )
        .with(
            "data",
            typed("object").with(
                "description",
                "The JSON of a card (`raw`), or `template_id`, `template_version_name` and \
                 `template_variable` (`template`).",
            ),
        );
    let inline = Object::new()
        .with("title", typed("string"))
        .with("i18n_title", text_by_key())
        .with("image_key", typed("string"))
        .with("url", text_by_key());
    let card_action = Object::new()
        .with("toast", schema_ref("CallbackToast"))
        .with("card", schema_ref("CallbackCard"));
    let preview = Object::new()
        .with("inline", object(inline))
        .with("card", schema_ref("CallbackCard"));
    let described = |object: Object, description: &str| object.with("description", description);
    vec![
        (
            "CallbackToast",
            described(object(toast), "A message that is shown for a moment."),
        ),
        (
            "CallbackCard",
            described(object(card), "The new content of a card."),
        ),
        (
            "CardActionTriggerResponse",
            described(
                object(card_action),
                "An empty object leaves the card as it is.",
            ),
        ),
        (
            "UrlPreviewGetResponse",
            described(object(preview), "An empty object shows no preview."),
        ),
        (
            "CallbackResponse",
            described(
                typed("object"),
                "The answer to a callback, which its page describes.",
            ),
        ),
    ]
}
