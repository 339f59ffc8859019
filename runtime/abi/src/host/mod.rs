//! The system interfaces that the runtime supplies: a file for each, with a table of the names and types that modules import
//! its functions by. What the compiler needs to know of a function stands in its line of the table; `runtime/src/host/` has
//! what it does.

pub mod emscripten;
pub mod example;
mod signature;
pub mod wasi_preview1;
pub mod wasi_python;
pub mod wasi_threads;

pub use signature::{Context, Generated, Guests, IndirectCall, Interface, Signature};

/// All interfaces of the runtime.
pub const INTERFACES: Interfaces = Interfaces(&[
    wasi_preview1::INTERFACE,
    wasi_threads::INTERFACE,
    wasi_python::INTERFACE,
    emscripten::ffi::INTERFACE,
    emscripten::file::INTERFACE,
    emscripten::loader::INTERFACE,
    emscripten::mapping::INTERFACE,
    emscripten::memory::INTERFACE,
    emscripten::network::INTERFACE,
    emscripten::process::INTERFACE,
    emscripten::pyodide::INTERFACE,
    emscripten::python::INTERFACE,
    emscripten::signal::INTERFACE,
    emscripten::stream::INTERFACE,
    emscripten::socket_stub::INTERFACE,
    emscripten::stub::INTERFACE,
    emscripten::time::INTERFACE,
]);

/// Interfaces that imports can be supplied from.
#[derive(Clone, Copy, Debug)]
pub struct Interfaces(pub &'static [Interface]);

/// A function of one of some [`Interfaces`], by its number when those of all are counted through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HostFunction(pub u32);

impl Interfaces {
    /// Returns the functions that an import by these two names can mean in a module, which differ in their types or come from an
    /// interface that has precedence: those of just that name before those of a pattern. `guest` is what the module is.
    pub fn named(self, guest: Guests, module: &str, name: &str) -> impl Iterator<Item = HostFunction> {
        let of = move |is_special: bool| {
            self.all().filter(move |(interface, _, _)| {
                let is_for_it = interface.guests <= guest && (interface.guests != Guests::All) == is_special;
                interface.module == module && is_for_it
            })
        };
        // What is only for such modules has precedence.
        let of_module = move || of(true).chain(of(false));
        let named = of_module().filter(move |(_, function, _)| !function.is_pattern && function.name == name);
        let like = of_module().filter(move |(_, function, _)| function.is_pattern && name.starts_with(function.name));
        named.chain(like).map(|(_, _, function)| function)
    }

    /// Returns the interface that a function is of.
    pub fn interface(self, function: HostFunction) -> &'static Interface {
        self.place(function).0
    }

    /// Returns what is said of a function.
    pub fn signature(self, function: HostFunction) -> &'static Signature {
        self.place(function).1
    }

    fn place(self, function: HostFunction) -> (&'static Interface, &'static Signature) {
        let (interface, signature, _) = self.all().nth(function.0 as usize).expect("a function has the number of one");
        (interface, signature)
    }

    /// Returns all functions.
    pub fn all(self) -> impl Iterator<Item = (&'static Interface, &'static Signature, HostFunction)> {
        let functions = self.0.iter().flat_map(|interface| interface.functions.iter().map(move |it| (interface, it)));
        functions.zip(0..).map(|((interface, signature), number)| (interface, signature, HostFunction(number)))
    }
}
