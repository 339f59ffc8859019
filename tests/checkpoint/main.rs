//! Executables that start from a checkpoint: what is kept, what is not, what is refused at build, and what a start costs.

mod built;
mod foreign;
mod life;
mod process;
mod refusals;
mod state;
