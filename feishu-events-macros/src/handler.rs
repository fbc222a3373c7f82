//! The expansion of `#[feishu_handler]`: the function as it was, and beside it a type of the same
//! name that implements `Handler`.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{FnArg, ItemFn, Signature, Type, Visibility};

use crate::attr::{self, Named};
use crate::check;

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
    let handler = match (attr::parse(attribute), check::check(sig)) {
        (Ok(named), Ok(())) => handler(&named, vis, sig),
        (Err(mut error), Err(other)) => {
            error.combine(other);
            broken(&error, vis, sig)
        }
        (Err(error), Ok(())) | (Ok(_), Err(error)) => broken(&error, vis, sig),
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

fn handler(named: &Named, vis: &Visibility, sig: &Signature) -> TokenStream {
    let Named { literal, event } = named;
    let name = &sig.ident;
    let (service, payload) = (
        format_ident!("{}", event.service),
        format_ident!("{}", event.payload),
    );
    // The literal's span: an error about the payload's path is an error about the event's name.
    let payload = quote_spanned!(literal.span()=> ::feishu_events::#service::#payload);
    let arguments: Vec<Argument<'_>> = sig
        .inputs
        .iter()
        .enumerate()
        .filter_map(|(i, input)| Argument::new(i, input))
        .collect();
    let takes = arguments.iter().map(|argument| argument.take(&payload));
    let passes = arguments.iter().map(|argument| &argument.pass);
    let once = event_taken_once(&arguments, &payload);
    let awaited = sig.asyncness.is_some().then(|| quote!(.await));
    let outcome = match &sig.output {
        syn::ReturnType::Default => quote!(::feishu_events::__private::Outcome::into_result),
        syn::ReturnType::Type(_, ty) => {
            quote_spanned!(ty.span()=> <#ty as ::feishu_events::__private::Outcome>::into_result)
        }
    };
    let marker = marker(vis, name);
    // The name's span: a future that is not `Send` is an error of this function.
    let body = quote_spanned! {name.span()=>
        async move {
            #(#takes)*
            #outcome(#name(#(#passes),*) #awaited)
        }
    };
    quote! {
        #marker
        const _: () = {
            #[automatically_derived]
            impl ::feishu_events::__private::Handler for #name {
                type Payload = #payload;
                type Claim = #payload;

                fn call(
                    #[allow(unused_mut, unused_variables)]
                    mut delivered: ::feishu_events::__private::Delivered<#payload>,
                ) -> impl ::core::future::Future<
                    Output = ::core::result::Result<(), ::feishu_events::__private::HandlerError>,
                > + ::core::marker::Send {
                    #body
                }
            }
            #once
        };
    }
}

/// A handler that keeps `dispatcher!` quiet about a function whose attribute is wrong.
fn broken(error: &syn::Error, vis: &Visibility, sig: &Signature) -> TokenStream {
    let name = &sig.ident;
    let error = error.to_compile_error();
    let marker = marker(vis, name);
    quote! {
        #error
        #marker
        #[automatically_derived]
        impl ::feishu_events::__private::Handler for #name {
            type Payload = ::feishu_events::__private::Unnamed;
            type Claim = Self;

            fn call(
                _: ::feishu_events::__private::Delivered<Self::Payload>,
            ) -> impl ::core::future::Future<
                Output = ::core::result::Result<(), ::feishu_events::__private::HandlerError>,
            > + ::core::marker::Send {
                async { ::core::result::Result::Ok(()) }
            }
        }
    }
}

/// The type of the function's name; it has braces, so that it does not take the name as a value.
fn marker(vis: &Visibility, name: &Ident) -> TokenStream {
    quote! {
        #[doc(hidden)]
        #[allow(non_camel_case_types)]
        #vis struct #name {}
    }
}

/// Refuses two arguments that take the event itself; with one argument there is nothing to check.
fn event_taken_once(arguments: &[Argument<'_>], payload: &TokenStream) -> Option<TokenStream> {
    let last = arguments.last().filter(|_| arguments.len() > 1)?;
    let is_event = arguments.iter().map(|argument| {
        let ty = argument.ty;
        quote!(<#ty as ::feishu_events::__private::Argument<#payload>>::IS_EVENT as u8)
    });
    Some(quote_spanned! {last.ty.span()=>
        const _: () = ::core::assert!(
            #(#is_event +)* 0 <= 1,
            "an event handler takes its event once",
        );
    })
}

/// One argument of the function.
struct Argument<'a> {
    /// The variable that holds it.
    local: Ident,
    /// Its type, without the reference.
    ty: &'a Type,
    /// How it is passed on: by value or by reference.
    pass: TokenStream,
}

impl<'a> Argument<'a> {
    fn new(index: usize, input: &'a FnArg) -> Option<Self> {
        let FnArg::Typed(typed) = input else {
            return None;
        };
        let local = format_ident!("argument_{index}");
        let (ty, pass) = match &*typed.ty {
            Type::Reference(reference) => {
                let mutability = &reference.mutability;
                (&*reference.elem, quote!(&#mutability #local))
            }
            other => (other, quote!(#local)),
        };
        Some(Self { local, ty, pass })
    }

    fn take(&self, payload: &TokenStream) -> TokenStream {
        let Self { local, ty, .. } = self;
        // The type's span: if it is no argument, the error stands on it.
        let take = quote_spanned! {ty.span()=>
            <#ty as ::feishu_events::__private::Argument<#payload>>::take
        };
        quote! {
            #[allow(unused_mut)]
            let mut #local = #take(&mut delivered);
        }
    }
}
