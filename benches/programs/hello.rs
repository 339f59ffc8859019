//! The smallest program that says something, in Rust.

fn main() {
    println!("hello, world");
}
