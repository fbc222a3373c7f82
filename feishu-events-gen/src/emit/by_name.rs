//! From a name to its event: a perfect hash.
//!
//! A `match` over all names is as fast while the processor remembers the way through it; after the
//! reading of an event it does not, and the `match` costs three times as much (measured on the
//! documented samples). This way has no branch to remember.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::structs::type_ident;
use super::text;
use crate::error::{Error, Result};
use crate::model::Model;

include!("by_name/hash.rs");

const HASH: &str = include_str!("by_name/hash.rs");

/// The text of the module with the names and the way to them.
pub(super) fn by_name(model: &Model<'_>) -> Result<String> {
    let file = "by_name.rs";
    let names: Vec<&str> = model
        .events
        .iter()
        .map(|event| event.schema.event_type.as_str())
        .collect();
    let Places {
        words,
        displacements,
        slots,
    } = Places::of(&names);
    let events = slots.iter().filter_map(|index| {
        let event = model.events.get(*index)?;
        let variant = type_ident(&event.variant);
        Some(quote!(EventType::#variant))
    });
    let emit_error = |source| Error::Emit {
        file: file.to_owned(),
        source,
    };
    let functions = syn::parse_file(HASH).map_err(emit_error)?.items;
    let functions: TokenStream = quote!(#(#functions)*);
    let [words, buckets, count] =
        [words, displacements.len(), names.len()].map(Literal::usize_unsuffixed);
    let displacements = displacements.into_iter().map(Literal::u16_unsuffixed);
    let items = quote! {
        use crate::catalog::event_type::EventType;

        impl EventType {
            pub(crate) fn from_name(name: &str) -> Option<Self> {
                let hash = hash(name.as_bytes(), WORDS);
                let displacement = DISPLACEMENTS[bucket(hash, DISPLACEMENTS.len())];
                let found = *EVENTS.get(slot(hash, displacement, EVENTS.len()))?;
                (found.as_str() == name).then_some(found)
            }
        }

        #functions

        /// So many words of each name tell all names apart.
        const WORDS: usize = #words;

        static DISPLACEMENTS: [u16; #buckets] = [#(#displacements),*];

        static EVENTS: [EventType; #count] = [#(#events),*];
    };
    let docs = [
        "From the name of an event to the event: a perfect hash.".to_owned(),
        String::new(),
        "The displacement of a name's bucket moves the bucket's names to places where no other is."
            .to_owned(),
    ];
    text::file(file, &docs, items)
}

/// A place for each name.
struct Places {
    /// How many words of a name are hashed.
    words: usize,
    /// By bucket.
    displacements: Vec<u16>,
    /// The index of the name that is at each place.
    slots: Vec<usize>,
}

impl Places {
    /// Places for names that all differ; the same for the same names.
    fn of(names: &[&str]) -> Self {
        let mut words = 3;
        let hashes = loop {
            let hashes: Vec<u64> = names
                .iter()
                .map(|name| hash(name.as_bytes(), words))
                .collect();
            let mut sorted = hashes.clone();
            sorted.sort_unstable();
            // Enough words cover all bytes, so that this comes to an end.
            if sorted.is_sorted_by(|one, next| one < next) {
                break hashes;
            }
            words += 1;
        };
        let mut buckets = (names.len() / 2).next_power_of_two();
        loop {
            if let Some((displacements, slots)) = place(&hashes, buckets) {
                return Self {
                    words,
                    displacements,
                    slots,
                };
            }
            buckets *= 2;
        }
    }
}

/// The displacement of each bucket, and what is in each slot; `None` if more buckets are needed.
fn place(hashes: &[u64], buckets: usize) -> Option<(Vec<u16>, Vec<usize>)> {
    let mut members = vec![Vec::new(); buckets];
    for (index, hash) in hashes.iter().enumerate() {
        members[bucket(*hash, buckets)].push(index);
    }
    let mut order: Vec<usize> = (0..buckets).collect();
    // The full ones first, while there is room; the sort is stable.
    order.sort_by_key(|bucket| std::cmp::Reverse(members[*bucket].len()));
    let mut displacements = vec![0; buckets];
    let mut slots = vec![None; hashes.len()];
    for bucket in order {
        let members = &members[bucket];
        let slots_of = |displacement: &u16| -> Vec<usize> {
            members
                .iter()
                .map(|index| slot(hashes[*index], *displacement, hashes.len()))
                .collect()
        };
        let is_free = |places: &[usize]| {
            let mut sorted = places.to_owned();
            sorted.sort_unstable();
            sorted.is_sorted_by(|one, next| one < next)
                && places.iter().all(|place| slots[*place].is_none())
        };
        let displacement = (0..=u16::MAX).find(|displacement| is_free(&slots_of(displacement)))?;
        for (index, place) in members.iter().zip(slots_of(&displacement)) {
            slots[place] = Some(*index);
        }
        displacements[bucket] = displacement;
    }
    Some((displacements, slots.into_iter().flatten().collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(names: &[&str]) {
        let places = Places::of(names);
        assert_eq!(places.slots.len(), names.len());
        for (index, name) in names.iter().enumerate() {
            let hash = hash(name.as_bytes(), places.words);
            let bucket = bucket(hash, places.displacements.len());
            let slot = slot(hash, places.displacements[bucket], names.len());
            assert_eq!(places.slots[slot], index, "{name}");
        }
    }

    #[test]
    fn each_name_has_its_place() {
        check(&[]);
        check(&["message"]);
        check(&["", "a", "message", "message_read", "add_bot"]);
        let many: Vec<String> = (0..2000).map(|n| format!("service.thing.{n}_v1")).collect();
        check(&many.iter().map(String::as_str).collect::<Vec<_>>());
    }

    #[test]
    fn names_that_differ_anywhere_are_told_apart() {
        let name = "security_and_compliance.access_policy_set.rule_changed_v1";
        let others = (0..name.len()).map(|at| format!("{}%{}", &name[..at], &name[at + 1..]));
        let names: Vec<String> = others.chain([name.to_owned()]).collect();
        check(&names.iter().map(String::as_str).collect::<Vec<_>>());
    }
}
