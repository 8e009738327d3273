//! What was done to the lines, read from the log of register writes.

use std::path::Path;

use starcourt::time::Mono;

const SET: usize = 0x1c;
const CLEAR: usize = 0x28;
/// From 0 to here the registers say what lines are, ten lines each, three bits a line.
const LAST_SELECT: usize = 0x08;
const OUTPUT: u32 = 0b001;

/// What was done to one line, as the registers saw it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    High,
    Low,
    BecameOutput,
    BecameInput,
}

/// A step, with the line by its BCM number, the process that did it, and the instant right after.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Event {
    pub at: Mono,
    pub pid: u32,
    pub line: usize,
    pub step: Step,
}

/// The events that the log at `path` tells, in order; none where no program has written yet.
/// `outputs` says which lines were outputs before, a bit a line.
pub(super) fn events(path: &Path, mut outputs: u32) -> Vec<Event> {
    let log = std::fs::read_to_string(path).unwrap_or_default();
    // A reader beside the programs may see the beginning of a line that crosses two pages of the file.
    let whole = &log[..log.rfind('\n').map_or(0, |end| end + 1)];
    let mut events = Vec::new();
    for write in whole.lines() {
        let fields: Vec<&str> = write.split(' ').collect();
        let hexadecimal = |index: usize| u32::from_str_radix(fields[index], 16).unwrap();
        let (at, pid) = (Mono::from_nanos(fields[0].parse().unwrap()), fields[1].parse().unwrap());
        let (offset, value) = (hexadecimal(2) as usize, hexadecimal(3));
        let steps = (0..32).filter_map(|line| Some((line, step(offset, value, line, outputs)?)));
        for (line, step) in steps.collect::<Vec<_>>() {
            match step {
                Step::BecameOutput => outputs |= 1 << line,
                Step::BecameInput => outputs &= !(1 << line),
                Step::High | Step::Low => {}
            }
            events.push(Event { at, pid, line, step });
        }
    }
    events
}

/// What `value` in the register at `offset` does to `line`.
fn step(offset: usize, value: u32, line: usize, outputs: u32) -> Option<Step> {
    match offset {
        SET if value >> line & 1 == 1 => Some(Step::High),
        CLEAR if value >> line & 1 == 1 => Some(Step::Low),
        0..=LAST_SELECT if line / 10 * 4 == offset => {
            let (is, was) = (mode(value, line) == OUTPUT, outputs >> line & 1 == 1);
            let step = if is { Step::BecameOutput } else { Step::BecameInput };
            (is != was).then_some(step)
        }
        _ => None,
    }
}

/// What a select register says of `line`, one of its ten.
fn mode(select: u32, line: usize) -> u32 {
    select >> (line % 10 * 3) & 0b111
}

/// Whether `line` is an output, by the select register that it belongs to.
pub(super) fn is_output(select: u32, line: usize) -> bool {
    mode(select, line) == OUTPUT
}
