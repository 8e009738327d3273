//! `starcourt new --rig`, with options and in a terminal.
