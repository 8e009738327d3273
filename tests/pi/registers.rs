//! A show from its first register write to its last, against the timeline that it was compiled to.

use std::collections::HashMap;

use starcourt::diagnosis::Source;
use starcourt::level::Level;
use starcourt::output::Signal;
use starcourt::rig::{Channel, ChannelId, Rig};
use starcourt::show;
use starcourt::time::ShowTime;
use starcourt::timeline::{Timeline, compile};

use crate::common;
use crate::fake_pi::Step::{BecameInput, BecameOutput, High, Low};
use crate::fake_pi::{Event, FakePi, Step};
use crate::setup::{CUES, LENGTH, RIG, Setup};

const PLAY: &str = "play cues --silent --rig rig.toml --lock-dir lock --trace trace.csv";

/// What follows the last cue of a line: the end of the show, then the line is let go.
const STAR: usize = 18;

fn played(rig: &str) -> Setup {
    let setup = Setup::on(FakePi::new(), rig);
    setup.run(PLAY).with(0, &["GPIO", "has played to its end"]);
    setup
}

fn step(signal: Signal) -> Step {
    match signal {
        Signal::High => High,
        Signal::Low => Low,
    }
}

fn step_to(channel: &Channel, level: Level) -> Step {
    step(if level.is_lit() { Signal::lit(channel.active) } else { Signal::dark(channel.active) })
}

/// The rig, and the show as it is compiled on it.
fn score(rig: &str) -> (Rig, Timeline, ShowTime) {
    let rig = common::rig(rig);
    let source = Source::new("cues.show", format!("length {LENGTH}\n{CUES}"));
    let (show, _) = show::read("cues", &source, &rig, &|_| unreachable!("no beat map")).unwrap();
    let length = show.length.unwrap();
    (rig.clone(), compile(&show, &rig).timeline, length)
}

fn line_of(channel: &Channel) -> usize {
    channel.address.line().expect("it is on the header").index()
}

/// What is done to the lines that only switch, in order: made safe and outputs, then the timeline's
/// edges, then what is not safe at the end, then all once more as they are let go.
fn expected() -> Vec<(usize, Step)> {
    let (rig, timeline, length) = score(RIG);
    let channels = || rig.channels.iter().zip(timeline.channel_ids()).filter(|(it, _)| !it.kind.dims());
    let safe = |channel: &Channel| step_to(channel, channel.safe);
    let line = line_of;

    let mut steps = Vec::new();
    for (channel, _) in channels() {
        steps.extend([(line(channel), safe(channel)), (line(channel), BecameOutput)]);
    }
    let mut shown: HashMap<usize, Step> = channels().map(|(it, _)| (line(it), safe(it))).collect();
    let mut show = |steps: &mut Vec<_>, channel: &Channel, step| {
        if shown.insert(line(channel), step) != Some(step) {
            steps.push((line(channel), step));
        }
    };
    let edges = std::iter::successors(Some(ShowTime::ZERO), |edge| timeline.next_edge(*edge));
    for edge in edges.take_while(|edge| *edge < length) {
        for (channel, id) in channels() {
            show(&mut steps, channel, step_to(channel, timeline.level_at(id, edge)));
        }
    }
    channels().for_each(|(channel, _)| show(&mut steps, channel, safe(channel)));
    // Once when the show has ended, and once more when they are let go.
    for _ in 0..2 {
        steps.extend(channels().map(|(channel, _)| (line(channel), safe(channel))));
    }
    steps
}

#[test]
fn the_lines_that_switch_do_what_the_timeline_says_in_its_order() {
    let setup = played(RIG);
    let events = setup.pi.events().into_iter().filter(|event| event.line != STAR);
    assert_eq!(events.map(|event| (event.line, event.step)).collect::<Vec<_>>(), expected());
    setup.assert_safe();
}

#[test]
fn every_line_is_safe_before_it_becomes_an_output_and_an_output_ever_after() {
    let setup = played(RIG);
    for channel in &common::rig(RIG).channels {
        let steps = setup.pi.steps(line_of(channel));
        let safe = step_to(channel, channel.safe);
        assert_eq!(steps[..2], [safe, BecameOutput], "{}", channel.name);
        assert!(!steps[2..].iter().any(|step| matches!(step, BecameOutput | BecameInput)), "{steps:?}");
        assert_eq!(steps.last(), Some(&safe), "{}", channel.name);
    }
}

#[test]
fn a_relay_that_lights_when_low_is_not_driven_low_before_its_first_cue() {
    let setup = played(RIG);
    let events = setup.pi.events();
    let first = |step| events.iter().find(|event| (event.line, event.step) == (4, step)).unwrap();
    let dark = first(Low).at.since(first(BecameOutput).at);
    assert!(dark >= 300_000_000, "{dark} ns after it became an output");
}

#[test]
fn a_dimmed_line_is_high_for_its_share_of_the_time() {
    let setup = played(RIG);
    let events = setup.pi.events();
    let star: Vec<&Event> =
        events.iter().filter(|event| event.line == STAR && event.step != BecameOutput).collect();
    let lit = star.windows(2).filter(|pair| pair[0].step == High);
    let lit: i64 = lit.map(|pair| pair[1].at.since(pair[0].at)).sum();
    let first = star.iter().find(|event| event.step == High).unwrap();
    let share = lit as f64 / star.last().unwrap().at.since(first.at) as f64;
    assert!((0.3..0.5).contains(&share), "{share} of the time, and 40 % were asked for");
    let pulses = star.iter().filter(|event| event.step == High).count();
    assert!((100..=220).contains(&pulses), "{pulses} pulses in a second, and 200 were asked for");
}

#[test]
fn a_line_that_is_to_float_after_a_show_is_safe_before_it_does() {
    let setup = played(&format!("release = \"input\"\n{RIG}"));
    for channel in &common::rig(RIG).channels {
        let steps = setup.pi.steps(line_of(channel));
        assert_eq!(steps[steps.len() - 2..], [step_to(channel, channel.safe), BecameInput]);
        assert_eq!(steps.iter().filter(|step| **step == BecameInput).count(), 1);
    }
}

#[test]
fn a_trace_tells_what_the_registers_saw() {
    let setup = played(RIG);
    let (rig, ..) = score(RIG);
    let trace = setup.folder.text("trace.csv");
    let mut lines = trace.lines();
    assert_eq!(lines.next(), Some("show_us,due_ns,mono_ns,channel,level"));
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
    for (channel, id) in rig.channels.iter().zip(rig.channel_ids()).filter(|(it, _)| !it.kind.dims()) {
        let steps = setup.pi.events().into_iter().filter(|event| event.line == line_of(channel));
        let steps: Vec<Event> = steps.skip(2).collect();
        // The last two make the line safe and let it go, which is no change of level.
        let steps = &steps[..steps.len() - 2];
        let rows: Vec<_> = rows.iter().filter(|row| row[3] == channel.name).collect();
        assert_eq!(rows.len(), steps.len(), "{}", channel.name);
        for (row, event) in rows.iter().zip(steps) {
            let level = if row[4] == "0" { Level::OFF } else { Level::FULL };
            assert_eq!(step_to(channel, level), event.step, "{row:?}");
            let after = row[2].parse::<i64>().unwrap() - event.at.nanos().cast_signed();
            assert!((0..100_000_000).contains(&after), "{row:?} is told {after} ns after its write");
        }
        follows_its_cues(&rows, id);
    }
}

/// A row stands at its cue's time in the show, and was due as much later as its cue is.
fn follows_its_cues(rows: &[&Vec<&str>], channel: ChannelId) {
    let (_, timeline, length) = score(RIG);
    let number = |row: &[&str], column: usize| row[column].parse::<i64>().unwrap();
    let begin = |row: &[&str]| number(row, 1) - number(row, 0) * 1_000;
    for row in rows {
        let show = ShowTime::from_micros(number(row, 0).unsigned_abs());
        let level = timeline.level_at(channel, show).permille().to_string();
        assert!(show == length || row[4] == level, "{row:?}");
        assert!((begin(row) - begin(rows[0])).abs() <= 1_000, "{row:?}");
    }
}
