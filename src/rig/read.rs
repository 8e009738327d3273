//! Reads the text of a rig file into a [`Rig`], or reports every mistake in it. Knows no files.

use std::sync::Arc;
use std::time::Duration;

use crate::diagnosis::{Diagnoses, Help, Source};
use crate::time::Offset;

use super::boot::warn_of_boot;
use super::button::{self, WiredButton};
use super::channel::{self, Wired};
use super::document::{self, Form, KeyValue, Span, Table};
use super::expander_keys::{self, WiredExpander};
use super::fields::{Fields, Spanned};
use super::groups;
use super::meant::channel_meant;
use super::network_checks;
use super::network_keys::{self, WiredReceiver};
use super::output_givers::OutputGivers;
use super::report::Report;
use super::tried::{LineKnowledge, tried};
use super::units::{FLASH, LATENCY, LEAD_IN, PWM_FREQUENCY, STOP_FADE};
use super::{Address, Audio, Limits, Line, LockScope, Release, Rig};

/// One core can spare about a tenth of itself for sixteen dimmed channels at this rate.
const COSTLY_PWM: u32 = 400;
const DEFAULT_PWM: u32 = 200;
/// More than three flashes a second can bring on a seizure (WCAG 2.3.1).
const DEFAULT_FLASH: u32 = 3;

/// Keys that go above the first `[…]`.
const TOP_KEYS: [&str; 4] = ["pwm_frequency", "stop_fade", "release", "lock"];

const RELEASES: [(&str, Release); 2] = [("driven", Release::Driven), ("input", Release::Input)];
const LOCKS: [(&str, LockScope); 2] = [("machine", LockScope::Machine), ("show", LockScope::Show)];

/// Reads a rig. If there is a mistake, there is no rig, and every mistake is reported. A rig may have warnings.
#[must_use]
pub fn read(source: &Arc<Source>) -> (Option<Rig>, Diagnoses) {
    let (rig, told) = read_once(source);
    let lines =
        LineKnowledge { meant: &line_meant, example: &line_like, again: &|changed| read_once(changed).1 };
    (rig, tried(told, source, &lines))
}

/// What the lines `text` below `[table]` are probably meant to be.
fn line_meant(table: &str, text: &str) -> Option<String> {
    let channel = || channel_meant(text);
    match table {
        "channels" => channel(),
        "" => channel().map(|line| format!("[channels]\n{line}")),
        _ => None,
    }
}

/// An example of a line below `[table]`.
fn line_like(table: &str) -> Option<String> {
    match table {
        "channels" => Some("neon = { pin = 17, kind = \"relay\" }".to_owned()),
        "groups" => Some("trees = [\"left\", \"right\"]".to_owned()),
        "expanders" => {
            Some("board = { chip = \"74hc595\", data = 10, clock = 11, latch = 8, chained = 4 }".to_owned())
        }
        "network" => Some("wled = { ddp = \"192.0.2.7\" }".to_owned()),
        "buttons" => Some("go = { pin = 22, press = \"next\" }".to_owned()),
        _ => None,
    }
}

fn read_once(source: &Arc<Source>) -> (Option<Rig>, Diagnoses) {
    let (document, errors) = document::parse(source.text());
    let report = Report::new(source, &TOP_KEYS, errors);
    let mut top = Fields::new(&document, "", &report);

    let pwm_frequency = top.quantity("pwm_frequency", &PWM_FREQUENCY);
    let stop_fade = top.quantity("stop_fade", &STOP_FADE);
    let release = top.choice("release", &RELEASES);
    let lock = top.choice("lock", &LOCKS);
    let audio = audio(&mut top);
    let expanders: Vec<WiredExpander<'_>> = match top.table("expanders") {
        Some(table) => table.entries.iter().filter_map(|entry| expander_keys::read(entry, &report)).collect(),
        None => Vec::new(),
    };
    let receivers: Vec<WiredReceiver<'_>> = match top.table("network") {
        Some(table) => table.entries.iter().map(|entry| network_keys::read(entry, &report)).collect(),
        None => Vec::new(),
    };
    let entries = channel_entries(&mut top);
    let givers = OutputGivers { expanders: &expanders, receivers: &receivers };
    let read_channel = |entry| channel::read(entry, givers, &report);
    let channels: Vec<Wired> = entries.iter().filter_map(read_channel).collect();
    let groups = match top.table("groups") {
        Some(table) => groups::read(table, entries, &report),
        None => Vec::new(),
    };
    let buttons: Vec<WiredButton> = match top.table("buttons") {
        Some(table) => table.entries.iter().filter_map(|entry| button::read(entry, &report)).collect(),
        None => Vec::new(),
    };
    let limits = limits(&mut top);
    let reserved = reserved(&mut top);
    top.finish();

    check_outputs(&channels, &reserved, &report);
    check_expanders(&expanders, &channels, &reserved, &report);
    expander_keys::check_addresses(&expanders, &report);
    network_checks::check_receivers(&receivers, expanders.iter().map(WiredExpander::named), &report);
    check_buttons(&buttons, &channels, &expanders, &reserved, &report);
    network_checks::check_pixels(&channels, &report);
    check_release(release.as_ref(), &channels, &report);
    warn_of_pwm(pwm_frequency.as_ref(), &channels, &report);
    let lines = channels.iter().filter_map(|wired| wired.address.value.line());
    let lines = lines.chain(buttons.iter().map(|button| button.line.value));
    let lines = lines.chain(expanders.iter().flat_map(|expander| &expander.lines).map(|line| line.value));
    let taken: Vec<Line> = lines.chain(reserved.iter().map(|found| found.value)).collect();
    warn_of_boot(&channels, &taken, &report);
    let is_used = |chain| channels.iter().any(|wired| wired.chain() == Some(chain));
    expander_keys::warn_of_boot(&expanders, is_used, &report);
    let expanders = expanders.iter().filter_map(WiredExpander::expander).collect();
    let receivers = receivers.into_iter().filter_map(|wired| wired.receiver).collect();
    let diagnoses = report.finish();
    if diagnoses.errors() > 0 {
        return (None, diagnoses);
    }
    let rig = Rig {
        groups,
        expanders,
        receivers,
        buttons: buttons.into_iter().map(|wired| wired.button).collect(),
        channels: channels.into_iter().filter_map(|wired| wired.channel).collect(),
        audio,
        limits,
        reserved: reserved.into_iter().map(|found| found.value).collect(),
        pwm_frequency: pwm_frequency.map_or(DEFAULT_PWM, |found| found.value),
        stop_fade: stop_fade.map(|found| found.value).unwrap_or_default(),
        release: release.map(|found| found.value).unwrap_or_default(),
        lock: lock.map(|found| found.value).unwrap_or_default(),
    };
    (Some(rig), diagnoses)
}

fn audio(top: &mut Fields<'_>) -> Audio {
    let silent = Table::default();
    let table = top.table("audio").unwrap_or(&silent);
    let mut fields = Fields::new(table, " under `[audio]`", top.report);
    let audio = Audio {
        device: fields.text("device", "the name of a sound device", "default").unwrap_or("default".into()),
        latency: fields.quantity("latency", &LATENCY).map_or(Offset::ZERO, |found| found.value),
        lead_in: fields.quantity("lead_in", &LEAD_IN).map_or(Duration::ZERO, |found| found.value),
        required: fields.boolean("required").is_some_and(|found| found.value),
    };
    fields.finish();
    audio
}

fn channel_entries<'a>(top: &mut Fields<'a>) -> &'a [KeyValue] {
    let header = top.entry("channels").map(|entry| entry.key_span.clone());
    let entries = match &header {
        Some(_) => top.table("channels").map(|table| table.entries.as_slice()),
        None => Some([].as_slice()),
    };
    let Some(entries) = entries else { return &[] };
    if entries.is_empty() && !top.report.has_broken_lines() && !top.has_key_like("channels") {
        let words = "describe each channel on a line below `[channels]`, as in `neon = { pin = 17, kind = \"relay\" }`";
        let diagnosis = top.report.error("the rig has no channels").help(Help::advise(words));
        top.report.push(match header {
            Some(span) => diagnosis.at(span, ""),
            None => diagnosis,
        });
    }
    let on_the_header: Vec<&KeyValue> = entries.iter().filter(|entry| !is_beyond_the_header(entry)).collect();
    if let Some(first_too_many) = on_the_header.get(Line::COUNT) {
        let title = format!("{} channels are more than the header has lines", on_the_header.len());
        let label = format!("one more than the {} there are", Line::COUNT);
        top.report.push(top.report.error(title).at(first_too_many.key_span.clone(), label));
    }
    if let Some(first_too_many) = entries.get(Rig::MOST_CHANNELS) {
        let title = format!("{} channels are more than a rig may have", entries.len());
        let label = format!("one more than {}", Rig::MOST_CHANNELS);
        top.report.push(top.report.error(title).at(first_too_many.key_span.clone(), label));
    }
    &entries[..entries.len().min(Rig::MOST_CHANNELS)]
}

fn is_beyond_the_header(entry: &KeyValue) -> bool {
    matches!(&entry.value.form, Form::Table(table) if table.entries.iter().any(|found| matches!(&*found.key, "sim" | "out")))
}

fn limits(top: &mut Fields<'_>) -> Limits {
    let default = Limits { on_at_once: None, flash: Some(DEFAULT_FLASH) };
    let Some(table) = top.table("limits") else { return default };
    let mut fields = Fields::new(table, " under `[limits]`", top.report);
    let on_at_once =
        fields.integer("on_at_once", "a number of channels", 6, |count| count >= 1).and_then(|found| {
            let count = usize::try_from(found.value).ok().filter(|count| *count >= 1);
            if count.is_none() {
                let title = "`on_at_once` under `[limits]` must let at least one channel be lit";
                top.report.push(top.report.error(title).at(found.span, "expected 1 or more"));
            }
            count
        });
    let flash = fields.quantity("flash", &FLASH).map_or(default.flash, |found| found.value);
    fields.finish();
    Limits { on_at_once, flash }
}

fn reserved(top: &mut Fields<'_>) -> Vec<Spanned<Line>> {
    let report = top.report;
    let Some(table) = top.table("reserved") else { return Vec::new() };
    let mut fields = Fields::new(table, " under `[reserved]`", report);
    let list = fields.entry("pins").map(|entry| &entry.value);
    fields.finish();
    let Some(list) = list else { return Vec::new() };
    let Form::Array(values) = &list.form else {
        let diagnosis = report.error("`pins` under `[reserved]` must be a list of BCM numbers");
        let label = format!("this is {}", list.form.noun());
        let help = match list.form {
            Form::Integer(number @ 0..=27) => Help::write(list.span.clone(), format!("[{number}]"))
                .said(format!("write `pins = [{number}]`")),
            _ => Help::write(list.span.clone(), "[2, 3]")
                .said("write a list in brackets, as in `pins = [2, 3]`"),
        };
        report.push(diagnosis.at(list.span.clone(), label).help(help));
        return Vec::new();
    };
    let line = |value: &document::Value| {
        let line = match value.form {
            Form::Integer(number) => u8::try_from(number).ok().and_then(Line::new),
            _ => None,
        };
        if line.is_none() {
            let title = "`pins` under `[reserved]` lists BCM numbers only";
            report.push(report.error(title).at(value.span.clone(), "expected a number from 0 to 27"));
        }
        Some(Spanned { value: line?, span: value.span.clone() })
    };
    values.iter().filter_map(line).collect()
}

/// One channel an output, none on a reserved line, and one on each channel of the PWM block.
fn check_outputs(channels: &[Wired], reserved: &[Spanned<Line>], report: &Report<'_>) {
    for (place, wired) in channels.iter().enumerate() {
        let Wired { name, address: Spanned { value: address, span }, .. } = wired;
        let above = &channels[..place];
        // Two expanders at one place are told as such.
        let expander = |span: &Span| report.written(span).split('.').next();
        let is_same = |other: &&Wired| {
            let is_own = address.line().is_some() || expander(&other.address.span) == expander(span);
            is_own && other.address.value.is_same_output(*address)
        };
        if let Some(first) = above.iter().find(is_same) {
            let place = match address {
                // As it is written, without its quotes.
                Address::Chain(_) | Address::I2c(_) | Address::Network(_) => {
                    report.written(span).trim_matches(['"', '\'']).to_owned()
                }
                _ => address.to_string(),
            };
            let title = format!("`{name}` is on {place}, where `{}` is already", first.name);
            let diagnosis = report.error(title).at(span.clone(), "again");
            report.push(diagnosis.also_at(first.address.span.clone(), format!("{place} is taken here")));
        }
        let Some(line) = address.line() else { continue };
        check_reserved(&format!("`{name}`"), line, span, reserved, report);
        let shares_block = |other: &&Wired| {
            let theirs = other.address.value.line().filter(|theirs| *theirs != line);
            other.is_on_block() && theirs.is_some_and(|theirs| theirs.pwm_channel() == line.pwm_channel())
        };
        if wired.is_on_block()
            && line.pwm_channel().is_some()
            && let Some(first) = above.iter().find(shares_block)
        {
            let title = format!("`{name}` and `{}` share one channel of the PWM block", first.name);
            let diagnosis = report.error(title).at(span.clone(), "").also_at(first.address.span.clone(), "");
            let mend = "GPIO 12 and 18 always have the same level, and so have 13 and 19: \
                        take `hardware` out of one of the two channels";
            report.push(diagnosis.help(Help::advise(mend)));
        }
    }
}

fn check_reserved(who: &str, line: Line, span: &Span, reserved: &[Spanned<Line>], report: &Report<'_>) {
    let Some(taken) = reserved.iter().find(|taken| taken.value == line) else { return };
    let diagnosis = report.error(format!("{who} is on {line}, which is reserved"));
    let diagnosis = diagnosis.at(span.clone(), "").also_at(taken.span.clone(), "reserved here");
    report.push(diagnosis.help(Help::advise("connect it to another pin")));
}

/// The lines of an expander carry no channel, and none of them is reserved or another expander's; but a bus has more
/// chips than those of the rig.
fn check_expanders(
    expanders: &[WiredExpander<'_>],
    channels: &[Wired],
    reserved: &[Spanned<Line>],
    report: &Report<'_>,
) {
    for (place, expander) in expanders.iter().enumerate() {
        let (WiredExpander { name, lines, .. }, is_on_bus) = (expander, expander.is_on_bus());
        for Spanned { value: line, span } in lines {
            let lit = channels
                .iter()
                .filter(|wired| wired.address.value.line() == Some(*line))
                .map(|wired| (wired.name.as_str(), &wired.address.span));
            let is_apart = |other: &&WiredExpander<'_>| !(is_on_bus && other.is_on_bus());
            let shifted = expanders[..place].iter().filter(is_apart).flat_map(|other| {
                let theirs = other.lines.iter().filter(|theirs| theirs.value == *line);
                theirs.map(|theirs| (other.name, &theirs.span))
            });
            if is_on_bus && let Some((first, taken)) = lit.clone().next() {
                let title = format!("`{first}` is on {line}, which the I²C bus of `{name}` uses");
                let diagnosis = report.error(title).at(taken.clone(), "").also_at(span.clone(), "on the bus");
                report.push(diagnosis.help(Help::advise("connect it to another pin")));
            } else if let Some((first, taken)) = lit.chain(shifted).next() {
                let title = format!("expander `{name}` is on {line}, where `{first}` is already");
                let diagnosis = report.error(title).at(span.clone(), "again");
                report.push(diagnosis.also_at(taken.clone(), format!("{line} is taken here")));
            }
            if !is_on_bus {
                check_reserved(&format!("expander `{name}`"), *line, span, reserved, report);
            }
        }
    }
}

/// Each line carries at most one button, a line of a channel or a reserved one none. Each key is one button's.
fn check_buttons(
    buttons: &[WiredButton],
    channels: &[Wired],
    expanders: &[WiredExpander<'_>],
    reserved: &[Spanned<Line>],
    report: &Report<'_>,
) {
    for (place, WiredButton { name, line: Spanned { value: line, span }, button }) in
        buttons.iter().enumerate()
    {
        let above = &buttons[..place];
        let lit = channels
            .iter()
            .map(|channel| (&*channel.name, channel.address.value.line(), &channel.address.span));
        let pressed = above.iter().map(|other| (&*other.name, Some(other.line.value), &other.line.span));
        let shifted = expanders.iter().flat_map(|expander| {
            expander.lines.iter().map(|other| (expander.name, Some(other.value), &other.span))
        });
        if let Some((first, _, taken)) =
            lit.chain(pressed).chain(shifted).find(|(_, other, _)| *other == Some(*line))
        {
            let title = format!("button `{name}` is on {line}, where `{first}` is already");
            let diagnosis = report.error(title).at(span.clone(), "again");
            report.push(diagnosis.also_at(taken.clone(), format!("{line} is taken here")));
        }
        check_reserved(&format!("button `{name}`"), *line, span, reserved, report);
        if let Some(key) = button.key
            && let Some(first) = above.iter().find(|other| other.button.key == Some(key))
        {
            let title = format!("buttons `{}` and `{name}` have the same key \"{key}\"", first.name);
            let help = Help::advise("give each button its own key");
            report.push(report.error(title).at(span.clone(), "").help(help));
        }
    }
}

/// `release = "input"` is not for lines of the PWM block. If the block stops, the line goes low, which may be lit;
/// and once it is an input, only a reboot gives it back to the block.
fn check_release(release: Option<&Spanned<Release>>, channels: &[Wired], report: &Report<'_>) {
    let Some(release) = release.filter(|found| found.value == Release::Input) else { return };
    if let Some(chained) = channels.iter().find(|wired| wired.is_on_expander()) {
        // What the floating clock and latch of a chain pick up would light anything.
        let title = format!("`{}` cannot become an input after a show: its expander drives it", chained.name);
        let diagnosis = report.error(title).at(release.span.clone(), "");
        let diagnosis = diagnosis.also_at(chained.address.span.clone(), "on an expander");
        let words = "write `release = \"driven\"`, so that it keeps its safe level";
        report.push(diagnosis.help(Help::write(release.span.clone(), "\"driven\"").said(words)));
    }
    let Some(dimmed) = channels.iter().find(|wired| wired.is_on_block()) else { return };
    let title = format!("`{}` cannot become an input after a show: the PWM block keeps its pin", dimmed.name);
    let diagnosis = report.error(title).at(release.span.clone(), "");
    let diagnosis = diagnosis.also_at(dimmed.address.span.clone(), "dimmed by the chip itself");
    let words = "write `release = \"driven\"`, so that the pin keeps its safe level; or take `hardware` out of the channel";
    report.push(diagnosis.help(Help::write(release.span.clone(), "\"driven\"").said(words)));
}

fn warn_of_pwm(frequency: Option<&Spanned<u32>>, channels: &[Wired], report: &Report<'_>) {
    let in_software =
        channels.iter().any(|wired| wired.dims() && matches!(wired.address.value, Address::Line(_)));
    let Some(costly) = frequency.filter(|found| in_software && found.value > COSTLY_PWM) else { return };
    let diagnosis = report.warning(format!("dimming at {} Hz costs much of a processor core", costly.value));
    let label = "16 channels take 13 % of one at 400 Hz, 30 % at 1 kHz";
    let words = "write `pwm_frequency = \"200 Hz\"`, which is enough for the eye; a camera may need 400 Hz";
    report.push(
        diagnosis
            .at(costly.span.clone(), label)
            .help(Help::write(costly.span.clone(), "\"200 Hz\"").said(words)),
    );
}
