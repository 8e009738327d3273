//! Questions in a terminal: each is asked again until its answer can be used. Knows not what is asked.

use std::io::{self, BufRead, Read, Write};

/// Nobody types a longer answer.
const LONGEST_ANSWER: u64 = 4_096;

/// The input ended before the last answer.
#[derive(Debug)]
pub(super) enum Unanswered {
    End,
    Failed(io::Error),
}

/// Asks on `output` and reads a line of `input` until `read` takes it. An empty line is the answer `usual`, if there is
/// one.
///
/// # Errors
/// [`Unanswered`] where the input ends (Ctrl-D).
pub(super) fn ask<T>(
    input: &mut impl BufRead,
    output: &mut impl Write,
    question: &str,
    usual: Option<&str>,
    mut read: impl FnMut(&str) -> Result<T, String>,
) -> Result<T, Unanswered> {
    loop {
        let usual_shown = usual.map_or_else(String::new, |usual| format!(" [{usual}]"));
        write!(output, "{question}{usual_shown}: ").and_then(|()| output.flush()).map_err(Unanswered::Failed)?;
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
            Err(why) => {
                let why = crate::printable::printable(&why);
                writeln!(output, "  {why}").map_err(Unanswered::Failed)?;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Result<u8, String> {
        text.parse().map_err(|_| format!("`{text}` is no number"))
    }

    #[test]
    fn a_question_is_asked_until_its_answer_can_be_used() {
        let mut output = Vec::new();
        let answer = ask(&mut &b"x\x1b\n\xff\n 7 \n8\n"[..], &mut output, "how many", None, number).unwrap();
        assert_eq!(answer, 7);
        let said = String::from_utf8(output).unwrap();
        assert_eq!(said.matches("how many: ").count(), 3, "{said}");
        assert!(said.contains("`x␛` is no number"), "{said}");
    }

    #[test]
    fn an_empty_line_is_the_usual_answer_and_the_end_is_none() {
        let mut output = Vec::new();
        assert_eq!(ask(&mut &b"\n"[..], &mut output, "how many", Some("3"), number).unwrap(), 3);
        assert!(matches!(ask(&mut &b""[..], &mut output, "how many", Some("3"), number), Err(Unanswered::End)));
    }
}
