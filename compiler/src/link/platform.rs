//! Platforms other than WASI preview 1 that modules are made for, told by what they import.
//!
//! A refusal that only says which import nobody supplies sends people to look for a module that does not exist. Where enough
//! speaks for it, the hint says what the module was made for, and what to do then. A single name that anybody could have
//! chosen is not enough.

use super::emscripten::is_emscripten;
use crate::module::{ExportItem, Import, ImportType, Module};
use crate::types::{FunctionType, ValueType};

/// What a module was made for.
pub struct Platform {
    /// What it is, behind "the module ".
    what: &'static str,
    /// What speaks for it, and how much: [`ENOUGH`] has to come together, from different imports.
    signs: &'static [(Sign, u32)],
    /// What to do.
    advice: &'static str,
    /// Names of functions that a program can do without. If nothing else is missing, they may trap when they are called.
    dispensable: &'static [&'static str],
}

/// What speaks for a platform.
enum Sign {
    /// An import from a module of this name.
    From(&'static str),
    /// An import from a module whose name begins and ends like that.
    FromLike(&'static str, &'static str),
    /// An import with this name from this module.
    Named(&'static str, &'static str),
    /// An import from this module whose name begins like that.
    Prefixed(&'static str, &'static str),
    /// A function of this name, from this module, that takes so many `i32` and returns nothing.
    Takes(&'static str, &'static str, usize),
    /// An import from this module with a name of one or two characters, if all names of the module are like that.
    Minified(&'static str),
    /// An import from this module whose name begins like that, if Emscripten has made the one that imports.
    OfEmscripten(&'static str, &'static str),
}

/// What speaks for a platform, when it is summed up, before it is named.
const ENOUGH: u32 = 2;

/// All of them. The first one for which enough speaks is it.
static PLATFORMS: [Platform; 13] = [
    Platform {
        what: "was made for an older WASI, wasi_unstable, which is not supported",
        signs: &[(Sign::From("wasi_unstable"), 2)],
        advice: "compile it for WASI preview 1 (wasm32-wasip1)",
        dispensable: &[],
    },
    Platform {
        what: "is a part of a component for WASI preview 2 or later, which is not supported yet",
        signs: &[
            (Sign::FromLike("wasi:", ""), 2),
            (Sign::FromLike("[export]", ""), 2),
            (Sign::FromLike("cm32p2|", ""), 2),
            (Sign::Prefixed("$root", "["), 2),
        ],
        advice: "compile it for WASI preview 1 (wasm32-wasip1)",
        dispensable: &[],
    },
    Platform {
        what: "was made for WASIX, which is not supported yet",
        signs: &[(Sign::From("wasix_32v1"), 2), (Sign::From("wasix_64v1"), 2)],
        advice: "compile it for WASI preview 1 (wasm32-wasip1)",
        dispensable: &[],
    },
    Platform {
        what: "uses sockets that only WASIX and WasmEdge have",
        signs: &[
            (Sign::Named("wasi_snapshot_preview1", "sock_open"), 2),
            (Sign::Named("wasi_snapshot_preview1", "sock_bind"), 2),
            (Sign::Named("wasi_snapshot_preview1", "sock_connect"), 2),
            (Sign::Named("wasi_snapshot_preview1", "sock_listen"), 2),
            (Sign::Named("wasi_snapshot_preview1", "sock_getaddrinfo"), 2),
            (Sign::Prefixed("wasi_snapshot_preview1", "sock_"), 1),
        ],
        advice: "compile it for plain WASI preview 1, where listening sockets are inherited",
        dispensable: &[
            "sock_open",
            "sock_bind",
            "sock_connect",
            "sock_listen",
            "sock_getaddrinfo",
            "sock_getlocaladdr",
            "sock_getpeeraddr",
            "sock_getsockopt",
            "sock_setsockopt",
            "sock_recv_from",
            "sock_send_to",
            "sock_addr_local",
            "sock_addr_peer",
            "sock_addr_resolve",
            "sock_accept_v2",
        ],
    },
    Platform {
        what: "was made for JavaScript by wasm-bindgen, which is not supported yet",
        signs: &[
            (Sign::From("__wbindgen_placeholder__"), 2),
            (Sign::From("__wbindgen_externref_xform__"), 2),
            (Sign::FromLike("./", "_bg.js"), 2),
            (Sign::Prefixed("wbg", "__wb"), 2),
            (Sign::From("wbg"), 1),
        ],
        advice: "compile the crate for wasm32-wasip1, without wasm-bindgen",
        dispensable: &[],
    },
    Platform {
        what: "was made for JavaScript by Go, which is not supported",
        signs: &[
            (Sign::Prefixed("gojs", "runtime."), 2),
            (Sign::Prefixed("gojs", "syscall/js."), 2),
            (Sign::Prefixed("go", "runtime."), 2),
            (Sign::Prefixed("go", "syscall/js."), 2),
        ],
        advice: "compile it with GOOS=wasip1 GOARCH=wasm, or with tinygo build -target=wasip1",
        dispensable: &[],
    },
    Platform {
        what: "was made for JavaScript by AssemblyScript",
        signs: &[(Sign::Takes("env", "abort", 4), 2)],
        advice: "compile it with @assemblyscript/wasi-shim, which puts WASI in the place of JavaScript",
        dispensable: &["abort"],
    },
    Platform {
        what: "is an object file that was not linked yet",
        signs: &[(Sign::Named("env", "__linear_memory"), 2)],
        advice: "link it first, with clang --target=wasm32-wasi FILE.o -o FILE.wasm",
        dispensable: &[],
    },
    Platform {
        what: "was made by Emscripten with short names, which say nothing about what it imports",
        signs: &[(Sign::Minified("a"), 2)],
        advice: "link it with emcc -O2 or emcc -sDECLARE_ASM_MODULE_EXPORTS=0, which keep the names",
        dispensable: &[],
    },
    Platform {
        what: "was made by Emscripten with threads, which are not supported yet",
        signs: &[(Sign::Named("env", "__pthread_create_js"), 2)],
        advice: "compile it without threads",
        dispensable: &[],
    },
    Platform {
        what: "was made by Emscripten for exceptions or longjmp in JavaScript",
        signs: &[
            (Sign::OfEmscripten("env", "invoke_"), 2),
            (Sign::Prefixed("env", "invoke_"), 1),
            (Sign::Named("env", "__cxa_throw"), 2),
            (Sign::Named("env", "_emscripten_throw_longjmp"), 2),
        ],
        advice: "compile and link it with emcc -fwasm-exceptions -sSUPPORT_LONGJMP=wasm",
        dispensable: &[],
    },
    Platform {
        what: "was made by Emscripten with functions in JavaScript (EM_JS, EM_ASM, embind or a library)",
        signs: &[(Sign::OfEmscripten("env", ""), 2)],
        advice: "leave out those functions, or do in C what they do: there is no JavaScript here",
        dispensable: &[],
    },
    Platform {
        what: "is a dynamic library, which is not supported yet",
        signs: &[
            (Sign::Named("env", "__memory_base"), 1),
            (Sign::Named("env", "__table_base"), 1),
            (Sign::From("GOT.mem"), 1),
            (Sign::From("GOT.func"), 1),
        ],
        advice: "link it statically into a program for wasm32-wasip1",
        dispensable: &[],
    },
];

impl Sign {
    /// `is_minified` says so of the module.
    fn is_of(&self, import: &Import<'_>, module: &Module<'_>, is_minified: bool) -> bool {
        match *self {
            Sign::From(from) => import.module == from,
            Sign::FromLike(begin, end) => import.module.starts_with(begin) && import.module.ends_with(end),
            Sign::Named(from, name) => (import.module, import.name) == (from, name),
            Sign::Prefixed(from, begin) => import.module == from && import.name.starts_with(begin),
            Sign::Takes(from, name, count) => {
                let ImportType::Function(ty) = import.ty else { return false };
                let wanted = FunctionType { parameters: vec![ValueType::I32; count], results: Vec::new() };
                (import.module, import.name) == (from, name) && module.types[ty as usize] == wanted
            }
            Sign::Minified(from) => import.module == from && is_minified,
            Sign::OfEmscripten(from, begin) => {
                import.module == from && import.name.starts_with(begin) && is_emscripten(module)
            }
        }
    }
}

/// Whether all names of a module, of which there are some on either side, have one or two characters.
fn is_minified(module: &Module<'_>) -> bool {
    let is_short = |name: &str| matches!(name.len(), 1 | 2);
    let exports_memory = module.exports.iter().any(|(_, item)| matches!(item, ExportItem::Memory(_)));
    let imports_memory = module.imports.iter().any(|import| matches!(import.ty, ImportType::Memory(_)));
    (exports_memory || imports_memory)
        && module.exports.len() >= 2
        && module.exports.iter().all(|(name, _)| is_short(name))
        && module.imports.iter().all(|import| is_short(import.module) && is_short(import.name))
}

impl Platform {
    /// Recognises what a module was made for by those of its imports that nobody supplies; `None` if it may be anything.
    pub fn of(module: &Module<'_>, missing: &[&Import<'_>]) -> Option<&'static Platform> {
        let is_minified = is_minified(module);
        PLATFORMS.iter().find(|platform| {
            let weight = |import: &&Import<'_>| {
                let signs = platform.signs.iter().filter(|(sign, _)| sign.is_of(import, module, is_minified));
                signs.map(|(_, weight)| *weight).max().unwrap_or(0)
            };
            let mut weights = missing.iter().map(weight);
            weights.try_fold(0, |sum, weight| (sum + weight < ENOUGH).then_some(sum + weight)).is_none()
        })
    }

    /// Whether the program can do without all of these: then `--allow-missing` helps.
    pub fn can_do_without(&self, missing: &[&Import<'_>]) -> bool {
        let dispensable = |import: &Import<'_>| {
            matches!(import.ty, ImportType::Function(_)) && self.dispensable.contains(&import.name)
        };
        missing.iter().all(|import| dispensable(import))
    }

    /// Says what the module was made for and what to do.
    pub fn hint(&self) -> String {
        format!("the module {}: {}", self.what, self.advice)
    }

    /// Says what the module was made for and that it can be compiled all the same, for one that can do without what is missing.
    pub fn hint_to_allow(&self) -> String {
        format!(
            "the module {}: with --allow-missing it is compiled, and traps if it calls what is missing; or {}",
            self.what, self.advice
        )
    }
}
