//! Plausible values, guessed from the names of fields.

use serde_json::{Value, json};

/// A time in 2023 as in the platform's own samples, in seconds since 1970.
const SECONDS: i64 = 1_699_430_400;

/// Suffixes of the names of string fields, and values for them; the first that matches is used.
const STRINGS: &[(&str, &str)] = &[
    ("open_id", "ou_84aad35d084aa403a838cf73ee18467"),
    ("union_id", "on_8ed6aa67826108097d9ee143816345"),
    ("open_message_id", "om_5ce6d572455d361153b7cb51da133945"),
    ("message_id", "om_5ce6d572455d361153b7cb51da133945"),
    ("chat_id", "oc_5ce6d572455d361153b7xx51da133945"),
    ("open_department_id", "od_4e6ac4d14bcd5071a37a39de902c7141"),
    ("parent_department_id", "0"),
    ("department_id", "D096"),
    ("employee_id", "e33ggbyz"),
    ("user_id", "e33ggbyz"),
    ("app_id", "cli_a1b2c3d4e5f60718"),
    ("tenant_key", "2ca1d211f64f6438"),
    ("timezone", "Asia/Shanghai"),
    ("time_zone", "Asia/Shanghai"),
    ("create_time", "1699430400000"),
    ("update_time", "1699430400000"),
    ("_time", "1699430400"),
    ("_date", "2023-11-08"),
    ("timestamp", "1699430400"),
    ("date", "2023-11-08"),
    ("email", "ada@example.com"),
    ("mobile", "+8613800000000"),
    ("phone", "+8613800000000"),
    ("url", "https://example.com/"),
    ("avatar", "https://example.com/avatar.png"),
    ("country", "CN"),
    ("name", "Ada"),
    ("zh_cn", "灯塔"),
    ("en_us", "Lighthouse"),
    ("message_type", "text"),
    ("msg_type", "text"),
    ("content", "{\"text\":\"hello\"}"),
];

/// A string for the field `name`.
pub(super) fn string(name: &str) -> String {
    let matching = STRINGS.iter().find(|(end, _)| name.ends_with(end));
    matching.map_or_else(
        || format!("sample_{name}"),
        |(_, value)| (*value).to_owned(),
    )
}

/// A string for the field `name`: the prefix of the platform's ids and `id`.
pub(super) fn made_of(name: &str, id: &str) -> String {
    let form = string(name);
    let prefix = form.split_inclusive('_').next();
    let prefix = prefix.filter(|prefix| prefix.ends_with('_'));
    prefix.unwrap_or_default().to_owned() + id
}

/// JSON for the field `name`, whose content is not documented.
pub(super) fn json(name: &str) -> Value {
    match name {
        // The value of the button on the guide's page on callbacks.
        "value" => json!({ "request": 1, "approve": true }),
        _ => json!({ "key": "value" }),
    }
}

/// An integer for the field `name`.
pub(super) fn int(name: &str) -> i64 {
    if name.ends_with("time") || name.ends_with("_at") || name.ends_with("timestamp") {
        SECONDS
    } else {
        1
    }
}
