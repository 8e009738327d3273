//! Commands around shows: gates, before, after always, and on what happens.

use rustix::process::Signal;

use crate::common::launch::until;
use crate::setup::{DIARY, MALL, SAFE, Setup, count};

const MALL_ALL_DAY: &str = "[schedule]\nday = { play = \"mall\" }\n";

/// With `show` as `[shows]` says, all day.
fn with_show(name: &str, show: &str) -> Setup {
    Setup::new(&format!("[schedule]\nday = {{ play = \"{name}\" }}\n[shows]\n{name} = {show}\n{DIARY}"))
}

#[test]
fn a_show_is_told_of_before_it_begins_when_it_has_ended_and_after_it() {
    let setup = Setup::new(DIARY);
    let service = setup.serve();
    setup.play("ding").end().with(0, &["to its end"]);
    setup.diary_comes_to(|diary| diary.len() == 4);
    let diary = setup.diary();
    assert_eq!(diary[..2], ["before ding", "start ding"]);
    assert_eq!((count(&diary, "after ding"), count(&diary, "end ding")), (1, 1));
    setup.ends(service);
}

#[test]
fn a_gate_blocks_with_its_reason() {
    let setup = with_show("mall", "{ can_run = { run = \"exit 1\", reason = \"it rains\" } }");
    let service = setup.serve();
    setup.diary_comes_to(|diary| !diary.is_empty());
    assert_eq!(setup.diary(), ["blocked mall: it rains"]);
    assert_eq!(setup.lines(), SAFE);
    // A person's order needs no leave.
    let mall = setup.play("mall");
    setup.comes_to_show(MALL);
    drop(mall);
    setup.comes_to_show(SAFE);
    let told = setup.ends(service);
    assert!(told.said.contains("mall is not played: it rains"), "{}", told.said);
}

#[test]
fn a_blocked_show_makes_room_for_the_next_of_its_playlist_at_once() {
    let setup = Setup::new(&format!(
        "[playlists]\nall = [\"mall\", \"ding\"]\n[schedule]\nday = {{ play = \"all\" }}\n\
         [shows]\nmall = {{ can_run = \"false\" }}\n{DIARY}"
    ));
    let service = setup.serve();
    // Within seconds: a minute's rest would outlast the patience of this test.
    setup.diary_comes_to(|diary| count(diary, "end ding") == 2);
    let diary = setup.diary();
    // What is told of one show and what is run for the next go side by side.
    let is_early = |words: &str| diary.iter().take(4).any(|line| line.starts_with(words));
    assert!(is_early("blocked mall: ") && is_early("start ding"), "{diary:#?}");
    assert!(count(&diary, "start mall") == 0, "{diary:#?}");
    setup.ends(service);
}

#[test]
fn a_gate_that_takes_too_long_blocks() {
    let setup = with_show("mall", "{ can_run = { run = \"sleep 30\", timeout = \"100 ms\" } }");
    let service = setup.serve();
    setup.diary_comes_to(|diary| !diary.is_empty());
    assert_eq!(setup.diary(), ["blocked mall: `sleep 30` took longer than 0.1 s"]);
    setup.ends(service);
}

#[test]
fn after_is_run_where_before_has_failed() {
    let setup = with_show("mall", "{ before = \"echo no power; exit 1\" }");
    let service = setup.serve();
    setup.diary_comes_to(|diary| diary.len() >= 3);
    let diary = setup.diary();
    assert_eq!(diary[0], "before mall");
    assert_eq!((count(&diary, "after mall"), count(&diary, "failed mall: no power")), (1, 1));
    assert_eq!(setup.lines(), SAFE);
    setup.ends(service);
}

#[test]
fn after_is_run_where_the_show_is_stopped_and_where_the_service_ends() {
    let setup = Setup::new(&format!("{MALL_ALL_DAY}{DIARY}"));
    let service = setup.serve();
    setup.comes_to_show(MALL);
    setup.tell("stop").with(0, &[]);
    setup.diary_comes_to(|diary| count(diary, "after mall") == 1);
    setup.tell("resume").with(0, &[]);
    setup.comes_to_show(MALL);
    setup.ends(service);
    assert_eq!(count(&setup.diary(), "after mall"), 2);
}

#[test]
fn after_is_run_where_a_terminal_is_lost() {
    let setup = Setup::new(DIARY);
    let service = setup.serve();
    let mall = setup.play("mall");
    setup.comes_to_show(MALL);
    mall.ends_on(Signal::KILL);
    setup.diary_comes_to(|diary| count(diary, "after mall") == 1);
    setup.ends(service);
}

#[test]
fn after_is_run_for_a_show_that_was_interrupted_and_never_came_back() {
    let setup = Setup::new(&format!("{MALL_ALL_DAY}{DIARY}"));
    let service = setup.serve();
    setup.comes_to_show(MALL);
    let gong = setup.play("gong --interrupt");
    setup.comes_to("playing", "gong");
    setup.tell("stop").with(0, &["ends gong at"]);
    gong.end().with(0, &[]);
    setup.diary_comes_to(|diary| count(diary, "after gong") == 1 && count(diary, "after mall") == 1);
    setup.ends(service);
}

#[test]
fn after_is_run_where_the_service_ends_during_an_interrupt() {
    let setup = Setup::new(&format!("{MALL_ALL_DAY}{DIARY}"));
    let service = setup.serve();
    setup.comes_to_show(MALL);
    let gong = setup.play("gong --interrupt");
    setup.comes_to("playing", "gong");
    setup.ends(service);
    gong.end().with(0, &[]);
    let diary = setup.diary();
    assert_eq!((count(&diary, "after gong"), count(&diary, "after mall")), (1, 1), "{diary:#?}");
}

#[test]
fn after_is_run_where_the_show_is_ended_while_before_runs() {
    for stops in [true, false] {
        let setup = with_show("mall", "{ before = \"sleep 30\" }");
        let service = setup.serve();
        setup.diary_comes_to(|diary| count(diary, "before mall") == 1);
        if stops {
            setup.tell("stop").with(0, &[]);
            setup.diary_comes_to(|diary| count(diary, "after mall") == 1);
            setup.comes_to_rest("stopped");
        }
        setup.ends(service);
        assert_eq!(count(&setup.diary(), "after mall"), 1);
    }
}

#[test]
fn after_is_run_where_the_show_cannot_begin() {
    let setup = Setup::new(&format!("[schedule]\nday = {{ play = \"song\" }}\n{DIARY}"));
    setup.folder.write(
        "rig.toml",
        "[audio]\ndevice = \"hw:CARD=Nowhere\"\nrequired = true\n[channels]\n\
         neon = { pin = 4, kind = \"ssr\", active = \"low\" }\ngarland = { pin = 17, kind = \"ssr\" }\n\
         exit = { pin = 20, kind = \"ssr\", safe = \"100 %\" }\n",
    );
    let chirp = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/sounds/chirp.ogg");
    std::fs::copy(chirp, setup.folder.path("shows/chirp.ogg")).unwrap();
    setup.folder.write("shows/song.show", "audio chirp.ogg\n0:00  garland  on\n");
    let service = setup.serve();
    setup.diary_comes_to(|diary| {
        count(diary, "after song") == 1 && diary.iter().any(|line| line.starts_with("failed song: "))
    });
    // What fails is not tried again at once.
    assert_eq!(count(&setup.diary(), "before song"), 1);
    setup.ends(service);
}

#[test]
fn a_command_that_does_not_listen_holds_up_no_stop_and_what_comes_after_it_waits_for_its_end() {
    let setup = Setup::new(&format!(
        "[shows]\ngong = {{ before = {{ run = \"echo $$ >deaf; trap '' TERM; while :; do sleep 1; done\", \
         timeout = \"60 s\" }} }}\n{DIARY}"
    ));
    let service = setup.serve();
    let mall = setup.play("mall");
    setup.comes_to_show(MALL);
    let gong = setup.play("gong --interrupt");
    until("deaf", || setup.folder.text("deaf").ends_with('\n'));
    let lives = || std::path::Path::new("/proc").join(setup.folder.text("deaf").trim()).exists();
    setup.tell("stop").with(0, &["ends mall"]);
    setup.comes_to_show(SAFE);
    assert!(lives(), "the lights waited for it");
    mall.end().with(0, &["mall stopped"]);
    gong.end().with(0, &["ended before it began"]);
    setup.diary_comes_to(|diary| {
        let is_after = count(diary, "after gong") == 1;
        assert!(!(is_after && lives()), "{diary:?}");
        is_after
    });
    setup.ends(service);
}
