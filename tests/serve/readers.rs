//! Readers that do not read: whatever becomes of what the service says, it hears and obeys.

use std::fs::{File, OpenOptions};
use std::io::{PipeWriter, Read, Write, pipe};
use std::os::unix::net::UnixDatagram;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::process::Signal;

use crate::common::launch::{Launch, until};
use crate::setup::{GONG, MALL, SAFE, Setup};

/// On a machine under load; without a reader it would be for ever.
const PROMPT: Duration = Duration::from_secs(5);

/// Not one byte more goes in.
fn fill(pipe: &PipeWriter) {
    let flags = fcntl_getfl(pipe).unwrap();
    fcntl_setfl(pipe, flags | OFlags::NONBLOCK).unwrap();
    for size in [4096, 1] {
        while (&mut &*pipe).write(&vec![b'x'; size]).is_ok() {}
    }
    fcntl_setfl(pipe, flags).unwrap();
}

/// Both streams of a service with this schedule lead into a full pipe.
fn unread(schedule: &str) -> (Setup, Launch, std::io::PipeReader) {
    let setup = Setup::new(schedule);
    let (reader, writer) = pipe().unwrap();
    fill(&writer);
    let mut command = setup.service();
    command.stdout(writer.try_clone().unwrap()).stderr(writer);
    (setup, served(command), reader)
}

fn served(command: Command) -> Launch {
    Launch::unread(command)
}

/// Orders are carried out, and SIGTERM ends the service with every line safe, all of it at once.
#[track_caller]
fn obeys(setup: &Setup, service: Launch) {
    let start = Instant::now();
    setup.tell("blackout on").with(0, &[]);
    setup.comes_to_show(SAFE);
    setup.tell("blackout off").with(0, &[]);
    setup.comes_to_show(MALL);
    let _gong = setup.play("gong --interrupt");
    setup.comes_to_show(GONG);
    setup.tell("stop").with(0, &["ends gong"]);
    setup.comes_to_show(SAFE);
    service.ends_on(Signal::TERM).with(0, &[]);
    assert!(start.elapsed() < PROMPT * 2, "it took {:?}", start.elapsed());
    setup.assert_safe_and_free();
}

const ALWAYS: &str = "[schedule]\nday = { play = \"mall\" }\n";

#[test]
fn a_journal_that_does_not_read_holds_up_neither_orders_nor_the_end() {
    let (setup, service, _reader) = unread(ALWAYS);
    setup.comes_to_show(MALL);
    std::fs::remove_file(setup.folder.path("lock/starcourt.lock")).unwrap();
    until("mended", || setup.folder.path("lock/starcourt.lock").exists());
    obeys(&setup, service);
}

#[cfg(debug_assertions)]
#[test]
fn a_service_that_falls_over_ends_though_nobody_reads_why() {
    let setup = Setup::new(ALWAYS);
    let (_reader, writer) = pipe().unwrap();
    fill(&writer);
    let mut command = setup.service();
    command.stdout(writer.try_clone().unwrap()).stderr(writer);
    command.env("STARCOURT_FAULT", "performance after 1500 ms");
    served(command).end().with(1, &[]);
    setup.assert_safe_and_free();
}

#[test]
fn commands_that_talk_without_end_to_a_journal_that_does_not_read_hold_up_nobody() {
    let schedule = format!("{ALWAYS}[on]\nstart = \"yes | head -c 1000000\"\n");
    let (setup, service, _reader) = unread(&schedule);
    setup.comes_to_show(MALL);
    obeys(&setup, service);
}

#[test]
fn a_journal_that_reads_again_is_told_how_many_lines_it_missed() {
    // Four thousand bytes each time, four times a show.
    let talk = "for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do printf %0199d 0; echo; done";
    let schedule = format!(
        "[schedule]\nday = {{ play = \"ding\" }}\n[commands]\nbefore = {{ run = \"{talk}\" }}\n\
         after = {{ run = \"{talk}\" }}\n[on]\nstart = {{ run = \"{talk}\" }}\nend = \"{talk}; echo . >>plays\"\n"
    );
    let (setup, service, mut reader) = unread(&schedule);
    until("enough said", || setup.folder.text("plays").lines().count() > 6);
    let reading = thread::spawn(move || {
        let mut said = Vec::new();
        let _ = reader.read_to_end(&mut said);
        String::from_utf8_lossy(&said).into_owned()
    });
    // What was lost is told before what comes after it.
    thread::sleep(Duration::from_secs(2));
    service.ends_on(Signal::TERM).with(0, &[]);
    let said = reading.join().unwrap();
    let lost = said.find("lost: nobody read this output").expect("it is told");
    assert!(said[lost..].contains("ding begins"), "{}", &said[lost..]);
    setup.assert_safe_and_free();
}

#[test]
fn a_full_disk_and_closed_streams_are_in_nobodys_way() {
    let setup = Setup::new(ALWAYS);
    let full = || OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut command = setup.service();
    command.stdout(full()).stderr(full());
    let service = served(command);
    setup.comes_to_show(MALL);
    obeys(&setup, service);

    let mut command = Command::new("/bin/sh");
    let inner = setup.service();
    command.args(["-c", "exec \"$@\" >&- 2>&-", "sh"]).arg(inner.get_program()).args(inner.get_args());
    command.current_dir(setup.folder.path("")).stdin(File::open("/dev/null").unwrap());
    for (name, value) in inner.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    let service = served(command);
    setup.comes_to_show(MALL);
    obeys(&setup, service);
}

#[test]
fn a_systemd_that_does_not_listen_holds_up_nobody_and_hears_later_that_it_is_up() {
    let setup = Setup::new(ALWAYS);
    let path = setup.folder.path("notify");
    let systemd = UnixDatagram::bind(&path).unwrap();
    let sender = UnixDatagram::unbound().unwrap();
    sender.set_nonblocking(true).unwrap();
    while sender.send_to(b"full", &path).is_ok() {}
    let mut command = setup.service();
    command.env("NOTIFY_SOCKET", &path).env("WATCHDOG_USEC", "200000");
    let service = Launch::of(command);
    setup.comes_to_show(MALL);
    setup.tell("blackout on").with(0, &[]);
    setup.comes_to_show(SAFE);
    systemd.set_read_timeout(Some(PROMPT)).unwrap();
    let mut heard = [0; 4096];
    let (mut is_ready, mut lives) = (false, false);
    while !(is_ready && lives) {
        let count = systemd.recv(&mut heard).unwrap();
        is_ready |= heard[..count].starts_with(b"READY=1");
        lives |= heard[..count].starts_with(b"WATCHDOG=1");
    }
    setup.ends(service);
}
