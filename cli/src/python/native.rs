//! Native code among files that are embedded for a python: it cannot load them, because it is WebAssembly inside.

use crate::configuration::Tree;
use crate::failure::Failure;
use crate::terminal::printable;

/// How files of native code begin: ELF, Mach-O (64 bits, and for several CPUs), and Windows' format.
const BEGINNINGS: [&[u8]; 4] = [b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"MZ"];

/// How extension modules are called. Only they are loaded; others may be data to the program.
const EXTENSIONS: [&str; 4] = [".so", ".pyd", ".dylib", ".dll"];

/// As many names are shown.
const SHOWN: usize = 5;

/// What to tell about native code in `tree`, if there is any.
pub fn warning(tree: &Tree) -> Option<Failure> {
    let files: Vec<String> = tree.files().into_iter().filter(is_native).map(|(path, _)| path).collect();
    let count = files.len();
    let more = if count > SHOWN { format!(" and {} more", count - SHOWN) } else { String::new() };
    let (what, it) = if count == 1 { ("an embedded file is", "it") } else { ("embedded files are", "them") };
    let shown = files.iter().take(SHOWN).map(|path| printable::name_in_list(path)).collect::<Vec<_>>().join(", ");
    (count > 0).then(|| {
        Failure::environment(format!("{what} native code, which this python cannot load: {shown}{more}")).hint(format!(
            "a package that can do without {it} works, as PyYAML and MarkupSafe do; importing one that needs {it} fails: numpy, pandas, \
             scipy, scikit-learn, matplotlib and lxml are inside of adder python scientific; of others, take what is pure Python"
        ))
    })
}

fn is_native((path, contents): &(String, &[u8])) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let is_extension = EXTENSIONS.iter().any(|extension| name.ends_with(extension)) || name.contains(".so.");
    is_extension && BEGINNINGS.iter().any(|beginning| contents.starts_with(beginning))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::Member;

    fn tree(files: &[(&str, &[u8])]) -> Tree {
        let member =
            |(path, contents): &(&str, &[u8])| Member { path: (*path).to_owned(), contents: contents.to_vec() };
        let mut tree = Tree::default();
        tree.embed_members("/app", files.iter().map(member).collect()).expect("nothing is there yet");
        tree
    }

    #[test]
    fn native_modules_are_named() {
        let harmless: [(&str, &[u8]); 3] = [("a.so", b"\0asm"), ("tool", b"\x7fELF"), ("so.txt", b"MZ")];
        assert!(warning(&tree(&harmless)).is_none());
        let one = warning(&tree(&[("x/a.cpython-312-x86_64-linux-gnu.so", b"\x7fELF\x02")])).expect("one").to_string();
        let expected = "error: an embedded file is native code, which this python cannot load: /app/x/a.cpython-312-x86_64-linux-gnu.so\n";
        assert!(one.starts_with(expected) && one.contains("\nhint: a package that can do without it works"), "{one}");
        let names: Vec<String> = (0..7).map(|number| format!("{number}.so.1")).collect();
        let files: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b"\x7fELF"[..])).collect();
        let many = warning(&tree(&files)).expect("several").to_string();
        assert!(many.contains("/app/0.so.1, ") && many.contains("/app/4.so.1 and 2 more\n"), "{many}");
        assert!(many.contains("importing one that needs them fails"), "{many}");
    }
}
