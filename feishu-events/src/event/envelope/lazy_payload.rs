//! A payload that has not been read: either its JSON, or a deserializer of the envelope that is about
//! to read it.

use std::fmt;

use serde::de::DeserializeOwned;
use serde_json::Error;
use serde_json::value::RawValue;

use crate::catalog::event_type::EventType;
use crate::event::envelope::probe_id::Probe;
use crate::json::read::{self, Reader};
use crate::json::record::Record;
use crate::json::report::Met;

/// The envelope's member `event`, to be read once.
pub struct LazyPayload<'a> {
    source: PayloadSource<'a>,
    probe: Option<Probe<'a>>,
}

enum PayloadSource<'a> {
    Raw(&'a RawValue),
    Streaming(&'a mut (dyn PayloadReader + 'a)),
}

#[cfg(any(feature = "delivery", feature = "drift"))]
impl<'a> PayloadSource<'a> {
    /// Shortens the lifetime. `&mut dyn` is invariant, so the compiler does not do it by itself.
    fn shorter<'b>(self) -> PayloadSource<'b>
    where
        'a: 'b,
    {
        match self {
            Self::Raw(json) => PayloadSource::Raw(json),
            Self::Streaming(reader) => PayloadSource::Streaming(reader),
        }
    }
}

/// Reads the payload at which a deserializer of the envelope has arrived. Call one method, once.
pub(in crate::event::envelope) trait PayloadReader {
    fn read(&mut self, record: &mut dyn Record, reader: &mut Reader) -> Result<(), Error>;
    fn raw(&mut self) -> Result<&RawValue, Error>;
}

impl<'a> LazyPayload<'a> {
    /// A payload whose JSON has been found in the envelope.
    pub(crate) fn found(json: &'a RawValue) -> Self {
        Self {
            source: PayloadSource::Raw(json),
            probe: None,
        }
    }

    /// The payload that `reader` is about to read.
    pub(in crate::event::envelope) fn streaming(reader: &'a mut (dyn PayloadReader + 'a)) -> Self {
        Self {
            source: PayloadSource::Streaming(reader),
            probe: None,
        }
    }

    /// Copies the string at `path` of the payload, if a path is given, to `found` once the payload
    /// is read.
    #[cfg(feature = "delivery")]
    pub(crate) fn watch<'b>(
        self,
        path: Option<&'static [&'static str]>,
        found: &'b mut Option<String>,
    ) -> LazyPayload<'b>
    where
        'a: 'b,
    {
        LazyPayload {
            source: self.source.shorter(),
            probe: path.map(|path| Probe { path, found }),
        }
    }

    /// Shortens the lifetime.
    #[cfg(feature = "drift")]
    pub(crate) fn shorter<'b>(self) -> LazyPayload<'b>
    where
        'a: 'b,
    {
        LazyPayload {
            source: self.source.shorter(),
            probe: self
                .probe
                .map(|Probe { path, found }| Probe { path, found }),
        }
    }

    /// Reads the payload into `record` and returns how it differs from the documentation.
    pub(crate) fn read_into(self, record: &mut dyn Record) -> Result<Met, Error> {
        let met = match self.source {
            PayloadSource::Raw(json) => read::read_str(record, json.get())?,
            PayloadSource::Streaming(payload) => {
                let mut reader = Reader::of(record);
                payload.read(record, &mut reader)?;
                reader.into_met()
            }
        };
        if let Some(probe) = self.probe {
            probe.search(record);
        }
        Ok(met)
    }

    /// Reads the payload as any type, with the documentation of `event_type`, if it is a known one.
    pub(crate) fn read<T: DeserializeOwned>(
        self,
        event_type: Option<EventType>,
    ) -> Result<(T, Met), Error> {
        read::read_any(event_type, self.into_raw()?.get())
    }

    /// The payload as received.
    pub(crate) fn into_raw(self) -> Result<&'a RawValue, Error> {
        let json = match self.source {
            PayloadSource::Raw(json) => json,
            PayloadSource::Streaming(payload) => payload.raw()?,
        };
        if let Some(probe) = self.probe {
            probe.search_json(json);
        }
        Ok(json)
    }

    /// Skips the payload, except for the string that is asked for by [`watch`](Self::watch).
    pub(crate) fn pass_over(self) -> Result<(), Error> {
        match self.probe {
            Some(_) => self.into_raw().map(drop),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for LazyPayload<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.source {
            PayloadSource::Raw(json) => json.fmt(f),
            PayloadSource::Streaming(_) => f.write_str("(not read yet)"),
        }
    }
}
