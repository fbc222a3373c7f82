//! The expansion of `dispatcher!`: a type that routes by one `match`.

use proc_macro2::{Delimiter, Ident, Span, TokenStream};
use quote::{format_ident, quote};
use syn::Path;

use crate::associated::Handler;
use crate::editor;
use crate::marker::spelled;
use crate::mistakes::compile_error;
use crate::place::Place;
use crate::root::Root;

mod input;
mod named;

use input::{Entry, Input};

/// Expands the macro.
pub(crate) fn expand(input: TokenStream) -> TokenStream {
    let Input {
        root,
        entries,
        mentioned,
        error,
    } = input::parse(input);
    // First of all, as in the attribute.
    let mentioned = editor::mentioned(&root, &mentioned);
    let dispatcher = dispatcher(&root, &entries);
    let errors = error.as_ref().map(compile_error);
    // In a block of its own, so that an editor does not propose what is declared there.
    quote!({ #mentioned #errors { #dispatcher } })
}

fn dispatcher(root: &Root, entries: &[Entry]) -> TokenStream {
    let private = root.private();
    let routes: Vec<Route> = entries
        .iter()
        .enumerate()
        .map(|(index, entry)| Route::new(root, index, &entry.handler))
        .collect();
    let aliases = routes.iter().map(|route| &route.alias);
    let claims = routes.iter().map(|route| &route.claim);
    let handled = routes.iter().map(|route| {
        let name = &route.name;
        route
            .place
            .member(name, quote!(as #private::Registered>::HANDLED))
    });
    let alone = routes.iter().enumerate().map(|(index, route)| {
        let panic = quote!(::core::panic!);
        let problem = quote!("{}", OTHERS[other]);
        let panic = route.place.before(panic, Delimiter::Parenthesis, problem);
        quote! {
            const _: () = if let ::core::option::Option::Some(other) =
                #private::other_handler(HANDLED, #index)
            {
                #panic
            };
        }
    });
    let others = entries.iter().map(|entry| {
        let path = spelled(&entry.handler);
        format!("`{path}` handles the same event, but an event can have only one handler")
    });
    let named = entries.iter().zip(&routes);
    let named = named.map(|(entry, route)| named::check(root, &route.name, entry));
    let bounds = routes.iter().map(|route| {
        let name = &route.name;
        let ty = route.place.ty(name);
        let bound = route.place.put(quote!(#private::Handler<FeishuState>));
        quote!(#ty: #bound)
    });
    // What the compiler says of a handler more than once it says at one place.
    let numbers = routes.iter().map(|route| {
        let (name, number) = (&route.name, &route.number);
        let id = route
            .place
            .member(name, quote!(as #private::Registered>::EVENT_ID));
        quote!(const #number: u16 = #id;)
    });
    let (by_number, by_list, fallback) = arms(root, &routes);
    let root = root.path();
    quote! {
        struct ThisDispatcher;

        const HANDLED: &[#private::Handled] = &[#(#handled),*];
        const OTHERS: &[&str] = &[#(#others),*];

        #(#aliases)*
        #(#claims)*
        #(#alone)*
        #(#named)*
        #(#numbers)*
        #[automatically_derived]
        impl<FeishuState> #private::Routes<FeishuState> for ThisDispatcher
        where
            FeishuState: ::core::marker::Send + ::core::marker::Sync + 'static,
            #(#bounds,)*
        {
            fn handled(&self) -> ::std::vec::Vec<#private::Handled> {
                HANDLED.to_vec()
            }

            #[allow(unreachable_patterns, unused_variables)]
            fn route(
                &self,
                event: #private::Undecoded<'_>,
                state: &FeishuState,
            ) -> #private::Routed {
                match #private::event_id(event.event_type()) {
                    #(#by_number)*
                    #(#by_list)*
                    #(#fallback)*
                    _ => ::core::result::Result::Ok(::core::option::Option::None),
                }
            }
        }

        #root::Dispatcher::new(ThisDispatcher)
    }
}

/// One handler of a dispatcher.
struct Route {
    /// Where its path stands.
    place: Place,
    /// The type that stands for it; the path is written once, so that a path to anything but a
    /// handler is a single error.
    name: Ident,
    alias: TokenStream,
    /// Its claim of its event, at the handler's place: two that claim one event are conflicting
    /// implementations, and the compiler shows both places.
    claim: TokenStream,
    /// The constant with its event's id.
    number: Ident,
}

impl Route {
    fn new(root: &Root, index: usize, path: &Path) -> Self {
        let (place, private) = (Place::of(path), root.private());
        let name = format_ident!("FeishuHandler{index}", span = Span::call_site());
        let Handler { stand_in, claim } = Handler::at(root, path, &name);
        let begin = place.put(quote!(impl #private::OneHandlerOf<));
        let end = place.inside(quote!(> for ThisDispatcher {}));
        let claim = quote!(#begin #claim #end);
        Self {
            place,
            alias: quote!(type #name = #stand_in;),
            name,
            claim: quote!(#[automatically_derived] #claim),
            number: format_ident!("EVENT_{index}", span = Span::call_site()),
        }
    }
}

/// The arms of the `match` on an event's number: for handlers of one event, of several or of an
/// event by name, of the rest. The compiler drops those that no event takes.
fn arms(root: &Root, routes: &[Route]) -> (Vec<TokenStream>, Vec<TokenStream>, Vec<TokenStream>) {
    let (mut by_number, mut by_list, mut fallback) = (Vec::new(), Vec::new(), Vec::new());
    let private = root.private();
    for Route {
        place,
        name,
        number,
        ..
    } in routes
    {
        let handle = place.member(name, quote!(as #private::Handler<FeishuState>>::handle));
        let handle = quote!(#handle(event, state));
        by_number.push(quote!(#number => #handle,));
        let (begin, ty, end) = (
            place.put(quote!(#private::wants::<)),
            place.ty(name),
            place.inside(quote!(>)),
        );
        let wants = quote!(#begin #ty #end);
        by_list.push(quote!(_ if #wants(&event) => #handle,));
        let is_fallback = place.member(name, quote!(as #private::Registered>::IS_FALLBACK));
        fallback.push(quote!(_ if #is_fallback => #handle,));
    }
    (by_number, by_list, fallback)
}
