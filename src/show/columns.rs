//! Where the columns of a line stand from which a cue was read. Knows no meaning of them.

use std::ops::Range;

use super::when::when;
use super::words::SheetLine;
use super::{Action, Cue, Effect, Show};

/// Places in the text of the sheet, in bytes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Columns {
    pub who: Range<usize>,
    /// Without a `for` and its duration.
    pub what: Range<usize>,
}

impl Show {
    /// Where `cue` says who, and what; `None` if it was not read from a line. A row of steps has no time before these.
    #[must_use]
    pub fn columns(&self, cue: &Cue) -> Option<Columns> {
        let text = self.source.text().get(cue.line.clone())?;
        let mut line = SheetLine::new(text, cue.line.start)?;
        if !matches!(cue.action, Action::Over { effect: Effect::Steps { .. }, .. }) {
            when(&mut line).ok()?;
        }
        let first = line.next()?;
        let mut last = first;
        while line.peek().is_some_and(|word| matches!(word.text, "," | "but")) {
            line.next();
            last = line.next()?;
        }
        let mut ahead = line.clone();
        let mut what = ahead.next()?.span();
        what.end =
            ahead.take_while(|word| word.text != "for").last().map_or(what.end, |word| word.span().end);
        Some(Columns { who: first.start..last.span().end, what })
    }
}

#[cfg(test)]
mod tests {
    use crate::diagnosis::Source;

    #[track_caller]
    fn check(line: &str, who: &str, what: &str) {
        let rig = "[channels]\na = { pin = 4, kind = \"ssr\" }\nb = { pin = 17, kind = \"ssr\" }\n";
        let rig = crate::rig::read(&Source::new("rig.toml", rig)).0.unwrap();
        let source = Source::new("a.show", format!("length 9 s\ntempo 120 bpm\n{line}\n"));
        let (show, _) = super::super::read("a", &source, &rig, &|_| anyhow::bail!("none")).unwrap();
        let columns = show.columns(&show.cues[0]).unwrap();
        assert_eq!((&source.text()[columns.who], &source.text()[columns.what]), (who, what), "{line}");
    }

    #[test]
    fn who_and_what_are_found_in_every_kind_of_line() {
        check("1.1  a  on", "a", "on");
        check("+1 beat  a, b  40 %  # warm", "a, b", "40 %");
        check("1.1 to 2.1 every 1 beat  all but b  on for 1/8", "all but b", "on");
        check("1.1 to 2.1  a,b  pulse 10 to 40 % every 1 beat", "a,b", "pulse 10 to 40 % every 1 beat");
        check("steps 1.1 to 2.1 by 1/8\n  a, b   x.x. ..", "a, b", "x.x. ..");
    }
}
