//! What a light of the rig shows of the effects of its channels: no two at a time, and only what it can show and bear.
//! Knows no sheet.

use super::super::level_swing::{FLASH, LevelSwing};
use super::super::lit_span::LitSpan;
use super::super::restraint::{self, RestrainedLight, Restraint};
use super::sequence::{LorEffect, LorEffectKind};
use crate::level::Level;
use crate::rig::{Channel, ChannelId, Kind};
use crate::time::ShowTime;

/// How carefully a light is spared flashes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum PlanCare {
    /// It twinkles where the sequence says so.
    Twinkling,
    Steady,
    /// Every effect counts as a flash.
    Strict,
}

/// What became of the effects of a light.
#[derive(Debug, Default)]
pub(super) struct LightPlan {
    /// In order, none over another.
    pub(super) effects: Vec<LorEffect>,
    /// How many begin while another one lasts.
    pub(super) covered: usize,
    /// Shimmers, and twinkles that would wear a relay: they are steady.
    pub(super) steadied: usize,
    /// Too dim for a light that only switches.
    pub(super) dim: usize,
    /// Fades of a light that only switches.
    pub(super) switched: usize,
    /// All that begin, and those that are kept.
    flashes: usize,
    kept: usize,
    why: Option<Restraint>,
}

impl LightPlan {
    /// Of `effects`, in any order, in a show of `length`.
    pub(super) fn of(
        mut effects: Vec<LorEffect>,
        channel: &Channel,
        flash: Option<u32>,
        length: ShowTime,
        care: PlanCare,
    ) -> Self {
        let mut plan = Self::default();
        effects.sort_by_key(|effect| (effect.from, effect.to));
        for effect in &mut effects {
            let may_twinkle = effect.kind == LorEffectKind::Twinkle
                && care == PlanCare::Twinkling
                && channel.kind != Kind::Relay;
            if effect.kind != LorEffectKind::Steady && !may_twinkle {
                effect.kind = LorEffectKind::Steady;
                plan.steadied += 1;
            }
        }
        plan.without_overlaps(effects);
        if !channel.kind.dims() {
            plan.switch();
        }
        plan.restrain(channel, flash, length, care);
        plan
    }

    /// What the light, which is `channel`, may not do.
    pub(super) fn restrained(&self, channel: ChannelId) -> Option<RestrainedLight> {
        let why = self.why.clone()?;
        Some(RestrainedLight { channel, all: self.flashes, kept: self.kept, why })
    }

    /// A later effect lies over an earlier one, which is seen again when it ends.
    fn without_overlaps(&mut self, effects: Vec<LorEffect>) {
        // Those that have begun, the latest last.
        let mut open: Vec<LorEffect> = Vec::new();
        let mut now = ShowTime::ZERO;
        for effect in effects {
            self.show(&mut open, now, effect.from);
            self.covered += usize::from(open.last().is_some_and(|last| last.to > effect.from));
            now = effect.from;
            open.push(effect);
        }
        self.show(&mut open, now, ShowTime::MAX);
    }

    /// Shows what lies on top from `now` until `end`.
    fn show(&mut self, open: &mut Vec<LorEffect>, mut now: ShowTime, end: ShowTime) {
        while let Some(top) = open.last().filter(|_| now < end) {
            let to = top.to.min(end);
            if to > now {
                let part =
                    LorEffect { from: now, to, start: level_at(top, now), end: level_at(top, to), ..*top };
                self.add(part);
                now = to;
            }
            if top.to <= now {
                open.pop();
            }
        }
    }

    /// An effect that goes on as the one before is one with it.
    fn add(&mut self, effect: LorEffect) {
        let goes_on = |last: &LorEffect| {
            (last.to, last.kind, last.start, last.end)
                == (effect.from, effect.kind, effect.start, effect.start)
                && effect.start == effect.end
        };
        match self.effects.last_mut().filter(|last| goes_on(last)) {
            Some(last) => last.to = effect.to,
            None if (effect.start, effect.end) == (Level::OFF, Level::OFF) => {}
            None => self.effects.push(effect),
        }
    }

    /// On from 50 % upward, as every light that only switches.
    fn switch(&mut self) {
        let mut switched: Vec<LorEffect> = Vec::new();
        for effect in std::mem::take(&mut self.effects) {
            self.switched += usize::from(effect.start != effect.end);
            let Some((from, to)) = lit_part(&effect) else {
                self.dim += 1;
                continue;
            };
            let effect = LorEffect { from, to, start: Level::FULL, end: Level::FULL, ..effect };
            match switched.last_mut().filter(|last| last.to == effect.from && last.kind == effect.kind) {
                Some(last) => last.to = effect.to,
                None => switched.push(effect),
            }
        }
        self.effects = switched;
    }

    fn restrain(&mut self, channel: &Channel, flash: Option<u32>, length: ShowTime, care: PlanCare) {
        let flashes = self.flashes(care);
        let spans: Vec<LitSpan> = flashes.iter().map(|(span, _)| *span).collect();
        let (kept, why) = restraint::kept(&spans, channel, flash, length);
        self.flashes = spans.len();
        self.kept = kept.iter().filter(|kept| **kept).count();
        self.why = why.into_iter().last();
        let mut is_kept = vec![true; self.effects.len()];
        let ends = flashes.iter().skip(1).map(|(_, first)| *first).chain([self.effects.len()]);
        for (((_, first), end), kept) in flashes.iter().zip(ends).zip(kept) {
            is_kept[*first..end].fill(kept);
        }
        let mut is_kept = is_kept.into_iter();
        self.effects.retain(|_| is_kept.next().unwrap_or(true));
    }

    /// Where the light rises by a tenth of full, with the number of the effect that does it. If `care` is strict, each
    /// effect counts as one that does.
    fn flashes(&self, care: PlanCare) -> Vec<(LitSpan, usize)> {
        let mut flashes: Vec<(LitSpan, usize)> = Vec::new();
        let mut swing = LevelSwing::default();
        let mut end = ShowTime::ZERO;
        for (number, effect) in self.effects.iter().enumerate() {
            if effect.from > end {
                swing.rises_to(Level::OFF);
            }
            let at_once = swing.rises_to(effect.start);
            let low = swing.turn();
            let later = swing.rises_to(effect.end).then(|| at_level(effect, low.hundredths() + FLASH));
            let rise = match care {
                PlanCare::Strict => Some(effect.from),
                _ if at_once || flashes.is_empty() => Some(effect.from),
                _ => later,
            };
            match (rise, flashes.last_mut()) {
                (None, Some((span, _))) => span.to = effect.to,
                (rise, _) => {
                    let from = rise.unwrap_or(effect.from);
                    flashes.push((LitSpan { from, to: effect.to }, number));
                }
            }
            end = effect.to;
        }
        flashes
    }
}

/// When `effect`, whose level moves, is at `hundredths`, or as near as it comes; rounded up to the microsecond.
fn at_level(effect: &LorEffect, hundredths: u16) -> ShowTime {
    let (start, end) = (u64::from(effect.start.hundredths()), u64::from(effect.end.hundredths()));
    let hundredths = u64::from(hundredths).clamp(start.min(end), start.max(end));
    let moved = start.abs_diff(hundredths);
    let over = (effect.to - effect.from).as_micros() as u64;
    effect.from + std::time::Duration::from_micros((over * moved).div_ceil(start.abs_diff(end).max(1)))
}

/// The level of `effect` at `time` within it.
fn level_at(effect: &LorEffect, time: ShowTime) -> Level {
    let (start, end) = (i128::from(effect.start.hundredths()), i128::from(effect.end.hundredths()));
    let over = (effect.to - effect.from).as_micros().cast_signed().max(1);
    let passed = (time - effect.from).as_micros().cast_signed();
    let level = start + (end - start) * passed / over;
    Level::from_hundredths(u16::try_from(level).unwrap_or(0))
}

/// From when until when `effect` is at 50 % or more.
fn lit_part(effect: &LorEffect) -> Option<(ShowTime, ShowTime)> {
    let half = Level::HALF;
    let (from, to) = match (effect.start >= half, effect.end >= half) {
        (true, true) => (effect.from, effect.to),
        (false, true) => (at_level(effect, half.hundredths()), effect.to),
        (true, false) => (effect.from, at_level(effect, half.hundredths())),
        (false, false) => return None,
    };
    (from < to).then_some((from, to))
}
