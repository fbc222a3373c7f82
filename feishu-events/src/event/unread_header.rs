//! A header of which nothing has been copied: most handlers need little of it.

use std::fmt;

use crate::catalog::event_type::EventType;
use crate::catalog::protocol::Protocol;
use crate::event::header::Header;
use crate::event::user_id::UserId;
use crate::json::scan::Scanner;

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
    event_id: Option<&'a str>,
    pub(in crate::event) event_type: Option<&'a str>,
    create_time: Option<&'a str>,
    token: Option<&'a str>,
    app_id: Option<&'a str>,
    tenant_key: Option<&'a str>,
    resource_id: Option<&'a str>,
    /// Some approval events have this instead of `create_time`.
    event_create_time: Option<&'a str>,
    /// Rare: so it is read at once.
    pub(in crate::event) user_list: Option<Vec<UserId>>,
}

/// One of the strings, in either form.
macro_rules! strings {
    ($($(#[$attribute:meta])* $name:ident,)*) => {$(
        $(#[$attribute])*
        pub(crate) fn $name(&self) -> Option<&str> {
            match self {
                Self::InText(header) => header.$name,
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
            Self::InText(header) => header.event_type.unwrap_or_default(),
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
    /// The member of this name, if it is a string.
    pub(in crate::event) fn string_mut(&mut self, name: &str) -> Option<&mut Option<&'a str>> {
        Some(match name {
            "event_id" => &mut self.event_id,
            "event_type" => &mut self.event_type,
            "create_time" => &mut self.create_time,
            "token" => &mut self.token,
            "app_id" => &mut self.app_id,
            "tenant_key" => &mut self.tenant_key,
            "resource_id" => &mut self.resource_id,
            "event_create_time" => &mut self.event_create_time,
            _ => return None,
        })
    }

    /// Reads a member without escapes and white space; whether one more follows.
    #[inline]
    pub(in crate::event) fn read_usual_member(&mut self, scan: &mut Scanner<'a>) -> Option<bool> {
        let mut more = None;
        // In the documented order, so that one call reads all.
        macro_rules! read {
            ($($name:ident),*) => {$(
                if more != Some(false)
                    && let Some((text, has_more)) =
                        scan.string_member(concat!("\"", stringify!($name), "\":\""))
                {
                    self.$name = Some(text);
                    more = Some(has_more);
                }
            )*};
        }
        read!(event_id, event_type, create_time, token, app_id, tenant_key);
        more
    }

    fn read(&self) -> Header {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        Header {
            protocol: Protocol::V2,
            event_type: self.event_type.unwrap_or_default().to_owned(),
            event_id: owned(self.event_id),
            create_time: owned(self.create_time.or(self.event_create_time)),
            token: owned(self.token),
            app_id: owned(self.app_id),
            tenant_key: owned(self.tenant_key),
            resource_id: owned(self.resource_id),
            user_list: self.user_list.clone(),
        }
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
