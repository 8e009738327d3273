//! The program in Python on the page of the protocol runs, and prints what the page says.

use std::process::Command;

use rustix::process::Signal;

use super::common::blocks;
use super::common::setup::Setup;
use super::document;

#[test]
fn the_program_in_python_prints_what_the_page_says() {
    let page = document("docs/protocol.md");
    let setup = Setup::lit();
    setup.write_show("bell", "title Bell\nlength 0:00.050\n0:00 neon on\n");
    let mut launch = setup.play();

    let socket = setup.path("lock").join("starcourt.sock");
    let program =
        blocks(&page, "python")[0].replace("/run/starcourt/starcourt.sock", socket.to_str().unwrap());
    let output = Command::new("python3").arg("-c").arg(program).output().expect("python3 is installed");
    launch.goes_safe_on_signal(Signal::TERM);
    launch.ends_with(0);

    // How many edges there were is the show's affair.
    let without_edges = |text: &str| text.split("; the lights").next().unwrap().trim().to_owned();
    let printed = String::from_utf8(output.stdout).unwrap();
    assert_eq!(without_edges(&printed), without_edges(blocks(&page, "text")[0]), "{:?}", output.stderr);
}
