//! What every generated enum has in common: listed values are variants, any other value is kept.

use std::fmt;

use serde::ser::{Serialize, Serializer};

/// A value as it is on the wire.
#[allow(missing_docs)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WireValue<'a> {
    Int(i64),
    Text(&'a str),
}

impl Serialize for WireValue<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match *self {
            Self::Int(int) => serializer.serialize_i64(int),
            Self::Text(text) => serializer.serialize_str(text),
        }
    }
}

impl fmt::Display for WireValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int(int) => int.fmt(f),
            Self::Text(text) => f.pad(text),
        }
    }
}

/// A value that was not documented when this version was generated.
///
/// It can be read, and is serialized unchanged. It cannot be constructed or matched by its value, so
/// that a later version that adds the value as a variant does not change the meaning of code.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct UnknownValue(Kept);

#[derive(Clone, PartialEq, Eq, Hash)]
enum Kept {
    Int(i64),
    Text(Box<str>),
}

impl UnknownValue {
    /// Keeps `value`; the generated code's own.
    #[doc(hidden)]
    pub fn keep(value: WireValue<'_>) -> Self {
        Self(match value {
            WireValue::Int(int) => Kept::Int(int),
            WireValue::Text(text) => Kept::Text(text.into()),
        })
    }

    /// The value as received.
    #[doc(hidden)]
    pub fn wire(&self) -> WireValue<'_> {
        match &self.0 {
            Kept::Int(int) => WireValue::Int(*int),
            Kept::Text(text) => WireValue::Text(text),
        }
    }

    /// The value, if it is a number.
    pub fn as_i64(&self) -> Option<i64> {
        match self.0 {
            Kept::Int(int) => Some(int),
            Kept::Text(_) => None,
        }
    }

    /// The value, if it is a string.
    pub fn as_str(&self) -> Option<&str> {
        match &self.0 {
            Kept::Int(_) => None,
            Kept::Text(text) => Some(text),
        }
    }
}

impl fmt::Debug for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.wire() {
            WireValue::Int(int) => int.fmt(f),
            WireValue::Text(text) => text.fmt(f),
        }
    }
}

impl fmt::Display for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.wire().fmt(f)
    }
}

/// An enum of listed values that keeps any other.
pub trait OpenEnum: fmt::Debug + Send + Sync {
    /// Whether the values are documented as integers.
    const IS_INT: bool;

    /// The values that have a variant.
    const DOCUMENTED: &'static [WireValue<'static>];

    /// The variant for a value.
    fn of(value: WireValue<'_>) -> Self;

    /// The value of a variant.
    fn value(&self) -> WireValue<'_>;

    /// Whether the value is listed.
    fn is_listed(&self) -> bool;
}

/// A place for an enum.
pub trait EnumSlot {
    /// Whether the values are documented as integers.
    fn is_int(&self) -> bool;
    /// The values that have a variant.
    fn documented(&self) -> &'static [WireValue<'static>];
    /// Puts a value in; whether it is listed.
    fn set(&mut self, value: WireValue<'_>) -> bool;
    /// Makes the field absent.
    fn clear(&mut self);
}

impl<T: OpenEnum> EnumSlot for Option<T> {
    fn is_int(&self) -> bool {
        T::IS_INT
    }
    fn documented(&self) -> &'static [WireValue<'static>] {
        T::DOCUMENTED
    }
    fn set(&mut self, value: WireValue<'_>) -> bool {
        self.insert(T::of(value)).is_listed()
    }
    fn clear(&mut self) {
        *self = None;
    }
}

/// An enum's value, to be written.
pub trait EnumView: fmt::Debug {
    /// The value on the wire.
    fn wire(&self) -> WireValue<'_>;
}

impl<T: OpenEnum> EnumView for T {
    fn wire(&self) -> WireValue<'_> {
        self.value()
    }
}

/// The traits of an open enum, from its variants and their values.
#[doc(hidden)]
#[macro_export]
macro_rules! __open_enum {
    ($name:ident: $kind:ident { $($variant:ident = $value:literal,)* }) => {
        impl $crate::__private::OpenEnum for $name {
            const IS_INT: bool = matches!(
                $crate::__private::WireKind::$kind,
                $crate::__private::WireKind::Int
            );
            const DOCUMENTED: &'static [$crate::__private::WireValue<'static>] =
                &[$($crate::__private::WireValue::$kind($value),)*];
            #[cfg_attr(not(debug_assertions), inline)]
            fn of(value: $crate::__private::WireValue<'_>) -> Self {
                match value {
                    $($crate::__private::WireValue::$kind($value) => Self::$variant,)*
                    other => Self::Unknown($crate::UnknownValue::keep(other)),
                }
            }
            #[cfg_attr(not(debug_assertions), inline)]
            fn value(&self) -> $crate::__private::WireValue<'_> {
                match self {
                    $(Self::$variant => $crate::__private::WireValue::$kind($value),)*
                    Self::Unknown(unknown) => unknown.wire(),
                }
            }
            #[cfg_attr(not(debug_assertions), inline)]
            fn is_listed(&self) -> bool {
                !matches!(self, Self::Unknown(_))
            }
        }

        impl $crate::__private::Item for $name {
            #[cfg_attr(not(debug_assertions), inline)]
            fn slot(place: &mut ::std::option::Option<Self>) -> $crate::__private::Slot<'_> {
                $crate::__private::Slot::Enum(place)
            }
            #[cfg_attr(not(debug_assertions), inline)]
            fn view(&self) -> $crate::__private::View<'_> {
                $crate::__private::View::Enum(self)
            }
        }

        impl ::std::fmt::Display for $name {
            #[cfg_attr(not(debug_assertions), inline)]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Display::fmt(&$crate::__private::OpenEnum::value(self), f)
            }
        }

        $crate::__open_enum_from!($name: $kind);
    };
}
pub use __open_enum as open_enum;

/// The kinds of value that an enum can be documented to have.
#[allow(missing_docs)]
pub enum WireKind {
    Int,
    Text,
}

/// The conversion from the documented kind of value, listed or not.
#[doc(hidden)]
#[macro_export]
macro_rules! __open_enum_from {
    ($name:ident: Int) => {
        impl ::std::convert::From<i64> for $name {
            #[cfg_attr(not(debug_assertions), inline)]
            fn from(value: i64) -> Self {
                $crate::__private::OpenEnum::of($crate::__private::WireValue::Int(value))
            }
        }
    };
    ($name:ident: Text) => {
        impl ::std::convert::From<&str> for $name {
            #[cfg_attr(not(debug_assertions), inline)]
            fn from(value: &str) -> Self {
                $crate::__private::OpenEnum::of($crate::__private::WireValue::Text(value))
            }
        }
    };
}
