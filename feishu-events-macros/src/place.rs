//! Where errors about generated code are shown, without an editor taking the code for what is
//! written there.
//!
//! An editor answers for a word with all that has exactly the word's span: its documentation, its
//! definition, its uses. So generated words get spans that are empty: the first one that at the start
//! of the place, the others that at its end. What the compiler parses from the first to the last of
//! them spans the whole place, which is where it shows an error.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};

/// From the start of a word, or of several, to their end.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    start: Span,
    end: Span,
}

impl Place {
    /// That of a single word.
    pub(crate) fn word(word: Span) -> Self {
        Self {
            start: start(word),
            end: end(word),
        }
    }

    /// That of what the user wrote.
    pub(crate) fn of(written: &impl ToTokens) -> Self {
        let mut tokens = written.to_token_stream().into_iter();
        let Some(first) = tokens.next() else {
            return Self::attribute();
        };
        let last = tokens.last().unwrap_or_else(|| first.clone());
        Self {
            start: start(first.span()),
            end: end(last.span()),
        }
    }

    /// That of the attribute, or of the macro's call.
    pub(crate) fn attribute() -> Self {
        Self {
            start: Span::call_site(),
            end: Span::call_site(),
        }
    }

    /// A use of the user's name that an editor does not take for one.
    pub(crate) fn unseen(name: &Ident) -> Ident {
        let mut name = name.clone();
        name.set_span(start(name.span()));
        name
    }

    /// A name made of the user's.
    pub(crate) fn unseen_named(prefix: &str, name: &Ident) -> Ident {
        let mut named = format_ident!("{prefix}{name}");
        named.set_span(start(name.span()));
        named
    }

    /// What is generated, at this place. What the user wrote must not be among it.
    pub(crate) fn put(self, generated: TokenStream) -> TokenStream {
        let mut tokens = generated.into_iter();
        let first = tokens.next().map(|token| located(token, self.start));
        let rest = self.inside(tokens.collect());
        quote!(#first #rest)
    }

    /// An error that the compiler shows here. An editor shows it where the word `compile_error`
    /// stands, which is why this word has the user's span, and for as long as there is an error.
    pub(crate) fn error(word: Span, problem: &str) -> TokenStream {
        let place = Self::word(word);
        let (path, problem) = (
            place.put(quote!(::core::)),
            place.inside(quote!(! { #problem })),
        );
        let compile_error = Ident::new("compile_error", word);
        quote!(#path #compile_error #problem)
    }

    /// What is generated and does not begin at this place.
    pub(crate) fn inside(self, generated: TokenStream) -> TokenStream {
        let tokens = generated.into_iter();
        tokens.map(|token| located(token, self.end)).collect()
    }

    /// A member of the type with this name, of which both the type and the whole span the place.
    pub(crate) fn member(self, name: &Ident, member: TokenStream) -> TokenStream {
        let (begin, ty, end) = (self.put(quote!(<)), self.ty(name), self.inside(member));
        quote!(#begin #ty #end)
    }

    /// The type with this name. A single word could not span the place, so it gets brackets.
    pub(crate) fn ty(self, name: &Ident) -> TokenStream {
        self.put(quote!(#name<>))
    }

    /// What is generated, and brackets around code that is not at this place.
    pub(crate) fn before(
        self,
        generated: TokenStream,
        brackets: Delimiter,
        code: TokenStream,
    ) -> TokenStream {
        let generated = self.put(generated);
        let mut group = Group::new(brackets, code);
        group.set_span(self.end);
        quote!(#generated #group)
    }

    /// What is generated, around what the user wrote, which keeps its spans.
    pub(crate) fn around(
        self,
        before: TokenStream,
        written: &TokenStream,
        after: TokenStream,
    ) -> TokenStream {
        let (before, after) = (self.put(before), self.inside(after));
        quote!(#before #written #after)
    }
}

fn located(mut token: TokenTree, at: Span) -> TokenTree {
    if let TokenTree::Group(group) = &token {
        let inner = group.stream().into_iter().map(|token| located(token, at));
        token = Group::new(group.delimiter(), inner.collect()).into();
    }
    // Which crate `$crate` is, only its own span says.
    let span = match &token {
        TokenTree::Ident(ident) if *ident == "$crate" => ident.span().located_at(at),
        _ => at,
    };
    token.set_span(span);
    token
}

// This `unwrap` gives the compiler's own span; it fails only outside a macro, where nothing calls these.
fn start(word: Span) -> Span {
    word.unwrap().start().into()
}

fn end(word: Span) -> Span {
    word.unwrap().end().into()
}
