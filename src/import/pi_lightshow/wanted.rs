//! What the lights of a rig are to show of a song, within what eyes and contacts bear. Knows no sheet.

use std::time::Duration;

use super::super::cue_lines::ClockCue;
use super::super::lit_span::LitSpan;
use super::super::restraint::{self, RestrainedLight};
use super::notes::CHANNELS;
use crate::rig::{ChannelId, Rig};
use crate::time::ShowTime;
use crate::timeline::Track;

/// Musical times of a sheet are rounded.
const ROUNDED: Duration = Duration::from_micros(2);

/// What the lights of a rig show of a song.
pub(super) struct WantedLight {
    /// By the channels of the rig.
    pub(super) lit: Vec<Vec<LitSpan>>,
    /// Channels of the rig that do not show all of exactly one channel of the song.
    pub(super) is_special: Vec<bool>,
    pub(super) restrained: Vec<RestrainedLight>,
}

impl WantedLight {
    /// Of a song whose channels are lit as in `song`, where they are the `lights` of `rig`.
    pub(super) fn of(
        song: &[Vec<LitSpan>; CHANNELS],
        lights: &[Vec<ChannelId>; CHANNELS],
        rig: &Rig,
        length: ShowTime,
    ) -> Self {
        let mut wanted = Self { lit: Vec::new(), is_special: Vec::new(), restrained: Vec::new() };
        for id in rig.channel_ids() {
            let sources = (0..CHANNELS).filter(|channel| lights[*channel].contains(&id));
            let sources: Vec<usize> = sources.collect();
            let mut lit = union(sources.iter().flat_map(|channel| song[*channel].iter().copied()));
            let channel = rig.channel(id);
            let (kept, why) = restraint::kept(&lit, channel, rig.limits.flash, length);
            let (all, count) = (lit.len(), kept.iter().filter(|kept| **kept).count());
            wanted.restrained.extend(why.into_iter().last().map(|why| RestrainedLight {
                channel: id,
                all,
                kept: count,
                why,
            }));
            let mut kept = kept.into_iter();
            lit.retain(|_| kept.next().unwrap_or(true));
            wanted.is_special.push(sources.len() > 1 || lit.len() < all);
            wanted.lit.push(lit);
        }
        wanted
    }

    /// Whether `tracks` are lit like this, to the microsecond or two of a rounded time.
    pub(super) fn is_shown_by(&self, tracks: &[Track], length: ShowTime) -> bool {
        let is_near = |one: ShowTime, other: ShowTime| one.max(other) - one.min(other) <= ROUNDED;
        self.lit.len() == tracks.len()
            && self.lit.iter().zip(tracks).all(|(wanted, track)| {
                let shown = lit_by(track, length);
                shown.len() == wanted.len()
                    && shown.iter().zip(wanted).all(|(shown, wanted)| {
                        is_near(shown.from, wanted.from) && is_near(shown.to, wanted.to.min(length))
                    })
            })
    }

    /// Every stretch of light of the channels that `is_meant` as a cue.
    pub(super) fn cues(&self, is_meant: impl Fn(usize) -> bool) -> Vec<ClockCue> {
        let channels = self.lit.iter().enumerate().filter(|(channel, _)| is_meant(*channel));
        channels.flat_map(|(channel, lit)| lit.iter().map(move |span| cue(channel, *span, "on"))).collect()
    }
}

/// Something that happens to a light for as long as `span`.
pub(super) fn cue(channel: usize, span: LitSpan, what: &str) -> ClockCue {
    let lasts = Some(span.to - span.from);
    ClockCue { channel: ChannelId::new(channel), from: span.from, lasts, what: what.to_owned() }
}

/// Stretches of light that overlap or touch become one.
fn union(spans: impl Iterator<Item = LitSpan>) -> Vec<LitSpan> {
    let mut spans: Vec<LitSpan> = spans.collect();
    spans.sort_unstable();
    let mut united: Vec<LitSpan> = Vec::new();
    for span in spans {
        match united.last_mut().filter(|last| span.from <= last.to) {
            Some(last) => last.to = last.to.max(span.to),
            None => united.push(span),
        }
    }
    united
}

/// When `track` is lit, up to `length`.
fn lit_by(track: &Track, length: ShowTime) -> Vec<LitSpan> {
    let mut lit = Vec::new();
    let mut since = None;
    for (time, level) in track.edges().take_while(|(time, _)| *time < length) {
        match (since, level.is_lit()) {
            (None, true) => since = Some(time),
            (Some(from), false) => {
                lit.push(LitSpan { from, to: time });
                since = None;
            }
            (None, false) | (Some(_), true) => {}
        }
    }
    lit.extend(since.map(|from| LitSpan { from, to: length }));
    lit
}
