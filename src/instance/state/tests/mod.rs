//! The state machine without an instance: tables of what it decides, and random sequences of events.

mod fixtures;
mod invariants;
mod looping;
mod saves;
mod seeks;
mod sequences;
mod speeds;
mod tables;
mod virtual_runner;
mod virtual_show;
