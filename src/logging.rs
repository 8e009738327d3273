//! What the program tells of its work: lines with a level, to standard error or the journal. Knows nothing of
//! what it tells. The only file that knows how `log`'s macros are answered.
//!
//! Any thread may log, but for those that keep time: a line is formatted and takes a mutex. No line is waited
//! for: a [`Spool`] writes, and counts what could not be written.
//!
//! `STARCOURT_LOG` names the least level that is told: `error`, `warn`, `info`, `debug`, `trace`, or `off`.

use std::env;
use std::fs::{self, File};
use std::io::{self, IsTerminal, stderr, stdout};
use std::os::fd::AsFd;
use std::os::unix::fs::MetadataExt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::ZonedDateTime;
use log::{Level, LevelFilter, Log, Metadata, Record};

use crate::printable::{printable, printable_lines};
use crate::spool::Spool;

const VARIABLE: &str = "STARCOURT_LOG";
/// Of other crates nothing is told: a decoder's complaints are in our own words where they matter.
const OWN_TARGET: &str = env!("CARGO_CRATE_NAME");

static LOGGER: Logger = Logger(Mutex::new(None));

/// Lines are told for as long as this lives. Dropped, it waits half a second at most for what is still to be
/// written.
#[derive(Debug)]
pub struct Logging(());

/// Tells what matters on standard error: warnings and errors, unless `STARCOURT_LOG` says otherwise.
#[must_use]
pub fn start() -> Logging {
    *LOGGER.open() = Some(Sink::new(LogTarget::Stderr));
    // Fails where it was set before: then it is this one.
    let _ = log::set_logger(&LOGGER);
    let asked = asked();
    log::set_max_level(asked.clone().ok().flatten().unwrap_or(LevelFilter::Warn));
    if let Err(word) = asked {
        log::warn!("{VARIABLE} is `{word}`: expected error, warn, info, debug, trace or off");
    }
    Logging(())
}

/// From now on lines go to standard output, events (`info`) too: for a service, whose output is a log.
///
/// # Errors
/// When the process has no file descriptor left, or the system no room for a small thread.
pub fn use_stdout() -> io::Result<()> {
    let mut sink = Sink::new(LogTarget::Stdout);
    sink.open()?;
    let before = LOGGER.open().replace(sink);
    drop(before); // not under the lock: it may wait for what it has to write
    log::set_max_level(asked().ok().flatten().unwrap_or(LevelFilter::Info));
    Ok(())
}

/// A line for `debug` that is told only when it has changed: what is decided again and again.
#[derive(Default, Debug)]
pub struct Changing(String);

impl Changing {
    /// Makes the line only where somebody asks for it.
    pub fn debug(&mut self, line: impl FnOnce() -> String) {
        if log::log_enabled!(Level::Debug) {
            let line = line();
            if line != self.0 {
                log::debug!("{line}");
                self.0 = line;
            }
        }
    }
}

/// Whether `STARCOURT_LOG` asks for lines: then the log has everything, what a person sees elsewhere too.
#[must_use]
pub fn is_asked_for() -> bool {
    matches!(asked(), Ok(Some(_)))
}

/// Keeps lines back that would go to the terminal: something else draws on it. What is too much is counted.
pub fn hold() {
    if let Some(sink) = &mut *LOGGER.open()
        && sink.is_terminal()
    {
        sink.set_held(true);
    }
}

/// Ends what [`hold`] began.
pub fn release() {
    if let Some(sink) = &mut *LOGGER.open() {
        sink.set_held(false);
    }
}

/// A line as it is told on standard error, for a process that has no thread to spare for a log.
#[must_use]
pub fn stderr_line(level: Level, text: &str) -> String {
    lines(LogTarget::Stderr, is_journal(&stderr()), level, text).join("\n")
}

/// Whether `stream` leads to systemd's journal, as systemd.exec(5) tells it: by device and inode.
#[must_use]
pub fn is_journal(stream: &impl AsFd) -> bool {
    let Ok(told) = env::var("JOURNAL_STREAM") else { return false };
    let about = stream.as_fd().try_clone_to_owned().and_then(|own| File::from(own).metadata());
    about.is_ok_and(|about| told == stream_name(&about))
}

fn stream_name(about: &fs::Metadata) -> String {
    format!("{}:{}", about.dev(), about.ino())
}

impl Drop for Logging {
    fn drop(&mut self) {
        let spool = LOGGER.open().as_mut().and_then(|sink| {
            sink.set_held(false);
            sink.spool.take()
        });
        drop(spool); // not under the lock: it may wait
    }
}

/// The level that the environment asks for, `None` where it asks for nothing, or the word that is no level.
fn asked() -> Result<Option<LevelFilter>, String> {
    match env::var_os(VARIABLE).map(|word| word.to_string_lossy().into_owned()) {
        None => Ok(None),
        Some(word) if word.is_empty() => Ok(None),
        Some(word) => word.parse().map(Some).map_err(|_| word),
    }
}

struct Logger(Mutex<Option<Sink>>);

impl Logger {
    fn open(&self) -> MutexGuard<'_, Option<Sink>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Log for Logger {
    fn enabled(&self, about: &Metadata<'_>) -> bool {
        about.target().split("::").next() == Some(OWN_TARGET)
    }

    fn log(&self, record: &Record<'_>) {
        if self.enabled(record.metadata()) {
            let text = record.args().to_string();
            if let Some(sink) = &mut *self.open() {
                sink.tell(record.level(), &text);
            }
        }
    }

    fn flush(&self) {}
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum LogTarget {
    Stdout,
    Stderr,
}

#[derive(Debug)]
struct Sink {
    stream: LogTarget,
    is_journal: bool,
    /// Opened with the first line: most commands log nothing and need no thread for it.
    spool: Option<Spool>,
    is_held: bool,
}

impl Sink {
    fn new(stream: LogTarget) -> Self {
        let is_journal = match stream {
            LogTarget::Stdout => is_journal(&stdout()),
            LogTarget::Stderr => is_journal(&stderr()),
        };
        Self { stream, is_journal, spool: None, is_held: false }
    }

    fn is_terminal(&self) -> bool {
        match self.stream {
            LogTarget::Stdout => stdout().is_terminal(),
            LogTarget::Stderr => stderr().is_terminal(),
        }
    }

    fn open(&mut self) -> io::Result<&Spool> {
        if self.spool.is_none() {
            let (stream, is_journal) = (self.stream, self.is_journal);
            let lost = move |lost| {
                let (noun, were) = if lost == 1 { ("line", "was") } else { ("lines", "were") };
                let text = format!("… {lost} {noun} {were} lost: nobody read this output");
                lines(stream, is_journal, Level::Warn, &text).join("\n")
            };
            let spool = match stream {
                LogTarget::Stdout => Spool::open(&stdout(), lost),
                LogTarget::Stderr => Spool::open(&stderr(), lost),
            }?;
            spool.set_held(self.is_held);
            self.spool = Some(spool);
        }
        Ok(self.spool.as_ref().expect("it was opened above"))
    }

    fn tell(&mut self, level: Level, text: &str) {
        let told = lines(self.stream, self.is_journal, level, text);
        // The journal has its own clock.
        let clock = match (self.stream, self.is_journal) {
            (LogTarget::Stdout, false) => time_of_day() + "  ",
            _ => String::new(),
        };
        // Without a descriptor or a thread to spare there is nobody who could be told.
        let Ok(spool) = self.open() else { return };
        for (number, line) in told.iter().enumerate() {
            match number {
                0 => spool.line(&format!("{clock}{line}")),
                _ => spool.line(&format!("{:width$}{line}", "", width = clock.len())),
            }
        }
    }

    fn set_held(&mut self, is_held: bool) {
        self.is_held = is_held;
        if let Some(spool) = &self.spool {
            spool.set_held(is_held);
        }
    }
}

/// `19:24:21`, as a clock on the wall here shows it.
#[must_use]
pub fn time_of_day() -> String {
    ZonedDateTime::now().strftime("%H:%M:%S").to_string()
}

/// `text` as it is told. An event with several lines, such as a mistake in a file, has its first line at the margin and
/// the others further in, so that no text can look like another event.
fn lines(stream: LogTarget, is_journal: bool, level: Level, text: &str) -> Vec<String> {
    let mark = if level >= Level::Debug { "debug: " } else { "" };
    if (stream, is_journal) == (LogTarget::Stderr, false) {
        return vec![format!("starcourt: {mark}{}", printable_lines(text))];
    }
    let weight = if is_journal { format!("<{}>", priority(level)) } else { mark.to_owned() };
    let further_in = |number: usize| if number == 0 { "" } else { "  " };
    text.lines()
        .filter(|line| !line.trim().is_empty())
        .enumerate()
        .map(|(number, line)| format!("{weight}{}{}", further_in(number), printable(line.trim_end())))
        .collect()
}

/// As sd-daemon(3) has them.
fn priority(level: Level) -> u8 {
    match level {
        Level::Error => 3,
        Level::Warn => 4,
        Level::Info => 6,
        Level::Debug | Level::Trace => 7,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_its_priority_in_the_journal_and_our_name_on_standard_error() {
        for (stream, is_journal, level, told) in [
            (LogTarget::Stdout, true, Level::Warn, "<4>two|<4>   | lines"),
            (LogTarget::Stderr, true, Level::Error, "<3>two|<3>   | lines"),
            (LogTarget::Stdout, true, Level::Debug, "<7>two|<7>   | lines"),
            (LogTarget::Stdout, false, Level::Info, "two|   | lines"),
            (LogTarget::Stdout, false, Level::Debug, "debug: two|debug:    | lines"),
            (LogTarget::Stderr, false, Level::Warn, "starcourt: two\n | lines\n\n"),
            (LogTarget::Stderr, false, Level::Debug, "starcourt: debug: two\n | lines\n\n"),
        ] {
            assert_eq!(lines(stream, is_journal, level, "two\n | lines\n\n").join("|"), told);
        }
        assert_eq!(lines(LogTarget::Stderr, true, Level::Info, "\x1b[2J<3>"), ["<6>␛[2J<3>"]);
    }

    #[test]
    fn only_this_program_is_told_of() {
        let is_enabled = |target| LOGGER.enabled(&Metadata::builder().target(target).build());
        assert!(is_enabled("starcourt::lock") && is_enabled(module_path!()));
        assert!(!is_enabled("symphonia_core::probe") && !is_enabled("starcourtier"));
    }
}
