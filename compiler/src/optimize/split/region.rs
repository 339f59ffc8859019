//! Where the function is cut, and what the parts consist of.
//!
//! A region is a part of the dominator tree: its blocks are entered only through its root. Roots are the entry, the targets
//! of the dispatch, and every block that is reached from two regions. A part is what becomes a function: a region, and copies
//! of small regions that are reached from it.

use std::collections::{HashMap, HashSet};

use cranelift_codegen::entity::SecondaryMap;
use cranelift_codegen::entity::packed_option::PackedOption;
use cranelift_codegen::ir::{Block, Function};

use super::find::Dispatch;
use super::graph::Graph;
use super::likely::{Likely, calls};
use super::switch::is_switch;

/// A region of at most so many instructions is copied into every part that reaches it.
const COPIED_INSTRUCTIONS_MAX: usize = 24;

/// The same for regions on the way to the dispatch.
const COPIED_DISPATCH_INSTRUCTIONS_MAX: usize = 64;

/// The same for regions on the likely way from the part's root.
const COPIED_LIKELY_INSTRUCTIONS_MAX: usize = 200;

/// No more is copied into a part that has so many instructions.
const PART_INSTRUCTIONS_MAX: usize = 2000;

/// Parts that a function is cut into.
const PARTS_MAX: usize = 5000;

/// How much larger all parts together may be than the function.
const GROWTH_MAX: usize = 8;

/// Regions of a function.
pub struct Regions {
    /// The root of each block's region.
    pub root: SecondaryMap<Block, PackedOption<Block>>,
    /// The blocks of each root's region, the root first.
    pub blocks: HashMap<Block, Vec<Block>>,
}

impl Regions {
    /// Cuts the function.
    pub fn new(graph: &Graph, forced: &[Block]) -> Regions {
        let mut is_root: SecondaryMap<Block, bool> = SecondaryMap::new();
        for block in forced {
            is_root[*block] = true;
        }
        let mut root: SecondaryMap<Block, PackedOption<Block>> = SecondaryMap::new();
        let mut changed = true;
        while changed {
            changed = false;
            for block in &graph.order {
                let mut now = match graph.dominator[*block].expand() {
                    Some(dominator) if !is_root[*block] => root[dominator],
                    _ => (*block).into(),
                };
                let mut before = graph.predecessors[*block].iter().filter_map(|block| root[*block].expand());
                if now != (*block).into() && before.any(|root| now != root.into()) {
                    is_root[*block] = true;
                    now = (*block).into();
                }
                changed |= root[*block] != now;
                root[*block] = now;
            }
        }
        let mut blocks: HashMap<Block, Vec<Block>> = HashMap::new();
        for block in &graph.order {
            let root = root[*block].expect("every block that can be reached has a root");
            blocks.entry(root).or_default().push(*block);
        }
        Regions { root, blocks }
    }
}

/// What becomes a function.
pub struct Part {
    /// Where it is entered.
    pub root: Block,
    /// Its blocks, in an order in which values are made before they are used.
    pub blocks: Vec<Block>,
    inside: HashSet<Block>,
    /// Small blocks that are copied once for each way to them: nothing has to be brought together where they begin.
    pub copied: HashSet<Block>,
}

/// All parts, that of the entry first.
pub struct Parts {
    /// The parts.
    pub list: Vec<Part>,
    /// The number of the part that a root is entered by.
    pub numbers: HashMap<Block, usize>,
}

/// What decides where the function is cut.
#[derive(Clone, Copy)]
pub struct Cutter<'a> {
    /// The function.
    pub function: &'a Function,
    /// Its graph.
    pub graph: &'a Graph,
    /// Its dispatch.
    pub dispatch: Dispatch,
    /// Its likely ways.
    pub likely: &'a Likely,
}

impl Cutter<'_> {
    /// Finds regions such that a part whose likely way makes no calls has none: it needs no frame, and saves no registers.
    pub fn regions(self) -> Regions {
        let mut roots = self.graph.successors[self.dispatch.block].clone();
        roots.push(self.graph.order[0]);
        for switch in self.graph.order.iter().filter(|block| self.is_switch(**block)) {
            roots.extend(&self.graph.successors[*switch]);
        }
        let regions = Regions::new(self.graph, &roots);
        for root in self.graph.order.iter().filter(|block| regions.blocks.contains_key(block)) {
            let way = self.likely.way(*root, self.graph, self.dispatch);
            if way.iter().any(|block| self.calls(*block)) {
                continue;
            }
            for block in way.iter().filter(|block| **block != self.dispatch.block) {
                for beside in self.graph.successors[*block].iter().filter(|block| !way.contains(block)) {
                    if !regions.blocks.contains_key(beside) && self.leads_to_call(*beside, &way, &regions) {
                        roots.push(*beside);
                    }
                }
            }
        }
        Regions::new(self.graph, &roots)
    }

    /// Whether a call can be reached from a block in its region, away from the likely way.
    fn leads_to_call(self, from: Block, way: &[Block], regions: &Regions) -> bool {
        let mut seen = vec![from];
        let mut next = 0;
        while let Some(block) = seen.get(next).copied() {
            next += 1;
            if self.calls(block) {
                return true;
            }
            for successor in &self.graph.successors[block] {
                let same = regions.root[*successor] == regions.root[from] && !way.contains(successor);
                if same && !seen.contains(successor) {
                    seen.push(*successor);
                }
            }
        }
        false
    }

    fn calls(self, block: Block) -> bool {
        calls(self.function, block)
    }

    fn is_switch(self, block: Block) -> bool {
        is_switch(self.function, self.graph, self.dispatch, block)
    }

    fn size(self, block: Block) -> usize {
        self.function.layout.block_insts(block).count()
    }

    /// Decides what becomes a function, starting from the entry; nothing, if that would become too much.
    pub fn parts(self, regions: &Regions) -> Option<Parts> {
        let mut room = self.function.dfg.num_insts() * GROWTH_MAX;
        let mut parts = Parts { list: Vec::new(), numbers: HashMap::new() };
        let mut wanted = vec![self.graph.order[0]];
        parts.numbers.insert(self.graph.order[0], 0);
        let mut next = 0;
        while let Some(root) = wanted.get(next).copied() {
            next += 1;
            let part = self.part(root, regions);
            room = room.checked_sub(part.blocks.iter().map(|block| self.size(*block)).sum())?;
            for block in part.blocks.iter().chain(&part.copied_in_order(self.graph)) {
                for successor in &self.graph.successors[*block] {
                    let inside = part.contains(*successor) && *block != self.dispatch.block;
                    let from_copy = part.copied.contains(block);
                    if (!inside || from_copy) && !parts.numbers.contains_key(successor) {
                        parts.numbers.insert(*successor, wanted.len());
                        wanted.push(*successor);
                    }
                }
            }
            parts.list.push(part);
            if parts.list.len() > PARTS_MAX {
                return None;
            }
        }
        Some(parts)
    }

    /// Whether a region is a block that is copied for each way to it.
    fn is_copied(self, root: Block, calls: bool, regions: &Regions) -> bool {
        let most = if root == self.dispatch.block { COPIED_DISPATCH_INSTRUCTIONS_MAX } else { COPIED_INSTRUCTIONS_MAX };
        regions.blocks[&root].len() == 1
            && self.size(root) <= most
            && (calls || !self.calls(root))
            && (root == self.dispatch.block || self.is_switch(root) || self.graph.successors[root].len() <= 2)
    }

    fn part(self, root: Block, regions: &Regions) -> Part {
        let way = self.likely.way(root, self.graph, self.dispatch);
        let calls = way.iter().any(|block| self.calls(*block));
        let mut inside: SecondaryMap<Block, bool> = SecondaryMap::new();
        let mut copied = HashSet::new();
        let mut waiting = vec![root];
        let mut total = 0;
        while let Some(region) = waiting.pop() {
            if inside[region] || copied.contains(&region) {
                continue;
            }
            if region != root && self.is_copied(region, calls, regions) {
                copied.insert(region);
            } else {
                for block in &regions.blocks[&region] {
                    inside[*block] = true;
                    total += self.size(*block);
                }
            }
            for block in regions.blocks[&region].iter().filter(|block| **block != self.dispatch.block) {
                for successor in &self.graph.successors[*block] {
                    if inside[*successor] || total > PART_INSTRUCTIONS_MAX {
                        continue;
                    }
                    let blocks = &regions.blocks[successor];
                    let size: usize = blocks.iter().map(|block| self.size(*block)).sum();
                    let allowed = if regions.root[self.dispatch.block] == (*successor).into() {
                        COPIED_DISPATCH_INSTRUCTIONS_MAX
                    } else if way.contains(successor) {
                        COPIED_LIKELY_INSTRUCTIONS_MAX
                    } else {
                        COPIED_INSTRUCTIONS_MAX
                    };
                    let is_copied = self.is_copied(*successor, calls, regions);
                    // From a copy, control goes on to copies only, or leaves the part.
                    let allowed = is_copied
                        || !copied.contains(block)
                            && size <= allowed
                            && (calls || !blocks.iter().any(|block| self.calls(*block)));
                    if allowed {
                        waiting.push(*successor);
                    }
                }
            }
        }
        let blocks = order(root, self.graph, self.dispatch, &inside);
        Part { root, inside: blocks.iter().copied().collect(), blocks, copied }
    }
}

impl Part {
    /// Whether a block is in it.
    pub fn contains(&self, block: Block) -> bool {
        self.inside.contains(&block)
    }

    fn copied_in_order(&self, graph: &Graph) -> Vec<Block> {
        graph.order.iter().copied().filter(|block| self.copied.contains(block)).collect()
    }
}

/// The blocks of a part in reverse postorder.
fn order(root: Block, graph: &Graph, dispatch: Dispatch, inside: &SecondaryMap<Block, bool>) -> Vec<Block> {
    let mut order = Vec::new();
    let mut seen: SecondaryMap<Block, bool> = SecondaryMap::new();
    let mut path = vec![(root, 0)];
    seen[root] = true;
    while let Some((block, next)) = path.last_mut() {
        let successors: &[Block] = if *block == dispatch.block { &[] } else { &graph.successors[*block] };
        match successors.get(*next) {
            Some(successor) => {
                *next += 1;
                if inside[*successor] && !seen[*successor] {
                    seen[*successor] = true;
                    path.push((*successor, 0));
                }
            }
            None => {
                order.push(*block);
                path.pop();
            }
        }
    }
    order.reverse();
    order
}
