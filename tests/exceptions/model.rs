//! What a program about exceptions does, computed from its tree: the plainest reading of the proposals.

use crate::tree::{Clause, Node, Program, Tag, VARIABLES};

/// Nodes that are done before a program is given up.
const STEPS_MAX: usize = 100_000;

/// Parameters of every second function, and results of every third: more than there are registers.
pub const MANY: usize = 11;

/// How functions of this number are called: how many parameters they have and how many results, all of them `i32`.
pub fn shape(function: usize) -> (usize, usize) {
    (if function % 2 == 1 { MANY } else { 1 }, if function % 3 == 2 { MANY } else { 1 })
}

/// What a call from outside does.
#[derive(Debug, PartialEq, Eq)]
pub struct Effect {
    /// The first result; `None` if it ends in an exception.
    pub result: Option<i32>,
    /// A number made of everything that was noted.
    pub notes: i32,
}

#[derive(Clone, Debug)]
struct Exception {
    tag: Tag,
    value: i32,
}

/// How the execution of nodes ends.
enum Flow {
    Next,
    /// To the end of the frame with this number, the outermost being 0.
    Break(usize),
    Return,
    Thrown(Exception),
    /// To be thrown inside of the frame with this number; `None` is the caller.
    Delegated(Exception, Option<usize>),
    /// There were too many steps.
    TooLong,
}

struct Machine<'a> {
    program: &'a Program,
    notes: i32,
    steps: usize,
}

struct Variables {
    values: [i64; VARIABLES],
    /// What the open frames have caught.
    caught: Vec<Option<Exception>>,
}

/// Calls the first function; `None` if that takes too long.
pub fn call(program: &Program, argument: i32) -> Option<Effect> {
    let mut machine = Machine { program, notes: 0, steps: 0 };
    match machine.function(0, argument) {
        Ok(result) => Some(Effect { result: Some(result), notes: machine.notes }),
        Err(Some(_)) => Some(Effect { result: None, notes: machine.notes }),
        Err(None) => None,
    }
}

impl Machine<'_> {
    fn note(&mut self, value: i32) {
        self.notes = self.notes.wrapping_mul(31).wrapping_add(value);
    }

    /// The result, or the exception; `Err(None)` if it takes too long.
    fn function(&mut self, function: usize, argument: i32) -> Result<i32, Option<Exception>> {
        let mut variables = Variables { values: [0; VARIABLES], caught: Vec::new() };
        variables.values[0] = i64::from(argument);
        let program = self.program;
        match self.all(&program.functions[function], &mut variables) {
            Flow::Next | Flow::Return => Ok(variables.values[0] as i32),
            Flow::Thrown(exception) | Flow::Delegated(exception, None) => Err(Some(exception)),
            Flow::TooLong => Err(None),
            Flow::Break(_) | Flow::Delegated(_, Some(_)) => unreachable!("only to frames that are open"),
        }
    }

    fn all(&mut self, nodes: &[Node], variables: &mut Variables) -> Flow {
        for node in nodes {
            self.steps += 1;
            if self.steps > STEPS_MAX {
                return Flow::TooLong;
            }
            match self.one(node, variables) {
                Flow::Next => {}
                flow => return flow,
            }
        }
        Flow::Next
    }

    /// Executes nodes in a frame of their own.
    fn inside(&mut self, nodes: &[Node], variables: &mut Variables, caught: Option<Exception>) -> Flow {
        let own = variables.caught.len();
        variables.caught.push(caught);
        let flow = self.all(nodes, variables);
        variables.caught.pop();
        match flow {
            Flow::Delegated(exception, Some(frame)) if frame == own => Flow::Thrown(exception),
            flow => flow,
        }
    }

    fn one(&mut self, node: &Node, variables: &mut Variables) -> Flow {
        // The number of a frame that this node opens.
        let own = variables.caught.len();
        match node {
            Node::Note(number) => self.note(*number),
            Node::Look(variable) => self.note(variables.values[*variable] as i32),
            Node::Change(variable, number) => change(&mut variables.values[*variable], *variable, *number),
            Node::Throw(tag) => return Flow::Thrown(Exception { tag: *tag, value: variables.values[0] as i32 }),
            Node::Call { function, .. } => match self.function(*function, variables.values[0] as i32) {
                Ok(result) => {
                    for index in 0..shape(*function).1 {
                        self.note(result.wrapping_add(index as i32));
                    }
                }
                Err(Some(exception)) => return Flow::Thrown(exception),
                Err(None) => return Flow::TooLong,
            },
            Node::If { bit, then, otherwise } => {
                let nodes = if variables.values[0] as i32 >> bit & 1 != 0 { then } else { otherwise };
                return ended(self.inside(nodes, variables, None), own);
            }
            Node::Loop { times, body } => {
                for _ in 0..*times {
                    match self.inside(body, variables, None) {
                        Flow::Next => {}
                        flow => return ended(flow, own),
                    }
                }
            }
            Node::Break(depth) => return Flow::Break(own - 1 - depth),
            Node::Return => return Flow::Return,
            Node::Try { body, clauses } => return ended(self.catching(body, clauses, variables), own),
            Node::Delegate { body, depth } => {
                return match self.inside(body, variables, None) {
                    Flow::Thrown(exception) => Flow::Delegated(exception, (own).checked_sub(1 + depth)),
                    flow => ended(flow, own),
                };
            }
            Node::Rethrow(depth) => {
                let caught = variables.caught[own - 1 - depth].clone();
                return Flow::Thrown(caught.expect("only frames that have caught something are named"));
            }
        }
        Flow::Next
    }

    fn catching(&mut self, body: &[Node], clauses: &[Clause], variables: &mut Variables) -> Flow {
        let exception = match self.inside(body, variables, None) {
            Flow::Thrown(exception) => exception,
            flow => return flow,
        };
        let fits = |clause: &&Clause| clause.tag.is_none_or(|tag| tag == exception.tag);
        let Some(clause) = clauses.iter().find(fits) else { return Flow::Thrown(exception) };
        if clause.tag.is_some() {
            // The last value is the first to come off the stack.
            carried(exception.tag, exception.value).into_iter().rev().for_each(|value| self.note(value));
        }
        self.inside(&clause.body, variables, Some(exception))
    }
}

/// How a frame ends whose inside has ended like this.
fn ended(flow: Flow, own: usize) -> Flow {
    match flow {
        Flow::Break(frame) if frame == own => Flow::Next,
        flow => flow,
    }
}

fn change(value: &mut i64, variable: usize, number: i32) {
    let number = i64::from(number);
    *value = match variable {
        // The `f64` stays small, so that it holds whole numbers.
        2 => (*value / 2) + number,
        1 => value.wrapping_mul(5).wrapping_add(number),
        _ => i64::from((*value as i32).wrapping_mul(5).wrapping_add(number as i32)),
    };
}

/// What an exception carries, each value as the `i32` that is noted for it.
pub fn carried(tag: Tag, value: i32) -> Vec<i32> {
    let value = i64::from(value);
    let small = value & 0xff;
    let all: &[i64] = match tag {
        Tag::Empty => &[],
        Tag::One => &[value],
        Tag::Three => &[value + 1, small + 2, value + 3],
        Tag::Seven => &[value, value + 1, small + 2, small + 3, value + 4, value + 5, value + 6],
    };
    all.iter().map(|value| *value as i32).collect()
}
