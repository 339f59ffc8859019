//! CPython 3.11, which a recipe builds into the cache.

use super::{Files, Flavor, Library, Source};
use crate::cache;
use crate::failure::{Failure, Result};

pub(super) const FLAVOR: Flavor = Flavor {
    name: "3.11",
    version: "3.11.2",
    description: "CPython 3.11.2, -O3, built by recipes/python-3.11/build.sh from Debian's sources",
    source: Source::Recipe { folder: "python-3.11.2-wasi", command: "recipes/python-3.11/build.sh" },
    profile: Some(include_bytes!("../profiles/3.11.profile")),
};

pub(super) const TUNED: Flavor = Flavor {
    name: "3.11-tuned",
    version: "3.11.2",
    description: "the same with pymalloc, as a native python has it, and with LTO",
    source: Source::Recipe { folder: "python-3.11.2-wasi-tuned", command: "recipes/python-3.11/build.sh wasi-tuned" },
    profile: Some(include_bytes!("../profiles/3.11-tuned.profile")),
};

/// The same sources, made for Emscripten and not for WASI.
pub(super) const EMSCRIPTEN: Flavor = Flavor {
    name: "emscripten",
    version: "3.11.2",
    description: "CPython 3.11.2 for Emscripten (upstream's build for browsers), built by the same recipe",
    source: Source::Recipe { folder: "python-3.11.2-emscripten", command: "recipes/python-3.11/build.sh emscripten" },
    profile: None,
};

/// What a recipe leaves beside its output when all of it is there: the digest of the recipe.
const RECIPE_KEY_FILE: &str = ".recipe-key";

/// The digest of the recipe that this adder came with, as the recipe itself computes it.
fn recipe_key() -> String {
    let script = include_bytes!("../../../../recipes/python-3.11/build.sh");
    let sources = include_bytes!("../../../../recipes/python-3.11/sources.sha256");
    crate::note::sha256(&[&script[..], &sources[..]].concat())
}

/// The files that this recipe has left in a folder of the cache, for the python `name`; `command` runs it.
pub(super) fn files(name: &str, folder: &str, command: &str) -> Result<Files> {
    let folder = cache::folder()?.join(folder);
    let build = |what: String| Err(Failure::environment(what).hint(format!("run {command}")));
    match std::fs::read_to_string(folder.join(RECIPE_KEY_FILE)) {
        Ok(key) if key.trim() == recipe_key() => {
            let library = Library::Folder(folder.join("lib/python3.11"));
            Ok(Files { module: folder.join("python.wasm"), library })
        }
        Ok(_) => build(format!("python {name} was built by another version of its recipe")),
        Err(_) => build(format!("python {name} is not built: there is none in {}", folder.display())),
    }
}
