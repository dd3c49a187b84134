//! The `didit-face` binary.

fn main() {}
