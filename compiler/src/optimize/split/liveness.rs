//! Which values are still needed where.

use std::collections::{HashMap, HashSet};

use cranelift_codegen::entity::SecondaryMap;
use cranelift_codegen::ir::{Block, Function, Opcode, Value, ValueDef};

use super::graph::Graph;

/// Values that are needed in another block than the one that they are made in, and in which.
pub struct Liveness {
    values: Vec<Value>,
    /// Everything that some instruction uses.
    used: HashSet<Value>,
    /// For each block, a bit for each of these values.
    before: SecondaryMap<Block, Vec<u64>>,
}

impl Liveness {
    /// Of all blocks that can be reached. The function has no aliases.
    pub fn new(function: &Function, graph: &Graph) -> Liveness {
        let mut values = Vec::new();
        let mut numbers = HashMap::new();
        let mut used = HashSet::new();
        let mut uses: SecondaryMap<Block, Vec<u32>> = SecondaryMap::new();
        for block in &graph.order {
            for inst in function.layout.block_insts(*block) {
                for value in function.dfg.inst_values(inst) {
                    used.insert(value);
                    if is_remade(function, value) || block_of(function, value) == Some(*block) {
                        continue;
                    }
                    let number = *numbers.entry(value).or_insert_with(|| {
                        values.push(value);
                        values.len() as u32 - 1
                    });
                    uses[*block].push(number);
                }
            }
        }
        let words = values.len().div_ceil(64);
        let mut made: SecondaryMap<Block, Vec<u64>> = SecondaryMap::with_default(vec![0; words]);
        for (number, value) in values.iter().enumerate() {
            if let Some(block) = block_of(function, *value) {
                made[block][number / 64] |= 1 << (number % 64);
            }
        }
        let mut before: SecondaryMap<Block, Vec<u64>> = SecondaryMap::with_default(vec![0; words]);
        for block in &graph.order {
            for number in &uses[*block] {
                before[*block][*number as usize / 64] |= 1 << (number % 64);
            }
        }
        let mut changed = true;
        while changed {
            changed = false;
            for block in graph.order.iter().rev() {
                let mut now = before[*block].clone();
                for successor in &graph.successors[*block] {
                    for ((now, after), made) in now.iter_mut().zip(&before[*successor]).zip(&made[*block]) {
                        *now |= after & !made;
                    }
                }
                if now != before[*block] {
                    before[*block] = now;
                    changed = true;
                }
            }
        }
        Liveness { values, used, before }
    }

    /// Whether any instruction uses a value.
    pub fn is_used(&self, value: Value) -> bool {
        self.used.contains(&value)
    }

    /// The values that exist when a block begins, and are needed in it or behind it; not its parameters.
    pub fn before(&self, block: Block) -> impl Iterator<Item = Value> + '_ {
        self.before[block].iter().enumerate().flat_map(move |(index, word)| {
            let bits = (0..64).filter(move |bit| word >> bit & 1 == 1);
            bits.map(move |bit| self.values[index * 64 + bit])
        })
    }
}

fn block_of(function: &Function, value: Value) -> Option<Block> {
    match function.dfg.value_def(value) {
        ValueDef::Result(inst, _) => function.layout.inst_block(inst),
        ValueDef::Param(block, _) => Some(block),
        ValueDef::Union(..) => None,
    }
}

/// Whether a value is made again wherever it is used: it takes one instruction without operands.
pub fn is_remade(function: &Function, value: Value) -> bool {
    let ValueDef::Result(inst, _) = function.dfg.value_def(value) else { return false };
    matches!(
        function.dfg.insts[inst].opcode(),
        Opcode::Iconst
            | Opcode::F32const
            | Opcode::F64const
            | Opcode::Vconst
            | Opcode::SymbolValue
            | Opcode::FuncAddr
            | Opcode::StackAddr
    )
}
