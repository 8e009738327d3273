//! What is told of mistakes where there is room for a line only. Knows the form in which they are told in full.

/// `text` in one line, without the pictures of the lines with mistakes.
#[must_use]
pub fn in_a_line(text: &str) -> String {
    let is_picture = |line: &str| {
        let behind_number = line.trim_start().trim_start_matches(|c: char| c.is_ascii_digit()).trim_start();
        behind_number.starts_with('|')
    };
    let told = text.lines().filter(|line| !is_picture(line));
    let told = told.map(|line| line.trim().trim_start_matches("= ")).filter(|line| !line.is_empty());
    told.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::super::{Diagnoses, Diagnosis, Help, Source};
    use super::*;

    #[test]
    fn a_mistake_is_told_with_its_place_and_its_mend() {
        let source = Source::new("a.show", "title A\n1.1  widnows  on\n");
        let diagnosis = Diagnosis::error(&source, "no channel or group `widnows`")
            .at(13..20, "not in the rig")
            .help_if_any(Help::meant(13..20, "widnows", ["neon", "windows"]));
        let mut all = Diagnoses::default();
        all.push(diagnosis);
        assert_eq!(
            in_a_line(&format!("show a cannot be played:\n{all}")),
            "show a cannot be played: error: no channel or group `widnows` --> a.show:2:6 help: did you mean `windows`?"
        );
    }
}
