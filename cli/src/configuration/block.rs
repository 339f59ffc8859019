//! Lays a configuration out as one block of bytes, as `adder_abi::configuration` describes it.
//!
//! Header, then the records, then names and texts together (what a lookup reads), then file contents, each file on a
//! multiple of 16 bytes so that the guest's copies are aligned.

use super::tree::{Entry, Folder, MODIFIED_SECONDS};
use super::{Configuration, Tree};
use adder_compiler::abi::configuration::{
    ANY_PORT, Grant, Header, MAGIC, NetworkGrant, Node, NodeKind, Span, flag, grant_flag,
};

const FILE_ALIGNMENT: u64 = 16;

/// See [`MODIFIED_SECONDS`].
const MODIFIED_NANOSECONDS: u64 = MODIFIED_SECONDS as u64 * 1_000_000_000;

/// The bytes of the block.
pub(super) fn lay_out(configuration: &Configuration) -> Vec<u8> {
    let nodes = flatten(&configuration.tree);
    let mut records = size_of::<Header>() as u64;
    let mut reserve = |count: usize, bytes: usize| {
        let span = Span { offset: records, count: count as u64 };
        records += (count * bytes) as u64;
        span
    };
    let mut header = Header {
        magic: MAGIC,
        flags: flags(configuration),
        grants: reserve(configuration.grants.len(), size_of::<Grant>()),
        environment: reserve(configuration.environment.len(), size_of::<Span>()),
        arguments: reserve(configuration.arguments.len(), size_of::<Span>()),
        network: reserve(configuration.network.len(), size_of::<NetworkGrant>()),
        nodes: reserve(nodes.len(), size_of::<Node>()),
        // The address is known when the checkpoint has been taken.
        checkpoint: 0,
        cold_start_variable: Span::default(),
    };

    let mut texts = Heap { start: records, bytes: Vec::new() };
    let grants: Vec<Grant> = configuration
        .grants
        .iter()
        .map(|grant| Grant {
            host: texts.add(grant.host.as_bytes()),
            guest: texts.add(grant.guest.as_bytes()),
            flags: if grant.read_only { grant_flag::READ_ONLY } else { 0 },
        })
        .collect();
    let network: Vec<NetworkGrant> = configuration
        .network
        .iter()
        .map(|grant| NetworkGrant {
            host: texts.add(grant.host.as_bytes()),
            used: grant.used as u32,
            port: grant.port.map_or(ANY_PORT, u32::from),
        })
        .collect();
    let environment: Vec<Span> = configuration.environment.iter().map(|text| texts.add(text.as_bytes())).collect();
    let arguments: Vec<Span> = configuration.arguments.iter().map(|text| texts.add(text.as_bytes())).collect();
    header.cold_start_variable = texts.add(configuration.cold_start_variable.as_bytes());
    let names: Vec<Span> = nodes.iter().map(|node| texts.add(node.name)).collect();

    let mut contents = Heap { start: texts.end().next_multiple_of(FILE_ALIGNMENT), bytes: Vec::new() };
    let mut writer = Writer::default();
    writer.header(&header);
    grants.iter().for_each(|grant| writer.grant(grant));
    environment.iter().chain(&arguments).for_each(|span| writer.span(*span));
    network.iter().for_each(|grant| writer.network_grant(grant));
    for (node, name) in nodes.iter().zip(names) {
        let (kind, span) = match node.what {
            What::Folder { kind, children } => (kind, children),
            What::File(bytes) => (NodeKind::File, contents.add_aligned(bytes)),
            What::Special(kind) => (kind, Span::default()),
        };
        writer.node(&Node {
            name,
            contents: span,
            modified_nanoseconds: MODIFIED_NANOSECONDS,
            kind: kind as u32,
            parent: node.parent,
        });
    }

    let mut block = writer.bytes;
    assert_eq!(block.len() as u64, records, "the records end where the texts begin");
    block.append(&mut texts.bytes);
    block.resize(contents.start as usize, 0);
    block.append(&mut contents.bytes);
    block
}

fn flags(configuration: &Configuration) -> u64 {
    let mut flags = 0;
    if configuration.inherit_environment {
        flags |= flag::INHERIT_ENVIRONMENT;
    }
    if configuration.inherit_working_directory {
        flags |= flag::INHERIT_WORKING_DIRECTORY;
    }
    if configuration.checkpoint {
        flags |= flag::CHECKPOINT;
    }
    if configuration.name_is_path {
        flags |= flag::NAME_IS_PATH;
    }
    if configuration.decides {
        flags |= flag::DECIDES;
    }
    flags
}

/// A node whose children have their indices.
struct FlatNode<'a> {
    name: &'a [u8],
    what: What<'a>,
    parent: u32,
}

enum What<'a> {
    Folder { kind: NodeKind, children: Span },
    File(&'a [u8]),
    Special(NodeKind),
}

/// The nodes in breadth-first order, which puts the children of a folder, sorted by name, beside each other.
fn flatten(tree: &Tree) -> Vec<FlatNode<'_>> {
    let Some(root) = tree.root() else { return Vec::new() };
    let mut nodes = vec![folder_node(b"", root, 0)];
    let mut waiting = std::collections::VecDeque::from([(0, root)]);
    while let Some((index, folder)) = waiting.pop_front() {
        let children = Span { offset: nodes.len() as u64, count: folder.entries.len() as u64 };
        nodes[index].what = What::Folder { kind: folder.kind, children };
        for (name, entry) in &folder.entries {
            match entry {
                Entry::Folder(child) => {
                    waiting.push_back((nodes.len(), child));
                    nodes.push(folder_node(name, child, index as u32));
                }
                Entry::File(contents) => {
                    nodes.push(FlatNode { name, what: What::File(contents), parent: index as u32 });
                }
                Entry::Special(kind) => {
                    nodes.push(FlatNode { name, what: What::Special(*kind), parent: index as u32 });
                }
            }
        }
    }
    nodes
}

/// A folder whose children are numbered when its turn comes.
fn folder_node<'a>(name: &'a [u8], folder: &Folder, parent: u32) -> FlatNode<'a> {
    FlatNode { name, what: What::Folder { kind: folder.kind, children: Span::default() }, parent }
}

/// A growing area of the block with a known start.
struct Heap {
    start: u64,
    bytes: Vec<u8>,
}

impl Heap {
    fn end(&self) -> u64 {
        self.start + self.bytes.len() as u64
    }

    fn add(&mut self, bytes: &[u8]) -> Span {
        let span = Span { offset: self.end(), count: bytes.len() as u64 };
        self.bytes.extend(bytes);
        span
    }

    fn add_aligned(&mut self, bytes: &[u8]) -> Span {
        let padding = self.end().next_multiple_of(FILE_ALIGNMENT) - self.end();
        self.bytes.resize(self.bytes.len() + padding as usize, 0);
        self.add(bytes)
    }
}

/// Writes records field by field, little-endian, in the order of their declaration.
#[derive(Default)]
struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    fn number(&mut self, value: u64) {
        self.bytes.extend(value.to_le_bytes());
    }

    fn span(&mut self, span: Span) {
        self.number(span.offset);
        self.number(span.count);
    }

    fn header(&mut self, header: &Header) {
        self.bytes.extend(header.magic);
        self.number(header.flags);
        self.span(header.grants);
        self.span(header.environment);
        self.span(header.arguments);
        self.span(header.nodes);
        self.number(header.checkpoint);
        self.span(header.cold_start_variable);
        self.span(header.network);
    }

    fn grant(&mut self, grant: &Grant) {
        self.span(grant.host);
        self.span(grant.guest);
        self.number(grant.flags);
    }

    fn network_grant(&mut self, grant: &NetworkGrant) {
        self.span(grant.host);
        self.bytes.extend(grant.used.to_le_bytes());
        self.bytes.extend(grant.port.to_le_bytes());
    }

    fn node(&mut self, node: &Node) {
        self.span(node.name);
        self.span(node.contents);
        self.number(node.modified_nanoseconds);
        self.bytes.extend(node.kind.to_le_bytes());
        self.bytes.extend(node.parent.to_le_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::configuration::tree::EVERYTHING;
    use crate::configuration::{Grant as GrantMeaning, NetworkGrant as NetworkMeaning, NetworkUse};
    use std::fs;

    fn number(block: &[u8], offset: u64) -> u64 {
        u64::from_le_bytes(block[offset as usize..][..8].try_into().expect("8 bytes"))
    }

    fn text(block: &[u8], span_at: u64) -> String {
        let (offset, count) = (number(block, span_at), number(block, span_at + 8));
        String::from_utf8(block[offset as usize..][..count as usize].to_vec()).expect("text")
    }

    /// Looks a path up as the runtime does: (kind, offset and count of its contents).
    fn look_up(block: &[u8], path: &str) -> Option<(u32, u64, u64)> {
        let nodes = number(block, 64);
        let node = |index: u64| nodes + index * size_of::<Node>() as u64;
        let mut index = 0;
        for name in path.split('/').filter(|name| !name.is_empty()) {
            let (first, count) = (number(block, node(index) + 16), number(block, node(index) + 24));
            let names: Vec<String> = (first..first + count).map(|child| text(block, node(child))).collect();
            assert!(names.is_sorted(), "{names:?}");
            let child = first + names.iter().position(|candidate| candidate == name)? as u64;
            let parent = u32::from_le_bytes(block[node(child) as usize + 44..][..4].try_into().expect("4 bytes"));
            assert_eq!(u64::from(parent), index);
            index = child;
        }
        let kind = u32::from_le_bytes(block[node(index) as usize + 40..][..4].try_into().expect("4 bytes"));
        Some((kind, number(block, node(index) + 16), number(block, node(index) + 24)))
    }

    #[test]
    fn grants_environment_and_flags() {
        let configuration = Configuration {
            grants: vec![
                GrantMeaning { host: "/data".into(), guest: "/d".into(), read_only: true },
                GrantMeaning { host: ".".into(), guest: ".".into(), read_only: false },
            ],
            network: vec![
                NetworkMeaning { used: NetworkUse::Connect, host: "example.org".into(), port: Some(443) },
                NetworkMeaning { used: NetworkUse::All, host: String::new(), port: None },
            ],
            environment: vec!["A=1".into(), "B=".into()],
            inherit_environment: true,
            arguments: vec!["--flag".into()],
            ..Configuration::default()
        };
        let block = configuration.block();
        assert_eq!(block[..8], MAGIC);
        assert_eq!(number(&block, 8), flag::INHERIT_ENVIRONMENT);
        let grants = number(&block, 16);
        assert_eq!(number(&block, 24), 2);
        assert_eq!((text(&block, grants), text(&block, grants + 16)), ("/data".into(), "/d".into()));
        assert_eq!(number(&block, grants + 32), grant_flag::READ_ONLY);
        assert_eq!(number(&block, grants + 72), 0);
        let environment = number(&block, 32);
        assert_eq!((text(&block, environment), text(&block, environment + 16)), ("A=1".into(), "B=".into()));
        let arguments = number(&block, 48);
        assert_eq!((number(&block, 56), text(&block, arguments)), (1, "--flag".into()));
        assert_eq!(number(&block, 72), 0, "no nodes where nothing is embedded");
    }

    #[test]
    fn a_checkpoint_has_a_flag_and_two_files() {
        let mut configuration = Configuration::default();
        configuration.expect_checkpoint(Vec::new()).expect("nothing is there");
        let block = configuration.block();
        assert_eq!(number(&block, 8), flag::CHECKPOINT);
        assert_eq!(number(&block, 80), 0, "the address is not known yet");
        assert_eq!(look_up(&block, "/.adder/checkpoint"), Some((NodeKind::Checkpoint as u32, 0, 0)));
        assert_eq!(look_up(&block, "/.adder/cold-start"), Some((NodeKind::ColdStart as u32, 0, 0)));
        assert_eq!(look_up(&block, "/.adder").expect("a folder").0, NodeKind::Directory as u32);

        assert_eq!(look_up(&block, "/.adder/memory"), None);

        let mut configuration =
            Configuration { decides: true, cold_start_variable: "PATH=/first".into(), ..Configuration::default() };
        configuration.expect_checkpoint(Vec::new()).expect("nothing is there");
        let block = configuration.block();
        assert_eq!(number(&block, 8), flag::CHECKPOINT | flag::DECIDES);
        assert_eq!(text(&block, 88), "PATH=/first");
        assert_eq!(look_up(&block, "/.adder/memory"), Some((NodeKind::Memory as u32, 0, 0)));
        assert_eq!(look_up(&block, "/.adder/reason"), Some((NodeKind::Reason as u32, 0, 0)));

        let folder = tempfile::tempdir().expect("a temporary folder");
        fs::write(folder.path().join("checkpoint"), "").expect("a file");
        let mut configuration = Configuration::default();
        configuration.tree.embed(folder.path(), "/.adder", EVERYTHING).expect("embedded");
        let failure = configuration.expect_checkpoint(Vec::new()).expect_err("the name is taken");
        assert_eq!(failure.to_string(), "error: cannot embed /.adder: adder keeps this name for the checkpoint");
    }

    #[test]
    fn passages_lead_to_what_is_embedded_as_a_whole() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        fs::create_dir_all(folder.path().join("b/inner")).expect("a folder");
        for (name, contents) in [("b/inner/file", "deep"), ("a.txt", "hello"), ("b/z", ""), ("b.txt", "x")] {
            fs::write(folder.path().join(name), contents).expect("a file");
        }
        let mut configuration = Configuration::default();
        let amount = configuration.tree.embed(folder.path(), "/usr/lib/x", EVERYTHING).expect("embedded");
        assert_eq!((amount.files, amount.bytes), (4, 10));
        let block = configuration.block();
        for (path, kind) in [
            ("/", NodeKind::Passage),
            ("/usr", NodeKind::Passage),
            ("/usr/lib", NodeKind::Passage),
            ("/usr/lib/x", NodeKind::Directory),
            ("/usr/lib/x/b/inner", NodeKind::Directory),
            ("/usr/lib/x/b/z", NodeKind::File),
        ] {
            assert_eq!(look_up(&block, path).expect(path).0, kind as u32, "{path}");
        }
        let (_, offset, count) = look_up(&block, "/usr/lib/x/b/inner/file").expect("the file");
        assert_eq!(&block[offset as usize..][..count as usize], b"deep");
        assert_eq!(offset % FILE_ALIGNMENT, 0);
        assert_eq!(look_up(&block, "/usr/lib/y"), None);
    }
}
