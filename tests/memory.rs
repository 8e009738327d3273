//! How much memory the program takes for a large show, from a large sheet or from a few lines.
#![allow(clippy::unwrap_used)]

use std::path::Path;

/// What `check` may hold of the memory of a Pi Zero, which has 512 MiB for everything: 64 MiB, of which the program
/// itself takes 7. A debug build takes more for itself, and no more for a show.
const MOST_FOR_A_SHOW: i64 = (64 - 7) << 10; // KiB, as the kernel counts

const CHANNELS: usize = 16;

/// A sheet with so many lines, each a millisecond after the one before.
fn sheet_of(lines: usize, what: impl Fn(usize) -> String) -> String {
    (0..lines).map(|line| format!("+1ms c{} {}\n", line % CHANNELS, what(line))).collect()
}

fn on_and_off(line: usize) -> String {
    if (line / CHANNELS).is_multiple_of(2) { "on" } else { "off" }.to_owned()
}

/// Made when it is its turn: what this process holds counts, too.
type Sheet = (&'static str, fn() -> String);

fn sections(count: usize) -> String {
    (0..count).map(|at| format!("section s{at}\n  0:00 c0 on\n")).collect()
}

/// Each as large as a show may be, or nearly so.
const LARGE: [Sheet; 12] = [
    ("248,000 lines", || sheet_of(248_000, on_and_off)),
    ("248,000 lines that end", || sheet_of(248_000, |_| "on for 1 ms".to_owned())),
    ("330,000 lines", || sheet_of(330_000, on_and_off)),
    ("levels on one channel", || {
        "0:00 to 4:25 every 2 ms c0 on\n0:00.001 to 4:25 every 2 ms c0 off\n".to_owned()
    }),
    ("levels that end", || "0:00 to 5:44 every 2 ms c0 on for 1 ms\n".to_owned()),
    ("fades", || "0:00 to 3:45 every 1 ms c0 fade from 0 to 50 % over 1 ms\n".to_owned()),
    ("an effect", || "0:00 to 7:15 c0 pulse every 1 ms\n".to_owned()),
    ("an effect on all channels", || "0:00 to 13:40 all pulse every 16 ms\n".to_owned()),
    ("many effects", || "0:00 to 3:54 every 3 ms c0 pulse every 1 ms for 3 ms\n".to_owned()),
    ("a grid", || "steps 0:00 to 7:15 by 1 ms\n  c0  x.\n".to_owned()),
    ("nested sections", || {
        "0:00 to 4:15 every 1 s play a\nsection a\n  0:00 to 0:01 every 10 ms play b\nsection b\n  \
         0:00 to 0:00.010 every 2 ms c0 on\n  0:00.001 to 0:00.010 every 2 ms c0 off\n"
            .to_owned()
    }),
    ("48,000 sections", || {
        (0..48_000).map(|at| format!("+1ms play s{at}\n")).collect::<String>() + &sections(48_000)
    }),
];

/// What is larger is told before it takes more.
const TOO_LARGE: [Sheet; 5] = [
    ("900,000 lines", || sheet_of(900_000, on_and_off)),
    ("levels", || "0:00 to 14:59 every 1 ms c0 on\n0:00 to 14:59 every 1 ms c1 on\n".to_owned()),
    ("levels that end", || "0:00 to 14:59 every 1 ms c0 on for 500 us\n".to_owned()),
    ("an effect", || "0:00 to 14:59 c0 pulse every 1 ms\n".to_owned()),
    ("400,000 sections", || sections(400_000)),
];

#[test]
fn a_show_of_whatever_size_that_is_allowed_takes_less_than_64_mib() {
    let folder = tempfile::tempdir().unwrap();
    let lines = (0..CHANNELS).map(|line| format!("c{line} = {{ pin = {}, kind = \"pwm\" }}\n", line + 2));
    std::fs::write(folder.path().join("rig.toml"), format!("[channels]\n{}", lines.collect::<String>()))
        .unwrap();
    let (code, told) = check(folder.path(), || "0:00 c0 on\n".to_owned(), i64::MAX);
    assert_eq!(code, Some(0), "{told}");
    let most = peak_of_children() + MOST_FOR_A_SHOW;
    for (name, sheet) in LARGE {
        let (code, told) = check(folder.path(), sheet, most);
        assert_eq!(code, Some(0), "{name}: {told}");
    }
    for (name, sheet) in TOO_LARGE {
        let (code, told) = check(folder.path(), sheet, most);
        assert!(code == Some(65) && told.contains("too large for a small Pi's memory"), "{name}: {told}");
    }
    let peak = peak_of_children();
    assert!(peak > 10 << 10, "{peak} KiB");
}

/// How that ended, and the last that it told.
fn check(folder: &Path, sheet: fn() -> String, most: i64) -> (Option<i32>, String) {
    std::fs::write(folder.join("big.show"), format!("length 15:00\n{}", sheet())).unwrap();
    let mut check = std::process::Command::new(env!("CARGO_BIN_EXE_starcourt"));
    check.args(["check", "big", "--rig", "rig.toml", "--output", "sim", "--shows", "."]);
    let output = check.current_dir(folder).output().unwrap();
    let peak = peak_of_children();
    let told = String::from_utf8_lossy(&output.stdout);
    let last: String = told.lines().rev().take(16).map(|line| format!("{line}\n")).collect();
    println!("{peak} KiB at most so far");
    assert!(peak < most, "{peak} KiB: {last}");
    (output.status.code(), last)
}

/// The most memory that one of the processes took which this one has started and waited for, in KiB. What
/// this one holds itself counts too: it has this one test.
fn peak_of_children() -> i64 {
    // SAFETY: all zeroes is a usage of nothing, and the call fills it in.
    unsafe {
        let mut usage: libc::rusage = std::mem::zeroed();
        assert_eq!(libc::getrusage(libc::RUSAGE_CHILDREN, &raw mut usage), 0);
        usage.ru_maxrss
    }
}
