//! Thousands of random sequences of events, in virtual time: what must always hold is in `invariants`.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use proptest::collection::vec;
use proptest::prelude::*;

use super::super::{EndRequest, InstanceEvent, ObserverOrder};
use super::world::{Fate, Fates, Mode, World};
use crate::ipc::{ConnectionId, Loudness, Order, Play};
use crate::rig;
use crate::stage::Wish;

/// Sequences in each mode.
const SEQUENCES: u32 = 2_000;
const LONGEST: usize = 50;

#[derive(Clone, Debug)]
enum Step {
    Wait(Duration),
    /// On one of a few connections.
    Order(u64, Order),
    /// One of them ends, and another takes its place.
    Leaves(u64),
    Button(rig::Order),
    Key(Wish),
    End(EndRequest),
    Observer(ObserverOrder),
    SoundLost,
    Fates(Fates),
}

fn show() -> impl Strategy<Value = String> {
    prop_oneof![Just("short"), Just("tune"), Just("long"), Just("missing")].prop_map(str::to_owned)
}

fn play() -> impl Strategy<Value = Order> {
    let options = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>(), 0..4_u8);
    (show(), options).prop_map(|(show, (interrupt, attach, looped, silent, other))| {
        let from = (other == 0).then(|| "0:02".to_owned());
        let volume = (other == 1).then_some(30);
        Order::Play(Play { interrupt, attach, looped, silent, from, volume, ..Play::show(&show) })
    })
}

fn order() -> impl Strategy<Value = Order> {
    prop_oneof![
        8 => play(),
        1 => Just(Order::Stop {}),
        2 => Just(Order::Next {}),
        2 => Just(Order::Pause {}),
        2 => Just(Order::Resume {}),
        2 => any::<bool>().prop_map(|on| Order::Blackout { on }),
        1 => (-20_i8..20).prop_map(|change| Order::Volume(Loudness::By { change })),
        2 => any::<bool>().prop_map(|on| Order::Hold { on }),
        2 => any::<bool>().prop_map(|at_once| Order::Leave { at_once }),
    ]
}

fn button() -> impl Strategy<Value = rig::Order> {
    prop_oneof![
        show().prop_map(rig::Order::Play),
        show().prop_map(rig::Order::Interrupt),
        Just(rig::Order::Next),
        Just(rig::Order::Stop),
        Just(rig::Order::Pause),
        Just(rig::Order::Resume),
        Just(rig::Order::Blackout),
        Just(rig::Order::Volume(rig::Loudness::By(10))),
    ]
}

fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![
        6 => (0..3_000_u64).prop_map(|millis| Fate::Works { after: Duration::from_millis(millis) }),
        1 => Just(Fate::Fails),
        1 => Just(Fate::Hangs),
    ]
}

fn fates() -> impl Strategy<Value = Fates> {
    (fate(), fate(), fate(), any::<bool>(), prop::bool::weighted(0.1)).prop_map(
        |(load, start, hooks, cancels_too_late, lights_hang)| Fates {
            load,
            start,
            hooks,
            cancels_too_late,
            lights_hang,
        },
    )
}

fn step() -> impl Strategy<Value = Step> {
    let wish = prop_oneof![Just(Wish::Pause), Just(Wish::Blackout), Just(Wish::Louder), Just(Wish::Softer)];
    let wait = prop_oneof![
        8 => 1..2_000_u64,
        4 => 2_000..10_000_u64,
        1 => 30_000..40_000_u64,
    ];
    prop_oneof![
        12 => wait.prop_map(|millis| Step::Wait(Duration::from_millis(millis))),
        14 => (0..4_u64, order()).prop_map(|(connection, order)| Step::Order(connection, order)),
        2 => (0..4_u64).prop_map(Step::Leaves),
        3 => button().prop_map(Step::Button),
        2 => wish.prop_map(Step::Key),
        1 => prop_oneof![
            Just(Step::Observer(ObserverOrder::Pause)),
            Just(Step::Observer(ObserverOrder::Resume)),
            Just(Step::Observer(ObserverOrder::Stop)),
            Just(Step::SoundLost),
        ],
        3 => fates().prop_map(Step::Fates),
    ]
}

/// Steps, and perhaps an ending that is asked for and goes on being asked for.
fn steps() -> impl Strategy<Value = Vec<Step>> {
    let end = prop_oneof![
        Just(Step::End(EndRequest::Fade)),
        Just(Step::End(EndRequest::AtOnce)),
        Just(Step::Key(Wish::Quit)),
    ];
    (vec(step(), 1..LONGEST), vec(end, 0..2), vec(step(), 0..5)).prop_map(|(mut steps, end, more)| {
        steps.extend(end);
        steps.extend(more);
        steps
    })
}

fn run(mode: Mode, steps: Vec<Step>) -> BTreeMap<&'static str, u32> {
    let mut world = World::new(mode);
    // A connection's number is never another's.
    let mut connections: [u64; 4] = [0, 1, 2, 3];
    for step in steps {
        match step {
            Step::Wait(time) => world.wait(time),
            Step::Order(at, order) => {
                let number = connections[at as usize];
                if world.invariants.may_order(number, &order) {
                    world.order(number, order);
                }
            }
            Step::Leaves(at) => {
                let place = &mut connections[at as usize];
                let left = std::mem::replace(place, *place + 4);
                world.feed(InstanceEvent::Left(ConnectionId(left)));
            }
            Step::Button(order) => world.feed(InstanceEvent::Button { button: "red".to_owned(), order }),
            Step::Key(wish) => world.feed(InstanceEvent::Key(wish)),
            Step::End(how) => world.feed(InstanceEvent::End(how)),
            Step::Observer(order) => world.feed(InstanceEvent::Observer(order)),
            Step::SoundLost if world.show.is_some() => world.feed(InstanceEvent::SoundLost),
            Step::SoundLost => {}
            Step::Fates(fates) => world.fates = fates,
        }
    }
    world.finish();
    world.invariants.seen
}

/// Runs random sequences; all that is `expected` must have happened in some of them, or they try too little.
fn check(mode: Mode, expected: &[&str]) {
    let seen = Mutex::new(BTreeMap::<&str, u32>::new());
    let config = ProptestConfig { cases: SEQUENCES, failure_persistence: None, ..ProptestConfig::default() };
    let outcome = proptest::test_runner::TestRunner::new(config).run(&steps(), |steps| {
        let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
        for (what, times) in run(mode, steps) {
            *seen.entry(what).or_default() += times;
        }
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
    let seen = seen.into_inner().unwrap_or_else(PoisonError::into_inner);
    for what in expected {
        let times = seen.get(what).copied().unwrap_or_default();
        assert!(times >= SEQUENCES / 50, "{what}: {times} times; {seen:?}");
    }
}

#[test]
fn a_command_keeps_its_promises_whatever_happens() {
    check(
        Mode::Play,
        &["an interrupt", "a fade", "a fade that is skipped", "an end that is told", "lights that hang"],
    );
}

#[test]
fn a_service_keeps_its_promises_whatever_happens() {
    check(
        Mode::Service,
        &["an interrupt", "a fade", "a fade that is skipped", "stop", "an end that is told"],
    );
}

#[test]
fn a_service_with_a_schedule_keeps_its_promises_whatever_happens() {
    check(
        Mode::Scheduled,
        &["an interrupt", "a show of the schedule", "a show", "stop", "an end that is told"],
    );
}
