//! `starcourt tap`: a person taps the beats of a song, which become a beat map and a tempo; and plays a map back as
//! clicks. No light is driven.
//!
//! `along` plays the song and hears the keys; `tapping` makes taps of them; `clicks` makes the sound of a map.

mod along;
mod clicks;
mod listening;
mod tapping;

use std::path::Path;

use anyhow::anyhow;

use self::along::{PlayEnd, SongPart};
use self::listening::Listening;
use self::tapping::{Tapping, ToWrite};
use super::outcome::{Failure, Outcome};
use super::printed;
use super::song_beats::{self, Kept, Target, words};
use crate::audio::{AudioSource, Volume, measure};
use crate::beats::FEWEST;
use crate::cli::TapOptions;
use crate::printable::shell_word;
use crate::show::CountedBeat;
use crate::stage::Stage;
use crate::time::ShowTime;

pub(super) fn tap(song: &str, options: &TapOptions) -> Result<Outcome, Failure> {
    if !options.click && !Stage::hears_keys() {
        return Err(Failure::bad_command_line(anyhow!(
            "tapping needs a terminal with keys; over SSH: `ssh -t pi starcourt tap {}`",
            shell_word(Path::new(song))
        )));
    }
    let target = Target::find(song, &options.stage, options.measure, !options.replace)?;
    let measured = measure(&target.music).map_err(|error| Failure::bad_file(error.into()))?;
    let (from, to) = range(&target, options, measured.length)?;
    match options.click {
        true => play_clicks(&target, options, (from, to)),
        false => write_down(&target, options, (from, to), measured.length),
    }
}

/// The part that `--from` and `--to` name, in a song of this length.
fn range(target: &Target, options: &TapOptions, length: ShowTime) -> Result<(ShowTime, ShowTime), Failure> {
    let time_of = |time: Option<_>, other| time.map_or(Ok(other), |time| target.time_of(time));
    let (from, to) = (time_of(options.from.as_ref(), ShowTime::ZERO)?, time_of(options.to.as_ref(), length)?);
    match () {
        () if from.max(to) > length => {
            Err(Failure::bad_command_line(anyhow!("{} ends at {}", target.title, length.to_millis())))
        }
        () if from >= to => Err(Failure::bad_command_line(anyhow!(
            "this part is empty: it begins at {} and ends at {}",
            from.to_millis(),
            to.to_millis()
        ))),
        () => Ok((from, to)),
    }
}

fn write_down(
    target: &Target,
    options: &TapOptions,
    (from, to): (ShowTime, ShowTime),
    length: ShowTime,
) -> Result<Outcome, Failure> {
    let sheet = target.sheet.as_deref();
    if options.write && sheet.is_none() {
        return Err(Failure::bad_command_line(anyhow!(
            "--write goes with a show: a song alone has no tempo line; leave it out"
        )));
    }
    song_beats::must_be_writable(&target.map)?;
    if let Some(sheet) = sheet.filter(|_| options.write) {
        song_beats::must_take_a_tempo(sheet)?;
    }
    let (audio, told) = song_beats::audio(&options.stage)?;
    let mut tapping = Tapping {
        title: target.title.clone(),
        length,
        measure: target.measure,
        hand: options.hand,
        has_sheet: sheet.is_some(),
        taps: Vec::new(),
        beats: None,
        wanted: if options.write { ToWrite::MapAndTempo } else { ToWrite::Map },
    };
    let source = AudioSource { file: target.music.clone(), from, repeat: None };
    let part = SongPart { source, offset: ShowTime::ZERO, end: to, volume: volume(options) };
    let ended = along::play(&part, &audio, true, &mut tapping)?;
    if ended == PlayEnd::FromOutside || tapping.wanted == ToWrite::Nothing {
        return Ok(printed::done(("nothing was written\n".to_owned(), Outcome::Done)));
    }
    log::debug!("taps: {:?}", tapping.taps);
    let Some(beats) = &tapping.beats else {
        return Err(anyhow!(
            "nothing was written: {} of your taps fit together, and {FEWEST} are needed; tap to 8 bars or more",
            tapping.taps.len().min(FEWEST - 1)
        )
        .into());
    };
    let measure = tapping.measure();
    let is_part = options.from.is_some() || options.to.is_some();
    let kept = Kept::of(beats, target, measure, (is_part, length))?;
    let mut lines = vec![
        format!("{}: {measure}, {}", target.title, words::tempo(beats)),
        format!("{}; {}", words::taps(beats), words::scatter(beats)),
    ];
    lines.extend(words::doubt(beats));
    lines.extend(told);
    lines.extend(kept.told.iter().cloned());
    lines.push(kept.write_map(target, measure)?);
    match sheet {
        Some(sheet) if tapping.wanted == ToWrite::MapAndTempo => match kept.write_tempo(sheet) {
            Ok(line) => lines.push(line),
            Err(failure) => {
                // The map is written all the same.
                printed::done((lines.join("\n") + "\n", Outcome::Failed));
                return Err(failure);
            }
        },
        _ => lines.push(format!("for a show of it: `{}`", kept.tempo_line)),
    }
    lines.push(format!("to hear it: `starcourt tap {} --click`", target.typed));
    Ok(printed::done((lines.join("\n") + "\n", Outcome::Done)))
}

/// Plays the song with clicks.
fn play_clicks(
    target: &Target,
    options: &TapOptions,
    (from, to): (ShowTime, ShowTime),
) -> Result<Outcome, Failure> {
    let Some(tempo) = &target.tempo else {
        return Err(Failure::bad_file(anyhow!(
            "{} has no tempo and no beat map yet; `starcourt tap {}` makes one",
            target.title,
            target.typed
        )));
    };
    let beats: Vec<CountedBeat> = tempo.beats_until(to).filter(|beat| beat.at >= from).collect();
    let (audio, told) = song_beats::audio(&options.stage)?;
    let sound = clicks::song_with_clicks(&target.music, (from, to), &beats)?;
    let source = AudioSource { file: sound.path().to_owned(), from: ShowTime::ZERO, repeat: None };
    let part = SongPart { source, offset: from, end: to, volume: volume(options) };
    let count = printed::counted(beats.len(), "click");
    let has_terminal = Stage::hears_keys();
    if !has_terminal {
        printed::line(&format!("{} with {count}; Ctrl-C ends it", target.title))?;
    }
    let mut listening = Listening { title: target.title.clone(), end: to, beats, told };
    along::play(&part, &audio, has_terminal, &mut listening)?;
    Ok(printed::done((
        format!("{} with {count}: if they are early or late, tap again\n", target.title),
        Outcome::Done,
    )))
}

fn volume(options: &TapOptions) -> Volume {
    Volume::from_percent(options.volume).unwrap_or(Volume::FULL)
}
