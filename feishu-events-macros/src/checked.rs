//! A type that is checked in one place and used in many.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::root::Root;

/// Declares `alias` for the type `ty`, with the constant `check`, in which `use_of_it` stands.
///
/// This is the one place with an error if the type does not fit: without the constant's value the
/// compiler takes the alias for an error already shown, wherever it is used, in `dispatcher!` too.
pub(crate) fn checked(
    root: &Root,
    check: &Ident,
    use_of_it: &TokenStream,
    alias: &Ident,
    ty: &TokenStream,
) -> TokenStream {
    let private = root.private();
    quote! {
        const #check: bool = {
            let _ = #use_of_it;
            true
        };
        type #alias = <#private::Checked<#ty, #check> as #private::IsChecked>::Type;
    }
}
