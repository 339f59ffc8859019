//! Exceptions: programs that are made up and compared with a model and with node, and modules written for what those cannot
//! show.

mod collector;
mod forms;
mod linking;
mod model;
mod random;
mod shapes;
mod stack;
mod text;
mod tree;
