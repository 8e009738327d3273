//! Who has sent a signal, as a log tells it. Decides nothing.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process;

use log::Level;

/// What is told of a command line ends here.
const LONGEST: usize = 120; // letters

/// Another process that has sent a signal.
pub(super) struct SignalSender(u32);

impl SignalSender {
    /// `None` if the kernel, a terminal or this process itself has sent it.
    pub(super) fn of(signal: &libc::siginfo_t) -> Option<Self> {
        // SAFETY: a code that is not positive says that a process has sent it, and then the kernel has filled the field
        // (sigaction(2)).
        let pid = (signal.si_code <= 0).then(|| unsafe { signal.si_pid() })?;
        u32::try_from(pid).ok().filter(|pid| *pid != 0 && *pid != process::id()).map(Self)
    }

    /// Tells that it has asked this process to end. Reads files of the kernel, which may block: nobody should wait for
    /// this.
    pub(super) fn tell_of_end(&self) {
        let arguments = fs::read(format!("/proc/{}/cmdline", self.0)).unwrap_or_default();
        let (level, words) = told(self.0, &arguments);
        log::log!(level, "{words}");
    }
}

/// A takeover is something that a person should know; a service manager that ends its service is not.
fn told(pid: u32, arguments: &[u8]) -> (Level, String) {
    let arguments = arguments.split(|byte| *byte == 0).filter(|argument| !argument.is_empty());
    let mut arguments = arguments.map(|argument| String::from_utf8_lossy(argument).into_owned());
    let Some(program) = arguments.next() else {
        return (Level::Info, format!("PID {pid} has asked this process to end"));
    };
    let name = Path::new(OsStr::from_bytes(program.as_bytes())).file_name().map(OsStr::to_string_lossy);
    let name = name.map_or_else(|| program.clone(), |name| name.into_owned());
    let is_own = name == env!("CARGO_PKG_NAME");
    let command: String = [name].into_iter().chain(arguments).collect::<Vec<_>>().join(" ");
    let short: String = command.chars().take(LONGEST).collect();
    let dots = if short.len() < command.len() { "…" } else { "" };
    let level = if is_own { Level::Warn } else { Level::Info };
    (level, format!("PID {pid} (`{short}{dots}`) has asked this process to end"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_takeover_is_told_with_its_command() {
        let of = |arguments: &[u8]| told(7, arguments);
        let words = "PID 7 (`starcourt play gong --takeover`) has asked this process to end";
        assert_eq!(of(b"/usr/bin/starcourt\0play\0gong\0--takeover\0"), (Level::Warn, words.to_owned()));
        assert_eq!(
            of(b"/sbin/init\0"),
            (Level::Info, "PID 7 (`init`) has asked this process to end".to_owned())
        );
        assert_eq!(of(b""), (Level::Info, "PID 7 has asked this process to end".to_owned()));
        assert!(of(&[b'x'; 4_096]).1.len() < 200);
    }
}
