//! What the attribute asks of a function, all mistakes at once.

use syn::{FnArg, GenericParam, Safety, Signature, Type};

use crate::mistakes::Mistakes;

/// Checks `signature`; gives back all that is wrong with it.
pub(crate) fn check(signature: &Signature) -> syn::Result<()> {
    let mut mistakes = Mistakes::default();
    if let Safety::Unsafe(keyword) = &signature.safety {
        mistakes.add(
            keyword,
            "an event handler cannot be `unsafe`: it is called from safe code",
        );
    }
    if let Some(abi) = &signature.abi {
        mistakes.add(
            abi,
            "an event handler cannot be `extern`: it is called from Rust",
        );
    }
    if let Some(variadic) = &signature.variadic {
        mistakes.add(variadic, "an event handler cannot be variadic");
    }
    for parameter in &signature.generics.params {
        if !matches!(parameter, GenericParam::Lifetime(_)) {
            let problem = "an event handler cannot be generic\nhelp: its event determines the \
                           types of its arguments";
            mistakes.add(parameter, problem);
        }
    }
    for argument in &signature.inputs {
        match argument {
            FnArg::Receiver(receiver) => {
                let problem = "an event handler cannot take `self`\nhelp: pass what it needs from the \
                               app as `State<T>`";
                mistakes.add(receiver, problem);
            }
            FnArg::Typed(typed) if matches!(*typed.ty, Type::ImplTrait(_)) => {
                mistakes.add(
                    &typed.ty,
                    "an event handler must name the types of its arguments\nhelp: the event; \
                     `State<T>`; `Header`; `Context`; `RawEvent`",
                );
            }
            FnArg::Typed(_) => {}
        }
    }
    mistakes.into_result()
}
