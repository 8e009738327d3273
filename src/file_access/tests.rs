//! What is opened, and what is not.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use super::*;

fn scratch() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn pipe(path: &Path) {
    let made = std::process::Command::new("mkfifo").arg(path).status().unwrap();
    assert!(made.success());
}

#[test]
fn only_a_regular_file_is_opened_and_never_waited_for() {
    let scratch = scratch();
    let at = |name: &str| scratch.path().join(name);
    fs::write(at("file"), "light").unwrap();
    symlink(at("file"), at("link")).unwrap();
    for name in ["file", "link"] {
        let file = open_regular(at(name)).unwrap();
        assert_eq!(read_bounded(file, 5).unwrap(), b"light");
    }
    pipe(&at("pipe"));
    let _socket = std::os::unix::net::UnixListener::bind(at("socket")).unwrap();
    symlink("/dev/zero", at("zero")).unwrap();
    for (name, told) in [
        ("pipe", "not a file but a named pipe"),
        ("socket", "not a file but a socket"),
        ("zero", "not a file but a device"),
        (".", "a directory"),
    ] {
        let error = open_regular(at(name)).unwrap_err().to_string();
        assert!(error.contains(told), "{name}: {error}");
        let error = create_named(&at(name).canonicalize().unwrap(), b"").unwrap_err().to_string();
        assert!(error.contains(told), "{name}: {error}");
    }
    assert_eq!(open_regular(at("none")).unwrap_err().kind(), ErrorKind::NotFound);
}

#[test]
fn no_more_is_read_than_a_file_may_hold() {
    let error = read_bounded(&b"123456"[..], 5).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::FileTooLarge);
    let endless = read_bounded(io::repeat(0), 2048).unwrap_err();
    assert_eq!(endless.to_string(), "it is larger than 2 KiB");
}

#[test]
fn a_folder_reads_no_link_no_pipe_and_no_second_name() {
    let scratch = scratch();
    let at = |name: &str| scratch.path().join(name);
    let folder = Folder::open(scratch.path()).unwrap();
    assert_eq!(folder.read("none", 9).unwrap(), None);
    fs::write(at("secret"), "secret").unwrap();
    symlink(at("secret"), at("link")).unwrap();
    symlink(at("none"), at("dangling")).unwrap();
    fs::hard_link(at("secret"), at("second")).unwrap();
    pipe(&at("pipe"));
    fs::write(at("anybodys"), "x").unwrap();
    fs::set_permissions(at("anybodys"), std::os::unix::fs::PermissionsExt::from_mode(0o646)).unwrap();
    fs::write(at("large"), "0123456789").unwrap();
    for (name, told) in [
        ("link", "a link"),
        ("dangling", "a link"),
        ("second", "second name"),
        ("pipe", "a named pipe"),
        ("anybodys", "anybody may write"),
        ("large", "larger"),
        (".", "a directory"),
    ] {
        let error = folder.read(name, 9).unwrap_err().to_string();
        assert!(error.contains(told), "{name}: {error}");
    }
}

#[test]
fn a_folder_replaces_whatever_has_the_name_and_writes_through_nothing() {
    let scratch = scratch();
    let at = |name: &str| scratch.path().join(name);
    fs::write(at("victim"), "old").unwrap();
    symlink(at("victim"), at("link")).unwrap();
    fs::hard_link(at("victim"), at("second")).unwrap();
    pipe(&at("pipe"));
    let folder = Folder::open(scratch.path()).unwrap();
    for name in ["link", "second", "pipe", "new"] {
        for storage in [Storage::Disk, Storage::Memory] {
            folder.replace(name, b"kept", storage).unwrap();
        }
        assert_eq!(folder.read(name, 99).unwrap().as_deref(), Some(&b"kept"[..]));
        let about = fs::symlink_metadata(at(name)).unwrap();
        assert!(about.is_file() && about.mode() & 0o7777 == MODE_OF_KEPT, "{name}: {:o}", about.mode());
    }
    assert_eq!(fs::read_to_string(at("victim")).unwrap(), "old");
    assert_eq!(fs::read_dir(scratch.path()).unwrap().count(), 5, "a draft is left");
}

const MODE_OF_KEPT: u32 = 0o644;

#[test]
fn what_cannot_be_replaced_leaves_no_draft() {
    let scratch = scratch();
    fs::create_dir_all(scratch.path().join("name/full")).unwrap();
    let folder = Folder::open(scratch.path()).unwrap();
    assert!(folder.replace("name", b"kept", Storage::Memory).is_err());
    assert_eq!(fs::read_dir(scratch.path()).unwrap().count(), 1);
}

#[test]
fn a_folder_is_made_with_those_above_it_through_links_of_ours() {
    let scratch = scratch();
    let at = |name: &str| scratch.path().join(name);
    fs::create_dir(at("real")).unwrap();
    symlink("real/../real", at("link")).unwrap();
    symlink("self", at("self")).unwrap();
    let folder = Folder::make(&at("link/a/./b")).unwrap();
    folder.replace("file", b"x", Storage::Memory).unwrap();
    assert_eq!(fs::read(at("real/a/b/file")).unwrap(), b"x");
    assert_eq!(Folder::open(&at("real/none")).unwrap_err().kind(), ErrorKind::NotFound);
    assert!(Folder::make(&at("self/a")).is_err(), "a link that leads to itself");
    assert!(Folder::make(&at("real/a/b/file/c")).is_err(), "a file is no folder");
}

/// Needs root, to make links of another user's.
#[test]
fn a_link_of_another_users_is_not_followed() {
    if !rustix::process::geteuid().is_root() {
        return;
    }
    let scratch = scratch();
    let at = |name: &str| scratch.path().join(name);
    fs::create_dir(at("real")).unwrap();
    fs::write(at("real/victim"), "old").unwrap();
    symlink(at("real"), at("folder")).unwrap();
    symlink("real/victim", at("file")).unwrap();
    symlink("real/new", at("dangling")).unwrap();
    for link in ["folder", "file", "dangling"] {
        std::os::unix::fs::lchown(at(link), Some(2001), None).unwrap();
    }
    let refused = |outcome: io::Result<()>| {
        let error = outcome.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.to_string().contains("UID 2001"), "{error}");
    };
    refused(Folder::open(&at("folder")).map(drop));
    refused(Folder::make(&at("folder/deep")).map(drop));
    for name in ["file", "dangling", "folder/victim"] {
        refused(create_named(&at(name), b"new").map(drop));
    }
    assert_eq!(fs::read_to_string(at("real/victim")).unwrap(), "old");
    assert_eq!(fs::read_dir(at("real")).unwrap().count(), 1);
}

#[test]
fn a_named_file_is_made_whole_and_an_old_one_is_kept() {
    let scratch = scratch();
    let at = |name: &str| scratch.path().join(name);
    drop(create_named(&at("new"), b"whole").unwrap());
    assert_eq!(fs::read(at("new")).unwrap(), b"whole");
    drop(create_named(&at("new"), b"other").unwrap());
    assert_eq!(fs::read(at("new")).unwrap(), b"whole");
    symlink("elsewhere", at("link")).unwrap();
    drop(create_named(&at("link"), b"by a link of ours").unwrap());
    assert_eq!(fs::read(at("elsewhere")).unwrap(), b"by a link of ours");
    fs::hard_link(at("new"), at("second")).unwrap();
    let error = create_named(&at("second"), b"").unwrap_err();
    assert!(error.to_string().contains("second name"), "{error}");
    assert_eq!(fs::read_dir(scratch.path()).unwrap().count(), 4, "a draft is left");
    assert!(create_named(&at("none/file"), b"").is_err());
    assert!(create_named(Path::new("/"), b"").is_err());
}

#[test]
fn a_named_file_is_replaced_whole_or_not_at_all() {
    let scratch = scratch();
    let at = |name: &str| scratch.path().join(name);
    replace_named(&at("new"), b"first").unwrap();
    fs::set_permissions(at("new"), fs::Permissions::from_mode(0o640)).unwrap();
    symlink("new", at("link")).unwrap();
    let reader = fs::File::open(at("new")).unwrap();
    replace_named(&at("link"), b"second").unwrap();
    assert_eq!(fs::read(at("new")).unwrap(), b"second", "by a link of ours");
    assert_eq!(read_bounded(reader, 100).unwrap(), b"first", "who reads the old one reads all of it");
    assert_eq!(fs::metadata(at("new")).unwrap().permissions().mode() & 0o777, 0o640);
    for (path, told) in [
        (at("none/new"), "No such file"),
        (scratch.path().to_owned(), "directory"),
        ("/dev/null".into(), "a device"),
    ] {
        let error = replace_named(&path, b"third").unwrap_err().to_string();
        assert!(error.contains(told), "{}: {error}", path.display());
    }
    assert_eq!(fs::read_dir(scratch.path()).unwrap().count(), 2, "a draft is left");
}
