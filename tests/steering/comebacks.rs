//! What a show is like that comes back after an interrupt: where it was, as it was, and as dark as it was.

use std::thread;
use std::time::Duration;

use rustix::process::Signal;

use crate::common::launch::{Launch, until};
use crate::setup::{BELL, Edge, GONG, MALL, SAFE, Setup};
use crate::sound_server::{SoundServer, hearing, write_clicks};

/// So often is the show interrupted.
const TIMES: usize = 5;
/// Longer than a sound card plays what it has been given.
const A_WHILE: Duration = Duration::from_millis(300);

/// Has `mall` interrupted time and again, and tells where it was each time that it was back.
#[track_caller]
fn comebacks(setup: &Setup, state: &str) -> Vec<u64> {
    let comeback = |_| {
        setup.launch_interrupt("ding").end().with(0, &["ding has played to its end"]);
        setup.comes_to(state, "mall");
        setup.position()
    };
    (0..TIMES).map(comeback).collect()
}

/// Where in the show something changed for the garland, from the first edge on that lies at `position`.
fn moments_from(position: u64, edges: &[Edge]) -> Vec<u64> {
    let of_garland = edges.iter().filter(|edge| edge.channel == "garland").map(|edge| edge.show_us);
    of_garland.skip_while(|show_us| *show_us != position).collect()
}

#[test]
fn a_paused_show_comes_back_to_the_microsecond_however_often_it_is_interrupted() {
    let setup = Setup::new("");
    let mall = setup.play("mall --trace trace.csv", MALL);
    setup.tell("pause").with(0, &[]);
    let paused = setup.position();
    assert_eq!(comebacks(&setup, "paused"), [paused; TIMES]);
    setup.comes_to_show(MALL);
    setup.tell("resume").with(0, &[]);
    until("further on", || setup.position() > paused);
    setup.ends(mall);
    // Lit when it comes back and dark when it leaves, each time at the moment at which it was paused.
    let moments = moments_from(paused, &setup.trace());
    assert_eq!(moments[..2 * TIMES], [paused; 2 * TIMES]);
}

#[test]
fn a_paused_show_comes_back_after_an_interrupt_within_an_interrupt() {
    let setup = Setup::new("");
    let mall = setup.play("mall", MALL);
    setup.tell("pause").with(0, &[]);
    let mall_is_at = setup.position();
    let gong = setup.interrupt("gong", GONG);
    setup.tell("pause").with(0, &["paused gong"]);
    let gong_is_at = setup.position();
    let bell = setup.interrupt("bell", BELL);
    setup.tell("next").with(0, &["ends bell at"]);
    bell.end().with(0, &[]);
    setup.comes_to("paused", "gong");
    assert_eq!(setup.position(), gong_is_at);
    setup.comes_to_show(GONG);
    setup.tell("next").with(0, &["ends gong at"]);
    gong.end().with(0, &[]);
    setup.comes_to("paused", "mall");
    assert_eq!(setup.position(), mall_is_at);
    setup.comes_to_show(MALL);
    setup.ends(mall);
}

#[track_caller]
fn stays_dark(orders: &[&str], state: &str) {
    let setup = Setup::new("");
    let mall = setup.play("mall --trace trace.csv", MALL);
    for order in orders {
        setup.tell(order).with(0, &[]);
    }
    setup.comes_to_show(SAFE);
    comebacks(&setup, state);
    mall.ends_on(Signal::TERM).with(0, &["the lights are safe"]);
    let edges = setup.trace();
    let lit: Vec<_> = edges.iter().filter(|edge| edge.channel != "exit" && edge.level > 0).collect();
    assert_eq!(lit.len(), 1, "before the blackout, and not once in it: {lit:?}");
}

#[test]
fn in_a_blackout_no_light_flashes_when_a_show_begins_or_comes_back() {
    stays_dark(&["blackout on"], "blackout");
}

#[test]
fn a_paused_show_comes_back_dark_in_a_blackout() {
    stays_dark(&["pause", "blackout on"], "blackout");
}

#[test]
fn a_paused_show_with_music_comes_back_silent_to_the_microsecond() {
    let setup = Setup::new("");
    let folder = setup.folder.path("");
    let every_fifth: Vec<u64> = (0..150).map(|click| click * 200).collect();
    write_clicks(&setup.folder.path("shows/clicks.wav"), 48_000, 30, &every_fifth);
    setup.folder.write("shows/mall.show", "audio clicks.wav\n0:00  garland  on\n0:00  exit  off\n");
    let server = SoundServer::start(&folder);
    let recording = server.record();
    let mut command = setup.command("play mall --output sim --pins pins");
    hearing(&mut command, &folder);
    let mall = Launch::of(command);
    setup.comes_to_show(MALL);
    until("heard", || recording.clicks().len() > 1);
    setup.tell("pause").with(0, &[]);
    let paused = setup.position();
    thread::sleep(A_WHILE);
    let heard = recording.clicks().len();
    assert_eq!(comebacks(&setup, "paused"), [paused; TIMES]);
    thread::sleep(A_WHILE);
    assert_eq!((recording.clicks().len(), setup.position()), (heard, paused), "heard while it was paused");
    setup.tell("resume").with(0, &[]);
    until("heard again", || recording.clicks().len() > heard + 1);
    setup.ends(mall);
}

#[test]
fn a_show_comes_back_as_loud_as_was_last_ordered() {
    let setup = Setup::new("");
    write_clicks(&setup.folder.path("shows/clicks.wav"), 48_000, 30, &[0]);
    setup.folder.write("shows/song.show", "audio clicks.wav\n0:00  garland  on\n");
    let mall = setup.play("mall", MALL);
    let song = Launch::of(setup.command("play song --interrupt --volume 30 --output sim"));
    let is_as_loud_as = |percent: u8| {
        until(&format!("{percent} %"), || {
            let show = &setup.now()["show"];
            show["name"] == "song" && show["volume"] == percent
        });
    };
    is_as_loud_as(30);
    setup.launch_interrupt("ding").end().with(0, &["ding has played to its end"]);
    is_as_loud_as(30);
    setup.tell("volume 50").with(0, &["the volume is now 50 %"]);
    setup.launch_interrupt("ding").end().with(0, &["ding has played to its end"]);
    is_as_loud_as(50);
    let gong = setup.interrupt("gong", GONG);
    setup.tell("volume 60").with(0, &["the volume is now 60 %"]);
    setup.tell("next").with(0, &["ends gong at"]);
    gong.end().with(0, &[]);
    is_as_loud_as(60);
    setup.tell("next").with(0, &["ends song at"]);
    song.end().with(0, &[]);
    setup.ends(mall);
}
