//! Too few file descriptors, too little memory: at each number of them a show plays or is refused with a
//! word, and whatever it had lit is safe.

use crate::common::setup::Setup;
use crate::files::plays_next;

/// Launches under `ulimit OPTION VALUE` for each of `values`, lets what plays come to its end, and tells
/// the exit codes.
#[track_caller]
fn check(option: &str, values: impl Iterator<Item = u32>, known: &[i32]) {
    let mut codes = Vec::new();
    for value in values {
        let setup = Setup::new("0 ms", "0:00.200", crate::common::setup::LIT);
        let limited = format!("ulimit {option} {value}; exec \"$@\"");
        let mut launch = setup.launch(setup.command_by(&["sh", "-c", &limited, "sh"]));
        let code = launch.code();
        let said = launch.said();
        assert!(known.contains(&code), "{option} {value}: {code}\n{said}");
        assert!(code == 0 || code > 128 || !said.is_empty(), "{option} {value}: {code} without a word");
        launch.until("safe", |launch| launch.setup.is_safe() || untouched(launch.setup));
        plays_next(&setup);
        codes.push((value, code));
    }
    println!("ulimit {option}: {codes:?}");
    assert_eq!(codes.last().unwrap().1, 0, "with this much it plays");
}

fn untouched(setup: &Setup) -> bool {
    setup.pins().chars().all(|line| line == '.')
}

#[test]
fn with_few_file_descriptors_a_show_plays_or_says_why_not() {
    check("-n", (4..=40).step_by(2).chain([64]), &[0, 1, 65, 69, 77]);
}

/// Where the kernel refuses it memory, a program can only abort (134), or does not even start (127, 139).
/// The guardian does the rest.
#[test]
fn with_little_memory_a_show_plays_or_ends_safely() {
    check("-v", (20_000..=60_000).step_by(2_000).chain([4_000_000]), &[0, 1, 65, 69, 77, 127, 134, 139]);
}
