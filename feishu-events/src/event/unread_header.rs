//! A header of which nothing has been copied: most handlers need little of it.

use std::fmt;

use crate::catalog::event_type::EventType;
use crate::catalog::protocol::Protocol;
use crate::event::header::Header;
use crate::event::user_id::UserId;

/// The header of an event whose payload has not been read.
#[derive(Clone)]
pub(crate) enum UnreadHeader<'a> {
    /// As it stands in the text of the envelope.
    InText(&'a TextHeader<'a>),
    /// Read and copied.
    Read(Box<Header>),
}

/// A header of protocol 2.0 in which every string stands as it is meant.
#[derive(Clone, Default)]
pub(crate) struct TextHeader<'a> {
    /// Those that [`STRINGS`] names.
    pub(in crate::event) strings: [Option<&'a str>; STRINGS.len()],
    /// Rare: so it is read at once.
    pub(in crate::event) user_list: Option<Vec<UserId>>,
}

/// The members of a header that are strings, in the order in which most come.
pub(in crate::event) const STRINGS: [&str; 8] = [
    "event_id",
    "event_type",
    "create_time",
    "token",
    "app_id",
    "tenant_key",
    "resource_id",
    // Some approval events have this instead of `create_time`.
    "event_create_time",
];

/// One of the strings, in either form.
macro_rules! strings {
    ($($(#[$attribute:meta])* $name:ident,)*) => {$(
        $(#[$attribute])*
        pub(crate) fn $name(&self) -> Option<&str> {
            match self {
                Self::InText(header) => header.$name(),
                Self::Read(header) => header.$name.as_deref(),
            }
        }
    )*};
}

impl UnreadHeader<'_> {
    pub(crate) fn protocol(&self) -> Protocol {
        match self {
            Self::InText(_) => Protocol::V2,
            Self::Read(header) => header.protocol,
        }
    }

    pub(crate) fn event_type(&self) -> &str {
        match self {
            Self::InText(header) => header.event_type().unwrap_or_default(),
            Self::Read(header) => &header.event_type,
        }
    }

    strings! {
        event_id,
        #[cfg(feature = "webhook")]
        token,
        #[cfg(feature = "delivery")]
        app_id,
    }

    /// The header, copied.
    pub(crate) fn into_read(self) -> Header {
        match self {
            Self::InText(header) => header.read(),
            Self::Read(header) => *header,
        }
    }

    /// The header, copied, and this one left as it is.
    pub(crate) fn to_read(&self) -> Header {
        self.clone().into_read()
    }
}

impl<'a> TextHeader<'a> {
    fn read(&self) -> Header {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let [.., tenant_key, resource_id, event_create_time] = self.strings;
        Header {
            protocol: Protocol::V2,
            event_type: self.event_type().unwrap_or_default().to_owned(),
            event_id: owned(self.event_id()),
            create_time: owned(self.create_time().or(event_create_time)),
            token: owned(self.token()),
            app_id: owned(self.app_id()),
            tenant_key: owned(tenant_key),
            resource_id: owned(resource_id),
            user_list: self.user_list.clone(),
        }
    }

    fn event_id(&self) -> Option<&'a str> {
        self.strings[0]
    }

    pub(in crate::event) fn event_type(&self) -> Option<&'a str> {
        self.strings[1]
    }

    fn create_time(&self) -> Option<&'a str> {
        self.strings[2]
    }

    fn token(&self) -> Option<&'a str> {
        self.strings[3]
    }

    fn app_id(&self) -> Option<&'a str> {
        self.strings[4]
    }
}

impl From<Header> for UnreadHeader<'_> {
    fn from(header: Header) -> Self {
        Self::Read(Box::new(header))
    }
}

impl fmt::Debug for UnreadHeader<'_> {
    /// Without the verification token, which must not be logged.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnreadHeader")
            .field("event_type", &self.event_type())
            .field("event_id", &self.event_id())
            .finish_non_exhaustive()
    }
}

impl EventType {
    /// The event that `header` names, if it is known in the header's protocol.
    pub(crate) fn of(header: &UnreadHeader<'_>) -> Option<Self> {
        // The names of the two protocols are different name spaces.
        Self::from_name(header.event_type())
            .filter(|event_type| event_type.protocol() == header.protocol())
    }
}
