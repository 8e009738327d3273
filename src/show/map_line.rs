//! Reads one `map` line: which channels of a file of frames drive which channels of the rig. Knows no file.

use std::ops::Range;

use crate::diagnosis::Help;
use crate::rig::Rig;

use super::who::{Who, who};
use super::words::{Mistake, SheetLine, Word, is_digits};

/// No program writes frames of so many channels.
const MOST_NUMBERS: u32 = 8 << 20;

/// One `map` line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct MapLine {
    /// First and last, as xLights counts channels, from 1.
    pub(super) numbers: (u32, u32),
    /// Where the numbers are, in bytes.
    pub(super) numbers_span: Range<usize>,
    /// As many as the numbers, or all driven by one.
    pub(super) who: Who,
    pub(super) who_span: Range<usize>,
    /// Its line.
    pub(super) span: Range<usize>,
}

/// Reads a line that begins with `map`.
pub(super) fn map_line(line: &mut SheetLine, rig: &Rig) -> Result<MapLine, Mistake> {
    let span = line.span();
    line.expect("`map`")?;
    let word = line.expect("a channel of the frames, such as `1` or `4-6`")?;
    let (first, last) = match numbers(word) {
        Some(numbers) => numbers,
        None => return Err(no_numbers(word, line, rig)),
    };
    let numbers_span = word.span();
    if first == 0 {
        return Err(Mistake::new(numbers_span, "there is no channel 0")
            .label("channels of frames count from 1, as in xLights"));
    }
    if first > last {
        let help = Help::write(numbers_span.clone(), format!("{last}-{first}"));
        return Err(Mistake::new(numbers_span, "this range runs backward").help(help).exact());
    }
    if last > MOST_NUMBERS {
        return Err(Mistake::new(numbers_span, "no frames have so many channels")
            .label(format!("expected at most {MOST_NUMBERS}")));
    }
    let who_start = line.peek().map_or(span.end, |word| word.start);
    let who = who(line, rig)?;
    let who_span = who_start..line.peek().map_or(span.end, |word| word.start);
    line.finish("the line")?;
    let (many, driven) = (last - first + 1, who.len() as u32);
    if many > 1 && many != driven {
        let mistake =
            Mistake::new(numbers_span.clone(), format!("{many} channels of the frames for {driven}"))
                .label("expected as many as behind it, or one for all of them");
        let meant = if driven == 1 { first.to_string() } else { format!("{first}-{}", first + driven - 1) };
        return Err(mistake.help(Help::write(numbers_span, meant)).exact());
    }
    Ok(MapLine { numbers: (first, last), numbers_span, who, who_span, span })
}

/// `7` or `4-6`.
pub(super) fn numbers(word: Word) -> Option<(u32, u32)> {
    let (first, last) = word.text.split_once('-').unwrap_or((word.text, word.text));
    let number = |text: &str| is_digits(text).then(|| text.parse().unwrap_or(u32::MAX));
    Some((number(first)?, number(last)?))
}

/// `map neon 1`, or no number at all.
fn no_numbers(word: Word, line: &SheetLine, rig: &Rig) -> Mistake {
    let mistake = Mistake::new(word.span(), format!("`{}` is no channel of the frames", word.text))
        .label("expected a number such as `1`, or a range such as `4-6`");
    let last = line.clone().last().filter(|last| numbers(*last).is_some());
    match last {
        Some(last) if rig.channels_named(word.text).is_some() => {
            let names = line.between(word.start, last.start).trim_end();
            mistake.help(Help::write(word.start..last.span().end, format!("{}  {names}", last.text))).exact()
        }
        _ => mistake,
    }
}
