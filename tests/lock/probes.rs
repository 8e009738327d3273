//! Asking who holds a lock.

use std::fs;

use crate::children::{Scratch, as_nobody, name, with_narrow_umask};
use starcourt::lock::{KnownBy, instances, probe};

#[test]
fn a_probe_in_the_holders_own_process_keeps_the_lock() {
    let scratch = Scratch::new();
    let _lock = scratch.acquire("starcourt").expect("free");
    for _ in 0..10 {
        let holder = probe(scratch.path(), &name("starcourt")).unwrap().expect("ourselves");
        assert_eq!((holder.pid.number(), holder.known_by), (Some(std::process::id()), KnownBy::File));
        assert_eq!(holder.info.show.as_deref(), Some("mall"));
        assert_eq!(instances(scratch.path()).unwrap(), [holder]);
    }
    let mut other = scratch.child("ask", "starcourt");
    other.go_on();
    // By its file: the lock on the file has survived the probes, not only the mark.
    assert_eq!(other.hears(), format!("held by {} File mall", std::process::id()));
}

#[test]
fn a_second_acquire_in_the_same_process_is_refused_and_frees_nothing() {
    let scratch = Scratch::new();
    let _lock = scratch.acquire("starcourt").expect("free");
    for _ in 0..10 {
        let refusal = scratch.acquire("starcourt").expect_err("held");
        assert_eq!(refusal.holder().and_then(|holder| holder.pid.number()), Some(std::process::id()));
    }
    let told = scratch.child("launch", "starcourt").launches().refused_for(std::process::id());
    assert!(told.contains("show \"mall\""), "{told}");
}

#[test]
fn a_thousand_probes_do_not_disturb_the_holder() {
    let scratch = Scratch::new();
    let holder = scratch.holder("starcourt");
    for _ in 0..1_000 {
        let found = probe(scratch.path(), &name("starcourt")).unwrap().expect("held");
        assert_eq!((found.pid.number(), found.known_by), (Some(holder.pid()), KnownBy::File));
    }
    scratch.child("launch", "starcourt").launches().refused_for(holder.pid());
}

#[test]
fn a_user_who_may_not_write_can_ask() {
    let scratch = Scratch::new();
    let mut holder = scratch.child_with("launch", "starcourt", with_narrow_umask);
    holder.launches();
    let mut nobody = scratch.child_with("ask", "starcourt", as_nobody);
    nobody.go_on();
    assert_eq!(nobody.hears(), format!("held by {} File mall", holder.pid()));
}

#[test]
fn a_user_who_may_not_even_read_the_file_is_told_the_pid() {
    let scratch = Scratch::new();
    let holder = scratch.holder("starcourt");
    fs::set_permissions(scratch.file("starcourt"), std::os::unix::fs::PermissionsExt::from_mode(0o000))
        .unwrap();
    let mut nobody = scratch.child_with("ask", "starcourt", as_nobody);
    nobody.go_on();
    assert_eq!(nobody.hears(), format!("held by {} SecondAnchor ", holder.pid()).trim_end());
}

#[test]
fn where_the_file_was_deleted_a_probe_still_tells_the_pid() {
    for lock in ["starcourt", "starcourt_demo"] {
        let scratch = Scratch::new();
        let holder = scratch.holder(lock);
        fs::remove_file(scratch.file(lock)).unwrap();
        let found = probe(scratch.path(), &name(lock)).unwrap().expect("held");
        assert_eq!((found.pid.number(), found.known_by), (Some(holder.pid()), KnownBy::SecondAnchor));
        let told = scratch.child("launch", lock).launches().refused_for(holder.pid());
        assert!(told.contains("its file is gone, but it is held all the same"), "{told}");
        let everybody = instances(scratch.path()).unwrap();
        assert_eq!(
            everybody.iter().map(|holder| holder.pid.number()).collect::<Vec<_>>(),
            [Some(holder.pid())]
        );
    }
}

#[test]
fn where_nobody_ever_played_nobody_is_found_and_nothing_made() {
    let scratch = Scratch::new();
    assert_eq!(probe(scratch.path(), &name("starcourt")).unwrap(), None);
    assert!(instances(scratch.path()).unwrap().is_empty());
    assert!(!scratch.path().exists());
}

#[test]
fn everybody_is_listed_by_name_and_nothing_else_is() {
    let scratch = Scratch::new();
    let holders = [scratch.holder("starcourt_mall"), scratch.holder("starcourt_demo")];
    fs::write(scratch.file("starcourt_old"), "pid 1\nshow old\n").unwrap();
    fs::create_dir(scratch.file("starcourt_dir")).unwrap();
    fs::write(scratch.path().join("notes.txt"), "").unwrap();
    let found = instances(scratch.path()).unwrap();
    let told: Vec<_> =
        found.iter().map(|holder| (holder.pid.number(), holder.info.show.as_deref())).collect();
    assert_eq!(told, [(Some(holders[1].pid()), Some("demo")), (Some(holders[0].pid()), Some("mall"))]);
}
