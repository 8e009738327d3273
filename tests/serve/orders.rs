//! What the service answers to orders, and what it tells of the shows that come.

use serde_json::json;

use crate::common::frames::fseq;
use crate::common::launch::until;
use crate::common::three_lights::CHANNELS;
use crate::setup::{GONG, MALL, Setup};

#[test]
fn a_show_that_is_ordered_right_after_a_stop_plays_when_the_fade_has_ended() {
    let setup = Setup::new("");
    setup.folder.write("rig.toml", &format!("stop_fade = \"1 s\"\n{CHANNELS}"));
    let service = setup.serve();
    let mall = setup.play("mall");
    setup.comes_to_show(MALL);
    setup.tell("stop").with(0, &["ends mall"]);
    let gong = setup.play("gong");
    mall.end().with(0, &["mall stopped at"]);
    setup.comes_to_show(GONG);
    setup.tell("stop").with(0, &["ends gong"]);
    gong.end().with(0, &["gong stopped at"]);
    setup.ends(service);
}

#[test]
fn an_order_that_needs_a_show_ends_with_3_where_none_plays_and_the_others_are_done() {
    let setup = Setup::new("");
    let service = setup.serve();
    for (order, code) in [
        ("pause", 3),
        ("resume", 3),
        ("next", 3),
        ("stop", 0),
        ("blackout on", 0),
        ("blackout on", 0),
        ("blackout off", 0),
        ("volume 60", 0),
        ("volume 60", 0),
    ] {
        setup.tell(order).with(code, &[]);
    }
    setup.ends(service);
    for order in ["pause", "stop", "volume 60"] {
        setup.tell(order).with(3, &["nothing is playing"]);
    }
}

#[test]
fn a_part_that_is_repeated_is_shown_and_one_that_ends_early_says_so() {
    let setup = Setup::new("");
    let service = setup.serve();
    let mall = setup.play("mall --from 0:01 --to 0:05.500 --loop");
    setup.comes_to_show(MALL);
    assert_eq!(setup.now()["show"]["loop_us"], json!([1_000_000, 5_500_000]));
    setup.tell("status").with(0, &[" of 10:00, repeats 0:01 to 0:05.500\n"]);
    setup.tell("stop").with(0, &[]);
    mall.end().with(0, &[]);
    setup.play("mall --to 0:00.300").end().with(0, &["mall has played to 0:00.300, as `--to` says"]);
    setup.play("ding").end().with(0, &["ding has played to its end"]);
    setup.ends(service);
}

#[test]
fn a_show_that_breaks_is_named_and_what_really_comes_next_is_told() {
    let playlist = "[playlists]\nall = [\"mall\", \"gong\"]\n[schedule]\nday = { play = \"all\" }\n";
    let setup = Setup::new(playlist);
    let service = setup.serve();
    setup.comes_to_show(MALL);
    let next_is = |words: &str| setup.now()["next"].as_str().unwrap_or_default().contains(words);
    until("gong is next", || next_is("gong about"));
    let sound = setup.folder.text("shows/gong.show");
    setup.folder.write("shows/gong.show", "length 10:00\n0:00  noen  on\n");
    let told = setup.tell("reload").with(0, &["show gong cannot be played:"]);
    assert!(told.said.contains("noen"), "{}", told.said);
    until("mall is next", || next_is("mall about"));
    assert!(next_is("; gong cannot be played: `starcourt check gong`"), "{}", setup.now()["next"]);
    setup.folder.write("shows/gong.show", &sound);
    setup.tell("reload").with(0, &["gong has changed, and is read anew"]);
    until("gong is next", || next_is("gong about") && !next_is("cannot"));
    setup.tell("reload").with(0, &["nothing has changed"]);
    // The mistake has its lines in the log, further in than the event.
    let said = setup.ends(service).said;
    assert!(
        said.lines().any(|line| line.trim_start().starts_with("--> ") && line.starts_with("     ")),
        "{said}"
    );
}

#[test]
fn music_frames_and_a_beat_map_that_were_replaced_under_the_same_sheet_are_noticed() {
    let playlist = "[playlists]\nall = [\"mall\", \"gong\"]\n[schedule]\nday = { play = \"all\" }\n";
    let setup = Setup::new(playlist);
    let sound = |name: &str| {
        let sound = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/sounds/chirp.ogg");
        std::fs::copy(sound, setup.folder.path(name)).unwrap();
    };
    sound("shows/gong.ogg");
    setup.folder.write("shows/gong-beats.txt", "0.5\t0.5\t\n1.0\t1.0\t\n1.5\t1.5\t\n");
    let frames =
        |value| std::fs::write(setup.folder.path("shows/gong.fseq"), fseq(&[&[value], &[255]])).unwrap();
    frames(0);
    let head = "audio gong.ogg\nframes gong.fseq\nmap 1 neon\ntempo map gong-beats.txt, 4/4\n";
    setup.folder.write("shows/gong.show", &format!("{head}0:01 neon on\n"));
    let service = setup.serve();
    setup.comes_to_show(MALL);
    setup.tell("reload").with(0, &["nothing has changed"]);
    sound("new.ogg");
    std::fs::rename(setup.folder.path("new.ogg"), setup.folder.path("shows/gong.ogg")).unwrap();
    setup.tell("reload").with(0, &["gong has changed, and is read anew"]);
    setup.folder.write("shows/gong-beats.txt", "0.5\t0.5\t\n1.0\t1.0\t\n");
    setup.tell("reload").with(0, &["gong has changed, and is read anew"]);
    frames(255);
    setup.tell("reload").with(0, &["gong has changed, and is read anew"]);
    std::fs::remove_file(setup.folder.path("shows/gong.ogg")).unwrap();
    setup.tell("reload").with(0, &["show gong cannot be played:", "gong.ogg"]);
    setup.tell("reload").with(0, &["nothing has changed"]);
    setup.ends(service);
}

#[test]
fn who_takes_over_is_told_in_the_log_of_whoever_ends() {
    let setup = Setup::new("");
    let service = setup.serve();
    let gong = setup.play("gong --takeover");
    setup.comes_to("playing", "gong");
    let said = service.end().with(0, &[]).said;
    assert!(said.contains("(`starcourt play gong --takeover"), "{said}");
    let mall = setup.play("mall --takeover");
    setup.comes_to("playing", "mall");
    gong.end().with(0, &["(`starcourt play mall --takeover"]);
    setup.tell("stop").with(0, &[]);
    mall.end().with(0, &[]);
}
