//! Where a reader stands, as a JSON pointer says it.

/// How deep nearly all events go; deeper costs an allocation.
const USUAL_DEPTH: usize = 8;

/// The way from the payload to where the reader stands.
#[derive(Default)]
pub(in crate::json::read) struct Path {
    usual: [Segment; USUAL_DEPTH],
    deeper: Vec<Segment>,
    depth: usize,
    /// The keys of the maps on the way: they are data, and rare.
    keys: Vec<String>,
}

#[derive(Clone, Copy)]
pub(in crate::json::read) enum Segment {
    Name(&'static str),
    Index(usize),
    /// The next of the path's keys.
    Key,
}

impl Default for Segment {
    fn default() -> Self {
        Self::Index(0)
    }
}

impl Path {
    pub(in crate::json::read) fn is_empty(&self) -> bool {
        self.depth == 0
    }

    pub(in crate::json::read) fn push(&mut self, segment: Segment) {
        match self.usual.get_mut(self.depth) {
            Some(place) => *place = segment,
            None => self.deeper.push(segment),
        }
        self.depth += 1;
    }

    /// Steps into the value of a map's `key`.
    pub(in crate::json::read) fn push_key(&mut self, key: &str) {
        self.keys.push(key.to_owned());
        self.push(Segment::Key);
    }

    pub(in crate::json::read) fn pop(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        let left = match self.usual.get(self.depth) {
            Some(segment) => Some(*segment),
            None => self.deeper.pop(),
        };
        if matches!(left, Some(Segment::Key)) {
            self.keys.pop();
        }
    }

    /// The path, or that of its member `key`, as a JSON pointer.
    pub(in crate::json::read) fn pointer(&self, key: Option<&str>) -> String {
        let mut pointer = String::new();
        let usual = self.usual.iter().take(self.depth);
        let mut keys = self.keys.iter();
        for segment in usual.chain(&self.deeper) {
            match segment {
                Segment::Name(name) => push_key(&mut pointer, name),
                Segment::Index(index) => pointer += &format!("/{index}"),
                Segment::Key => push_key(&mut pointer, keys.next().map_or("", String::as_str)),
            }
        }
        if let Some(key) = key {
            push_key(&mut pointer, key);
        }
        pointer
    }
}

pub(in crate::json::read) fn push_key(pointer: &mut String, key: &str) {
    pointer.push('/');
    pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_any_depth_is_told_and_left_again() {
        let mut path = Path::default();
        let deep = USUAL_DEPTH + 3;
        (0..deep).for_each(|index| path.push(Segment::Index(index)));
        assert_eq!(path.pointer(Some("a/b")), "/0/1/2/3/4/5/6/7/8/9/10/a~1b");
        (1..deep).for_each(|_| path.pop());
        assert_eq!(path.pointer(None), "/0");
        path.push_key("a/b");
        path.push(Segment::Name("again"));
        path.push_key("c");
        assert_eq!(path.pointer(None), "/0/a~1b/again/c");
        (0..2).for_each(|_| path.pop());
        path.push_key("d");
        assert_eq!(path.pointer(None), "/0/a~1b/d");
    }
}
