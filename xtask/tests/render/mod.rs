//! A schema as a page in any of the forms in which people have pages.

use feishu_events_gen::internals::schema::{AppType, EventSchema, Row};
use serde_json::{Map, Value, json};

/// The forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// An English mirror: two spaces for each level.
    EnglishIndent,
    /// A corner before each row that stands in another, whatever its level.
    OneCorner,
    /// As many corners as the row is deep: with a space between, in backticks with the name, or glued.
    SpacedCorners,
    QuotedCorners,
    GluedCorners,
    /// Spaces that don't break, and a corner.
    NbspLevels,
    /// Without levels, as the portal exports pages.
    Flat,
    /// Without levels, as extensions of browsers clip pages.
    WebClip,
    /// As a browser saves a page: with real tables, or with those that only ARIA tells.
    SavedTables,
    SavedAria,
}

impl Form {
    pub(crate) const ALL: [Self; 10] = [
        Self::EnglishIndent,
        Self::OneCorner,
        Self::SpacedCorners,
        Self::QuotedCorners,
        Self::GluedCorners,
        Self::NbspLevels,
        Self::Flat,
        Self::WebClip,
        Self::SavedTables,
        Self::SavedAria,
    ];

    /// Whether a row of the form says how deep it is; otherwise a sample shows it.
    pub(crate) fn states_levels(self) -> bool {
        !matches!(self, Self::OneCorner | Self::Flat | Self::WebClip)
    }

    /// The page of `schema` in this form.
    pub(crate) fn page(self, schema: &EventSchema, sample: bool) -> String {
        let page = Page { form: self, schema };
        let sample = sample.then(|| sample_of(schema));
        match self {
            Self::SavedTables => page.tables(sample),
            Self::SavedAria => page.aria(sample),
            _ => page.markdown(sample),
        }
    }

    fn is_html(self) -> bool {
        matches!(self, Self::SavedTables | Self::SavedAria)
    }
}

struct Page<'s> {
    form: Form,
    schema: &'s EventSchema,
}

impl Page<'_> {
    fn english(&self) -> bool {
        self.form == Form::EnglishIndent
    }

    /// The rows above the fields: label and content.
    fn info(&self) -> Vec<[String; 2]> {
        let names = if self.english() {
            [
                "Event type",
                "Supported app types",
                "Required scopes",
                "Required field scopes",
            ]
        } else {
            ["事件类型", "支持的应用类型", "权限要求", "字段权限要求"]
        };
        let apps = self
            .schema
            .app_types
            .iter()
            .map(|app| match (app, self.english()) {
                (AppType::Custom, true) => "Custom App",
                (AppType::Isv, true) => "Store App",
                (AppType::Custom, false) => "自建应用",
                (AppType::Isv, false) => "商店应用",
            });
        let contents = [
            self.schema.event_type.clone(),
            apps.collect::<Vec<_>>().join("、"),
            self.scopes(&self.schema.scopes),
            self.scopes(&self.schema.field_scopes),
        ];
        let rows = names.map(str::to_owned).into_iter().zip(contents);
        let rows = rows.filter(|(_, content)| !content.is_empty());
        rows.map(|(name, content)| [name, content]).collect()
    }

    fn scopes(&self, scopes: &[String]) -> String {
        let scopes = scopes.iter().map(|scope| match self.form {
            Form::EnglishIndent => format!("`{scope}`"),
            Form::Flat | Form::WebClip | Form::SavedTables | Form::SavedAria => {
                format!("某权限({scope})")
            }
            _ => format!("`{scope}` 某权限"),
        });
        let between = if self.english() { " " } else { "<br>" };
        scopes.collect::<Vec<_>>().join(between)
    }

    /// What stands behind a row's type.
    fn description(&self, row: &Row) -> String {
        let mut text = if self.english() { "Said." } else { "说明。" }.to_owned();
        if !row.values.is_empty() {
            let items = row
                .values
                .0
                .iter()
                .map(|(value, label)| match label.as_str() {
                    "" => format!("- `{value}`"),
                    label => format!("- `{value}`：{label}"),
                });
            let items: Vec<String> = items.collect();
            text += &match self.form {
                Form::EnglishIndent => format!(" **Optional values are**:  {}", items.join(" ")),
                Form::NbspLevels | Form::OneCorner => {
                    format!("<br>**可选值有**：<br>{}", items.join(" "))
                }
                _ => format!("<br>**可选值有**：<br>{}", items.join("<br>")),
            };
        }
        if !row.scopes.is_empty() {
            let scopes = self.scopes(&row.scopes);
            text += &match self.form {
                Form::EnglishIndent => format!(" **Required field scopes**: {scopes}"),
                _ => format!("<br>**字段权限要求**：<br>{scopes}"),
            };
        }
        text
    }

    fn name(&self, row: &Row) -> String {
        let (name, level) = (&row.name, usize::from(row.level));
        match self.form {
            Form::EnglishIndent => format!("{}`{name}`", "  ".repeat(level)),
            Form::OneCorner if level > 0 => format!("∟ `{name}`"),
            Form::SpacedCorners => format!("{}`{name}`", "∟ ".repeat(level)),
            Form::QuotedCorners => format!("`{}{name}`", "∟".repeat(level)),
            Form::GluedCorners => format!("{}{name}", "∟".repeat(level)),
            Form::NbspLevels if level > 0 => {
                format!("{}└ `{name}`", "&nbsp;&nbsp;".repeat(level))
            }
            Form::SavedTables if level > 0 => {
                format!("{}└&nbsp;<code>{name}</code>", "&emsp;".repeat(level))
            }
            Form::OneCorner | Form::NbspLevels => format!("`{name}`"),
            _ => name.clone(),
        }
    }

    /// A cell of Markdown.
    fn cell(&self, text: &str) -> String {
        let text = text.replace('|', "\\|");
        match self.form {
            // As the extensions escape it.
            Form::WebClip => text.replace('_', "\\_"),
            _ => text,
        }
    }

    fn markdown(&self, sample: Option<Value>) -> String {
        let (path, title) = (
            &self.schema.document.as_ref().unwrap().path,
            &self.schema.title,
        );
        let mut text = format!(
            "---\nfullPath: \"{path}\"\n---\n\n# {title}\n\n## 事件\n\n| 基本 |  |\n| --- | --- |\n"
        );
        for [label, content] in self.info() {
            text += &format!("| {label} | {} |\n", self.cell(&content));
        }
        text += if self.english() {
            "\n### Event body\n\n| Parameter | Type | Description |\n| --- | --- | --- |\n"
        } else {
            "\n### 事件体\n\n| 名称 | 类型 | 描述 |\n| --- | --- | --- |\n"
        };
        for row in &self.schema.fields {
            let (name, said) = (
                self.cell(&self.name(row)),
                self.cell(&self.description(row)),
            );
            text += &format!("| {name} | {} | {said} |\n", self.cell(&row.type_name));
        }
        if let Some(sample) = sample {
            text += &format!("\n### 事件体示例\n\n```json\n{sample:#}\n```\n");
        }
        text
    }

    fn tables(&self, sample: Option<Value>) -> String {
        let mut text = self.head();
        text += "<table><tbody>";
        for [label, content] in self.info() {
            text += &format!("<tr><td>{label}</td><td>{content}</td></tr>\n");
        }
        text += "</tbody></table>\n<h3>事件体</h3><table><thead><tr><th>名称</th><th>类型</th>\
                 <th>描述</th></tr></thead><tbody>\n";
        for row in &self.schema.fields {
            let (name, said) = (self.name(row), html(&self.description(row)));
            text += &format!(
                "<tr><td>{name}</td><td>{}</td><td>{said}</td></tr>\n",
                html(&row.type_name)
            );
        }
        text + "</tbody></table>\n" + &pre(sample)
    }

    fn aria(&self, sample: Option<Value>) -> String {
        let mut text = self.head();
        text += "<div role=\"table\">";
        for [label, content] in self.info() {
            text += &format!(
                "<div role=\"row\"><div role=\"rowheader\">{label}</div><div role=\"cell\">{content}</div></div>\n"
            );
        }
        text += "</div>\n<div role=\"treegrid\"><div role=\"row\"><span role=\"columnheader\">名称</span>\
                 <span role=\"columnheader\">类型</span><span role=\"columnheader\">描述</span></div>\n";
        for row in &self.schema.fields {
            let (level, said) = (row.level + 1, html(&self.description(row)));
            text += &format!(
                "<div role=\"row\" aria-level=\"{level}\"><span role=\"gridcell\">{}</span><span \
                 role=\"gridcell\">{}</span><div role=\"gridcell\">{said}</div></div>\n",
                row.name,
                html(&row.type_name)
            );
        }
        text + "</div>\n" + &pre(sample)
    }

    fn head(&self) -> String {
        let (path, title) = (
            &self.schema.document.as_ref().unwrap().path,
            &self.schema.title,
        );
        debug_assert!(self.form.is_html());
        format!(
            "<!-- saved from url=(0071)https://open.feishu.cn/document{path} -->\n<!DOCTYPE html>\n\
             <html lang=\"zh\"><head><title>{title}</title></head><body>\n<h1>{title}</h1>\n"
        )
    }
}

fn html(text: &str) -> String {
    let text = text
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    text.replace("&lt;br&gt;", "<br>").replace("**", "")
}

fn pre(sample: Option<Value>) -> String {
    let text = sample.map(|sample| html(&format!("{sample:#}")));
    text.map_or_else(String::new, |text| {
        format!("<h3>事件体示例</h3><pre><code class=\"language-json\">{text}</code></pre>\n</body></html>")
    })
}

/// A sample that shows every field.
fn sample_of(schema: &EventSchema) -> Value {
    let mut rows = schema.fields.as_slice();
    let mut sample = object(&mut rows, 0);
    if let Some(header) = sample.get_mut("header").and_then(Value::as_object_mut) {
        header.insert("event_type".to_owned(), json!(schema.event_type));
    }
    sample
}

fn object(rows: &mut &[Row], level: u8) -> Value {
    let mut members = Map::new();
    while let Some((row, behind)) = rows.split_first() {
        if row.level < level {
            break;
        }
        *rows = behind;
        let inside = behind.first().is_some_and(|next| next.level > row.level);
        let value = if inside {
            object(rows, row.level + 1)
        } else {
            scalar(row)
        };
        let list =
            row.type_name.ends_with("[]") || matches!(row.type_name.as_str(), "list" | "array");
        let value = if list { json!([value]) } else { value };
        members.insert(row.name.clone(), value);
    }
    Value::Object(members)
}

fn scalar(row: &Row) -> Value {
    let first = row.values.0.first().map(|(value, _)| value.as_str());
    match row.type_name.trim_end_matches("[]") {
        "int" | "int64" | "number" | "integer" => {
            json!(
                first
                    .and_then(|value| value.parse::<i64>().ok())
                    .unwrap_or(1)
            )
        }
        "float" | "double" => json!(1.5),
        "bool" | "boolean" => json!(true),
        "string" => json!(first.unwrap_or("x")),
        _ => json!({}),
    }
}
