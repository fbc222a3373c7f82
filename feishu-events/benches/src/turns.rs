//! Rounds in which each line is measured once.

use std::time::{Duration, Instant};

/// Does something once and says how long that took.
type Work<'a> = Box<dyn FnMut() -> Duration + 'a>;

/// What is measured, line by line.
#[derive(Default)]
pub struct Turns<'a> {
    lines: Vec<(&'a str, Work<'a>)>,
}

impl<'a> Turns<'a> {
    /// Without any line yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a line whose whole work is measured.
    #[must_use]
    pub fn line(self, name: &'a str, mut work: impl FnMut() + 'a) -> Self {
        self.timed(name, move || {
            let begun = Instant::now();
            work();
            begun.elapsed()
        })
    }

    /// Adds a line that measures itself, because it prepares something first.
    #[must_use]
    pub fn timed(mut self, name: &'a str, work: impl FnMut() -> Duration + 'a) -> Self {
        self.lines.push((name, Box::new(work)));
        self
    }

    /// Measures all lines this often, in turns, after one round that does not count.
    pub fn run(mut self, rounds: usize) -> Times<'a> {
        let mut times = vec![Vec::with_capacity(rounds); self.lines.len()];
        for round in 0..=rounds {
            for ((_, work), times) in self.lines.iter_mut().zip(&mut times) {
                let time = work();
                if round > 0 {
                    times.push(time.as_secs_f64());
                }
            }
        }
        let names = self.lines.into_iter().map(|(name, _)| name);
        Times(names.zip(times).collect())
    }
}

/// How long each line took in each round.
pub struct Times<'a>(Vec<(&'a str, Vec<f64>)>);

impl Times<'_> {
    /// The median of a line, in seconds.
    ///
    /// # Panics
    /// A line that has not been measured.
    pub fn median(&self, line: &str) -> f64 {
        median(self.of(line).to_vec())
    }

    /// How many times as long as `ours` the line `theirs` takes: the median over all rounds.
    ///
    /// # Panics
    /// A line that has not been measured.
    pub fn ratio(&self, ours: &str, theirs: &str) -> f64 {
        let rounds = self.of(theirs).iter().zip(self.of(ours));
        median(rounds.map(|(theirs, ours)| theirs / ours).collect())
    }

    fn of(&self, line: &str) -> &[f64] {
        let found = self.0.iter().find(|(name, _)| *name == line);
        match found {
            Some((_, times)) if !times.is_empty() => times,
            _ => panic!("`{line}` has not been measured"),
        }
    }
}

/// The middle of some numbers.
///
/// # Panics
/// No numbers.
pub fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ratio_is_taken_in_each_round() {
        // The machine is slow in the second round, for both; the medians alone would say 13.
        let mut ours = [1, 2, 20, 3].map(Duration::from_secs).into_iter();
        let mut theirs = [1, 4, 40, 60].map(Duration::from_secs).into_iter();
        let times = Turns::new()
            .timed("ours", || ours.next().unwrap())
            .timed("theirs", || theirs.next().unwrap())
            .run(3);
        assert!((times.ratio("ours", "theirs") - 2.0).abs() < 1e-9);
        assert!((times.median("ours") - 3.0).abs() < 1e-9);
    }
}
