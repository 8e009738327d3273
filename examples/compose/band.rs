//! The band and its mixing desk: reads a piece, gives every instrument its notes, and balances them.

use anyhow::Context;

use crate::piece::{Accent, Part, Piece};
use crate::reverb::Reverb;
use crate::score::{BAR, Note, Pitch, Step, line, pitches, strip};
use crate::signal::{Stereo, Tone, samples};
use crate::{bass, bell, drums, echo, lead, master, organ, pad, pluck};

/// One channel of the desk an instrument; those that go through the same effects share one.
struct Desk {
    pad: Stereo,
    bass: Stereo,
    pluck: Stereo,
    lead: Stereo,
    bell: Stereo,
    /// Kick and hat, dry.
    beat: Stereo,
    /// Snare and toms, through the gated room.
    gated: Stereo,
    /// Cymbals, risers and other air.
    air: Stereo,
    /// The public address system.
    ceiling: Stereo,
    kicks: Vec<usize>,
    gated_strokes: Vec<usize>,
    power_down: Option<(usize, usize)>,
}

/// Plays `piece` and mixes it.
///
/// # Errors
/// When a part is written wrongly; the error names part and instrument.
pub(crate) fn perform(piece: &Piece) -> anyhow::Result<Stereo> {
    let silence = Stereo::silence(samples(piece.length));
    let mut desk = Desk {
        pad: silence.clone(),
        bass: silence.clone(),
        pluck: silence.clone(),
        lead: silence.clone(),
        bell: silence.clone(),
        beat: silence.clone(),
        gated: silence.clone(),
        air: silence.clone(),
        ceiling: silence,
        kicks: Vec::new(),
        gated_strokes: Vec::new(),
        power_down: None,
    };
    for (start, part) in piece.placed() {
        let stand = Stand { piece, part, start };
        stand.harmony(&mut desk).with_context(|| format!("part {}: chords", part.name))?;
        stand.tunes(&mut desk).with_context(|| format!("part {}: tunes", part.name))?;
        stand.rhythm(&mut desk);
        stand.accents(&mut desk);
    }
    Ok(desk.mix(piece))
}

/// What lies before the musicians: one part of a piece.
struct Stand<'a> {
    piece: &'a Piece,
    part: &'a Part,
    start: Step,
}

impl Stand<'_> {
    fn sample(&self, step: Step) -> usize {
        samples(self.piece.tempo.time_of(step))
    }

    fn tone(&self, start: Step, sixteenths: u32, pitch: Pitch, loud: f32) -> Tone {
        Tone {
            start: self.sample(start),
            held: self.piece.tempo.seconds(sixteenths),
            hertz: pitch.up(self.part.raised).hertz(),
            loud,
        }
    }

    /// The part's brightness at a step, in hertz.
    fn glow_at(&self, step: Step) -> f32 {
        let [from, to] = self.part.glow;
        from * (to / from).powf((step.0 - self.start.0) as f32 / (self.part.bars * BAR) as f32)
    }

    /// Pad, bass and pluck: what follows the chords.
    fn harmony(&self, desk: &mut Desk) -> anyhow::Result<()> {
        let Part { bars, .. } = *self.part;
        let bass_strip = strip(self.part.bass.text, self.start, bars);
        let pluck_strip = strip(self.part.pluck.text, self.start, bars);
        let mut from = self.start;
        for chord in self.part.chords {
            let until = from.plus(chord.length);
            let root = pitches(chord.bass)?[0];
            let voicing = pitches(chord.voicing)?;
            for pitch in &voicing {
                let tone = self.tone(from, chord.length, *pitch, self.part.pad);
                pad::sound(tone, [self.glow_at(from), self.glow_at(until)], &mut desk.pad);
            }
            let here = |(at, _): &&(Step, char)| (from..until).contains(at);
            for (at, which) in bass_strip.iter().filter(here) {
                let pitch = match which {
                    'o' => root.up(12.0),
                    '5' => root.up(7.0),
                    _ => root,
                };
                bass::sound(self.tone(*at, 1, pitch, self.part.bass.loud), &mut desk.bass);
            }
            for (at, which) in pluck_strip.iter().filter(here) {
                let index = which.to_digit(10).context("a pluck strip holds digits")? as usize - 1;
                let pitch = voicing[index % voicing.len()].up(12.0 * (index / voicing.len()) as f32);
                let place = if at.0 % 2 == 0 { -0.45 } else { 0.45 };
                let tone = self.tone(*at, 1, pitch, self.part.pluck.loud);
                pluck::sound(tone, self.glow_at(*at), place, &mut desk.pluck);
            }
            from = until;
        }
        Ok(())
    }

    /// Lead, bell and organ: what is written note by note.
    fn tunes(&self, desk: &mut Desk) -> anyhow::Result<()> {
        let Part { bars, lead, bell, organ, .. } = self.part;
        let tones = |note: &Note, loud: f32| -> Vec<Tone> {
            note.pitches.iter().map(|pitch| self.tone(note.start, note.length, *pitch, loud)).collect()
        };
        let sung = line(lead.text, self.start, *bars).context("lead")?;
        let sung: Vec<Tone> = sung.iter().flat_map(|note| tones(note, lead.loud)).collect();
        lead::sound(&sung, &mut desk.lead);
        for note in line(bell.text, self.start, *bars).context("bell")? {
            for tone in tones(&note, bell.loud) {
                bell::sound(tone, &mut desk.bell);
            }
        }
        for note in line(organ.text, self.start, *bars).context("organ")? {
            for tone in tones(&note, organ.loud) {
                organ::sound(tone, &mut desk.ceiling);
            }
        }
        Ok(())
    }

    fn rhythm(&self, desk: &mut Desk) {
        let Part { bars, kick, snare, hat, toms, .. } = self.part;
        let strokes = |text| {
            strip(text, self.start, *bars).into_iter().map(|(at, stroke)| {
                let softness = if stroke == 'o' { 0.5 } else { 1.0 };
                (self.sample(at), stroke, softness)
            })
        };
        for (at, _, loud) in strokes(kick.text) {
            drums::kick(at, loud * kick.loud, &mut desk.beat);
            desk.kicks.push(at);
        }
        for (at, _, loud) in strokes(hat.text) {
            drums::hat(at, loud * hat.loud, &mut desk.beat);
        }
        for (at, _, loud) in strokes(snare.text) {
            drums::snare(at, loud * snare.loud, &mut desk.gated);
            desk.gated_strokes.push(at);
        }
        for (at, which, _) in strokes(toms.text) {
            drums::tom(at, which, toms.loud, &mut desk.gated);
            desk.gated_strokes.push(at);
        }
    }

    fn accents(&self, desk: &mut Desk) {
        for (after, accent) in self.part.accents {
            let at = self.sample(self.start.plus(*after));
            match *accent {
                Accent::Crash => drums::crash(at, 0.5, &mut desk.air),
                Accent::Inhale => drums::inhale(at, 0.45, &mut desk.air),
                Accent::Riser(length) => {
                    drums::riser(at, self.piece.tempo.seconds(length), 0.8, &mut desk.air);
                }
                Accent::Boom => drums::boom(at, 0.9, &mut desk.beat),
                Accent::Ding => {
                    let tone = Tone { start: at, held: 1.6, hertz: 1_480.0, loud: 0.5 };
                    drums::ding(tone, &mut desk.air);
                }
                Accent::Click => drums::click(at, 0.7, &mut desk.beat),
                Accent::PowerDown(length) => {
                    desk.power_down = Some((at, samples(self.piece.tempo.seconds(length))));
                }
            }
        }
    }
}

impl Desk {
    fn mix(mut self, piece: &Piece) -> Stereo {
        const GATED_ROOM: Reverb = Reverb { decay: 1.6, damping: 6_500.0, distance: 0.004 };
        const HALL: Reverb = Reverb { decay: 2.4, damping: 5_200.0, distance: 0.022 };
        let dotted_eighth = piece.tempo.seconds(3);
        self.gated_strokes.sort_unstable();

        let mut burst = GATED_ROOM.answer(&self.gated);
        master::gate(&mut burst, &self.gated_strokes, 0.19);

        organ::through_the_ceiling(&mut self.ceiling);
        if let Some((start, length)) = self.power_down {
            echo::power_down(&mut self.ceiling, start, length);
        }

        let mut pad = echo::chorus(&self.pad);
        master::duck(&mut pad, &self.kicks, 0.55);
        master::duck(&mut self.pluck, &self.kicks, 0.35);
        master::duck(&mut self.bass, &self.kicks, 0.6);

        let mut to_echo = Stereo::silence(pad.len());
        to_echo.mix_in(&self.pluck, 0.45);
        to_echo.mix_in(&self.lead, 0.3);
        to_echo.mix_in(&self.bell, 0.4);
        let echoes = echo::ping_pong(&to_echo, dotted_eighth, 0.42);

        let mut to_hall = Stereo::silence(pad.len());
        for (bus, amount) in [
            (&pad, 0.30),
            (&self.pluck, 0.22),
            (&self.lead, 0.28),
            (&self.bell, 0.38),
            (&self.gated, 0.10),
            (&self.air, 0.30),
            (&self.ceiling, 0.22),
            (&echoes, 0.30),
        ] {
            to_hall.mix_in(bus, amount);
        }
        let mut hall = HALL.answer(&to_hall);
        master::duck(&mut hall, &self.kicks, 0.3);

        let mut mix = Stereo::silence(pad.len());
        for (bus, gain) in [
            (&pad, 0.34),
            (&self.bass, 0.66),
            (&self.pluck, 0.36),
            (&self.lead, 0.38),
            (&self.bell, 0.58),
            (&self.beat, 0.66),
            (&self.gated, 0.42),
            (&burst, 0.24),
            (&self.air, 0.60),
            (&self.ceiling, 0.36),
            (&echoes, 0.50),
            (&hall, 0.25),
        ] {
            mix.mix_in(bus, gain);
        }
        master::finish(&mut mix, 0.9);
        mix
    }
}
