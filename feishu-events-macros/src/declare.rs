//! Which type the event is read into: what the attribute says, or the arguments.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};

use crate::argument::Argument;
use crate::attr::Target;
use crate::checked::checked;
use crate::content::Content;
use crate::event_table;
use crate::place::Place;
use crate::root::Root;

/// The type for what the attribute says.
pub(crate) fn content(root: &Root, target: &Target, arguments: &[Argument]) -> Content {
    let name = Ident::new("FeishuEvent", Span::call_site());
    let path = root.path();
    let declaration = match target {
        // The last word of the path is what the name of the event stands for: an editor shows
        // for the name what it shows for this word.
        Target::One(event, span) => {
            let service = event_table::ident(event.service, Span::call_site());
            let before = Place::word(*span).put(quote!(#path::#service::));
            let payload = event_table::ident(event.payload, *span);
            quote!(type #name = #before #payload;)
        }
        Target::Custom(_, payload) => custom(root, &name, &payload.to_token_stream()),
        Target::ByType => by_type(root, &name, arguments),
        Target::Several(_) | Target::Fallback => quote!(type #name = #path::Event;),
    };
    let is_named = matches!(target, Target::One(..));
    Content {
        declaration,
        name,
        is_named,
    }
}

/// A type of the user's.
fn custom(root: &Root, name: &Ident, payload: &TokenStream) -> TokenStream {
    let (place, private) = (Place::of(payload), root.private());
    let custom = quote!(#private::Custom<#payload>);
    let begin = place.put(quote!(<));
    let at_place = place.around(quote!(#private::Custom<), payload, quote!(>));
    let end = place.inside(quote!(as #private::Content>::deliver));
    let deliver = quote!(#begin #at_place #end);
    let check = Ident::new("FEISHU_EVENT", Span::call_site());
    checked(root, &check, &deliver, name, &custom)
}

/// The argument that is the payload of an event. Which one it is, only the types say, whatever they are
/// called here; one that is not called like ours is asked first, so that an error stands on it.
fn by_type(root: &Root, name: &Ident, arguments: &[Argument]) -> TokenStream {
    let private = root.private();
    let mut asked: Vec<&Argument> = arguments.iter().collect();
    asked.sort_by_key(|argument| argument.is_ours());
    let Some((first, others)) = asked.split_first() else {
        // Refused before, where the whole attribute is the place.
        let path = root.path();
        return quote!(type #name = #path::Event;);
    };
    let others = others.iter().rev().fold(quote!(()), |rest, argument| {
        let ty = &argument.ty;
        quote!((#ty, #rest))
    });
    let ty = &first.ty;
    let named = first.place.around(
        quote!(<),
        ty,
        quote!(as #private::NamesEvent<#others>>::IS_PAYLOAD),
    );
    let check = Ident::new("FEISHU_EVENT", Span::call_site());
    let alias = Ident::new("FeishuArguments", Span::call_site());
    let arguments = checked(root, &check, &named, &alias, &quote!((#ty, #others)));
    quote! {
        #arguments
        type #name = <#alias as #private::ArgumentsNameEvent>::Event;
    }
}
