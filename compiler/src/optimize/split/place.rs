//! Where the values are that cross from one part to another: in argument registers, or in the frame of the driver.
//!
//! Values that flow into each other (the argument of a branch and the parameter of the block it goes to) share a home where
//! no part needs both at a time, so that a variable of the source that nobody changes on a way stays where it is.

use std::collections::{BTreeSet, HashMap};

use cranelift_codegen::ir::{Block, Function, Type, Value, types};

use super::graph::Graph;
use super::liveness::Liveness;
use super::region::{Cutter, Parts};
use super::value::arguments;
use crate::arch::PartConvention;

/// Where a value is when a part is entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Home {
    /// The argument with this number; where [`PartConvention::extends`], extended to 64 bits.
    Register(usize),
    /// So many bytes into the driver's frame.
    Frame(u32),
}

/// The homes of all values that cross.
pub struct Homes {
    homes: HashMap<Value, Home>,
    /// What each part is entered with, by its root. Parameters of the entry are not among them.
    entered_with: HashMap<Block, Vec<Value>>,
    /// What the dispatch hands over, whichever part it goes to.
    pub dispatched: Vec<Value>,
    /// Size of the homes in the frame, in bytes.
    pub frame_bytes: u32,
}

impl Homes {
    /// Finds homes.
    pub fn new(cutter: Cutter<'_>, parts: &Parts, live: &Liveness, convention: PartConvention) -> Homes {
        let Cutter { function, graph, dispatch, .. } = cutter;
        let entry = graph.order[0];
        let mut entered_with = HashMap::new();
        for part in &parts.list {
            let mut values: Vec<Value> = live.before(part.root).collect();
            if part.root != entry {
                let parameters = function.dfg.block_params(part.root).iter().copied();
                values.extend(parameters.filter(|parameter| live.is_used(*parameter)));
            }
            entered_with.insert(part.root, values);
        }
        let mut dispatched = BTreeSet::new();
        if graph.successors[dispatch.block].iter().all(|target| parts.numbers.contains_key(target)) {
            let targets = graph.successors[dispatch.block].iter();
            dispatched.extend(targets.flat_map(|target| &entered_with[target]).copied());
        }
        let dispatched: Vec<Value> = dispatched.into_iter().collect();

        let mut classes = Classes::new(function);
        for (number, part) in parts.list.iter().enumerate() {
            classes.meet(&entered_with[&part.root], number);
        }
        classes.meet(&dispatched, parts.list.len());
        classes.join(graph);
        let weights = weights(cutter, &classes);
        let (homes, frame_bytes) = classes.place(&weights, parts.list.len(), convention.registers);
        Homes { homes, entered_with, dispatched, frame_bytes }
    }

    /// The home of a value that crosses.
    pub fn of(&self, value: Value) -> Home {
        self.homes[&value]
    }

    /// The home of a value, if it crosses.
    pub fn find(&self, value: Value) -> Option<Home> {
        self.homes.get(&value).copied()
    }

    /// What a part is entered with.
    pub fn entered_with(&self, root: Block) -> &[Value] {
        &self.entered_with[&root]
    }
}

/// Values that share a home.
struct Class {
    values: Vec<Value>,
    ty: Type,
    /// The places at which one of them exists; a bit for each.
    places: Vec<u64>,
}

struct Classes<'a> {
    function: &'a Function,
    class_of: HashMap<Value, usize>,
    classes: Vec<Class>,
}

impl<'a> Classes<'a> {
    fn new(function: &'a Function) -> Self {
        Classes { function, class_of: HashMap::new(), classes: Vec::new() }
    }

    /// All these values exist at this place, and so have different homes.
    fn meet(&mut self, values: &[Value], place: usize) {
        for value in values {
            let class = *self.class_of.entry(*value).or_insert_with(|| {
                let ty = self.function.dfg.value_type(*value);
                self.classes.push(Class { values: vec![*value], ty, places: Vec::new() });
                self.classes.len() - 1
            });
            let places = &mut self.classes[class].places;
            places.resize(places.len().max(place / 64 + 1), 0);
            places[place / 64] |= 1 << (place % 64);
        }
    }

    /// Lets values that flow into each other share a home; where most flows meet, first.
    fn join(&mut self, graph: &Graph) {
        let mut blocks = graph.order.clone();
        blocks.sort_by_key(|block| std::cmp::Reverse(graph.predecessors[*block].len()));
        for block in blocks {
            let parameters = self.function.dfg.block_params(block);
            if parameters.is_empty() {
                continue;
            }
            for before in &graph.predecessors[block] {
                for arguments in arguments(self.function, *before, block) {
                    for (parameter, argument) in parameters.iter().zip(arguments) {
                        self.join_two(*parameter, argument);
                    }
                }
            }
        }
    }

    fn join_two(&mut self, left: Value, right: Value) {
        let (Some(&left), Some(&right)) = (self.class_of.get(&left), self.class_of.get(&right)) else { return };
        let (one, other) = (&self.classes[left], &self.classes[right]);
        if left == right || one.ty != other.ty || intersect(&one.places, &other.places) {
            return;
        }
        let moved = std::mem::take(&mut self.classes[right].values);
        for value in &moved {
            self.class_of.insert(*value, left);
        }
        let places = std::mem::take(&mut self.classes[right].places);
        self.classes[left].values.extend(moved);
        unite(&mut self.classes[left].places, &places);
    }

    /// Gives the heaviest classes of integers the registers, and all others room in the frame. `dispatch` is the place at which
    /// everything exists that the dispatch hands over.
    fn place(&self, weights: &[u64], dispatch: usize, register_count: usize) -> (HashMap<Value, Home>, u32) {
        let mut order: Vec<usize> =
            (0..self.classes.len()).filter(|class| !self.classes[*class].values.is_empty()).collect();
        // What the dispatch hands over comes before what only a few parts hand to each other.
        let is_dispatched = |class: usize| {
            self.classes[class].places.get(dispatch / 64).is_some_and(|word| word >> (dispatch % 64) & 1 == 1)
        };
        order.sort_by_key(|class| (!is_dispatched(*class), std::cmp::Reverse(weights[*class]), *class));
        let mut homes = HashMap::new();
        let mut registers: Vec<Vec<u64>> = vec![Vec::new(); register_count];
        let mut slots: Vec<(u32, u32, Vec<u64>)> = Vec::new();
        let mut frame_bytes = 0;
        for class in order {
            let class = &self.classes[class];
            let free = registers.iter().position(|taken| !intersect(taken, &class.places));
            let home = match free {
                Some(register) if matches!(class.ty, types::I32 | types::I64) => {
                    unite(&mut registers[register], &class.places);
                    Home::Register(register)
                }
                _ => {
                    let bytes = class.ty.bytes().max(8);
                    let free = slots.iter_mut().find(|slot| slot.1 == bytes && !intersect(&slot.2, &class.places));
                    let offset = match free {
                        Some(slot) => {
                            unite(&mut slot.2, &class.places);
                            slot.0
                        }
                        None => {
                            let offset = u32::next_multiple_of(frame_bytes, bytes);
                            frame_bytes = offset + bytes;
                            slots.push((offset, bytes, class.places.clone()));
                            offset
                        }
                    };
                    Home::Frame(offset)
                }
            };
            homes.extend(class.values.iter().map(|value| (*value, home)));
        }
        (homes, frame_bytes)
    }
}

/// How often each class is read or changed on the likely ways from the targets of the dispatch back to it.
fn weights(cutter: Cutter<'_>, classes: &Classes<'_>) -> Vec<u64> {
    let Cutter { function, graph, dispatch, likely } = cutter;
    let mut weights = vec![0; classes.classes.len()];
    for target in &graph.successors[dispatch.block] {
        let way = likely.way(*target, graph, dispatch);
        let mut used: BTreeSet<usize> = BTreeSet::new();
        let mut changed: BTreeSet<usize> = BTreeSet::new();
        for block in &way {
            for inst in function.layout.block_insts(*block) {
                let operands = function.dfg.inst_args(inst).iter();
                used.extend(operands.filter_map(|value| classes.class_of.get(value).copied()));
                let results = function.dfg.inst_results(inst).iter();
                changed.extend(results.filter_map(|value| classes.class_of.get(value).copied()));
            }
            for successor in graph.successors[*block].iter().filter(|block| way.contains(block)) {
                let parameters = function.dfg.block_params(*successor);
                for arguments in arguments(function, *block, *successor) {
                    for (parameter, argument) in parameters.iter().zip(&arguments) {
                        let class = classes.class_of.get(parameter);
                        if class != classes.class_of.get(argument) {
                            changed.extend(class.copied());
                        }
                    }
                }
            }
        }
        for class in used.into_iter().chain(changed) {
            weights[class] += 1;
        }
    }
    weights
}

fn intersect(left: &[u64], right: &[u64]) -> bool {
    left.iter().zip(right).any(|(left, right)| left & right != 0)
}

fn unite(left: &mut Vec<u64>, right: &[u64]) {
    left.resize(left.len().max(right.len()), 0);
    for (left, right) in left.iter_mut().zip(right) {
        *left |= right;
    }
}
