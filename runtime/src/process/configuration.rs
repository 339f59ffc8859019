//! Reads what the command line baked into the executable ([`adder_abi::configuration`]).
//!
//! The block was written by the `adder` that linked this runtime and is constant, so its spans are trusted; what is
//! checked is that it is such a block at all.

use adder_abi::configuration::{Grant, Header, MAGIC, NetworkGrant, Node, Span};

unsafe extern "C" {
    /// The first byte of [`adder_abi::symbol::CONFIGURATION`].
    static adder_configuration: u8;
}

/// The configuration of this executable, or of another in tests.
#[derive(Clone, Copy)]
pub struct Configuration {
    header: &'static Header,
}

impl Configuration {
    /// The configuration of this executable.
    pub fn of_executable() -> Configuration {
        // SAFETY: the command line puts a block there, aligned to 8, that nobody writes to.
        unsafe { Configuration::at(&raw const adder_configuration) }
    }

    /// The configuration that starts at `block`.
    ///
    /// # Safety
    /// `block` is aligned to 8, starts with a header, all its spans lie in constant memory, and it lives as long as the
    /// process.
    pub unsafe fn at(block: *const u8) -> Configuration {
        // SAFETY: promised by the caller.
        let header = unsafe { &*block.cast::<Header>() };
        assert!(header.magic == MAGIC, "the configuration is of another version");
        Configuration { header }
    }

    /// Whether a bit of [`adder_abi::configuration::flag`] is set.
    pub fn has_flag(self, flag: u64) -> bool {
        self.header.flags & flag != 0
    }

    /// Where the checkpoint is, if the executable has one.
    pub fn checkpoint(self) -> Option<u64> {
        // The command line writes it into the file after linking, so the compiler is not to know better.
        // SAFETY: the header lives as long as the process.
        let address = unsafe { (&raw const self.header.checkpoint).read_volatile() };
        (address != 0).then_some(address)
    }

    /// What a guest that starts without the checkpoint finds before what a variable has otherwise: name and value.
    pub fn cold_start_variable(self) -> Option<(&'static [u8], &'static [u8])> {
        let text = self.text(self.header.cold_start_variable);
        let middle = text.iter().position(|&byte| byte == b'=')?;
        Some((&text[..middle], &text[middle + 1..]))
    }

    /// Folders of the host that the guest may use, in the order of their descriptors.
    pub fn grants(self) -> &'static [Grant] {
        self.records(self.header.grants)
    }

    /// What the guest may use of the network.
    pub fn network(self) -> &'static [NetworkGrant] {
        self.records(self.header.network)
    }

    /// `NAME=VALUE` texts for the environment of the guest.
    pub fn environment(self) -> impl Iterator<Item = &'static [u8]> + Clone {
        self.records::<Span>(self.header.environment).iter().map(move |&span| self.text(span))
    }

    /// What the guest finds between the name of the program and the arguments of its command line.
    pub fn arguments(self) -> impl Iterator<Item = &'static [u8]> + Clone {
        self.records::<Span>(self.header.arguments).iter().map(move |&span| self.text(span))
    }

    /// Files and directories of the embedded tree; the first is its root. Empty if nothing is embedded.
    pub fn nodes(self) -> &'static [Node] {
        self.records(self.header.nodes)
    }

    /// The bytes of a span of bytes.
    pub fn text(self, span: Span) -> &'static [u8] {
        self.records::<u8>(span)
    }

    fn records<T>(self, span: Span) -> &'static [T] {
        if span.count == 0 {
            return &[];
        }
        let start = core::ptr::from_ref(self.header).cast::<u8>();
        // SAFETY: spans lie in the block, and spans of records are aligned for them; see `at`.
        unsafe { core::slice::from_raw_parts(start.add(span.offset as usize).cast::<T>(), span.count as usize) }
    }
}
