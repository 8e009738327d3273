//! What systemd hears, through a socket in its place. Who speaks runs in a process of its own, this test once
//! more: systemd's address stands in the environment, which tests in one process share.

use std::env;
use std::io::ErrorKind;
use std::os::unix::net::UnixDatagram;
use std::process::{Command, Stdio};
use std::time::Duration;

use starcourt::service::notify::Notifier;

/// Set for the process that speaks.
const SPEAKS: &str = "STARCOURT_TEST_SPEAKS";

/// What systemd hears of a service with this watchdog, while `says` is done by the test of this name.
fn heard(name: &str, watchdog_usec: Option<&str>) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notify");
    let systemd = UnixDatagram::bind(&path).unwrap();
    let mut service = Command::new(env::current_exe().unwrap());
    service.args(["--exact", name]).env(SPEAKS, "1").env("NOTIFY_SOCKET", &path);
    service.env_remove("WATCHDOG_PID").env_remove("WATCHDOG_USEC");
    if let Some(usec) = watchdog_usec {
        service.env("WATCHDOG_USEC", usec);
    }
    let output = service.stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    systemd.set_nonblocking(true).unwrap();
    let mut messages = Vec::new();
    let mut bytes = [0; 4096];
    loop {
        match systemd.recv(&mut bytes) {
            Ok(count) => messages.push(String::from_utf8_lossy(&bytes[..count]).trim_end().to_owned()),
            Err(error) if error.kind() == ErrorKind::WouldBlock => return messages,
            Err(error) => panic!("{error}"),
        }
    }
}

fn speaks() -> bool {
    env::var_os(SPEAKS).is_some()
}

#[test]
fn systemd_hears_that_it_is_up_lives_and_ends_and_each_status_once() {
    if speaks() {
        let mut notify = Notifier::from_environment();
        assert_eq!(notify.interval(), Some(Duration::from_secs(5)));
        notify.ready().unwrap();
        for text in ["waits for 17:30", "waits for 17:30", "plays demo\nREADY=0", "waits for 17:30"] {
            notify.status(text).unwrap();
        }
        notify.feed().unwrap();
        notify.stopping().unwrap();
        return;
    }
    let name = "notify::systemd_hears_that_it_is_up_lives_and_ends_and_each_status_once";
    assert_eq!(
        heard(name, Some("10000000")),
        [
            "READY=1",
            "STATUS=waits for 17:30",
            "STATUS=plays demo READY=0",
            "STATUS=waits for 17:30",
            "WATCHDOG=1",
            "STOPPING=1"
        ]
    );
}

#[test]
fn a_service_without_a_watchdog_feeds_none() {
    if speaks() {
        assert_eq!(Notifier::from_environment().interval(), None);
        return;
    }
    assert_eq!(heard("notify::a_service_without_a_watchdog_feeds_none", None), [""; 0]);
}

#[test]
fn without_systemd_nothing_is_told_to_anybody() {
    let mut notify = Notifier::from_environment();
    if env::var_os("NOTIFY_SOCKET").is_none() {
        assert_eq!(notify.interval(), None);
        notify.ready().unwrap();
        notify.status("waits").unwrap();
        notify.feed().unwrap();
        notify.stopping().unwrap();
    }
}
