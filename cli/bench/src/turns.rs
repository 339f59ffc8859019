//! The order of a round.

/// The order in which a round goes through `count` things: each round starts with the next, so that none always runs
/// after the same other one when something before it was slow.
pub fn turn(round: usize, count: usize) -> impl Iterator<Item = usize> {
    (0..count).map(move |at| (at + round) % count)
}

#[cfg(test)]
mod tests {
    use super::turn;

    #[test]
    fn every_round_has_everything_once_and_starts_with_the_next() {
        assert_eq!(turn(0, 3).collect::<Vec<_>>(), [0, 1, 2]);
        assert_eq!(turn(1, 3).collect::<Vec<_>>(), [1, 2, 0]);
        assert_eq!(turn(5, 3).collect::<Vec<_>>(), [2, 0, 1]);
        assert_eq!(turn(7, 0).count(), 0);
    }
}
