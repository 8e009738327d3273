//! An instance that lives and does not move: stopped, or with a timing thread that hangs.

use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::common::setup::{LIT, Setup};
use crate::common::show_launch::ShowLaunch;
use crate::guardian_process::GuardianProcess;

/// Longer than any guardian has patience.
const LONG: Duration = Duration::from_secs(3);
const A_WHILE: Duration = Duration::from_millis(500);

const STOOD_STILL: &str = "the lights stood still for 2 s: their guardian has made them safe";
const GO_ON: &str = "the lights go on";

fn stops(launch: &mut ShowLaunch<'_>) {
    let began = Instant::now();
    launch.signal(Signal::STOP);
    launch.goes_safe_on("SIGSTOP", |_| ());
    assert!(began.elapsed() > Duration::from_secs(1), "a stutter is no standstill");
}

#[test]
fn a_stopped_show_is_made_safe_and_goes_on_when_it_is_continued() {
    let setup = Setup::lit();
    let mut launch = setup.play();
    for _ in 0..2 {
        stops(&mut launch);
        launch.stays(A_WHILE, "safe", |launch| launch.setup.is_safe());
        launch.signal(Signal::CONT);
        launch.until("lit again", |launch| launch.setup.is_lit());
        launch.stays(A_WHILE, "lit", |launch| launch.setup.is_lit());
    }
    launch.goes_safe_on_signal(Signal::TERM);
    let said = launch.ends_with(0);
    assert_eq!((said.matches(STOOD_STILL).count(), said.matches(GO_ON).count()), (2, 2), "{said}");
}

#[test]
fn a_guardian_that_once_had_the_lines_leaves_them_alone_in_a_new_lock_directory() {
    let setup = Setup::lit();
    let mut launch = setup.play();
    stops(&mut launch);
    launch.signal(Signal::CONT);
    launch.until("lit again", |launch| launch.setup.is_lit());
    let guardian = GuardianProcess::of(&launch);
    // In the middle of the show it gets another file.
    std::fs::rename(setup.path("lock"), setup.path("old lock")).unwrap();
    launch.until("guarded there", |launch| GuardianProcess::named_on(launch.setup) == Some(guardian));
    launch.stays(A_WHILE, "lit", |launch| launch.setup.is_lit());
    launch.goes_safe_on_signal(Signal::TERM);
    launch.ends_with(0);
}

#[test]
fn a_stopped_show_that_is_killed_stays_safe() {
    let setup = Setup::lit();
    let mut launch = setup.play();
    stops(&mut launch);
    launch.signal(Signal::KILL);
    assert_eq!(launch.code(), 128 + libc::SIGKILL);
    setup.assert_safe_and_free();
}

#[test]
fn a_stopped_show_that_is_taken_over_hands_its_lights_on() {
    let setup = Setup::lit();
    let mut stopped = setup.play();
    stops(&mut stopped);
    let mut command = setup.command();
    command.arg("--takeover");
    let mut next = setup.launch(command);
    next.until("lit", |next| next.setup.is_lit());
    next.stays(A_WHILE, "lit", |next| next.setup.is_lit());
    assert_eq!(stopped.code(), 128 + libc::SIGKILL);
    next.goes_safe_on_signal(Signal::TERM);
    next.ends_with(0);
}

#[test]
fn a_show_that_ctrl_z_has_stopped_is_no_standstill() {
    let setup = Setup::lit();
    let mut launch = setup.play();
    launch.goes_safe_on_signal(Signal::TSTP);
    launch.until("stopped", |launch| launch.is_stopped());
    launch.stays(LONG, "safe", |launch| launch.setup.is_safe());
    launch.signal(Signal::CONT);
    launch.until("lit again", |launch| launch.setup.is_lit());
    launch.goes_safe_on_signal(Signal::TERM);
    let said = launch.ends_with(0);
    assert!(!said.contains(STOOD_STILL), "{said}");
}

#[test]
fn a_guardian_that_was_itself_stopped_raises_no_alarm() {
    let setup = Setup::lit();
    let mut launch = setup.play();
    let guardian = GuardianProcess::of(&launch);
    // Its instance sets it going again at once; so it is both that stand still, and go on together.
    launch.signal(Signal::STOP);
    let _stuck = guardian.stops(&mut launch);
    launch.stays(LONG, "lit", |launch| launch.setup.is_lit());
    launch.signal(Signal::CONT);
    launch.until("a guardian that runs", |_| guardian.state() != Some('T'));
    launch.stays(A_WHILE, "lit", |launch| launch.setup.is_lit());
    launch.goes_safe_on_signal(Signal::TERM);
    let said = launch.ends_with(0);
    assert!(!said.contains(STOOD_STILL), "{said}");
}

/// The debug build stands still on request.
#[cfg(debug_assertions)]
#[test]
fn a_timing_thread_that_hangs_is_noticed_and_comes_back() {
    let setup = Setup::lit();
    let mut command = setup.command();
    command.env("STARCOURT_FAULT", "lights after 1000 ms for 4000 ms");
    let mut launch = setup.launch(command).once_lit();
    launch.goes_safe_on("a timing thread that hangs", |_| ());
    launch.says(STOOD_STILL);
    launch.until("lit again", |launch| launch.setup.is_lit());
    launch.says(GO_ON);
    launch.stays(A_WHILE, "lit", |launch| launch.setup.is_lit());
    launch.goes_safe_on_signal(Signal::TERM);
    launch.ends_with(0);
}

#[cfg(debug_assertions)]
#[test]
fn a_show_on_the_stage_tells_of_a_timing_thread_that_hung() {
    let setup = Setup::lit();
    let mut command = setup.command_by(crate::common::setup::ALONE);
    command.env("STARCOURT_FAULT", "lights after 1000 ms for 3000 ms");
    let mut launch = setup.launch_in_terminal(command).once_lit();
    launch.says("and were made safe meanwhile");
    launch.until("lit again", |launch| launch.setup.is_lit());
    launch.terminal().types("q");
    launch.ends_with(0);
}

/// After [`LIT`]: dark until 0:08, then lit again.
const OUT_AT_0_03: &str =
    "0:03  neon, garland, moon  off\n0:03  exit  on\n0:08  neon, garland  on\n0:08  exit  off\n";

/// Stopped while its lights are lit, and continued when the show has them dark, as a stop of 3.5 s does.
fn stops_over_the_end_of_light(launch: &mut ShowLaunch<'_>, meanwhile: impl FnOnce(&ShowLaunch<'_>)) {
    let began = Instant::now();
    thread::sleep(Duration::from_millis(1_000));
    stops(launch);
    meanwhile(launch);
    thread::sleep(Duration::from_millis(4_500).saturating_sub(began.elapsed()));
    launch.signal(Signal::CONT);
}

fn dark_in_between() -> Setup {
    Setup::new("0 ms", "1:00", &format!("{LIT}{OUT_AT_0_03}"))
}

/// Until its next light at 0:08 it stays dark, and then it is lit: it plays on.
#[track_caller]
fn goes_on_in_the_dark(mut launch: ShowLaunch<'_>) {
    launch.stays(A_WHILE, "dark", |launch| launch.setup.is_safe());
    launch.until("lit again", |launch| launch.setup.is_lit());
    launch.goes_safe_on_signal(Signal::TERM);
    let said = launch.ends_with(0);
    assert_eq!(said.matches(STOOD_STILL).count(), 1, "{said}");
}

#[test]
fn lights_that_the_show_has_put_out_in_a_standstill_stay_dark() {
    let setup = dark_in_between();
    let mut launch = setup.play();
    stops_over_the_end_of_light(&mut launch, |_| ());
    goes_on_in_the_dark(launch);
}

#[test]
fn lights_that_went_out_in_a_standstill_stay_dark_in_a_blackout_and_after_it() {
    let setup = dark_in_between();
    let mut launch = setup.play();
    let blackout = |on: &str| setup.order(&["blackout", on]);
    let mut ordered = None;
    // Answered as soon as the show goes on.
    stops_over_the_end_of_light(&mut launch, |_| ordered = Some(blackout("on").spawn().unwrap()));
    assert!(ordered.unwrap().wait().unwrap().success());
    launch.stays(A_WHILE, "dark", |launch| launch.setup.is_safe());
    assert!(blackout("off").status().unwrap().success());
    goes_on_in_the_dark(launch);
}

#[test]
fn lights_that_went_out_in_a_standstill_stay_dark_when_ctrl_z_stops_the_show_and_after_it() {
    let setup = dark_in_between();
    let mut launch = setup.play();
    stops_over_the_end_of_light(&mut launch, |_| ());
    launch.says(GO_ON);
    launch.goes_safe_on_signal(Signal::TSTP);
    launch.until("stopped", |launch| launch.is_stopped());
    launch.stays(A_WHILE, "dark", |launch| launch.setup.is_safe());
    launch.signal(Signal::CONT);
    goes_on_in_the_dark(launch);
}
