//! Chips that do what their data sheets say, and a bus that breaks.

mod chips;
mod sequences;
mod thread;

use super::bus::I2cBus;
use super::image::ChipImage;
use super::registers;
use super::safe::{SafeBus, SafeChip};
use super::shared_images::ImageSet;
use super::writer::{ChipNotice, WritePass, Writer};
use crate::level::Level;
use crate::output::testing::{channel, rig_of};
use crate::rig::{Active, Address, Channel, I2cChip, I2cModel, Kind, Rig};
use crate::time::Mono;

use chips::{ChipBus, ChipFault, Pin};

fn mcp() -> I2cChip {
    I2cChip::new(I2cModel::Mcp23017, 1, 0x20).unwrap()
}

fn pcf() -> I2cChip {
    I2cChip::new(I2cModel::Pcf8574, 1, 0x38).unwrap()
}

fn pca() -> I2cChip {
    I2cChip::new(I2cModel::Pca9685 { frequency: 1_000 }, 1, 0x40).unwrap()
}

const MCP: usize = 0;
const PCF: usize = 1;
const PCA: usize = 2;

fn on(name: &str, chip: I2cChip, number: u8, kind: Kind, active: Active) -> Channel {
    Channel { address: Address::I2c(chip.output(number).unwrap()), ..channel(name, 0, kind, active) }
}

/// A relay that is on when low, an exit sign that is lit while no show plays, a relay of a board for the PCF8574, and
/// two dimmed lights, one of which is lit when low.
fn rig() -> Rig {
    rig_of(vec![
        on("gate", mcp(), 0, Kind::Relay, Active::Low),
        Channel { safe: Level::FULL, ..on("exit", mcp(), 9, Kind::Ssr, Active::High) },
        on("bell", pcf(), 3, Kind::Relay, Active::Low),
        on("tree", pca(), 7, Kind::Pwm, Active::High),
        on("moon", pca(), 15, Kind::Pwm, Active::Low),
    ])
}

const GATE: usize = 0;
const EXIT: usize = 1;
const BELL: usize = 2;
const TREE: usize = 3;
const MOON: usize = 4;

fn safe_bus() -> SafeBus {
    SafeBus::of(1, &[mcp(), pcf(), pca()], &rig())
}

/// What the outputs with a channel carry.
fn pins(bus: &ChipBus) -> [Pin; 5] {
    let pin = |place, number| bus.chip(place).pin(number);
    [pin(MCP, 0), pin(MCP, 9), pin(PCF, 3), pin(PCA, 7), pin(PCA, 15)]
}

const SAFE: [Pin; 5] = [Pin::High, Pin::High, Pin::Open, Pin::Low, Pin::High];
const LIT: [Pin; 5] = [Pin::Low, Pin::High, Pin::Low, Pin::High, Pin::Low];

fn at(millis: u64) -> Mono {
    Mono::from_nanos(millis * 1_000_000)
}

fn chip_bus() -> ChipBus {
    ChipBus::new(&[mcp(), pcf(), pca()])
}

fn wanted(images: &[ChipImage], rewrites: u64) -> ImageSet {
    ImageSet { version: 2, rewrites, images: images.to_vec() }
}

fn safe_images() -> Vec<ChipImage> {
    safe_bus().chips().iter().map(SafeChip::image).collect()
}

fn lit_images() -> Vec<ChipImage> {
    let mut images = safe_images();
    images[MCP].set(0, 0);
    images[PCF].set(3, 0);
    images[PCA].set(7, ChipImage::ALWAYS);
    images[PCA].set(15, 0);
    images
}

fn pass(writer: &mut Writer, bus: &mut ChipBus, images: &[ChipImage], millis: u64) -> WritePass {
    writer.write_due(bus, &wanted(images, 0), &|| at(millis), &|_| true)
}

#[test]
fn every_level_is_in_its_register_before_its_pin_is_an_output_and_a_pca9685_starts_dark() {
    let bus = chip_bus();
    for safe in safe_bus().chips() {
        for message in registers::set_up(safe.chip(), &safe.image(), safe.used()) {
            bus.clone().write(safe.chip().address(), &message).unwrap();
            for (now, safe) in pins(&bus).iter().zip(SAFE) {
                // From power-on a pin is open or, at a PCA9685, low.
                assert!([safe, Pin::Open, Pin::Low].contains(now), "{:?} after {message:x?}", pins(&bus));
                assert!(*now != Pin::Low || safe == Pin::Low || pins(&bus)[MOON] == Pin::Low);
            }
        }
    }
    assert_eq!(pins(&bus), SAFE);
    assert_eq!(bus.chip(PCA).prescaler(), 5, "1 kHz");
    let unused: Vec<Pin> = (1..8).map(|number| bus.chip(MCP).pin(number)).collect();
    assert_eq!(unused, [Pin::Open; 7], "what has no channel stays an input");
}

#[test]
fn what_is_wanted_is_written_and_nothing_else() {
    let mut bus = chip_bus();
    let mut writer = Writer::new(safe_bus().chips());
    let first = pass(&mut writer, &mut bus, &safe_images(), 0);
    assert!(first.is_complete && first.notices.is_empty());
    assert_eq!(pins(&bus), SAFE);
    bus.state().log.clear();
    assert!(pass(&mut writer, &mut bus, &safe_images(), 10).is_complete);
    assert!(bus.state().log.is_empty());
    assert!(pass(&mut writer, &mut bus, &lit_images(), 20).is_complete);
    assert_eq!(pins(&bus), LIT);
    assert_eq!(bus.state().log.len(), 3, "one message a chip, so that its outputs change together");
}

#[test]
fn a_chip_that_dims_is_written_once_a_period_of_5_ms() {
    let mut bus = chip_bus();
    let mut writer = Writer::new(safe_bus().chips());
    pass(&mut writer, &mut bus, &safe_images(), 0);
    let mut images = safe_images();
    bus.state().log.clear();
    for millis in 10..110 {
        images[PCA].set(7, millis as u16);
        let pass = pass(&mut writer, &mut bus, &images, millis);
        assert_eq!(pass.is_complete, millis % 5 == 0);
        assert_eq!(pass.next, if pass.is_complete { Some(at(1_000)) } else { Some(at(millis / 5 * 5 + 5)) });
    }
    assert_eq!(bus.state().log.len(), 20);
}

#[test]
fn every_chip_is_written_anew_once_a_second_and_none_flickers() {
    let mut bus = chip_bus();
    let mut writer = Writer::new(safe_bus().chips());
    let mut images = lit_images();
    images[PCA].set(7, 1_000);
    pass(&mut writer, &mut bus, &images, 0);
    (0..3).for_each(|place| bus.upset(place));
    assert!(pass(&mut writer, &mut bus, &images, 999).is_complete);
    assert_ne!(pins(&bus)[GATE], Pin::Low, "it is not known");
    bus.state().log.clear();
    pass(&mut writer, &mut bus, &images, 1_000);
    assert_eq!(pins(&bus), [Pin::Low, Pin::High, Pin::Low, Pin::Dimmed(1_000), Pin::Low]);
    let sleeps = |(address, message): &(u8, Vec<u8>)| *address == 0x40 && message[..] == [0, 0x30];
    assert!(!bus.state().log.iter().any(sleeps), "a sleep would be seen");
}

#[test]
fn a_chip_that_does_not_answer_is_told_once_tried_again_and_comes_back_with_its_levels() {
    let mut bus = chip_bus();
    let mut writer = Writer::new(safe_bus().chips());
    pass(&mut writer, &mut bus, &safe_images(), 0);
    bus.break_chip(MCP, ChipFault::NoPower);
    let lost = pass(&mut writer, &mut bus, &lit_images(), 100);
    assert!(matches!(&lost.notices[..], [ChipNotice::Lost(chip, _)] if *chip == mcp()), "{lost:?}");
    assert_eq!(pins(&bus)[BELL..], LIT[BELL..], "the others do not wait for it");
    assert!(writer.is_any_lost() && !lost.is_complete);
    let tries = bus.state().tries;
    for millis in (110..=1_090).step_by(10) {
        let pass = pass(&mut writer, &mut bus, &lit_images(), millis);
        assert!(pass.notices.is_empty(), "told once");
    }
    assert_eq!(bus.state().tries - tries, 3 + 4, "at 350, 600 and 850 ms, and two chips anew");
    bus.break_chip(MCP, ChipFault::None);
    let back = pass(&mut writer, &mut bus, &lit_images(), 1_100);
    assert_eq!(back.notices, [ChipNotice::Back(mcp())]);
    assert_eq!(pins(&bus), LIT);
    assert!(!writer.is_any_lost());
}

#[test]
fn nothing_is_written_without_permission_not_even_in_the_middle() {
    for allowed in 0..13_i32 {
        let mut bus = chip_bus();
        let mut writer = Writer::new(safe_bus().chips());
        let left = std::cell::Cell::new(allowed);
        let may_write = |_| left.replace(left.get() - 1) > 0;
        writer.write_due(&mut bus, &wanted(&lit_images(), 0), &|| at(0), &may_write);
        // It is asked for the wires, too.
        let messages = (allowed - 1).clamp(0, 11);
        assert_eq!(bus.state().tries, usize::try_from(messages).unwrap());
        // A guardian has made all of it safe since; then the timing thread lives again.
        assert!(safe_bus().make_safe(&mut bus, 1).is_empty());
        let pass = writer.write_due(&mut bus, &wanted(&lit_images(), 1), &|| at(2_000), &|_| true);
        assert!(pass.is_complete);
        assert_eq!(pins(&bus), LIT, "after {allowed} messages");
    }
}

#[test]
fn what_is_to_be_written_anew_is_whatever_is_thought_to_be_shown() {
    let mut bus = chip_bus();
    let mut writer = Writer::new(safe_bus().chips());
    pass(&mut writer, &mut bus, &lit_images(), 0);
    assert!(safe_bus().make_safe(&mut bus, 1).is_empty());
    assert_eq!(pins(&bus), SAFE);
    pass(&mut writer, &mut bus, &lit_images(), 10);
    assert_eq!(pins(&bus), SAFE, "nothing has changed");
    writer.write_due(&mut bus, &wanted(&lit_images(), 1), &|| at(20), &|_| true);
    assert_eq!(pins(&bus), LIT);
}

#[test]
fn a_guardian_makes_every_chip_safe_but_those_that_are_silent_and_names_these() {
    let mut bus = chip_bus();
    let mut writer = Writer::new(safe_bus().chips());
    pass(&mut writer, &mut bus, &lit_images(), 0);
    bus.break_chip(PCF, ChipFault::Silent);
    let lost: Vec<I2cChip> = safe_bus().make_safe(&mut bus, 1).into_iter().map(|(chip, _)| chip).collect();
    assert_eq!(lost, [pcf()]);
    bus.break_chip(PCF, ChipFault::None);
    assert_eq!(pins(&bus), [SAFE[GATE], SAFE[EXIT], LIT[BELL], SAFE[TREE], SAFE[MOON]]);
}

#[test]
fn orders_of_another_bus_or_with_a_chip_twice_are_refused() {
    let text = serde_json::to_string(&safe_bus()).unwrap();
    assert_eq!(serde_json::from_str::<SafeBus>(&text).unwrap(), safe_bus());
    for wrong in [
        text.replacen("\"number\":1", "\"number\":0", 1),
        text.replace("\"address\":56", "\"address\":32"),
        text.replace("\"used\":8", "\"used\":256"),
        text.replacen("used", "usd", 1),
    ] {
        assert_ne!(wrong, text);
        assert!(serde_json::from_str::<SafeBus>(&wrong).is_err(), "{wrong}");
    }
}
