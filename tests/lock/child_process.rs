//! What a child process does: takes the lock as it is told, and tells what came of it.

use std::io::Write;
use std::time::{Duration, Instant};

use starcourt::lock::{Claim, Lock, LockDir, LockInfo, Manner, end, probe};
use starcourt::rig::Line;
use starcourt::time::ShowTime;

pub(crate) const TASK: &str = "STARCOURT_LOCK_TASK";
pub(crate) const DIR: &str = "STARCOURT_LOCK_DIR";
pub(crate) const NAME: &str = "STARCOURT_LOCK_NAME";
pub(crate) const LINES: &str = "STARCOURT_LOCK_LINES";
pub(crate) const TURNS: &str = "STARCOURT_LOCK_TURNS";

pub(crate) fn run() {
    match std::env::var(TASK).as_deref() {
        Ok("launch") => launch(hold),
        Ok("publish") => launch(publish),
        Ok("deaf") => launch(hold_deafly),
        Ok("fork") => launch(fork),
        Ok("fork briefly") => launch(fork_briefly),
        Ok("turns") => take_turns(),
        Ok("ask") => ask(),
        Ok("read") => read(),
        Ok("end") => end_holder(),
        Ok(other) => panic!("no task {other}"),
        Err(_) => {}
    }
}

fn told(name: &str) -> String {
    std::env::var(name).unwrap_or_default()
}

fn say(line: &str) {
    println!("@{line}");
    std::io::stdout().flush().expect("the test reads this");
}

/// Until the test gives a line; false when it closed the pipe instead.
fn told_to_go_on() -> bool {
    std::io::stdin().read_line(&mut String::new()).expect("the test's pipe") > 0
}

fn claim() -> Claim {
    let name: starcourt::lock::Name = told(NAME).parse().expect("a lock's name");
    let info = LockInfo::of_show(name.show().unwrap_or("mall"));
    let line = |bcm: &str| Line::new(bcm.parse().expect("a number")).expect("a line").into();
    Claim { name, info, outputs: told(LINES).split_whitespace().map(line).collect() }
}

fn launch(then: fn(Lock)) {
    say("ready");
    told_to_go_on();
    let began = Instant::now();
    match LockDir::open(told(DIR)).and_then(|dir| Lock::acquire(&dir, claim())) {
        Ok(lock) => then(lock),
        Err(refusal) => {
            let pid = refusal.holder().and_then(|holder| holder.pid.number()).unwrap_or(0);
            say(&format!("refused {pid} {} {:?}", began.elapsed().as_micros(), refusal.to_string()));
        }
    }
}

fn hold(lock: Lock) {
    say("won");
    told_to_go_on();
    drop(lock);
}

fn hold_deafly(lock: Lock) {
    // SAFETY: ignoring a signal installs no handler.
    unsafe { libc::signal(libc::SIGTERM, libc::SIG_IGN) };
    hold(lock);
}

/// Forks one child that drops its copy of the lock and one that keeps it; both outlive the lock.
fn fork(lock: Lock) {
    let mut lock = Some(lock);
    let mut children = Vec::new();
    for drops in [true, false] {
        // SAFETY: the child does nothing but free, close and sleep until it is killed.
        match unsafe { libc::fork() } {
            0 => {
                if drops {
                    drop(lock.take());
                }
                loop {
                    std::thread::park();
                }
            }
            child => children.push(child),
        }
    }
    std::thread::sleep(Duration::from_millis(50)); // the first child drops its copy
    hold(lock.take().expect("ours"));
    say("left");
    told_to_go_on();
    for child in children {
        // SAFETY: our own children, not yet waited for.
        unsafe {
            libc::kill(child, libc::SIGKILL);
            libc::waitpid(child, std::ptr::null_mut(), 0);
        }
    }
}

/// Forks a child that is as slow as can be to run a program of its own.
fn fork_briefly(lock: Lock) {
    // SAFETY: the child does nothing but sleep and end.
    if unsafe { libc::fork() } == 0 {
        std::thread::sleep(Duration::from_millis(300));
        // SAFETY: ends the child, and runs nothing of the parent's.
        unsafe { libc::_exit(0) };
    }
    hold(lock);
}

/// Publishes at each signal and tells what that found.
fn publish(mut lock: Lock) {
    say("won");
    let mut position = ShowTime::ZERO;
    while told_to_go_on() {
        position = position + Duration::from_secs(1);
        match lock.publish(position) {
            Ok(upkeep) => say(&format!("{upkeep:?}")),
            Err(refusal) => say(&format!("failed {refusal}")),
        }
    }
}

/// Comes and goes, and notes each time whether anybody else was inside.
fn take_turns() {
    say("ready");
    told_to_go_on();
    let inside = std::path::PathBuf::from(told(DIR)).with_extension("inside");
    for _ in 0..told(TURNS).parse().expect("a number") {
        let dir = LockDir::open(told(DIR)).expect("the lock directory");
        let lock = loop {
            match Lock::acquire(&dir, claim()) {
                Err(refusal) if refusal.may_pass() => std::thread::sleep(Duration::from_micros(300)),
                outcome => break outcome.expect("only another instance is in the way"),
            }
        };
        let alone = std::fs::File::create_new(&inside).is_ok();
        std::thread::sleep(Duration::from_micros(200));
        if !alone {
            return say("met another");
        }
        std::fs::remove_file(&inside).expect("our own note");
        drop(lock);
    }
    say("always alone");
}

fn ask() {
    say("ready");
    told_to_go_on();
    match probe(told(DIR), &claim().name) {
        Ok(Some(holder)) => {
            let show = holder.info.show.unwrap_or_default();
            say(format!("held by {} {:?} {show}", holder.pid, holder.known_by).trim_end());
        }
        Ok(None) => say("free"),
        Err(refusal) => say(&format!("failed {refusal}")),
    }
}

/// Locks the file as whoever may read it can, in its own name.
fn read() {
    say("ready");
    told_to_go_on();
    let dir = LockDir::open(told(DIR)).expect("the lock directory");
    let file = std::fs::File::open(dir.lock_path(&claim().name)).expect("anybody may read it");
    let mut lock = libc::flock {
        l_type: libc::F_RDLCK as libc::c_short,
        l_whence: libc::SEEK_SET as libc::c_short,
        l_start: 0,
        l_len: 0,
        l_pid: 0,
    };
    // SAFETY: an open descriptor, and a lock description that is valid.
    let outcome =
        unsafe { libc::fcntl(std::os::fd::AsRawFd::as_raw_fd(&file), libc::F_SETLK, &raw mut lock) };
    say(&format!("locked {outcome}"));
    told_to_go_on();
}

fn end_holder() {
    say("ready");
    told_to_go_on();
    let holder = probe(told(DIR), &claim().name).expect("readable").expect("held");
    let dir = LockDir::open(told(DIR)).expect("readable");
    match end(&dir, &holder, Manner::default(), &|| false, &mut |_| {}) {
        Ok(ended) => say(&format!("{ended:?}")),
        Err(error) => say(&error.to_string()),
    }
}
