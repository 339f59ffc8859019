//! Function types of the whole program, each once: two modules' equal types get one number.

use std::collections::HashMap;

use super::value::FunctionType;
use crate::id::SignatureId;

/// Inside of a type, this number stands for the type itself. So two modules' types that refer to themselves are equal.
const ITSELF: u32 = u32::MAX;

/// The function types of a program.
#[derive(Clone, Debug, Default)]
pub struct Signatures {
    types: Vec<FunctionType>,
    numbers: HashMap<FunctionType, SignatureId>,
}

impl Signatures {
    /// The number of a type, which is new if the type is. Types inside of it have the program's numbers.
    pub fn intern(&mut self, ty: &FunctionType) -> SignatureId {
        if let Some(number) = self.numbers.get(ty) {
            return *number;
        }
        let number = SignatureId(self.types.len() as u32);
        self.types.push(ty.clone());
        self.numbers.insert(ty.clone(), number);
        number
    }

    /// The numbers of a module's types. Each may refer to those before it and to itself.
    pub fn intern_all(&mut self, types: &[FunctionType]) -> Vec<SignatureId> {
        let mut ids: Vec<SignatureId> = Vec::with_capacity(types.len());
        for ty in types {
            let ty = ty.renumbered(|index| ids.get(index as usize).map_or(ITSELF, |id| id.0));
            ids.push(self.intern(&ty));
        }
        ids
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.types.len()
    }

    /// The type with this number.
    pub fn get(&self, id: SignatureId) -> &FunctionType {
        &self.types[id.index()]
    }
}
