//! The expansion of `dispatcher!`: a type that routes by one `match`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Path, Token};

use crate::associated::Handler;
use crate::root::Root;

/// What stands in the macro's brackets: `crate = path;`, if it is given, and the handlers.
struct Input {
    root: Root,
    handlers: Vec<Path>,
}

impl Parse for Input {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut root = None;
        if input.peek(Token![crate]) && input.peek2(Token![=]) {
            input.parse::<Token![crate]>()?;
            input.parse::<Token![=]>()?;
            root = Some(input.call(Path::parse_mod_style)?);
            if !input.is_empty() {
                input.parse::<Token![;]>()?;
            }
        }
        let handlers = Punctuated::<Path, Token![,]>::parse_terminated(input)?;
        Ok(Self {
            root: Root::new(root),
            handlers: handlers.into_iter().collect(),
        })
    }
}

/// Expands the macro.
pub(crate) fn expand(input: TokenStream) -> TokenStream {
    match syn::parse2(input) {
        Ok(Input { root, handlers }) => dispatcher(&root, &handlers),
        Err(error) => {
            let help = "help: `dispatcher![on_user_created, chats::on_disbanded]`";
            let problem = format!("expected functions with `#[feishu_handler]`, by path\n{help}");
            syn::Error::new(error.span(), problem).into_compile_error()
        }
    }
}

fn dispatcher(root: &Root, paths: &[Path]) -> TokenStream {
    let private = root.private();
    // Each path is written once, so that a path to anything but a handler is a single error.
    let handlers = paths.iter().enumerate().map(|(index, path)| {
        Ident::new(&format!("FeishuHandler{index}"), path.span()).to_token_stream()
    });
    let handlers: Vec<TokenStream> = handlers.collect();
    let (stand_ins, claims): (Vec<_>, Vec<_>) = paths
        .iter()
        .zip(&handlers)
        .map(|(path, alias)| {
            let Handler { stand_in, claim } = Handler::at(root, path, alias);
            (stand_in, claim)
        })
        .unzip();
    let aliases = paths.iter().zip(&handlers).zip(&stand_ins);
    let aliases = aliases.map(
        |((path, handler), stand_in)| quote_spanned!(path.span()=> type #handler = #stand_in;),
    );
    // A claim for each handler, with the handler's span on every token: two that claim one event
    // are conflicting implementations, and the compiler shows both places.
    let claims = paths.iter().zip(&claims).map(|(path, claim)| {
        let private = root.private_at(path.span());
        quote_spanned! {path.span()=>
            #[automatically_derived]
            impl #private::OneHandlerOf<#claim> for ThisDispatcher {}
        }
    });
    let handled = paths.iter().zip(&handlers).map(|(path, handler)| {
        let private = root.private_at(path.span());
        quote_spanned! {path.span()=>
            <#handler as #private::Registered>::HANDLED
        }
    });
    let alone = paths.iter().enumerate().map(|(index, path)| {
        let private = root.private_at(path.span());
        quote_spanned! {path.span()=>
            const _: () = if let ::core::option::Option::Some(other) =
                #private::other_handler(HANDLED, #index)
            {
                ::core::panic!("{}", OTHERS[other]);
            };
        }
    });
    let others = paths.iter().map(|path| {
        let path = path.to_token_stream().to_string().replace(' ', "");
        format!("`{path}` handles the same event, but an event can have only one handler")
    });
    let bounds = paths.iter().zip(&handlers).map(|(path, handler)| {
        let private = root.private_at(path.span());
        quote_spanned! {path.span()=>
            #handler: #private::Handler<FeishuState>
        }
    });
    // What the compiler says of a handler more than once it says at one place.
    let numbers: Vec<_> = (0..paths.len())
        .map(|index| format_ident!("EVENT_{index}"))
        .collect();
    let number_items = paths.iter().zip(&handlers).zip(&numbers);
    let number_items = number_items.map(|((path, handler), number)| {
        let private = root.private_at(path.span());
        quote_spanned! {path.span()=>
            const #number: u16 = <#handler as #private::Registered>::EVENT_ID;
        }
    });
    let (named, by_list, fallback) = arms(root, paths, &handlers, &numbers);
    let root = root.at(Span::call_site());
    quote! {{
        struct ThisDispatcher;

        const HANDLED: &[#private::Handled] = &[#(#handled),*];
        const OTHERS: &[&str] = &[#(#others),*];

        #(#aliases)*
        #(#claims)*
        #(#alone)*
        #(#number_items)*
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
                match #private::event_id(event.event_type()) {
                    #(#named)*
                    #(#by_list)*
                    #(#fallback)*
                    _ => ::core::result::Result::Ok(::core::option::Option::None),
                }
            }
        }

        #root::Dispatcher::new(ThisDispatcher)
    }}
}

/// The arms of the `match` on an event's number: for handlers of one event, of several or of an
/// event by name, of the rest. The compiler drops those that no event takes.
fn arms(
    root: &Root,
    paths: &[Path],
    handlers: &[TokenStream],
    numbers: &[Ident],
) -> (Vec<TokenStream>, Vec<TokenStream>, Vec<TokenStream>) {
    let (mut named, mut by_list, mut fallback) = (Vec::new(), Vec::new(), Vec::new());
    for ((path, handler), number) in paths.iter().zip(handlers).zip(numbers) {
        let span = path.span();
        let private = root.private_at(span);
        let event = quote!(event);
        let handle = quote_spanned! {span=>
            <#handler as #private::Handler<FeishuState>>::handle
        };
        let handle = quote!(#handle(event, state));
        named.push(quote!(#number => #handle,));
        by_list.push(quote_spanned!(span=> _ if #private::wants::<#handler>(&#event) => #handle,));
        fallback.push(quote_spanned! {span=>
            _ if <#handler as #private::Registered>::IS_FALLBACK => #handle,
        });
    }
    (named, by_list, fallback)
}
