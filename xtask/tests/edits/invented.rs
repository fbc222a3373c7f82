//! Pages of events that nobody has, in the portal's raw form.

use std::fmt::Write;

use super::Edited;

/// A page that documents an event.
#[derive(Clone)]
pub(crate) struct Page {
    pub(crate) event: &'static str,
    pub(crate) title: &'static str,
    /// The day of the last change.
    pub(crate) day: &'static str,
    /// What lets an app subscribe.
    pub(crate) scopes: Vec<&'static str>,
    /// Level, name, type, and what else the page says: scopes, values.
    pub(crate) rows: Vec<(u8, &'static str, &'static str, String)>,
}

impl Page {
    pub(crate) fn new(event: &'static str, title: &'static str, rows: &[&'static str]) -> Self {
        Self {
            event,
            title,
            day: "2026-03-01",
            scopes: vec!["pond:pond:readonly"],
            rows: rows.iter().map(|row| read_row(row)).collect(),
        }
    }

    /// The page's file.
    pub(crate) fn file(&self) -> String {
        format!("{}.md", self.event)
    }

    /// Replaces the row of this name by others.
    pub(crate) fn change(&mut self, name: &str, rows: &[&'static str]) -> &mut Self {
        let at = self.rows.iter().position(|row| row.1 == name).unwrap();
        let rows = rows.iter().map(|row| read_row(row));
        self.rows.splice(at..=at, rows);
        self
    }

    pub(crate) fn text(&self) -> String {
        let Self {
            event, title, day, ..
        } = self;
        let mut text = format!(
            "---\ntitle: \"{title}\"\nfullPath: \"/portal/pond-v1/events/{event}\"\n\
             updateTime: \"{day}T08:00:00Z\"\n---\n\n# {title}\n\n## 事件\n:::html\n<md-table>\n\
             <md-thead>\n<tr>\n<md-th>基本</md-th>\n<md-th></md-th>\n</tr>\n</md-thead>\n\
             <md-tbody>\n<md-tr>\n<md-th>事件类型</md-th>\n<md-td>{event}</md-td>\n</md-tr>\n\
             <md-tr>\n<md-th>支持的应用类型</md-th>\n<md-td>\n\
             <md-app-support types=\"custom,isv\"></md-app-support>\n</md-td>\n</md-tr>\n<md-tr>\n\
             <md-th>权限要求</md-th>\n<md-td>\n"
        );
        for scope in &self.scopes {
            text += &perm(scope);
        }
        text += "</md-td>\n</md-tr>\n</md-tbody>\n</md-table>\n:::\n\n### 事件体\n:::html\n\
                 <md-dt-table>\n<md-dt-thead>\n<md-dt-tr>\n<md-dt-th>名称</md-dt-th>\n\
                 <md-dt-th>类型</md-dt-th>\n<md-dt-th>描述</md-dt-th>\n</md-dt-tr>\n\
                 </md-dt-thead>\n<md-dt-tbody>\n";
        let envelope = [
            "0schema:string",
            "0header:event_header",
            "1event_id:string",
            "0event:-",
        ];
        let envelope = envelope.iter().map(|row| read_row(row));
        for (level, name, type_name, more) in envelope.chain(self.rows.iter().cloned()) {
            let type_name = type_name.replace('[', "\\[").replace(']', "\\]");
            write!(
                text,
                "\n<md-dt-tr level=\"{level}\">\n\t<md-dt-td>\n\t<md-text type=\"field-name\" \
                 >{name}</md-text>\n\t</md-dt-td>\n\t<md-dt-td>\n\t<md-text type=\"field-type\" \
                 >{type_name}</md-text>\n\t</md-dt-td>\n\t<md-dt-td>\n\tSaid in our words.\n{more}\
                 \t</md-dt-td>\n</md-dt-tr>\n"
            )
            .unwrap();
        }
        text + "\n</md-dt-tbody>\n</md-dt-table>\n:::\n"
    }
}

fn perm(scope: &str) -> String {
    format!(
        "<md-perm name=\"{scope}\" desc=\"d\" support_app_types=\"custom,isv\" tags=\"\">d</md-perm>\n"
    )
}

/// `2name:string scope:a:b 1=one 2=two`
fn read_row(row: &'static str) -> (u8, &'static str, &'static str, String) {
    let (head, more) = row.split_once(' ').unwrap_or((row, ""));
    let (name, type_name) = head[1..].split_once(':').unwrap();
    let mut text = String::new();
    let mut values = String::new();
    for fact in more.split_whitespace() {
        if let Some(scope) = fact.strip_prefix("scope:") {
            text += &perm(scope);
        } else if let Some((value, label)) = fact.split_once('=') {
            writeln!(
                values,
                "<md-enum-item key=\"{value}\">{label}</md-enum-item>"
            )
            .unwrap();
        }
    }
    if !values.is_empty() {
        text += &format!("<md-enum>\n{values}</md-enum>\n");
    }
    (head[..1].parse().unwrap(), name, type_name, text)
}

/// The pages of a pond.
pub(crate) fn pond() -> Vec<Page> {
    vec![
        Page::new(
            "pond.duck.landed_v1",
            "Duck landed",
            &[
                "1duck:duck_event",
                "2name:string",
                "2weight:int",
                "2kind:string mallard=Mallard teal=Teal",
                "2ring:string scope:pond:ring:readonly scope:pond:duck:readonly",
                "1guests:guest[]",
                "2name:string",
                "2since:string",
            ],
        ),
        Page::new(
            "pond.duck.left_v1",
            "Duck left",
            &[
                "1duck:duck_event",
                "2name:string",
                "2weight:int",
                "1reason:string",
            ],
        ),
        Page::new(
            "pond.frog.croaked_v1",
            "Frog croaked",
            &["1frog_id:string", "1volume:int"],
        ),
    ]
}

/// The pages, written and scraped.
pub(crate) fn scraped(pages: &[Page]) -> Edited {
    let texts: Vec<(String, String)> = pages
        .iter()
        .map(|page| (page.file(), page.text()))
        .collect();
    Edited::new(texts.iter().map(|(name, text)| (&name[..], text.clone())))
}

/// Writes a page again.
pub(crate) fn write(pages: &Edited, page: &Page) {
    std::fs::write(pages.page(&page.file()), page.text()).unwrap();
}
