//! Lines for standard output or standard error, written by a thread of its own. Who has a line never waits for the
//! reader: lines for which there is no room are counted, and the count is told as soon as there is room again. Knows
//! nothing of what it writes.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::os::fd::AsFd;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};

/// At most so many bytes wait to be written: the events of an evening.
const MOST_WAITING: usize = 64 * 1024;
/// The longest line, in bytes: a longer one is cut.
const LONGEST: usize = 8 * 1024;
/// What a pipe that is ready takes without waiting, in bytes: POSIX's PIPE_BUF.
const AT_ONCE: usize = 4_096;
/// How long the end waits until the thread comes to write: where many processes begin and end at once, it may have no
/// processor for a second.
const BEGIN_PATIENCE: Duration = Duration::from_secs(5);
/// How long the end waits for a reader that does not read.
const CLOSE_PATIENCE: Duration = Duration::from_millis(500);

/// Takes lines without waiting. Dropped, it waits half a second at most for a reader that does not read.
#[derive(Debug)]
pub struct Spool {
    shared: Arc<SpoolState>,
}

#[derive(Debug, Default)]
struct SpoolState {
    waiting: Mutex<PendingLines>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct PendingLines {
    lines: VecDeque<String>,
    bytes: usize,
    /// Since that was last told.
    lost: u64,
    /// The thread writes at this moment.
    is_writing: bool,
    /// Nothing is written for now.
    is_held: bool,
    is_closed: bool,
}

impl Spool {
    /// Writes to `stream` from now on; `lost` makes the line that tells how many were lost.
    ///
    /// # Errors
    /// When the process has no file descriptor left, or the system no room for a small thread.
    pub fn open(stream: &impl AsFd, lost: impl Fn(u64) -> String + Send + 'static) -> io::Result<Self> {
        let file = File::from(stream.as_fd().try_clone_to_owned()?);
        let shared = Arc::new(SpoolState::default());
        let of_thread = Arc::clone(&shared);
        thread::Builder::new().name("spool".into()).spawn(move || of_thread.write_all(file, &lost))?;
        Ok(Self { shared })
    }

    /// Has a line written, soon. Never blocks. A line for which there is no room is lost, and counted.
    pub fn line(&self, text: &str) {
        let mut end = text.len().min(LONGEST);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        self.push(&text[..end], MOST_WAITING);
    }

    fn push(&self, text: &str, most: usize) {
        let mut waiting = self.shared.open();
        // The newline counts too.
        match waiting.bytes.saturating_add(text.len()) < most {
            true => {
                waiting.bytes += text.len() + 1;
                waiting.lines.push_back(format!("{text}\n"));
            }
            false => waiting.lost += 1,
        }
        drop(waiting);
        self.shared.changed.notify_all();
    }

    /// While it is held, lines wait as for a reader that does not read.
    pub fn set_held(&self, is_held: bool) {
        self.shared.open().is_held = is_held;
        self.shared.changed.notify_all();
    }
}

/// A single text, of any length, and a newline. Waits half a second at most for whoever reads.
pub fn print_line(stream: &impl AsFd, text: &str) {
    match Spool::open(stream, |_| String::new()) {
        Ok(spool) => spool.push(text, usize::MAX),
        // Without a descriptor or a thread to spare this thread writes, where there is room for it at once.
        Err(_) => {
            let mut watched = [PollFd::new(stream, PollFlags::OUT)];
            let is_ready = poll(&mut watched, Some(&Timespec::default())).is_ok()
                && watched[0].revents().contains(PollFlags::OUT);
            if is_ready {
                let text = format!("{text}\n");
                let _nobody_reads = rustix::io::write(stream, &text.as_bytes()[..text.len().min(AT_ONCE)]);
            }
        }
    }
}

impl Drop for Spool {
    fn drop(&mut self) {
        let mut waiting = self.shared.open();
        (waiting.is_closed, waiting.is_held) = (true, false);
        self.shared.changed.notify_all();
        let is_yet_to_begin = |waiting: &mut PendingLines| !waiting.is_writing && !waiting.lines.is_empty();
        let begun = self.shared.changed.wait_timeout_while(waiting, BEGIN_PATIENCE, is_yet_to_begin);
        let (waiting, _) = begun.unwrap_or_else(PoisonError::into_inner);
        let is_busy =
            |waiting: &mut PendingLines| waiting.is_writing || !waiting.lines.is_empty() || waiting.lost > 0;
        drop(self.shared.changed.wait_timeout_while(waiting, CLOSE_PATIENCE, is_busy));
    }
}

impl SpoolState {
    fn write_all(&self, mut file: File, lost: &dyn Fn(u64) -> String) {
        loop {
            let mut waiting = self.open();
            while waiting.is_held || waiting.lines.is_empty() && waiting.lost == 0 {
                if waiting.is_closed {
                    return;
                }
                waiting = self.changed.wait(waiting).unwrap_or_else(PoisonError::into_inner);
            }
            let lines = std::mem::take(&mut waiting.lines);
            let (mut missing, is_closed) = (std::mem::take(&mut waiting.lost), waiting.is_closed);
            waiting.bytes = 0;
            waiting.is_writing = true;
            drop(waiting);
            self.changed.notify_all();
            for line in lines {
                missing += u64::from(write(&mut file, &line).is_err());
            }
            let is_told = missing == 0 || write(&mut file, &format!("{}\n", lost(missing))).is_ok();
            let mut waiting = self.open();
            waiting.is_writing = false;
            if !is_told && !is_closed {
                // A full disk: with the next line it is tried again.
                while waiting.lines.is_empty() && !waiting.is_closed {
                    waiting = self.changed.wait(waiting).unwrap_or_else(PoisonError::into_inner);
                }
                waiting.lost += missing;
            }
            drop(waiting);
            self.changed.notify_all();
        }
    }

    fn open(&self) -> MutexGuard<'_, PendingLines> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Waits for the reader for as long as it takes.
fn write(file: &mut File, line: &str) -> io::Result<()> {
    let mut rest = line.as_bytes();
    while !rest.is_empty() {
        match file.write(rest) {
            Ok(0) => return Err(ErrorKind::WriteZero.into()),
            Ok(count) => rest = &rest[count..],
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            // Somebody who shares the stream has made it non-blocking.
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                let mut watched = [PollFd::new(file, PollFlags::OUT)];
                let _ = poll(&mut watched, None);
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::time::Instant;

    use super::*;

    fn spool(stream: &impl AsFd) -> Spool {
        Spool::open(stream, |lost| format!("{lost} lost")).unwrap()
    }

    /// Fills `pipe` up to the last byte.
    fn fill(pipe: &io::PipeWriter) {
        let flags = rustix::fs::fcntl_getfl(pipe).unwrap();
        rustix::fs::fcntl_setfl(pipe, flags | rustix::fs::OFlags::NONBLOCK).unwrap();
        for size in [4096, 1] {
            while (&mut &*pipe).write(&vec![b'x'; size]).is_ok() {}
        }
        rustix::fs::fcntl_setfl(pipe, flags).unwrap();
    }

    #[test]
    fn lines_come_out_in_their_order_and_all_before_the_end() {
        let (mut reader, writer) = io::pipe().unwrap();
        let spool = spool(&writer);
        (0..100).for_each(|number| spool.line(&number.to_string()));
        drop((spool, writer));
        let mut said = String::new();
        reader.read_to_string(&mut said).unwrap();
        assert_eq!(said, (0..100).map(|number| format!("{number}\n")).collect::<String>());
    }

    #[test]
    fn a_reader_that_does_not_read_holds_up_nobody_and_is_told_how_many_lines_it_missed() {
        let (mut reader, writer) = io::pipe().unwrap();
        fill(&writer);
        let (spool, start) = (spool(&writer), Instant::now());
        let long = "y".repeat(1_000);
        (0..1_000).for_each(|_| spool.line(&long));
        assert!(start.elapsed() < Duration::from_secs(5), "somebody waited");
        drop(writer);
        let mut said = String::new();
        let reading = thread::spawn(move || {
            reader.read_to_string(&mut said).unwrap();
            said
        });
        while spool.shared.open().lost > 0 || !spool.shared.open().lines.is_empty() {
            thread::sleep(Duration::from_millis(1));
        }
        spool.line("heard again");
        drop(spool);
        let said = reading.join().unwrap();
        let lines: Vec<&str> = said.trim_start_matches('x').lines().collect();
        let told = lines.iter().filter_map(|line| line.strip_suffix(" lost")?.parse::<usize>().ok());
        let kept = lines.iter().filter(|line| **line == long).count();
        assert_eq!((told.sum::<usize>() + kept, lines.last()), (1_000, Some(&"heard again")));
        assert!((60..=140).contains(&kept), "{kept}");
    }

    #[test]
    fn a_text_of_any_length_is_told_whole_to_whoever_reads() {
        let (mut reader, writer) = io::pipe().unwrap();
        let text = "one line of many\n".repeat(20_000);
        let reading = thread::spawn(move || {
            let mut said = String::new();
            reader.read_to_string(&mut said).unwrap();
            said
        });
        print_line(&writer, &text);
        drop(writer);
        assert_eq!(reading.join().unwrap(), text + "\n");
    }

    #[test]
    fn nobody_who_never_reads_is_told_anything_for_longer_than_a_moment() {
        let (_reader, writer) = io::pipe().unwrap();
        fill(&writer);
        let start = Instant::now();
        print_line(&writer, &"nobody hears this\n".repeat(10_000));
        assert!(start.elapsed() < CLOSE_PATIENCE * 10, "{:?}", start.elapsed());
    }

    #[test]
    fn an_end_does_not_wait_for_a_reader_that_never_reads() {
        let (_reader, writer) = io::pipe().unwrap();
        fill(&writer);
        let (spool, start) = (spool(&writer), Instant::now());
        spool.line("nobody hears this");
        drop(spool);
        assert!(start.elapsed() < CLOSE_PATIENCE * 10, "{:?}", start.elapsed());
    }

    #[test]
    fn a_full_disk_loses_lines_and_ends_nothing() {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let (spool, start) = (spool(&full), Instant::now());
        (0..10).for_each(|number| spool.line(&number.to_string()));
        drop(spool);
        assert!(start.elapsed() < CLOSE_PATIENCE * 10, "{:?}", start.elapsed());
    }

    #[test]
    fn a_line_without_end_is_cut_between_two_letters() {
        let (mut reader, writer) = io::pipe().unwrap();
        let spool = spool(&writer);
        spool.line(&format!("x{}", "ü".repeat(LONGEST)));
        drop((spool, writer));
        let mut said = String::new();
        reader.read_to_string(&mut said).unwrap();
        assert_eq!(said.trim_end(), format!("x{}", "ü".repeat((LONGEST - 1) / 2)));
    }
}
