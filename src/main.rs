//! The command `starcourt`.

fn main() {}
