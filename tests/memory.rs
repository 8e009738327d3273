//! How much memory the program takes for a large sheet.
#![allow(clippy::unwrap_used)]

/// What `check` may hold of the memory of a Pi Zero, which has 512 MiB for everything.
const MOST_MEMORY: i64 = 64 << 10; // KiB, as the kernel counts

#[test]
fn a_sheet_of_a_quarter_of_a_million_cues_takes_less_than_64_mib() {
    let folder = tempfile::tempdir().unwrap();
    let names: Vec<String> = (0..16).map(|channel| format!("c{channel}")).collect();
    let lines = names.iter().enumerate();
    let lines = lines.map(|(line, name)| format!("{name} = {{ pin = {}, kind = \"ssr\" }}\n", line + 2));
    std::fs::write(folder.path().join("rig.toml"), format!("[channels]\n{}", lines.collect::<String>()))
        .unwrap();
    let mut sheet = String::from("length 5:00\n");
    for cue in 0..248_000_usize {
        let (millis, what) = (cue * 299_000 / 248_000, if cue / 16 % 2 == 0 { "on" } else { "off" });
        sheet += &format!("{}.{:03} s {} {what}\n", millis / 1_000, millis % 1_000, names[cue % 16]);
    }
    std::fs::write(folder.path().join("big.show"), sheet).unwrap();
    let mut check = std::process::Command::new(env!("CARGO_BIN_EXE_starcourt"));
    check.args(["check", "big", "--rig", "rig.toml", "--output", "sim", "--shows", "."]);
    let output = check.current_dir(folder.path()).output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(told.contains("248000 cues") && output.status.success(), "{output:?}");
    let peak = peak_of_children();
    assert!(peak > 10 << 10 && peak < MOST_MEMORY, "{peak} KiB");
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
