//! Programs about exceptions, as trees: what they are made of, and how they are made up.

use crate::random::Random;

/// The functions of a program. A function calls only those behind it.
pub const FUNCTIONS: usize = 6;
/// Variables of a function: `i32`, `i64`, `f64`, `i32`.
pub const VARIABLES: usize = 4;

/// What exceptions carry, by tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tag {
    /// Nothing.
    Empty,
    /// An `i32`.
    One,
    /// `i64`, `f64`, `i32`.
    Three,
    /// `i32`, `i64`, `f32`, `f64`, `i64`, `i32`, `i32`.
    Seven,
}

/// All tags.
pub const TAGS: [Tag; 4] = [Tag::Empty, Tag::One, Tag::Three, Tag::Seven];

/// What is done.
#[derive(Clone, Debug)]
pub enum Node {
    /// Notes a number.
    Note(i32),
    /// Notes a variable.
    Look(usize),
    /// Changes a variable by a number.
    Change(usize, i32),
    /// Throws an exception made of the first variable.
    Throw(Tag),
    /// Calls a function with the first variable and notes the results; through the table, if so.
    Call { function: usize, indirect: bool },
    /// Does one or the other, by a bit of the first variable.
    If { bit: u32, then: Vec<Node>, otherwise: Vec<Node> },
    /// Does something a number of times.
    Loop { times: i32, body: Vec<Node> },
    /// Leaves the frame with this depth.
    Break(usize),
    /// Leaves the function.
    Return,
    /// Catches.
    Try { body: Vec<Node>, clauses: Vec<Clause> },
    /// Delegates to the frame with this depth, or to the caller.
    Delegate { body: Vec<Node>, depth: usize },
    /// Throws again what the frame with this depth has caught.
    Rethrow(usize),
}

/// A clause of a `try`.
#[derive(Clone, Debug)]
pub struct Clause {
    /// What it catches; `None` is everything.
    pub tag: Option<Tag>,
    /// What is done then.
    pub body: Vec<Node>,
    /// Whether something in it throws the exception again.
    pub rethrown: bool,
}

/// A program: the bodies of its functions.
#[derive(Debug)]
pub struct Program {
    pub functions: Vec<Vec<Node>>,
}

/// A frame around the place where a node is made up.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Around {
    Plain,
    /// The handler of a `try`; whether it was thrown again is found out by number.
    Handler,
}

struct Maker<'a> {
    random: &'a mut Random,
    function: usize,
    around: Vec<Around>,
    /// For each frame, whether a `rethrow` names it.
    rethrown: Vec<bool>,
    /// Nodes that may still be made.
    room: usize,
    delegates: bool,
    /// Inside of a loop calls are rare, so that a program ends soon.
    loops: usize,
}

/// Makes up a program, with `delegate` or without.
pub fn make_up(random: &mut Random, delegates: bool) -> Program {
    let functions = (0..FUNCTIONS).map(|function| {
        let mut maker =
            Maker { random, function, around: Vec::new(), rethrown: Vec::new(), room: 40, delegates, loops: 0 };
        maker.list(0)
    });
    Program { functions: functions.collect() }
}

impl Maker<'_> {
    fn list(&mut self, depth: usize) -> Vec<Node> {
        let count = 1 + self.random.below(4);
        let mut nodes = Vec::new();
        for _ in 0..count {
            if self.room == 0 {
                break;
            }
            self.room -= 1;
            nodes.push(self.node(depth));
        }
        nodes
    }

    fn inside(&mut self, around: Around, depth: usize) -> (Vec<Node>, bool) {
        self.around.push(around);
        self.rethrown.push(false);
        let nodes = self.list(depth + 1);
        self.around.pop();
        (nodes, self.rethrown.pop().expect("it was pushed above"))
    }

    fn node(&mut self, depth: usize) -> Node {
        let number = self.random.below(1000) as i32 - 300;
        match self.random.below(if depth < 7 { 20 } else { 9 }) {
            0 => Node::Note(number),
            1 | 2 => Node::Change(self.random.below(VARIABLES), number),
            3 => Node::Look(self.random.below(VARIABLES)),
            4 | 5 => Node::Throw(TAGS[self.random.below(TAGS.len())]),
            6 | 7 => self.call(number),
            8 => self.jump(number),
            9 | 10 => {
                let bit = self.random.below(5) as u32;
                Node::If {
                    bit,
                    then: self.inside(Around::Plain, depth).0,
                    otherwise: self.inside(Around::Plain, depth).0,
                }
            }
            11 => {
                self.loops += 1;
                let body = self.inside(Around::Plain, depth).0;
                self.loops -= 1;
                Node::Loop { times: 1 + self.random.below(3) as i32, body }
            }
            12 | 13 if self.delegates => {
                let depth_of_label = self.random.below(self.around.len() + 1);
                Node::Delegate { body: self.inside(Around::Plain, depth).0, depth: depth_of_label }
            }
            _ => self.catching(depth),
        }
    }

    fn call(&mut self, number: i32) -> Node {
        if self.function + 1 == FUNCTIONS || self.loops > 1 {
            return Node::Note(number);
        }
        let function = self.function + 1 + self.random.below(FUNCTIONS - self.function - 1);
        Node::Call { function, indirect: self.random.chance(30) }
    }

    fn jump(&mut self, number: i32) -> Node {
        let handlers: Vec<usize> =
            (0..self.around.len()).filter(|index| self.around[*index] == Around::Handler).collect();
        match self.random.below(4) {
            0 => Node::Return,
            1 if !self.around.is_empty() => Node::Break(self.random.below(self.around.len())),
            2 | 3 if !handlers.is_empty() => {
                let index = handlers[self.random.below(handlers.len())];
                self.rethrown[index] = true;
                Node::Rethrow(self.around.len() - 1 - index)
            }
            _ => Node::Note(number),
        }
    }

    fn catching(&mut self, depth: usize) -> Node {
        let body = self.inside(Around::Plain, depth).0;
        let mut clauses = Vec::new();
        for _ in 0..self.random.below(3) {
            let tag = Some(TAGS[self.random.below(TAGS.len())]);
            let (body, rethrown) = self.inside(Around::Handler, depth);
            clauses.push(Clause { tag, body, rethrown });
        }
        if self.random.chance(40) {
            let (body, rethrown) = self.inside(Around::Handler, depth);
            clauses.push(Clause { tag: None, body, rethrown });
        }
        Node::Try { body, clauses }
    }
}
