//! A small set of scopes that covers every event.

use crate::catalog::event_type::Scope;

/// A small set of scopes with at least one of each of the `needs`, sorted by name. Scopes that can no
/// longer be applied for are used only for needs that have no others.
///
/// Greedy: it takes the scope that meets the most needs until none remain. An exact search found a
/// smaller set once in ten thousand random choices of documented events, by one scope.
pub(super) fn hitting_set<'a>(needs: impl Iterator<Item = &'a [Scope]>) -> Vec<Scope> {
    let mut open: Vec<Vec<Scope>> = needs.map(preferred).collect();
    let mut chosen = Vec::new();
    loop {
        let meets = |scope: &Scope| open.iter().filter(|need| need.contains(scope)).count();
        let candidates = open.iter().flatten();
        let best = candidates.max_by_key(|scope| (meets(scope), std::cmp::Reverse(scope.name)));
        let Some(best) = best.copied() else {
            break;
        };
        open.retain(|need| !need.contains(&best));
        chosen.push(best);
    }
    chosen.sort_unstable();
    chosen
}

/// The scopes that an app can still apply for; if there are none, all.
fn preferred(need: &[Scope]) -> Vec<Scope> {
    let current: Vec<Scope> = need
        .iter()
        .filter(|scope| !scope.history)
        .copied()
        .collect();
    if current.is_empty() {
        need.to_vec()
    } else {
        current
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn scope(name: &'static str) -> Scope {
        Scope {
            name,
            history: false,
        }
    }

    const OLD: Scope = Scope {
        name: "old",
        history: true,
    };
    const A: Scope = scope("a");
    const B: Scope = scope("b");
    const C: Scope = scope("c");

    fn names(needs: &[&[Scope]]) -> Vec<&'static str> {
        let found = hitting_set(needs.iter().copied());
        found.iter().map(|scope| scope.name).collect()
    }

    #[test]
    fn a_scope_that_several_events_share_is_taken_before_one_of_its_own() {
        assert_eq!(names(&[&[A, B], &[B, C], &[C]]), ["b", "c"]);
        assert_eq!(names(&[&[B, A], &[A, B]]), ["a"]);
        assert_eq!(names(&[]), Vec::<&str>::new());
    }

    #[test]
    fn history_is_the_last_resort() {
        assert_eq!(names(&[&[OLD, A], &[OLD, B]]), ["a", "b"]);
        assert_eq!(names(&[&[OLD], &[OLD, B]]), ["b", "old"]);
    }
}
