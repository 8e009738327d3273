//! Songs as they are heard, made from a seed: any form, tempo and measure.

use std::time::Duration;

use crate::analysis::{
    HeardBar, HeardBeat, HeardMeasure, HeardMoment, HeardPart, HeardSong, MomentKind, PartRole,
};
use crate::random::Random;
use crate::time::ShowTime;

pub(super) struct MadeSong {
    pub(super) heard: HeardSong,
    pub(super) beats: Vec<ShowTime>,
    pub(super) in_bar: u32,
    pub(super) tempo_line: String,
    pub(super) length: ShowTime,
}

impl MadeSong {
    pub(super) fn of(seed: u64) -> Self {
        let mut random = Random::new(&[b"song", &seed.to_le_bytes()]);
        let (measure, in_bar, name) = [
            (HeardMeasure::Four, 4, "4/4"),
            (HeardMeasure::Four, 4, "4/4"),
            (HeardMeasure::Three, 3, "3/4"),
            (HeardMeasure::Six, 6, "6/8"),
        ][random.below(4) as usize];
        let usual = if in_bar == 6 { 240 } else { 60 };
        let bpm = usual + random.below(if in_bar == 6 { 160 } else { 140 });
        let first = random.below(4_000);
        let at = |beat: u64| ShowTime::from_micros(first * 1_000 + beat * 60_000_000 / bpm);
        let mut parts = Vec::new();
        let mut bar = 0;
        for place in 0..1 + random.below(9) {
            let bars = [4, 8, 8, 8, 16, 5][random.below(6) as usize];
            let letter = ["A", "B", "C", "A'"][random.below(4) as usize];
            let role = match (letter, random.below(3)) {
                (_, 0) => None,
                ("A" | "A'", _) => Some(PartRole::Verse),
                ("B", _) => Some(PartRole::Chorus),
                _ if place == 0 => Some(PartRole::Intro),
                _ => Some(PartRole::Break),
            };
            parts.push(HeardPart {
                name: letter.to_owned(),
                role,
                from: at(bar * in_bar),
                to: at((bar + bars) * in_bar),
                bars: bars as usize,
                energy: random.below(101) as f32 / 100.0,
            });
            bar += bars;
        }
        let count = bar * in_bar + 1;
        let end = at(count - 1);
        let mut moments = Vec::new();
        let mut moment =
            |from: u64, to: u64, kind| moments.push(HeardMoment { from: at(from), to: at(to), kind });
        for part in &parts {
            let begins = (part.from.micros() - first * 1_000) * bpm / 60_000_000;
            match random.below(4) {
                0 => moment(begins, begins, MomentKind::Entry),
                1 => moment(begins + in_bar, begins + in_bar + 3, MomentKind::Break),
                2 => moment(begins + in_bar, begins + 3 * in_bar, MomentKind::Rise),
                _ => {}
            }
        }
        if random.below(2) == 0 {
            moments.push(HeardMoment {
                from: end,
                to: end + Duration::from_secs(5),
                kind: MomentKind::Ending,
            });
        }
        // Half of the last chords have quiet music after them.
        let mut last_sound = end + Duration::from_secs(5);
        if let Some(HeardMoment { to, kind: MomentKind::Ending, .. }) = moments.last()
            && random.below(2) == 0
        {
            last_sound = *to + Duration::from_secs(7);
        }
        moments.sort_by_key(|moment| moment.from);
        let beat = |number: u64, random: &mut Random| HeardBeat {
            at: at(number),
            begins_bar: number.is_multiple_of(in_bar),
            low: random.below(100) as f32 / 50.0,
            middle: random.below(100) as f32 / 50.0,
            high: random.below(100) as f32 / 50.0,
            loudness: -20.0,
        };
        let heard = HeardSong {
            beats: (0..count).map(|number| beat(number, &mut random)).collect(),
            measure,
            beat_sureness: 0.9,
            measure_sureness: 0.9,
            bar_sureness: 0.9,
            doubtful: Vec::new(),
            parts,
            moments,
            bars: (0..bar)
                .map(|bar| HeardBar {
                    from: at(bar * in_bar),
                    to: at((bar + 1) * in_bar),
                    loudness: 0.5,
                    changes_harmony: random.below(2) == 0,
                    tune: random.below(101) as f32 / 100.0,
                })
                .collect(),
            first_sound: at(0),
            last_sound,
        };
        Self {
            heard,
            beats: (0..count).map(at).collect(),
            in_bar: in_bar as u32,
            tempo_line: format!("tempo {bpm} bpm, {name}, first beat at {first} ms"),
            length: last_sound + Duration::from_secs(1),
        }
    }
}
