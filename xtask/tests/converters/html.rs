//! A real page as HTML: its facts, and its own words around them.

use feishu_events_gen::internals::schema::{AppType, EventSchema, Row};
use serde_json::Value;

pub(crate) fn page(schema: &EventSchema, descriptions: &[String], sample: &Value) -> String {
    let path = schema
        .document
        .as_ref()
        .map_or("", |document| &document.path);
    let title = escaped(&schema.title);
    let mut html = format!(
        "<!DOCTYPE html>\n<html lang=\"zh\"><head><title>{title}</title>\n<link rel=\"canonical\" \
         href=\"https://open.feishu.cn/document{path}\"></head><body>\n<h1>{title}</h1>\n\
         <h2>事件</h2>\n<table><thead><tr><th>基本</th><th></th></tr></thead><tbody>\n"
    );
    let apps = schema.app_types.iter().map(|app| match app {
        AppType::Custom => "自建应用",
        AppType::Isv => "商店应用",
    });
    for (label, content) in [
        ("事件类型", schema.event_type.clone()),
        ("支持的应用类型", apps.collect::<Vec<_>>().join("<br>")),
        ("权限要求<br>开启任一权限即可", perms(&schema.scopes)),
        ("字段权限要求", perms(&schema.field_scopes)),
    ] {
        if !content.is_empty() {
            html += &format!("<tr><td>{label}</td><td>{content}</td></tr>\n");
        }
    }
    html += "</tbody></table>\n<h3>事件体</h3>\n<table><thead><tr><th>名称</th><th>类型</th>\
             <th>描述</th></tr></thead><tbody>\n";
    for (at, row) in schema.fields.iter().enumerate() {
        let said = descriptions.get(at).map_or("", String::as_str);
        // What follows the first line is what is written below as elements.
        // Lists in sentences are read of the HTML as of others; here, the elements are to tell.
        let headings = [
            "可选值",
            "可能",
            "枚举",
            "字段权限要求",
            "数据校验规则",
            "**",
            "- ",
            "：",
            ":",
            "（",
        ];
        let said = headings.iter().fold(said, |said, heading| {
            said.split(heading).next().unwrap_or_default()
        });
        let corner = if row.level > 0 { "└&nbsp;" } else { "" };
        html += &format!(
            "<tr><td>{}{corner}<span>{}</span></td><td>{}</td><td><p>{}</p>{}</td></tr>\n",
            "&emsp;".repeat(row.level.into()),
            row.name,
            escaped(&row.type_name),
            escaped(&said.replace(['`', '|'], "")),
            facts(row)
        );
    }
    let sample = escaped(&format!("{sample:#}"));
    html + &format!(
        "</tbody></table>\n<h3>事件体示例</h3>\n<pre><code class=\"language-json\">{sample}</code></pre>\n\
         </body></html>\n"
    )
}

fn facts(row: &Row) -> String {
    let mut html = String::new();
    if !row.values.is_empty() {
        let items = row.values.0.iter().map(|(value, label)| {
            format!(
                "<li><code>{}</code>：{}</li>",
                escaped(value),
                escaped(label)
            )
        });
        html += &format!(
            "<p><strong>可选值有</strong>：</p><ul>{}</ul>",
            items.collect::<String>()
        );
    }
    if !row.scopes.is_empty() {
        html += &format!(
            "<p><strong>字段权限要求</strong>：</p><p>{}</p>",
            perms(&row.scopes)
        );
    }
    html
}

fn perms(scopes: &[String]) -> String {
    let scopes = scopes
        .iter()
        .map(|scope| format!("某个权限({})", escaped(scope)));
    scopes.collect::<Vec<_>>().join("<br>")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
