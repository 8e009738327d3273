//! Seeks while a card plays: what is heard after each is the file's own sound of that place, and the playhead is there.

use super::super::super::resume;
use super::file_deck::{FRAME, FileDeck, NOT_YET};
use super::*;
use crate::random::Random;
use crate::time::LoopRange;

#[test]
fn two_hundred_seeks_either_way_are_exact_to_the_frame_also_while_paused_and_looped() {
    for latency in [0, 30_000, -20_000] {
        let mut deck = FileDeck::new(Playhead::Waiting, Offset::from_micros(latency));
        deck.until_heard();
        let mut dice = Random::new(&[b"seeks"]);
        for step in 0..200 {
            if dice.below(8) == 0 {
                let start = dice.below(2_000) + 100;
                let range = LoopRange::new(
                    ShowTime::from_micros(start * 1_000),
                    ShowTime::from_micros((start + 500 + dice.below(1_500)) * 1_000),
                );
                deck.shared.set_repeat((dice.below(2) == 0).then_some(range));
            }
            let end = deck.shared.repeat().map_or(4_500, |range| 2 * range.end().micros() / 1_000);
            let to = Position((dice.below(end * 1_000) as i64 + 100_000) * 1_000);
            let is_paused = dice.below(3) == 0;
            if is_paused {
                deck.shared.playhead.update(|playhead| playhead.paused(deck.mono()));
            }
            deck.seek(to);
            assert_eq!(deck.playhead_at(deck.mono()), to, "{step}: the lights are there at once");
            // The supervisor is never in time; while it is late, the playhead stays.
            for _ in 0..dice.below(4) {
                let (samples, _) = deck.callback();
                assert_eq!(deck.playhead_at(deck.mono()), to, "{step}: frames of the old place move nothing");
                assert!(!deck.is_led(), "{samples:?}");
            }
            deck.supply();
            if is_paused {
                for _ in 0..5 {
                    deck.callback();
                    assert_eq!(deck.playhead_at(deck.mono()), to, "{step}: a pause stays one");
                }
                resume(&deck.shared, deck.mono());
            }
            let (first, heard) = deck.until_heard();
            let expected = first.iter().filter(|sample| **sample != 0.0).count().saturating_sub(NOT_YET);
            if latency >= 0 {
                assert!(
                    deck.check(&first, heard) >= expected,
                    "{latency} {step}: the first sound is of {to:?}"
                );
            }
            if !is_paused {
                let goes_on = deck.playhead_at(heard.offset(latency.min(0) * 1_000));
                assert!(
                    (goes_on.0 - to.0).abs() <= FRAME,
                    "{step}: it goes on at {goes_on:?} and not at {to:?}"
                );
            }
            // Before a speaker that sounds early, what comes before the place is heard while the lights wait there.
            (latency..0).step_by(20_000).for_each(|_| _ = deck.callback());
            let mut right = 0;
            for _ in 0..5 {
                let (samples, heard) = deck.callback();
                right += deck.check(&samples, heard);
            }
            // The decoder, a thread of its own, may be slow on a busy machine: then there is silence, never wrong sound.
            assert!(right >= 5 * PERIOD - NOT_YET || !deck.is_led(), "{step}: {right} frames after {to:?}");
        }
    }
}

#[test]
fn a_storm_of_seeks_ends_at_the_last_place() {
    let mut deck = FileDeck::new(Playhead::Waiting, Offset::ZERO);
    deck.until_heard();
    let place = |step: i64| Position(((step * 7) % 40 + 1) * 100_000_000);
    for step in 0..300 {
        deck.seek(place(step));
        if step % 3 == 0 {
            deck.supply();
        }
        if step % 2 == 0 {
            deck.callback();
        }
        assert_eq!(deck.playhead_at(deck.mono()), place(step));
    }
    deck.supply();
    let (first, heard) = deck.until_heard();
    assert!(deck.check(&first, heard) + NOT_YET >= first.iter().filter(|sample| **sample != 0.0).count());
    assert!((deck.playhead_at(heard).0 - place(299).0).abs() <= FRAME);
}

#[test]
fn a_show_that_waits_begins_where_somebody_has_sought() {
    let mut deck = FileDeck::new(Playhead::Waiting, Offset::ZERO);
    deck.callback();
    deck.seek(Position(2_000_000_000));
    deck.callback();
    assert_eq!(deck.shared.playhead.read(), Playhead::Waiting);
    deck.supply();
    let (first, heard) = deck.until_heard();
    assert_eq!(deck.check(&first, heard), PERIOD, "no ramp: nothing was heard before");
    assert_eq!(deck.frame(deck.playhead_at(heard)), 96_000);
}

#[test]
fn without_a_card_the_playhead_runs_on_from_the_place_and_sound_joins_it() {
    let mut deck = FileDeck::new(running(0), Offset::ZERO);
    deck.seek(Position(3_000_000_000));
    let sought = deck.mono();
    assert_eq!(deck.playhead_at(sought.offset(20_000_000)), Position(3_020_000_000));
    deck.supply();
    let (first, heard) = deck.until_heard();
    let expected = first.iter().filter(|sample| **sample != 0.0).count().saturating_sub(NOT_YET);
    assert!(deck.check(&first, heard) >= expected);
    let (second, heard) = deck.callback();
    assert_eq!(deck.check(&second, heard), PERIOD);
}
