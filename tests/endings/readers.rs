//! What becomes of a show when nobody reads its standard output any more.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

use crate::common::setup::{LIT, Setup};

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
