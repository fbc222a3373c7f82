//! The arguments of the function: how each is taken, and where an error about one belongs.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::{FnArg, Signature, Type};

use crate::checked::checked;
use crate::content::Content;
use crate::place::Place;
use crate::root::Root;

/// One argument of the function.
pub(crate) struct Argument {
    /// Its type, without the reference.
    pub(crate) ty: TokenStream,
    /// Where the type is written.
    pub(crate) place: Place,
    /// The name of the type in generated code.
    pub(crate) alias: Ident,
    /// The constant that can be evaluated if the type is right.
    check: Ident,
    /// The variable that holds it.
    local: Ident,
    /// The variable that holds what it needs of the state.
    pub(crate) given: Ident,
    /// How it is passed on: by value or by reference.
    pub(crate) pass: TokenStream,
}

impl Argument {
    /// The function's arguments, in order.
    pub(crate) fn all(sig: &Signature) -> Vec<Self> {
        let inputs = sig.inputs.iter().enumerate();
        let arguments = inputs.filter_map(|(index, input)| Self::new(index, input));
        arguments.collect()
    }

    /// The argument that `input` is; `None` for `self`.
    fn new(index: usize, input: &FnArg) -> Option<Self> {
        let FnArg::Typed(typed) = input else {
            return None;
        };
        let name = |prefix| format_ident!("{prefix}{index}", span = Span::call_site());
        // Whatever the function is called, it is not this variable.
        let variable = |prefix| format_ident!("{prefix}{index}", span = Span::mixed_site());
        let local = variable("argument_");
        let (ty, pass) = match &*typed.ty {
            Type::Reference(reference) => {
                let mutability = reference.mutability.is_some().then(|| quote!(mut));
                (&*reference.elem, quote!(&#mutability #local))
            }
            other => (other, quote!(#local)),
        };
        Some(Self {
            ty: ty.to_token_stream(),
            place: Place::of(ty),
            alias: name("FeishuArgument"),
            check: name("FEISHU_ARGUMENT_"),
            local,
            given: variable("given_"),
            pass,
        })
    }

    /// Whether the type is called like one that every handler can take.
    pub(crate) fn is_ours(&self) -> bool {
        let ours = ["Context", "Header", "RawEvent", "State"];
        let word = last_word(self.ty.clone());
        word.is_some_and(|word| ours.iter().any(|name| word == name))
    }

    /// The declarations of the check and of the alias.
    pub(crate) fn declarations(&self, root: &Root, content: &Content) -> TokenStream {
        let (private, event) = (root.private(), &content.name);
        // Their messages differ.
        let fits = if content.is_named {
            quote!(ArgumentOfNamed)
        } else {
            quote!(Argument)
        };
        let is_event = quote!(as #private::#fits<#event>>::IS_EVENT);
        let is_event = self.place.around(quote!(<), &self.ty, is_event);
        checked(root, &self.check, &is_event, &self.alias, &self.ty)
    }

    /// A member of the type as an argument.
    pub(crate) fn member(&self, root: &Root, content: &Content, member: &str) -> TokenStream {
        let (private, alias, event) = (root.private(), &self.alias, &content.name);
        let member = format_ident!("{member}");
        quote!(<#alias as #private::Argument<#event>>::#member)
    }

    /// The code that takes it out of what was delivered.
    pub(crate) fn take(&self, root: &Root, content: &Content, delivered: &Ident) -> TokenStream {
        let Self { local, given, .. } = self;
        let take = self.member(root, content, "take");
        // Only an event that is taken twice is not there, and that does not compile.
        quote! {
            let ::core::option::Option::Some(mut #local) = #take(&mut #delivered, #given) else {
                return ::core::result::Result::Ok(::core::option::Option::None);
            };
        }
    }
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
