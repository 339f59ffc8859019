//! CPython as a native executable, used the way people use `python`.
//!
//! Every test runs against the flavors that the project builds: npm's 3.12.0, Pyodide's 3.14 and the 3.11.2 of this
//! repository's recipe. Where native CPython shows the same thing, the expectation is what native CPython does, not a text written
//! down here; see [`executables::native`].
//!
//! `ADDER_TEST_PYTHON=/path/to/python` runs the tests against that executable in place of all flavors. With a
//! native Python this checks the tests themselves (those about grants, limits and the file format fail then).

mod absent;
mod bytecode;
mod checkpoint;
mod command_line;
mod ctypes;
mod default_checkpoint;
mod descriptors;
mod executables;
mod grants;
mod interactive;
mod limits;
mod network;
mod process;
mod programs;
mod prompt;
mod signals;
mod start;
mod surroundings;
mod terminal;

/// Makes a test of each function for each flavor: `command_line::python_3_11::standard_input_as_script`.
macro_rules! for_each_flavor {
    ($($test:ident),+ $(,)?) => {
        mod python_3_11 {
            $(#[test] fn $test() { super::$test(crate::executables::Flavor::Python311) })+
        }
        mod python_3_12 {
            $(#[test] fn $test() { super::$test(crate::executables::Flavor::Python312) })+
        }
        mod python_3_14 {
            $(#[test] fn $test() { super::$test(crate::executables::Flavor::Python314) })+
        }
    };
}
use for_each_flavor;
