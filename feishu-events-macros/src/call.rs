//! How the user's function is called: its arguments are taken out of the event, and what it returns
//! becomes the reply.

use proc_macro2::{Delimiter, Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{ReturnType, Signature};

use crate::argument::Argument;
use crate::content::Content;
use crate::place::Place;
use crate::root::Root;

/// How the function is called.
pub(crate) struct Call {
    /// What the members use.
    pub(crate) declarations: TokenStream,
    /// The members `Needs` and `call` of the impl of `Registered`.
    pub(crate) members: TokenStream,
}

impl Call {
    /// The call of `function`, which has the signature `sig`, with an event that is read into
    /// `content`.
    pub(crate) fn new(
        root: &Root,
        content: &Content,
        sig: &Signature,
        arguments: &[Argument],
        function: &TokenStream,
    ) -> Self {
        let variable = |name| Ident::new(name, Span::mixed_site());
        let (event, delivered) = (variable("event"), variable("delivered"));
        let declarations = arguments
            .iter()
            .map(|argument| argument.declarations(root, content));
        let takes = arguments
            .iter()
            .map(|argument| argument.take(root, content, &delivered));
        let passes = arguments.iter().map(|argument| &argument.pass);
        let member = |member| {
            let arguments = arguments.iter();
            arguments.map(move |argument| argument.member(root, content, member))
        };
        let (is_event, is_raw_event) = (member("IS_EVENT"), member("IS_RAW_EVENT"));
        let needs = member("Needs")
            .rev()
            .fold(quote!(()), |rest, need| quote!((#need, #rest)));
        let given = arguments.iter().map(|argument| &argument.given);
        let given = given
            .rev()
            .fold(quote!(()), |rest, given| quote!((#given, #rest)));
        let awaited = sig.asyncness.is_some().then(|| quote!(.await));
        let reply = reply(root, sig, content);
        // At the name: a future that is not `Send` is an error of this function.
        let name = Place::word(sig.ident.span());
        let future = quote!(#reply(#function(#(#passes),*) #awaited));
        let future = name.before(quote!(async move), Delimiter::Brace, future);
        let pinned = name.before(
            quote!(::std::boxed::Box::pin),
            Delimiter::Parenthesis,
            future,
        );
        let deliver = content.member(root, &quote!(deliver));
        let private = root.private();
        let once = event_taken_once(root, content, arguments);
        Self {
            declarations: quote!(#(#declarations)* #once),
            members: quote! {
                type Needs = #needs;

                fn call(#event: #private::Undecoded<'_>, #given: Self::Needs) -> #private::Routed {
                    let mut #delivered =
                        #deliver(#event, false #(|| #is_event)*, false #(|| #is_raw_event)*)?;
                    #(#takes)*
                    ::core::result::Result::Ok(::core::option::Option::Some(#pinned))
                }
            },
        }
    }
}

/// The function that makes a reply of what the user's function returns.
fn reply(root: &Root, sig: &Signature, content: &Content) -> TokenStream {
    let (returned, place) = match &sig.output {
        // The brackets have the name's span: they are where the compiler shows the error.
        ReturnType::Default => {
            let name = sig.ident.span();
            (quote_spanned!(name=> ()), Place::word(name))
        }
        ReturnType::Type(_, ty) => (ty.to_token_stream(), Place::of(ty)),
    };
    let (private, response) = (root.private(), content.member(root, &quote!(Response)));
    place.around(
        quote!(<),
        &returned,
        quote!(as #private::HandlerOutput<#response>>::into_reply),
    )
}

/// Refuses two arguments that take the event itself; with one argument there is nothing to check.
fn event_taken_once(root: &Root, content: &Content, arguments: &[Argument]) -> Option<TokenStream> {
    let last = arguments.last().filter(|_| arguments.len() > 1)?;
    let is_event = arguments
        .iter()
        .map(|argument| argument.member(root, content, "IS_EVENT"));
    let check = last.place.put(quote! {
        ::core::assert!(#(#is_event as u8 +)* 0 <= 1, "two arguments take the event")
    });
    Some(quote!(const _: () = #check;))
}
