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
