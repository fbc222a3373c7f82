//! The expansion of `#[feishu_handler]`: the function as it was, and beside it a type of the same
//! name that implements `Registered`.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::spanned::Spanned;
use syn::{FnArg, ItemFn, Path, Signature, Type, Visibility};

use crate::associated;
use crate::attr::{self, Attribute, Target};
use crate::call::Call;
use crate::check;
use crate::feature;
use crate::lints;
use crate::marker::{marker, nothing};
use crate::registered::{content, registered};
use crate::root::Root;

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
    let Attribute {
        target,
        constants,
        on,
        root,
    } = attr::parse(attribute);
    let on_type = on.as_ref();
    let handler = match (target, check::check(sig)) {
        (Ok(target), Ok(())) => handler(&root, &target, on_type, vis, sig),
        (Err(error), Ok(())) | (Ok(_), Err(error)) => broken(&root, &error, on_type, vis, sig),
        (Err(mut error), Err(other)) => {
            error.combine(other);
            broken(&root, &error, on_type, vis, sig)
        }
    };
    let used = used(&constants, on.is_some(), &sig.ident);
    quote!(#item #handler #used)
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

/// A use of the constants that stand for names, so that no import of them is left over.
fn used(constants: &[Path], associated: bool, function: &Ident) -> Option<TokenStream> {
    let count = constants.len();
    let (lints, name) = (
        lints::allowed(),
        format_ident!("__FEISHU_NAMES_OF_{}", function),
    );
    // Only a name that is not `_` can be in an `impl`.
    let name = if associated { quote!(#name) } else { quote!(_) };
    (count > 0).then(|| quote!(#lints const #name: [&str; #count] = [#(#constants),*];))
}

fn handler(
    root: &Root,
    target: &Target,
    on: Option<&Type>,
    vis: &Visibility,
    sig: &Signature,
) -> TokenStream {
    let content = content(root, target);
    let name = &sig.ident;
    let gated = |code: TokenStream, without: TokenStream| match target {
        Target::One(event, span) => feature::gated(root, event, *span, &code, &without),
        _ => code,
    };
    match on {
        None => {
            let members = registered(root, target, &quote!(Self));
            let Call { body, once } = Call::new(root, &content, sig, &quote!(#name));
            let (marker, lints, private) = (marker(vis, name), lints::allowed(), root.private());
            let code = quote! {
                #lints
                const _: () = {
                    #[automatically_derived]
                    impl #private::Registered for #name {
                        #members
                        #body
                    }
                    #once
                };
            };
            let code = gated(code, nothing(root, name));
            quote!(#marker #code)
        }
        Some(on) => {
            let members = registered(root, target, &associated::stand_in(root, on, name));
            let Call { body, once } = Call::new(root, &content, sig, &quote!(<#on>::#name));
            let members = quote!(#members #body);
            let code = associated::handler(root, on, name, &members, once.as_ref());
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
    let error = error.to_compile_error();
    if let Some(on) = on {
        let nothing = associated::nothing(root, on, name);
        return quote!(#error #nothing);
    }
    // It can only be in an `impl`, where a type of its own would be one more error.
    if matches!(sig.inputs.first(), Some(FnArg::Receiver(_))) {
        return error;
    }
    let (marker, nothing) = (marker(vis, name), nothing(root, name));
    quote!(#error #marker #nothing)
}
