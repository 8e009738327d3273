//! Posts of guardians: who is at one, and who is ended. The guardians here are other programs that were
//! given what a guardian has.

use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::cast::{Stage, as_nobody, claim, is_root};
use starcourt::lock::{Lock, Pid, Post, StuckGuard};

const GENEROUS: Duration = Duration::from_secs(10);
const ORDERS: &[u8] = b"release driven\nline 17 low\nmemory";

/// It ends with this value.
struct Guard(Child);

impl Guard {
    /// At the post of `lock`.
    fn of(lock: &Lock) -> Self {
        Self::with(lock, |_| {})
    }

    fn with(lock: &Lock, set: impl FnOnce(&mut Command)) -> Self {
        let post = free_post(lock);
        let mut command = Command::new("sleep");
        let [directory, file] =
            post.share().map(|shared| shared.try_clone_to_owned().expect("room for a copy"));
        command.arg("1000").stdin(Stdio::from(directory)).stdout(Stdio::from(file));
        set(&mut command);
        let guard = Self(command.spawn().expect("every system can sleep"));
        post.take(guard.pid(), ORDERS).expect("our own file");
        guard
    }

    fn pid(&self) -> Pid {
        Pid::new(self.0.id())
    }

    fn is_there(&mut self) -> bool {
        self.0.try_wait().expect("our own child").is_none()
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A program that another test is starting at this moment has whatever this one has open, until it runs.
fn free_post(lock: &Lock) -> Post {
    let start = Instant::now();
    loop {
        match lock.post() {
            Err(_) if start.elapsed() < GENEROUS => thread::sleep(Duration::from_millis(1)),
            post => return post.expect("nobody is at it"),
        }
    }
}

fn lock(stage: &Stage, name: &str, lines: &[u8]) -> Lock {
    Lock::acquire(&stage.dir(), claim(name, lines)).expect("nobody else plays here")
}

#[test]
fn a_guardian_is_found_by_its_lines_and_gone_when_it_is_dead() {
    let stage = Stage::new();
    let first = lock(&stage, "starcourt_demo", &[17, 18]);
    let guard = Guard::of(&first);
    drop(first);
    for (name, lines, is_found) in
        [("starcourt_mall", &[18][..], true), ("starcourt_mall", &[4], false), ("starcourt", &[4, 17], true)]
    {
        let next = lock(&stage, name, lines);
        assert_eq!(next.guards().unwrap(), if is_found { vec![guard.pid()] } else { vec![] }, "{name}");
    }
    let next = lock(&stage, "starcourt", &[17]);
    drop(guard);
    assert_eq!(next.guards().unwrap(), []);
}

#[test]
fn a_guardian_does_not_keep_the_lock_from_anybody() {
    let stage = Stage::new();
    let first = lock(&stage, "starcourt", &[17]);
    let _guard = Guard::of(&first);
    drop(first);
    assert!(starcourt::lock::instances(stage.path()).unwrap().is_empty());
    drop(lock(&stage, "starcourt", &[17]));
}

#[test]
fn a_guardian_is_ended_for_good_and_its_orders_are_handed_on() {
    let stage = Stage::new();
    let first = lock(&stage, "starcourt_demo", &[17]);
    let mut guard = Guard::of(&first);
    drop(first);
    let next = lock(&stage, "starcourt", &[17]);
    assert_eq!(next.end_guard(guard.pid()).unwrap().as_deref(), Some(ORDERS));
    assert!(!guard.is_there() && next.guards().unwrap().is_empty());
    assert_eq!(next.end_guard(guard.pid()).unwrap(), None);
}

#[test]
fn a_post_is_free_for_the_next_guardian_and_not_before() {
    let stage = Stage::new();
    let first = lock(&stage, "starcourt", &[17]);
    let guard = Guard::of(&first);
    assert!(first.post().is_err(), "two guardians at one post");
    drop(guard);
    let mut next = Guard::of(&first);
    assert!(next.is_there());
    assert_eq!(first.guards().unwrap(), [next.pid()]);
}

#[test]
fn nobody_is_ended_on_the_word_of_a_mark_alone() {
    let stage = Stage::new();
    let first = lock(&stage, "starcourt", &[17]);
    let mut guard = Guard::of(&first);
    drop(first);
    std::fs::remove_file(stage.file("guardian_starcourt")).unwrap();
    let next = lock(&stage, "starcourt", &[17]);
    assert_eq!(next.guards().unwrap(), [guard.pid()]);
    assert!(matches!(next.end_guard(guard.pid()), Err(StuckGuard::Unproven { .. })));
    assert!(guard.is_there());
}

#[test]
fn nobody_is_ended_on_the_word_of_a_leftover_file() {
    let stage = Stage::new();
    let mut stranger = Command::new("sleep");
    let mut stranger = Guard(stranger.arg("1000").process_group(0).spawn().unwrap());
    let lock = lock(&stage, "starcourt", &[17]);
    std::fs::write(stage.file("guardian_starcourt"), format!("pid {}\nmemory", stranger.pid())).unwrap();
    assert_eq!(lock.guards().unwrap(), []);
    assert_eq!(lock.end_guard(stranger.pid()).unwrap(), None);
    assert!(stranger.is_there());
}

#[test]
fn a_guardian_of_another_user_is_left_alone_and_named() {
    if !is_root() {
        return; // who is not root has no other user
    }
    let stage = Stage::new();
    let first = lock(&stage, "starcourt", &[17]);
    let guard = Guard::of(&first);
    drop(first);
    // A member of the group, who may lock, but not signal root's processes.
    const NOBODY: u32 = 65_534;
    std::os::unix::fs::chown(stage.path(), None, Some(NOBODY)).unwrap();
    let mut other = stage.player_with("end guard", "starcourt_demo", |command| {
        as_nobody(command);
        command.env(crate::role::GUARD, guard.pid().to_string());
    });
    other.cue();
    let told = other.hears();
    assert!(told.contains("belongs to another user") && told.contains("sudo kill -KILL"), "{told}");
}

#[test]
fn lines_of_another_instance_are_told_apart_in_the_door() {
    let stage = Stage::new();
    let demo = lock(&stage, "starcourt_demo", &[17]);
    let mall = lock(&stage, "starcourt_mall", &[18]);
    let line = |bcm| starcourt::rig::Line::new(bcm).unwrap();
    let others = demo.in_the_door(|is_anothers| [4, 17, 18].map(|bcm| is_anothers(line(bcm)))).unwrap();
    assert_eq!(others, [false, false, true]);
    drop(mall);
    let others = demo.in_the_door(|is_anothers| is_anothers(line(18))).unwrap();
    assert!(!others);
}
