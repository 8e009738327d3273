//! A hand that goes on deleting the files of the lock directory while shows are killed: the lines end safe all
//! the same, no guardian darkens the next show, and nobody is locked out.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use rustix::process::Signal;

use crate::common::setup::Setup;
use crate::storm::Dice;

const ROUNDS: usize = 15;
const A_WHILE: Duration = Duration::from_millis(100);

/// Deletes what is in `folder`, links it under a second name, and links elsewhere in its place.
fn meddle(folder: &Path, has_ended: &AtomicBool) {
    while !has_ended.load(Ordering::SeqCst) {
        for name in ["starcourt.lock", "guardian_starcourt.lock"] {
            let file = folder.join(name);
            // In between there may be no such file.
            let _ = fs::hard_link(&file, folder.join("second"));
            let _ = fs::remove_file(&file);
            let _ = fs::remove_file(folder.join("second"));
        }
        thread::sleep(Duration::from_millis(3));
    }
}

#[test]
fn shows_that_are_killed_while_a_hand_deletes_their_files_leave_the_lines_safe() {
    let setup = Setup::lit();
    setup.play().goes_safe_on_signal(Signal::TERM);
    let (has_ended, mut dice) = (AtomicBool::new(false), Dice::new());
    let folder = setup.path("lock");
    thread::scope(|scope| {
        scope.spawn(|| meddle(&folder, &has_ended));
        for _ in 0..ROUNDS {
            let mut launch = setup.launch(setup.command());
            launch.until("lit", |launch| launch.setup.is_lit());
            thread::sleep(Duration::from_micros(dice.below(20_000)));
            launch.signal_waiting(Signal::KILL);
            assert_eq!(launch.code(), 128 + libc::SIGKILL);
            launch.until("safe", |launch| launch.setup.is_safe());
            launch.stays(A_WHILE, "safe", |launch| launch.setup.is_safe());
            // As close behind a kill as can be.
            let mut first = setup.launch(setup.command());
            first.until("lit", |launch| launch.setup.is_lit());
            first.signal_waiting(Signal::KILL);
            let mut next = setup.launch(setup.command_by(&[]));
            first.until("gone", |first| first.has_ended());
            if next.has_ended() {
                continue; // refused: it came before the kill had come to pass
            }
            next.until("lit or refused", |next| next.has_ended() || next.setup.is_lit());
            next.signal_waiting(Signal::TERM);
            next.until("over", |next| next.has_ended());
            next.until("safe", |next| next.setup.is_safe());
        }
        has_ended.store(true, Ordering::SeqCst);
    });
    setup.assert_safe_and_free();
}
