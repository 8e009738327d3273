//! The state machine without an instance: tables of what it decides, and random sequences of events.

mod fixtures;
mod invariants;
mod looping;
mod sequences;
mod tables;
mod virtual_runner;
