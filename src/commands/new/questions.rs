//! Questions in a terminal: each is asked again until its answer can be used, and `back` leads to the one before. Knows
//! not what is asked.

use std::io::{self, BufRead, Read, Write};

use crate::printable::printable;

/// Nobody types a longer answer.
const LONGEST_ANSWER: u64 = 4_096;
/// What to type to answer the question before once more.
pub(super) const BACK: &str = "back";

/// There are no answers to all questions.
#[derive(Debug)]
pub(super) enum Unanswered {
    /// The input ended before the last answer.
    End,
    Failed(io::Error),
}

/// Why a question has no answer.
#[derive(Debug)]
pub(super) enum NoAnswer {
    /// The question before is to be answered once more.
    Back,
    Unanswered(Unanswered),
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

/// Asks one question after another.
pub(super) struct Interview<R, W> {
    input: R,
    output: W,
    /// What was typed, and can be used.
    answers: Vec<String>,
    /// How many of the answers are taken. When somebody goes back, all questions come again, and those before the one
    /// that is asked anew have their answers.
    taken: usize,
    /// The answer that is to be typed once more.
    former: Option<String>,
}

impl<R: BufRead, W: Write> Interview<R, W> {
    /// Reads lines of `input`, and asks on `output`. `questions` asks the same ones, in the same order, for the same
    /// answers: it begins anew when somebody goes back.
    ///
    /// # Errors
    /// Where the input ends (Ctrl-D), or a terminal fails.
    pub(super) fn hold<T>(
        input: R,
        output: W,
        mut questions: impl FnMut(&mut Self) -> Result<T, NoAnswer>,
    ) -> Result<T, Unanswered> {
        let mut interview = Self { input, output, answers: Vec::new(), taken: 0, former: None };
        loop {
            match questions(&mut interview) {
                Ok(answer) => return Ok(answer),
                Err(NoAnswer::Unanswered(why)) => return Err(why),
                Err(NoAnswer::Back) => {
                    interview.former = interview.answers.pop();
                    interview.taken = 0;
                }
            }
        }
    }

    /// Says something between two questions, unless it was said before.
    ///
    /// # Errors
    /// What the terminal says.
    pub(super) fn say(&mut self, text: &str) -> Result<(), NoAnswer> {
        let is_news = self.taken == self.answers.len();
        if is_news { self.write(text) } else { Ok(()) }
    }

    /// Asks until `read` takes the answer.
    ///
    /// # Errors
    /// [`NoAnswer::Back`] is to be passed on.
    pub(super) fn ask<T>(
        &mut self,
        Question { words, usual, given }: Question<'_>,
        mut read: impl FnMut(&str) -> Result<T, String>,
    ) -> Result<T, NoAnswer> {
        let mut why = match given.map(&mut read) {
            Some(Ok(answer)) => return Ok(answer),
            Some(Err(why)) => Some(why),
            None => None,
        };
        if let Some(answer) = self.answers.get(self.taken).and_then(|typed| read(typed).ok()) {
            self.taken += 1;
            return Ok(answer);
        }
        let former = self.former.take();
        let usual = former.as_deref().or(usual);
        let usual_shown = usual.map_or_else(String::new, |usual| format!(" [{usual}]"));
        loop {
            if let Some(why) = why {
                self.write(&format!("  {}\n", printable(&why)))?;
            }
            self.write(&format!("{words}{usual_shown}: "))?;
            let line = self.line()?;
            if line.eq_ignore_ascii_case(BACK) {
                if !self.answers.is_empty() {
                    return Err(NoAnswer::Back);
                }
                why = Some("this is the first question".to_owned());
                continue;
            }
            let typed = match (line.is_empty(), usual) {
                (true, Some(usual)) => usual.to_owned(),
                _ => line,
            };
            match read(&typed) {
                Ok(answer) => {
                    self.answers.push(typed);
                    self.taken += 1;
                    return Ok(answer);
                }
                Err(unusable) => why = Some(unusable),
            }
        }
    }

    fn write(&mut self, text: &str) -> Result<(), NoAnswer> {
        self.output.write_all(text.as_bytes()).and_then(|()| self.output.flush()).map_err(failed)
    }

    fn line(&mut self) -> Result<String, NoAnswer> {
        let mut bytes = Vec::new();
        self.input.by_ref().take(LONGEST_ANSWER).read_until(b'\n', &mut bytes).map_err(failed)?;
        match bytes.is_empty() {
            true => Err(NoAnswer::Unanswered(Unanswered::End)),
            false => Ok(String::from_utf8_lossy(&bytes).trim().to_owned()),
        }
    }
}

fn failed(error: io::Error) -> NoAnswer {
    NoAnswer::Unanswered(Unanswered::Failed(error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Result<u8, String> {
        text.parse().map_err(|_| format!("`{text}` is no number"))
    }

    const HOW_MANY: Question = Question { words: "how many", usual: None, given: None };

    /// One question with this input: its answer, and what was said.
    fn asked(input: &str, question: Question<'_>) -> (Result<u8, Unanswered>, String) {
        let mut output = Vec::new();
        let answer =
            Interview::hold(input.as_bytes(), &mut output, |interview| interview.ask(question, number));
        (answer, String::from_utf8(output).unwrap())
    }

    #[test]
    fn a_question_is_asked_until_its_answer_can_be_used() {
        let (answer, said) = asked("x\x1b\né\n 7 \n8\n", HOW_MANY);
        assert_eq!(answer.unwrap(), 7);
        assert_eq!(said.matches("how many: ").count(), 3, "{said}");
        assert!(said.contains("`x␛` is no number"), "{said}");
    }

    #[test]
    fn an_empty_line_is_the_usual_answer_and_the_end_is_none() {
        let question = Question { usual: Some("3"), ..HOW_MANY };
        assert_eq!(asked("\n", question).0.unwrap(), 3);
        assert!(matches!(asked("", question).0, Err(Unanswered::End)));
    }

    #[test]
    fn an_answer_that_was_given_is_not_asked_for_unless_it_cannot_be_used() {
        let given = |given| Question { given: Some(given), ..HOW_MANY };
        let (answer, said) = asked("", given("4"));
        assert!(answer.unwrap() == 4 && said.is_empty());
        let (answer, said) = asked("5\n", given("four"));
        assert_eq!((answer.unwrap(), said.as_str()), (5, "  `four` is no number\nhow many: "));
    }

    #[test]
    fn back_asks_the_question_before_once_more_with_its_former_answer() {
        let mut output = Vec::new();
        let input = "back\n1\n2\nBack\nback\n\n5\n6\n";
        let answers = Interview::hold(input.as_bytes(), &mut output, |interview| {
            interview.say("begin\n")?;
            let one = interview.ask(Question { words: "one", ..HOW_MANY }, number)?;
            interview.say("between\n")?;
            let given = interview.ask(Question { words: "given", given: Some("9"), ..HOW_MANY }, number)?;
            let two = interview.ask(Question { words: "two", usual: Some("4"), ..HOW_MANY }, number)?;
            let three = interview.ask(Question { words: "three", ..HOW_MANY }, number)?;
            Ok((one, given, two, three))
        });
        assert_eq!(answers.unwrap(), (1, 9, 5, 6));
        let said = String::from_utf8(output).unwrap();
        let expected = "begin\none:   this is the first question\none: between\ntwo [4]: three: between\n\
                        two [2]: begin\none [1]: between\ntwo [4]: three: ";
        assert_eq!(said, expected);
    }

    #[test]
    fn whatever_is_typed_the_answers_are_those_of_somebody_who_never_went_back() {
        let mut random = crate::random::Random::new(&[b"answers"]);
        for _ in 0..500 {
            let (mut input, mut kept) = (String::new(), Vec::new());
            while kept.len() < 5 {
                if random.below(3) == 0 {
                    kept.pop();
                    input += "back\n";
                } else {
                    let answer = random.below(200) as u8;
                    kept.push(answer);
                    input += &format!("{answer}\n");
                }
            }
            let answers = Interview::hold(input.as_bytes(), Vec::new(), |interview| {
                (0..5).map(|_| interview.ask(HOW_MANY, number)).collect::<Result<Vec<_>, _>>()
            });
            assert_eq!(answers.unwrap(), kept, "{input}");
        }
    }
}
