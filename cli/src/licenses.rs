//! The licences of what is linked into every output.
pub fn text(_bytes: &[u8]) -> String {
    String::new()
}
