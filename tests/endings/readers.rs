//! What becomes of a show when nobody reads its standard output any more.

use std::fs::File;
use std::io::{BufRead, BufReader, PipeWriter, Write};
use std::process::Stdio;

use crate::common::setup::{LIT, Setup};
#[cfg(debug_assertions)]
use crate::common::show_launch::ShowLaunch;

#[test]
fn a_show_ends_when_its_reader_leaves() {
    let setup = Setup::fading("20 s");
    let (end, pipe) = std::io::pipe().unwrap();
    let mut command = setup.command();
    command.stdout(pipe);
    let mut launch = setup.launch(command).once_lit();
    let mut reader = BufReader::new(end);
    reader.read_line(&mut String::new()).unwrap();
    launch.goes_safe_on("the reader of a pipe leaves", |_| drop(reader));
    launch.ends_with(0);
}

#[test]
fn a_show_ends_even_when_its_errors_have_no_reader_either() {
    let setup = Setup::lit();
    let (end, pipe) = std::io::pipe().unwrap();
    let mut command = setup.command();
    command.stderr(pipe.try_clone().unwrap()).stdout(pipe);
    let mut launch = setup.launch(command).once_lit();
    launch.goes_safe_on("the reader of both streams leaves", |_| drop(end));
    launch.ends_with(0);
}

#[test]
fn a_show_whose_standard_output_is_a_file_plays_to_its_end() {
    let setup = Setup::new("0 ms", "0:01", LIT);
    let mut command = setup.command();
    command.stdout(File::create(setup.path("told")).unwrap());
    setup.launch(command).once_lit().ends_with(0);
    let told = std::fs::read_to_string(setup.path("told")).unwrap();
    assert!(told.contains("has played to its end"), "{told}");
}

#[test]
fn a_show_without_any_standard_stream_plays_to_its_end() {
    let setup = Setup::new("0 ms", "0:01", LIT);
    let mut command = setup.command_by(&["sh", "-c", "exec \"$@\" <&- >&- 2>&-", "sh"]);
    command.stdin(Stdio::null());
    setup.launch(command).once_lit().ends_with(0);
}

/// Not one byte more goes in.
fn fill(pipe: &PipeWriter) {
    let flags = rustix::fs::fcntl_getfl(pipe).unwrap();
    rustix::fs::fcntl_setfl(pipe, flags | rustix::fs::OFlags::NONBLOCK).unwrap();
    for size in [4_096, 1] {
        while (&mut &*pipe).write(&vec![b'x'; size]).is_ok() {}
    }
    rustix::fs::fcntl_setfl(pipe, flags).unwrap();
}

#[cfg(debug_assertions)]
#[test]
fn a_show_that_fails_ends_though_nobody_reads_why() {
    let setup = Setup::lit();
    let (_reader, pipe) = std::io::pipe().unwrap();
    fill(&pipe);
    let mut launch = ShowLaunch::lit_in_time(|fuse| {
        let mut command = setup.command();
        command.stderr(pipe.try_clone().unwrap()).stdout(pipe.try_clone().unwrap());
        command.env("STARCOURT_FAULT", format!("performance after {} ms", fuse.as_millis()));
        setup.launch(command)
    });
    launch.goes_safe_on("a panic of which nobody reads", |_| ());
    launch.ends_with(1);
}

#[test]
fn a_show_that_cannot_be_read_ends_though_nobody_reads_why() {
    let setup = Setup::lit();
    setup.write_show("porch", &"0:00  nothing of this is a cue\n".repeat(2_000));
    let (_reader, pipe) = std::io::pipe().unwrap();
    fill(&pipe);
    let mut command = setup.command();
    command.stderr(pipe.try_clone().unwrap()).stdout(pipe);
    assert_eq!(setup.launch(command).code(), 65);
}
