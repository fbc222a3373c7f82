//! The type that stands for a function: it has the function's name, and `dispatcher!` finds it by it.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::{FnArg, Signature, Type, Visibility};

use crate::attr::Target;
use crate::place::Place;
use crate::root::Root;

/// The type of the function's name; it has braces, so that it does not take the name as a value.
///
/// Only `dispatcher!` uses it, so that the compiler warns of a handler that is in no dispatcher. Its
/// documentation is what an editor shows below the function's own.
pub(crate) fn marker(vis: &Visibility, name: &Ident, doc: &str) -> TokenStream {
    let doc = (!doc.is_empty()).then(|| quote!(#[doc = #doc]));
    // The name where it is used, by words that an editor does not take for the function's.
    quote! {
        #doc
        #[doc(hidden)]
        #[allow(dead_code, non_camel_case_types)] // the warning is the function's
        #vis struct #name {}
    }
}

/// Which events the function handles.
pub(crate) fn doc(target: &Target, sig: &Signature) -> String {
    match target {
        Target::One(event, _) => format!("Handles `{}`.", event.name),
        Target::Custom(name, _) => format!("Handles `{}`.", name.value),
        Target::Several(events) => {
            let names = events.iter().map(|event| format!("`{}`", event.name));
            format!("Handles {}.", names.collect::<Vec<_>>().join(", "))
        }
        Target::Fallback => "Handles every event without a handler of its own.".to_owned(),
        Target::ByType => {
            let types = sig.inputs.iter().filter_map(|input| match input {
                FnArg::Typed(typed) => Some(&*typed.ty),
                FnArg::Receiver(_) => None,
            });
            let types = types.map(|ty| match ty {
                Type::Reference(reference) => reference.elem.to_token_stream(),
                other => other.to_token_stream(),
            });
            let types: Vec<_> = types.map(|ty| format!("`{}`", spelled(&ty))).collect();
            match types.as_slice() {
                [one] => format!("Handles the event whose payload is {one}."),
                several => format!(
                    "Handles the event whose payload is among {}.",
                    several.join(", ")
                ),
            }
        }
    }
}

/// A type or path without the spaces that tokens are printed with.
pub(crate) fn spelled(tokens: &impl ToTokens) -> String {
    tokens.to_token_stream().to_string().replace(' ', "")
}

/// A handler that handles nothing, where the right one would only add to an error.
pub(crate) fn nothing(root: &Root, name: &Ident) -> TokenStream {
    let private = root.private();
    let name = Place::unseen(name);
    let members = nothing_members(root, &quote!(Self));
    quote! {
        #[automatically_derived]
        impl #private::Registered for #name { #members }
    }
}

/// The members of an impl of `Registered` for the type `this`, which handles nothing.
pub(crate) fn nothing_members(root: &Root, this: &TokenStream) -> TokenStream {
    let private = root.private();
    quote! {
        type DispatchKey = #this;
        type Needs = ();

        fn call(_: #private::Undecoded<'_>, (): ()) -> #private::Routed {
            ::core::result::Result::Ok(::core::option::Option::None)
        }
    }
}
