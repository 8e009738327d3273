//! What a person reads when a lock is refused.

use jiff::civil::date;
use jiff::tz::TimeZone;

use crate::children::name;
use starcourt::lock::{Holder, KnownBy, LockInfo, LockPurpose, LockRequest, PermissionFix, Pid, Refusal};
use starcourt::rig::Line;
use starcourt::time::ShowTime;

fn holder(lock: &str) -> Box<Holder> {
    let started = date(2026, 10, 31).at(20, 15, 3, 0).to_zoned_datetime(TimeZone::system());
    let info = LockInfo {
        started: started.ok().map(|at| at.timestamp()),
        position: Some(ShowTime::from_micros(72_000_000)),
        length: Some(ShowTime::from_micros(180_000_000)),
        ..LockInfo::of_show("starcourt")
    };
    Box::new(Holder {
        // No process has such a number: what is told depends on the holder's.
        pid: Pid::new(4_999_999),
        name: Some(name(lock)),
        path: format!("/run/starcourt/{lock}.lock").into(),
        known_by: KnownBy::File,
        info,
    })
}

fn check(refusal: Refusal, told: &str) {
    assert_eq!(refusal.to_string(), told);
}

/// By who wants to play `demo`.
fn wanted() -> LockRequest {
    let words = "play demo".to_owned();
    LockRequest {
        purpose: LockPurpose::Show { here: words.clone(), there: Some(words) },
        machine: String::new(),
    }
}

#[test]
fn a_second_launch_reads_who_plays_and_what_to_do() {
    let refusal = Refusal::Held { wanted: name("starcourt"), holder: holder("starcourt") };
    assert_eq!(
        refusal.told(&wanted()),
        r#"Another instance is already running (PID: 4999999): show "starcourt" since 20:15:03, 1:12 of 3:00
  lock: /run/starcourt/starcourt.lock (never delete it, it frees itself)
  starcourt status                 who plays, and where the show is
  starcourt stop                   end the show
  starcourt play demo --wait       wait until it has ended
  starcourt play demo --interrupt  have it play this show now, then go on
  starcourt play demo --takeover   end it, then play
  starcourt off                    end it, every light to its safe level"#,
    );
    check(
        refusal,
        r#"Another instance is already running (PID: 4999999): show "starcourt" since 20:15:03, 1:12 of 3:00
  lock: /run/starcourt/starcourt.lock (never delete it, it frees itself)
  starcourt status  who plays, and where the show is
  starcourt stop    end the show
  starcourt off     end it, every light to its safe level"#,
    );
}

#[test]
fn who_plays_other_lines_is_not_asked_to_play_the_show() {
    let output = Line::new(17).expect("a line").into();
    for (refusal, is_offered) in [
        (Refusal::OutputClaimed { output, holder: holder("starcourt_mall") }, false),
        (Refusal::Held { wanted: name("starcourt"), holder: holder("starcourt_mall") }, false),
        (Refusal::Held { wanted: name("starcourt_demo"), holder: holder("starcourt_demo") }, true),
        (Refusal::Held { wanted: name("starcourt_demo"), holder: holder("starcourt") }, true),
    ] {
        let told = refusal.told(&wanted());
        assert_eq!(told.contains("--interrupt"), is_offered, "{told}");
        assert!(told.contains("starcourt play demo --wait"), "{told}");
    }
}

#[test]
fn the_commands_name_the_lock_directory_where_it_is_another() {
    let mut holder = holder("starcourt");
    holder.path = "/tmp/my lock/starcourt.lock".into();
    let told = Refusal::Held { wanted: name("starcourt"), holder }.told(&wanted());
    let commands: Vec<_> = told.lines().filter(|line| line.starts_with("  starcourt ")).collect();
    assert_eq!(commands.len(), 6, "{told}");
    for command in commands {
        assert!(command.contains(" --lock-dir '/tmp/my lock'  "), "{command}");
    }
}

#[test]
fn the_first_line_tells_as_much_as_is_known() {
    let first = |lock: &str, wanted: &str, info: Option<LockInfo>| {
        let mut holder = holder(lock);
        holder.info = info.unwrap_or(holder.info);
        let told = Refusal::Held { wanted: name(wanted), holder }.to_string();
        told.lines().next().unwrap_or_default().to_owned()
    };
    assert_eq!(
        first("starcourt_demo", "starcourt_demo", None),
        "Show 'demo' is already running (PID: 4999999): since 20:15:03, 1:12 of 3:00"
    );
    assert_eq!(
        first("starcourt", "starcourt_demo", Some(LockInfo::default())),
        "Another instance is already running (PID: 4999999)"
    );
    let service = LockInfo { service: true, ..holder("starcourt").info };
    assert_eq!(
        first("starcourt", "starcourt", Some(service)),
        "Another instance is already running (PID: 4999999): the service, show \"starcourt\" since 20:15:03, 1:12 of 3:00"
    );
    let idle = LockInfo { service: true, show: None, ..holder("starcourt").info };
    assert_eq!(
        first("starcourt", "starcourt", Some(idle)),
        "Another instance is already running (PID: 4999999): the service, which plays nothing now"
    );
}

#[test]
fn a_claimed_line_is_named_with_who_has_it() {
    let output = Line::new(17).expect("a line").into();
    let told = Refusal::OutputClaimed { output, holder: holder("starcourt_demo") }.to_string();
    assert!(told.starts_with(
        "GPIO 17 is in use by another instance (PID: 4999999): show \"starcourt\" since 20:15:03, 1:12 of 3:00\n"
    ));
}

#[test]
fn a_missing_permission_comes_with_the_command_that_mends_it() {
    for (path, mend, told) in [
        (
            "/run/starcourt",
            PermissionFix::MakeShared("/run/starcourt".into()),
            "not permitted to use /run/starcourt\n  run: sudo install -d -m 2775 -g gpio /run/starcourt",
        ),
        (
            "/srv/my lights",
            PermissionFix::MakeOwn("/srv/my lights".into()),
            "not permitted to use /srv/my lights\n  run: sudo install -d -o \"$USER\" '/srv/my lights'",
        ),
        (
            "/run/starcourt/starcourt.lock",
            PermissionFix::JoinGpio,
            "not permitted to use /run/starcourt/starcourt.lock\n  \
             run: sudo usermod -aG gpio \"$USER\"   (then log in again)",
        ),
    ] {
        check(Refusal::NotPermitted { path: path.into(), mend }, told);
    }
}

#[test]
fn a_read_only_disk_is_told_as_that_and_no_right_is_asked_for() {
    let told = Refusal::ReadOnly { path: "/media/card/lock".into() }.to_string();
    assert!(told.starts_with("/media/card/lock cannot be used: its disk is read-only\n"), "{told}");
    assert!(told.contains("--lock-dir /run/starcourt") && !told.contains("sudo"), "{told}");
}
