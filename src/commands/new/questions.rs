//! Questions in a terminal: each is asked again until its answer can be used. Knows not what is asked.

use std::io::{self, BufRead, Read, Write};

use crate::printable::printable;

/// Nobody types a longer answer.
const LONGEST_ANSWER: u64 = 4_096;

/// The input ended before the last answer.
#[derive(Debug)]
pub(super) enum Unanswered {
    End,
    Failed(io::Error),
}

/// A question, with what is known before it is asked.
#[derive(Clone, Copy, Default)]
pub(super) struct Question<'a> {
    pub(super) words: &'a str,
    /// The answer if the line is empty.
    pub(super) usual: Option<&'a str>,
    /// An answer that was given on the command line. If it can be used, nothing is asked.
    pub(super) given: Option<&'a str>,
}

/// Asks on `output` and reads a line of `input` until `read` takes it.
///
/// # Errors
/// [`Unanswered`] where the input ends (Ctrl-D).
pub(super) fn ask<T>(
    input: &mut impl BufRead,
    output: &mut impl Write,
    Question { words, usual, given }: Question<'_>,
    mut read: impl FnMut(&str) -> Result<T, String>,
) -> Result<T, Unanswered> {
    let mut why = match given.map(&mut read) {
        Some(Ok(answer)) => return Ok(answer),
        Some(Err(why)) => Some(why),
        None => None,
    };
    loop {
        if let Some(why) = why {
            writeln!(output, "  {}", printable(&why)).map_err(Unanswered::Failed)?;
        }
        let usual_shown = usual.map_or_else(String::new, |usual| format!(" [{usual}]"));
        write!(output, "{words}{usual_shown}: ").and_then(|()| output.flush()).map_err(Unanswered::Failed)?;
        let mut bytes = Vec::new();
        input.by_ref().take(LONGEST_ANSWER).read_until(b'\n', &mut bytes).map_err(Unanswered::Failed)?;
        if bytes.is_empty() {
            return Err(Unanswered::End);
        }
        let line = String::from_utf8_lossy(&bytes).trim().to_owned();
        let answer = match (line.is_empty(), usual) {
            (true, Some(usual)) => usual.to_owned(),
            _ => line,
        };
        match read(&answer) {
            Ok(answer) => return Ok(answer),
            Err(unusable) => why = Some(unusable),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Result<u8, String> {
        text.parse().map_err(|_| format!("`{text}` is no number"))
    }

    const HOW_MANY: Question = Question { words: "how many", usual: None, given: None };

    #[test]
    fn a_question_is_asked_until_its_answer_can_be_used() {
        let mut output = Vec::new();
        let answer = ask(&mut &b"x\x1b\n\xff\n 7 \n8\n"[..], &mut output, HOW_MANY, number).unwrap();
        assert_eq!(answer, 7);
        let said = String::from_utf8(output).unwrap();
        assert_eq!(said.matches("how many: ").count(), 3, "{said}");
        assert!(said.contains("`x␛` is no number"), "{said}");
    }

    #[test]
    fn an_empty_line_is_the_usual_answer_and_the_end_is_none() {
        let mut output = Vec::new();
        let question = Question { usual: Some("3"), ..HOW_MANY };
        assert_eq!(ask(&mut &b"\n"[..], &mut output, question, number).unwrap(), 3);
        assert!(matches!(ask(&mut &b""[..], &mut output, question, number), Err(Unanswered::End)));
    }

    #[test]
    fn an_answer_that_was_given_is_not_asked_for_unless_it_cannot_be_used() {
        let mut output = Vec::new();
        let given = |given| Question { given: Some(given), ..HOW_MANY };
        assert_eq!(ask(&mut &b""[..], &mut output, given("4"), number).unwrap(), 4);
        assert!(output.is_empty());
        assert_eq!(ask(&mut &b"5\n"[..], &mut output, given("four"), number).unwrap(), 5);
        assert_eq!(String::from_utf8(output).unwrap(), "  `four` is no number\nhow many: ");
    }
}
