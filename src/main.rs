//! The `hinf` command.

fn main() {}
