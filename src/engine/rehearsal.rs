//! A show in virtual time: what the timing thread decides, without a thread, a sleep or a pin. For benches
//! and tests; hours of it pass in a blink.

use std::ops::Range;
use std::sync::Arc;

use crate::clock::Playhead;
use crate::heartbeat::Heartbeat;
use crate::output::drivers::Drivers;
use crate::output::trace::{Record, Tape};
use crate::rig::Rig;
use crate::time::Mono;
use crate::timeline::Timeline;

use super::controls::Orders;
use super::extent::Extent;
use super::mixer::{Followers, Mixer};
use super::plan::Plan;
use super::relay_dwell::RelayMoves;
use super::state::State;
use super::tick::Ticker;

/// Plays along `playhead` from the start of `span` to its end or the show's, waking exactly when the
/// timing thread would wish to. `see` is told every change of a level, and every edge of a line.
///
/// # Panics
/// When the system has no memory left for a heartbeat.
pub fn rehearse(
    timeline: Arc<Timeline>,
    rig: &Rig,
    drivers: Drivers,
    extent: Extent,
    playhead: Playhead,
    span: Range<Mono>,
    mut see: impl FnMut(Record),
) {
    let relay_moves = RelayMoves::default();
    let mixer = Mixer::new(Plan::new(timeline, extent), rig, &relay_moves, &drivers);
    let state = State::new(rig.channels.iter().map(|channel| channel.safe), &relay_moves);
    let heartbeat = Heartbeat::new().expect("there is memory for a heartbeat");
    let (mut tape, recorder) = Tape::edges(rig.channels.len());
    let followers = Followers { state: &state, recorder: Some(recorder) };
    let mut ticker = Ticker { mixer, drivers, heartbeat: &heartbeat, followers, interventions: 0 };
    let mut now = span.start;
    while now < span.end {
        let ending = ticker.tick(now, playhead, Orders::default(), &|| now);
        tape.read().for_each(&mut see);
        if ending.is_some() {
            return;
        }
        // Whatever is due now has been done; the next instant is later.
        now = ticker.next_wake(now, playhead).at.max(now.offset(1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{Course, Position};
    use crate::engine::Passes;
    use crate::level::Level;
    use crate::output::testing::{rig, simulated};
    use crate::time::ShowTime;
    use crate::timeline::Track;

    #[test]
    fn every_edge_of_an_hour_comes_when_a_card_300_ppm_off_plays_it() {
        const EDGES: u64 = 36_000;
        let show = |edge: u64| ShowTime::from_micros(edge * 100_000);
        let mut neon = Track::default();
        for edge in 1..EDGES {
            neon.hold(show(edge), if edge % 2 == 1 { Level::FULL } else { Level::OFF });
        }
        let timeline = Arc::new(Timeline::new(vec![neon, Track::default()]));
        let extent = Extent { from: ShowTime::ZERO, passes: Passes::Once(show(EDGES)) };
        for rate_ppb in [-300_000, 300_000] {
            let begins = Mono::from_nanos(7_000_000_000);
            let course = Course { rate_ppb, ..Course::by_machine(begins, Position(0)) };
            let span = begins..begins.offset(3_700_000_000_000);
            let mut edge = 0;
            let (rig, playhead) = (rig(), Playhead::Running(course));
            rehearse(Arc::clone(&timeline), &rig, simulated(&rig), extent, playhead, span, |record| {
                let Record::Edge { written: at, .. } = record else { return };
                edge += 1;
                // The course is turned round to the nanosecond a second and 30 ppm.
                let late = at.since(course.when(Position::at(show(edge))).unwrap());
                assert!((0..=1_000).contains(&late), "edge {edge} is {late} ns late");
            });
            assert_eq!(edge, EDGES, "the last goes dark at the end");
        }
    }
}
