//! The fewest scopes of which each event has one.

use crate::catalog::event_type::Scope;

/// How many partial choices are tried before the best so far has to do.
const LIMIT: usize = 100_000;

/// The fewest scopes that hold one of each of the `needs`; of a need with current scopes, a
/// current one. Sorted by name.
pub(super) fn hitting_set<'a>(needs: impl Iterator<Item = &'a [Scope]>) -> Vec<Scope> {
    let mut needs: Vec<Vec<Scope>> = needs.map(preferred).collect();
    needs.sort_by(|a, b| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
    // A need that holds another one is met whenever that is.
    let mut essential: Vec<Vec<Scope>> = Vec::new();
    for need in needs {
        if !essential
            .iter()
            .any(|other| other.iter().all(|scope| need.contains(scope)))
        {
            essential.push(need);
        }
    }
    let mut search = Search {
        best: greedy(&essential),
        needs: essential,
        tried: 0,
    };
    search.try_with(&mut Vec::new());
    search.best.sort_unstable();
    search.best
}

/// The scopes that an app can still apply for; if there are none, all.
fn preferred(need: &[Scope]) -> Vec<Scope> {
    let current: Vec<Scope> = need
        .iter()
        .filter(|scope| !scope.history)
        .copied()
        .collect();
    let mut scopes = if current.is_empty() {
        need.to_vec()
    } else {
        current
    };
    scopes.sort_unstable();
    scopes
}

/// A small set, found at once: again and again the scope that meets most of what is left.
fn greedy(needs: &[Vec<Scope>]) -> Vec<Scope> {
    let mut chosen: Vec<Scope> = Vec::new();
    let mut open: Vec<&Vec<Scope>> = needs.iter().collect();
    while let Some(first) = open.first() {
        let meets = |scope: &Scope| open.iter().filter(|need| need.contains(scope)).count();
        let candidates = open.iter().flat_map(|need| need.iter());
        let best = candidates.max_by_key(|scope| (meets(scope), std::cmp::Reverse(scope.name)));
        let Some(best) = best.or(first.first()).copied() else {
            break;
        };
        chosen.push(best);
        open.retain(|need| !need.contains(&best));
    }
    chosen
}

/// Branch and bound: each scope of the first open need is tried.
struct Search {
    needs: Vec<Vec<Scope>>,
    best: Vec<Scope>,
    tried: usize,
}

impl Search {
    fn try_with(&mut self, chosen: &mut Vec<Scope>) {
        self.tried += 1;
        let is_open = |need: &&Vec<Scope>| !need.iter().any(|scope| chosen.contains(scope));
        let open: Vec<&Vec<Scope>> = self.needs.iter().filter(is_open).collect();
        let Some(first) = open.first() else {
            if chosen.len() < self.best.len() {
                self.best.clone_from(chosen);
            }
            return;
        };
        // Needs without a scope in common need a scope each.
        let mut apart: Vec<&Vec<Scope>> = Vec::new();
        for need in &open {
            if !apart
                .iter()
                .any(|other| other.iter().any(|scope| need.contains(scope)))
            {
                apart.push(need);
            }
        }
        if chosen.len() + apart.len() >= self.best.len() || self.tried > LIMIT {
            return;
        }
        for scope in (*first).clone() {
            chosen.push(scope);
            self.try_with(chosen);
            chosen.pop();
        }
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

    fn names(needs: &[&[Scope]]) -> Vec<&'static str> {
        let found = hitting_set(needs.iter().copied());
        found.iter().map(|scope| scope.name).collect()
    }

    #[test]
    fn fewest_is_fewer_than_greedy() {
        // Greedy takes `a`, which four share, and needs two more; `b` and `c` do alone.
        let of = |names: [&'static str; 3]| names.map(scope);
        let needs = [
            of(["a", "b", "1"]),
            of(["a", "b", "2"]),
            of(["a", "c", "3"]),
            of(["a", "c", "4"]),
            of(["b", "5", "6"]),
            of(["c", "7", "8"]),
        ];
        let all: Vec<Vec<Scope>> = needs.iter().map(|need| need.to_vec()).collect();
        assert_eq!(greedy(&all).len(), 3);
        assert_eq!(names(&needs.each_ref().map(|need| &need[..])), ["b", "c"]);
        assert_eq!(names(&[]), Vec::<&str>::new());
    }

    #[test]
    fn history_is_the_last_resort() {
        assert_eq!(names(&[&[OLD, A], &[OLD, B]]), ["a", "b"]);
        assert_eq!(names(&[&[OLD], &[OLD, B]]), ["b", "old"]);
    }
}
