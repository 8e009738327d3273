//! A show on a page: what is served, to whom, and what a file of it holds. The program is asked as a browser asks it; the
//! page itself has its own tests.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends by panicking")]

#[path = "../common/mod.rs"]
mod common;

mod connection;
mod export;
mod following;
mod hostile;
mod layout;
mod served;
mod serving;
