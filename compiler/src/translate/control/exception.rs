//! Exceptions: which handlers a call has, what a handler does first, and throwing.
//!
//! The standard form (`try_table`) and the legacy form (`try` with `catch` or `delegate`) become the same thing: a frame
//! with a [`Guard`], which is a list of clauses. A call inside of it gets the clauses of the guards around it as
//! handlers, from the inside out, each tag once, up to a clause for all tags. A handler begins with a landing, a block
//! that all calls inside of the guard share; it reads the payload and goes where the clause says.

use std::collections::HashSet;
use std::ops::ControlFlow;

use adder_abi::trap::TrapCode as Trap;
use cranelift_codegen::ir::{Block, InstBuilder, Value, types};
use wasmparser::{Catch, Operator};

use super::guard::{Clause, Goes, Guard};
use super::legacy::Tries;
use crate::clif::{Handler, POINTER, arguments, slot_count, trap_code};
use crate::error::{Error, Result};
use crate::id::TagId;
use crate::plan::Program;
use crate::symbol::RuntimeFunction;
use crate::translate::translator::Translator;
use crate::types::ValueType;

/// Handlers that all calls of a function may have together. A few bytes of wasm can put thousands of clauses around
/// thousands of calls, so without a limit a small hostile module would use up all memory.
const HANDLERS_MAX: usize = 1_000_000;

impl Translator<'_, '_> {
    /// Translates an operator of this family; false if it is none. These are operators that execution does not go
    /// beyond, and like all of those they do nothing where nothing is executed.
    pub fn throwing(&mut self, operator: &Operator<'_>) -> Result<bool> {
        match operator {
            Operator::Throw { .. } | Operator::ThrowRef | Operator::Rethrow { .. } if !self.reachable => {}
            Operator::Throw { tag_index } => self.throw(self.instance.tags[*tag_index as usize])?,
            Operator::ThrowRef => {
                let exception = self.pop();
                self.emitter.builder.ins().trapz(exception, trap_code(Trap::NullException));
                self.throw_ref(exception)?;
            }
            Operator::Rethrow { relative_depth } => {
                let index = self.frames.len() - 1 - *relative_depth as usize;
                let exception = self.frames[index].caught.expect("a clause that is rethrown keeps its exception");
                self.throw_ref(exception)?;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Makes the frame that was just opened that of a `try_table`.
    pub fn guard_by_table(&mut self, catches: &[Catch]) {
        if !self.reachable || catches.is_empty() {
            return;
        }
        let own = self.frames.len() - 1;
        let tag = |index: u32| Some(self.instance.tags[index as usize]);
        let clauses = catches.iter().map(|catch| {
            let (tag, keeps, label) = match *catch {
                Catch::One { tag: index, label } => (tag(index), false, label),
                Catch::OneRef { tag: index, label } => (tag(index), true, label),
                Catch::All { label } => (None, false, label),
                Catch::AllRef { label } => (None, true, label),
            };
            Clause::new(tag, keeps, Goes::ToLabel(own - 1 - label as usize))
        });
        let clauses = clauses.collect();
        self.guard(clauses, self.frames[own - 1].guarded_by);
    }

    /// Makes the frame that was just opened that of a `try`.
    pub fn guard_by_try(&mut self) {
        let body = self.exceptions.body;
        let what = self.exceptions.tries.get_or_insert_with(|| Tries::gather(body)).next();
        if !self.reachable {
            return;
        }
        let own = self.frames.len() - 1;
        let clauses = what.clauses.iter().map(|clause| {
            // Nothing of this is validated yet. What is not valid will be found before its clause begins.
            let tag = clause.tag.and_then(|index| self.instance.tags.get(index as usize).copied());
            Clause::new(tag, clause.rethrown, Goes::Behind(None))
        });
        let clauses = clauses.collect();
        // A delegated exception is as if thrown right inside of the frame with that label.
        let outer = (own - 1).saturating_sub(what.delegate.unwrap_or(0) as usize);
        self.guard(clauses, self.frames[outer].guarded_by);
    }

    fn guard(&mut self, clauses: Vec<Clause>, outer: Option<usize>) {
        let own = self.frames.len() - 1;
        let frame = &mut self.frames[own];
        if clauses.is_empty() {
            frame.guarded_by = outer;
        } else {
            frame.guarded_by = Some(own);
            frame.guard = Some(Box::new(Guard { clauses, outer, begun: 0 }));
        }
    }

    /// At a `catch` or `catch_all`: ends what was before it, and begins the next clause.
    pub fn begin_catch(&mut self) {
        self.leave_through_end();
        let own = self.frames.len() - 1;
        if self.frames[own].is_dead() {
            return;
        }
        let outside = self.frames[own - 1].guarded_by;
        let frame = &mut self.frames[own];
        frame.guarded_by = outside;
        frame.caught = None;
        let height = frame.height;
        self.operands.truncate(height);
        let guard = self.frames[own].guard.as_mut().expect("a `try` with a clause has a guard");
        let clause = &guard.clauses[guard.begun];
        guard.begun += 1;
        let (tag, landing, keeps) = (clause.tag, clause.landing, clause.keeps);
        let Goes::Behind(body) = clause.goes else { unreachable!("the clauses of a `try` have no labels") };
        if let Some(landing) = landing {
            let (values, exception) = self.land(landing, tag);
            self.frames[own].caught = keeps.then_some(exception);
            match body {
                Some(body) => {
                    self.emitter.builder.ins().jump(body, &arguments(&values));
                }
                None => self.operands.extend(values),
            }
        }
        if let Some(body) = body {
            self.emitter.builder.seal_block(body);
            self.emitter.builder.switch_to_block(body);
            self.operands.extend_from_slice(self.emitter.builder.block_params(body));
        }
        self.reachable = landing.is_some() || body.is_some();
    }

    /// At the end of a frame, which is no longer among the others: makes the landings that go to labels.
    pub fn end_guard(&mut self, guard: &Guard) {
        for clause in &guard.clauses {
            let (Goes::ToLabel(target), Some(landing)) = (clause.goes, clause.landing) else { continue };
            let (mut values, exception) = self.land(landing, clause.tag);
            if clause.keeps {
                values.push(exception);
            }
            self.jump_to_label(target, &values);
        }
    }

    /// Begins a landing, to which nothing more will go. Gives what an exception with this tag carries, and the exception.
    fn land(&mut self, landing: Block, tag: Option<TagId>) -> (Vec<Value>, Value) {
        let builder = &mut self.emitter.builder;
        builder.seal_block(landing);
        builder.switch_to_block(landing);
        let (payload, exception) = (builder.block_params(landing)[0], builder.block_params(landing)[1]);
        let values = match tag {
            Some(tag) => self.emitter.load_slots(payload, payload_types(self.emitter.program, tag)),
            None => Vec::new(),
        };
        (values, exception)
    }

    fn jump_to_label(&mut self, frame: usize, values: &[Value]) {
        let (target, _) = self.frames[frame].branch_to();
        self.emitter.builder.ins().jump(target, &arguments(values));
    }

    /// The handlers of a call at this place.
    pub fn handlers(&mut self) -> Result<Vec<Handler>> {
        let mut found = Vec::new();
        let mut tags = HashSet::new();
        self.walk_clauses(|frame, index, clause| {
            if tags.insert(clause.tag) {
                found.push((frame, index));
            }
            if clause.tag.is_none() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        self.edges += found.len() as u64;
        Ok(found.into_iter().map(|(frame, clause)| self.handler(frame, clause)).collect())
    }

    /// Visits the clauses around this place from the inside out, by the index of their frame and their own.
    fn walk_clauses(&mut self, mut visit: impl FnMut(usize, usize, &Clause) -> ControlFlow<()>) -> Result<()> {
        let mut next = self.frames.last().expect("code lies in the function's frame").guarded_by;
        while let Some(frame) = next {
            let guard = self.frames[frame].guard.as_ref().expect("what guards has a guard");
            for (index, clause) in guard.clauses.iter().enumerate() {
                self.exceptions.handlers += 1;
                if visit(frame, index, clause).is_break() {
                    return Ok(());
                }
            }
            next = guard.outer;
            if self.exceptions.handlers > HANDLERS_MAX {
                return Err(Error::limit(format!("its calls have more than {HANDLERS_MAX} exception handlers")));
            }
        }
        Ok(())
    }

    /// A clause as the handler of a call.
    fn handler(&mut self, frame: usize, clause: usize) -> Handler {
        let guard = self.frames[frame].guard.as_mut().expect("the frame has clauses");
        let clause = &mut guard.clauses[clause];
        let builder = &mut self.emitter.builder;
        let landing = *clause.landing.get_or_insert_with(|| {
            let landing = builder.create_block();
            builder.append_block_param(landing, POINTER);
            builder.append_block_param(landing, POINTER);
            builder.set_cold_block(landing);
            landing
        });
        Handler { tag: clause.record_tag(), landing }
    }

    /// `throw`: jumps, if a clause of this function catches it and needs no more than the values.
    fn throw(&mut self, tag: TagId) -> Result<()> {
        let types = payload_types(self.emitter.program, tag);
        let values = self.pop_many(types.len());
        let mut found = None;
        self.walk_clauses(|frame, index, clause| {
            if clause.tag.is_some_and(|other| other != tag) {
                return ControlFlow::Continue(());
            }
            found = Some((frame, index, clause.keeps));
            ControlFlow::Break(())
        })?;
        self.reachable = false;
        if let Some((frame, clause, false)) = found {
            self.jump_to_clause(frame, clause, &values);
            return Ok(());
        }
        let handlers: Vec<Handler> = found.into_iter().map(|(frame, clause, _)| self.handler(frame, clause)).collect();
        let words = slot_count(types);
        let payload = if words == 0 { self.emitter.pointer(0) } else { self.emitter.slots(words) };
        self.emitter.store_slots(payload, &values);
        let number = self.emitter.builder.ins().iconst(types::I32, i64::from(tag.0));
        let words = self.emitter.builder.ins().iconst(types::I32, words as i64);
        self.leave_by(RuntimeFunction::Throw, &[number, words, payload], &handlers);
        Ok(())
    }

    fn jump_to_clause(&mut self, frame: usize, index: usize, values: &[Value]) {
        let clause = &mut self.frames[frame].guard.as_mut().expect("the frame has clauses").clauses[index];
        // A clause for all tags does not say what the exception carries.
        let values = if clause.tag.is_some() { values } else { &[] };
        match &mut clause.goes {
            Goes::ToLabel(target) => {
                let target = *target;
                self.jump_to_label(target, values);
            }
            Goes::Behind(body) => {
                let builder = &mut self.emitter.builder;
                let body = *body.get_or_insert_with(|| {
                    let body = builder.create_block();
                    for value in values {
                        let ty = builder.func.dfg.value_type(*value);
                        builder.append_block_param(body, ty);
                    }
                    body
                });
                builder.ins().jump(body, &arguments(values));
            }
        }
    }

    fn throw_ref(&mut self, exception: Value) -> Result<()> {
        let handlers = self.handlers()?;
        self.reachable = false;
        self.leave_by(RuntimeFunction::ThrowRef, &[exception], &handlers);
        Ok(())
    }

    fn leave_by(&mut self, function: RuntimeFunction, arguments: &[Value], handlers: &[Handler]) {
        self.emitter.call_throwing(function, arguments, handlers);
        self.emitter.builder.ins().trap(trap_code(Trap::Unreachable));
    }
}

/// What an exception with this tag carries.
fn payload_types<'a>(program: &'a Program<'_>, tag: TagId) -> &'a [ValueType] {
    &program.signatures.get(program.tags[tag.index()].signature).parameters
}
