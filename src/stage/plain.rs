//! The show as plain lines, for files, pipes, journals and terminals that move no cursor: one at the
//! start, one for every event, one every ten seconds to say how far it is. Knows no terminal.

use std::env;
use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::os::fd::AsFd;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use super::mailbox::Frame;
use crate::ipc::{PlayState, ShowStatus, Status};
use crate::logging;
use crate::printable::printable;

/// Often enough to see that it lives, seldom enough to read what happened.
const PROGRESS_EVERY: Duration = Duration::from_secs(10);

/// Plain lines on standard output.
pub(super) struct PlainOutput {
    stdout: File,
    plain: Plain,
    opened: Instant,
    status: Option<Status>,
}

impl PlainOutput {
    /// # Errors
    /// When the process has no file descriptor left.
    pub(super) fn open() -> Result<Self> {
        let stdout = io::stdout().as_fd().try_clone_to_owned().context("opening standard output")?.into();
        let plain = Plain { why_no_keys: why_no_keys(), last: None };
        Ok(Self { stdout, plain, opened: Instant::now(), status: None })
    }

    pub(super) fn present(&mut self, frame: Frame) {
        self.status = frame.status.or(self.status.take());
        let mut lines = match &self.status {
            Some(status) => {
                let clock = logging::time_of_day();
                self.plain.lines(status, &frame.notices, (self.opened.elapsed(), &clock))
            }
            None => frame.notices,
        };
        lines.extend(frame.summary);
        let text: String = lines.iter().flat_map(|line| [line, "\n"]).collect();
        // A reader that is gone is a hang-up, which is told elsewhere.
        let _ = self.stdout.write_all(text.as_bytes());
    }
}

/// Why no key but Ctrl-C does anything, for a person at a terminal.
fn why_no_keys() -> Option<String> {
    if !io::stdout().is_terminal() {
        return io::stdin().is_terminal().then(|| "standard output is no terminal".to_owned());
    }
    let why = match env::var("TERM").ok().filter(|term| !term.is_empty()) {
        Some(term) => format!("TERM is `{term}`"),
        None => "TERM is not set".to_owned(),
    };
    Some(why)
}

struct Plain {
    /// `None` if there is no person at a terminal.
    why_no_keys: Option<String>,
    last: Option<Printed>,
}

/// What the last lines said.
struct Printed {
    /// Of the state.
    words: &'static str,
    progress: Duration,
}

impl Plain {
    /// The lines that this status and these notices give rise to, `now` after the stage was opened; `clock` is the time of
    /// day then. The notices of a service have their time of day already.
    fn lines(&mut self, status: &Status, notices: &[String], (now, clock): (Duration, &str)) -> Vec<String> {
        let Some(show) = &status.show else { return notices.to_vec() };
        let event = |what: &str| match status.service {
            true => format!("{clock}  {what}"),
            false => format!("{}  {what}", show.position.to_minutes()),
        };
        let mut lines = Vec::new();
        let last = self.last.get_or_insert_with(|| {
            lines.push(opening(status, show));
            let what = if status.service { "service" } else { "show" };
            lines.extend(
                self.why_no_keys
                    .as_ref()
                    .map(|why| format!("Ctrl-C ends the {what}; other keys do nothing, because {why}")),
            );
            // That it waits, the first line says itself.
            let state = if status.state == PlayState::Waiting { status.state } else { PlayState::Playing };
            Printed { words: state.name(), progress: now }
        });
        if last.words != status.state_words() {
            let has_waited = last.words == PlayState::Waiting.name();
            last.words = status.state_words();
            lines.push(match (status.state, show.sound_leads) {
                (PlayState::Playing, true) if has_waited => event("the sound has begun; sound card leads"),
                _ => event(last.words),
            });
        }
        lines
            .extend(notices.iter().map(|notice| if status.service { notice.clone() } else { event(notice) }));
        if now.saturating_sub(last.progress) >= PROGRESS_EVERY {
            last.progress = now;
            lines.push(position(status, show));
        }
        lines.iter().map(|line| printable(line)).collect()
    }
}

fn opening(status: &Status, show: &ShowStatus) -> String {
    let channels = match status.channels.len() {
        1 => "1 channel".to_owned(),
        many => format!("{many} channels"),
    };
    let length = show.length.map_or(String::new(), |length| format!("{}, ", length.to_minutes()));
    let length = length + &show.repetition().map_or_else(String::new, |words| format!("{words}, "));
    let realtime = if show.realtime { "real time" } else { "not real time" };
    // Who leads is only certain once the first sound is heard, or is not.
    let leader = if status.state == PlayState::Waiting { status.state.name() } else { show.leader() };
    format!("{} ({}): {length}{channels}, {}; {leader}, {realtime}", show.title, show.name, status.output)
}

fn position(status: &Status, show: &ShowStatus) -> String {
    let bar = show.bar_beat.as_ref().map_or(String::new(), |bar| format!(", bar {bar}"));
    let late = show.lateness().map_or_else(String::new, |late| format!(", {late}"));
    format!("{}{bar}: {} of {} lit{late}", show.progress(), status.lit(), status.channels.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stage::samples::{show, status};
    use crate::time::ShowTime;

    /// One line of `moments`: seconds since the start, and how the sample differs.
    fn check(moments: &[(u64, PlayState, &[&str])], expected: &[&str]) {
        let mut plain = Plain { why_no_keys: Some("TERM is `dumb`".to_owned()), last: None };
        let mut lines = Vec::new();
        for (seconds, state, notices) in moments {
            let now = Duration::from_secs(*seconds);
            let show = ShowStatus { position: ShowTime::ZERO + now, ..show() };
            let status = Status { state: *state, show: Some(show), ..status() };
            let notices: Vec<String> = notices.iter().map(|&notice| notice.to_owned()).collect();
            lines.extend(plain.lines(&status, &notices, (now, "19:24:21")));
        }
        assert_eq!(lines, expected);
    }

    const OPENING: &str = "Starcourt (starcourt): 3:00, 8 channels, simulated; sound card leads, real time";
    const WAY_OUT: &str = "Ctrl-C ends the show; other keys do nothing, because TERM is `dumb`";

    #[test]
    fn a_quiet_show_tells_its_start_and_every_ten_seconds_where_it_is() {
        check(
            &[
                (0, PlayState::Playing, &[]),
                (9, PlayState::Playing, &[]),
                (10, PlayState::Playing, &[]),
                (19, PlayState::Playing, &[]),
            ],
            &[OPENING, WAY_OUT, "0:10 of 3:00, bar 17.3: 5 of 8 lit"],
        );
    }

    #[test]
    fn every_event_is_a_line() {
        check(
            &[
                (0, PlayState::Waiting, &[]),
                (1, PlayState::Playing, &[]),
                (2, PlayState::Playing, &["the sound is lost; the machine's clock leads"]),
                (3, PlayState::Blackout, &[]),
            ],
            &[
                "Starcourt (starcourt): 3:00, 8 channels, simulated; waiting for sound, real time",
                WAY_OUT,
                "0:01  the sound has begun; sound card leads",
                "0:02  the sound is lost; the machine's clock leads",
                "0:03  blackout",
            ],
        );
    }

    #[test]
    fn a_service_tells_the_time_of_day() {
        let mut plain = Plain { why_no_keys: None, last: None };
        let status = Status { service: true, state: PlayState::Blackout, ..status() };
        let notices = ["19:24:20  rig.toml has changed".to_owned()];
        let lines = plain.lines(&status, &notices, (Duration::ZERO, "19:24:21"));
        assert_eq!(lines[1..], ["19:24:21  blackout", "19:24:20  rig.toml has changed"]);
    }

    #[test]
    fn no_control_character_gets_through() {
        check(&[(0, PlayState::Playing, &["\x1b[31mred\r\n"])], &[OPENING, WAY_OUT, "0:00  ␛[31mred␍␊"]);
    }
}
