//! Operands at the edges of memories, tables and segments. Random ones hardly ever are: nearly all accesses trap, nearly
//! nothing grows, and a bound that is wrong by one is never noticed.

use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{Instruction, ValType};
use wasmparser::{MemArg, MemArgTarget, Operator, for_each_operator};

use crate::numbers::Numbers;

/// What can be accessed, imported ones first.
#[derive(Default)]
pub struct Spaces {
    /// Of each memory, whether its indices have 64 bits.
    pub memories: Vec<bool>,
    /// Of each table the type of its entries, and whether its indices have 64 bits.
    pub tables: Vec<(ValType, bool)>,
    /// Bytes of each data segment.
    pub data: Vec<u64>,
    /// Of each element segment the type of its entries, and how many it has.
    pub elements: Vec<(ValType, u64)>,
    /// Whether code may use data segments: they are counted before it.
    pub counted: bool,
}

/// What an operator gets instead of what is on the stack.
#[derive(Debug)]
pub struct Operands {
    /// How many operands are replaced below the kept ones, and what pushes the new ones.
    pub below: (usize, Vec<Instruction<'static>>),
    /// Types of the operands that are kept.
    pub kept: Vec<ValType>,
    /// As `below`, for operands above the kept ones.
    pub above: (usize, Vec<Instruction<'static>>),
}

/// Something with a size, in which something has a place.
enum Space {
    Memory(u32),
    Table(u32),
    Segment(u64),
}

impl Spaces {
    /// Operands at an edge; `None` for an operator that has none. Three of four are inside.
    pub fn operands(&self, operator: &Operator, numbers: &mut Numbers) -> Option<Operands> {
        let few = |numbers: &mut Numbers| *numbers.pick(&[0, 1, 1, 2, 3, 8]);
        let replaced =
            |count, instructions| Operands { below: (count, instructions), kept: Vec::new(), above: (0, Vec::new()) };
        Some(match *operator {
            Operator::MemoryGrow { mem } => {
                let pages = constant(few(numbers), self.memories[mem as usize]);
                replaced(1, vec![pages])
            }
            Operator::MemoryFill { mem } => {
                let count = few(numbers);
                let mut pushed = self.place(&Space::Memory(mem), count, numbers);
                pushed.push(Instruction::I32Const(numbers.next() as i32));
                pushed.push(constant(count, self.memories[mem as usize]));
                replaced(3, pushed)
            }
            Operator::MemoryCopy { dst_mem, src_mem } => {
                let wide = self.memories[dst_mem as usize] && self.memories[src_mem as usize];
                let range = [Space::Memory(dst_mem), Space::Memory(src_mem)];
                replaced(3, self.ranges(&range, few(numbers), wide, numbers))
            }
            Operator::MemoryInit { data_index, mem } => {
                let range = [Space::Memory(mem), Space::Segment(self.data[data_index as usize])];
                replaced(3, self.ranges(&range, few(numbers), false, numbers))
            }
            Operator::TableInit { elem_index, table } => {
                let range = [Space::Table(table), Space::Segment(self.elements[elem_index as usize].1)];
                replaced(3, self.ranges(&range, few(numbers), false, numbers))
            }
            Operator::TableCopy { dst_table, src_table } => {
                let wide = self.tables[dst_table as usize].1 && self.tables[src_table as usize].1;
                let range = [Space::Table(dst_table), Space::Table(src_table)];
                replaced(3, self.ranges(&range, few(numbers), wide, numbers))
            }
            Operator::TableFill { table } => {
                let (kind, index64) = self.tables[table as usize];
                let count = few(numbers);
                Operands {
                    below: (1, self.place(&Space::Table(table), count, numbers)),
                    kept: vec![kind],
                    above: (1, vec![constant(count, index64)]),
                }
            }
            Operator::TableGrow { table } => {
                let index64 = self.tables[table as usize].1;
                replaced(1, vec![constant(few(numbers), index64)])
            }
            Operator::TableGet { table } => replaced(1, self.place(&Space::Table(table), 1, numbers)),
            Operator::CallIndirect { table_index, .. } | Operator::ReturnCallIndirect { table_index, .. } => {
                replaced(1, self.place(&Space::Table(table_index), 1, numbers))
            }
            Operator::TableSet { table } => Operands {
                below: (1, self.place(&Space::Table(table), 1, numbers)),
                kept: vec![self.tables[table as usize].0],
                above: (0, Vec::new()),
            },
            _ => {
                let (name, memarg) = access(operator)?;
                let MemArgTarget::Memory(memory) = memarg.target else { return None };
                let end = memarg.offset.checked_add(1 << memarg.max_align)?;
                Operands {
                    below: (1, self.place(&Space::Memory(memory), end, numbers)),
                    kept: further_operands(name),
                    above: (0, Vec::new()),
                }
            }
        })
    }

    /// Instructions for anywhere in a function: an operator on a range or a size, at an edge.
    pub fn insertion(&self, numbers: &mut Numbers) -> Vec<Instruction<'static>> {
        let mut choices = Vec::new();
        for memory in 0..self.memories.len() as u32 {
            let other = numbers.below(self.memories.len()) as u32;
            choices.push(Operator::MemoryFill { mem: memory });
            choices.push(Operator::MemoryCopy { dst_mem: memory, src_mem: other });
            choices.push(Operator::MemoryGrow { mem: memory });
            if self.counted && !self.data.is_empty() {
                let data_index = numbers.below(self.data.len()) as u32;
                choices.push(Operator::MemoryInit { data_index, mem: memory });
                choices.push(Operator::DataDrop { data_index });
            }
        }
        for (table, (kind, _)) in (0..).zip(&self.tables) {
            choices.push(Operator::TableCopy { dst_table: table, src_table: table });
            let fits = |segment: &u32| self.elements[*segment as usize].0 == *kind;
            let fitting: Vec<u32> = (0..self.elements.len() as u32).filter(fits).collect();
            if !fitting.is_empty() {
                choices.push(Operator::TableInit { elem_index: *numbers.pick(&fitting), table });
            }
        }
        if choices.is_empty() {
            return Vec::new();
        }
        let operator = numbers.pick(&choices).clone();
        let instruction = RoundtripReencoder.instruction(operator.clone()).expect("nothing changes its number");
        // Dropping a segment has no operands.
        let mut instructions = self.operands(&operator, numbers).map_or(Vec::new(), |operands| operands.below.1);
        instructions.push(instruction);
        if let Operator::MemoryGrow { mem } = operator {
            // What it returned, and the size afterwards, in a byte each that everybody can see.
            let index64 = self.memories[mem as usize];
            let target = wasm_encoder::MemArgTarget::Memory(mem);
            let memarg = |offset| wasm_encoder::MemArg { offset, align: 0, target, ordering: None };
            let store = |offset| {
                if index64 { Instruction::I64Store8(memarg(offset)) } else { Instruction::I32Store8(memarg(offset)) }
            };
            instructions.insert(0, constant(0, index64));
            instructions.extend([store(0), constant(0, index64), Instruction::MemorySize(mem), store(1)]);
        }
        instructions
    }

    /// Pushes a place in each of two spaces, and a count.
    fn ranges(&self, spaces: &[Space; 2], count: u64, wide: bool, numbers: &mut Numbers) -> Vec<Instruction<'static>> {
        let mut pushed = self.place(&spaces[0], count, numbers);
        pushed.extend(self.place(&spaces[1], count, numbers));
        pushed.push(constant(count, wide));
        pushed
    }

    /// Pushes an index from which `count` bytes or entries end where the space does, or near that.
    fn place(&self, space: &Space, count: u64, numbers: &mut Numbers) -> Vec<Instruction<'static>> {
        let before_end = match numbers.below(8) {
            0 => count.wrapping_sub(1),
            1..6 => count,
            6 => count.wrapping_add(8),
            _ => count.wrapping_add(numbers.below(100) as u64),
        };
        let (size, index64) = match *space {
            Space::Segment(size) => return vec![constant(size.wrapping_sub(before_end), false)],
            Space::Memory(memory) => {
                let index64 = self.memories[memory as usize];
                let shift = if index64 { Instruction::I64Shl } else { Instruction::I32Shl };
                (vec![Instruction::MemorySize(memory), constant(16, index64), shift], index64)
            }
            Space::Table(table) => (vec![Instruction::TableSize(table)], self.tables[table as usize].1),
        };
        let minus = if index64 { Instruction::I64Sub } else { Instruction::I32Sub };
        let mut pushed = size;
        pushed.extend([constant(before_end, index64), minus]);
        pushed
    }
}

/// A constant in the type of indices.
pub fn constant(value: u64, index64: bool) -> Instruction<'static> {
    if index64 { Instruction::I64Const(value as i64) } else { Instruction::I32Const(value as i32) }
}

macro_rules! access_of {
    ($visit:ident (memarg $($rest:ident)*) ($memarg:ident $($again:ident)*)) => {
        Some((stringify!($visit), *$memarg))
    };
    ($visit:ident ($($argument:ident)*) ($($again:ident)*)) => {
        None
    };
}

macro_rules! define_access {
    ($(@$proposal:ident $operator:ident $({ $($argument:ident: $kind:ty),* })? => $visit:ident ($($rest:tt)*))*) => {
        /// The name of an access to memory in lower case, and where it goes to.
        #[allow(unused_variables, reason = "arguments of operators that access no memory")]
        fn access(operator: &Operator) -> Option<(&'static str, MemArg)> {
            match operator {
                $(Operator::$operator $({ $($argument),* })? => {
                    access_of!($visit ($($($argument)*)?) ($($($argument)*)?))
                })*
                _ => None,
            }
        }
    };
}
for_each_operator!(define_access);

/// The types of what an access to memory pops besides the index, by its name.
fn further_operands(name: &str) -> Vec<ValType> {
    let name = name.trim_start_matches("visit_");
    let value = match name.split('_').next() {
        Some("i32") => ValType::I32,
        Some("i64") => ValType::I64,
        Some("f32") => ValType::F32,
        Some("f64") => ValType::F64,
        _ => ValType::V128,
    };
    match name {
        "memory_atomic_notify" => vec![ValType::I32],
        "memory_atomic_wait32" => vec![ValType::I32, ValType::I64],
        "memory_atomic_wait64" => vec![ValType::I64, ValType::I64],
        _ if name.contains("cmpxchg") => vec![value, value],
        _ if name.contains("store") || name.contains("rmw") || name.contains("lane") => vec![value],
        _ => Vec::new(),
    }
}
