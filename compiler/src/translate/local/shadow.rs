//! Variables of C in registers that its compiler has put into memory, where the caller of this compiler promises that the
//! modules come from compilers for C (`--assume c-abi`).
//!
//! WebAssembly has no addresses of locals. So compilers for C keep what has an address, and without optimisation all variables,
//! in the *shadow stack*: a part of the memory, of which a function takes a frame by subtracting its size from a global. In
//! WebAssembly any other function could read or write that frame; in C, nobody can who was not given an address of it. A
//! function that never lets an address into its frame out of its hands, which is seen in its intermediate code, is translated
//! a second time, with a variable of the builder in place of each place of the frame that is always accessed as a whole. When
//! nothing of the frame is left in memory, it is not taken either.
//!
//! What is lost is what C leaves open: what a frame contains before it is written (here: zeros), and that a shadow stack
//! overflows by writing to a frame (the guest's own calls still overflow their stack). A program that reads its own shadow
//! stack, as collectors of garbage do that look for pointers there, breaks the promise. Where accesses are checked
//! (`--memory checked`), all frames stay in memory: the address is compared.

use std::collections::{BTreeMap, HashMap, HashSet};

use cranelift_codegen::ir::{Function, Inst, InstructionData, Opcode, SourceLoc, Type, Value, ValueDef, types};
use cranelift_frontend::Variable;

use crate::id::GlobalId;

/// Places of a frame that become variables at most: the builder's work grows with blocks times variables.
const PLACES_MAX: usize = 1000;

/// What is known of the function's frame in the shadow stack.
#[derive(Default)]
pub struct ShadowFrame {
    /// The global that points to the shadow stack, if frames are looked at.
    pub pointer: Option<GlobalId>,
    /// What was read from it.
    pub reads: Vec<Value>,
    /// The stores to it.
    pub writes: Vec<Inst>,
    /// What is to become variables.
    pub promoted: Promoted,
    /// Those variables.
    pub variables: Vec<Variable>,
}

/// What of a frame becomes variables.
#[derive(Default)]
pub struct Promoted {
    /// The variable that an operator accesses instead of the memory.
    pub accesses: HashMap<SourceLoc, usize>,
    /// The types of the variables.
    pub types: Vec<Type>,
    /// Operators that take the frame and give it back, if nothing is left in it.
    pub moves: HashSet<SourceLoc>,
}

impl Promoted {
    /// How many variables there are.
    pub fn len(&self) -> usize {
        self.types.len()
    }
}

/// A value that is an address in the frame, or becomes one: how far it is from what the function found in the stack pointer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Address {
    /// As the guest has it.
    Guest(i64),
    /// The same in 64 bits.
    Index(i64),
    /// With the memory's base.
    Host(i64),
}

/// An access to the frame.
struct Access {
    start: i64,
    bytes: i64,
    /// What a variable needs to hold for it; none if it is not that simple.
    ty: Option<Type>,
    place: SourceLoc,
}

/// Finds what of the frame of a function can become variables, if no address in it leaves the function.
pub fn promote(function: &mut Function, frame: &ShadowFrame) -> Promoted {
    // A function that reads the pointer again takes room whose size it computes, or does something else that is not plain.
    let [found] = frame.reads[..] else { return Promoted::default() };
    // Chains of them would be followed at every use.
    function.dfg.resolve_all_aliases();
    let mut search = Search {
        function,
        writes: frame.writes.iter().copied().collect(),
        known: HashMap::from([(found, Address::Guest(0))]),
        accesses: BTreeMap::new(),
        moves: HashSet::new(),
        lowest: None,
        has_handlers: false,
        moves_otherwise: false,
    };
    // A value is used behind its definition, but blocks need not be in that order.
    loop {
        let before = search.known.len();
        search.accesses.clear();
        search.moves_otherwise = false;
        for block in function.layout.blocks() {
            for inst in function.layout.block_insts(block) {
                if search.visit(inst).is_none() {
                    return Promoted::default();
                }
            }
        }
        if search.known.len() == before {
            return search.finish();
        }
    }
}

struct Search<'a> {
    function: &'a Function,
    writes: HashSet<Inst>,
    known: HashMap<Value, Address>,
    accesses: BTreeMap<Inst, Access>,
    moves: HashSet<SourceLoc>,
    /// The lowest address that is written to it.
    lowest: Option<i64>,
    /// Whether something else is written to the stack pointer, too.
    moves_otherwise: bool,
    /// Whether it catches exceptions. Then it gives back what those have left behind whom it called.
    has_handlers: bool,
}

impl Search<'_> {
    /// Looks at an instruction; nothing, if an address leaves the function by it.
    fn visit(&mut self, inst: Inst) -> Option<()> {
        let graph = &self.function.dfg;
        let data = &graph.insts[inst];
        self.has_handlers |= matches!(data.opcode(), Opcode::TryCall | Opcode::TryCallIndirect);
        let mut addresses = graph.inst_values(inst).map(|value| self.address(value));
        if data.opcode() == Opcode::Store && self.writes.contains(&inst) {
            match addresses.next() {
                Some(Some(Address::Guest(distance))) => {
                    self.moves.insert(self.function.srcloc(inst));
                    self.lowest = Some(self.lowest.map_or(distance, |lowest| lowest.min(distance)));
                }
                _ => self.moves_otherwise = true,
            }
            return Some(());
        }
        if addresses.all(|address| address.is_none()) {
            return Some(());
        }
        let first = graph.inst_args(inst).first().copied().and_then(|value| self.address(value));
        let derived = match (data.opcode(), first) {
            (Opcode::Uextend, Some(Address::Guest(distance))) => Address::Index(distance),
            (Opcode::Iadd | Opcode::Isub, _) => self.sum(inst)?,
            _ => return self.access(inst),
        };
        self.known.insert(graph.first_result(inst), derived);
        Some(())
    }

    fn address(&self, value: Value) -> Option<Address> {
        self.known.get(&self.function.dfg.resolve_aliases(value)).copied()
    }

    fn constant(&self, value: Value) -> Option<i64> {
        let graph = &self.function.dfg;
        let ValueDef::Result(inst, 0) = graph.value_def(value) else { return None };
        let InstructionData::UnaryImm { opcode: Opcode::Iconst, imm } = graph.insts[inst] else { return None };
        Some(if graph.value_type(value) == types::I32 { i64::from(imm.bits() as i32) } else { imm.bits() })
    }

    /// The address that a sum or difference is.
    fn sum(&self, inst: Inst) -> Option<Address> {
        let graph = &self.function.dfg;
        let (left, right) = (graph.inst_args(inst)[0], graph.inst_args(inst)[1]);
        let is_sum = graph.insts[inst].opcode() == Opcode::Iadd;
        match (self.address(left), self.address(right)) {
            (Some(Address::Guest(distance)), None) => {
                let further = self.constant(right)?;
                Some(Address::Guest(if is_sum { distance + further } else { distance - further }))
            }
            (None, Some(Address::Guest(distance))) if is_sum => Some(Address::Guest(distance + self.constant(left)?)),
            // What is added to an index is the base of the memory: a module that is looked at has only one.
            (Some(Address::Index(distance)), None) if is_sum => Some(Address::Host(distance)),
            _ => None,
        }
    }

    /// Takes down an access to the frame; nothing, if it is something else that is done with an address.
    fn access(&mut self, inst: Inst) -> Option<()> {
        let graph = &self.function.dfg;
        let data = &graph.insts[inst];
        let arguments = graph.inst_args(inst);
        let (value, address) = match (data.opcode().can_load(), arguments) {
            (true, [address]) => (graph.first_result(inst), *address),
            (false, [value, address]) if data.opcode().can_store() && self.address(*value).is_none() => {
                (*value, *address)
            }
            _ => return None,
        };
        let Some(Address::Host(distance)) = self.address(address) else { return None };
        let offset = data.load_store_offset()?;
        let ty = graph.value_type(value);
        let (bytes, ty) = match data.opcode() {
            Opcode::Load | Opcode::Store => (i64::from(ty.bytes()), Some(ty)),
            Opcode::Uload8 | Opcode::Sload8 | Opcode::Istore8 => (1, Some(types::I32)),
            Opcode::Uload16 | Opcode::Sload16 | Opcode::Istore16 => (2, Some(types::I32)),
            Opcode::Uload32 | Opcode::Sload32 | Opcode::Istore32 => (4, Some(types::I32)),
            Opcode::Uload8x8 | Opcode::Sload8x8 | Opcode::Uload16x4 | Opcode::Sload16x4 => (8, None),
            Opcode::Uload32x2 | Opcode::Sload32x2 => (8, None),
            _ => return None,
        };
        let place = self.function.srcloc(inst);
        self.accesses.insert(inst, Access { start: distance + i64::from(offset), bytes, ty, place });
        Some(())
    }

    fn finish(self) -> Promoted {
        // Where the pointer ends up is where the frame begins. Functions without calls need not move it.
        let distance = |address: &Address| match *address {
            Address::Guest(distance) | Address::Index(distance) | Address::Host(distance) => distance,
        };
        let lowest = self.lowest.or_else(|| self.known.values().map(distance).min()).unwrap_or(0);
        let mut accesses: Vec<Access> = self.accesses.into_values().collect();
        accesses.sort_by_key(|access| access.start);
        if accesses.iter().any(|access| access.start < lowest || access.start + access.bytes > 0) {
            return Promoted::default();
        }
        let mut promoted = Promoted::default();
        let mut all = true;
        let mut rest = &accesses[..];
        while let Some(first) = rest.first() {
            let mut end = first.start + first.bytes;
            let count = rest.iter().take_while(|access| {
                let overlaps = access.start < end;
                end = if overlaps { end.max(access.start + access.bytes) } else { end };
                overlaps
            });
            let (group, others) = rest.split_at(count.count());
            rest = others;
            let alike =
                |access: &Access| (access.start, access.bytes, access.ty) == (first.start, first.bytes, first.ty);
            match first.ty {
                Some(ty) if group.iter().all(alike) && promoted.len() < PLACES_MAX => {
                    promoted.accesses.extend(group.iter().map(|access| (access.place, promoted.types.len())));
                    promoted.types.push(ty);
                }
                _ => all = false,
            }
        }
        if all && !self.moves_otherwise && !self.has_handlers {
            promoted.moves = self.moves;
        }
        promoted
    }
}
