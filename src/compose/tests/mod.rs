//! Composed sheets of many songs for many rigs: each passes `check` without a word.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends by panicking")]

mod songs;

use std::collections::BTreeSet;
use std::time::Duration;

use super::form::{FormPart, Intensity, SongForm};
use super::{ComposeRequest, composed};
use crate::beats::BarGrid;
use crate::diagnosis::{Diagnoses, Source};
use crate::envelope::{EnvelopeMeter, SongEnvelope};
use crate::review;
use crate::rig::{Kind, Rig};
use crate::show::{self, Action, Effect, Show};
use crate::time::ShowTime;
use crate::timeline::{Timeline, compile};
use songs::MadeSong;

fn rig(text: &str) -> Rig {
    let (rig, told) = crate::rig::read(&Source::new("rig.toml", text));
    rig.unwrap_or_else(|| panic!("{told}"))
}

fn channels(kind: &str, count: usize) -> String {
    (0..count)
        .map(|number| format!("{kind}{number} = {{ sim = {}, kind = \"{kind}\" }}\n", number + offset(kind)))
        .collect()
}

fn offset(kind: &str) -> usize {
    match kind {
        "relay" => 0,
        "ssr" => 1_000,
        _ => 2_000,
    }
}

fn read(source: &Source, rig: &Rig, music: &SongEnvelope) -> Result<(Show, Diagnoses), Diagnoses> {
    let source = Source::new(source.path(), source.text());
    let (mut show, told) = show::read("composed", &source, rig, &|_| anyhow::bail!("no map"))?;
    show.follow(music);
    Ok((show, told))
}

/// Four drums a second that ring, as many flashes as a band can want, louder and softer in turn.
fn music(length: ShowTime) -> SongEnvelope {
    const RATE: u64 = 2_000;
    let frames = length.micros() * RATE / 1_000_000;
    let mut meter = EnvelopeMeter::new(RATE as u32, frames as usize);
    for frame in 0..frames {
        let ring = 500 - frame % 500;
        let loud = if frame / 8_000 % 2 == 0 { 50 } else { 12 };
        let height = (ring * loud) as i16;
        let sample = if frame / 10 % 2 == 0 { height } else { -height };
        meter.take(sample, sample / 2);
    }
    meter.finish()
}

fn sheet(song: &MadeSong, rig: &Rig, music: &SongEnvelope, seed: u64) -> String {
    let request = ComposeRequest {
        title: "A song",
        music: "song.ogg",
        length: song.length,
        heard: &song.heard,
        grid: BarGrid { beats: &song.beats, in_bar: song.in_bar },
        tempo_line: &song.tempo_line,
        heard_words: &["a test".to_owned()],
        rig,
        seed,
    };
    composed(&request, &|source| read(source, rig, music)).expect("every rig has a show")
}

/// The warnings and the changes by rules that `check` would tell.
fn told(text: &str, rig: &Rig, music: &SongEnvelope, song: &MadeSong) -> String {
    let source = Source::new("composed.show", text);
    let (show, mut told) = read(&source, rig, music).unwrap_or_else(|told| panic!("{told}\n{text}"));
    told.extend(show.cues_after(song.length));
    let (warnings, compiled) = review::warnings(&show, rig, song.length);
    told.extend(warnings);
    let changes = if compiled.changes.is_empty() { String::new() } else { format!("{:?}", compiled.changes) };
    format!("{}{changes}", if told.is_empty() { String::new() } else { told.to_string() })
}

fn rigs() -> Vec<(&'static str, Rig)> {
    let of = |lines: String| rig(&format!("[channels]\n{lines}"));
    let groups = |lines: String, groups: &str| rig(&format!("[channels]\n{lines}\n[groups]\n{groups}"));
    vec![
        ("one relay", of(channels("relay", 1))),
        ("one ssr", of(channels("ssr", 1))),
        ("one pwm", of(channels("pwm", 1))),
        ("two pwm", of(channels("pwm", 2))),
        ("eight relays", of(channels("relay", 8))),
        ("four ssr", of(channels("ssr", 4))),
        ("no pwm", of(channels("relay", 4) + &channels("ssr", 4))),
        ("28", of(channels("relay", 8) + &channels("ssr", 12) + &channels("pwm", 8))),
        ("512 pwm", of(channels("pwm", 512))),
        ("512 mixed", of(channels("pwm", 200) + &channels("ssr", 200) + &channels("relay", 112))),
        (
            "groups",
            groups(
                channels("relay", 3) + &channels("ssr", 3) + &channels("pwm", 6),
                "signs = [\"relay0\", \"relay1\"]\nrow = [\"ssr0\", \"ssr1\", \"ssr2\"]\nleft = [\"pwm0\", \"pwm1\", \"pwm2\"]\n\
                 right = [\"pwm3\", \"pwm4\"]\nglow = [\"left\", \"right\", \"pwm5\"]\nhouse = [\"signs\", \"row\", \"glow\"]\n",
            ),
        ),
        (
            "few at once",
            rig(&format!(
                "[channels]\n{}{}{}[limits]\non_at_once = 3\nflash = \"1 Hz\"\n",
                channels("relay", 4),
                channels("ssr", 3),
                channels("pwm", 3)
            )),
        ),
        (
            "slow relays",
            of("a = { sim = 1, kind = \"relay\", min_on = \"4 s\", min_off = \"3 s\" }\n\
                b = { sim = 2, kind = \"ssr\", min_on = \"900 ms\" }\nc = { sim = 3, kind = \"relay\", safe = \"100 %\" }\n"
                .to_owned()),
        ),
    ]
}

#[test]
fn check_says_nothing_about_any_song_for_any_rig() {
    let rigs = rigs();
    for seed in 0..8 {
        let song = MadeSong::of(seed);
        let music = music(song.length);
        for (name, rig) in &rigs {
            let text = sheet(&song, rig, &music, seed);
            let told = told(&text, rig, &music, &song);
            assert!(told.is_empty(), "{name}, song {seed}:\n{told}\n{text}");
            assert!(text.lines().count() <= 400, "{name}, song {seed}:\n{text}");
        }
    }
}

/// Three relays, three SSRs and six dimmed lights, in groups.
fn house() -> Rig {
    named("groups")
}

/// What the lights show: the sum of their levels, and the level of each.
struct ComposedLight {
    rig: Rig,
    timeline: Timeline,
    text: String,
}

impl ComposedLight {
    fn of(song: &MadeSong, rig: Rig, seed: u64) -> Self {
        let music = music(song.length);
        let text = sheet(song, &rig, &music, seed);
        let (show, _) = read(&Source::new("composed.show", text.as_str()), &rig, &music).unwrap();
        Self { timeline: compile(&show, &rig).timeline, rig, text }
    }

    fn levels(&self, time: ShowTime) -> Vec<u16> {
        self.rig.channel_ids().map(|channel| self.timeline.level_at(channel, time).hundredths()).collect()
    }

    fn light(&self, time: ShowTime) -> u64 {
        self.levels(time).into_iter().map(u64::from).sum()
    }
}

fn form(song: &MadeSong) -> SongForm {
    let grid = BarGrid { beats: &song.beats, in_bar: song.in_bar };
    SongForm::of(&song.heard, &grid, Duration::from_millis(370))
}

fn named(name: &str) -> Rig {
    rigs().into_iter().find(|(other, _)| *other == name).unwrap().1
}

#[test]
fn a_stronger_part_has_more_light_and_the_last_of_the_strongest_has_the_most() {
    for name in ["groups", "one ssr", "four ssr"] {
        let mut compared = 0;
        for seed in 0..30 {
            let song = MadeSong::of(seed);
            let grid = BarGrid { beats: &song.beats, in_bar: song.in_bar };
            let form = form(&song);
            let shown = ComposedLight::of(&song, named(name), seed);
            // Without the leads to other parts, and the breaks.
            let light = |part: &FormPart| {
                let is_break = |beat: &i64| form.breaks.iter().any(|(from, to)| (*from..*to).contains(beat));
                let first_half = (part.from..part.from + part.beats() / 2).filter(|beat| !is_break(beat));
                let sums = first_half.map(|beat| shown.light(grid.time_of(beat) + song_beat(&song) / 5));
                let sums: Vec<u64> = sums.collect();
                sums.iter().sum::<u64>() / sums.len().max(1) as u64
            };
            let peak = form.parts.iter().find(|part| part.is_peak).unwrap();
            let weaker = |part: &&FormPart| part.beats() >= 16 && part.intensity <= Intensity::Steady;
            for part in form.parts.iter().filter(weaker) {
                compared += 1;
                let (most, less) = (light(peak), light(part));
                let text = &shown.text;
                assert!(
                    most > less,
                    "{name}, song {seed}, {} at {:?}: {most}, {less}\n{text}",
                    part.letter,
                    part.at
                );
            }
        }
        assert!(compared > 20, "{compared}");
    }
}

#[test]
fn a_song_in_which_no_parts_are_heard_grows_all_the_same() {
    let mut compared = 0;
    for seed in 0..20 {
        let mut song = MadeSong::of(seed);
        song.heard.parts.clear();
        song.heard.moments.clear();
        let form = form(&song);
        let ([first, ..], [.., last]) = (&*form.parts, &*form.parts) else { panic!("no parts") };
        if form.parts.len() == 1 {
            assert!(first.beats() < 24 * i64::from(song.in_bar), "song {seed}: {:?}", first.beats());
            continue;
        }
        compared += 1;
        assert!(last.is_peak || first.intensity < Intensity::Full, "song {seed}");
        let shown = ComposedLight::of(&song, house(), seed);
        let grid = BarGrid { beats: &song.beats, in_bar: song.in_bar };
        let light = |part: &FormPart| -> u64 {
            let beats = part.from..part.from + part.beats() / 2;
            beats.map(|beat| shown.light(grid.time_of(beat) + song_beat(&song) / 5)).sum::<u64>()
                / (part.beats() / 2) as u64
        };
        let peak = form.parts.iter().find(|part| part.is_peak).unwrap();
        let weakest = form.parts.iter().find(|part| part.intensity == Intensity::Steady).unwrap();
        assert!(light(peak) > light(weakest), "song {seed}\n{}", shown.text);
        let has_section = shown.text.contains("section part_a");
        assert!(has_section || form.parts.len() < 4, "song {seed}\n{}", shown.text);
    }
    assert!(compared > 4, "{compared}");
}

#[test]
fn dimmed_lights_that_are_in_no_group_do_not_all_do_the_same() {
    let mut compared = 0;
    for (count, different) in [(4, 3), (8, 4), (12, 4)] {
        for seed in 0..12 {
            let song = MadeSong::of(seed);
            let grid = BarGrid { beats: &song.beats, in_bar: song.in_bar };
            let shown =
                ComposedLight::of(&song, rig(&format!("[channels]\n{}", channels("pwm", count))), seed);
            let is_long = |part: &&FormPart| part.beats() >= 16 && part.intensity > Intensity::Calm;
            for part in form(&song).parts.iter().filter(is_long) {
                compared += 1;
                let beats = part.from..part.from + part.beats() / 2;
                let levels = beats.flat_map(|beat| {
                    [3, 7].map(|part| shown.levels(grid.time_of(beat) + song_beat(&song) / 10 * part))
                });
                let levels: Vec<Vec<u16>> = levels.collect();
                let of = |light: usize| levels.iter().map(|levels| levels[light]).collect::<Vec<u16>>();
                let courses: BTreeSet<Vec<u16>> = (0..count).map(of).collect();
                let text = &shown.text;
                assert!(courses.len() >= different, "{count} lights, song {seed}, {:?}\n{text}", part.at);
            }
        }
    }
    assert!(compared > 40, "{compared}");
}

#[test]
fn three_seeds_in_a_row_give_three_shows_that_move_otherwise() {
    let rig = house();
    for seed in 0..6 {
        let song = MadeSong::of(seed);
        let music = music(song.length);
        // What lights do, whichever lights: "pulse 15 to 55 % every 2 beats".
        let effects = |seed: u64| -> BTreeSet<String> {
            let text = sheet(&song, &rig, &music, seed);
            let whats =
                text.lines().filter_map(|line| line.split("  ").filter(|word| !word.is_empty()).nth(2));
            let whats = whats.map(|what| what.trim().split(" seed ").next().unwrap_or_default().to_owned());
            whats.filter(|what| what.starts_with("pulse ") || what.starts_with("follow ")).collect()
        };
        let [one, other, third] = [1, 2, 3].map(effects);
        for (one, other) in [(&one, &other), (&other, &third), (&one, &third)] {
            let different = one.symmetric_difference(other).count();
            assert!(different > 1, "song {seed}: {one:#?}\n{other:#?}");
        }
    }
}

#[test]
fn the_last_chord_goes_out_with_its_sound_and_quiet_music_after_it_has_little_light() {
    let mut compared = 0;
    for seed in 0..40 {
        let song = MadeSong::of(seed);
        let form = form(&song);
        let (Some((chord, rung)), Some(coda)) = (form.ending, &form.coda) else { continue };
        let grid = BarGrid { beats: &song.beats, in_bar: song.in_bar };
        for name in ["groups", "eight relays", "one ssr", "two pwm"] {
            compared += 1;
            let shown = ComposedLight::of(&song, named(name), seed);
            let beat = song_beat(&song);
            let chord = shown.light(grid.time_of(chord) + beat / 5);
            let after = shown.light(grid.time_of(coda.from).saturating_sub(beat / 5));
            let times = (coda.from..coda.to).map(|beat| grid.time_of(beat));
            let quiet = times.flat_map(|time| [2, 7].map(|part| shown.light(time + beat / 10 * part)));
            let quiet: Vec<u64> = quiet.collect();
            let mean = quiet.iter().sum::<u64>() / quiet.len() as u64;
            let text = &shown.text;
            assert!(after * 10 < chord, "{name}, song {seed}, {rung:?}: {chord}, then {after}\n{text}");
            assert!(
                0 < mean && (mean * 2 < chord || chord == 10_000),
                "{name}, song {seed}: {chord}, then {quiet:?}\n{text}"
            );
        }
    }
    assert!(compared > 20, "{compared}");
}

fn song_beat(song: &MadeSong) -> Duration {
    song.beats[1] - song.beats[0]
}

#[test]
fn lights_are_dark_when_the_music_is_over() {
    let rig = house();
    for seed in 0..12 {
        let song = MadeSong::of(seed);
        let music = music(song.length);
        let text = sheet(&song, &rig, &music, seed);
        let (show, _) = read(&Source::new("composed.show", text.as_str()), &rig, &music).unwrap();
        let timeline = compile(&show, &rig).timeline;
        let lit = rig.channel_ids().filter(|channel| timeline.level_at(*channel, song.length).is_lit());
        assert_eq!(lit.count(), 0, "song {seed}:\n{text}");
    }
}

#[test]
fn lights_do_what_their_kind_is_for() {
    let rig = house();
    let song = MadeSong::of(3);
    let music = music(song.length);
    let text = sheet(&song, &rig, &music, 3);
    let (show, _) = read(&Source::new("composed.show", text.as_str()), &rig, &music).unwrap();
    for cue in &show.cues {
        for channel in cue.channels.iter().map(|id| rig.channel(*id)) {
            let is_quick = match &cue.action {
                Action::Over { effect, .. } => !matches!(effect, Effect::Level(_)),
                Action::Set(_) | Action::Fade { .. } => false,
            };
            assert!(channel.kind != Kind::Relay || !is_quick, "{} {:?}", channel.name, cue.action);
        }
    }
    assert!(text.contains("follow ") && text.contains("pulse "), "{text}");
    assert!(text.contains("steps ") && text.contains("chase "), "{text}");
}
