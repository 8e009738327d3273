//! The lines that the journal gets.

use crate::theatre::{MALL, Theatre};

/// What the service says while `ding` plays and a gong cannot be struck.
fn said(journal: Option<&str>) -> String {
    let theatre = Theatre::new("[commands]\nbefore = \"echo the curtain\"\n");
    let mut command = theatre.service();
    if let Some(stream) = journal {
        command.env("JOURNAL_STREAM", stream);
    }
    let service = theatre.launch(command);
    theatre.play("ding").end().with(0, &["to its end"]);
    let _ = std::fs::remove_file(theatre.venue.path("lock/starcourt.lock"));
    crate::venue::until("mended", || service.said().contains("deleted"));
    theatre.ends(service).said
}

#[test]
fn each_event_is_a_line_with_its_weight_where_systemd_reads_it() {
    let said = said(Some("8:1234"));
    for line in ["<6>before: the curtain\n", "<6>ding begins (0:00)\n", "<4>the lock's file had been deleted"]
    {
        assert!(said.contains(line), "no {line:?} in:\n{said}");
    }
    assert!(said.lines().all(|line| line.starts_with("<6>") || line.starts_with("<4>")), "{said}");
}

#[test]
fn without_systemd_the_lines_are_for_people() {
    let said = said(None);
    assert!(said.contains("ding begins"), "{said}");
    assert!(!said.contains("<6>") && !said.contains("<4>"), "{said}");
}

#[test]
fn what_the_last_commands_say_is_heard_when_the_service_ends() {
    let theatre = Theatre::new(
        "[schedule]\nday = { play = \"mall\" }\n\
         [commands]\nafter = \"echo the curtain falls\"\n[on]\nend = \"echo good night\"\n",
    );
    let service = theatre.serve();
    theatre.comes_to_show(MALL);
    let said = theatre.ends(service).said;
    for line in ["the curtain falls", "good night"] {
        assert!(said.contains(line), "no {line:?} in:\n{said}");
    }
}
