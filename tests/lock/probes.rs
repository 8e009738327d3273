//! Asking who holds a lock.

use std::fs;

use crate::cast::{Stage, as_nobody, name, with_narrow_umask};
use starcourt::lock::{KnownBy, instances, probe};

#[test]
fn a_probe_in_the_holders_own_process_keeps_the_lock() {
    let stage = Stage::new();
    let _lock = stage.acquire("starcourt").expect("free");
    for _ in 0..10 {
        let holder = probe(stage.path(), &name("starcourt")).unwrap().expect("ourselves");
        assert_eq!((holder.pid.number(), holder.known_by), (Some(std::process::id()), KnownBy::File));
        assert_eq!(holder.info.show.as_deref(), Some("mall"));
        assert_eq!(instances(stage.path()).unwrap(), [holder]);
    }
    let mut other = stage.player("ask", "starcourt");
    other.cue();
    // By its file: the lock on the file has survived the probes, not only the mark.
    assert_eq!(other.hears(), format!("held by {} File mall", std::process::id()));
}

#[test]
fn a_second_acquire_in_the_same_process_is_refused_and_frees_nothing() {
    let stage = Stage::new();
    let _lock = stage.acquire("starcourt").expect("free");
    for _ in 0..10 {
        let refusal = stage.acquire("starcourt").expect_err("held");
        assert_eq!(refusal.holder().and_then(|holder| holder.pid.number()), Some(std::process::id()));
    }
    let told = stage.player("launch", "starcourt").launches().refused_for(std::process::id());
    assert!(told.contains("show \"mall\""), "{told}");
}

#[test]
fn a_thousand_probes_do_not_disturb_the_holder() {
    let stage = Stage::new();
    let holder = stage.holder("starcourt");
    for _ in 0..1_000 {
        let found = probe(stage.path(), &name("starcourt")).unwrap().expect("held");
        assert_eq!((found.pid.number(), found.known_by), (Some(holder.pid()), KnownBy::File));
    }
    stage.player("launch", "starcourt").launches().refused_for(holder.pid());
}

#[test]
fn a_user_who_may_not_write_can_ask() {
    let stage = Stage::new();
    let mut holder = stage.player_with("launch", "starcourt", with_narrow_umask);
    holder.launches();
    let mut nobody = stage.player_with("ask", "starcourt", as_nobody);
    nobody.cue();
    assert_eq!(nobody.hears(), format!("held by {} File mall", holder.pid()));
}

#[test]
fn a_user_who_may_not_even_read_the_file_is_told_the_pid() {
    let stage = Stage::new();
    let holder = stage.holder("starcourt");
    fs::set_permissions(stage.file("starcourt"), std::os::unix::fs::PermissionsExt::from_mode(0o000))
        .unwrap();
    let mut nobody = stage.player_with("ask", "starcourt", as_nobody);
    nobody.cue();
    assert_eq!(nobody.hears(), format!("held by {} SecondAnchor ", holder.pid()).trim_end());
}

#[test]
fn where_the_file_was_deleted_a_probe_still_tells_the_pid() {
    for lock in ["starcourt", "starcourt_demo"] {
        let stage = Stage::new();
        let holder = stage.holder(lock);
        fs::remove_file(stage.file(lock)).unwrap();
        let found = probe(stage.path(), &name(lock)).unwrap().expect("held");
        assert_eq!((found.pid.number(), found.known_by), (Some(holder.pid()), KnownBy::SecondAnchor));
        let told = stage.player("launch", lock).launches().refused_for(holder.pid());
        assert!(told.contains("its file is gone, but it is held all the same"), "{told}");
        let everybody = instances(stage.path()).unwrap();
        assert_eq!(
            everybody.iter().map(|holder| holder.pid.number()).collect::<Vec<_>>(),
            [Some(holder.pid())]
        );
    }
}

#[test]
fn where_nobody_ever_played_nobody_is_found_and_nothing_made() {
    let stage = Stage::new();
    assert_eq!(probe(stage.path(), &name("starcourt")).unwrap(), None);
    assert!(instances(stage.path()).unwrap().is_empty());
    assert!(!stage.path().exists());
}

#[test]
fn everybody_is_listed_by_name_and_nothing_else_is() {
    let stage = Stage::new();
    let holders = [stage.holder("starcourt_mall"), stage.holder("starcourt_demo")];
    fs::write(stage.file("starcourt_old"), "pid 1\nshow old\n").unwrap();
    fs::create_dir(stage.file("starcourt_dir")).unwrap();
    fs::write(stage.path().join("notes.txt"), "").unwrap();
    let found = instances(stage.path()).unwrap();
    let told: Vec<_> =
        found.iter().map(|holder| (holder.pid.number(), holder.info.show.as_deref())).collect();
    assert_eq!(told, [(Some(holders[1].pid()), Some("demo")), (Some(holders[0].pid()), Some("mall"))]);
}
