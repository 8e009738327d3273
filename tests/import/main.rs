//! `starcourt import`: what becomes of files of other programs, and what broken ones are told.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends by panicking")]

#[path = "../common/mod.rs"]
mod common;

mod broken;
mod files;
mod labels;
mod measures;
mod midi;
mod xlights;

use common::folder::Folder;

/// Relays only, as most people have.
const RELAYS: &str = "[channels]\nneon = { pin = 4, kind = \"relay\", active = \"low\" }\n\
                      sign = { pin = 5, kind = \"relay\", active = \"low\" }\n";
/// Dimmed lights, an SSR and a supply for two of them.
const MIXED: &str = "[channels]\nneon = { pin = 18, kind = \"pwm\" }\nsign = { pin = 16, kind = \"ssr\" }\n\
                     star = { pin = 19, kind = \"pwm\" }\n[groups]\nwindows = [\"neon\", \"star\"]\n\
                     [limits]\non_at_once = 2\n";
const ONE: &str = "[channels]\nneon = { pin = 4, kind = \"relay\" }\n";

const OPTIONS: &str = "--rig rig.toml --output sim";

/// Imports `words` in `folder`; what is said must have all of `said`. And `check` finds nothing in `show`.
#[track_caller]
fn imported(folder: &Folder, words: &str, show: &str, said: &[&str]) -> String {
    folder.run(&format!("import {words} {OPTIONS}")).with(0, said);
    let checked = folder.run(&format!("check {show} {OPTIONS}")).with(0, &[", fine"]);
    assert!(!checked.said.contains("warning:"), "{}", checked.said);
    folder.text(show)
}
