//! Bytes from a keyboard become wishes. Knows nothing of where the bytes come from.

use super::wish::{Key, Wish};

const ESCAPE: u8 = 0x1b;
/// What stands in an arrow key's sequence if shift is held down.
const SHIFT: [u8; 3] = *b"1;2";

/// Keys come as bytes, and those beyond letters (arrows, F1) as an escape and more bytes.
#[derive(Default)]
pub(super) struct Keys {
    within: Within,
}

#[derive(Clone, Copy, PartialEq, Eq, Default)]
enum Within {
    #[default]
    Nothing,
    /// An escape came, and it may be the key or the beginning of another.
    Escape,
    /// `ESC [` or `ESC O`: a key beyond letters, told by its last byte.
    Sequence,
    /// The same with digits in between: the first three.
    LongSequence([u8; 3]),
}

impl Keys {
    pub(super) fn press(&mut self, byte: u8) -> Option<Wish> {
        let before = std::mem::take(&mut self.within);
        match (before, byte) {
            (_, ESCAPE) => self.within = Within::Escape,
            (Within::Escape, b'[' | b'O') => self.within = Within::Sequence,
            (Within::Sequence, 0x20..=0x3f) => self.within = Within::LongSequence([byte, 0, 0]),
            (Within::LongSequence([first, 0, _]), 0x20..=0x3f) => {
                self.within = Within::LongSequence([first, byte, 0]);
            }
            (Within::LongSequence([first, second, 0]), 0x20..=0x3f) => {
                self.within = Within::LongSequence([first, second, byte]);
            }
            // No such key means anything.
            (Within::LongSequence(_), 0x20..=0x3f) => self.within = Within::LongSequence(*b"~~~"),
            (Within::Nothing, key) => return wish_of(key),
            (Within::Escape, key) => return graphic(key).map(Key::Alt).map(Wish::Key),
            (Within::Sequence, b'A') => return Some(Wish::Key(Key::Up)),
            (Within::Sequence, b'B') => return Some(Wish::Key(Key::Down)),
            (Within::Sequence, b'C') => return Some(Wish::Key(Key::Right)),
            (Within::Sequence, b'D') => return Some(Wish::Key(Key::Left)),
            // With shift: of xterm and most others, and of rxvt.
            (Within::LongSequence(SHIFT), b'C') | (Within::Sequence, b'c') => {
                return Some(Wish::Key(Key::ShiftRight));
            }
            (Within::LongSequence(SHIFT), b'D') | (Within::Sequence, b'd') => {
                return Some(Wish::Key(Key::ShiftLeft));
            }
            (Within::Sequence | Within::LongSequence(_), _) => {}
        }
        None
    }

    /// No byte has come for a while: an escape that still waits for more was the key itself. It ends no show: a person
    /// presses it to leave something else.
    pub(super) fn end_sequence(&mut self) -> Option<Wish> {
        (std::mem::take(&mut self.within) == Within::Escape).then_some(Wish::Key(Key::Escape))
    }
}

fn wish_of(key: u8) -> Option<Wish> {
    Some(match key {
        b' ' => Wish::Pause,
        b'b' | b'B' => Wish::Blackout,
        b'n' | b'N' => Wish::Next,
        b'q' | b'Q' => Wish::Quit,
        b'+' | b'=' => Wish::Louder,
        b'-' => Wish::Softer,
        b'\r' | b'\n' => Wish::Key(Key::Enter),
        // Terminals send either.
        0x7f | 0x08 => Wish::Key(Key::Backspace),
        key => Wish::Key(Key::Char(graphic(key)?)),
    })
}

fn graphic(key: u8) -> Option<char> {
    key.is_ascii_graphic().then_some(char::from(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `.` stands for a rest between bytes.
    fn check(typed: &[u8], wishes: &[Wish]) {
        let mut keys = Keys::default();
        let wished = typed.iter().filter_map(|byte| match byte {
            b'.' => keys.end_sequence(),
            byte => keys.press(*byte),
        });
        assert_eq!(wished.collect::<Vec<_>>(), wishes, "{}", typed.escape_ascii());
    }

    #[test]
    fn each_key_has_its_wish() {
        use Wish::{Blackout, Louder, Next, Pause, Quit, Softer};
        check(b" bnq+-", &[Pause, Blackout, Next, Quit, Louder, Softer]);
    }

    #[test]
    fn a_key_without_a_wish_is_passed_on() {
        use Key::{Alt, Char, Down, Enter, Left, Right, Up};
        check(b"\x7f\x08", &[Wish::Key(Key::Backspace); 2]);
        check(
            b"1[\r\x1b1\x1b[C\x1bOD\x1b[A\x1b[B\x07\xc3\xa4",
            &[Char('1'), Char('['), Enter, Alt('1'), Right, Left, Up, Down].map(Wish::Key),
        );
    }

    #[test]
    fn an_arrow_with_shift_is_another_key() {
        use Key::{Right, ShiftLeft, ShiftRight};
        check(
            b"\x1b[1;2C\x1b[1;2D\x1b[c\x1b[d\x1b[C",
            &[ShiftRight, ShiftLeft, ShiftRight, ShiftLeft, Right].map(Wish::Key),
        );
        // With Alt or Ctrl, or more than an arrow is: nothing.
        check(b"\x1b[1;3C\x1b[1;5D\x1b[1;22C\x1b[11;2D\x1b[1;2;2C\x1b[1;2H", &[]);
    }

    #[test]
    fn escape_alone_quits_nothing_and_the_key_after_it_is_itself() {
        check(b"\x1b", &[]);
        check(b"\x1b.q", &[Wish::Key(Key::Escape), Wish::Quit]);
    }

    #[test]
    fn arrows_function_keys_and_alt_are_not_taken_for_escape() {
        check(b"\x1b[H.\x1bOP.\x1b[15~.\x1b[1;5C.\x1bq.b", &[Wish::Key(Key::Alt('q')), Wish::Blackout]);
    }
}
