//! The pieces around the boot-time service: commands run by the real shell, a memory on real files, a
//! socket in systemd's place.
#![allow(clippy::unwrap_used)]

mod commands;
mod descriptors;
mod endings;
mod memory;
mod notify;
mod shell;
