//! Maps: objects whose keys are data, not names of fields.

use std::collections::BTreeMap;

use crate::json::record::{Item, MapSlot, MapView, Slot, View};

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
