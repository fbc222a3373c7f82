//! All mistakes of one attribute, each on its own place.

use proc_macro2::{Span, TokenStream};
use syn::spanned::Spanned;

use crate::place::Place;

/// The mistakes found so far.
#[derive(Default)]
pub(crate) struct Mistakes(Option<syn::Error>);

impl Mistakes {
    /// Adds a mistake.
    pub(crate) fn add(&mut self, at: &impl Spanned, problem: &str) {
        self.add_at(at.span(), problem);
    }

    /// Adds a mistake at a place.
    pub(crate) fn add_at(&mut self, at: Span, problem: &str) {
        self.add_error(syn::Error::new(at, problem));
    }

    /// Adds the mistakes of another check.
    pub(crate) fn add_error(&mut self, error: syn::Error) {
        match &mut self.0 {
            Some(errors) => errors.combine(error),
            None => self.0 = Some(error),
        }
    }

    /// All mistakes as one error, if there is one.
    pub(crate) fn into_result(self) -> syn::Result<()> {
        self.0.map_or(Ok(()), Err)
    }
}

/// The mistakes as code that the compiler shows them for.
pub(crate) fn compile_error(error: &syn::Error) -> TokenStream {
    let errors = error.clone().into_iter();
    let errors = errors.map(|error| Place::error(error.span(), &error.to_string()));
    errors.collect()
}
