//! The expansion of `dispatcher!`: a type that routes by one `match`.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Path, Token};

use crate::associated::Handler;

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

fn dispatcher(paths: &[Path]) -> TokenStream {
    let private = quote!(::feishu_events::__private);
    let (handlers, claims): (Vec<_>, Vec<_>) = paths
        .iter()
        .map(|path| {
            let Handler { stand_in, claim } = Handler::at(path);
            (stand_in, claim)
        })
        .unzip();
    // A claim for each handler, with the handler's span on every token: two that claim one event
    // are conflicting implementations, and the compiler shows both places.
    let claims = paths.iter().zip(&claims).map(|(path, claim)| {
        quote_spanned! {path.span()=>
            #[automatically_derived]
            impl ::feishu_events::__private::OneHandlerOf<#claim> for ThisDispatcher {}
        }
    });
    let handled = paths.iter().zip(&handlers).map(|(path, handler)| {
        quote_spanned! {path.span()=>
            <#handler as ::feishu_events::__private::Registered>::HANDLED
        }
    });
    let alone = paths.iter().enumerate().map(|(index, path)| {
        quote_spanned! {path.span()=>
            const _: () = ::core::assert!(
                ::feishu_events::__private::is_free(HANDLED, #index),
                "a handler before this one handles the same event",
            );
        }
    });
    let bounds = paths.iter().zip(&handlers).map(|(path, handler)| {
        quote_spanned! {path.span()=>
            #handler: ::feishu_events::__private::Handler<FeishuState>
        }
    });
    let numbers: Vec<_> = (0..paths.len())
        .map(|index| format_ident!("EVENT_{index}"))
        .collect();
    quote! {{
        struct ThisDispatcher;

        const HANDLED: &[#private::Handled] = &[#(#handled),*];

        #(#claims)*
        #(#alone)*
        #(const #numbers: u16 = <#handlers as #private::Registered>::ONE;)*
        #[automatically_derived]
        impl<FeishuState> #private::Routes<FeishuState> for ThisDispatcher
        where
            FeishuState: ::core::marker::Send + ::core::marker::Sync + 'static,
            #(#bounds,)*
        {
            fn handled(&self) -> ::std::vec::Vec<#private::Handled> {
                HANDLED.to_vec()
            }

            #[allow(unreachable_patterns, unused_variables)]
            fn route(
                &self,
                event: #private::Undecoded<'_>,
                state: &FeishuState,
            ) -> #private::Routed {
                match #private::number_of(event.event_type()) {
                    #(#numbers => <#handlers as #private::Handler<FeishuState>>::handle(event, state),)*
                    #(
                        _ if #private::takes::<#handlers>(&event) => {
                            <#handlers as #private::Handler<FeishuState>>::handle(event, state)
                        }
                    )*
                    #(
                        _ if <#handlers as #private::Registered>::IS_FALLBACK => {
                            <#handlers as #private::Handler<FeishuState>>::handle(event, state)
                        }
                    )*
                    _ => ::core::result::Result::Ok(::core::option::Option::None),
                }
            }
        }

        ::feishu_events::Dispatcher::new(ThisDispatcher)
    }}
}
