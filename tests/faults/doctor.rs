//! What `doctor` prints is done as a person would do it, and then the problem is gone.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

const RIG: &str = "[channels]\nporch = { pin = 17, kind = \"relay\", active = \"low\" }\n";

/// A folder, and the programs that a person has: an editor in which they write the rig, and `sudo`.
struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        let desk = Self(tempfile::tempdir().unwrap());
        fs::create_dir(desk.path("bin")).unwrap();
        fs::write(desk.path("own.toml"), RIG).unwrap();
        let editor = format!("cp '{}' \"$1\"", desk.path("own.toml").display());
        for (name, script) in [("editor", editor.as_str()), ("sudoedit", &editor), ("sudo", "exec \"$@\"")] {
            fs::write(desk.path("bin").join(name), format!("#!/bin/sh\n{script}\n")).unwrap();
            fs::set_permissions(desk.path("bin").join(name), fs::Permissions::from_mode(0o755)).unwrap();
        }
        symlink(env!("CARGO_BIN_EXE_starcourt"), desk.path("bin/starcourt")).unwrap();
        desk
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.0.path().join(name)
    }

    /// Runs the line in a shell: what it says, and whether it succeeds.
    fn type_in(&self, line: &str) -> (String, bool) {
        let path = format!("{}:{}", self.path("bin").display(), std::env::var("PATH").unwrap());
        let mut shell = Command::new("sh");
        shell.args(["-c", line]).current_dir(self.0.path()).env("PATH", path).env_remove("STARCOURT_RIG");
        let output = shell.output().unwrap();
        (String::from_utf8([output.stdout, output.stderr].concat()).unwrap(), output.status.success())
    }

    fn doctor(&self, options: &str) -> String {
        let lock = self.path("lock");
        self.type_in(&format!("starcourt doctor --output sim --lock-dir '{}' {options}", lock.display())).0
    }

    /// Types each command that `said` prints under the finding with these words.
    #[track_caller]
    fn follow(&self, said: &str, finding: &str) {
        let lines = said.lines().skip_while(|line| !line.contains(finding)).skip(1);
        let commands = lines
            .take_while(|line| line.starts_with("        "))
            .filter_map(|line| line.strip_prefix("            "));
        let commands: Vec<&str> = commands.filter(|line| !line.starts_with(' ')).collect();
        assert!(!commands.is_empty(), "{finding}: {said}");
        for command in commands {
            let (said, is_done) = self.type_in(command);
            assert!(is_done, "{command}: {said}");
        }
    }
}

#[test]
fn a_rig_that_is_missing_is_made_by_the_commands_that_the_doctor_prints() {
    for (options, path) in [("", "shows/rig.toml"), ("--rig 'my lights/a rig.toml'", "my lights/a rig.toml")]
    {
        let desk = Desk::new();
        let said = desk.doctor(options);
        assert!(
            said.contains(&format!("there is no rig {path}")) && !said.contains("starcourt check"),
            "{said}"
        );
        desk.follow(&said, "there is no rig");
        assert!(desk.path(path).exists());
        let said = desk.doctor(options);
        assert!(said.contains(&format!("the rig {path} has 1 channel\n")), "{said}");
    }
}

#[test]
fn a_broken_rig_is_told_line_by_line_and_opened_in_an_editor() {
    let desk = Desk::new();
    fs::write(desk.path("rig.toml"), "[channels]\nporch = { pin = 99, kind = \"relay\" }\n").unwrap();
    let said = desk.doctor("--rig rig.toml");
    assert!(said.contains("wrong   the rig rig.toml cannot be used:\n        error: "), "{said}");
    assert!(said.contains("            editor rig.toml\n") && !said.contains('␊'), "{said}");
    desk.type_in("editor rig.toml");
    assert!(desk.doctor("--rig rig.toml").contains("the rig rig.toml has 1 channel\n"));
}

#[test]
fn the_doctor_names_lights_that_come_on_at_boot_and_better_pins() {
    let desk = Desk::new();
    let said = desk.doctor("--rig own.toml");
    let told = "while the Pi boots, porch (GPIO 17) may light up: use GPIO 4 to 8, or a resistor";
    assert!(said.contains(told), "{said}");
}

#[test]
fn a_lock_directory_that_a_person_named_is_not_made_at_boot() {
    let desk = Desk::new();
    assert!(!Path::new(&desk.path("lock")).exists());
    let said = desk.doctor("");
    assert!(
        said.contains("the first show makes the lock directory") && !said.contains("tmpfiles.d"),
        "{said}"
    );
}
