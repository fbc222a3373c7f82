//! What every generated struct contributes to reading and writing: the names of its fields and
//! access to them. All logic lives in [`read`](crate::json::read) and [`write`](crate::json::write), once and
//! not generic, so that hundreds of structs compile in the time of a few.

use serde_json::Value;

use crate::catalog::event_type::EventType;
use crate::json::open_enum::{EnumSlot, EnumView};

/// A struct whose fields are all optional and known by name.
pub trait Record: Send + Sync {
    /// The names of the struct and of its fields.
    fn def(&self) -> &'static RecordDef;

    /// Gives `fill` the fields, in the order of [`RecordDef::fields`].
    fn slots(&mut self, fill: &mut dyn FnMut(&mut [Slot<'_>]));

    /// Gives `show` the fields' values, in the order of [`RecordDef::fields`].
    fn views(&self, show: &mut dyn FnMut(&[View<'_>]));
}

/// The names of a struct and of its fields.
#[derive(Debug)]
pub struct RecordDef {
    /// The struct's name in Rust.
    pub name: &'static str,
    /// The event whose payload it is, if it is one.
    pub event: Option<EventType>,
    /// The fields' names on the wire, in document order.
    pub fields: &'static [&'static str],
}

/// A place for a value.
#[allow(missing_docs)]
pub enum Slot<'a> {
    String(&'a mut Option<String>),
    Int(&'a mut Option<i64>),
    Float(&'a mut Option<f64>),
    Bool(&'a mut Option<bool>),
    Json(&'a mut Option<Value>),
    StringOrObject(&'a mut dyn StringOrObjectSlot),
    Map(&'a mut dyn MapSlot),
    Enum(&'a mut dyn EnumSlot),
    Object(&'a mut dyn ObjectSlot),
    List(&'a mut dyn ListSlot),
}

/// A value that is there, or [`View::Absent`].
#[allow(missing_docs)]
#[derive(Clone, Copy)]
pub enum View<'a> {
    Absent,
    String(&'a str),
    Int(i64),
    Float(f64),
    Bool(bool),
    Json(&'a Value),
    Map(&'a dyn MapView),
    Enum(&'a dyn EnumView),
    Object(&'a dyn Record),
    List(&'a dyn ListView),
}

/// A place for an object.
pub trait ObjectSlot {
    /// Puts an empty object in and hands it out.
    fn insert_empty(&mut self) -> &mut dyn Record;
    /// Makes the field absent.
    fn clear(&mut self);
}

/// A place for a value that arrives as text or as an object.
pub trait StringOrObjectSlot {
    /// Puts the text in.
    fn set_string(&mut self, text: String);
    /// Puts an empty object in and hands it out.
    fn insert_empty(&mut self) -> &mut dyn Record;
    /// Makes the field absent.
    fn clear(&mut self);
}

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

/// A place for a list.
pub trait ListSlot {
    /// Puts an empty list in.
    fn insert_empty(&mut self);
    /// Gives `fill` a place for one more item; left empty, it adds none and the answer is false.
    fn push(&mut self, fill: &mut dyn FnMut(Slot<'_>)) -> bool;
    /// Makes the field absent.
    fn clear(&mut self);
}

/// The items of a list, one after the other.
pub trait ListView {
    /// How many items there are.
    fn len(&self) -> usize;
    /// The item at `index`, or [`View::Absent`] past the end.
    fn item(&self, index: usize) -> View<'_>;
}

/// A type that fields and list items can have.
pub trait Item: Sized {
    /// The place that a reader fills.
    fn slot(place: &mut Option<Self>) -> Slot<'_>;
    /// The value that a writer shows.
    fn view(&self) -> View<'_>;
}

/// The slot of a field.
pub fn slot<T: Item>(field: &mut Option<T>) -> Slot<'_> {
    T::slot(field)
}

/// The view of a field.
#[allow(clippy::ref_option)] // a field is an option
pub fn view<T: Item>(field: &Option<T>) -> View<'_> {
    field.as_ref().map_or(View::Absent, T::view)
}

impl Slot<'_> {
    /// What the documentation calls a value for this place.
    pub(crate) fn expected(&self) -> &'static str {
        match self {
            Self::Int(_) => "int",
            Self::Float(_) => "float",
            Self::Bool(_) => "boolean",
            Self::Json(_) => "any JSON",
            Self::StringOrObject(_) => "string or object",
            Self::Map(_) => "map",
            Self::Enum(place) if place.is_int() => "int",
            Self::String(_) | Self::Enum(_) => "string",
            Self::Object(_) => "object",
            Self::List(_) => "list",
        }
    }

    /// Makes the field absent.
    pub(crate) fn clear(&mut self) {
        match self {
            Self::String(place) => **place = None,
            Self::Int(place) => **place = None,
            Self::Float(place) => **place = None,
            Self::Bool(place) => **place = None,
            Self::Json(place) => **place = None,
            Self::StringOrObject(place) => place.clear(),
            Self::Map(place) => place.clear(),
            Self::Enum(place) => place.clear(),
            Self::Object(place) => place.clear(),
            Self::List(place) => place.clear(),
        }
    }
}

macro_rules! item {
    ($($variant:ident($type:ty) by $view:expr;)*) => {$(
        impl Item for $type {
            fn slot(place: &mut Option<Self>) -> Slot<'_> {
                Slot::$variant(place)
            }
            fn view(&self) -> View<'_> {
                #[allow(clippy::redundant_closure_call)]
                View::$variant(($view)(self))
            }
        }
    )*};
}

item! {
    String(String) by String::as_str;
    Int(i64) by |n: &i64| *n;
    Float(f64) by |n: &f64| *n;
    Bool(bool) by |b: &bool| *b;
    Json(Value) by std::convert::identity;
}

impl<T: Record + Default> Item for T {
    fn slot(place: &mut Option<Self>) -> Slot<'_> {
        Slot::Object(place)
    }
    fn view(&self) -> View<'_> {
        View::Object(self)
    }
}

impl<T: Item> Item for Vec<T> {
    fn slot(place: &mut Option<Self>) -> Slot<'_> {
        Slot::List(place)
    }
    fn view(&self) -> View<'_> {
        View::List(self)
    }
}

impl<T: Record + Default> ObjectSlot for Option<T> {
    fn insert_empty(&mut self) -> &mut dyn Record {
        self.insert(T::default())
    }
    fn clear(&mut self) {
        *self = None;
    }
}

impl<T: Item> ListSlot for Option<Vec<T>> {
    fn insert_empty(&mut self) {
        *self = Some(Vec::new());
    }
    fn push(&mut self, fill: &mut dyn FnMut(Slot<'_>)) -> bool {
        let mut item = None;
        fill(T::slot(&mut item));
        let filled = item.is_some();
        self.get_or_insert_default().extend(item);
        filled
    }
    fn clear(&mut self) {
        *self = None;
    }
}

impl<T: Item> ListView for Vec<T> {
    fn len(&self) -> usize {
        self.len()
    }
    fn item(&self, index: usize) -> View<'_> {
        self.get(index).map_or(View::Absent, T::view)
    }
}

/// The traits of records that all records have in common.
#[doc(hidden)]
#[macro_export]
macro_rules! __record_traits {
    ($($record:ident),* $(,)?) => {$(
        impl ::std::fmt::Debug for $record {
            #[cfg_attr(not(debug_assertions), inline)]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                $crate::__private::debug(self, f)
            }
        }

        impl $crate::__private::Serialize for $record {
            fn serialize<S: $crate::__private::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                $crate::__private::serialize(self, serializer)
            }
        }

        impl<'de> $crate::__private::Deserialize<'de> for $record {
            fn deserialize<D: $crate::__private::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                $crate::__private::deserialize(deserializer)
            }
        }
    )*};
}
pub use __record_traits as record_traits;
