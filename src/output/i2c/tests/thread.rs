//! The driver and the thread of a bus, in real time: what is handed over arrives, and nobody waits without a limit.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use super::*;
use crate::clock::monotonic;
use crate::output::driver::{Driver, DriverContext, LevelChange};
use crate::output::i2c::driver::BusDriver;
use crate::output::i2c::shared_images::SharedImages;
use crate::rig::ChannelId;

/// Long enough for any machine under any load; a failure, not a delay, waits for it.
const PATIENCE: Duration = Duration::from_secs(20);

fn driver(bus: &ChipBus) -> BusDriver {
    let rig = rig();
    let channels: Vec<_> = rig.channel_ids().zip(rig.channels.iter().cloned()).collect();
    let bus = bus.clone();
    BusDriver::on(&safe_bus(), &channels, Arc::new(move |_| Ok(Box::new(bus.clone()) as Box<dyn I2cBus>)))
}

fn set(driver: &mut BusDriver, channels: &[(usize, Level)]) {
    let now = monotonic::now();
    let change = |(channel, level): &(usize, Level)| LevelChange {
        channel: ChannelId::new(*channel),
        level: *level,
        due: now,
        written: None,
    };
    let mut changes: Vec<LevelChange> = channels.iter().map(change).collect();
    let mut tell_edge = |_| panic!("its edges are not seen");
    driver.set(&mut changes, &mut DriverContext::new(now, &|| now, &mut tell_edge));
    assert!(changes.iter().all(|change| change.written == Some(now)));
}

fn await_pins(bus: &ChipBus, expected: [Pin; 5]) {
    let began = Instant::now();
    while pins(bus) != expected {
        assert!(began.elapsed() < PATIENCE, "{:?} instead of {expected:?}", pins(bus));
        thread::yield_now();
    }
}

#[test]
fn the_thread_of_a_bus_brings_levels_and_ends_safe() {
    let bus = chip_bus();
    let mut driver = driver(&bus);
    assert!(driver.make_safe() && driver.is_settled(), "not taken yet");
    assert_eq!(bus.state().tries, 0);
    driver.take().unwrap();
    assert_eq!(pins(&bus), SAFE);
    set(&mut driver, &[GATE, BELL, TREE, MOON].map(|channel| (channel, Level::FULL)));
    await_pins(&bus, LIT);
    assert!(driver.make_safe());
    await_pins(&bus, SAFE);
    set(&mut driver, &[(TREE, Level::HALF), (EXIT, Level::OFF)]);
    // The lights of this rig are dimmed by a linear curve.
    await_pins(&bus, [Pin::High, Pin::Low, Pin::Open, Pin::Dimmed(2_048), Pin::High]);
    drop(driver);
    assert_eq!(pins(&bus), SAFE);
}

#[test]
fn a_show_does_not_begin_with_a_chip_that_is_silent_and_leaves_the_others_safe() {
    let bus = chip_bus();
    bus.break_chip(PCF, ChipFault::Silent);
    let mut driver = driver(&bus);
    let told = driver.take().unwrap_err().to_string();
    assert!(
        told.starts_with("the PCF8574 at 0x38 on I²C bus 1 does not answer (Remote I/O error); "),
        "{told}"
    );
    drop(driver);
    assert_eq!(
        [GATE, EXIT, TREE, MOON].map(|place| pins(&bus)[place]),
        [GATE, EXIT, TREE, MOON].map(|place| SAFE[place])
    );
}

#[test]
fn a_bus_that_hangs_holds_up_nobody_and_is_safe_when_it_goes_on() {
    let bus = chip_bus();
    let mut driver = driver(&bus);
    driver.take().unwrap();
    set(&mut driver, &[(GATE, Level::FULL)]);
    await_pins(&bus, [LIT[GATE], SAFE[EXIT], SAFE[BELL], SAFE[TREE], SAFE[MOON]]);
    bus.break_chip(PCF, ChipFault::Hangs);
    let began = Instant::now();
    for _ in 0..1_000 {
        set(&mut driver, &[(TREE, Level::HALF), (BELL, Level::FULL)]);
    }
    assert!(!driver.is_settled());
    drop(driver);
    assert!(began.elapsed() < PATIENCE, "left to itself after a second");
    bus.break_chip(PCF, ChipFault::None);
    await_pins(&bus, SAFE);
}

#[test]
fn wires_that_are_held_low_are_noticed_though_every_chip_seems_to_answer() {
    let mut bus = chip_bus();
    let mut writer = Writer::new(safe_bus().chips());
    pass(&mut writer, &mut bus, &lit_images(), 0);
    bus.break_chip(PCF, ChipFault::Held);
    let held = pass(&mut writer, &mut bus, &lit_images(), 1_000);
    assert_eq!((held.notices.len(), held.is_complete), (3, false), "{held:?}");
    assert!(!writer.is_heard(&mut bus));
    let unsafe_ones = safe_bus().make_safe(&mut bus, 2);
    assert_eq!(unsafe_ones.len(), 3, "nothing was heard");
    bus.break_chip(PCF, ChipFault::None);
    assert_eq!(pass(&mut writer, &mut bus, &lit_images(), 1_250).notices.len(), 3, "all are back");
    assert_eq!(pins(&bus), LIT);
}

#[test]
fn what_a_driver_leaves_is_told_as_safe_only_if_every_chip_has_surely_heard_it() {
    for (fault, is_mended, is_safe) in [
        (ChipFault::None, false, true),
        (ChipFault::Held, false, false),
        (ChipFault::Silent, false, false),
        (ChipFault::Hangs, false, false),
        // A spark at the last moment.
        (ChipFault::Silent, true, true),
    ] {
        let bus = chip_bus();
        let mut driver = driver(&bus);
        driver.take().unwrap();
        set(&mut driver, &[(GATE, Level::FULL)]);
        await_pins(&bus, [LIT[GATE], SAFE[EXIT], SAFE[BELL], SAFE[TREE], SAFE[MOON]]);
        bus.break_chip(MCP, fault);
        let _known_or_not = driver.make_safe();
        let mend = is_mended.then(|| {
            let bus = bus.clone();
            thread::spawn(move || {
                thread::sleep(Duration::from_millis(60));
                bus.break_chip(MCP, ChipFault::None);
            })
        });
        assert_eq!(driver.await_safe(true), is_safe, "{fault:?}, mended: {is_mended}");
        assert!(!is_safe || pins(&bus) == SAFE);
        bus.break_chip(MCP, ChipFault::None);
        mend.map(thread::JoinHandle::join);
    }
}

#[test]
fn a_show_does_not_begin_on_a_bus_that_hangs() {
    let bus = chip_bus();
    bus.break_chip(PCF, ChipFault::Hangs);
    let mut driver = driver(&bus);
    let told = driver.take().unwrap_err().to_string();
    assert!(told.starts_with("I²C bus 1 hangs"), "{told}");
    drop(driver);
    bus.break_chip(PCF, ChipFault::None);
    await_pins(&bus, SAFE);
}

#[test]
fn without_a_sign_of_the_timing_thread_nothing_is_written_any_more() {
    let shared = SharedImages::new(&safe_images());
    let now = monotonic::now();
    assert!(!shared.may_write(now));
    shared.permit_until(now.offset(1_000));
    assert!(shared.may_write(now) && !shared.may_write(now.offset(1_000)));
    shared.close();
    assert!(!shared.may_write(now), "what was wanted before the end is not wanted any more");
}
