//! `starcourt listen`: the beats, bars and parts that are heard in a song, told, or written as `tap` writes them. No sound
//! is played and no light is driven.

use std::fmt::Write as _;

use anyhow::anyhow;
use serde::Serialize;

use super::outcome::{Failure, Outcome};
use super::printed::{self, counted};
use super::song_beats::{self, Kept, Target, words};
use crate::analysis::{HeardPart, HeardSong, SongAnalyser};
use crate::audio::{AudioSource, measure};
use crate::beats::{Beats, Tap};
use crate::cli::ListenOptions;
use crate::printable::printable;
use crate::show::Measure;
use crate::time::ShowTime;

/// A longer song would not fit into the memory of a small Pi.
const LONGEST: ShowTime = ShowTime::from_micros(30 * 60 * 1_000_000);
/// Of 100 songs in which beats are surer than this, they are right in about 90; if surer than the second, in 80; else
/// in 60.
const SURE: f32 = 0.6;
const LIKELY: f32 = 0.45;

pub(super) fn listen(song: &str, options: &ListenOptions) -> Result<(String, Outcome), Failure> {
    let target = Target::find(song, &options.stage, None, false)?;
    let path = printable(&target.map.display().to_string());
    if options.write {
        let is_there = !matches!(target.map.try_exists(), Ok(false));
        if is_there && !options.replace {
            return Err(Failure::bad_command_line(anyhow!(
                "{path} is there already; `starcourt listen {} --write --replace` writes a new one, and keeps this one beside it",
                target.typed
            )));
        }
        song_beats::must_be_writable(&target.map)?;
        if let Some(sheet) = &target.sheet {
            song_beats::must_take_a_tempo(sheet)?;
        }
    }
    let song = hear(&target)?;
    let taps: Vec<Tap> =
        song.beats.iter().map(|beat| Tap { at: beat.at, begins_bar: beat.begins_bar }).collect();
    let (Some(beats), [first, .., last]) = (Beats::of(&taps), &*song.beats) else {
        return Err(unheard(&target));
    };
    let measure = Measure::of_beats(song.measure.beats() as u32);
    let kept = Kept::whole(&beats, &target, measure, (first.at, last.at));
    let bars = BarCount { beats: &kept.beats, in_bar: measure.beats() as usize };
    if options.json {
        return Ok((printed::json(&SongJson::of(&song, &beats, &kept, measure, &bars)), Outcome::Done));
    }
    let mut text = told(&target, &song, &beats, measure, &bars);
    match (options.write, &target.sheet) {
        (false, _) => {
            let _ = writeln!(text, "for a show of it: `{}`", kept.tempo_line);
            let _ = writeln!(text, "to write its beats: `starcourt listen {} --write`", target.typed);
        }
        (true, sheet) => {
            let _ = writeln!(text, "{}", kept.write_map(&target, measure)?);
            let line = match sheet {
                Some(sheet) => kept.write_tempo(sheet)?,
                None => format!("for a show of it: `{}`", kept.tempo_line),
            };
            let _ = writeln!(text, "{line}");
            let _ = writeln!(text, "to hear them: `starcourt tap {} --click`", target.typed);
        }
    }
    Ok((text, Outcome::Done))
}

/// Hears the whole song, as fast as it can be decoded.
fn hear(target: &Target) -> Result<HeardSong, Failure> {
    let bad = |error: crate::audio::SoundError| Failure::bad_file(error.into());
    if measure(&target.music).map_err(bad)?.length > LONGEST {
        return Err(Failure::bad_command_line(anyhow!(
            "{} is longer than {}, and would not fit into the memory of a small Pi; cut it into songs",
            printable(&target.music.display().to_string()),
            LONGEST.to_minutes()
        )));
    }
    let source = AudioSource { file: target.music.clone(), from: ShowTime::ZERO, repeat: None };
    let (rate, _) = source.format().map_err(bad)?;
    let mut analyser = SongAnalyser::new(rate);
    let mut mono = Vec::new();
    source
        .render(|samples, channels| {
            let frames = samples.chunks_exact(usize::from(channels));
            mono.clear();
            mono.extend(frames.map(|frame| frame.iter().sum::<f32>() / f32::from(channels)));
            analyser.push(&mono);
        })
        .map_err(bad)?;
    analyser.finish().ok_or_else(|| unheard(target))
}

fn unheard(target: &Target) -> Failure {
    Failure::of(
        Outcome::Failed,
        anyhow!(
            "no beat is heard in {}; if it has one, tap it: `starcourt tap {}`",
            printable(&target.music.display().to_string()),
            target.typed
        ),
    )
}

/// The bars of the beats that are written: the first beat begins bar 1.
struct BarCount<'a> {
    beats: &'a [ShowTime],
    in_bar: usize,
}

impl BarCount<'_> {
    /// The bar and beat that is nearest. Bars before the first are 0 and below.
    fn nearest(&self, at: ShowTime) -> (i64, i64) {
        let after = self.beats.partition_point(|beat| *beat < at);
        let is_nearer = |before: usize| {
            let (before, after) = (self.beats[before], self.beats.get(after));
            after.is_none_or(|after| at - before < *after - at)
        };
        let index = match after.checked_sub(1) {
            Some(before) if is_nearer(before) => before as i64,
            Some(_) => after as i64,
            // Before the first beat, beats are as long as the first.
            None => match self.beats {
                [first, second, ..] => {
                    let length = (*second - *first).as_secs_f64();
                    -((*first - at).as_secs_f64() / length).round() as i64
                }
                _ => 0,
            },
        };
        let in_bar = self.in_bar as i64;
        (index.div_euclid(in_bar) + 1, index.rem_euclid(in_bar) + 1)
    }
}

fn told(target: &Target, song: &HeardSong, beats: &Beats, measure: Measure, bars: &BarCount) -> String {
    let mut text = format!("{}: {measure}, {}\n", target.title, words::pace(beats));
    let (first, last) = (song.beats[0].at, song.beats[song.beats.len() - 1].at);
    let count = counted(song.beats.len(), "beat");
    let _ = writeln!(
        text,
        "beats    {}: {count} from {} to {}",
        sureness(song.beat_sureness),
        first.to_millis(),
        last.to_millis()
    );
    let _ = writeln!(text, "measure  {}", sureness(song.measure_sureness));
    let _ = writeln!(
        text,
        "bars     {}: the first begins at {}",
        sureness(song.bar_sureness),
        bars.beats[0].to_millis()
    );
    if !song.parts.is_empty() {
        text.push_str("\npart  begins     bars       energy\n");
    }
    for part in &song.parts {
        let (from, to) = part_bars(part, bars);
        let range = format!("{from} to {to}");
        let energy = (part.energy * 100.0).round();
        let _ = writeln!(text, "{:<4}  {:<9}  {range:<9}  {energy:>3} %", part.name, part.from.to_millis());
    }
    text.push('\n');
    for (from, to) in &song.doubtful {
        let _ =
            writeln!(text, "doubtful: from {} to {} few beats are heard", from.to_minutes(), to.to_minutes());
    }
    if song.beat_sureness < LIKELY {
        let _ = writeln!(
            text,
            "the tempo may be half or double of that, or the beats another's; tap 16 bars to be sure: `starcourt tap {}`",
            target.typed
        );
    }
    text
}

/// The first and the last bar of a part.
fn part_bars(part: &HeardPart, bars: &BarCount) -> (i64, i64) {
    let (from, _) = bars.nearest(part.from);
    (from, from + part.bars as i64 - 1)
}

fn sureness(share: f32) -> &'static str {
    match share {
        SURE.. => "sure",
        LIKELY.. => "likely",
        _ => "doubtful",
    }
}

/// For other programs.
#[derive(Serialize)]
struct SongJson {
    bpm: f64,
    steady: bool,
    measure: String,
    tempo_line: String,
    beat_sureness: f32,
    measure_sureness: f32,
    bar_sureness: f32,
    parts: Vec<PartJson>,
    doubtful: Vec<StretchJson>,
    beats: Vec<BeatJson>,
}

#[derive(Serialize)]
struct PartJson {
    name: String,
    from_us: u64,
    to_us: u64,
    bar: i64,
    bars: usize,
    energy: f32,
}

#[derive(Serialize)]
struct StretchJson {
    from_us: u64,
    to_us: u64,
}

#[derive(Serialize)]
struct BeatJson {
    at_us: u64,
    bar: i64,
    beat: i64,
    low: f32,
    middle: f32,
    high: f32,
    loudness_db: f32,
}

impl SongJson {
    fn of(song: &HeardSong, beats: &Beats, kept: &Kept, measure: Measure, bars: &BarCount) -> Self {
        let part = |part: &HeardPart| PartJson {
            name: part.name.clone(),
            from_us: part.from.micros(),
            to_us: part.to.micros(),
            bar: part_bars(part, bars).0,
            bars: part.bars,
            energy: part.energy,
        };
        let stretch =
            |(from, to): &(ShowTime, ShowTime)| StretchJson { from_us: from.micros(), to_us: to.micros() };
        let beat = |heard: &crate::analysis::HeardBeat| {
            let (bar, beat) = bars.nearest(heard.at);
            let (low, middle, high) = (heard.low, heard.middle, heard.high);
            BeatJson { at_us: heard.at.micros(), bar, beat, low, middle, high, loudness_db: heard.loudness }
        };
        Self {
            bpm: beats.bpm(),
            steady: beats.is_steady(),
            measure: measure.to_string(),
            tempo_line: kept.tempo_line.clone(),
            beat_sureness: song.beat_sureness,
            measure_sureness: song.measure_sureness,
            bar_sureness: song.bar_sureness,
            parts: song.parts.iter().map(part).collect(),
            doubtful: song.doubtful.iter().map(stretch).collect(),
            beats: song.beats.iter().map(beat).collect(),
        }
    }
}
