//! Rigs of several kinds and sizes.

use starcourt::diagnosis::Source;
use starcourt::rig::{self, Rig};

/// `count` channels `light0`, `light1`… of `kind`, with `rest` below.
pub(crate) fn rig(count: usize, kind: &str, rest: &str) -> Rig {
    let channel = |number: usize| format!("light{number} = {{ sim = {number}, kind = \"{kind}\" }}\n");
    let channels: String = (0..count).map(channel).collect();
    let (rig, told) = rig::read(&Source::new("rig.toml", format!("[channels]\n{channels}{rest}")));
    rig.unwrap_or_else(|| panic!("{told}"))
}

/// Nobody's eyes are spared, and nothing wears: everything that a file has is kept.
pub(crate) fn without_limits(count: usize, kind: &str) -> Rig {
    rig(count, kind, "[limits]\nflash = \"off\"\n")
}

/// What people have.
pub(crate) fn usual() -> Vec<(&'static str, Rig)> {
    vec![
        ("ten relays", rig(10, "relay", "")),
        ("ten SSRs", rig(10, "ssr", "")),
        ("ten dimmed lights", rig(10, "pwm", "")),
        ("two relays", rig(2, "relay", "")),
        ("twenty-four SSRs with groups", rig(24, "ssr", "[groups]\npair = [\"light0\", \"light1\"]\n")),
        ("SSRs, three lit at once", rig(10, "ssr", "[limits]\non_at_once = 3\n")),
    ]
}
