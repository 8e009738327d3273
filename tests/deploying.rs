//! `deploy/deploy.sh` and what it does on the Pi, with an SSH that stays on this machine: what it takes from a
//! package and from an answer, and when it installs nothing. `tests/deploy.sh` deploys for real.
#![allow(clippy::unwrap_used)]

mod common;

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use common::setup::Setup;
use rustix::process::{Pid, Signal, kill_process, kill_process_group};

/// Longer than any of this takes.
const PATIENCE: Duration = Duration::from_secs(30);

/// A machine that is laptop and Pi: its programs answer as a Pi's do, and write down what is asked of them.
struct Machine {
    folder: tempfile::TempDir,
}

impl Machine {
    /// Whose starcourt does what `starcourt` says, a line of shell.
    fn new(starcourt: &str) -> Self {
        let machine = Self { folder: tempfile::tempdir().unwrap() };
        for folder in ["bin", "tmp"] {
            fs::create_dir(machine.path(folder)).unwrap();
        }
        let asked = machine.path("asked").display().to_string();
        for (name, does) in [
            // The last word is the command: as a shell over there would have it.
            ("ssh", format!("echo ssh >>{asked}; for last; do :; done; exec sh -c \"$last\"")),
            ("dpkg", format!("case $1 in --print-*) echo amd64 ;; *) echo \"dpkg $*\" >>{asked} ;; esac")),
            ("dpkg-query", "exit 1".to_owned()),
            ("sudo", "shift; exec \"$@\"".to_owned()),
            ("systemctl", "exit 3".to_owned()),
            ("ldconfig", "echo libasound.so.2".to_owned()),
            ("getconf", "echo glibc 99.0".to_owned()),
            ("starcourt", starcourt.to_owned()),
        ] {
            machine.write_program(name, &does);
        }
        machine
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write_program(&self, name: &str, does: &str) {
        let path = self.path("bin").join(name);
        let mut file =
            OpenOptions::new().write(true).create(true).truncate(true).mode(0o755).open(path).unwrap();
        writeln!(file, "#!/bin/sh\n{does}").unwrap();
    }

    /// A package with these fields, and others that are right.
    fn package(&self, fields: &[(&str, &str)]) -> PathBuf {
        let (tree, package) = (self.path("tree"), self.path("package.deb"));
        fs::create_dir_all(tree.join("DEBIAN")).unwrap();
        let mut control = String::new();
        for (field, right) in [
            ("Package", "starcourt"),
            ("Version", "1.0-1"),
            ("Architecture", "amd64"),
            ("Installed-Size", "10"),
            ("Depends", "libc6 (>= 2.36)"),
            ("Maintainer", "x <x@x.invalid>"),
            ("Description", "x"),
        ] {
            let value = fields.iter().find(|(name, _)| *name == field).map_or(right, |(_, value)| value);
            control.push_str(&format!("{field}: {value}\n"));
        }
        fs::write(tree.join("DEBIAN/control"), control).unwrap();
        fs::set_permissions(tree.join("DEBIAN"), fs::Permissions::from_mode(0o755)).unwrap();
        let built = Command::new("dpkg-deb").args(["--nocheck", "--build"]).arg(&tree).arg(&package).output();
        let built = built.unwrap();
        assert!(built.status.success(), "{built:?}");
        package
    }

    fn deploy(&self, package: &Path, options: &[&str]) -> Command {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/deploy.sh");
        let mut command = self.command(&script);
        command.args(options).arg("--package").arg(package).arg("pi@lights");
        command
    }

    fn command(&self, script: &Path) -> Command {
        let path = format!("{}:{}", self.path("bin").display(), std::env::var("PATH").unwrap());
        let mut command = Command::new("sh");
        command.arg(script).env("PATH", path).env("TMPDIR", self.path("tmp")).stdin(Stdio::null());
        command
    }

    /// What was asked of dpkg and ssh.
    fn asked(&self) -> String {
        fs::read_to_string(self.path("asked")).unwrap_or_default()
    }

    /// No file of a deploy is left, laptop's or Pi's.
    fn is_clean(&self) -> bool {
        fs::read_dir(self.path("tmp")).unwrap().count() == 0
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[&*output.stdout, &*output.stderr].concat()).into_owned()
}

/// The deploy that is under way, and what it has said.
struct Deploy {
    process: Child,
    said: PathBuf,
}

impl Deploy {
    fn begin(machine: &Machine, package: &Path) -> Self {
        let said = machine.path("said");
        let file = File::create(&said).unwrap();
        let mut command = machine.deploy(package, &[]);
        command.process_group(0).stdout(file.try_clone().unwrap()).stderr(file);
        let process = common::child::spawn(command).unwrap();
        Self { process, said }
    }

    #[track_caller]
    fn until(&mut self, words: &str) {
        wait_until(words, || fs::read_to_string(&self.said).unwrap().contains(words));
    }
}

#[track_caller]
fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !is_so() {
        assert!(begin.elapsed() < PATIENCE, "not in time: {what}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// `status --json` of an instance with this `now`.
fn plays(now: &str) -> String {
    format!("cat <<'END'\n[ {{ \"pid\": \"1\", \"show\": \"idle\", \"now\": {now} }} ]\nEND")
}

const NOBODY: &str = "exit 3";

#[test]
fn nothing_of_a_package_is_a_shells_text() {
    let machine = Machine::new(NOBODY);
    let mark = machine.path("mark");
    let touch = format!("$(touch {})", mark.display());
    for (field, value) in [
        ("Architecture", format!("amd64;touch {}", mark.display())),
        ("Architecture", format!("amd64 {touch}")),
        ("Version", format!("1.0-1'{touch}")),
        ("Version", format!("1.0-1`touch {}`", mark.display())),
        ("Version", "-1".to_owned()),
        ("Version", format!("1.0\n {touch}")),
        ("Installed-Size", format!("a[{touch}]")),
        ("Package", "another".to_owned()),
    ] {
        let package = machine.package(&[(field, &value)]);
        let output = machine.deploy(&package, &[]).output().unwrap();
        let said = said(&output);
        assert_eq!(output.status.code(), Some(1), "{value}: {said}");
        assert!(said.contains(&format!("its {field} is not one")), "{value}: {said}");
    }
    assert!(!mark.exists(), "a command of the package's ran");
    assert_eq!(machine.asked(), "", "it was sent to the Pi all the same");
}

#[test]
fn what_the_pi_answers_reaches_no_terminal_as_it_is() {
    let machine = Machine::new(NOBODY);
    machine.write_program("dpkg", "printf 'x\\033[2J\\302\\233m$(touch mark)'");
    let output = machine.deploy(&machine.package(&[]), &[]).output().unwrap();
    let told = said(&output);
    assert!(told.contains("x?[2J?m$(touch mark)") && !told.contains('\u{1b}'), "{told}");
}

#[test]
fn a_dry_run_and_a_package_for_another_machine_install_nothing() {
    let machine = Machine::new(NOBODY);
    let output = machine.deploy(&machine.package(&[]), &["--dry-run"]).output().unwrap();
    assert!(output.status.success() && said(&output).contains("would copy and install 1.0-1"), "{output:?}");
    let package = machine.package(&[("Architecture", "arm64")]);
    let output = machine.deploy(&package, &[]).output().unwrap();
    assert!(
        output.status.code() == Some(1) && said(&output).contains("the package is for arm64"),
        "{output:?}"
    );
    assert_eq!(machine.asked(), "ssh\nssh\n");
    assert!(machine.is_clean());
}

/// The installed program does not work here, so it is removed again, and nothing stays on this machine.
#[test]
fn a_package_is_installed_from_a_folder_of_its_own_which_is_gone_in_the_end() {
    let machine = Machine::new(NOBODY);
    let output = machine.deploy(&machine.package(&[]), &[]).output().unwrap();
    assert!(said(&output).contains("it was removed; no version was installed before"), "{output:?}");
    let asked = machine.asked();
    let installs: Vec<_> = asked.lines().filter(|line| line.contains("--install")).collect();
    assert!(installs.len() == 1 && installs[0].contains("/tmp/tmp."), "{asked}");
    assert!(machine.is_clean());
}

#[test]
fn a_deploy_whose_person_has_gone_while_it_waits_installs_nothing_later() {
    for signal in [Signal::INT, Signal::TERM, Signal::KILL] {
        let machine = Machine::new(&plays(r#"{ "show": { "name": "idle" } }"#));
        let package = machine.package(&[]);
        let mut deploy = Deploy::begin(&machine, &package);
        deploy.until("waiting for its end");
        let folder = fs::read_dir(machine.path("tmp")).unwrap().map(|entry| entry.unwrap().path());
        let folder = folder.into_iter().find(|path| path.is_dir()).unwrap();
        assert_eq!(folder.metadata().unwrap().permissions().mode() & 0o777, 0o700);
        let laptop = Pid::from_child(&deploy.process);
        match signal {
            // A terminal's Ctrl-C is for all that run there.
            Signal::INT => kill_process_group(laptop, signal).unwrap(),
            _ => kill_process(laptop, signal).unwrap(),
        }
        deploy.process.wait().unwrap();
        // The show ends.
        machine.write_program("starcourt", NOBODY);
        wait_until("the Pi's copy is gone", || !folder.exists());
        thread::sleep(Duration::from_millis(500));
        assert_eq!(machine.asked(), "ssh\n", "it was installed all the same");
    }
}

/// Dots that lie in the connection are no sign of life.
#[test]
fn a_connection_that_nothing_comes_over_any_more_ends_a_deploy() {
    let machine = Machine::new(&plays(r#"{ "show": { "name": "idle" } }"#));
    let script = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/on-pi.sh")).unwrap();
    let hasty = machine.path("on-pi.sh");
    fs::write(&hasty, script.replace("patience=20", "patience=1")).unwrap();
    let mut command = machine.command(&hasty);
    let pi = command.arg("session").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut pi = pi.spawn().unwrap();
    let mut laptop = pi.stdin.take().unwrap();
    let sum = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    write!(laptop, "wait\namd64\n0\n10\n1.0-1\n{sum}\n0\n{}", ".".repeat(10_000)).unwrap();
    // It stays open, and silent.
    let output = pi.wait_with_output().unwrap();
    assert!(said(&output).contains("the laptop hung up"), "{output:?}");
    assert_eq!((output.status.code(), machine.asked().as_str()), (Some(1), ""));
    assert!(machine.is_clean());
    drop(laptop);
}

#[test]
fn a_package_that_was_cut_on_its_way_is_not_installed() {
    let machine = Machine::new(NOBODY);
    let package = machine.package(&[]);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/on-pi.sh").metadata().unwrap().len();
    let cut = script + package.metadata().unwrap().len() - 1;
    machine.write_program("ssh", &format!("for last; do :; done; head -c {cut} | sh -c \"$last\""));
    let output = machine.deploy(&package, &[]).output().unwrap();
    assert!(
        output.status.code() == Some(1)
            && said(&output).contains("was damaged on its way; nothing was changed"),
        "{output:?}"
    );
    assert!(machine.asked().is_empty() && machine.is_clean());
}

#[test]
fn a_status_that_fails_is_nobodys_silence() {
    let machine = Machine::new("exit 139");
    let output = machine.deploy(&machine.package(&[]), &[]).output().unwrap();
    assert!(said(&output).contains("it is unknown whether a show plays"), "{output:?}");
    assert_eq!(machine.asked(), "ssh\n");
}

/// Whether the script on the Pi finds that a show plays.
fn finds_a_show(starcourt: &str) -> bool {
    let machine = Machine::new(starcourt);
    let script = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/on-pi.sh")).unwrap();
    let body = script.strip_suffix("\"$@\"\n").expect("the script ends with the step that it is given");
    let path = machine.path("plays.sh");
    fs::write(&path, format!("{body}if plays; then echo yes; else echo no $?; fi\n")).unwrap();
    let output = machine.command(&path).output().unwrap();
    match said(&output).trim() {
        "yes" => true,
        "no 1" => false,
        other => panic!("{other}"),
    }
}

#[test]
fn the_status_is_read_and_no_text_in_it_decides() {
    let traps = r#""state": "idle", "then": ["show none", "a\" } ] \" , \"show\": null", "\\"], "x": [{"show": null}]"#;
    for (starcourt, expected) in [
        (NOBODY.to_owned(), false),
        (plays(&format!("{{ {traps}, \"show\": {{ \"name\": \"none\", \"show\": null }} }}")), true),
        (plays(&format!("{{ {traps}, \"show\": null }}")), false),
        (plays(&format!("{{\"show\":null,{traps}}}").replace(' ', "")), false),
        (plays("null"), true),
        (plays("{ }"), true),
        ("echo '[]'".to_owned(), true),
        ("echo nonsense".to_owned(), true),
        (plays("{ \"show\": null } }, { \"now\": { \"show\": {} }"), true),
        (plays("{ \"show\": null } }, { \"now\": { \"show\": null }"), false),
    ] {
        assert_eq!(finds_a_show(&starcourt), expected, "{starcourt}");
    }
}

/// With the real program, a show that is called idle-hands, and texts that look like a status.
#[test]
fn a_show_called_idle_is_found_to_play_until_it_ends() {
    let setup = Setup::lit();
    let title = r#"title  state idle, show none, "show": null, "now": {"show": null}"#;
    setup.write_show("porch", &format!("{title}\nlength 1:00\n{}", common::setup::LIT));
    let status = format!(
        "exec {} status --json --lock-dir {}",
        env!("CARGO_BIN_EXE_starcourt"),
        setup.path("lock").display()
    );
    assert!(!finds_a_show(&status));
    let mut launch = setup.play().once_lit();
    assert!(finds_a_show(&status));
    launch.goes_safe_on_signal(Signal::TERM);
    launch.ends_with(0);
    assert!(!finds_a_show(&status));
}
