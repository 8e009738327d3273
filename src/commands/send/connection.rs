//! One SSH connection to another machine, on which a script of ours runs. Knows not what the script does.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{Command, ExitStatus, Stdio};
use std::thread;

use crate::printable::printable;

/// A longer line is nothing that our script prints.
const LONGEST_LINE: u64 = 64 << 10;
/// Of what SSH itself reports, the last lines.
const REPORTS_KEPT: usize = 5;

/// How a connection ended.
pub(super) struct SessionEnd {
    pub(super) status: ExitStatus,
    /// Why our script did not do its work.
    pub(super) reason: Option<String>,
    /// What SSH reported.
    pub(super) reports: String,
    /// What went wrong with the data on this side.
    pub(super) unsent: Option<io::Error>,
}

/// Runs `script` on `host`, and gives it what `send` writes. Each line that it prints for a person goes to `tell`. A
/// password is typed in the terminal: SSH asks for it there.
///
/// # Errors
/// When there is no SSH on this machine.
pub(super) fn session(
    host: &str,
    script: &str,
    send: impl FnOnce(&mut dyn Write) -> io::Result<()> + Send,
    mut tell: impl FnMut(&str),
) -> io::Result<SessionEnd> {
    // The command is the same whatever is sent: the number is the length of our own script.
    let start = format!("exec sh -c 'script=$(head -c {}) && exec sh -c \"$script\" send'", script.len());
    let alive = ["ConnectTimeout=20", "ServerAliveInterval=5", "ServerAliveCountMax=4"];
    let mut child = Command::new("ssh")
        .args(alive.iter().flat_map(|option| ["-o", option]))
        .args(["-T", "--", host, &start])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let piped = "the stream is a pipe";
    let mut data = child.stdin.take().expect(piped);
    let (answers, errors) = (child.stdout.take().expect(piped), child.stderr.take().expect(piped));
    let (mut reason, mut unsent, mut reports) = (None, None, String::new());
    thread::scope(|scope| {
        let sending = scope.spawn(move || {
            let sent = data.write_all(script.as_bytes()).and_then(|()| send(&mut data));
            // The other side reads the end of the data now.
            drop(data);
            sent
        });
        let reporting = scope.spawn(move || {
            let mut kept = Vec::new();
            for_each_line(errors, |line| {
                kept.push(printable(line));
                if kept.len() > REPORTS_KEPT {
                    kept.remove(0);
                }
            });
            kept.join("\n  ")
        });
        for_each_line(answers, |line| match line.split_at_checked(1) {
            Some(("=", line)) => tell(line),
            Some(("!", why)) => reason = Some(printable(why)),
            // What the other machine's shell prints at each login.
            _ => {}
        });
        unsent = sending.join().ok().and_then(Result::err);
        reports = reporting.join().unwrap_or_default();
    });
    Ok(SessionEnd { status: child.wait()?, reason, reports, unsent })
}

fn for_each_line(stream: impl Read, mut tell: impl FnMut(&str)) {
    let mut stream = BufReader::new(stream);
    let mut line = Vec::new();
    while let Ok(1..) = stream.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line) {
        tell(String::from_utf8_lossy(&line).trim_end_matches(['\n', '\r']));
        line.clear();
    }
}
