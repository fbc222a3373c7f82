//! The expansion of `#[feishu_handler]`: the function as it was, and beside it a type of the same
//! name that implements `Registered`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::spanned::Spanned;
use syn::{FnArg, Path, Signature, Type, Visibility};

use crate::argument::Argument;
use crate::associated::{self, Owner};
use crate::attr::{self, Attribute, EXAMPLE, Target};
use crate::call::Call;
use crate::check;
use crate::declare;
use crate::editor;
use crate::feature;
use crate::function::{Begun, Function};
use crate::lints;
use crate::marker::{self, marker, nothing};
use crate::mistakes::compile_error;
use crate::place::Place;
use crate::registered::registered;
use crate::root::Root;

/// Expands the attribute. The item always comes out unchanged; errors stand behind it.
pub(crate) fn expand(attribute: TokenStream, item: &TokenStream) -> TokenStream {
    let Attribute {
        target,
        constants,
        mentioned,
        on,
        root,
    } = attr::parse(attribute);
    // First of all: an editor that completes a path looks for it where it was before the path got
    // its next letters, with an error in place of a name or without.
    let mentioned = editor::mentioned(&root, &mentioned);
    let on_type = on.as_ref();
    let function = match syn::parse2::<Function>(item.clone()) {
        Ok(function) => function,
        Err(error) => {
            let error = compile_error(&not_a_function(item, error));
            let begun = syn::parse2::<Begun>(item.clone()).ok();
            let begun = begun.map(|Begun { vis, name }| stand_in(&root, on_type, &vis, &name));
            return quote!(#mentioned #item #begun #error);
        }
    };
    let Function { vis, sig } = &function;
    let target = target.and_then(|target| named(target, sig));
    let handler = match (target, check::check(sig)) {
        (Ok(target), Ok(())) => handler(&root, &target, on_type, vis, sig),
        (Err(error), Ok(())) | (Ok(_), Err(error)) => broken(&root, &error, on_type, vis, sig),
        (Err(mut error), Err(other)) => {
            error.combine(other);
            broken(&root, &error, on_type, vis, sig)
        }
    };
    let used = used(&constants, on.is_some(), &sig.ident);
    quote!(#mentioned #item #handler #used)
}

/// An error for items other than functions; what does not even parse is left to the compiler, whose
/// message is the better one.
fn not_a_function(item: &TokenStream, error: syn::Error) -> syn::Error {
    match syn::parse2::<syn::Item>(item.clone()) {
        Ok(item) => {
            let problem = "`#[feishu_handler]` can only be used on functions";
            syn::Error::new(item.span(), problem)
        }
        Err(_) => error,
    }
}

/// Refuses a handler of which nothing says what it handles.
fn named(target: Target, sig: &Signature) -> syn::Result<Target> {
    if matches!(target, Target::ByType) && sig.inputs.is_empty() {
        // The only token to point at is the attribute itself, whose span this is.
        let problem = format!(
            "the name of the event is missing, and no argument says which event is meant\n{EXAMPLE}, or take \
             the event as an argument: `event: contact::DepartmentUpdatedV3`"
        );
        return Err(syn::Error::new(Span::call_site(), problem));
    }
    Ok(target)
}

/// A use of the constants that stand for names, so that no import of them is left over.
fn used(constants: &[Path], associated: bool, function: &Ident) -> Option<TokenStream> {
    let count = constants.len();
    let lints = lints::allowed();
    // Only a name that is not `_` can be in an `impl`.
    let name = if associated {
        let name = Place::unseen_named("__FEISHU_NAMES_OF_", function);
        quote!(#name)
    } else {
        quote!(_)
    };
    (count > 0).then(|| quote!(#lints const #name: [&str; #count] = [#(#constants),*];))
}

fn handler(
    root: &Root,
    target: &Target,
    on: Option<&Type>,
    vis: &Visibility,
    sig: &Signature,
) -> TokenStream {
    let arguments = Argument::all(sig);
    let content = declare::content(root, target, &arguments);
    let declaration = &content.declaration;
    let name = &sig.ident;
    let gated = |code: TokenStream, without: TokenStream| match target {
        Target::One(event, span) => feature::gated(root, event, *span, &code, &without),
        _ => code,
    };
    let unseen = Place::unseen(name);
    match on {
        None => {
            let members = registered(root, target, &content, &quote!(Self));
            let Call {
                declarations,
                members: call,
            } = Call::new(root, &content, sig, &arguments, &quote!(#unseen));
            let marker = marker(vis, name, &marker::doc(target, sig));
            let (lints, private) = (lints::allowed(), root.private());
            let code = quote! {
                #lints
                const _: () = {
                    #declaration
                    #declarations
                    #[automatically_derived]
                    impl #private::Registered for #unseen {
                        #members
                        #call
                    }
                };
            };
            let code = gated(code, nothing(root, name));
            quote!(#marker #code)
        }
        Some(on) => {
            let owner = Owner::new(on, name);
            let members = registered(root, target, &content, &owner.stand_in(root));
            let Call {
                declarations,
                members: call,
            } = Call::new(root, &content, sig, &arguments, &owner.function());
            let declarations = quote!(#declaration #declarations);
            let code = owner.handler(root, &declarations, &quote!(#members #call));
            gated(code, associated::nothing(root, on, name))
        }
    }
}

/// A handler that keeps `dispatcher!` quiet about a function whose attribute is wrong.
fn broken(
    root: &Root,
    error: &syn::Error,
    on: Option<&Type>,
    vis: &Visibility,
    sig: &Signature,
) -> TokenStream {
    let name = &sig.ident;
    let error = compile_error(error);
    // It can only be in an `impl`, where a type of its own would be one more error.
    if on.is_none() && matches!(sig.inputs.first(), Some(FnArg::Receiver(_))) {
        return error;
    }
    let stand_in = stand_in(root, on, vis, name);
    quote!(#stand_in #error)
}

/// What `dispatcher!` finds of a function that handles nothing.
fn stand_in(root: &Root, on: Option<&Type>, vis: &Visibility, name: &Ident) -> TokenStream {
    if let Some(on) = on {
        return associated::nothing(root, on, name);
    }
    let (marker, nothing) = (marker(vis, name, ""), nothing(root, name));
    quote!(#marker #nothing)
}
