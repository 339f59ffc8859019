//! The order of activation. This is the one place that refuses instances which import from each other: what a module
//! defines has its number before imports are resolved, and only what it exports again of its imports has to be resolved
//! before it is imported.

use super::supply::Supply;
use crate::error::{Error, Result};
use crate::module::Module;
use crate::quote::quoted;

/// The modules' indices in an order in which each comes after those it imports from, and otherwise as given.
///
/// # Errors
/// If modules import from each other.
pub fn activation_order(modules: &[Module<'_>], supply: &Supply) -> Result<Vec<usize>> {
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        New,
        Open,
        Done,
    }
    let mut states = vec![State::New; modules.len()];
    let mut order = Vec::new();
    for first in 0..modules.len() {
        if states[first] != State::New {
            continue;
        }
        states[first] = State::Open;
        let mut path = vec![(first, supply.needed(first).into_iter())];
        while let Some((index, needed)) = path.last_mut() {
            match needed.next() {
                Some(next) if states[next] == State::Open => {
                    let from = quoted(modules[next].name);
                    let message = format!("imports from {from}, which (directly or not) imports from it");
                    return Err(Error::unsupported(message).in_module(modules[*index].name));
                }
                Some(next) if states[next] == State::New => {
                    states[next] = State::Open;
                    path.push((next, supply.needed(next).into_iter()));
                }
                Some(_) => {}
                None => {
                    states[*index] = State::Done;
                    order.push(*index);
                    path.pop();
                }
            }
        }
    }
    Ok(order)
}
