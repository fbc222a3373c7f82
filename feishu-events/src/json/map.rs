//! Maps: objects whose keys are data, not names of fields.

use std::collections::BTreeMap;

use crate::json::record::{Item, Slot, View};

/// A place for a map.
pub trait MapSlot {
    /// Puts an empty map in.
    fn insert_empty(&mut self);
    /// Gives `fill` a place for the value of `key`; left empty, no entry is added and the answer
    /// is false.
    fn entry(&mut self, key: &str, fill: &mut dyn FnMut(Slot<'_>)) -> bool;
    /// Makes the field absent.
    fn clear(&mut self);
}

/// The entries of a map, sorted by key.
pub trait MapView {
    /// How many entries there are.
    fn len(&self) -> usize;
    /// Shows each entry.
    fn entries(&self, show: &mut dyn FnMut(&str, View<'_>));
}

impl<T: Item> MapSlot for Option<BTreeMap<String, T>> {
    fn insert_empty(&mut self) {
        *self = Some(BTreeMap::new());
    }
    fn entry(&mut self, key: &str, fill: &mut dyn FnMut(Slot<'_>)) -> bool {
        let mut value = None;
        fill(T::slot(&mut value));
        let filled = value.is_some();
        let map = self.get_or_insert_default();
        map.extend(value.map(|value| (key.to_owned(), value)));
        filled
    }
    fn clear(&mut self) {
        *self = None;
    }
}

impl<T: Item> MapView for BTreeMap<String, T> {
    fn len(&self) -> usize {
        self.len()
    }
    fn entries(&self, show: &mut dyn FnMut(&str, View<'_>)) {
        for (key, value) in self {
            show(key, value.view());
        }
    }
}

impl<T: Item> Item for BTreeMap<String, T> {
    fn slot(place: &mut Option<Self>) -> Slot<'_> {
        Slot::Map(place)
    }
    fn view(&self) -> View<'_> {
        View::Map(self)
    }
}
