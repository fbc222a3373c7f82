//! The type that stands for a function: it has the function's name, and `dispatcher!` finds it by it.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::Visibility;

use crate::root::Root;

/// The type of the function's name; it has braces, so that it does not take the name as a value.
///
/// Only `dispatcher!` uses it, so that the compiler warns of a handler that is in no dispatcher.
pub(crate) fn marker(vis: &Visibility, name: &Ident) -> TokenStream {
    quote! {
        #[doc(hidden)]
        #[allow(dead_code, non_camel_case_types)] // the warning is the function's
        #vis struct #name {}
    }
}

/// A handler that handles nothing, where the right one would only add to an error.
pub(crate) fn nothing(root: &Root, name: &Ident) -> TokenStream {
    let private = root.private();
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
