//! The handlers that the vectors of callbacks presume.

use serde_json::json;

use crate::callback::{CardActionTriggerResponse, CardUpdate, Toast, UrlPreviewGetResponse};
use crate::{card, feishu_handler, url};

#[feishu_handler("card.action.trigger")]
pub(super) fn on_card_action(_: card::ActionTrigger) -> CardActionTriggerResponse {
    let card = json!({
        "schema": "2.0",
        "body": { "elements": [{ "tag": "markdown", "content": "**done**" }] },
    });
    CardActionTriggerResponse::default()
        .toast(
            Toast::success("收到 ✓ \"ok\"")
                .i18n("zh_cn", "收到")
                .i18n("en_us", "got it"),
        )
        .card(CardUpdate::Raw(card))
}

#[feishu_handler("card.action.trigger")]
pub(super) fn on_card_action_with_nothing() -> CardActionTriggerResponse {
    CardActionTriggerResponse::default()
}

#[feishu_handler("url.preview.get")]
pub(super) fn on_url_preview(_: url::PreviewGet) -> UrlPreviewGetResponse {
    UrlPreviewGetResponse::title("预览标题")
        .i18n_title("zh_cn", "预览标题")
        .i18n_title("en_us", "Preview")
        .image_key("img_v2_demo")
        .url("copy_url", "https://example.com/a?b=1&c=2")
}
