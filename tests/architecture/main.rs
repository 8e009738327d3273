//! The rules of `docs/architecture.md`, kept by machine: who may use whom, and what things may be called.

#![allow(clippy::unwrap_used)]

mod circles;
mod contents;
mod layers;
mod layout;
mod libraries;
mod names;
mod places;
mod predicates;
mod source;
mod tree;

/// Fails with everything in `broken`, a line each.
#[track_caller]
fn fail_on(broken: impl IntoIterator<Item = String>) {
    let broken: Vec<String> = broken.into_iter().collect();
    assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
}
