//! The lints that are switched off for generated code.

use proc_macro2::TokenStream;
use quote::quote;

/// An attribute that disables, for one generated item, the lints that would report our code as
/// the user's: it has the spans of the user's words.
///
/// Not `warnings`, nor `unused`, which include `dead_code`: what an item calls that is allowed to
/// be dead counts as used, and the compiler would no longer warn of a handler that is in no
/// dispatcher.
pub(crate) fn allowed() -> TokenStream {
    quote! {
        #[allow(
            deprecated,
            elided_lifetimes_in_paths,
            let_underscore_drop,
            missing_docs,
            non_local_definitions,
            non_snake_case,
            non_upper_case_globals,
            single_use_lifetimes,
            trivial_casts,
            trivial_numeric_casts,
            unreachable_code,
            unused_braces,
            unused_lifetimes,
            unused_mut,
            unused_parens,
            unused_qualifications,
            unused_results,
            unused_variables,
            variant_size_differences,
            clippy::all,
            clippy::pedantic,
            clippy::nursery,
            clippy::restriction
        )]
    }
}
