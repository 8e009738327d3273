//! Keys of the service's own terminal, which stand for buttons.

use std::process::Stdio;

use crate::common::terminal::Terminal;
use crate::theatre::{GONG, MALL, SAFE, Theatre};
use crate::venue::{child, until};

#[test]
fn a_key_of_the_terminal_stands_for_a_button() {
    let theatre = Theatre::new("[schedule]\nday = { play = \"mall\" }\n");
    let (mut terminal, far_end) = Terminal::open();
    let end = || Stdio::from(far_end.try_clone().unwrap());
    let mut command = theatre.service();
    command.env("TERM", "xterm-256color").stdin(end()).stdout(end()).stderr(end());
    let mut service = child::spawn(command).unwrap();
    theatre.comes_to_show(MALL);
    terminal.types("1");
    until("rung", || {
        terminal.listen();
        theatre.lines() == GONG
    });
    theatre.tell("next").with(0, &["ends gong"]);
    until("back", || {
        terminal.listen();
        theatre.lines() == MALL
    });
    terminal.types("q");
    until("over", || {
        terminal.listen();
        service.try_wait().unwrap().is_some()
    });
    assert_eq!(theatre.lines(), SAFE);
}
