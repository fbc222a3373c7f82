//! Callbacks: requests that a user waits on, and the responses to them.
//!
//! A handler of a callback returns its response, or `Result<response, E>`; a default response
//! changes nothing.
//!
//! ```
//! use feishu_events::callback::{CardActionResponse, CardActionTrigger, Toast};
//! use feishu_events::{Dispatcher, dispatcher, feishu_handler};
//!
//! #[feishu_handler("card.action.trigger")]
//! async fn on_card_action(request: CardActionTrigger) -> CardActionResponse {
//!     let name = request.action.and_then(|action| action.name).unwrap_or_default();
//!     CardActionResponse::default().toast(Toast::success(format!("{name}: done")))
//! }
//!
//! let dispatcher: Dispatcher = dispatcher![on_card_action];
//! assert_eq!(dispatcher.other_names(), ["card.action.trigger"]);
//! ```

use serde_json::value::RawValue;

use crate::content::Content;
use crate::envelope::EnvelopeError;
use crate::handler::{HandlerError, Response, json_reply};
use crate::header::Header;
use crate::read;
use crate::report::Report;

mod card_action;
mod response;
mod url_preview;

pub use card_action::{
    CardAction, CardActionContext, CardActionOperator, CardActionResponse, CardActionTrigger,
};
pub use response::{CardUpdate, Toast, ToastKind};
pub use url_preview::{UrlPreviewGet, UrlPreviewResponse};

use crate::dispatch::Reply;

/// Makes a struct of optional fields a record, as generated structs are.
macro_rules! record {
    ($(#[$docs:meta])* pub struct $name:ident {
        $($(#[$field_docs:meta])* pub $field:ident: $type:ty,)*
    }) => {
        $(#[$docs])*
        #[derive(Clone, Default, PartialEq)]
        #[non_exhaustive]
        pub struct $name {
            $($(#[$field_docs])* pub $field: Option<$type>,)*
        }

        impl crate::record::Record for $name {
            fn def(&self) -> &'static crate::record::RecordDef {
                &crate::record::RecordDef {
                    name: stringify!($name),
                    event: None,
                    fields: &[$(stringify!($field)),*],
                }
            }
            fn slots(&mut self, fill: &mut dyn FnMut(&mut [crate::record::Slot<'_>])) {
                fill(&mut [$(crate::record::slot(&mut self.$field)),*]);
            }
            fn views(&self, show: &mut dyn FnMut(&[crate::record::View<'_>])) {
                show(&[$(crate::record::view(&self.$field)),*]);
            }
        }

        crate::record::record_traits!($name);
    };
}
use record;

/// Makes a record the request of a callback, and a type that has `to_json` its response.
macro_rules! callback {
    ($request:ident answered by $response:ident) => {
        impl Content for $request {
            type Response = $response;

            fn read(_: &Header, json: &RawValue) -> Result<(Self, Vec<Report>), EnvelopeError> {
                let mut request = Self::default();
                let reports = read::read_str(&mut request, json.get());
                Ok((request, reports.map_err(EnvelopeError::NotAnObject)?))
            }
        }

        impl Response for $response {
            fn into_reply(self) -> Result<Reply, HandlerError> {
                json_reply(&self.to_json())
            }
        }
    };
}

callback!(CardActionTrigger answered by CardActionResponse);
callback!(UrlPreviewGet answered by UrlPreviewResponse);
