//! Keys of the service's own terminal, which stand for buttons.

use std::process::Stdio;

use crate::common::terminal::Terminal;
use crate::common::{child, launch::until};
use crate::setup::{GONG, MALL, SAFE, Setup};

#[test]
fn a_key_of_the_terminal_stands_for_a_button() {
    let setup = Setup::new("[schedule]\nday = { play = \"mall\" }\n");
    let (mut terminal, far_end) = Terminal::open();
    let end = || Stdio::from(far_end.try_clone().unwrap());
    let mut command = setup.service();
    command.env("TERM", "xterm-256color").stdin(end()).stdout(end()).stderr(end());
    let mut service = child::spawn(command).unwrap();
    setup.comes_to_show(MALL);
    terminal.types("1");
    until("rung", || {
        terminal.listen();
        setup.lines() == GONG
    });
    setup.tell("next").with(0, &["ends gong"]);
    until("back", || {
        terminal.listen();
        setup.lines() == MALL
    });
    terminal.types("q");
    until("over", || {
        terminal.listen();
        service.try_wait().unwrap().is_some()
    });
    assert_eq!(setup.lines(), SAFE);
}
