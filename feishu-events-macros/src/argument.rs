//! The arguments of the function: how each is taken, and where an error about one belongs.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{FnArg, Type};

use crate::located::located;
use crate::root::Root;

/// One argument of the function.
pub(crate) struct Argument {
    /// The variable that holds it.
    pub(crate) local: Ident,
    /// The variable that holds what it needs of the state.
    pub(crate) given: Ident,
    /// Its type, without the reference, all at one place.
    pub(crate) ty: TokenStream,
    /// The place: the type's last word.
    pub(crate) at: Span,
    /// How it is passed on: by value or by reference.
    pub(crate) pass: TokenStream,
}

impl Argument {
    /// The argument that `input` is; `None` for `self`.
    pub(crate) fn new(index: usize, input: &FnArg) -> Option<Self> {
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
    fn as_argument(&self, root: &Root, content: &TokenStream) -> TokenStream {
        let (ty, content) = (&self.ty, located(content.clone(), self.at));
        let private = root.private_at(self.at);
        quote_spanned!(self.at=> <#ty as #private::Argument<#content>>)
    }

    /// What it needs of the state.
    ///
    /// The constant cannot be evaluated where the type is not an argument of this event: with
    /// it the compiler takes this type for an error already shown, and `dispatcher!` adds no second
    /// one.
    pub(crate) fn needs(&self, root: &Root, content: &TokenStream) -> TokenStream {
        let (ty, is_event) = (&self.ty, self.is_event(root, content));
        let (private, content) = (root.private_at(self.at), located(content.clone(), self.at));
        quote_spanned! {self.at=>
            <#private::Checked<#ty, { let _ = #is_event; true }> as #private::ArgumentNeeds<#content>>::Needs
        }
    }

    /// Whether it is the event itself.
    pub(crate) fn is_event(&self, root: &Root, content: &TokenStream) -> TokenStream {
        let argument = self.as_argument(root, content);
        quote_spanned!(self.at=> #argument::IS_EVENT)
    }

    /// Whether it is the event as it came.
    pub(crate) fn is_raw_event(&self, root: &Root, content: &TokenStream) -> TokenStream {
        let argument = self.as_argument(root, content);
        quote_spanned!(self.at=> #argument::IS_RAW_EVENT)
    }

    /// The code that takes it out of what was delivered.
    pub(crate) fn take(&self, root: &Root, content: &TokenStream) -> TokenStream {
        let Self { local, given, .. } = self;
        let argument = self.as_argument(root, content);
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
pub(crate) fn suspect(arguments: &[Argument]) -> Option<Span> {
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
