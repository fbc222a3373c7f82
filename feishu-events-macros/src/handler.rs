//! The expansion of `#[feishu_handler]`: the function as it was, and beside it a type of the same
//! name that implements `Registered` and `Handler`.

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{FnArg, ItemFn, ReturnType, Signature, Type, Visibility};

use crate::associated;
use crate::attr::{self, Attribute, Target};
use crate::check;
use crate::event_table::Event;
use crate::mistakes::Mistakes;

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
    let mut mistakes = Mistakes::default();
    if let Err(error) = check::check(sig) {
        mistakes.add_error(error);
    }
    let attribute = attr::parse(attribute);
    let handler = match (attribute, mistakes.into_result()) {
        (Ok(attribute), Ok(())) => handler(&attribute, vis, sig),
        (Ok(Attribute { on, .. }), Err(error)) => broken(&error, on.is_some(), vis, sig),
        (Err(error), Ok(())) => broken(&error, false, vis, sig),
        (Err(mut error), Err(other)) => {
            error.combine(other);
            broken(&error, false, vis, sig)
        }
    };
    quote!(#item #handler)
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

fn handler(attribute: &Attribute, vis: &Visibility, sig: &Signature) -> TokenStream {
    let content = content(&attribute.target);
    let name = &sig.ident;
    match &attribute.on {
        None => {
            let members = registered(&attribute.target, &quote!(Self));
            let Call { body, once } = Call::new(&content, sig, &quote!(#name));
            let marker = marker(vis, name);
            let quiet = quiet();
            quote! {
                #marker
                #quiet
                const _: () = {
                    #[automatically_derived]
                    impl ::feishu_events::__private::Registered for #name {
                        #members
                        #body
                    }
                    #once
                };
            }
        }
        Some(on) => {
            let members = registered(&attribute.target, &associated::stand_in(on, name));
            let Call { body, once } = Call::new(&content, sig, &quote!(<#on>::#name));
            associated::handler(on, name, &quote!(#members #body), once.as_ref())
        }
    }
}

/// What is added stands at the places of the user's own words, where lints would take it for
/// theirs.
pub(crate) fn quiet() -> TokenStream {
    quote!(#[allow(warnings, clippy::all, clippy::pedantic, clippy::nursery, clippy::restriction)])
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
fn broken(error: &syn::Error, associated: bool, vis: &Visibility, sig: &Signature) -> TokenStream {
    let name = &sig.ident;
    let error = error.to_compile_error();
    if associated {
        let constant = format_ident!("__FEISHU_BROKEN_HANDLER_{}", name);
        return quote! {
            #[allow(dead_code, non_upper_case_globals)]
            const #constant: () = { #error };
        };
    }
    let marker = marker(vis, name);
    quote! {
        #error
        #marker
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
            "an event handler takes its event once",
        );
    })
}

/// One argument of the function.
struct Argument {
    /// The variable that holds it.
    local: Ident,
    /// The variable that holds what it needs of the state.
    given: Ident,
    /// Its type, without the reference, all at one place.
    ty: TokenStream,
    /// The place: the type's last word.
    at: Span,
    /// How it is passed on: by value or by reference.
    pass: TokenStream,
}

impl Argument {
    fn new(index: usize, input: &FnArg) -> Option<Self> {
        let FnArg::Typed(typed) = input else {
            return None;
        };
        let local = format_ident!("argument_{index}");
        let given = format_ident!("given_{index}");
        let (ty, pass) = match &*typed.ty {
            Type::Reference(reference) => {
                let mutability = &reference.mutability;
                (&*reference.elem, quote!(&#mutability #local))
            }
            other => (other, quote!(#local)),
        };
        let ty = ty.to_token_stream();
        let at = last_word(ty.clone()).map_or_else(|| typed.ty.span(), |word| word.span());
        let ty = located(ty, at);
        Some(Self {
            local,
            given,
            ty,
            at,
            pass,
        })
    }

    /// The type as an argument; with the type's span, so that an error stands on it.
    fn as_argument(&self, content: &TokenStream) -> TokenStream {
        let (ty, content) = (&self.ty, located(content.clone(), self.at));
        quote_spanned!(self.at=> <#ty as ::feishu_events::__private::Argument<#content>>)
    }

    fn needs(&self, content: &TokenStream) -> TokenStream {
        let argument = self.as_argument(content);
        quote_spanned!(self.at=> #argument::Needs)
    }

    fn is_event(&self, content: &TokenStream) -> TokenStream {
        let argument = self.as_argument(content);
        quote_spanned!(self.at=> #argument::IS_EVENT)
    }

    fn is_raw_event(&self, content: &TokenStream) -> TokenStream {
        let argument = self.as_argument(content);
        quote_spanned!(self.at=> #argument::IS_RAW_EVENT)
    }

    fn take(&self, content: &TokenStream) -> TokenStream {
        let Self { local, given, .. } = self;
        let argument = self.as_argument(content);
        let take = quote_spanned!(self.at=> #argument::take);
        // Only an event that is taken twice is not there, and that does not compile.
        quote! {
            let ::core::option::Option::Some(mut #local) = #take(&mut delivered, #given) else {
                return ::core::result::Result::Ok(::core::option::Option::None);
            };
        }
    }
}

/// The place at which an error about the arguments most likely belongs: that of the argument that
/// is none of ours, if there is one. What the compiler says twice of one place it prints once.
fn suspect(arguments: &[Argument]) -> Option<Span> {
    let ours = ["Context", "Header", "RawEvent", "State"];
    let is_ours = |argument: &&Argument| {
        let word = last_word(argument.ty.clone());
        word.is_some_and(|word| ours.iter().any(|name| word == name))
    };
    let suspect = arguments.iter().rev().find(|argument| !is_ours(argument));
    suspect.or(arguments.last()).map(|argument| argument.at)
}

/// The last word of a type outside its brackets: `UserUpdatedV3` of
/// `contact::UserUpdatedV3`, `State` of `State<App>`.
fn last_word(ty: TokenStream) -> Option<Ident> {
    let mut word = None;
    for token in ty {
        match token {
            TokenTree::Ident(ident) => word = Some(ident),
            TokenTree::Punct(punct) if punct.as_char() == '<' => break,
            _ => {}
        }
    }
    word
}

/// The tokens, all at the place `at`.
fn located(tokens: TokenStream, at: Span) -> TokenStream {
    tokens
        .into_iter()
        .map(|mut token| {
            if let TokenTree::Group(group) = &token {
                token = Group::new(group.delimiter(), located(group.stream(), at)).into();
            }
            token.set_span(at);
            token
        })
        .collect()
}
