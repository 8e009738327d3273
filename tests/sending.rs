//! `starcourt send` to another machine, which is a folder here: a stand-in for `ssh` runs the real script in it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends by panicking")]

mod common;

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use common::folder::Folder;
use common::frames::fseq;
use common::launch::{Ended, Launch, STARCOURT};

const RIG: &str = "[channels]\nporch = { pin = 4, kind = \"ssr\" }\n";
const SONG: &str = "it's \"a\" $(touch broken) söng.ogg";
const SHEET: &str = "audio it's \"a\" $(touch broken) söng.ogg\ntempo map -beats.txt, 4/4\n0:01 porch on\n";

/// Words before `--` are options, and they are written down. It may lose the connection after so many bytes.
const SSH: &str = r#"
options=
while [ "$1" != -- ]; do
    case $1 in
        -M | -t) options="$options $1" ;;
        -S) options="$options $1 $2"; stat --format '%a' "${2%/*}" >>"$THERE/bin/modes"; shift ;;
    esac
    shift
done
echo "$options" >>"$THERE/bin/sessions"
[ "$2" = pi ] || exit 255
cd "$THERE"
PATH=$THERE/bin:/usr/bin:/bin:/usr/sbin:/sbin
# Never the folder of the machine that runs the tests.
STARCOURT_SHOWS=${STARCOURT_SHOWS-$THERE/usual}
export PATH STARCOURT_SHOWS
[ -n "${LOSES_AFTER-}" ] || exec ${AS-} sh -c "$3"
head -c "$LOSES_AFTER" | sh -c "$3" | grep -x '+'
exit 255"#;

/// This machine with a show, and the other one in `there`, whose programs are in `there/bin`.
struct TwoMachines(Folder);

impl TwoMachines {
    fn new() -> Self {
        let folder = Folder::new(RIG);
        for made in ["here", "there", "there/bin", "there/old"] {
            fs::create_dir(folder.path(made)).unwrap();
        }
        let machines = Self(folder);
        machines.program("here/ssh", SSH);
        symlink(STARCOURT, machines.0.path("there/bin/starcourt")).unwrap();
        let sound = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/sounds/chirp.ogg");
        fs::copy(sound, machines.0.path(&format!("shows/{SONG}"))).unwrap();
        machines.0.write("shows/-beats.txt", "0.5\t0.5\t\n1.0\t1.0\t\n1.5\t1.5\t\n");
        machines.0.write("shows/porch.show", SHEET);
        machines
    }

    fn program(&self, path: &str, script: &str) {
        // It may be a link to the program under test.
        let _was_there = fs::remove_file(self.0.path(path));
        self.0.write(path, &format!("#!/bin/sh\n{script}\n"));
        fs::set_permissions(self.0.path(path), Permissions::from_mode(0o755)).unwrap();
    }

    fn send(&self, words: &str) -> Ended {
        self.send_with(words, &[])
    }

    fn send_with(&self, words: &str, variables: &[(&str, &str)]) -> Ended {
        let mut command = self.0.command(&format!("send {words}"));
        let path = format!("{}:/usr/bin:/bin", self.0.path("here").display());
        command.env("PATH", path).env("THERE", self.0.path("there"));
        command.env("STARCOURT_RIG", self.0.path("rig.toml")).envs(variables.iter().copied());
        Launch::of(command).end()
    }

    /// What is in a folder of the other machine.
    fn there(&self, folder: &str) -> Vec<String> {
        let Ok(entries) = self.0.path("there").join(folder).read_dir() else { return Vec::new() };
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

#[test]
fn a_show_arrives_with_its_music_and_its_beats() {
    let machines = TwoMachines::new();
    let words = ["show porch: 0:03, 1 cue, fine", "in place: 3 files", "1 show sent to pi"];
    machines.send("pi porch --shows new/shows").with(0, &words);
    assert_eq!(machines.there("new/shows"), ["-beats.txt", SONG, "porch.show"]);
    for file in ["-beats.txt", SONG, "porch.show"] {
        let read = |folder: &str| fs::read(machines.0.path(&format!("{folder}/{file}"))).unwrap();
        assert!(read("shows") == read("there/new/shows"), "{file}");
    }
    assert_eq!(machines.there(""), ["bin", "new", "old"]);
    // Once more, and a second one with it.
    machines.0.write("shows/second.show", "length 0:10\n0:01 porch on\n");
    machines.send("pi porch second --shows new/shows").with(0, &["4 files", "2 shows sent to pi"]);
    assert_eq!(machines.there("new/shows").len(), 4);
}

#[test]
fn frames_arrive_with_their_show_or_nothing_does() {
    let machines = TwoMachines::new();
    let frames = fseq(&[&[0, 255], &[0, 0], &[9, 255]]);
    fs::write(machines.0.path("shows/my frames.fseq"), &frames).unwrap();
    let sheet = "frames \"my frames.fseq\"\nmap 2 porch\nlength 0:02\n0:01 porch on\n";
    machines.0.write("shows/porch.show", sheet);
    machines.send("pi porch --shows new").with(0, &["in place: 2 files", "1 show sent to pi"]);
    assert_eq!(machines.there("new"), ["my frames.fseq", "porch.show"]);
    assert!(fs::read(machines.0.path("there/new/my frames.fseq")).unwrap() == frames);
    // Frames that `check` refuses there leave the old ones; frames that are not here are not sent at all.
    fs::write(machines.0.path("shows/my frames.fseq"), &frames[..frames.len() - 1]).unwrap();
    let words = ["the file is cut short", "nothing was changed there"];
    machines.send("pi porch --shows new").with(65, &words);
    fs::remove_file(machines.0.path("shows/my frames.fseq")).unwrap();
    machines.send("pi porch --shows new").with(65, &["my frames.fseq"]);
    assert!(fs::read(machines.0.path("there/new/my frames.fseq")).unwrap() == frames);
    assert_eq!(machines.there("new"), ["my frames.fseq", "porch.show"]);
    // Without its frames no show is put in place.
    let script = include_str!("../src/commands/send/on-host.sh").len();
    fs::write(machines.0.path("shows/my frames.fseq"), fseq(&vec![&[7_u8; 4_096][..]; 20])).unwrap();
    for after in [script + 1_100, script + 40_000] {
        machines
            .send_with("pi porch --shows new", &[("LOSES_AFTER", &after.to_string())])
            .with(1, &["the connection to pi was lost"]);
        assert!(fs::read(machines.0.path("there/new/my frames.fseq")).unwrap() == frames);
    }
}

#[test]
fn the_usual_folder_is_the_one_that_starcourt_uses_there() {
    let machines = TwoMachines::new();
    let folder = machines.0.path("there/it's mine");
    machines.send("pi porch").with(0, &["/there/usual, starcourt"]);
    assert_eq!(machines.there("usual").len(), 3);
    // It is where this machine looks, too.
    machines
        .send_with("pi shows/porch.show", &[("STARCOURT_SHOWS", folder.to_str().unwrap())])
        .with(0, &["it's mine"]);
    assert_eq!(machines.there("it's mine").len(), 3);
    fs::create_dir(machines.0.path("there/shows")).unwrap();
    machines.send("pi porch --shows old").with(0, &[]);
    machines.send("pi porch --shows shows").with(0, &[]);
    let words = ["there is another show porch in", "`starcourt play porch` there plays that one"];
    machines.send("pi porch --shows old").with(0, &words);
}

#[test]
fn a_show_with_a_mistake_changes_nothing() {
    let machines = TwoMachines::new();
    machines.send("pi porch --shows old").with(0, &[]);
    machines.0.write("shows/porch.show", &format!("{SHEET}0:02 star on\n"));
    machines.0.write("shows/second.show", "length 0:10\n0:01 porch on\n");
    let words = ["no channel or group `star`", "check found mistakes there; nothing was changed there"];
    machines.send("pi second porch --shows old").with(65, &words);
    assert_eq!(machines.there("old"), ["-beats.txt", SONG, "porch.show"]);
    assert_eq!(machines.0.text("there/old/porch.show"), SHEET);
}

#[test]
fn a_connection_that_is_lost_anywhere_leaves_the_old_show() {
    let machines = TwoMachines::new();
    machines.0.write("there/old/porch.show", "old");
    machines.0.write("there/old/-beats.txt", "old");
    let script = include_str!("../src/commands/send/on-host.sh");
    let (greets, script) = (script.find("printf '+").unwrap(), script.len());
    // Three files of the archive are 12 kB, and the mark of its end comes behind them.
    let inside = [0, 5, 40, 600, 1_100, 2_100, 3_000, 8_000, 12_200].map(|after| script + after);
    for after in [0, 100, script - 1].into_iter().chain(inside) {
        let told = machines.send_with("pi porch --shows old", &[("LOSES_AFTER", &after.to_string())]);
        // Before the script has said that it began, nobody can know that there is a connection.
        let words = if after < greets { "nothing was sent" } else { "the connection to pi was lost" };
        told.with(1, &[words]);
        assert_eq!(machines.there("old"), ["-beats.txt", "porch.show"], "{after}");
        assert_eq!(machines.0.text("there/old/porch.show"), "old", "{after}");
    }
    machines
        .send_with("pi porch --shows old", &[("LOSES_AFTER", "1000000")])
        .with(1, &["the old ones or the new ones"]);
    assert_eq!(machines.0.text("there/old/porch.show"), SHEET);
}

#[test]
fn a_file_that_cannot_be_put_in_place_has_all_others_put_back() {
    let machines = TwoMachines::new();
    machines.0.write("there/old/-beats.txt", "old");
    fs::create_dir(machines.0.path("there/old/porch.show")).unwrap();
    machines
        .send("pi porch --shows old")
        .with(1, &["porch.show cannot be put into", "nothing was changed there"]);
    assert_eq!(machines.there("old"), ["-beats.txt", "porch.show"]);
    assert_eq!(machines.0.text("there/old/-beats.txt"), "old");
    // A link there is replaced, and the file that it leads to is not.
    fs::remove_dir(machines.0.path("there/old/porch.show")).unwrap();
    machines.0.write("there/precious", "precious");
    symlink(machines.0.path("there/precious"), machines.0.path("there/old/porch.show")).unwrap();
    machines.send("pi porch --shows old").with(0, &[]);
    assert_eq!(
        (machines.0.text("there/precious"), machines.0.text("there/old/porch.show")),
        ("precious".into(), SHEET.into())
    );
}

#[test]
fn what_is_wrong_there_is_told_and_nothing_changes() {
    let machines = TwoMachines::new();
    machines.0.write("there/old/porch.show", "old");
    let real = format!("exec {STARCOURT} \"$@\"");
    for (program, script, code, words) in [
        ("df", "echo; echo x 1 1 300 1 x", 1, "has only 300 kB free"),
        ("tar", "echo 'tar: x: Cannot write: No space left on device' >&2; exit 2", 1, "the disk is full"),
        ("mktemp", "exit 1", 1, "nothing can be written in"),
        (
            "starcourt",
            "[ \"$1\" != --version ] || exec echo starcourt 0.0.1; exit 2",
            1,
            "the starcourt 0.0.1 there is too old",
        ),
        ("starcourt", "exit 9", 1, "check failed there, with exit code 9"),
    ] {
        let path = format!("there/bin/{program}");
        machines.program(&path, script);
        machines.send("pi porch --shows old").with(code, &[words, "nothing was changed there"]);
        assert_eq!(machines.there("old"), ["porch.show"], "{program}");
        assert_eq!(machines.0.text("there/old/porch.show"), "old");
        fs::remove_file(machines.0.path(&path)).unwrap();
        machines.program("there/bin/starcourt", &real);
    }
    fs::remove_file(machines.0.path("there/bin/starcourt")).unwrap();
    machines.send("pi porch --shows old").with(1, &["starcourt is not installed there"]);
    machines.send("elsewhere porch").with(1, &["no connection to elsewhere, nothing was sent"]);
    machines.program("here/ssh", "echo 'ssh: bad \x1b[2J thing' >&2; exit 255");
    machines.send("pi porch").with(1, &["no connection to pi", "ssh: bad ␛[2J thing"]);
}

#[test]
fn what_cannot_be_sent_is_refused_here() {
    let machines = TwoMachines::new();
    machines.0.write("shows/gone.show", "audio gone.ogg\n0:01 porch on\n");
    machines.0.write("near.show", "length 0:10\n0:01 porch on\n");
    for (words, code, told) in [
        ("", 2, "HOST"),
        ("pi", 2, "SHOW"),
        ("pi nothing", 65, "no show `nothing`"),
        ("pi near", 65, "did you mean `near.show`?"),
        ("pi gone", 65, "gone.ogg"),
        ("-- -oProxyCommand=x porch", 2, "the first word is the machine"),
        ("pi porch gone --play", 2, "--play plays one show"),
    ] {
        machines.send(words).with(code, &[told]);
    }
    assert_eq!(machines.there("old"), [""; 0]);
}

#[test]
fn a_show_that_was_sent_may_play_at_once() {
    let machines = TwoMachines::new();
    fs::remove_file(machines.0.path("there/bin/starcourt")).unwrap();
    let played = format!(
        "[ \"$1\" != play ] || {{ printf '%s|' \"$@\" >>played; exit 75; }}\nexec {STARCOURT} \"$@\""
    );
    machines.program("there/bin/starcourt", &played);
    machines.send_with("pi porch --play --shows it's", &[]).with(75, &["1 show sent to pi"]);
    assert_eq!(machines.0.text("there/played"), "play|porch|--shows|it's|");
    // All went through the first connection, where nobody else can enter: a password is asked for once.
    let sessions = machines.0.text("there/bin/sessions");
    let sessions: Vec<&str> = sessions.lines().collect();
    let socket = sessions[0].strip_prefix(" -M -S ").unwrap();
    assert_eq!(sessions[1..], [format!(" -S {socket}"), format!(" -S {socket}")]);
    assert_eq!(machines.0.text("there/bin/modes"), "700\n700\n700\n");
    assert!(!Path::new(socket).parent().unwrap().exists(), "{socket}");
    // Without --play there is one session, and it may use a connection of the user's own.
    fs::remove_file(machines.0.path("there/bin/sessions")).unwrap();
    machines.send("pi porch").with(0, &[]);
    assert_eq!(machines.0.text("there/bin/sessions"), "\n");
}

#[test]
fn a_machine_that_is_not_reached_is_told_with_what_helps() {
    let machines = TwoMachines::new();
    for (report, words) in [
        ("ssh: Could not resolve hostname pi: Name or service not known", "run `hostname -I` there"),
        ("Host key verification failed.", "run `ssh pi` once"),
        ("pi: Permission denied (publickey,password).", "it lets nobody in with this name"),
        ("ssh: connect to host pi port 22: Connection refused", "is the machine on"),
        ("kex_exchange_identification: read: Connection reset by peer", "try `ssh pi`"),
    ] {
        machines.program("here/ssh", &format!("echo '{report}' >&2; exit 255"));
        for play in ["", " --play"] {
            let told = machines.send(&format!("pi porch{play}"));
            let told = told.with(1, &["no connection to pi, nothing was sent", words, report]);
            assert!(!told.told.contains("old ones"), "{}", told.told);
        }
    }
}

#[test]
fn a_folder_that_may_not_be_written_to_is_told_with_the_command_that_helps() {
    let machines = TwoMachines::new();
    machines.program("there/bin/starcourt", "echo starcourt 9.0.0");
    machines.program("there/bin/sudo", "exit 1");
    for (folder, mode) in [("", 0o755), ("there/old", 0o555)] {
        fs::set_permissions(machines.0.path(folder), Permissions::from_mode(mode)).unwrap();
    }
    // Root may write anywhere, so somebody else comes in there.
    let nobody = "setpriv --reuid=65534 --regid=65534 --clear-groups";
    let user = if rustix::process::geteuid().is_root() { nobody } else { "" };
    let words = ["may not write in", "name a folder with --shows, or run there: sudo install -d -o"];
    machines.send_with("pi porch --shows old", &[("AS", user)]).with(77, &words);
    machines.send_with("pi porch --shows old/deeper", &[("AS", user)]).with(77, &words);
    assert_eq!(machines.there("old"), [""; 0]);
    fs::set_permissions(machines.0.path("there/old"), Permissions::from_mode(0o755)).unwrap();
}
