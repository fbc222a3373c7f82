//! How the user's function is called: its arguments are taken out of the event, and what it returns
//! becomes the reply.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{ReturnType, Signature};

use crate::argument::{Argument, suspect};
use crate::located::located;
use crate::root::Root;

/// How the function is called.
pub(crate) struct Call {
    /// The members `Needs` and `call` of the impl of `Registered`.
    pub(crate) body: TokenStream,
    /// The check that the event is taken once.
    pub(crate) once: Option<TokenStream>,
}

impl Call {
    /// The call of `function`, which has the signature `sig`, with an event that is read into
    /// `content`.
    pub(crate) fn new(
        root: &Root,
        content: &TokenStream,
        sig: &Signature,
        function: &TokenStream,
    ) -> Self {
        let arguments: Vec<Argument> = sig
            .inputs
            .iter()
            .enumerate()
            .filter_map(|(index, input)| Argument::new(index, input))
            .collect();
        let takes = arguments
            .iter()
            .map(|argument| argument.take(root, content));
        let passes = arguments.iter().map(|argument| &argument.pass);
        let is_event: Vec<_> = arguments
            .iter()
            .map(|argument| argument.is_event(root, content))
            .collect();
        let is_raw_event = arguments
            .iter()
            .map(|argument| argument.is_raw_event(root, content));
        let needs = arguments.iter().rev().fold(quote!(()), |rest, argument| {
            let need = argument.needs(root, content);
            quote!((#need, #rest))
        });
        let given = arguments.iter().rev().fold(quote!(()), |rest, argument| {
            let given = &argument.given;
            quote!((#given, #rest))
        });
        let awaited = sig.asyncness.is_some().then(|| quote!(.await));
        let reply = reply(root, sig, content);
        let place = suspect(&arguments).unwrap_or(sig.ident.span());
        // A variable is known where its name has the hygiene of the place that declares it.
        let passes = passes.map(|pass| located(pass.clone(), place));
        // The name's span: a future that is not `Send` is an error of this function.
        let future = quote_spanned! {sig.ident.span()=>
            ::std::boxed::Box::pin(async move { #reply(#function(#(#passes),*) #awaited) })
        };
        let event = located(quote!(event), place);
        let deliver = deliver(root, content);
        let takes = located(quote!(#(#takes)*), place);
        let is_event_taken = located(quote!(false #(|| #is_event)*), place);
        let is_raw_event_taken = located(quote!(false #(|| #is_raw_event)*), place);
        let (needs, given) = (located(needs, place), located(given, place));
        let private = root.private_at(place);
        let body = quote_spanned! {place=>
            type Needs = #needs;

            fn call(event: #private::Undecoded<'_>, #given: #needs) -> #private::Routed {
                let mut delivered = #deliver(#event, #is_event_taken, #is_raw_event_taken)?;
                #takes
                ::core::result::Result::Ok(::core::option::Option::Some(#future))
            }
        };
        Self {
            body,
            once: event_taken_once(&arguments, &is_event),
        }
    }
}

/// The function that reads an event into `content`. Written as the way to the response is, so that
/// the compiler prints once what is wrong with the type.
fn deliver(root: &Root, content: &TokenStream) -> TokenStream {
    let as_content = as_content(root, content);
    quote!(#as_content::deliver)
}

/// `content` as what an event is read into, all at one place.
fn as_content(root: &Root, content: &TokenStream) -> TokenStream {
    let at = content.span();
    let (private, content) = (root.private_at(at), located(content.clone(), at));
    quote_spanned!(at=> <#content as #private::Content>)
}

/// The function that makes a reply of what the user's function returns.
fn reply(root: &Root, sig: &Signature, content: &TokenStream) -> TokenStream {
    let (returned, span) = match &sig.output {
        ReturnType::Default => (quote_spanned!(sig.ident.span()=> ()), sig.ident.span()),
        ReturnType::Type(_, ty) => (quote!(#ty), ty.span()),
    };
    let (private, content) = (root.private_at(span), as_content(root, content));
    quote_spanned! {span=>
        <#returned as #private::HandlerOutput<#content::Response>>::into_reply
    }
}

/// Refuses two arguments that take the event itself; with one argument there is nothing to check.
fn event_taken_once(arguments: &[Argument], is_event: &[TokenStream]) -> Option<TokenStream> {
    let last = arguments.last().filter(|_| arguments.len() > 1)?;
    Some(quote_spanned! {last.at=>
        const _: () = ::core::assert!(
            #(#is_event as u8 +)* 0 <= 1,
            "two arguments take the event",
        );
    })
}
