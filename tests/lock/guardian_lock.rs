//! Files of guardians: who waits for one, whose word is believed, and whose a dead instance's lines are. The
//! guardians here are other programs that were given what a guardian has.

use std::fs::{self, File};
use std::os::fd::AsRawFd;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::children::{Scratch, claim, is_root};
use starcourt::lock::{GuardianLock, Lock, Pid};
use starcourt::rig::{Address, Line};

const ORDERS: &[u8] = b"release driven\nline 17 low\nmemory";
/// How long a launch waits for a guardian.
const WAIT: Duration = Duration::from_millis(200);

/// It ends with this value.
struct Guard(Child);

impl Guard {
    /// At work for `lock`.
    fn of(lock: &Lock) -> Self {
        let mut command = Command::new("sleep");
        // The number is for people: here it is nobody's.
        let file = lock.guardian_file(Pid::new(4_194_000), ORDERS).expect("our own directory");
        file.put_in_place().expect("our own directory");
        let [directory, file] =
            file.share().map(|shared| shared.try_clone_to_owned().expect("room for a copy"));
        command.arg("1000").stdin(Stdio::from(directory)).stdout(Stdio::from(file));
        Self(command.spawn().expect("every system can sleep"))
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn line(bcm: u8) -> Address {
    Line::new(bcm).expect("a line").into()
}

fn file_of(scratch: &Scratch) -> PathBuf {
    scratch.file("guardian_starcourt")
}

/// Takes the lock `name`; how long that took.
fn taken(scratch: &Scratch, name: &str, lines: &[u8]) -> (Lock, Duration) {
    let start = Instant::now();
    let lock = Lock::acquire(&scratch.dir(), claim(name, lines)).expect("nobody else plays here");
    (lock, start.elapsed())
}

fn lock(scratch: &Scratch, name: &str, lines: &[u8]) -> Lock {
    taken(scratch, name, lines).0
}

/// Locks `file` for reading, as whoever may read it can.
fn lock_shared(file: &File, start: u64, length: u64) {
    let mut lock = libc::flock {
        l_type: libc::F_RDLCK as libc::c_short,
        l_whence: libc::SEEK_SET as libc::c_short,
        l_start: start.cast_signed(),
        l_len: length.cast_signed(),
        l_pid: 0,
    };
    // SAFETY: an open descriptor, and a lock description that is valid.
    let outcome = unsafe { libc::fcntl(file.as_raw_fd(), libc::F_OFD_SETLK, &raw mut lock) };
    assert_eq!(outcome, 0);
}

#[test]
fn a_launch_waits_for_a_guardian_at_work_a_moment_and_no_longer() {
    let scratch = Scratch::new();
    let first = lock(&scratch, "starcourt_demo", &[17]);
    let guard = Guard::of(&first);
    let (_mall, took) = taken(&scratch, "starcourt_mall", &[18]);
    assert!(took < WAIT, "demo lives, and its guardian is in nobody's way: {took:?}");
    drop(_mall);
    drop(first);
    let (next, took) = taken(&scratch, "starcourt", &[17]);
    assert!(took >= WAIT, "{took:?}");
    assert!(took < Duration::from_secs(10), "{took:?}");
    let left = next.leftovers().unwrap();
    assert!(left.is_unsafe);
    assert_eq!(left.orders, [ORDERS]);
    drop(next);
    drop(guard);
    let (_, took) = taken(&scratch, "starcourt", &[17]);
    assert!(took < WAIT, "it is dead: {took:?}");
}

#[test]
fn a_guardian_does_not_keep_the_lock_from_anybody() {
    let scratch = Scratch::new();
    let first = lock(&scratch, "starcourt", &[17]);
    let _guard = Guard::of(&first);
    drop(first);
    assert!(starcourt::lock::instances(scratch.path()).unwrap().is_empty());
    drop(lock(&scratch, "starcourt", &[17]));
}

#[test]
fn what_a_guardian_left_undone_is_handed_on_until_it_is_done() {
    let scratch = Scratch::new();
    let first = lock(&scratch, "starcourt_demo", &[17]);
    drop(Guard::of(&first));
    drop(first);
    for _ in 0..2 {
        let left = lock(&scratch, "starcourt", &[4]).leftovers().unwrap();
        assert_eq!((left.is_unsafe, left.orders), (true, vec![ORDERS.to_vec()]));
    }
    let next = lock(&scratch, "starcourt", &[4]);
    next.forget(&next.leftovers().unwrap());
    assert!(!next.leftovers().unwrap().is_unsafe);
}

#[test]
fn a_guardian_that_has_done_its_work_leaves_nothing() {
    let scratch = Scratch::new();
    let first = lock(&scratch, "starcourt", &[17]);
    let file = first.guardian_file(Pid::own(), ORDERS).unwrap();
    file.put_in_place().unwrap();
    let shared = file.share().map(|shared| shared.try_clone_to_owned().unwrap());
    let guardian_lock = GuardianLock::of(Pid::own(), shared).unwrap();
    drop((first, file));
    assert!(lock(&scratch, "starcourt", &[17]).leftovers().unwrap().is_unsafe);
    guardian_lock.clear().unwrap();
    let next = lock(&scratch, "starcourt", &[17]);
    let left = next.leftovers().unwrap();
    assert!(!left.is_unsafe && left.orders.is_empty());
}

/// Whoever may read the file can do that.
#[test]
fn the_lock_of_a_mere_reader_keeps_nobody_waiting() {
    let scratch = Scratch::new();
    let first = lock(&scratch, "starcourt", &[17]);
    drop(Guard::of(&first));
    drop(first);
    let reader = File::open(file_of(&scratch)).unwrap();
    lock_shared(&reader, 0, 0);
    let (next, took) = taken(&scratch, "starcourt", &[17]);
    assert!(took < WAIT, "{took:?}");
    // Nor does it keep the next guardian from its file.
    let _guard = Guard::of(&next);
}

/// A member of the group can put any file there.
#[test]
fn orders_that_another_could_have_written_are_not_believed() {
    type Spoil = fn(&PathBuf);
    let made: [(&str, Spoil); 4] = [
        ("others may write it", |file| {
            fs::set_permissions(file, PermissionsExt::from_mode(0o664)).unwrap();
        }),
        ("it has a second name", |file| fs::hard_link(file, file.with_extension("other")).unwrap()),
        ("it is a link", |file| {
            fs::rename(file, file.with_extension("other")).unwrap();
            symlink(file.with_extension("other"), file).unwrap();
        }),
        ("it is another user's", |file| {
            if is_root() {
                std::os::unix::fs::chown(file, Some(65_534), None).unwrap();
            } else {
                fs::set_permissions(file, PermissionsExt::from_mode(0o666)).unwrap();
            }
        }),
    ];
    for (what, spoil) in made {
        let scratch = Scratch::new();
        let first = lock(&scratch, "starcourt_demo", &[17]);
        drop(Guard::of(&first));
        drop(first);
        let file = scratch.file("guardian_starcourt_demo");
        assert_eq!(lock(&scratch, "starcourt", &[4]).leftovers().unwrap().orders.len(), 1);
        spoil(&file);
        let next = lock(&scratch, "starcourt", &[4]);
        let left = next.leftovers().unwrap();
        assert!(left.orders.is_empty(), "{what}");
        next.forget(&left);
        assert!(fs::symlink_metadata(&file).is_ok(), "{what}: it is not ours to delete");
    }
}

#[test]
fn a_pipe_or_a_folder_in_the_place_of_a_guardians_file_is_passed_over() {
    for make in ["mkfifo", "mkdir"] {
        let scratch = Scratch::new();
        scratch.dir();
        assert!(Command::new(make).arg(scratch.file("guardian_starcourt_demo")).status().unwrap().success());
        let (next, took) = taken(&scratch, "starcourt", &[4]);
        assert!(took < WAIT && !next.leftovers().unwrap().is_unsafe, "{make}");
    }
}

#[test]
fn each_guardian_has_a_file_of_its_own_and_what_was_there_is_not_written_to() {
    let scratch = Scratch::new();
    let precious = scratch.path().with_extension("precious");
    fs::write(&precious, "precious").unwrap();
    let lock = lock(&scratch, "starcourt", &[17]);
    for plant in [
        |from: &PathBuf, to: &PathBuf| symlink(from, to).unwrap(),
        |from: &PathBuf, to: &PathBuf| {
            fs::hard_link(from, to).unwrap();
        },
    ] {
        let _ = fs::remove_file(file_of(&scratch));
        plant(&precious, &file_of(&scratch));
        let file = lock.guardian_file(Pid::own(), ORDERS).unwrap();
        assert!(!lock.has_in_place(file.id().unwrap()));
        file.put_in_place().unwrap();
        assert!(lock.has_in_place(file.id().unwrap()));
        assert_eq!(fs::read(&precious).unwrap(), b"precious");
        let metadata = fs::symlink_metadata(file_of(&scratch)).unwrap();
        assert_eq!((metadata.is_file(), metadata.permissions().mode() & 0o777), (true, 0o640));
        fs::remove_file(file_of(&scratch)).unwrap();
        assert!(!lock.has_in_place(file.id().unwrap()));
    }
    let left: Vec<_> =
        fs::read_dir(scratch.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["starcourt.lock"]);
}

/// The guardian of an instance that has died, which comes late.
fn late(scratch: &Scratch) -> GuardianLock {
    let first = lock(scratch, "starcourt", &[17, 18]);
    let file = first.guardian_file(Pid::own(), ORDERS).expect("our own directory");
    let shared = file.share().map(|shared| shared.try_clone_to_owned().expect("room for a copy"));
    // Somebody who is nobody here.
    GuardianLock::of(Pid::new(4_194_000), shared).expect("what a guardian has")
}

#[test]
fn a_guardian_that_comes_late_sees_whose_the_lines_are_by_then() {
    let scratch = Scratch::new();
    let guardian_lock = late(&scratch);
    let are_anothers =
        || guardian_lock.while_no_launch(|is_anothers| [17, 18].map(|bcm| is_anothers(line(bcm))));
    assert_eq!(are_anothers(), [false, false]);
    let next = scratch.holder_of_lines("starcourt_mall", "18");
    assert_eq!(are_anothers(), [false, true]);
    next.dies();
    assert_eq!(are_anothers(), [false, false]);
    let _next = scratch.holder_of_lines("starcourt", "17 18");
    assert_eq!(are_anothers(), [true, true]);
}

/// Whoever may read the directory can mark it: no lamp stays on for that.
#[test]
fn a_mark_that_anybody_can_make_keeps_no_line_from_being_made_safe() {
    let scratch = Scratch::new();
    let guardian_lock = late(&scratch);
    let directory = File::open(scratch.path()).unwrap();
    for pid in [1, std::process::id()] {
        lock_shared(&directory, 17 << 22 | u64::from(pid), 1);
    }
    let reader = File::open(scratch.file("starcourt")).unwrap();
    lock_shared(&reader, 0, 0);
    assert!(!guardian_lock.while_no_launch(|is_anothers| is_anothers(line(17))));
}

#[test]
fn a_guardian_does_not_wait_for_who_stands_in_the_door() {
    let scratch = Scratch::new();
    let guardian_lock = late(&scratch);
    let directory = File::open(scratch.path()).unwrap();
    // SAFETY: an open descriptor.
    assert_eq!(unsafe { libc::flock(directory.as_raw_fd(), libc::LOCK_EX) }, 0);
    let start = Instant::now();
    guardian_lock.while_no_launch(|_| ());
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
}

#[test]
fn lines_of_another_instance_are_told_apart_in_the_door() {
    let scratch = Scratch::new();
    let demo = lock(&scratch, "starcourt_demo", &[17]);
    let mall = lock(&scratch, "starcourt_mall", &[18]);
    let others = demo.while_no_launch(|is_anothers| [4, 17, 18].map(|bcm| is_anothers(line(bcm)))).unwrap();
    assert_eq!(others, [false, false, true]);
    drop(mall);
    let others = demo.while_no_launch(|is_anothers| is_anothers(line(18))).unwrap();
    assert!(!others);
}
