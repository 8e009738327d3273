//! Cues that make no difference: which are told, with the line that wins, and which are a plain way to write. At last
//! random sheets: what is told to have no effect can be left out, and what is not told cannot, or says what is so.
#![allow(clippy::unwrap_used)]

mod common;

use common::{PORCH, read, rig, sheet};
use starcourt::diagnosis::Diagnoses;
use starcourt::level::Level;
use starcourt::random::Random;
use starcourt::review;
use starcourt::rig::{ChannelId, Rig};
use starcourt::show::{Action, Cue, Effect, Show};
use starcourt::time::ShowTime;
use starcourt::timeline::{Timeline, WhyUnseen, compile, unseen};

fn warnings(cues: &str) -> Diagnoses {
    let rig = rig(PORCH);
    let (show, _) = read(&sheet(cues), &rig).unwrap_or_else(|told| panic!("{told}"));
    review::without_effect(&show, &rig)
}

/// `cues` have one warning, and it contains these words.
#[track_caller]
fn check(cues: &str, words: &[&str]) {
    let told = warnings(cues);
    assert_eq!(told.warnings(), 1, "{told}\nin\n{cues}");
    for words in words {
        assert!(told.to_string().contains(words), "`{words}` is not in\n{told}");
    }
}

#[track_caller]
fn check_fine(cues: &str) {
    let told = warnings(cues);
    assert!(told.is_empty(), "{told}\nin\n{cues}");
}

#[test]
fn a_cue_that_another_beats_at_the_same_time_is_told_with_the_line_that_wins() {
    check(
        "5.1  all  on\n5.1  trees  fade from 100 to 40 % over 2 beats",
        &[
            "line 3 starts at the same time and wins",
            "leads to 100 %, the other to 40 %",
            "write `all but trees`",
        ],
    );
    check("5.1  porch  on\n5.1  porch  off", &["4 | 5.1  porch  off\n  | ^", "remove one of the two"]);
    check("5.1  star  20 %\n5.1  star  fade to on over 1 s", &["`fade from 20 % to on over 1 s`", "3 | 5.1"]);
    check("5.1  star  fade to 20 % over 1 s\n5.1  star  60 %", &["`fade from 60 % to 20 % over 1 s`"]);
    check(
        "5.1  star  80 %\n5.1  star  fade from 0 to 80 % over 1 s",
        &["both lead to 80 %, and this is the lower line"],
    );
    check(
        "1.1  play  a\n1.1  all but porch  on\nsection a\n  1.1  star  30 %",
        &["line 4 starts at the same time", "write `all but porch, star` in line 4"],
    );
    check("1.1 to 5.1 every 1 bar  star  30 %\n1.1 to 5.1 every 1 bar  star  off", &["4 | 1.1 to"]);
}

#[test]
fn a_cue_under_effects_until_the_next_one_is_told() {
    check(
        "1.1 to 5.1  star  pulse every 1 beat\n2.1  star  on\n3.1  star  off",
        &["line 3 covers it", "line 5 takes over before", "lies over it until bar 5.1 (0:08.000)"],
    );
    check("1.1 to 3.1  star  40 %\n1.1 to 5.1  star  chase every 1 beat", &["line 4 covers it"]);
    check(
        "steps 1.1 to 5.1 by 1/4\n  star  x...\n  porch  x...x...\n1.1 to 5.1  star  off",
        &["line 6 covers it", "4 |   star  x...\n  |   ^^^^^^^^^^"],
    );
}

#[test]
fn what_a_relay_rounds_is_told() {
    check("5.1  porch  30 %", &["`porch` only switches: it is off with this cue", "write `off`"]);
    check(
        "5.1  porch  60 % for 1 beat",
        &["it is on with this cue", "write `on`", "a relay is on from 50 %"],
    );
    check(
        "5.1 to 9.1  porch  twinkle 10 to 40 % every 2 s",
        &["it is off all the time", "write `twinkle every 2 s`"],
    );
    check("5.1 to 9.1  porch  strobe off to 40 % every 2 s lit 1 s", &["write `strobe every 2 s lit 1 s`"]);
    check("steps 5.1 to 7.1 by 1/4\n  porch  4321", &["`x` and `5` to `9` are on"]);
    check("5.1  porch  fade to 30 % over 2 s", &["it is off all the time"]);
    check("5.1  porch  fade from on to 60 % over 2 s", &["it is on all the time"]);
}

#[test]
fn what_has_an_effect_somewhere_or_sometimes_is_fine() {
    check_fine("1.1  all  off\n1.1  star  on");
    check_fine("1.1  all  on\n2.1  star  fade to 40 % over 2 beats");
    check_fine("1.1  all  30 %");
    check_fine("1.1 to 3.1  all  twinkle 10 to 40 %");
    check_fine("1.1  play  a\n3.1  play  a\n3.1  star  on\nsection a\n  1.1  star  30 %");
    check_fine("1.1 to 5.1  star  pulse every 1 beat\n2.1  star  off");
    check_fine("1.1 to 5.1  trees  pulse every 1 beat\n2.1  all  on\n3.1  all  off");
}

#[test]
fn a_base_under_an_effect_is_seen_in_the_fade_that_starts_from_it() {
    check_fine("1.1 to 5.1  star  pulse every 1 beat\n2.1  star  20 %\n4.1  star  fade to on over 4 bars");
    check(
        "1.1 to 5.1  star  pulse every 1 beat\n2.1  star  20 %\n4.1  star  fade from 0 to on over 4 bars",
        &["line 5 takes over"],
    );
}

#[test]
fn a_cue_that_says_what_is_so_already_is_fine() {
    check_fine("0:00  all  off\n1.1  star  on\n2.1  star  on\n3.1  all  on\n3.1  star  on");
    check_fine("1.1  star  on\n1.1  star  on");
    check_fine("1.1  all  on\n3.1  star  on for 1 beat\n5.1  all  fade to off over 2 s\n7.1  porch  off");
    check_fine("1.1  star  on\n1.1 to 5.1  star  on\n2.1  star  on\n3.1  star  off");
    check_fine(
        "1.1  porch  fade to off over 1 s\n3.1  porch  fade to on over 1 s\n5.1  porch  fade to 30 % over 1 s",
    );
}

#[test]
fn of_very_many_cues_without_effect_the_first_are_told_and_the_others_counted() {
    let cues: String = (0..300).map(|bar| format!("{0}.1  star  on\n{0}.1  star  off\n", bar + 1)).collect();
    let told = warnings(&cues);
    assert_eq!(told.warnings(), 101);
    assert_eq!(told.iter().last().unwrap().title(), "200 more cues have no effect");
}

/// Sheets of a few lines in which nearly everything happens at the same few seconds.
fn random_line(random: &mut Random) -> String {
    let mut one_of = |words: &[&str]| words[random.below(words.len() as u64) as usize].to_owned();
    let who = one_of(&["porch", "garland", "star", "trees", "all", "all but star"]);
    let start = one_of(&["0", "1", "2", "3", "4", "5"]);
    let lasts = one_of(&["1", "2", "3"]);
    let level = one_of(&["on", "off", "on", "off", "30 %", "60 %"]);
    match one_of(&["set", "set", "set", "fade", "fade from", "over", "over", "pulse", "chase", "steps"])
        .as_str()
    {
        "set" => format!("{start} s  {who}  {level}"),
        "fade" => format!("{start} s  {who}  fade to {level} over {lasts} s"),
        "fade from" => format!("{start} s  {who}  fade from 10 % to {level} over {lasts} s"),
        "over" => format!("{start} s  {who}  {level} for {lasts} s"),
        "pulse" => format!("{start} s  {who}  pulse 20 to 80 % every 1 s for {lasts} s"),
        "chase" => format!("{start} s  {who}  chase 10 to 40 % every 1 s for {lasts} s"),
        _ => {
            let strip = one_of(&["x.", "_x", "__", "2_4", "x", ".__"]);
            format!("steps 0:0{start} to 0:08 by 1 s\n  {who}  {strip}")
        }
    }
}

struct RandomSheet {
    lines: Vec<String>,
    rig: Rig,
    show: Show,
    timeline: Timeline,
}

impl RandomSheet {
    fn of(lines: Vec<String>) -> Self {
        let rig = rig(PORCH);
        let (show, _) = read(&format!("length 12 s\n{}\n", lines.join("\n")), &rig).unwrap();
        let timeline = compile(&show, &rig).timeline;
        Self { lines, rig, show, timeline }
    }

    fn without(&self, line: usize) -> Self {
        let mut lines = self.lines.clone();
        lines.remove(line);
        Self::of(lines)
    }

    fn edges(&self) -> Vec<Vec<(ShowTime, Level)>> {
        self.timeline.tracks().iter().map(|track| track.edges().collect()).collect()
    }

    /// The cue on top of `channel` at `time`, by the rules of the page, one after another.
    fn on_top(&self, channel: ChannelId, time: ShowTime) -> Option<usize> {
        let there = |cue: &Cue| cue.start <= time && cue.channels.contains(&channel);
        let cues = self.show.cues.iter().enumerate().filter(|(_, cue)| there(cue));
        let rank = |(number, cue): (usize, &Cue)| match &cue.action {
            Action::Set(level) | Action::Fade { to: level, .. } => Some((0, cue.start, Some(*level), number)),
            Action::Over { end, effect: Effect::Steps { strip, ticks } } => {
                let step = ticks.iter().filter(|tick| **tick <= time).count() - 1;
                let is_opaque = strip[step % strip.len()].is_some() && time < *end;
                is_opaque.then_some((1, cue.start, None, number))
            }
            Action::Over { end, .. } => (time < *end).then_some((1, cue.start, None, number)),
        };
        cues.filter_map(rank).max().map(|(.., number)| number)
    }

    /// Whether a fade starts from where the cue has brought a channel.
    fn is_fade_behind(&self, line: usize) -> bool {
        let cue = &self.show.cues[line];
        let is_setting =
            |other: &&Cue| !matches!(other.action, Action::Over { .. }) && other.start > cue.start;
        cue.channels.iter().any(|channel| {
            let after = self.show.cues.iter().filter(|other| other.channels.contains(channel));
            let next =
                after.filter(is_setting).map(|other| (other.start, other)).min_by_key(|(start, _)| *start);
            next.is_some_and(|(start, _)| {
                let mut together = self.show.cues.iter().filter(|other| other.start == start);
                together.any(|other| matches!(other.action, Action::Fade { from: None, .. }))
            })
        })
    }

    /// Whether a channel is as the cue alone would have it, wherever it might be seen.
    fn says_what_is_so(&self, line: usize) -> bool {
        let cue = &self.show.cues[line];
        let next = self.show.cues.iter().filter(|other| {
            !matches!(other.action, Action::Over { .. })
                && other.start > cue.start
                && other.channels.iter().any(|channel| cue.channels.contains(channel))
        });
        let next = next.map(|other| other.start).min().unwrap_or(ShowTime::MAX);
        let alone = |line: usize| Self::of(vec![self.lines[line].clone()]);
        let own = alone(line);
        let is_repeated = |channel: &ChannelId| {
            let mut others = self.show.cues.iter().enumerate().filter(|(number, _)| *number != line);
            others.any(|(number, other)| {
                let is_together = other.start == cue.start && other.channels.contains(channel);
                // A fade to the level that is there already may have won.
                let may_hold = matches!(other.action, Action::Fade { from: None, .. });
                is_together
                    && (may_hold || alone(number).edges()[channel.index()] == own.edges()[channel.index()])
            })
        };
        cue.channels.iter().any(|channel| {
            is_repeated(channel)
                || moments().filter(|time| *time >= cue.start).all(|time| {
                    let is_over = match &cue.action {
                        Action::Over { .. } => own.on_top(*channel, time).is_none(),
                        Action::Set(_) | Action::Fade { .. } => time >= next,
                    };
                    is_over || own.timeline.level_at(*channel, time) == self.timeline.level_at(*channel, time)
                })
        })
    }
}

/// Between the seconds at which everything happens.
fn moments() -> impl Iterator<Item = ShowTime> {
    (0..12).map(|second| ShowTime::from_micros(second * 1_000_000 + 500_000))
}

#[test]
fn what_is_told_to_have_no_effect_can_be_left_out_and_nothing_else_can() {
    let (mut told, mut fed, mut repeated) = (0, 0, 0);
    for seed in 0..1_000_u64 {
        let mut random = Random::new(&[&seed.to_le_bytes()]);
        let count = 2 + random.below(9);
        let sheet = RandomSheet::of((0..count).map(|_| random_line(&mut random)).collect());
        let text = sheet.lines.join("\n");
        let found = unseen(&sheet.show, &sheet.rig);
        for line in 0..sheet.lines.len() {
            let is_told = |rounds: bool| {
                found.iter().any(|unseen| {
                    let is_rounded = matches!(unseen.why, WhyUnseen::Rounded { .. });
                    unseen.cue == line && is_rounded == rounds
                })
            };
            let makes_no_change = sheet.without(line).edges() == sheet.edges();
            let mut channels = sheet.show.cues[line].channels.iter();
            let is_on_top =
                channels.any(|channel| moments().any(|time| sheet.on_top(*channel, time) == Some(line)));
            if is_told(false) {
                told += 1;
                assert!(makes_no_change, "line {line} of\n{text}\nmakes a difference");
                assert!(!is_on_top, "line {line} of\n{text}\nis seen");
            } else if !is_on_top && !is_told(true) {
                let is_fade = matches!(sheet.show.cues[line].action, Action::Fade { from: None, .. });
                match makes_no_change {
                    // It may lead from a level to the same level.
                    true if is_fade || sheet.is_fade_behind(line) => {}
                    true if sheet.says_what_is_so(line) => repeated += 1,
                    true => panic!("line {line} of\n{text}\nhas no effect"),
                    false => fed += 1,
                }
            }
        }
    }
    assert!(told > 300 && fed > 3 && repeated > 30, "{told} {fed} {repeated}");
}

#[test]
fn what_a_relay_rounds_may_as_well_be_written_as_on_or_off() {
    let mut rounded = 0;
    for seed in 0..3_000_u64 {
        let mut random = Random::new(&[b"rounded", &seed.to_le_bytes()]);
        let sheet = RandomSheet::of((0..4).map(|_| random_line(&mut random)).collect());
        for unseen in unseen(&sheet.show, &sheet.rig) {
            let WhyUnseen::Rounded { on } = unseen.why else { continue };
            let cue = &sheet.show.cues[unseen.cue];
            let is_relay = cue.channels.iter().all(|channel| channel.index() == 0);
            assert!(is_relay, "{}", sheet.lines.join("\n"));
            let at = |time| sheet.on_top(ChannelId::new(0), time) == Some(unseen.cue);
            for time in moments().filter(|time| at(*time)) {
                assert_eq!(sheet.timeline.level_at(ChannelId::new(0), time).is_lit(), on);
                rounded += 1;
            }
        }
    }
    assert!(rounded > 100, "{rounded}");
}
