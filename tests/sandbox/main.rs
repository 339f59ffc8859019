//! Hostile, odd and broken modules: what must be refused is refused with one clear error, what is allowed works and
//! stays in its memory, and what comes out is built the way an executable should be.

mod accesses;
mod budgets;
mod bulk;
mod calls;
mod handlers;
mod mutations;
mod names;
mod output;
mod plans;
mod refusals;
mod shapes;
mod stacks;
mod tables;
