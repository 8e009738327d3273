//! What a check found, and how it is printed. Knows nothing of what was checked.

use serde::Serialize;

use crate::printable::{printable, printable_lines};

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Good,
    /// It works, but could be better or safer.
    Advice,
    /// A show cannot play, or cannot play safely.
    Wrong,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Finding {
    pub verdict: Verdict,
    /// One sentence without its full stop. What it is about may follow on further lines.
    pub what: String,
    /// The command that fixes it; a line for each, if there are several.
    pub mend: Option<String>,
}

impl Finding {
    pub fn good(what: impl Into<String>) -> Self {
        Self { verdict: Verdict::Good, what: what.into(), mend: None }
    }

    pub fn advice(what: impl Into<String>) -> Self {
        Self { verdict: Verdict::Advice, what: what.into(), mend: None }
    }

    pub fn wrong(what: impl Into<String>) -> Self {
        Self { verdict: Verdict::Wrong, what: what.into(), mend: None }
    }

    #[must_use]
    pub fn mend(mut self, command: impl Into<String>) -> Self {
        self.mend = Some(command.into());
        self
    }
}

/// The findings as a list, each with its mend below it, and their number at the end.
#[must_use]
pub fn render(findings: &[Finding], colour: bool) -> String {
    let mut text = String::new();
    for finding in findings {
        let (word, paint) = match finding.verdict {
            Verdict::Good => ("good", "32"),
            Verdict::Advice => ("advice", "33"),
            Verdict::Wrong => ("wrong", "1;31"),
        };
        let (on, off) = if colour { (format!("\x1b[{paint}m"), "\x1b[0m") } else { (String::new(), "") };
        let what = printable_lines(&finding.what).replace('\n', "\n        ");
        text += &format!("{on}{word:<7}{off} {}\n", what.trim_end());
        for line in finding.mend.iter().flat_map(|mend| mend.lines()) {
            text += &format!("            {}\n", printable(line));
        }
    }
    let count = |verdict| findings.iter().filter(|finding| finding.verdict == verdict).count();
    let summary = match (count(Verdict::Wrong), count(Verdict::Advice)) {
        (0, 0) => "everything is well".to_owned(),
        (0, advice) => format!("nothing is wrong; {advice} could be better"),
        (wrong, 0) => format!("{wrong} wrong"),
        (wrong, advice) => format!("{wrong} wrong, {advice} could be better"),
    };
    text += &format!("\n{summary}\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_reads_as_a_verdict_a_sentence_and_a_command() {
        let findings = [
            Finding::good("Raspberry Pi 4 Model B"),
            Finding::wrong("no permission").mend("sudo usermod -aG gpio pi\nexit"),
            Finding::advice("no sound card"),
            Finding::wrong("two lines:\nthis one\n"),
        ];
        let expected = "\
good    Raspberry Pi 4 Model B
wrong   no permission
            sudo usermod -aG gpio pi
            exit
advice  no sound card
wrong   two lines:
        this one

2 wrong, 1 could be better
";
        assert_eq!(render(&findings, false), expected);
        assert!(render(&findings, true).contains("\x1b[1;31mwrong  \x1b[0m no permission"));
    }
}
