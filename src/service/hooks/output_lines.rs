//! What a command writes, as lines for a log: limited in number and length, text only. The last line is kept, because
//! it may be the reason that the command gives. Knows no processes.

/// More would flood the log.
const LINES: usize = 20;
/// In bytes.
const LONGEST: usize = 200;

/// Passes lines on to `say`.
pub(super) struct OutputLines<S: FnMut(&str)> {
    say: S,
    /// The line so far, as much of it as is kept.
    line: Vec<u8>,
    last: Option<String>,
    said: usize,
}

impl<S: FnMut(&str)> OutputLines<S> {
    pub(super) fn new(say: S) -> Self {
        Self { say, line: Vec::new(), last: None, said: 0 }
    }

    pub(super) fn add(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            match byte {
                b'\n' => self.end_line(),
                _ if self.line.len() < LONGEST => self.line.push(byte),
                _ => {}
            }
        }
    }

    /// The last line, which is not said any more.
    pub(super) fn take_last(&mut self) -> Option<String> {
        self.end_line();
        self.last.take()
    }

    /// Nothing more comes.
    pub(super) fn finish(mut self) {
        self.end_line();
        self.say_last();
    }

    fn end_line(&mut self) {
        let text: String = String::from_utf8_lossy(&self.line)
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        // A cut may go through a letter.
        let is_cut = self.line.len() == LONGEST;
        let text = if is_cut { text.trim_end_matches(char::REPLACEMENT_CHARACTER) } else { &text }.trim();
        self.line.clear();
        if !text.is_empty() {
            self.say_last();
            self.last = Some(text.to_owned());
        }
    }

    fn say_last(&mut self) {
        let Some(last) = self.last.take() else { return };
        match self.said {
            said if said < LINES => (self.say)(&last),
            LINES => (self.say)("… (the rest is left out)"),
            _ => return,
        }
        self.said += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said of `pieces`, and the last line where it is a reason.
    fn said(pieces: &[&[u8]], has_reason: bool) -> (Vec<String>, Option<String>) {
        let mut said = Vec::new();
        let mut lines = OutputLines::new(|line| said.push(line.to_owned()));
        pieces.iter().for_each(|piece| lines.add(piece));
        let reason = if has_reason { lines.take_last() } else { None };
        lines.finish();
        (said, reason)
    }

    #[test]
    fn lines_are_said_however_they_arrive() {
        let (said, _) = said(&[b"one\ntw", b"o\n\n  \nthree"], false);
        assert_eq!(said, ["one", "two", "three"]);
    }

    #[test]
    fn a_reason_is_the_last_line_and_is_not_said_twice() {
        assert_eq!(said(&[b"looks\nit rains\n\n"], true), (vec!["looks".into()], Some("it rains".into())));
        assert_eq!(said(&[b"it ra", b"ins"], true), (vec![], Some("it rains".into())));
        assert_eq!(said(&[b"\n"], true), (vec![], None));
    }

    #[test]
    fn a_flood_is_dammed_and_its_last_line_still_heard() {
        let flood = b"chatter\n".repeat(100_000);
        let (said, reason) = said(&[&flood, b"it rains\n"], true);
        assert_eq!((said.len(), reason.as_deref()), (LINES + 1, Some("it rains")));
        assert_eq!(said[LINES], "… (the rest is left out)");
    }

    #[test]
    fn a_line_without_end_is_cut_and_what_is_no_text_is_blanked() {
        let (told, _) = said(&[&b"x".repeat(1_000_000), b"\n\x1b[2J\x07red\xff\n"], false);
        assert_eq!(told, ["x".repeat(LONGEST), "[2J red\u{fffd}".to_owned()]);
        let (told, _) = said(&[format!("x{}", "ü".repeat(500)).as_bytes()], false);
        assert_eq!(told, [format!("x{}", "ü".repeat(99))]);
    }
}
