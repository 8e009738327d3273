//! The control socket, spoken to as other programs do: by lines of JSON, or by anything else.

#![allow(clippy::unwrap_used)]

mod crowds;
mod hangs;
mod instance;
mod orders;
mod repeats;
mod shows;
