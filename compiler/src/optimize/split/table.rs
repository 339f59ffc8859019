//! The table that the dispatch goes through: how many entries it has, and where they lead.

use cranelift_codegen::ir::{Block, Function, InstructionData, Opcode, Value, ValueDef};

use super::find::Dispatch;
use super::graph::Graph;
use super::value::{arguments, constant, sum};

/// An index of at most so many bits gets a table with an entry for each, instead of a comparison.
const COMPLETE_BITS_MAX: u32 = 8;

/// How far back the makers of an index are looked at.
const DEPTH_MAX: u32 = 8;

/// How many of them are looked at: many ways can lead to each.
const LOOKS_MAX: u32 = 1000;

/// What the dispatch looks up, and what it finds.
pub struct Entries {
    /// The index.
    pub index: Value,
    /// Whether there is an entry for each index.
    pub complete: bool,
    /// The targets by index; the last is where every other index goes.
    pub targets: Vec<Block>,
}

/// Plans the table.
pub fn entries(function: &Function, graph: &Graph, dispatch: Dispatch) -> Entries {
    let InstructionData::BranchTable { arg, .. } = function.dfg.insts[dispatch.branch] else {
        unreachable!("the dispatch is a branch by a table");
    };
    let table = &function.dfg.jump_tables[dispatch.table];
    let lists = &function.dfg.value_lists;
    let default = table.default_block().block(lists);
    let mut entries: Vec<Block> = table.as_slice().iter().map(|target| target.block(lists)).collect();
    // Compilers subtract the first case's number.
    let is_here =
        function.dfg.value_def(arg).inst().and_then(|inst| function.layout.inst_block(inst)) == Some(dispatch.block);
    let (index, added) = match sum(function, arg) {
        Some((left, right)) if is_here && bits_max(function, graph, left) <= COMPLETE_BITS_MAX => {
            constant(function, right).map_or((arg, 0), |added| (left, added as u32))
        }
        _ => (arg, 0),
    };
    let bits = bits_max(function, graph, index);
    let complete = bits <= COMPLETE_BITS_MAX;
    if complete {
        let target = |index: u32| entries.get(index.wrapping_add(added) as usize).copied().unwrap_or(default);
        entries = (0..1 << bits).map(target).collect();
    }
    entries.push(default);
    Entries { index, complete, targets: entries }
}

/// An upper bound of the bits that an integer has, without leading zeros.
fn bits_max(function: &Function, graph: &Graph, value: Value) -> u32 {
    bits(function, graph, value, DEPTH_MAX, &mut { LOOKS_MAX })
}

fn bits(function: &Function, graph: &Graph, value: Value, depth: u32, looks: &mut u32) -> u32 {
    let width = function.dfg.value_type(value).bits();
    let (Some(depth), Some(left)) = (depth.checked_sub(1), looks.checked_sub(1)) else { return width };
    *looks = left;
    let mut of = |value: Value| bits(function, graph, value, depth, looks);
    let found = match function.dfg.value_def(value) {
        ValueDef::Param(block, number) => {
            let arguments = graph.predecessors[block].iter().flat_map(|before| arguments(function, *before, block));
            let mut most = 0;
            for arguments in arguments {
                most = most.max(of(arguments[number]));
                if most >= width {
                    break;
                }
            }
            if graph.predecessors[block].is_empty() { width } else { most }
        }
        ValueDef::Result(inst, _) => match function.dfg.insts[inst] {
            InstructionData::UnaryImm { imm, .. } => {
                let bits = 64 - (i64::from(imm) as u64).leading_zeros();
                bits.min(width)
            }
            InstructionData::Load { opcode: Opcode::Uload8, .. } => 8,
            InstructionData::Load { opcode: Opcode::Uload16, .. } => 16,
            InstructionData::Load { opcode: Opcode::Uload32, .. } => 32,
            InstructionData::Unary { opcode: Opcode::Uextend | Opcode::Ireduce, arg } => of(arg),
            InstructionData::Binary { opcode: Opcode::Band, args } => of(args[0]).min(of(args[1])),
            InstructionData::Binary { opcode: Opcode::Bor | Opcode::Bxor, args } => of(args[0]).max(of(args[1])),
            _ => width,
        },
        ValueDef::Union(..) => width,
    };
    found.min(width)
}
