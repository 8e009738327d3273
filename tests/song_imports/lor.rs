//! Sequences of Light-O-Rama, made here: the levels of the lights are those that the effects say, computed in this file.

use std::fmt::Write;

use starcourt::import::ImportedTempo;
use starcourt::rig::ChannelId;
use starcourt::time::ShowTime;

use crate::dice::Dice;
use crate::rigs::{rig, usual, without_limits};
use crate::shown::{Shown, imported, shown};

/// Microseconds between two steps of a fade, at most.
const FADE_STEP: u64 = 5_000;

/// An effect in hundredths of a second and per cent.
#[derive(Clone, Copy, Debug)]
struct Effect {
    kind: &'static str,
    from: u64,
    to: u64,
    start: u64,
    end: u64,
}

impl Effect {
    /// In hundredths of a per cent, `micros` into the show.
    fn level_at(&self, micros: u64) -> f64 {
        let full = if self.kind == "DMX intensity" { 255.0 } else { 100.0 };
        let passed = (micros - self.from * 10_000) as f64 / ((self.to - self.from) * 10_000) as f64;
        let (start, end) = (self.start as f64 / full, self.end as f64 / full);
        (start + (end - start) * passed) * 10_000.0
    }

    fn xml(&self) -> String {
        let Self { kind, from, to, start, end } = self;
        let level = match start == end {
            true => format!("intensity=\"{start}\""),
            false => format!("startIntensity=\"{start}\" endIntensity=\"{end}\""),
        };
        format!("<effect type=\"{kind}\" startCentisecond=\"{from}\" endCentisecond=\"{to}\" {level}/>")
    }
}

fn intensity(from: u64, to: u64, start: u64, end: u64) -> Effect {
    Effect { kind: "intensity", from, to, start, end }
}

/// A sequence with these channels, and `rest` behind them.
fn sequence(channels: &[Vec<Effect>], rest: &str) -> String {
    let mut text = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\n\
        <sequence saveFileVersion=\"14\" musicFilename=\"C:\\Songs\\carol.mp3\">\n<channels>\n"
        .to_owned();
    for (number, effects) in channels.iter().enumerate() {
        let effects: Vec<String> = effects.iter().map(Effect::xml).collect();
        writeln!(
            text,
            "<channel name=\"Tree {number} &amp; star\" color=\"255\" centiseconds=\"6000\" deviceType=\"LOR\" unit=\"1\" \
             circuit=\"{}\" savedIndex=\"{number}\">{}</channel>",
            number + 1,
            effects.join("\n")
        )
        .unwrap();
    }
    text + "</channels>\n" + rest + "</sequence>\n"
}

/// What a dimmed light shows of `effects` at `micros`: of those that last, the one that began last.
fn wanted(effects: &[Effect], micros: u64) -> f64 {
    let lasting =
        effects.iter().filter(|effect| (effect.from * 10_000..effect.to * 10_000).contains(&micros));
    let last = lasting.max_by_key(|effect| (effect.from, effect.to));
    last.map_or(0.0, |last| last.level_at(micros))
}

/// Just before, at and after every beginning and end, and between.
fn moments(effects: &[Effect]) -> Vec<u64> {
    let edges = effects.iter().flat_map(|effect| [effect.from * 10_000, effect.to * 10_000]);
    let edges: Vec<u64> = edges.flat_map(|edge| [edge.saturating_sub(1), edge, edge + 1]).collect();
    let between = effects
        .iter()
        .flat_map(|effect| (1..4).map(|part| (effect.from * (4 - part) + effect.to * part) * 2_500));
    edges.into_iter().chain(between).collect()
}

#[track_caller]
fn shows_every_level(channels: &[Vec<Effect>], shown: &Shown) {
    for (number, effects) in channels.iter().enumerate() {
        for micros in moments(effects).into_iter().filter(|micros| *micros < shown.length.micros()) {
            let level = shown.timeline.level_at(ChannelId::new(number), ShowTime::from_micros(micros));
            let level = f64::from(level.hundredths());
            // A fade goes in steps: it shows what it has had a little before or will have a little later.
            let near = [micros.saturating_sub(FADE_STEP), micros, micros + FADE_STEP]
                .map(|micros| wanted(effects, micros));
            let (low, high) =
                (near.iter().copied().fold(f64::MAX, f64::min), near.iter().copied().fold(0.0, f64::max));
            let is_near = (low - 60.0..=high + 60.0).contains(&level);
            assert!(
                is_near,
                "channel {number} at {micros} us: {level}, not {near:?}\n{effects:#?}\n{}",
                shown.sheet
            );
        }
    }
}

fn rolled(dice: &mut Dice, kinds: &[&'static str], has_overlaps: bool) -> Vec<Effect> {
    let mut at = dice.below(200) as u64;
    let mut effects = Vec::new();
    for _ in 0..2 + dice.below(12) {
        let kind = dice.one_of(kinds);
        let full = if kind == "DMX intensity" { 255 } else { 100 };
        let lasts = dice.one_of(&[5, 10, 10, 25, 100, 333]);
        let start = dice.one_of(&[0, full / 3, full, full]);
        let end = if dice.one_in(2) { start } else { dice.one_of(&[0, full / 2, full]) };
        if (start, end) != (0, 0) {
            effects.push(Effect { kind, from: at, to: at + lasts, start, end });
        }
        let gap = dice.one_of(&[0, 0, 10, 50]);
        at = if has_overlaps && dice.one_in(4) { at + lasts / 2 } else { at + lasts + gap };
    }
    effects
}

#[test]
fn every_level_and_fade_is_shown_on_dimmed_lights() {
    for seed in 1..=60 {
        let dice = &mut Dice::new(seed);
        let channels: Vec<Vec<Effect>> =
            (0..4).map(|_| rolled(dice, &["intensity", "DMX intensity"], seed % 2 == 0)).collect();
        if channels.iter().any(Vec::is_empty) {
            continue;
        }
        shows_every_level(
            &channels,
            &shown(sequence(&channels, "").as_bytes(), &without_limits(4, "pwm"), &[]),
        );
    }
}

#[test]
fn lights_that_only_switch_are_on_from_fifty_per_cent_upward() {
    let channels = [vec![
        intensity(100, 200, 100, 100),
        intensity(200, 300, 49, 49),
        intensity(300, 400, 0, 100),
        intensity(500, 600, 100, 0),
        intensity(700, 800, 0, 40),
    ]];
    let shown = shown(sequence(&channels, "").as_bytes(), &rig(1, "ssr", ""), &[]);
    let edges = [
        (1_000_000, 10_000),
        (2_000_000, 0),
        (3_500_000, 10_000),
        (4_000_000, 0),
        (5_000_000, 10_000),
        (5_500_000, 0),
    ];
    assert_eq!(shown.edges(0), edges);
    let left = shown.imported.left.join("\n");
    assert!(
        left.contains("2 effects below 50 %") && left.contains("3 fades on lights that only switch"),
        "{left}"
    );
}

#[test]
fn equal_effects_in_even_steps_are_one_line_and_those_together_too() {
    let row: Vec<Effect> =
        (0..20).map(|step| intensity(100 + 50 * step, 120 + 50 * step, 100, 100)).collect();
    let shown = shown(sequence(&[row.clone(), row], "").as_bytes(), &without_limits(2, "ssr"), &[]);
    let cues: Vec<&str> = shown.sheet.lines().filter(|line| line.starts_with("0:")).collect();
    let words: Vec<String> =
        cues.iter().map(|cue| cue.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(words, ["0:01.000 to 0:11.000 every 500 ms all on for 200 ms"]);
}

#[test]
fn of_several_channels_on_one_light_a_long_one_is_seen_again_when_a_short_one_ends() {
    let channels = [
        vec![intensity(0, 1_000, 100, 100)],
        vec![intensity(200, 300, 40, 40), intensity(400, 500, 100, 100)],
        vec![intensity(250, 700, 0, 90)],
    ];
    let shown = shown(sequence(&channels, "").as_bytes(), &without_limits(1, "pwm"), &["1-3=light0"]);
    let all: Vec<Effect> = channels.concat();
    shows_every_level(&[all], &shown);
    let left = shown.imported.left.join("\n");
    assert!(left.contains("3 effects begin while others of their light last"), "{left}");
}

#[test]
fn shimmer_is_steady_and_twinkle_twinkles_where_a_light_bears_it() {
    let effects = vec![
        Effect { kind: "shimmer", from: 0, to: 200, start: 80, end: 80 },
        Effect { kind: "twinkle", from: 300, to: 900, start: 60, end: 60 },
    ];
    let file = sequence(&[effects], "");
    let dimmed = shown(file.as_bytes(), &rig(1, "pwm", ""), &[]);
    assert!(dimmed.sheet.contains("twinkle off to 60 %"), "{}", dimmed.sheet);
    assert_eq!(dimmed.edges(0)[0], (0, 8_000));
    let relay = shown(file.as_bytes(), &rig(1, "relay", ""), &[]);
    assert!(!relay.sheet.contains("twinkle"), "{}", relay.sheet);
    assert_eq!(relay.edges(0).len(), 4);
    assert!(
        relay.imported.left.join("\n").contains("2 shimmers and twinkles are steady"),
        "{:?}",
        relay.imported.left
    );
}

#[test]
fn a_timing_grid_of_beats_is_a_beat_map_and_another_is_left() {
    let grid = |name: &str, marks: &mut dyn Iterator<Item = u64>| {
        let marks: String = marks.map(|mark| format!("<timing centisecond=\"{mark}\"/>")).collect();
        format!("<timingGrid saveID=\"0\" name=\"{name}\" type=\"freeform\">{marks}</timingGrid>\n")
    };
    let beats = grid("Beats", &mut (0..16).map(|beat| 40 + 51 * beat));
    let words = grid("Words", &mut [10, 900, 905, 2_000].into_iter());
    let rest = format!(
        "<timingGrids>\n{words}{beats}<timingGrid saveID=\"2\" type=\"fixed\" spacing=\"10\"/></timingGrids>\n"
    );
    let channels = [vec![intensity(40, 91, 100, 100)]];
    let shown = shown(sequence(&channels, &rest).as_bytes(), &rig(1, "ssr", ""), &[]);
    let Some(ImportedTempo::Beats { beats, .. }) = &shown.imported.tempo else {
        panic!("{:?}", shown.imported)
    };
    assert_eq!((beats.len(), beats[1].micros()), (16, 910_000));
    assert!(
        shown.imported.left.join("\n").contains("timing grids that are no beat map: `Words`"),
        "{:?}",
        shown.imported.left
    );
}

#[test]
fn names_wiring_music_and_length_are_those_of_the_file() {
    let channels = [vec![intensity(0, 100, 100, 100)], vec![], vec![intensity(100, 200, 100, 100)]];
    let rest = "<tracks><track totalCentiseconds=\"3000\" timingGrid=\"0\"><channels><channel savedIndex=\"0\"/></channels>\
        <loopLevels><loopLevel><loop startCentisecond=\"0\" endCentisecond=\"9\"/></loopLevel></loopLevels></track></tracks>";
    let file = sequence(&channels, rest);
    let shown = shown(file.as_bytes(), &rig(3, "ssr", ""), &["Tree 2 & star=light2", "1=light1"]);
    assert_eq!(shown.imported.music.as_deref(), Some("C:\\Songs\\carol.mp3"));
    assert_eq!(shown.length.micros(), 60_000_000);
    assert!(
        shown.sheet.contains("# light2 is channel 3 Tree 2 & star (unit 1, circuit 3)"),
        "{}",
        shown.sheet
    );
    assert_eq!((shown.edges(0).len(), shown.edges(1).len(), shown.edges(2).len()), (0, 2, 2));
    assert!(
        shown.imported.left.join("\n").contains("1 loop: its part plays once"),
        "{:?}",
        shown.imported.left
    );
    // Light-O-Rama writes some files as UTF-16.
    let wide: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(file.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    assert_eq!(imported(&wide, &rig(3, "ssr", ""), &[]).unwrap().length, Some(shown.length));
}

#[test]
fn lights_of_three_colors_are_three_channels_and_unknown_effects_are_told() {
    let rgb = "<rgbChannel totalCentiseconds=\"400\" name=\"Pixel\" savedIndex=\"9\"><channels><channel savedIndex=\"0\"/>\
        </channels></rgbChannel>";
    let effect =
        "<effect type=\"intensity\" startCentisecond=\"0\" endCentisecond=\"100\" intensity=\"50\"/>";
    let other = "<effect type=\"morph\" startCentisecond=\"0\" endCentisecond=\"100\"/>";
    let dark = "<effect type=\"intensity\" startCentisecond=\"0\" endCentisecond=\"100\" intensity=\"0\"/>";
    let file = format!(
        "<sequence><channels><channel name='R'>{effect}{other}{dark}</channel>{rgb}</channels></sequence>"
    );
    let left = shown(file.as_bytes(), &rig(2, "pwm", ""), &[]).imported.left.join("\n");
    for told in ["1 effect of a kind", "1 effect that is dark", "1 light of three colors"] {
        assert!(left.contains(told), "{told}: {left}");
    }
}

#[test]
fn check_says_nothing_on_any_rig() {
    for seed in 1..=12 {
        let dice = &mut Dice::new(1_000 + seed);
        let kinds = ["intensity", "shimmer", "twinkle", "DMX intensity"];
        let channels: Vec<Vec<Effect>> = (0..10).map(|_| rolled(dice, &kinds, true)).collect();
        for (_, rig) in usual() {
            shown(sequence(&channels, "").as_bytes(), &rig, &[]);
        }
    }
}

#[test]
fn relays_keep_as_many_flashes_as_they_bear() {
    let row: Vec<Effect> = (0..400).map(|step| intensity(10 * step, 10 * step + 5, 100, 100)).collect();
    let shown = shown(sequence(&[row], "").as_bytes(), &rig(1, "relay", ""), &[]);
    let left = shown.imported.left.join("\n");
    assert!(left.contains("of 400 flashes on light0: a relay that switches so often wears out"), "{left}");
    assert!((10..=30).contains(&shown.edges(0).len()), "{:?}", shown.edges(0));
}

#[test]
fn a_fade_up_to_the_end_of_the_show_needs_no_cue_after_it() {
    let file = sequence(&[vec![intensity(5_000, 6_000, 0, 100)]], "");
    let shown = shown(file.as_bytes(), &rig(1, "pwm", ""), &[]);
    assert_eq!(shown.length.micros(), 60_000_000);
    assert_eq!(shown.sheet.lines().filter(|line| line.starts_with("0:")).count(), 1, "{}", shown.sheet);
}
