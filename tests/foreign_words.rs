//! Text from elsewhere reaches no terminal as it is: titles, keys, file names, and what a hostile instance says.
#![allow(clippy::unwrap_used)]

use std::io::{BufRead, BufReader, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::{Command, Output};
use std::thread;

use serde_json::json;
use starcourt::lock::{Claim, Lock, LockDir, LockInfo, Name};
use starcourt::printable::is_harmful;

/// Sets the title of a window, clears the screen by a letter of one byte and by one of two, turns text around,
/// and makes a line of its own.
const HOSTILE: &str = "a\u{1b}]0;pwned\u{7}\u{1b}[2J\u{9b}2Jb\u{202e}c\u{2066}d\u{200b}e\u{7f}\r\nforged";

const RIG: &str = "[channels]\nporch = { pin = 4, kind = \"ssr\" }\n";

/// A folder with a rig and one right show, and what else is written into it.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        std::fs::create_dir(folder.0.path().join("lock")).unwrap();
        let mode = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(folder.0.path().join("lock"), mode).unwrap();
        folder.write("rig.toml", RIG);
        folder.write("good.show", "length 0:03\n0:01  porch  on\n");
        folder
    }

    fn write(&self, name: impl AsRef<Path>, text: &str) {
        std::fs::write(self.0.path().join(name), text).unwrap();
    }

    /// Runs the program; whatever it says steers no terminal.
    #[track_caller]
    fn says(&self, words: &[&str]) -> (String, Option<i32>) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_starcourt"));
        command.args(words).current_dir(self.0.path()).env("XDG_RUNTIME_DIR", self.0.path());
        command.env("STARCOURT_STATE", self.0.path()).env_remove("STARCOURT_SHOWS");
        let Output { stdout, stderr, status } = command.output().unwrap();
        let text = String::from_utf8([stdout, stderr].concat()).unwrap();
        let harmful = text.chars().find(|letter| is_harmful(*letter) && !matches!(letter, '\n' | '\t'));
        assert_eq!(harmful, None, "{words:?}: {text:?}");
        (text, status.code())
    }

    #[track_caller]
    fn says_of_shows(&self, words: &[&str]) -> (String, Option<i32>) {
        self.says(&[words, &["--rig", "rig.toml", "--output", "sim", "--shows", "."]].concat())
    }
}

#[test]
fn a_sheet_from_elsewhere_steers_no_terminal() {
    let line = HOSTILE.replace(['\r', '\n'], "");
    let folder = Folder::new();
    folder.write("title.show", &format!("title  T {line}\nlength 0:01\n0:00.1  all  on\n"));
    folder.write("cue.show", &format!("length 0:01\n0:00.1  {line}  on\n0:00.2  porch  {line}\n"));
    folder.write("music.show", &format!("audio {line}.ogg\n"));
    folder.write("map.show", &format!("length 0:01\ntempo map \"{line}.txt\"\n1.1  porch  on\n"));
    folder.write(std::ffi::OsStr::from_bytes(HOSTILE.replace('/', "").as_bytes()), "");
    folder.write(format!("{}.show", HOSTILE), "length 0:01\n");
    let (text, code) = folder.says_of_shows(&["list"]);
    assert!(text.contains("T a␛]0;pwned␇") && code == Some(0), "{text}");
    assert!(text.contains("mv -n $'./a\\x1b"), "{text}");
    assert!(!text.lines().any(|line| line.starts_with("forged")), "{text}");
    for show in ["title", "cue", "music", "map"] {
        folder.says_of_shows(&["check", show]);
        folder.says_of_shows(&["play", show, "--silent", "--lock-dir", "lock"]);
    }
    folder.says_of_shows(&["check"]);
    folder.says_of_shows(&["play", HOSTILE, "--lock-dir", "lock"]);
}

#[test]
fn a_rig_and_a_schedule_from_elsewhere_steer_no_terminal() {
    let escaped: String = HOSTILE.chars().map(|letter| format!("\\u{:04x}", u32::from(letter))).collect();
    let folder = Folder::new();
    for text in [
        format!("[channels]\n\"{escaped}\" = {{ pin = 4, kind = \"relay\" }}\n"),
        format!("[channels]\nx = {{ pin = 4, kind = \"{escaped}\", \"{escaped}\" = 1 }}\n"),
        format!("{RIG}[groups]\n\"{escaped}\" = [\"{escaped}\"]\n"),
        format!("{RIG}[buttons]\ngo = {{ pin = 22, press = \"{escaped}\" }}\n"),
        format!("\"{escaped}\" = 1\n{RIG}"),
        format!("{HOSTILE}\n{RIG}"),
    ] {
        folder.write("rig.toml", &text);
        let (told, code) = folder.says_of_shows(&["check", "good"]);
        assert_eq!(code, Some(65), "{told}");
        folder.says_of_shows(&["list"]);
    }
    folder.write("rig.toml", RIG);
    for text in [
        format!("[playlists]\n\"{escaped}\" = [\"{escaped}\"]\n"),
        format!("[schedule]\n\"{escaped}\" = {{ play = \"{escaped}\", from = \"{escaped}\" }}\n"),
        format!("[place]\ntimezone = \"{escaped}\"\n"),
        format!("closed = \"{escaped}\"\n"),
    ] {
        folder.write("schedule.toml", &text);
        let (told, code) = folder.says_of_shows(&["check"]);
        assert_eq!(code, Some(65), "{told}");
        folder.says_of_shows(&["schedule", "--days", "1"]);
    }
    // A show that is not there does not end the schedule; its name is told.
    folder.write(
        "schedule.toml",
        &format!("[playlists]\np = [\"{escaped}\", \"good\"]\n[schedule]\ne = {{ play = \"p\" }}\n"),
    );
    for words in [&["schedule"][..], &["schedule", "--rehearse", "--days", "1"], &["schedule", "--json"]] {
        let (told, code) = folder.says_of_shows(words);
        assert!(code.is_some_and(|code| [0, 65].contains(&code)), "{words:?}: {told}");
        assert!(!told.lines().any(|line| line.starts_with("forged")), "{words:?}: {told}");
    }
}

/// Says everything that an instance may, in hostile words.
fn answers(order: &str) -> Vec<serde_json::Value> {
    let show = json!({
        "name": HOSTILE, "title": HOSTILE, "position_us": 1, "length_us": 2, "bar_beat": HOSTILE,
        "sound_leads": false, "realtime": true, "late": 0, "volume": 3,
    });
    let status = json!({ "status": {
        "pid": 1, "service": true, "state": HOSTILE, "output": HOSTILE, "show": show,
        "stands": { "kind": "look", "name": HOSTILE }, "then": [HOSTILE], "next": HOSTILE,
        "channels": [{ "name": HOSTILE, "kind": "ssr", "gpio": 4, "level": 100.0 }],
    }});
    let (notice, done) = (json!({ "notice": HOSTILE }), json!({ "done": HOSTILE }));
    let refused = json!({ "refused": { "why": HOSTILE, "exit": 1 } });
    match order {
        order if order.contains("\"follow\":true") => vec![notice, status],
        order if order.contains("status") => vec![status],
        order if order.contains("play") => {
            vec![done, notice, status, refused, json!({ "ended": { "how": HOSTILE, "exit": 0 } })]
        }
        order if order.contains("pause") => vec![refused],
        _ => vec![notice, done],
    }
}

#[test]
fn an_instance_that_means_harm_steers_no_terminal() {
    let folder = Folder::new();
    let dir = LockDir::open(folder.0.path().join("lock")).unwrap();
    let info = LockInfo { service: true, output: Some("sim".into()), ..LockInfo::of_show("demo") };
    let lock = Lock::acquire(&dir, Claim { name: Name::MACHINE, info, outputs: Vec::new() }).unwrap();
    let listener = UnixListener::bind(dir.socket_path(lock.name())).unwrap();
    thread::spawn(move || {
        for stream in listener.incoming().map(Result::unwrap) {
            let mut voice = stream.try_clone().unwrap();
            let Some(Ok(order)) = BufReader::new(stream).lines().next() else { continue };
            for answer in answers(&order) {
                // A command that has heard enough hangs up.
                let _ = writeln!(voice, "{answer}");
            }
        }
    });
    for words in [
        &["status"][..],
        &["status", "--json"],
        &["status", "--follow"],
        &["status", "--follow", "--json"],
        &["stop"],
        &["pause"],
        &["resume"],
        &["next"],
        &["blackout", "on"],
        &["volume", "50"],
    ] {
        let (text, _) = folder.says(&[words, &["--lock-dir", "lock"]].concat());
        assert!(text.contains("pwned"), "{words:?}: {text}");
        if words.contains(&"--json") {
            let line = if words.contains(&"--follow") { text.lines().next().unwrap() } else { &text };
            let told = serde_json::from_str::<serde_json::Value>(line).unwrap().to_string();
            assert!(told.contains("forged"), "{told}");
        } else if !words.contains(&"pause") {
            // Why an order is refused may take several lines: the mistakes of a show.
            assert!(!text.lines().any(|line| line.starts_with("forged")), "{words:?}: {text}");
        }
    }
    let (text, _) = folder.says(&["play", "good", "--silent", "--output", "sim", "--lock-dir", "lock"]);
    assert!(text.contains("pwned"), "{text}");

    // What the lock's file tells of its holder.
    let text = format!("pid {}\nshow a\u{202e}b\u{200b}\noutput a\u{2066}\n", std::process::id());
    std::fs::write(dir.lock_path(lock.name()), format!("{text:1023}\n")).unwrap();
    folder.says(&["status", "--lock-dir", "lock"]);
    folder.says(&["stop", "--lock-dir", "lock"]);
}
