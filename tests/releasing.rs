//! `deploy/release.sh`: what it refuses, and what a release holds. The packages are made up, because the real ones
//! take a release build.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const CHANGES: &str =
    "# Changes\n\n## 1.2.0 (2026-12-01)\n\n- Lights follow the music.\n\n## 1.1.0\n\n- Old.\n";

/// A project whose version, changes and tag agree, with the packages of `make deb`.
struct Project {
    folder: tempfile::TempDir,
}

impl Project {
    fn ready() -> Self {
        let project = Self { folder: tempfile::tempdir().unwrap() };
        for folder in ["deploy", "target/debian"] {
            fs::create_dir_all(project.path(folder)).unwrap();
        }
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/release.sh");
        fs::copy(script, project.path("deploy/release.sh")).unwrap();
        project.write("Cargo.toml", "[package]\nname = \"starcourt\"\nversion = \"1.2.0\"\n");
        project.write("CHANGELOG.md", CHANGES);
        project.write(".gitignore", "/target\n");
        project.git(&["init", "--quiet"]);
        project.commit();
        project.git(&["tag", "v1.2.0"]);
        for architecture in ["amd64", "arm64"] {
            project.pack("1.2.0-1", architecture);
        }
        project
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    fn git(&self, words: &[&str]) {
        let somebody = ["-c", "user.name=x", "-c", "user.email=x@x.invalid", "-c", "tag.gpgSign=false"];
        let mut git = Command::new("git");
        let output = git.args(somebody).args(words).current_dir(self.folder.path()).output().unwrap();
        assert!(output.status.success(), "{output:?}");
    }

    fn commit(&self) {
        self.git(&["add", "."]);
        self.git(&["-c", "commit.gpgSign=false", "commit", "--quiet", "--message", "A change"]);
    }

    fn pack(&self, version: &str, architecture: &str) {
        let control = format!(
            "Package: starcourt\nVersion: {version}\nArchitecture: {architecture}\nMaintainer: x <x@x.invalid>\n\
             Description: x\n"
        );
        fs::create_dir_all(self.path("target/tree/DEBIAN")).unwrap();
        self.write("target/tree/DEBIAN/control", &control);
        let package = self.path(&format!("target/debian/starcourt_{version}_{architecture}.deb"));
        let mut dpkg = Command::new("dpkg-deb");
        let output = dpkg.args(["--nocheck", "--build"]).arg(self.path("target/tree")).arg(package).output();
        assert!(output.as_ref().unwrap().status.success(), "{output:?}");
    }

    fn release(&self, words: &[&str]) -> Output {
        Command::new("sh").arg(self.path("deploy/release.sh")).args(words).output().unwrap()
    }

    /// Nothing is released, and these words say why.
    #[track_caller]
    fn refuses(&self, words: &[&str]) {
        let output = self.release(&[]);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{said}");
        for word in words {
            assert!(said.contains(word), "`{word}` is missing in {said}");
        }
        let left: Vec<_> =
            fs::read_dir(self.path("target")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert!(!left.iter().any(|name| name.to_str().unwrap().starts_with("release")), "{left:?}");
    }
}

#[test]
fn a_release_holds_packages_source_notes_and_checksums() {
    let project = Project::ready();
    assert!(project.release(&["check"]).status.success());
    // The second one takes the place of the first, and is the same to the byte.
    let sums = [(); 2].map(|()| {
        let output = project.release(&[]);
        assert!(output.status.success(), "{output:?}");
        fs::read_to_string(project.path("target/release-1.2.0/SHA256SUMS")).unwrap()
    });
    assert_eq!(sums[0], sums[1]);
    let names: Vec<&str> = sums[0].lines().map(|line| line.split_whitespace().last().unwrap()).collect();
    let packages = ["starcourt_1.2.0-1_amd64.deb", "starcourt_1.2.0-1_arm64.deb"];
    assert_eq!(names, ["NOTES.md", "starcourt-1.2.0.tar.gz", packages[0], packages[1]]);
    let folder = project.path("target/release-1.2.0");
    assert_eq!(fs::read_to_string(folder.join("NOTES.md")).unwrap(), "- Lights follow the music.\n");
    let mut check = Command::new("sha256sum");
    assert!(check.args(["--check", "SHA256SUMS"]).current_dir(&folder).output().unwrap().status.success());
    let listed = Command::new("tar").arg("tf").arg(folder.join("starcourt-1.2.0.tar.gz")).output().unwrap();
    assert!(String::from_utf8(listed.stdout).unwrap().contains("starcourt-1.2.0/deploy/release.sh\n"));
}

#[test]
fn a_tree_with_changes_is_not_released() {
    let project = Project::ready();
    project.write("CHANGELOG.md", &CHANGES.replace("music", "sound"));
    project.refuses(&["these files are not committed", "M CHANGELOG.md"]);
    project.commit();
    project.git(&["tag", "--force", "v1.2.0"]);
    project.write("notes.txt", "");
    project.refuses(&["?? notes.txt"]);
}

#[test]
fn changes_that_name_another_version_are_not_released() {
    for heading in ["Unreleased", "1.1.9", "1.2.0-beta (2026-12-01)"] {
        let project = Project::ready();
        project.write("CHANGELOG.md", &CHANGES.replace("1.2.0 (2026-12-01)", heading));
        project.commit();
        project.git(&["tag", "--force", "v1.2.0"]);
        project.refuses(&[&format!("is `## {heading}`"), "Write `## 1.2.0 ("]);
    }
}

#[test]
fn a_version_without_a_word_on_its_changes_is_not_released() {
    let project = Project::ready();
    project.write("CHANGELOG.md", "# Changes\n\n## 1.2.0\n\n## 1.1.0\n\n- Old.\n");
    project.commit();
    project.git(&["tag", "--force", "v1.2.0"]);
    project.refuses(&["CHANGELOG.md says nothing below `## 1.2.0`"]);
}

#[test]
fn a_commit_without_its_tag_is_not_released() {
    let project = Project::ready();
    project.git(&["tag", "--delete", "v1.2.0"]);
    project.refuses(&["this commit has no tag. Run: git tag v1.2.0"]);
    project.git(&["tag", "v1.3.0"]);
    project.refuses(&["Cargo.toml says 1.2.0, and this commit has the tag v1.3.0"]);
    project.git(&["tag", "v1.2.0"]);
    project.refuses(&["has the tag v1.2.0 v1.3.0"]);

    let project = Project::ready();
    project.write("later.txt", "");
    project.commit();
    project.refuses(&["the tag v1.2.0 is on another commit", "Raise the version"]);
}

#[test]
fn packages_that_are_missing_or_of_another_version_are_not_released() {
    let project = Project::ready();
    fs::remove_file(project.path("target/debian/starcourt_1.2.0-1_arm64.deb")).unwrap();
    project.refuses(&["there is no package for the Pi (arm64). Run: make deb"]);
    project.pack("1.1.0-1", "arm64");
    project.refuses(&["starcourt_1.1.0-1_arm64.deb has version 1.1.0-1. Run: make deb"]);
    fs::remove_dir_all(project.path("target/debian")).unwrap();
    project.refuses(&["there are no packages in target/debian. Run: make deb"]);
}
