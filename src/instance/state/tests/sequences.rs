//! Thousands of random sequences of events, in virtual time: what must always hold is in `invariants`.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use proptest::collection::vec;
use proptest::prelude::*;

use super::super::{EndRequest, InstanceEvent, ObserverOrder};
use super::fixtures::{FilesFate, Mode, TaskFate, TaskFates};
use super::virtual_runner::VirtualRunner;
use crate::ipc::{ConnectionId, Order, OutputKind, Play, Seek, VolumeChange};
use crate::rig;
use crate::speed::Speed;
use crate::stage::{Key, Wish};
use crate::time::ShowTime;

/// Sequences in each mode.
const SEQUENCES: u32 = 1_000;
const LONGEST: usize = 50;

#[derive(Clone, Debug)]
enum RandomEvent {
    Wait(Duration),
    /// On one of a few connections.
    Order(u64, Order),
    /// One of them ends, and another takes its place.
    Leaves(u64),
    Button(rig::ButtonOrder),
    Key(Wish),
    End(EndRequest),
    Observer(ObserverOrder),
    SoundLost,
    /// The show that plays, as another one, and perhaps for another rig.
    Save(String, bool),
    TaskFates(TaskFates),
}

fn show() -> impl Strategy<Value = String> {
    prop_oneof![Just("short"), Just("tune"), Just("long"), Just("missing")].prop_map(str::to_owned)
}

fn play() -> impl Strategy<Value = Order> {
    let options = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>(), 0..4_u8);
    (show(), options).prop_map(|(show, (interrupt, attach, looped, silent, other))| {
        let from = (other == 0).then(|| "0:02".parse().unwrap());
        let volume = (other == 1).then_some(30);
        Order::Play(Play { interrupt, attach, looped, silent, from, volume, ..Play::show(&show) })
    })
}

fn order() -> impl Strategy<Value = Order> {
    prop_oneof![
        8 => play(),
        1 => Just(Order::Stop {}),
        1 => Just(Order::Off {}),
        4 => Just(Order::Reload {}),
        2 => Just(Order::Next {}),
        2 => Just(Order::Pause {}),
        2 => Just(Order::Resume {}),
        2 => any::<bool>().prop_map(|on| Order::Blackout { on }),
        1 => (-20_i8..20).prop_map(|change| Order::Volume(VolumeChange::By { change })),
        3 => seek().prop_map(Order::Seek),
        6 => any::<bool>().prop_map(|on| Order::Loop { on }),
        2 => speed().prop_map(|to| Order::Speed { to }),
        2 => any::<bool>().prop_map(|on| Order::Hold { on }),
        2 => any::<bool>().prop_map(|at_once| Order::Leave { at_once }),
    ]
}

fn speed() -> impl Strategy<Value = Speed> {
    prop::sample::select(vec![Speed::Half, Speed::Normal, Speed::Double])
}

fn seek() -> impl Strategy<Value = Seek> {
    let places =
        ["0:00", "0:03", "0:09", "99:00", "4.1", "+1 s", "-2 s", "+90 s", "-90 s", "+1 bar", "-2 bars"];
    prop::sample::select(places.to_vec()).prop_map(|place| place.parse().unwrap())
}

fn button() -> impl Strategy<Value = rig::ButtonOrder> {
    prop_oneof![
        show().prop_map(rig::ButtonOrder::Play),
        show().prop_map(rig::ButtonOrder::Interrupt),
        Just(rig::ButtonOrder::Next),
        Just(rig::ButtonOrder::Stop),
        Just(rig::ButtonOrder::Pause),
        Just(rig::ButtonOrder::Resume),
        Just(rig::ButtonOrder::Blackout),
        Just(rig::ButtonOrder::Volume(VolumeChange::By { change: 10 })),
        prop::sample::select(vec!["+1 s", "-2 s", "+1 bar"])
            .prop_map(|step| rig::ButtonOrder::Step(step.parse().unwrap())),
        Just(rig::ButtonOrder::SeekTo(ShowTime::ZERO)),
    ]
}

fn fate() -> impl Strategy<Value = TaskFate> {
    prop_oneof![
        6 => (0..3_000_u64).prop_map(|millis| TaskFate::Works { after: Duration::from_millis(millis) }),
        1 => Just(TaskFate::Fails),
        1 => Just(TaskFate::Hangs),
    ]
}

fn files() -> impl Strategy<Value = FilesFate> {
    prop_oneof![
        1 => Just(FilesFate::Unchanged),
        2 => prop::bool::weighted(0.2).prop_map(|is_gone| FilesFate::Schedule { is_gone }),
        3 => Just(FilesFate::Rig),
        1 => Just(FilesFate::Both),
    ]
}

fn fates() -> impl Strategy<Value = TaskFates> {
    let shows = (fate(), fate(), fate(), any::<bool>(), prop::bool::weighted(0.1));
    let reload = (fate(), files(), prop::bool::weighted(0.2));
    (shows, reload).prop_map(
        |((load, start, hooks, cancels_too_late, lights_hang), (read, files, rig_is_refused))| TaskFates {
            load,
            start,
            hooks,
            cancels_too_late,
            lights_hang,
            read,
            files,
            rig_is_refused,
        },
    )
}

fn step() -> impl Strategy<Value = RandomEvent> {
    let wishes = [Wish::Pause, Wish::Blackout, Wish::Next, Wish::Louder, Wish::Softer];
    let keys = [
        Key::Left,
        Key::Right,
        Key::ShiftLeft,
        Key::ShiftRight,
        Key::Char('r'),
        Key::Char('l'),
        Key::Char('<'),
        Key::Char('>'),
        Key::Char('x'),
    ];
    let wish = prop::sample::select(wishes.into_iter().chain(keys.map(Wish::Key)).collect::<Vec<_>>());
    let wait = prop_oneof![
        8 => 1..2_000_u64,
        4 => 2_000..10_000_u64,
        1 => 30_000..40_000_u64,
    ];
    prop_oneof![
        12 => wait.prop_map(|millis| RandomEvent::Wait(Duration::from_millis(millis))),
        14 => (0..4_u64, order()).prop_map(|(connection, order)| RandomEvent::Order(connection, order)),
        2 => (0..4_u64).prop_map(RandomEvent::Leaves),
        3 => button().prop_map(RandomEvent::Button),
        2 => wish.prop_map(RandomEvent::Key),
        1 => prop_oneof![
            Just(RandomEvent::Observer(ObserverOrder::Pause)),
            Just(RandomEvent::Observer(ObserverOrder::Resume)),
            Just(RandomEvent::Observer(ObserverOrder::Stop)),
            Just(RandomEvent::SoundLost),
        ],
        3 => (prop::sample::select(vec!["short", "tune", "long"]), prop::bool::weighted(0.3))
            .prop_map(|(name, is_rewired)| RandomEvent::Save(name.to_owned(), is_rewired)),
        3 => fates().prop_map(RandomEvent::TaskFates),
    ]
}

/// Steps, and perhaps an ending that is asked for and goes on being asked for.
fn steps() -> impl Strategy<Value = Vec<RandomEvent>> {
    let end = prop_oneof![
        Just(RandomEvent::End(EndRequest::Fade)),
        Just(RandomEvent::End(EndRequest::AtOnce)),
        Just(RandomEvent::Key(Wish::Quit)),
    ];
    (vec(step(), 1..LONGEST), vec(end, 0..2), vec(step(), 0..5)).prop_map(|(mut steps, end, more)| {
        steps.extend(end);
        steps.extend(more);
        steps
    })
}

fn run(mode: Mode, steps: Vec<RandomEvent>) -> BTreeMap<&'static str, u32> {
    // Real lights play at normal speed only, which the runner asserts.
    let output = if mode == Mode::Scheduled { OutputKind::Gpio } else { OutputKind::Sim };
    let mut runner = VirtualRunner::with(mode, output);
    // A connection's number is never another's.
    let mut connections: [u64; 4] = [0, 1, 2, 3];
    for step in steps {
        match step {
            RandomEvent::Wait(time) => runner.wait(time),
            RandomEvent::Order(at, order) => {
                let number = connections[at as usize];
                if runner.invariants.may_order(number, &order) {
                    runner.order(number, order);
                }
            }
            RandomEvent::Leaves(at) => {
                let place = &mut connections[at as usize];
                let left = std::mem::replace(place, *place + 4);
                runner.feed(InstanceEvent::Left(ConnectionId(left)));
            }
            RandomEvent::Button(order) => {
                runner.feed(InstanceEvent::Button { button: "red".to_owned(), order })
            }
            RandomEvent::Key(wish) => runner.feed(InstanceEvent::Key(wish)),
            RandomEvent::End(how) => runner.feed(InstanceEvent::End(how)),
            RandomEvent::Observer(order) => runner.feed(InstanceEvent::Observer(order)),
            RandomEvent::SoundLost if runner.show.is_some() => runner.feed(InstanceEvent::SoundLost),
            RandomEvent::SoundLost => {}
            RandomEvent::Save(name, is_rewired) if mode == Mode::Play => runner.save(&name, is_rewired),
            RandomEvent::Save(..) => {}
            RandomEvent::TaskFates(fates) => runner.fates = fates,
        }
    }
    runner.finish();
    runner.invariants.seen
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
        &[
            "an interrupt",
            "a fade",
            "a fade that is skipped",
            "an end that is told",
            "lights that hang",
            "a save",
            "a new rig",
            "a seek",
            "a loop",
            "a loop that ends",
            "half",
            "double",
        ],
    );
}

#[test]
fn a_service_keeps_its_promises_whatever_happens() {
    check(
        Mode::Service,
        &[
            "an interrupt",
            "a fade",
            "a fade that is skipped",
            "stop",
            "off",
            "a new rig",
            "a seek",
            "a loop",
            "a loop that ends",
            "half",
            "double",
            "an end that is told",
            "a show that follows an ending one",
        ],
    );
}

#[test]
fn a_service_with_a_schedule_keeps_its_promises_whatever_happens() {
    check(
        Mode::Scheduled,
        &[
            "an interrupt",
            "a show of the schedule",
            "a show",
            "stop",
            "off",
            "a new rig",
            "a seek",
            "a loop",
            "a loop that ends",
            "an end that is told",
        ],
    );
}
