//! Medians and their spread, and means over many tests.

use serde::{Deserialize, Serialize};

/// Several measurements of one thing, one a round.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Samples(Vec<f64>);

/// A mean over several tests, with what it was in the round where it was least and where it was most.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mean {
    /// Of the medians.
    pub mean: f64,
    /// Of the best round.
    pub least: f64,
    /// Of the worst round.
    pub most: f64,
}

impl Samples {
    /// Adds the measurement of another round.
    pub fn push(&mut self, sample: f64) {
        self.0.push(sample);
    }

    /// The measurements in the order of the rounds.
    pub fn values(&self) -> &[f64] {
        &self.0
    }

    /// The middle one, or the mean of the middle two.
    ///
    /// # Panics
    /// If there are none.
    pub fn median(&self) -> f64 {
        let sorted = self.sorted();
        let middle = sorted.len() / 2;
        if sorted.len() % 2 == 1 { sorted[middle] } else { (sorted[middle - 1] + sorted[middle]) / 2.0 }
    }

    /// The least and the most; of twenty and more, what remains without the tenth at either end: among many starts there
    /// is always one that the machine kept waiting.
    ///
    /// # Panics
    /// If there are none.
    pub fn spread(&self) -> (f64, f64) {
        let sorted = self.sorted();
        let cut = if sorted.len() < 20 { 0 } else { sorted.len() / 10 };
        (sorted[cut], sorted[sorted.len() - 1 - cut])
    }

    fn sorted(&self) -> Vec<f64> {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        sorted
    }

    /// Each sample over the one of the same round.
    ///
    /// # Panics
    /// If the two were not measured in the same rounds.
    pub fn over(&self, other: &Samples) -> Samples {
        assert_eq!(self.0.len(), other.0.len(), "samples of different rounds have no ratio");
        self.0.iter().zip(&other.0).map(|(one, other)| one / other).collect()
    }

    /// The sums of the samples of the same round.
    ///
    /// # Panics
    /// If the two were not measured in the same rounds, unless there are none here.
    pub fn plus(&self, other: &Samples) -> Samples {
        if self.0.is_empty() {
            return other.clone();
        }
        assert_eq!(self.0.len(), other.0.len(), "samples of different rounds have no sum");
        self.0.iter().zip(&other.0).map(|(one, other)| one + other).collect()
    }
}

impl FromIterator<f64> for Samples {
    fn from_iter<T: IntoIterator<Item = f64>>(samples: T) -> Samples {
        Samples(samples.into_iter().collect())
    }
}

impl Mean {
    /// The geometric mean of the ratios of several tests: that of their medians, and the least and the most of the means
    /// that the single rounds have. `None` if there are no tests, or a ratio is no positive number.
    ///
    /// # Panics
    /// If the tests do not have the same number of rounds.
    pub fn geometric(ratios: &[Samples]) -> Option<Mean> {
        let rounds = ratios.first()?.values().len();
        assert!(ratios.iter().all(|ratio| ratio.values().len() == rounds), "all tests have the same rounds");
        let mean = geometric_mean(ratios.iter().map(Samples::median))?;
        let of_round = |round: usize| geometric_mean(ratios.iter().map(|ratio| ratio.values()[round]));
        let (least, most) = (0..rounds).map(of_round).collect::<Option<Samples>>()?.spread();
        Some(Mean { mean, least, most })
    }
}

/// The root of the product, by logarithms. `None` for no values, and if one is no positive number.
fn geometric_mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (mut sum, mut count) = (0.0, 0.0);
    for value in values {
        if !(value.is_finite() && value > 0.0) {
            return None;
        }
        sum += value.ln();
        count += 1.0;
    }
    (count > 0.0).then(|| (sum / count).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(values: &[f64]) -> Samples {
        values.iter().copied().collect()
    }

    #[test]
    fn medians() {
        assert_eq!(samples(&[3.0]).median(), 3.0);
        assert_eq!(samples(&[9.0, 1.0, 5.0]).median(), 5.0);
        assert_eq!(samples(&[9.0, 1.0, 5.0, 7.0]).median(), 6.0);
    }

    #[test]
    fn the_spread_is_all_of_few_and_most_of_many() {
        assert_eq!(samples(&[2.0, 9.0, 1.0]).spread(), (1.0, 9.0));
        let many: Samples = (0..20).map(f64::from).collect();
        assert_eq!(many.spread(), (2.0, 17.0));
    }

    #[test]
    fn ratios_are_taken_within_a_round() {
        // The second round was twice as slow for both.
        let (one, other) = (samples(&[2.0, 4.0]), samples(&[1.0, 2.0]));
        assert_eq!(one.over(&other).values(), [2.0, 2.0]);
        assert_eq!(one.plus(&other).values(), [3.0, 6.0]);
        assert_eq!(Samples::default().plus(&other), other);
    }

    #[test]
    #[should_panic(expected = "different rounds")]
    fn rounds_that_do_not_match_have_no_ratio() {
        samples(&[1.0]).over(&samples(&[1.0, 2.0]));
    }

    #[test]
    fn geometric_means() {
        // Twice as slow and twice as fast is as fast, whichever is divided by which.
        let mean = Mean::geometric(&[samples(&[2.0]), samples(&[0.5])]).expect("two ratios");
        assert!((mean.mean - 1.0).abs() < 1e-12, "{mean:?}");
        let mean = Mean::geometric(&[samples(&[1.0, 4.0, 4.0]), samples(&[1.0, 9.0, 1.0])]).expect("two ratios");
        // Of the medians 4 and 1; of the rounds 1, 6 and 2.
        for (found, expected) in [(mean.mean, 2.0), (mean.least, 1.0), (mean.most, 6.0)] {
            assert!((found - expected).abs() < 1e-12, "{mean:?}");
        }
        assert_eq!(Mean::geometric(&[]), None);
        assert_eq!(Mean::geometric(&[samples(&[0.0])]), None);
        assert_eq!(Mean::geometric(&[samples(&[f64::NAN])]), None);
    }
}
