//! Half and double speed while a card plays: silence, and a playhead by the machine's clock. Back at normal speed, what is
//! heard is the file's own sound of the place where the playhead is.

use super::super::super::{resume, set_speed};
use super::file_deck::{FRAME, FileDeck, NOT_YET};
use super::*;
use crate::random::Random;
use crate::time::LoopRange;

const ALL: [Speed; 3] = [Speed::Half, Speed::Normal, Speed::Double];

impl FileDeck {
    /// Callbacks in which nothing is heard but what fades; how far the playhead came meanwhile.
    fn silent(&mut self, callbacks: usize) -> i64 {
        let (before, mut is_fading) = (self.playhead_at(self.mono()), true);
        for _ in 0..callbacks {
            let (samples, _) = self.callback();
            is_fading &= samples[0] != 0.0;
            assert!(
                is_fading || samples.iter().all(|sample| *sample == 0.0),
                "sound that is not to be heard"
            );
            assert!(!self.is_led());
        }
        self.playhead_at(self.mono()).0 - before.0
    }

    /// Sound comes back, and is that of the place; the playhead does not jump.
    fn check_return(&mut self, step: usize) {
        let (before, since) = (self.playhead_at(self.mono()), self.mono());
        self.supply();
        let (first, heard) = self.until_heard();
        let passed = self.mono().since(since);
        let came = self.playhead_at(self.mono()).0 - before.0;
        assert!((came - passed).abs() <= FRAME, "{step}: came {came} ns in {passed}");
        let expected = first.iter().filter(|sample| **sample != 0.0).count().saturating_sub(NOT_YET);
        assert!(self.check(&first, heard) >= expected, "{step}: the first sound is of {before:?}");
        let mut right = 0;
        for _ in 0..5 {
            let (samples, heard) = self.callback();
            right += self.check(&samples, heard);
        }
        // The decoder, a thread of its own, may be slow on a busy machine: then there is silence, never wrong sound.
        assert!(right >= 5 * PERIOD - NOT_YET || !self.is_led(), "{step}: {right} frames");
    }
}

#[test]
fn after_any_speeds_the_sound_is_that_of_the_place_also_after_seeks_pauses_and_loops() {
    for latency in [0, 30_000] {
        let mut deck = FileDeck::new(Playhead::Waiting, Offset::from_micros(latency));
        deck.until_heard();
        let mut dice = Random::new(&[b"speeds"]);
        for step in 0..60 {
            if dice.below(6) == 0 {
                let start = dice.below(1_500) + 100;
                let range = LoopRange::new(
                    ShowTime::from_micros(start * 1_000),
                    ShowTime::from_micros((start + 800 + dice.below(1_500)) * 1_000),
                );
                deck.shared.set_repeat((dice.below(2) == 0).then_some(range));
            }
            for _ in 0..dice.below(4) + 1 {
                let speed = ALL[[0, 2][dice.below(2) as usize]];
                let is_paused = dice.below(4) == 0;
                if is_paused {
                    deck.shared.playhead.update(|playhead| playhead.paused(deck.mono()));
                }
                let here = deck.playhead_at(deck.mono());
                set_speed(&deck.shared, deck.mono(), speed);
                assert_eq!(deck.playhead_at(deck.mono()), here, "{step}: it goes on where it is");
                assert_eq!(deck.shared.leader(), Leader::Machine);
                if is_paused {
                    assert_eq!(deck.silent(3), 0, "{step}: a pause stays one");
                    resume(&deck.shared, deck.mono());
                }
                if dice.below(3) == 0 {
                    let to = Position((dice.below(2_000_000) as i64 + 100_000) * 1_000);
                    deck.seek(to);
                    assert_eq!(deck.playhead_at(deck.mono()), to);
                }
                let callbacks = dice.below(6) as usize;
                let passed = callbacks as i64 * PERIOD_NANOS;
                let expected = if speed == Speed::Half { passed / 2 } else { passed * 2 };
                assert_eq!(deck.silent(callbacks), expected, "{step}: at {speed:?} speed");
            }
            if deck.playhead_at(deck.mono()).0 > 3_000_000_000 {
                deck.seek(Position(500_000_000));
            }
            set_speed(&deck.shared, deck.mono(), Speed::Normal);
            deck.check_return(step);
        }
    }
}

#[test]
fn a_show_that_waits_for_sound_begins_at_once_in_silence_and_sound_joins_it() {
    let mut deck = FileDeck::new(Playhead::Waiting, Offset::ZERO);
    set_speed(&deck.shared, deck.mono(), Speed::Double);
    assert_eq!(deck.silent(20), 40 * PERIOD_NANOS);
    set_speed(&deck.shared, deck.mono(), Speed::Normal);
    assert_eq!(deck.silent(3), 3 * PERIOD_NANOS);
    deck.check_return(0);
}

#[test]
fn a_show_that_is_paused_at_another_speed_goes_on_with_its_sound_at_normal_speed() {
    let mut deck = FileDeck::new(Playhead::Waiting, Offset::ZERO);
    deck.until_heard();
    set_speed(&deck.shared, deck.mono(), Speed::Half);
    deck.silent(10);
    deck.shared.playhead.update(|playhead| playhead.paused(deck.mono()));
    set_speed(&deck.shared, deck.mono(), Speed::Normal);
    deck.supply();
    assert_eq!(deck.silent(5), 0);
    resume(&deck.shared, deck.mono());
    deck.check_return(0);
}

#[test]
fn a_stream_that_is_opened_at_another_speed_is_silent() {
    let mut deck = FileDeck::new(running(0), Offset::ZERO);
    set_speed(&deck.shared, deck.mono(), Speed::Double);
    // What was opened for it has the sound of its place.
    deck.supply();
    assert_eq!(deck.silent(20), 40 * PERIOD_NANOS);
}
