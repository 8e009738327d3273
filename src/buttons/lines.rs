//! The pins of the buttons, by the kernel's GPIO character device: it tells every edge with its instant,
//! and lets no other program have the line meanwhile. The only file that names gpiocdev.

use std::fs;
use std::io::{self, PipeReader, PipeWriter};

use gpiocdev::line::{Bias, EdgeDetection, EdgeKind, EventClock, Value};
use gpiocdev::{Chip, Error, Request};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

use super::source::{ButtonEdge, ButtonInput, InputSource, time_until};
use crate::output::gpio::{GROUP, HEADER_CHIPS, Unavailable};
use crate::rig::{Active, Button, Line, Pull};
use crate::time::Mono;

/// What other programs see as the owner of the lines.
const OWNER: &str = "starcourt";
/// How many edges are read at once; the more bounces, the more often is read.
const AT_ONCE: usize = 16;

pub(super) struct Lines {
    request: Request,
    lines: Vec<Line>,
    stopped: PipeReader,
}

/// Ends the waiting when it is dropped.
pub(super) struct Stop(#[expect(dead_code, reason = "held for its Drop")] PipeWriter);

impl Lines {
    /// Takes the buttons' lines as inputs, pulled as the rig says.
    pub(super) fn open(buttons: &[Button]) -> Result<(Self, Stop), Unavailable> {
        let chip = header_chip()?;
        if let Some(taken) = taken(&chip, buttons) {
            return Err(taken);
        }
        let mut request = Request::builder();
        request.on_chip(chip.path()).with_consumer(OWNER);
        for button in buttons {
            request
                .with_line(button.line.bcm().into())
                .as_input()
                .with_bias(match button.pull {
                    Pull::Up => Bias::PullUp,
                    Pull::Down => Bias::PullDown,
                    Pull::Off => Bias::Disabled,
                })
                .with_edge_detection(EdgeDetection::BothEdges)
                .with_event_clock(EventClock::Monotonic);
            match button.active {
                Active::Low => request.as_active_low(),
                Active::High => request.as_active_high(),
            };
        }
        // Another program may have been faster since it was looked for.
        let request =
            request.request().map_err(|error| taken(&chip, buttons).unwrap_or_else(|| broken(&error)))?;
        let (stopped, stop) = io::pipe().map_err(Unavailable::Io)?;
        let lines = buttons.iter().map(|button| button.line).collect();
        Ok((Self { request, lines, stopped }, Stop(stop)))
    }

    /// Which buttons are pressed right now.
    pub(super) fn are_down(&self) -> Result<Vec<bool>, Unavailable> {
        let is_down =
            |line: &Line| Ok(self.request.value(line.bcm().into()).map_err(|e| broken(&e))? == Value::Active);
        self.lines.iter().map(is_down).collect()
    }

    fn edges(&self) -> Result<Vec<ButtonEdge>, Error> {
        let mut edges = Vec::new();
        // Not `read_edge_event`: it takes all that the kernel has ready, up to eight, and keeps the first. A
        // contact that bounces would lose the edge that counts, the last.
        let mut ready = self.request.new_edge_event_buffer(AT_ONCE);
        while ready.has_event()? {
            let event = ready.read_event()?;
            let place = self.lines.iter().position(|line| u32::from(line.bcm()) == event.offset);
            edges.extend(place.map(|button| ButtonEdge {
                button,
                at: Mono::from_nanos(event.timestamp_ns),
                down: event.kind == EdgeKind::Rising,
            }));
        }
        Ok(edges)
    }
}

impl InputSource for Lines {
    fn wait(&mut self, deadline: Option<Mono>) -> ButtonInput {
        let mut watched = [
            PollFd::new(&self.request, PollFlags::IN),
            PollFd::new(&self.stopped, PollFlags::IN | PollFlags::HUP),
        ];
        let patience = deadline.map(|deadline| {
            Timespec::try_from(time_until(deadline)).expect("a button's deadline is below a minute")
        });
        match poll(&mut watched, patience.as_ref()) {
            Ok(_) if !watched[1].revents().is_empty() => ButtonInput::End,
            Ok(0) | Err(Errno::INTR) => ButtonInput::Nothing,
            Ok(_) => {
                self.edges().map_or_else(|error| ButtonInput::Broken(error.to_string()), ButtonInput::Edges)
            }
            Err(error) => ButtonInput::Broken(error.to_string()),
        }
    }
}

fn header_chip() -> Result<Chip, Unavailable> {
    let chips = gpiocdev::chip::chips().map_err(|error| broken(&error))?;
    let mut closed = None;
    for path in &chips {
        match Chip::from_path(path) {
            Ok(chip) => {
                let label = chip.info().map_err(|error| broken(&error))?.label;
                if HEADER_CHIPS.iter().any(|chip| chip.label == label) {
                    return Ok(chip);
                }
            }
            Err(Error::Os(errno)) if Errno::from_raw_os_error(errno.0) == Errno::ACCESS => {
                closed = Some(path)
            }
            Err(error) => return Err(broken(&error)),
        }
    }
    Err(match closed {
        Some(path) => Unavailable::NotPermitted { device: path.display().to_string(), group: GROUP },
        None if fs::exists("/sys/firmware/devicetree/base/model").unwrap_or(false) => Unavailable::Missing(
            "the header's GPIO chip is missing from /dev/gpiochip*, and buttons are read through it; \
             start Raspberry Pi OS's own kernel"
                .to_owned(),
        ),
        None => Unavailable::NotAPi,
    })
}

/// The first line that another program, or the kernel itself, has.
fn taken(chip: &Chip, buttons: &[Button]) -> Option<Unavailable> {
    buttons.iter().find_map(|button| {
        let about = chip.line_info(button.line.bcm().into()).ok().filter(|about| about.used)?;
        let by = if about.consumer.is_empty() { "the kernel".to_owned() } else { about.consumer };
        Some(Unavailable::Taken { line: button.line, by })
    })
}

fn broken(error: &Error) -> Unavailable {
    Unavailable::Io(io::Error::other(error.to_string()))
}
