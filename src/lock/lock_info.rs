//! What an instance tells of itself in its lock file, and how that is read back from a file anybody
//! may have written. Colour, never proof; knows no lock.

use std::fmt;
use std::path::PathBuf;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::pid::Pid;
use crate::realtime::Scheduling;
use crate::time::{ShowTime, parse_clock_time};

/// Every text is written at this length, in one piece, so that no reader meets the tail of an older
/// one.
pub(super) const BLOCK: usize = 1024;
const LONGEST_VALUE: usize = 400; // bytes; all lines together fit the block

/// What an instance plays. Whatever is not known is left out.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct LockInfo {
    pub show: Option<String>,
    /// Whether it is the service, which goes on when a show has ended.
    pub service: bool,
    /// The rig's file.
    pub rig: Option<PathBuf>,
    /// Where the lights are: `gpio` or `sim`.
    pub output: Option<String>,
    /// Whether the lights are scheduled in real time; known once they run.
    pub timing: Option<Scheduling>,
    pub started: Option<Timestamp>,
    pub position: Option<ShowTime>,
    pub length: Option<ShowTime>,
}

impl LockInfo {
    /// The info of `show`, starting now.
    #[must_use]
    pub fn of_show(show: &str) -> Self {
        Self { show: Some(show.to_owned()), started: Some(Timestamp::now()), ..Self::default() }
    }

    /// The text of a lock file: plain lines, padded to 1024 bytes.
    #[must_use]
    pub fn block(&self, pid: Pid) -> Vec<u8> {
        let mut text = format!("pid {pid}\n");
        let mut line = |key: &str, value: Option<String>| {
            // A value that cannot be told on one short line is not told.
            if let Some(value) = value.filter(|value| is_plain(value)) {
                text.push_str(&format!("{key} {value}\n"));
            }
        };
        line("show", self.show.clone());
        line("service", self.service.then(|| "yes".to_owned()));
        line("started", self.started.map(|at| format!("{} {}", at.as_second(), time_of_day(at))));
        line("position", self.position.map(|at| at.to_string()));
        line("length", self.length.map(|at| at.to_string()));
        line("output", self.output.clone().filter(|output| output.len() <= 40));
        line("timing", self.timing.map(|timing| timing.word().to_owned()));
        line("rig", self.rig.as_deref().map(|rig| rig.display().to_string()));
        let mut block = text.into_bytes();
        block.resize(BLOCK - 1, b' ');
        block.push(b'\n');
        block
    }

    /// Reads a lock file's text; `None` unless it is `pid`'s own. What is no line of ours is passed
    /// over: such a file may hold anything.
    #[must_use]
    pub fn read(text: &[u8], pid: Pid) -> Option<Self> {
        let text = String::from_utf8_lossy(text);
        let value = |key: &str| {
            let values = text.lines().filter_map(|line| line.split_once(' '));
            let first = values.filter(|(its_key, _)| *its_key == key).map(|(_, value)| value.trim()).next();
            first.filter(|value| is_plain(value))
        };
        let is_theirs = value("pid")?.parse() == Ok(pid.number()?);
        is_theirs.then(|| Self {
            show: value("show").map(str::to_owned),
            service: value("service") == Some("yes"),
            rig: value("rig").map(PathBuf::from),
            output: value("output").map(str::to_owned),
            timing: value("timing").and_then(Scheduling::of_word),
            started: value("started")
                .and_then(|value| value.split(' ').next()?.parse().ok())
                .and_then(|seconds| Timestamp::from_second(seconds).ok()),
            position: value("position").and_then(|value| parse_clock_time(value).ok()),
            length: value("length").and_then(|value| parse_clock_time(value).ok()),
        })
    }
}

/// `since 20:15:03, 1:12 of 3:00`, as far as it is known, in this machine's local time.
pub(super) struct SinceAndPosition<'a>(pub(super) &'a LockInfo);

impl fmt::Display for SinceAndPosition<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let LockInfo { started, position, length, .. } = self.0;
        let since = started.map(|at| format!("since {}", time_of_day(at)));
        let place = match (position, length) {
            (Some(position), Some(length)) => {
                Some(format!("{} of {}", position.to_minutes(), length.to_minutes()))
            }
            (Some(position), None) => Some(format!("at {}", position.to_minutes())),
            (None, _) => None,
        };
        f.write_str(&[since, place].into_iter().flatten().collect::<Vec<_>>().join(", "))
    }
}

fn time_of_day(at: Timestamp) -> String {
    at.to_zoned_datetime(TimeZone::system()).strftime("%H:%M:%S").to_string()
}

/// Fit for one line of a file and of a terminal: no control characters, whoever wrote it.
fn is_plain(value: &str) -> bool {
    !value.is_empty() && value.len() <= LONGEST_VALUE && !value.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PID: Pid = Pid::new(12_345);

    fn info() -> LockInfo {
        LockInfo {
            show: Some("starcourt".into()),
            service: false,
            rig: Some("/etc/starcourt/rig.toml".into()),
            output: Some("gpio".into()),
            timing: Some(Scheduling::Realtime),
            started: Timestamp::from_second(1_764_015_303).ok(),
            position: Some(ShowTime::from_micros(72_000_000)),
            length: Some(ShowTime::from_micros(180_000_000)),
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let ordinary = LockInfo { timing: Some(Scheduling::Ordinary), ..info() };
        for info in [info(), ordinary, LockInfo::default(), LockInfo { length: None, ..info() }] {
            let block = info.block(PID);
            assert_eq!(block.len(), BLOCK);
            assert_eq!(LockInfo::read(&block, PID), Some(info));
        }
    }

    #[test]
    fn a_text_of_another_process_is_not_believed() {
        let block = info().block(PID);
        assert_eq!(LockInfo::read(&block, Pid::new(1_234)), None);
        assert_eq!(LockInfo::read(&block, Pid::HIDDEN), None);
    }

    #[test]
    fn garbage_is_passed_over() {
        for garbage in [&b""[..], b"\0\xff\xfe", b"pid", b"pid x", b"pid 99999999999999999999", b"\n\n  \n"] {
            assert_eq!(LockInfo::read(garbage, PID), None);
        }
        let half = b"\xff\xfe\npid 12345\nshow \x1b[31mred\nposition 1:99\nlength 3:00\nlength 9:00\n";
        let length = Some(ShowTime::from_micros(180_000_000));
        assert_eq!(LockInfo::read(half, PID), Some(LockInfo { length, ..LockInfo::default() }));
    }

    #[test]
    fn what_does_not_fit_the_block_is_left_out() {
        let endless = Some("x".repeat(LONGEST_VALUE + 1));
        let long = Some("y".repeat(LONGEST_VALUE));
        let lines = Some("two\nlines".to_owned());
        for (show, rig) in [(endless.clone(), long.clone()), (long.clone(), long), (lines, endless)] {
            let block = LockInfo { show, rig: rig.map(PathBuf::from), ..info() }.block(PID);
            assert_eq!(block.len(), BLOCK);
            let read = LockInfo::read(&block, PID).expect("its own text");
            assert_eq!((read.output, read.position), (info().output, info().position));
        }
    }

    #[test]
    fn a_text_of_another_version_tells_what_it_can() {
        for (text, timing) in [
            ("pid 12345\noutput sim\n", None),
            ("pid 12345\noutput sim\ntiming ordinary\n", Some(Scheduling::Ordinary)),
            ("pid 12345\noutput sim\ntiming by the moon\nmood fine\n", None),
        ] {
            let expected = LockInfo { output: Some("sim".into()), timing, ..LockInfo::default() };
            assert_eq!(LockInfo::read(text.as_bytes(), PID), Some(expected), "{text}");
        }
    }

    #[test]
    fn a_course_tells_as_much_as_is_known() {
        let course = |info: LockInfo| SinceAndPosition(&info).to_string();
        let silent = LockInfo { started: None, ..info() };
        assert_eq!(course(silent.clone()), "1:12 of 3:00");
        assert_eq!(course(LockInfo { length: None, ..silent }), "at 1:12");
        assert!(course(info()).ends_with(":03, 1:12 of 3:00"));
        assert_eq!(course(LockInfo::default()), "");
    }
}
