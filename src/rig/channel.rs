//! Reads one channel of the rig file: its line, its kind, and what these allow. Knows no other channel.

use std::time::Duration;

use crate::diagnosis::{Help, any_of, nearest};
use crate::level::Level;

use super::document::{Form, KeyValue, Span, Table};
use super::fields::{Fields, Spanned};
use super::output_givers::OutputGivers;
use super::report::Report;
use super::units::{LEAD, LEVEL, REST, SAFE};
use super::wiring;
use super::words::check_name;
use super::{Active, Address, Chain, ChainOutput, Channel, Curve, I2cModel, Kind, Pixel, Pull};

/// A common relay needs up to 10 ms to move and wears at each move (Songle SRD data sheet).
const RELAY_REST: Duration = Duration::from_millis(100);
/// A relay that may switch faster than this chatters.
const SHORTEST_RELAY_REST: Duration = Duration::from_millis(50);

const NOUNS: wiring::WiringNouns = wiring::WiringNouns { whose: "channel", pin: 17, header: 11 };
const RELAY: (&str, Kind) = ("relay", Kind::Relay);
const SSR: (&str, Kind) = ("ssr", Kind::Ssr);
const PWM: (&str, Kind) = ("pwm", Kind::Pwm);
const DIMMER: (&str, Kind) = ("dimmer", Kind::Dimmer);
/// The kinds of what is wired to this Pi.
const WIRED_KINDS: [(&str, Kind); 3] = [RELAY, SSR, PWM];
/// The kinds of what is sent its level.
const SENT_KINDS: [(&str, Kind); 3] = [DIMMER, RELAY, SSR];
const ALL_KINDS: [(&str, Kind); 4] = [RELAY, SSR, PWM, DIMMER];
/// What people call the kinds of what is wired.
const OTHER_KINDS: [(&str, &str); 10] = [
    ("led", "pwm"),
    ("leds", "pwm"),
    ("strip", "pwm"),
    ("dimmer", "pwm"),
    ("dimmable", "pwm"),
    ("mosfet", "pwm"),
    ("solid-state", "ssr"),
    ("solid_state", "ssr"),
    ("switch", "relay"),
    ("socket", "relay"),
];
/// What people call the kinds of what is sent its level.
const OTHER_SENT_KINDS: [(&str, &str); 12] = [
    ("pwm", "dimmer"),
    ("led", "dimmer"),
    ("leds", "dimmer"),
    ("strip", "dimmer"),
    ("pixel", "dimmer"),
    ("pixels", "dimmer"),
    ("rgb", "dimmer"),
    ("dmx", "dimmer"),
    ("dimmable", "dimmer"),
    ("solid-state", "ssr"),
    ("switch", "relay"),
    ("socket", "relay"),
];
/// The kind that people mean by `word`.
pub(super) fn kind_meant(word: &str) -> Option<&'static str> {
    let other = OTHER_KINDS.iter().find(|(other, _)| *other == word).map(|(_, kind)| *kind);
    other.or_else(|| nearest(word, WIRED_KINDS.map(|(kind, _)| kind)))
}

pub(super) const ACTIVES: [(&str, Active); 2] = [("high", Active::High), ("low", Active::Low)];
const RESISTORS: [(&str, Pull); 2] = [("up", Pull::Up), ("down", Pull::Down)];
const CURVES: [(&str, Curve); 2] = [("cie1931", Curve::Cie1931), ("linear", Curve::Linear)];

/// A channel whose address is known.
pub(super) struct Wired {
    pub(super) name: String,
    pub(super) address: Spanned<Address>,
    /// `None` where the kind cannot be told.
    pub(super) channel: Option<Channel>,
}

impl Wired {
    /// Whether the PWM block dims it.
    pub(super) const fn is_on_block(&self) -> bool {
        matches!(self.address.value, Address::PwmBlock(_))
    }

    /// The chain that it is on.
    pub(super) fn chain(&self) -> Option<Chain> {
        self.address.value.chain_output().map(ChainOutput::chain)
    }

    pub(super) const fn is_on_expander(&self) -> bool {
        matches!(self.address.value, Address::Chain(_) | Address::I2c(_))
    }

    pub(super) fn dims(&self) -> bool {
        self.channel.as_ref().is_some_and(|channel| channel.kind.dims())
    }
}

/// Reads `NAME = { … }`; `None` where its address cannot be told.
pub(super) fn read(entry: &KeyValue, givers: OutputGivers<'_>, report: &Report<'_>) -> Option<Wired> {
    let name = &entry.key;
    check_name(name, &entry.key_span, "channel", report);
    let pin = match entry.value.form {
        // `neon = 17`
        Form::Integer(pin @ 0..=27) => pin,
        _ => NOUNS.pin,
    };
    let example = format!("{{ pin = {pin}, kind = \"relay\" }}");
    let table = Fields::braces(entry, "channel", &example, report)?;
    let mut fields =
        Fields::new(table, format!(" of channel `{name}`"), report).like(format!("{name} = {example}"));
    let address = wiring::address(&mut fields, entry, &NOUNS, givers);
    let place = address.as_ref().map(|found| found.value);
    let kind = kind(&mut fields, entry, place);
    // Read with its address where it means something.
    let _colour = fields.entry("colour");
    let active = fields.choice("active", &ACTIVES);
    let safe = fields.quantity("safe", &SAFE);
    let min_on = fields.quantity("min_on", &REST);
    let min_off = fields.quantity("min_off", &REST);
    let lead = fields.quantity("lead", &LEAD);
    let curve = fields.choice("curve", &CURVES);
    let floor = fields.quantity("floor", &LEVEL);
    let ceiling = fields.quantity("ceiling", &LEVEL);
    let hardware = fields.boolean("hardware");
    let resistor = fields.choice("resistor", &RESISTORS);
    fields.finish();

    check_floor(name, floor.as_ref(), ceiling.as_ref(), report);
    check_safe(name, safe.as_ref(), ceiling.as_ref(), report);
    if let Some(kind) = kind {
        check_keys_of_kind(name, table, kind, place, report);
    }
    if kind == Some(Kind::Relay) {
        warn_of_chatter(name, [("min_on", min_on.as_ref()), ("min_off", min_off.as_ref())], report);
    }
    if kind.is_some_and(Kind::dims) {
        warn_of_lead(lead.as_ref(), report);
    }
    let Spanned { value: address, span } = address?;
    match address {
        Address::Simulated(_) => check_keys_beyond(name, table, report),
        Address::Chain(_) => check_keys_of_switches(name, "a 74HC595", table, kind, report),
        Address::I2c(output) if !output.chip().model().dims() => {
            check_keys_of_switches(name, output.chip().model().with_article(), table, kind, report);
            let is_high = active.as_ref().is_none_or(|found| found.value == Active::High);
            if output.chip().model() == I2cModel::Pcf8574 && is_high {
                warn_of_weak_high(name, &span, report);
            }
        }
        Address::I2c(_) => {
            check_keys_of_dimmer(name, table, kind, report);
            if let Some(low) = active.as_ref().filter(|found| found.value == Active::Low) {
                warn_of_low_start(name, &low.span, report);
            }
        }
        Address::Network(_) => {
            let whom = format!("`{name}`, which is on the network");
            // Of another kind `hardware` is refused already.
            let keys: &[&str] = if kind.is_some_and(Kind::dims) {
                &["active", "resistor", "hardware"]
            } else {
                &["active", "resistor"]
            };
            refuse_keys(table, keys, &whom, "its receiver drives its lights itself", report);
        }
        Address::Line(_) | Address::PwmBlock(_) => {}
    }
    if !matches!(address, Address::Network(_)) {
        let reason = "only a light on the network is sent a colour";
        refuse_keys(table, &["colour"], &format!("`{name}`"), reason, report);
    }
    check_hardware(name, address, hardware.as_ref(), report);
    let address = match address.line() {
        Some(line) if hardware.is_some_and(|found| found.value) => Address::PwmBlock(line),
        _ => address,
    };

    let delay = match address {
        Address::Network(output) => givers.delay_of(output.receiver()),
        _ => Duration::ZERO,
    };
    let rest = if kind == Some(Kind::Relay) { RELAY_REST } else { Duration::ZERO };
    let channel = kind.map(|kind| Channel {
        name: name.clone(),
        address,
        kind,
        active: active.map_or_else(Active::default, |found| found.value),
        safe: safe.map_or(Level::OFF, |found| found.value),
        min_on: min_on.map_or(rest, |found| found.value),
        min_off: min_off.map_or(rest, |found| found.value),
        lead: lead.map_or(Duration::ZERO, |found| found.value) + delay,
        curve: curve.map_or_else(|| usual_curve(address), |found| found.value),
        floor: floor.map_or(Level::OFF, |found| found.value),
        ceiling: ceiling.map_or(Level::FULL, |found| found.value),
        resistor: resistor.map(|found| found.value),
    });
    Some(Wired { name: name.clone(), address: Spanned { value: address, span }, channel })
}

/// A dimmer of DMX has a curve of its own. Pixels show what they are sent.
fn usual_curve(address: Address) -> Curve {
    match address {
        Address::Network(output) if output.pixel() == Pixel::Slot => Curve::Linear,
        _ => Curve::default(),
    }
}

fn kind(fields: &mut Fields<'_>, entry: &KeyValue, address: Option<Address>) -> Option<Kind> {
    let is_sent = matches!(address, Some(Address::Network(_)));
    let kinds: &[(&'static str, Kind)] = match address {
        Some(Address::Network(_)) => &SENT_KINDS,
        Some(Address::Simulated(_)) | None => &ALL_KINDS,
        Some(_) => &WIRED_KINDS,
    };
    let others: &[(&str, &'static str)] = if is_sent { &OTHER_SENT_KINDS } else { &OTHER_KINDS };
    let is_there = fields.entry("kind").is_some();
    if !is_there && !fields.has_key_for("kind") {
        let diagnosis = fields.report.error(format!("channel `{}` has no kind", entry.key));
        let (room, comma) = fields.report.room_in(&entry.value);
        let words = any_of(kinds.iter().map(|(kind, _)| format!("`kind = \"{kind}\"`")));
        let texts = kinds.iter().map(|(kind, _)| format!("{comma}kind = \"{kind}\""));
        let help = Help::write_one_of(room, texts).said(format!("add {words}"));
        fields.report.push(diagnosis.at(entry.key_span.clone(), "").help(help));
    }
    fields.choice_meant("kind", kinds, others).map(|found| found.value)
}

/// Reports keys that have no meaning for `kind`.
fn check_keys_of_kind(
    channel: &str,
    table: &Table,
    kind: Kind,
    address: Option<Address>,
    report: &Report<'_>,
) {
    let (foreign, reason): (&[&str], _) = if kind.dims() {
        (&["min_on", "min_off"], "only relays and SSRs have it: LEDs do not wear")
    } else if matches!(address, Some(Address::Network(_))) {
        (&["curve", "floor", "ceiling", "hardware"], "only `kind = \"dimmer\"` has it: it is for dimming")
    } else {
        (&["curve", "floor", "ceiling", "hardware"], "only `kind = \"pwm\"` has it: it is for dimming")
    };
    let whom = format!("`{channel}`, of kind {}", kind.name());
    refuse_keys(table, foreign, &whom, reason, report);
}

/// Keys that mean nothing to an output beyond the header, which takes levels as they are.
fn check_keys_beyond(channel: &str, table: &Table, report: &Report<'_>) {
    let of_lines = ["active", "curve", "floor", "ceiling", "hardware", "resistor"];
    let reason = "an output beyond the header shows its level as it is";
    refuse_keys(table, &of_lines, &format!("`{channel}`, which is on no pin"), reason, report);
}

/// The outputs of a chip that switches are on or off: each change of one is written for all of them, so none is dimmed
/// by switching it.
fn check_keys_of_switches(channel: &str, chip: &str, table: &Table, kind: Option<Kind>, report: &Report<'_>) {
    if kind == Some(Kind::Pwm)
        && let Some(found) = table.entries.iter().find(|found| found.key == "kind")
    {
        let title = format!("`{channel}` is on {chip}, which cannot dim");
        let words = "write `kind = \"ssr\"` for what may switch as often as it likes, or `kind = \"relay\"`; \
                     a light to be dimmed goes on a pin of the header or on a PCA9685";
        let help = Help::write_one_of(found.value.span.clone(), ["\"ssr\"", "\"relay\""]).said(words);
        report.push(report.error(title).at(found.value.span.clone(), "its outputs are on or off").help(help));
    }
    refuse_on_chip(channel, table, &["resistor"], report);
}

/// A solid-state relay that waits for the zero crossing of the mains flickers behind a dimmed output, and does not dim.
fn check_keys_of_dimmer(channel: &str, table: &Table, kind: Option<Kind>, report: &Report<'_>) {
    if kind == Some(Kind::Ssr)
        && let Some(found) = table.entries.iter().find(|found| found.key == "kind")
    {
        let title = format!("`{channel}` is a solid-state relay on a PCA9685, which dims");
        let label = "it is switched only: fully on or off";
        let words = "leave it so for a solid-state relay on mains: it waits for the zero crossing, so PWM makes it \
                     flicker and does not dim it. For LEDs behind a transistor write `kind = \"pwm\"`";
        report.push(report.warning(title).at(found.value.span.clone(), label).help(Help::advise(words)));
    }
    // Of another kind it is refused already.
    let keys: &[&str] = if kind == Some(Kind::Pwm) { &["resistor", "hardware"] } else { &["resistor"] };
    refuse_on_chip(channel, table, keys, report);
}

fn refuse_on_chip(channel: &str, table: &Table, keys: &[&str], report: &Report<'_>) {
    let whom = format!("`{channel}`, which is on an expander");
    refuse_keys(table, keys, &whom, "the chip drives its outputs itself", report);
}

/// From power-on every output of a PCA9685 is low.
fn warn_of_low_start(name: &str, span: &Span, report: &Report<'_>) {
    let diagnosis = report.warning(format!("`{name}` may light up while the Pi boots"));
    let label = "a PCA9685 holds its outputs low until a program runs";
    let words = "use a transistor or board that switches on when its input is high, and leave `active` out";
    report.push(diagnosis.at(span.clone(), label).help(Help::advise(words)));
}

/// A PCF8574 pulls its outputs low with 25 mA, and high with 0.1 mA (NXP data sheet, 9).
fn warn_of_weak_high(name: &str, span: &Span, report: &Report<'_>) {
    let diagnosis =
        report.warning(format!("`{name}` is on when its output of a PCF8574 is high, which is weak"));
    let label = "it gives 0.1 mA when it is high, and all outputs are high from power-on";
    let words = "use a board that switches on when its input is low, and write `active = \"low\"` here";
    report.push(diagnosis.at(span.clone(), label).help(Help::advise(words)));
}

/// Reports those `keys` that `table` has and that mean nothing to `whom`: a person who wrote one expects an effect.
fn refuse_keys(table: &Table, keys: &[&str], whom: &str, reason: &str, report: &Report<'_>) {
    for found in table.entries.iter().filter(|found| keys.contains(&found.key.as_str())) {
        let title = format!("`{}` means nothing to {whom}", found.key);
        let help = Help::take_out(report.all_of(found), "take it out");
        report.push(report.error(title).at(found.key_span.clone(), reason).help(help));
    }
}

fn check_floor(
    name: &str,
    floor: Option<&Spanned<Level>>,
    ceiling: Option<&Spanned<Level>>,
    report: &Report<'_>,
) {
    let Some(found) = floor.or(ceiling) else { return };
    let lowest = floor.map_or(Level::OFF, |found| found.value);
    let highest = ceiling.map_or(Level::FULL, |found| found.value);
    if lowest >= highest {
        let title = format!("channel `{name}` has no levels left between its floor and its ceiling");
        let label = format!("the floor is {lowest}, the ceiling {highest}");
        report.push(report.error(title).at(found.span.clone(), label));
    }
}

/// A safe output is dark or lit in full: another process makes it so, and dims nothing.
fn check_safe(
    name: &str,
    safe: Option<&Spanned<Level>>,
    ceiling: Option<&Spanned<Level>>,
    report: &Report<'_>,
) {
    let (Some(safe), Some(ceiling)) = (safe, ceiling) else { return };
    if safe.value.is_lit() && ceiling.value < Level::FULL {
        let title = format!("channel `{name}` would be lit above its ceiling while no show plays");
        let label = format!("this is 100 %, and the ceiling is {}", ceiling.value);
        let help =
            Help::write(safe.span.clone(), "\"0 %\"").said("write `safe = \"0 %\"`, or take `ceiling` out");
        report.push(report.error(title).at(safe.span.clone(), label).help(help));
    }
}

fn check_hardware(name: &str, address: Address, hardware: Option<&Spanned<bool>>, report: &Report<'_>) {
    let (Some(Spanned { value: true, span }), Some(line)) = (hardware, address.line()) else { return };
    if line.pwm_channel().is_none() {
        let title = format!("the chip's PWM block does not reach {line}, where `{name}` is");
        let help = Help::write(span.clone(), "false")
            .said("write `hardware = false`, or connect it to one of those pins");
        report.push(report.error(title).at(span.clone(), "it reaches GPIO 12, 13, 18 and 19").help(help));
    }
}

fn warn_of_lead(lead: Option<&Spanned<Duration>>, report: &Report<'_>) {
    let Some(lead) = lead.filter(|lead| !lead.value.is_zero()) else { return };
    let diagnosis = report.warning("a lead makes a dimmed light come too early");
    let words = "write `lead = \"0 ms\"`: a lead is for contacts that close late, and LEDs light at once; for how long \
                 levels are on their way over a network, its receiver has `delay`";
    report.push(
        diagnosis.at(lead.span.clone(), "").help(Help::write(lead.span.clone(), "\"0 ms\"").said(words)),
    );
}

fn warn_of_chatter(name: &str, rests: [(&str, Option<&Spanned<Duration>>); 2], report: &Report<'_>) {
    for (key, found) in rests {
        let Some(found) = found.filter(|found| found.value < SHORTEST_RELAY_REST) else { continue };
        let diagnosis = report.warning(format!("`{name}` may switch faster than a relay can follow"));
        let label = "a common relay needs up to 10 ms to move, and then bounces";
        let words = format!("write `{key} = \"100 ms\"`, or use a solid-state relay (`kind = \"ssr\"`)");
        let help = Help::write(found.span.clone(), "\"100 ms\"").said(words);
        report.push(diagnosis.at(found.span.clone(), label).help(help));
    }
}
