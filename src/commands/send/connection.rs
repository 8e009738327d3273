//! SSH to another machine: a script of ours that runs there, and a command in this terminal. Knows not what they do.

use std::ffi::OsString;
use std::fs::Permissions;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::thread::{self, JoinHandle};

use crate::printable::printable;

/// A longer line is nothing that our script prints.
const LONGEST_LINE: u64 = 64 << 10;
/// Of what SSH itself reports, the last lines.
const REPORTS_KEPT: usize = 5;
/// The line that a script prints first: from here on there is a connection.
const HELLO: &str = "+";

/// Whom SSH connects to, and through what.
pub(super) struct Host<'a> {
    name: &'a str,
    shared: Option<SharedConnection>,
}

/// One connection that carries several sessions, so that a password is typed only once. It ends in Drop.
struct SharedConnection {
    /// Nobody else may enter it: who can reach the socket needs no password.
    folder: tempfile::TempDir,
    ssh: Child,
    /// The other side waits for its end, also if this process is killed.
    held_by: Option<ChildStdin>,
    reporting: Option<JoinHandle<String>>,
}

/// How a session ended.
pub(super) struct SessionEnd {
    pub(super) status: ExitStatus,
    /// Whether our script began to run there.
    pub(super) begun: bool,
    /// Why our script did not do its work.
    pub(super) reason: Option<String>,
    /// What SSH reported.
    pub(super) reports: String,
    /// What went wrong with the data on this side.
    pub(super) unsent: Option<io::Error>,
}

impl<'a> Host<'a> {
    /// Each session connects anew.
    pub(super) fn of(name: &'a str) -> Self {
        Self { name, shared: None }
    }

    /// All sessions go through one connection, which is made now. A password is typed in the terminal: SSH asks for it
    /// there.
    ///
    /// # Errors
    /// When there is no SSH on this machine. If no connection can be made, the inner error has what SSH reported.
    pub(super) fn shared(name: &'a str) -> io::Result<Result<Self, String>> {
        let only_mine = Permissions::from_mode(0o700);
        let folder = tempfile::Builder::new().prefix("starcourt-").permissions(only_mine).tempdir()?;
        let mut ssh = ssh();
        // The socket is there before the command runs. A setting of the user's must not send this SSH into the
        // background.
        ssh.args(["-M", "-o", "ControlPersist=no", "-S"]).arg(socket_in(folder.path()));
        ssh.args(["-T", "--", name, &format!("echo {HELLO} && exec cat")]);
        let mut ssh = piped(&mut ssh).spawn()?;
        let (held_by, answers, errors) = streams(&mut ssh);
        let reporting = Some(thread::spawn(move || reports(errors)));
        let mut shared = SharedConnection { folder, ssh, held_by: Some(held_by), reporting };
        let mut answers = BufReader::new(answers);
        let mut is_there = false;
        while !is_there {
            // What the other machine's shell prints at each login may come first.
            let Some(line) = next_line(&mut answers) else { return Ok(Err(shared.end())) };
            is_there = line == HELLO;
        }
        Ok(Ok(Self { name, shared: Some(shared) }))
    }

    /// SSH in this terminal, which runs `there`. Waits for its end.
    ///
    /// # Errors
    /// When there is no SSH on this machine.
    pub(super) fn run_here(&self, there: &str, in_terminal: bool) -> io::Result<ExitStatus> {
        let mut ssh = self.ssh();
        if in_terminal {
            ssh.arg("-t");
        }
        ssh.args(["--", self.name, there]).status()
    }

    /// Runs `script` there, and gives it what `send` writes. The script prints `+` first. Each line that it prints for
    /// a person goes to `tell`.
    ///
    /// # Errors
    /// When there is no SSH on this machine.
    pub(super) fn session(
        &self,
        script: &str,
        send: impl FnOnce(&mut dyn Write) -> io::Result<()> + Send,
        mut tell: impl FnMut(&str),
    ) -> io::Result<SessionEnd> {
        // The command is the same whatever is sent: the number is the length of our own script.
        let start = format!("exec sh -c 'script=$(head -c {}) && exec sh -c \"$script\" send'", script.len());
        let mut child = piped(self.ssh().args(["-T", "--", self.name, &start])).spawn()?;
        let (mut data, answers, errors) = streams(&mut child);
        let (mut begun, mut reason, mut unsent, mut reported) = (false, None, None, String::new());
        thread::scope(|scope| {
            let sending = scope.spawn(move || {
                let sent = data.write_all(script.as_bytes()).and_then(|()| send(&mut data));
                // The other side reads the end of the data now.
                drop(data);
                sent
            });
            let reporting = scope.spawn(move || reports(errors));
            let mut answers = BufReader::new(answers);
            while let Some(line) = next_line(&mut answers) {
                match line.split_at_checked(1) {
                    Some((HELLO, "")) => begun = true,
                    Some(("=", line)) => tell(line),
                    Some(("!", why)) => reason = Some(printable(why)),
                    // What the other machine's shell prints at each login.
                    _ => {}
                }
            }
            unsent = sending.join().ok().and_then(Result::err);
            reported = reporting.join().unwrap_or_default();
        });
        Ok(SessionEnd { status: child.wait()?, begun, reason, reports: reported, unsent })
    }

    fn ssh(&self) -> Command {
        let mut ssh = ssh();
        if let Some(shared) = &self.shared {
            ssh.arg("-S").arg(socket_in(shared.folder.path()));
        }
        ssh
    }
}

impl SharedConnection {
    /// Ends it: what SSH reported.
    fn end(&mut self) -> String {
        drop(self.held_by.take());
        // Nobody could do anything about it, and the reports say why.
        let _ended = self.ssh.wait();
        self.reporting.take().and_then(|reporting| reporting.join().ok()).unwrap_or_default()
    }
}

impl Drop for SharedConnection {
    fn drop(&mut self) {
        self.end();
    }
}

/// SSH, which notices within 20 s that a connection is lost.
fn ssh() -> Command {
    let mut ssh = Command::new("ssh");
    let alive = ["ConnectTimeout=20", "ServerAliveInterval=5", "ServerAliveCountMax=4"];
    ssh.args(alive.iter().flat_map(|option| ["-o", option]));
    ssh
}

/// As SSH takes the name of a socket: with its signs for host, port and user.
fn socket_in(folder: &Path) -> OsString {
    let mut name = Vec::new();
    for byte in folder.join("ssh").as_os_str().as_bytes() {
        name.extend(if *byte == b'%' { &b"%%"[..] } else { std::slice::from_ref(byte) });
    }
    OsString::from_vec(name)
}

fn piped(command: &mut Command) -> &mut Command {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped())
}

fn streams(child: &mut Child) -> (ChildStdin, impl Read + use<>, impl Read + use<>) {
    let piped = "the stream is a pipe";
    let data = child.stdin.take().expect(piped);
    (data, child.stdout.take().expect(piped), child.stderr.take().expect(piped))
}

/// The last lines of what SSH says, until it ends.
fn reports(errors: impl Read) -> String {
    let mut errors = BufReader::new(errors);
    let mut kept = Vec::new();
    while let Some(line) = next_line(&mut errors) {
        kept.push(printable(&line));
        if kept.len() > REPORTS_KEPT {
            kept.remove(0);
        }
    }
    kept.join("\n  ")
}

/// `None` at the end.
fn next_line(stream: &mut impl BufRead) -> Option<String> {
    let mut line = Vec::new();
    match stream.take(LONGEST_LINE).read_until(b'\n', &mut line) {
        Ok(1..) => Some(String::from_utf8_lossy(&line).trim_end_matches(['\n', '\r']).to_owned()),
        _ => None,
    }
}
