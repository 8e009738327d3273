//! What systemd hears of the service, through a socket in its place.

use std::os::unix::net::UnixDatagram;
use std::process::Command;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::common::launch::{Launch, PATIENCE, until};
use crate::setup::{MALL, Setup};
use crate::sound_server::{SoundServer, hearing, write_clicks};

/// Its patience, in microseconds; it is fed twice as often.
const WATCHDOG_USEC: &str = "200000";
const STALL: Duration = Duration::from_millis(1_500);

struct Systemd(UnixDatagram);

impl Systemd {
    /// Whom `command` will speak to.
    fn of(setup: &Setup, command: &mut Command) -> Self {
        let path = setup.folder.path("notify");
        let socket = UnixDatagram::bind(&path).unwrap();
        socket.set_read_timeout(Some(PATIENCE)).unwrap();
        command.env("NOTIFY_SOCKET", path).env("WATCHDOG_USEC", WATCHDOG_USEC);
        Self(socket)
    }

    #[track_caller]
    fn hears(&self) -> String {
        let mut bytes = [0; 4_096];
        let count = self.0.recv(&mut bytes).unwrap();
        String::from_utf8_lossy(&bytes[..count]).trim_end().to_owned()
    }

    /// Waits until this was said; what was said before it.
    #[track_caller]
    fn hears_at_last(&self, words: &str) -> Vec<String> {
        let (mut before, start) = (Vec::new(), Instant::now());
        loop {
            assert!(start.elapsed() < PATIENCE, "nothing of {words} in {before:?}");
            match self.hears() {
                said if said.contains(words) => return before,
                said => before.push(said),
            }
        }
    }

    /// The longest that it waited for a sign of life while `span` passed, with how often it heard one.
    fn longest_silence(&self, span: Duration) -> (Duration, usize) {
        let (start, mut last, mut longest, mut fed) = (Instant::now(), Instant::now(), Duration::ZERO, 0);
        while start.elapsed() < span {
            if self.hears() == "WATCHDOG=1" {
                longest = longest.max(last.elapsed());
                last = Instant::now();
                fed += 1;
            }
        }
        (longest, fed)
    }
}

#[test]
fn systemd_hears_that_it_is_up_what_it_does_that_it_lives_and_that_it_ends() {
    let setup = Setup::new("[schedule]\nday = { play = \"mall\" }\n");
    let mut command = setup.service();
    let systemd = Systemd::of(&setup, &mut command);
    let service = Launch::of(command);
    let before = systemd.hears_at_last("READY=1");
    assert!(before.is_empty(), "{before:?}");
    systemd.hears_at_last("STATUS=plays mall at 0:0");
    systemd.hears_at_last("WATCHDOG=1");
    systemd.hears_at_last("WATCHDOG=1");
    setup.ends(service);
    systemd.hears_at_last("STOPPING=1");
}

#[test]
fn lights_that_stand_still_starve_the_watchdog() {
    let setup = Setup::new("[schedule]\nday = { play = \"mall\" }\n");
    let mut command = setup.service();
    command.env("STARCOURT_FAULT", format!("lights after 1500 ms for {} ms", STALL.as_millis()));
    let systemd = Systemd::of(&setup, &mut command);
    let service = setup.launch(command);
    setup.comes_to_show(MALL);
    let (silence, fed) = systemd.longest_silence(STALL * 3);
    assert!(silence > STALL * 3 / 4, "silent for {silence:?} at most");
    assert!(fed > 5, "fed {fed} times");
    service.ends_on(Signal::TERM).with(0, &[]);
}

/// The service with a show whose music is heard, and what it hears it with.
fn with_music() -> (Setup, SoundServer) {
    let setup = Setup::new("[schedule]\nday = { play = \"song\" }\n");
    write_clicks(&setup.folder.path("shows/clicks.wav"), 48_000, 60, &[0]);
    setup.folder.write("shows/song.show", "audio clicks.wav\n0:00  garland  on\n0:00  exit  off\n");
    let server = SoundServer::start(&setup.folder.path(""));
    (setup, server)
}

fn sound_leads(setup: &Setup) -> bool {
    setup.now()["show"]["sound_leads"] == true
}

/// Of what the sound may hold, and of what gives it up.
const HOLD: Duration = Duration::from_secs(3);

#[test]
fn sound_that_hangs_and_is_given_up_keeps_the_watchdog_fed() {
    let (setup, server) = with_music();
    let mut command = setup.service();
    hearing(&mut command, &setup.folder.path(""));
    let systemd = Systemd::of(&setup, &mut command);
    let service = setup.launch(command);
    until("led by the sound card", || sound_leads(&setup));
    server.stalls();
    systemd.longest_silence(Duration::from_millis(100));
    let (silence, fed) = systemd.longest_silence(HOLD * 2);
    assert!(silence < HOLD / 2, "silent for {silence:?} at most");
    assert!(fed > 10, "fed {fed} times");
    assert!(!sound_leads(&setup), "not given up");
    drop(server);
    service.ends_on(Signal::TERM).with(0, &[]);
}

#[cfg(debug_assertions)]
#[test]
fn sound_that_is_dead_starves_the_watchdog() {
    let (setup, server) = with_music();
    let mut command = setup.service();
    hearing(&mut command, &setup.folder.path(""));
    // Whoever would give the card up stands still as well.
    command.env("STARCOURT_FAULT", "sound after 2500 ms for 14000 ms");
    let systemd = Systemd::of(&setup, &mut command);
    let launched = Instant::now();
    let service = setup.launch(command);
    until("led by the sound card", || sound_leads(&setup));
    until("after the fault", || launched.elapsed() > Duration::from_millis(3_000));
    server.stalls();
    let (silence, fed) = systemd.longest_silence(HOLD * 4);
    assert!(silence > HOLD, "silent for {silence:?} at most");
    assert!(fed > 5, "fed {fed} times");
    drop(server);
    service.ends_on(Signal::TERM).with(0, &[]);
}

#[test]
fn a_service_that_waits_for_the_lock_is_ready_and_lives() {
    let setup = Setup::new("");
    let mall = Launch::of(setup.command("play mall --silent --output sim --pins pins"));
    setup.comes_to_show(MALL);
    let mut command = setup.service();
    let systemd = Systemd::of(&setup, &mut command);
    let service = Launch::of(command);
    assert!(systemd.hears_at_last("READY=1").is_empty());
    systemd.hears_at_last("STATUS=waits: Another instance is already running");
    systemd.hears_at_last("WATCHDOG=1");
    systemd.hears_at_last("WATCHDOG=1");
    mall.ends_on(Signal::INT).with(0, &[]);
    systemd.hears_at_last("STATUS=idle");
    systemd.hears_at_last("WATCHDOG=1");
    setup.ends(service);
}
