//! Pages in the portal's raw form as rows that can be edited.

use super::random::Random;

/// A page whose table of fields is taken apart.
#[derive(Clone)]
pub(crate) struct RawPage {
    pub(crate) file: String,
    before: String,
    pub(crate) rows: Vec<RawRow>,
    after: String,
}

/// A row and the text of its element.
#[derive(Clone)]
pub(crate) struct RawRow {
    pub(crate) level: u8,
    pub(crate) name: String,
    pub(crate) type_name: String,
    pub(crate) more: String,
}

const ROW: &str = "<md-dt-tr level=\"";

impl RawPage {
    /// The page; nothing if its table is of another form.
    pub(crate) fn of(file: &str, text: &str) -> Option<Self> {
        let start = text.find(ROW)?;
        let end = text.rfind("</md-dt-tbody>")?;
        let body = text.get(start..end)?;
        let rows: Option<Vec<RawRow>> = body.split(ROW).skip(1).map(RawRow::of).collect();
        Some(Self {
            file: file.to_owned(),
            before: text[..start].to_owned(),
            rows: rows?,
            after: text[end..].to_owned(),
        })
    }

    pub(crate) fn text(&self) -> String {
        let rows: String = self.rows.iter().map(RawRow::text).collect();
        format!("{}{rows}{}", self.before, self.after)
    }

    /// Replaces in what stands around the table.
    pub(crate) fn replace(&mut self, old: &str, new: &str) {
        self.before = self.before.replace(old, new);
        self.after = self.after.replace(old, new);
    }

    /// The title, as the head says it.
    pub(crate) fn title(&self) -> Option<String> {
        let (_, rest) = self.before.split_once("title: \"")?;
        Some(rest.split('"').next()?.to_owned())
    }

    /// The place of a row of the payload that `is_wanted`.
    pub(crate) fn pick(
        &self,
        random: &mut Random,
        is_wanted: impl Fn(&RawRow) -> bool,
    ) -> Option<usize> {
        let event = self.rows.iter().position(|row| row.name == "event")?;
        let places: Vec<usize> = (event + 1..self.rows.len())
            .filter(|at| self.rows[*at].level > 0 && is_wanted(&self.rows[*at]))
            .collect();
        (!places.is_empty()).then(|| places[random.below(places.len())])
    }

    /// Where the rows inside the row `at` end.
    pub(crate) fn end_of(&self, at: usize) -> usize {
        let level = self.rows[at].level;
        let inside = self.rows[at + 1..]
            .iter()
            .take_while(|row| row.level > level);
        at + 1 + inside.count()
    }

    /// Adds rows behind the row `at` and what is inside it, as deep as it and deeper by their own
    /// levels; unless one of the name is there.
    pub(crate) fn add_beside(&mut self, at: usize, rows: Vec<RawRow>) {
        let level = self.rows[at].level;
        self.insert(self.end_of(at), level, rows);
    }

    /// Adds rows at the end of the object at `at`.
    pub(crate) fn add_inside(&mut self, at: usize, rows: Vec<RawRow>) {
        let level = self.rows[at].level + 1;
        self.insert(self.end_of(at), level, rows);
    }

    fn insert(&mut self, place: usize, level: u8, mut rows: Vec<RawRow>) {
        for row in &mut rows {
            row.level += level;
        }
        self.rows.splice(place..place, rows);
    }
}

impl RawRow {
    pub(crate) fn new(level: u8, name: &str, type_name: &str) -> Self {
        Self {
            level,
            name: name.to_owned(),
            type_name: type_name.to_owned(),
            more: "Said in our words.\n".to_owned(),
        }
    }

    fn of(text: &str) -> Option<Self> {
        let level = text.split('"').next()?.parse().ok()?;
        let cells: Vec<&str> = text.split("<md-dt-td>").skip(1).collect();
        let [name, type_name, more] = *cells.as_slice() else {
            return None;
        };
        let plain = |cell: &str| -> Option<String> {
            let (_, text) = cell.split_once("<md-text")?.1.split_once('>')?;
            Some(text.split("</md-text>").next()?.trim().replace('\\', ""))
        };
        Some(Self {
            level,
            name: plain(name)?,
            type_name: plain(type_name)?,
            more: more.split("</md-dt-td>").next()?.to_owned(),
        })
    }

    pub(crate) fn is_object(&self) -> bool {
        let scalar = ["string", "int", "float", "boolean", "bool", "int64"];
        let of = self.type_name.trim_end_matches("[]");
        !scalar.contains(&of) && !of.starts_with("map<") && of != "list"
    }

    fn text(&self) -> String {
        let Self {
            level,
            name,
            type_name,
            more,
        } = self;
        let type_name = type_name.replace('[', "\\[").replace(']', "\\]");
        format!(
            "{ROW}{level}\">\n\t<md-dt-td>\n\t<md-text type=\"field-name\" >{name}</md-text>\n\
             \t</md-dt-td>\n\t<md-dt-td>\n\t<md-text type=\"field-type\" >{type_name}</md-text>\n\
             \t</md-dt-td>\n\t<md-dt-td>\n{more}\t</md-dt-td>\n</md-dt-tr>\n"
        )
    }
}
