//! A payload that has not been read: one of which the ends are known, or one that a reader of the
//! envelope stands before.

use std::fmt;

use serde::de::DeserializeOwned;
use serde_json::Error;
use serde_json::value::RawValue;

use crate::catalog::event_type::EventType;
use crate::event::envelope::probe_id::Watch;
use crate::json::read::{self, Reader};
use crate::json::record::Record;
use crate::json::report::Met;

/// The envelope's member `event`, to be read once.
pub struct LazyPayload<'a> {
    place: Place<'a>,
    watch: Option<Watch<'a>>,
}

enum Place<'a> {
    Found(&'a RawValue),
    Ahead(&'a mut (dyn Ahead + 'a)),
}

/// A reader that stands before the payload. Each of its methods takes it past the payload.
pub(in crate::event::envelope) trait Ahead {
    fn read(&mut self, record: &mut dyn Record, reader: &mut Reader) -> Result<(), Error>;
    fn raw(&mut self) -> Result<&RawValue, Error>;
}

impl<'a> LazyPayload<'a> {
    /// A payload of which it is known where it begins and ends.
    pub(crate) fn found(json: &'a RawValue) -> Self {
        Self {
            place: Place::Found(json),
            watch: None,
        }
    }

    /// The payload that a reader stands before.
    pub(in crate::event::envelope) fn ahead(reader: &'a mut (dyn Ahead + 'a)) -> Self {
        Self {
            place: Place::Ahead(reader),
            watch: None,
        }
    }

    /// Copies the string at `path` of the payload, if one is given, to `found` once the payload is
    /// read.
    #[cfg(feature = "delivery")]
    pub(crate) fn watch<'b>(
        self,
        path: Option<&'static [&'static str]>,
        found: &'b mut Option<String>,
    ) -> LazyPayload<'b>
    where
        'a: 'b,
    {
        #[expect(
            clippy::needless_match,
            reason = "only a reader by itself has a shorter life"
        )]
        let place = match self.place {
            Place::Found(json) => Place::Found(json),
            Place::Ahead(reader) => Place::Ahead(reader),
        };
        let watch = path.map(|path| Watch { path, found });
        LazyPayload { place, watch }
    }

    /// The same payload, for what lives less long.
    #[cfg(feature = "drift")]
    pub(crate) fn shorter<'b>(self) -> LazyPayload<'b>
    where
        'a: 'b,
    {
        #[expect(
            clippy::needless_match,
            reason = "only a reader by itself has a shorter life"
        )]
        let place = match self.place {
            Place::Found(json) => Place::Found(json),
            Place::Ahead(reader) => Place::Ahead(reader),
        };
        let watch = self
            .watch
            .map(|Watch { path, found }| Watch { path, found });
        LazyPayload { place, watch }
    }

    /// Reads the payload into `record`; what disagrees with the documentation comes back.
    pub(crate) fn read_into(self, record: &mut dyn Record) -> Result<Met, Error> {
        let met = match self.place {
            Place::Found(json) => read::read_str(record, json.get())?,
            Place::Ahead(ahead) => {
                let mut reader = Reader::of(record);
                ahead.read(record, &mut reader)?;
                reader.into_met()
            }
        };
        if let Some(watch) = self.watch {
            watch.look_into(record);
        }
        Ok(met)
    }

    /// Reads the payload, of this event if it is a known one, as any type.
    pub(crate) fn read<T: DeserializeOwned>(
        self,
        event_type: Option<EventType>,
    ) -> Result<(T, Met), Error> {
        read::read_any(event_type, self.into_raw()?.get())
    }

    /// The payload as it came.
    pub(crate) fn into_raw(self) -> Result<&'a RawValue, Error> {
        let json = match self.place {
            Place::Found(json) => json,
            Place::Ahead(ahead) => ahead.raw()?,
        };
        if let Some(watch) = self.watch {
            watch.look_into_json(json);
        }
        Ok(json)
    }

    /// Leaves the payload unread.
    pub(crate) fn pass_over(self) -> Result<(), Error> {
        match self.watch {
            Some(_) => self.into_raw().map(drop),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for LazyPayload<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place {
            Place::Found(json) => json.fmt(f),
            Place::Ahead(_) => f.write_str("(not read yet)"),
        }
    }
}
