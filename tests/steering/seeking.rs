//! A show that plays goes on somewhere else.

use starcourt::random::Random;

use crate::common::launch::until;
use crate::setup::{SAFE, Setup};

const MINUTES: u64 = 10;

/// Whether neon, the garland and the exit are lit in each of the show's minutes.
const fn lit(minute: u64) -> [bool; 3] {
    [minute.is_multiple_of(2), minute.is_multiple_of(3), minute % 5 != 1]
}

/// The lines of these lights: neon lights on a low one.
fn lines(minute: u64) -> [char; 3] {
    let [neon, garland, exit] = lit(minute);
    [!neon, garland, exit].map(|is_high| if is_high { '1' } else { '0' })
}

fn minutes() -> Setup {
    let cue = |minute: u64| {
        let told = ["neon", "garland", "exit"].into_iter().zip(lit(minute));
        let told = told
            .map(|(name, is_lit)| format!("{minute}:00  {name}  {}\n", if is_lit { "on" } else { "off" }));
        told.collect::<String>()
    };
    let cues: String = (0..MINUTES).map(cue).collect();
    Setup::new("").with_show("minutes", &format!("{MINUTES}:00"), &format!("tempo 60 bpm, 4/4\n{cues}"))
}

#[test]
fn wherever_it_goes_on_the_lights_are_those_of_that_place_also_paused_and_dark() {
    let setup = minutes();
    let show = setup.play("minutes", lines(0));
    let mut dice = Random::new(&[b"minutes"]);
    let (mut is_paused, mut is_dark) = (false, false);
    for _ in 0..40 {
        if dice.below(3) == 0 {
            is_paused = !is_paused;
            setup.tell(if is_paused { "pause" } else { "resume" }).with(0, &["minutes at "]);
        }
        if dice.below(4) == 0 {
            is_dark = !is_dark;
            setup.tell(if is_dark { "blackout on" } else { "blackout off" }).with(0, &["blackout"]);
        }
        let (minute, second) = (dice.below(MINUTES), dice.below(30));
        let bar = (minute * 60 + second) / 4 + 1;
        let beat = (minute * 60 + second) % 4 + 1;
        let place = format!("{bar}.{beat} ({minute}:{second:02})");
        let order =
            if dice.below(2) == 0 { format!("{bar}.{beat}") } else { format!("{minute}:{second:02}") };
        setup.tell(&format!("seek {order}")).with(0, &[&format!("minutes at {place}")]);
        setup.comes_to_show(if is_dark { SAFE } else { lines(minute) });
        let at = (minute * 60 + second) * 1_000_000;
        match is_paused {
            true => assert_eq!(setup.position(), at),
            false => assert!((at..at + 20_000_000).contains(&setup.position()), "{}", setup.position()),
        }
    }
    setup.tell("stop").with(0, &["ends minutes at "]);
    show.end().with(0, &["the lights are safe"]);
}

#[test]
fn steps_go_from_where_the_show_is_and_one_beyond_its_end_ends_it() {
    let setup = minutes();
    let show = setup.play("minutes --from 2:30", lines(2));
    setup.tell("pause").with(0, &["paused minutes at 2:3"]);
    setup.tell("seek 3:10").with(0, &["minutes at 48.3 (3:10)"]);
    setup.tell("seek -2 bars").with(0, &["minutes at 46.3 (3:02)"]);
    setup.tell("seek -2 bars minutes").with(0, &["minutes at 44.3 (2:54)"]);
    setup.tell("seek +10s").with(0, &["minutes at 47.1 (3:04)"]);
    setup.tell("seek +10 s").with(0, &["minutes at 49.3 (3:14)"]);
    setup.tell("seek 3:30 minutes").with(0, &["minutes at 53.3 (3:30)"]);
    setup.tell("seek -9 min").with(0, &["minutes at 38.3 (2:30)"]);
    setup.tell("seek 0:00").with(0, &["minutes at 38.3 (2:30)"]);
    setup.tell("seek 10:01").with(1, &["cannot go to 10:01", "minutes ends at bar 151.1 (10:00.000)"]);
    setup.tell("seek soon").with(2, &["`soon` is not a time", "`84.1`"]);
    setup.tell("seek -1.5 bars").with(2, &["whole numbers", "`-2 bars`"]);
    setup.tell("resume").with(0, &["resumed minutes at 2:30"]);
    setup.tell("seek +9 min").with(0, &["minutes at 151.1 (10:00)"]);
    show.end().with(0, &["has played to its end", "the lights are safe"]);
    until("nobody plays", || setup.lines() == SAFE);
}

#[test]
fn the_part_on_the_stage_repeats_until_the_show_is_to_play_on() {
    let sheet = "tempo 60 bpm, 4/4\n# ---- Verse ----\n0:00  neon  on\n# ---- Chorus ----\n0:02  garland  on\n\
                 0:03  garland  off\n# ---- End ----\n0:04  exit  on\n";
    let setup = Setup::new("").with_show("parts", "10:00", sheet);
    let show = setup.play("parts", ['0', '0', '0']);
    setup.tell("loop").with(0, &["parts repeats nothing", "`starcourt loop on`"]);
    setup.tell("pause").with(0, &["paused parts at 0:0"]);
    setup.tell("seek 3.5s").with(0, &["parts at 1.4 (0:03)"]);
    setup.tell("loop on").with(0, &["parts repeats 0:02 to 0:04"]);
    setup.tell("loop on").with(0, &["parts repeats 0:02 to 0:04 already"]);
    setup.tell("loop").with(0, &["parts repeats 0:02 to 0:04; `starcourt loop off` plays on"]);
    setup.tell("status").with(0, &[", repeats 0:02 to 0:04\n"]);
    assert_eq!(setup.position(), 3_500_000, "it stays where it was paused");
    setup.tell("seek 4.0 s").with(1, &["the part that plays ends at"]);
    setup.tell("seek +90 s").with(0, &["parts at 1.3 (0:02)"]);
    setup.tell("seek 0:00").with(0, &["parts at 1.1 (0:00)"]);
    setup.tell("seek 3.5 s").with(0, &["parts at 1.4 (0:03)"]);
    setup.tell("resume").with(0, &["resumed parts at 0:03"]);
    // Only a second pass lights it again.
    setup.comes_to_show(['0', '0', '0']);
    setup.comes_to_show(['0', '1', '0']);
    setup.comes_to_show(['0', '0', '0']);
    setup.comes_to_show(['0', '1', '0']);
    setup.tell("pause").with(0, &["paused parts at 0:0"]);
    let before = setup.position();
    setup.tell("loop off").with(0, &["parts plays on to 10:00"]);
    assert_eq!(setup.position(), before, "the same place, in whichever pass");
    setup.tell("resume").with(0, &["resumed parts at 0:0"]);
    setup.comes_to_show(['0', '0', '1']);
    setup.tell("loop off").with(0, &["parts repeats nothing"]);
    setup.tell("stop").with(0, &["ends parts at "]);
    show.end().with(0, &["the lights are safe"]);
}
