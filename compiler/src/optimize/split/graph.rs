//! The flow graph of a function, in the form that the cuts need.

use cranelift_codegen::dominator_tree::DominatorTree;
use cranelift_codegen::entity::SecondaryMap;
use cranelift_codegen::entity::packed_option::PackedOption;
use cranelift_codegen::flowgraph::ControlFlowGraph;
use cranelift_codegen::ir::{Block, Function};

/// Blocks that can be reached, and how.
pub struct Graph {
    /// All blocks that can be reached, in reverse postorder: the entry comes first, and what dominates a block before it.
    pub order: Vec<Block>,
    /// What may come before a block, each once.
    pub predecessors: SecondaryMap<Block, Vec<Block>>,
    /// What may come after a block, each once.
    pub successors: SecondaryMap<Block, Vec<Block>>,
    /// The block that every way to a block passes last.
    pub dominator: SecondaryMap<Block, PackedOption<Block>>,
    /// Whether the dispatch leads to a block.
    pub is_dispatched: SecondaryMap<Block, bool>,
}

impl Graph {
    /// The graph of a function.
    pub fn new(function: &Function, dispatch: Block) -> Graph {
        let flow = ControlFlowGraph::with_function(function);
        let tree = DominatorTree::with_function(function, &flow);
        let order: Vec<Block> = tree.cfg_rpo().copied().collect();
        let mut predecessors: SecondaryMap<Block, Vec<Block>> = SecondaryMap::new();
        let mut successors: SecondaryMap<Block, Vec<Block>> = SecondaryMap::new();
        let mut dominator = SecondaryMap::new();
        for block in &order {
            dominator[*block] = tree.idom(*block).into();
            for target in targets(function, *block) {
                if !successors[*block].contains(&target) {
                    successors[*block].push(target);
                    predecessors[target].push(*block);
                }
            }
        }
        let mut is_dispatched = SecondaryMap::new();
        for target in &successors[dispatch] {
            is_dispatched[*target] = true;
        }
        Graph { order, predecessors, successors, dominator, is_dispatched }
    }
}

/// Where the last instruction of a block may go, in its order.
fn targets(function: &Function, block: Block) -> impl Iterator<Item = Block> + '_ {
    let graph = &function.dfg;
    let last = function.layout.last_inst(block);
    last.into_iter().flat_map(move |last| {
        let targets = graph.insts[last].branch_destination(&graph.jump_tables, &graph.exception_tables);
        targets.iter().map(move |target| target.block(&graph.value_lists))
    })
}
