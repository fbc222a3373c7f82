//! The expansion of `#[feishu_handler]`: the function as it was, and beside it a type of the same
//! name that implements `Registered`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{FnArg, ItemFn, Path, ReturnType, Signature, Type, Visibility};

use crate::argument::{Argument, located, suspect};
use crate::associated;
use crate::attr::{self, Attribute, Target};
use crate::check;
use crate::event_table::Event;
use crate::feature;
use crate::lints;

/// Expands the attribute. The item always comes out unchanged; errors stand beside it.
pub(crate) fn expand(attribute: TokenStream, item: &TokenStream) -> TokenStream {
    let function: ItemFn = match syn::parse2(item.clone()) {
        Ok(function) => function,
        Err(error) => {
            let error = not_a_function(item, error).into_compile_error();
            return quote!(#item #error);
        }
    };
    let ItemFn { vis, sig, .. } = &function;
    let Attribute {
        target,
        constants,
        on,
    } = attr::parse(attribute);
    let handler = match (target, check::check(sig)) {
        (Ok(target), Ok(())) => handler(&target, on.as_ref(), vis, sig),
        (Err(error), Ok(())) | (Ok(_), Err(error)) => broken(&error, on.as_ref(), vis, sig),
        (Err(mut error), Err(other)) => {
            error.combine(other);
            broken(&error, on.as_ref(), vis, sig)
        }
    };
    let used = used(&constants, on.is_some(), &sig.ident);
    quote!(#item #handler #used)
}

/// An error for what is no function; what does not even parse is left to the compiler, whose
/// message is the better one.
fn not_a_function(item: &TokenStream, error: syn::Error) -> syn::Error {
    match syn::parse2::<syn::Item>(item.clone()) {
        Ok(item) => {
            let problem = "`#[feishu_handler]` goes on a function";
            syn::Error::new(item.span(), problem)
        }
        Err(_) => error,
    }
}

/// A use of the constants that stand for names, so that no import of them is left over.
fn used(constants: &[Path], associated: bool, function: &Ident) -> Option<TokenStream> {
    let count = constants.len();
    let (lints, name) = (
        lints::allowed(),
        format_ident!("__FEISHU_NAMES_OF_{}", function),
    );
    // Only a name that is not `_` can be in an `impl`.
    let name = if associated { quote!(#name) } else { quote!(_) };
    (count > 0).then(|| quote!(#lints const #name: [&str; #count] = [#(#constants),*];))
}

fn handler(target: &Target, on: Option<&Type>, vis: &Visibility, sig: &Signature) -> TokenStream {
    let content = content(target);
    let name = &sig.ident;
    let gated = |code: TokenStream, without: TokenStream| match target {
        Target::One(event, span) => feature::gated(event, *span, &code, &without),
        _ => code,
    };
    match on {
        None => {
            let members = registered(target, &quote!(Self));
            let Call { body, once } = Call::new(&content, sig, &quote!(#name));
            let marker = marker(vis, name);
            let lints = lints::allowed();
            let code = quote! {
                #lints
                const _: () = {
                    #[automatically_derived]
                    impl ::feishu_events::__private::Registered for #name {
                        #members
                        #body
                    }
                    #once
                };
            };
            let code = gated(code, nothing(name));
            quote!(#marker #code)
        }
        Some(on) => {
            let members = registered(target, &associated::stand_in(on, name));
            let Call { body, once } = Call::new(&content, sig, &quote!(<#on>::#name));
            let code = associated::handler(on, name, &quote!(#members #body), once.as_ref());
            gated(code, associated::nothing(on, name))
        }
    }
}

/// How the function is called.
struct Call {
    /// The members `Needs` and `call` of the impl of `Registered`.
    body: TokenStream,
    /// The check that the event is taken once.
    once: Option<TokenStream>,
}

impl Call {
    fn new(content: &TokenStream, sig: &Signature, function: &TokenStream) -> Self {
        let arguments: Vec<Argument> = sig
            .inputs
            .iter()
            .enumerate()
            .filter_map(|(index, input)| Argument::new(index, input))
            .collect();
        let takes = arguments.iter().map(|argument| argument.take(content));
        let passes = arguments.iter().map(|argument| &argument.pass);
        let is_event: Vec<_> = arguments.iter().map(|a| a.is_event(content)).collect();
        let is_raw_event = arguments.iter().map(|a| a.is_raw_event(content));
        let needs = arguments.iter().rev().fold(quote!(()), |rest, argument| {
            let need = argument.needs(content);
            quote!((#need, #rest))
        });
        let given = arguments.iter().rev().fold(quote!(()), |rest, argument| {
            let given = &argument.given;
            quote!((#given, #rest))
        });
        let awaited = sig.asyncness.is_some().then(|| quote!(.await));
        let reply = reply(sig, content);
        let place = suspect(&arguments).unwrap_or(sig.ident.span());
        // A variable is known where its name has the hygiene of the place that declares it.
        let passes = passes.map(|pass| located(pass.clone(), place));
        // The name's span: a future that is not `Send` is an error of this function.
        let future = quote_spanned! {sig.ident.span()=>
            ::std::boxed::Box::pin(async move { #reply(#function(#(#passes),*) #awaited) })
        };
        let take = quote! {
            let mut delivered = event.deliver::<#content>(
                false #(|| #is_event)*,
                false #(|| #is_raw_event)*,
            )?;
            #(#takes)*
        };
        let (needs, given) = (located(needs, place), located(given, place));
        let take = located(take, place);
        let body = quote_spanned! {place=>
            type Needs = #needs;

            fn call(
                event: ::feishu_events::__private::Undecoded<'_>,
                #given: #needs,
            ) -> ::feishu_events::__private::Routed {
                #take
                ::core::result::Result::Ok(::core::option::Option::Some(#future))
            }
        };
        Self {
            body,
            once: event_taken_once(&arguments, &is_event),
        }
    }
}

/// The members of the impl of `Registered` for the handler's own type `this`.
fn registered(target: &Target, this: &TokenStream) -> TokenStream {
    let private = quote!(::feishu_events::__private);
    let one = |event: &Event| {
        let variant = format_ident!("{}", event.variant);
        quote! {
            const ONE: u16 =
                #private::number_of(::core::option::Option::Some(#private::EventType::#variant));
            const EVENTS: &'static [#private::EventType] = &[#private::EventType::#variant];
        }
    };
    match target {
        Target::One(event, _) => {
            let (content, one) = (content(target), one(event));
            quote! {
                type Claim = #content;
                const CLAIMS_BY_TYPE: bool = true;
                #one
            }
        }
        Target::Custom(name, _) => {
            let value = &name.value;
            let members = match crate::event_table::find(&name.value) {
                Some(event) => one(event),
                None => {
                    quote!(const NAME: ::core::option::Option<&'static str> = ::core::option::Option::Some(#value);)
                }
            };
            quote!(type Claim = #this; #members)
        }
        Target::Several(events) => {
            let variants = events
                .iter()
                .map(|event| format_ident!("{}", event.variant));
            quote! {
                type Claim = #this;
                const EVENTS: &'static [#private::EventType] = &[#(#private::EventType::#variants),*];
            }
        }
        Target::Fallback => quote!(
            type Claim = Self;
            const IS_FALLBACK: bool = true;
        ),
    }
}

/// The type that the event is read into.
fn content(target: &Target) -> TokenStream {
    match target {
        // The literal's span: an error about the payload's path is one about the event's name.
        Target::One(event, span) => {
            let (service, payload) = (ident(event.service, *span), ident(event.payload, *span));
            quote_spanned!(*span=> ::feishu_events::#service::#payload)
        }
        Target::Custom(_, payload) => {
            quote_spanned!(payload.span()=> ::feishu_events::__private::Custom<#payload>)
        }
        Target::Several(_) | Target::Fallback => quote!(::feishu_events::Event),
    }
}

fn ident(name: &str, span: Span) -> Ident {
    Ident::new(name, span)
}

/// The function that makes a reply of what the user's function returns.
fn reply(sig: &Signature, content: &TokenStream) -> TokenStream {
    let (returned, span) = match &sig.output {
        ReturnType::Default => (quote_spanned!(sig.ident.span()=> ()), sig.ident.span()),
        ReturnType::Type(_, ty) => (quote!(#ty), ty.span()),
    };
    quote_spanned! {span=>
        <#returned as ::feishu_events::__private::Outcome<
            <#content as ::feishu_events::__private::Content>::Response
        >>::into_reply
    }
}

/// A handler that keeps `dispatcher!` quiet about a function whose attribute is wrong.
fn broken(error: &syn::Error, on: Option<&Type>, vis: &Visibility, sig: &Signature) -> TokenStream {
    let name = &sig.ident;
    let error = error.to_compile_error();
    if let Some(on) = on {
        let nothing = associated::nothing(on, name);
        return quote!(#error #nothing);
    }
    // It can only be in an `impl`, where a type of its own would be one more error.
    if matches!(sig.inputs.first(), Some(FnArg::Receiver(_))) {
        return error;
    }
    let (marker, nothing) = (marker(vis, name), nothing(name));
    quote!(#error #marker #nothing)
}

/// A handler that handles nothing, where the right one would only add to an error.
fn nothing(name: &Ident) -> TokenStream {
    quote! {
        #[automatically_derived]
        impl ::feishu_events::__private::Registered for #name {
            type Claim = Self;
            type Needs = ();

            fn call(
                _: ::feishu_events::__private::Undecoded<'_>,
                (): (),
            ) -> ::feishu_events::__private::Routed {
                ::core::result::Result::Ok(::core::option::Option::None)
            }
        }
    }
}

/// The type of the function's name; it has braces, so that it does not take the name as a value.
///
/// Only `dispatcher!` uses it, so that the compiler warns of a handler that is in no dispatcher.
fn marker(vis: &Visibility, name: &Ident) -> TokenStream {
    quote! {
        #[doc(hidden)]
        #[allow(dead_code, non_camel_case_types)] // the warning is the function's
        #vis struct #name {}
    }
}

/// Refuses two arguments that take the event itself; with one argument there is nothing to check.
fn event_taken_once(arguments: &[Argument], is_event: &[TokenStream]) -> Option<TokenStream> {
    let last = arguments.last().filter(|_| arguments.len() > 1)?;
    Some(quote_spanned! {last.at=>
        const _: () = ::core::assert!(
            #(#is_event as u8 +)* 0 <= 1,
            "a handler gets its event once, and takes it here a second time",
        );
    })
}
