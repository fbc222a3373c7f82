//! The expansion of `dispatcher!`: a type that routes by one `match`.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Path, Token};

/// Expands the macro.
pub(crate) fn expand(handlers: TokenStream) -> TokenStream {
    match Punctuated::<Path, Token![,]>::parse_terminated.parse2(handlers) {
        Ok(handlers) => dispatcher(&handlers.into_iter().collect::<Vec<_>>()),
        Err(error) => {
            let help = "help: `dispatcher![on_user_created, chats::on_disbanded]`";
            let problem = format!("expected functions with `#[feishu_handler]`, by path\n{help}");
            syn::Error::new(error.span(), problem).into_compile_error()
        }
    }
}

fn dispatcher(handlers: &[Path]) -> TokenStream {
    let private = quote!(::feishu_events::__private);
    // A claim for each handler, with the handler's span on every token: two that claim one event
    // are conflicting implementations, and the compiler shows both places.
    let claims = handlers.iter().map(|handler| {
        quote_spanned! {handler.span()=>
            impl #private::OneHandlerOf<<#handler as #private::Handler>::Claim> for ThisDispatcher {}
        }
    });
    let names: Vec<_> = (0..handlers.len())
        .map(|index| format_ident!("EVENT_{index}"))
        .collect();
    quote! {{
        struct ThisDispatcher;

        #(#[automatically_derived] #claims)*

        #(
            const #names: #private::EventType =
                <<#handlers as #private::Handler>::Payload as #private::Payload>::EVENT_TYPE;
        )*

        #[automatically_derived]
        impl #private::Routes for ThisDispatcher {
            fn event_types(&self) -> &'static [#private::EventType] {
                &[#(#names),*]
            }

            #[allow(unreachable_patterns, unused_variables)]
            fn route(
                &self,
                event_type: #private::EventType,
                event: #private::Undecoded<'_>,
            ) -> #private::Routed {
                match event_type {
                    #(#names => <#handlers as #private::Handler>::receive(event),)*
                    _ => ::core::result::Result::Ok(::core::option::Option::None),
                }
            }
        }

        ::feishu_events::Dispatcher::new(ThisDispatcher)
    }}
}
