//! Tools from PyPI on `adder python 3.14`, as they are: what they do there is what they do with the machine's own Python.
//!
//! Each is installed into a folder of the cache, in the versions that `requirements/NAME.txt` pins with all that they depend on
//! (`requirements/resolve.py` writes these files), and its script is run by both Pythons with the same packages. One executable
//! runs all of them. Eighteen are tried. Seventeen do what they are for, httpie with a setting; copier cannot: [`limits`] has the reason, and what else of
//! the others fails.

mod compare;
mod data;
mod install;
mod library;
mod limits;
mod network;
mod packages;
mod server;
mod sites;
mod source;
mod text;
