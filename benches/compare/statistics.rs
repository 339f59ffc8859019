//! Medians and their spread.

/// Several measurements of one thing.
#[derive(Clone, Debug, Default)]
pub struct Samples(Vec<f64>);

impl Samples {
    pub fn push(&mut self, sample: f64) {
        self.0.push(sample);
    }

    /// The middle one, or the mean of the middle two.
    ///
    /// # Panics
    /// If there are none.
    pub fn median(&self) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let middle = sorted.len() / 2;
        if sorted.len() % 2 == 1 { sorted[middle] } else { (sorted[middle - 1] + sorted[middle]) / 2.0 }
    }

    pub fn least(&self) -> f64 {
        self.0.iter().copied().fold(f64::INFINITY, f64::min)
    }

    pub fn most(&self) -> f64 {
        self.0.iter().copied().fold(f64::NEG_INFINITY, f64::max)
    }

    /// Each sample over the one of the same round.
    ///
    /// # Panics
    /// If the two were not measured in the same rounds.
    pub fn over(&self, other: &Samples) -> Samples {
        assert_eq!(self.0.len(), other.0.len(), "samples of different rounds have no ratio");
        Samples(self.0.iter().zip(&other.0).map(|(one, other)| one / other).collect())
    }

    /// The sums of the samples of the same round.
    pub fn plus(&self, other: &Samples) -> Samples {
        if self.0.is_empty() {
            return other.clone();
        }
        assert_eq!(self.0.len(), other.0.len(), "samples of different rounds have no sum");
        Samples(self.0.iter().zip(&other.0).map(|(one, other)| one + other).collect())
    }
}
