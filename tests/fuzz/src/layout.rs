//! A module as a list of sections and function bodies: no more is understood of it, so that it can be put together wrongly.

/// A section.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    /// Its number in the binary format.
    pub id: u8,
    /// Its contents. Those of the code section are in [`Layout::bodies`].
    pub data: Vec<u8>,
}

/// A module.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layout {
    /// All sections, in order.
    pub sections: Vec<Section>,
    /// The bodies of functions: locals and instructions.
    pub bodies: Vec<Vec<u8>>,
}

/// The number of the code section.
pub const CODE: u8 = 10;

impl Layout {
    /// Takes a module apart; `None` if it cannot be.
    pub fn parse(bytes: &[u8]) -> Option<Layout> {
        let mut layout = Layout::default();
        let mut rest = bytes.get(8..)?;
        while let Some((&id, after)) = rest.split_first() {
            let (size, after) = unsigned(after)?;
            let data = after.get(..size as usize)?;
            rest = &after[size as usize..];
            if id == CODE {
                let (count, mut bodies) = unsigned(data)?;
                for _ in 0..count {
                    let (size, body) = unsigned(bodies)?;
                    layout.bodies.push(body.get(..size as usize)?.to_vec());
                    bodies = &body[size as usize..];
                }
                layout.sections.push(Section { id, data: Vec::new() });
            } else {
                layout.sections.push(Section { id, data: data.to_vec() });
            }
        }
        Some(layout)
    }

    /// Puts the module together.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = b"\0asm\x01\0\0\0".to_vec();
        for section in &self.sections {
            let mut code = Vec::new();
            let data = if section.id == CODE {
                push_unsigned(&mut code, self.bodies.len() as u64);
                for body in &self.bodies {
                    push_unsigned(&mut code, body.len() as u64);
                    code.extend_from_slice(body);
                }
                &code
            } else {
                &section.data
            };
            bytes.push(section.id);
            push_unsigned(&mut bytes, data.len() as u64);
            bytes.extend_from_slice(data);
        }
        bytes
    }
}

/// Reads an unsigned number of at most 32 bits, and gives what follows it.
pub fn unsigned(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut value = 0;
    for (position, &byte) in bytes.iter().enumerate().take(5) {
        value |= u64::from(byte & 0x7f) << (7 * position);
        if byte & 0x80 == 0 {
            return Some((value, &bytes[position + 1..]));
        }
    }
    None
}

/// Appends an unsigned number.
pub fn push_unsigned(bytes: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}

#[test]
fn modules_are_put_together_as_they_were() {
    let module = adder_tests::text::assemble(
        "(module (memory 1) (data \"x\") (func $f (param i32) (local f64)) (func (call $f (i32.const 1000))))",
    );
    let layout = Layout::parse(&module).expect("it is well-formed");
    assert_eq!(layout.bodies.len(), 2);
    assert_eq!(layout.encode(), module);
    assert_eq!(Layout::parse(&module[..module.len() - 1]), None);
}
