//! Right lines, mangled by chance as hurried hands mangle them. Whatever is hinted then mends the line.

use starcourt::diagnosis::{Diagnoses, Source};

use super::newcomers::{HEAD, RIG, SECTION};
use super::{Tried, is_printed};

const RIGHT: &[&str] = &[
    "0:01  neon  on",
    "+2 beats  neon  off",
    "0:04  strip  fade to 80 % over 3 s",
    "12.5 s  star  40 %",
    "9.2&  star  on for 1 beat",
    "5.1 to 9.1  neon  on",
    "5.1 to 9.1 every 1 bar  neon  on for 1 beat",
    "5.1  all but neon, star  on for 2 bars",
    "1.1  strip, star  30 %",
    "9.1  trees  fade from 10 to 80 % over 2 s ease-in",
    "1.1 to 5.1  neon  pulse every 1 beat",
    "5.1  trees  chase every 1/2 beat bounce for 4 bars",
    "9.1 to 13.1  star  twinkle 20 to 60 % every 250 ms",
    "13.1  strip  strobe off to 70 % every 500 ms lit 80 ms for 2 bars",
    "9.1  play  chorus for 4 bars",
    "41.1 to 57.1 every 8 bars  play  chorus",
    "tempo  96 bpm from 40.1",
];
/// Mangled apart from the others, so that each keeps its chance.
const FOLLOWING: &[&str] = &[
    "5.1 to 9.1  strip  follow bass 10 to 100 %",
    "5.1  trees  follow loudness rise 50 ms fall 1/2 beat for 4 bars",
];
/// As many lines are made of each.
const LINES: usize = 1_500;

/// Numbers that look like chance and are the same in each run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, count: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % count.max(1) as u64) as usize
    }

    fn one_of<'a>(&mut self, texts: &[&'a str]) -> &'a str {
        texts[self.below(texts.len())]
    }
}

/// `line` as one slip of a hand leaves it.
fn mangled(line: &str, dice: &mut Dice) -> String {
    let mut words: Vec<String> =
        line.split("  ").flat_map(str::split_whitespace).map(str::to_owned).collect();
    let columns: Vec<&str> = line.split("  ").collect();
    let at = dice.below(words.len());
    let word = words[at].clone();
    let letters: Vec<char> = word.chars().collect();
    let letter = dice.below(letters.len());
    match dice.below(14) {
        0 if letters.len() > 2 && letters[0].is_alphabetic() => {
            let mut swapped = letters;
            let last = swapped.len() - 1;
            swapped.swap(letter.min(last - 1), letter.min(last - 1) + 1);
            words[at] = swapped.into_iter().collect();
        }
        1 if letters.len() > 3 => {
            words[at] = word.chars().enumerate().filter(|(at, _)| *at != letter).map(|(_, c)| c).collect()
        }
        2 => words[at] = format!("{word}{}", letters[letters.len() - 1]),
        3 => words.insert(at, word),
        4 => words[at] = word.to_uppercase(),
        5 => return line.to_uppercase(),
        6 => {
            words[at] = [("“", "”"), ("'", "'"), ("[", "]"), ("(", ")")]
                .map(|(open, close)| format!("{open}{word}{close}"))[letter % 4]
                .clone()
        }
        7 => words[at] = word.chars().map(full_width).collect(),
        8 => return columns.iter().rev().copied().collect::<Vec<_>>().join("  "),
        9 => return columns.join(dice.one_of(&[", ", "; ", ";", " | "])),
        10 => return columns.join(dice.one_of(&[" -> ", " = ", ": ", " will ", " := "])),
        11 => {
            return line.replacen(
                " to ",
                dice.one_of(&[" - ", "–", "->", " .. ", " until ", " through "]),
                1,
            );
        }
        12 => words[at] = word.replace('0', "O").replace('1', "l"),
        _ => words[at] = format!("{word}{}", dice.one_of(&[";", ",", ".", "!", "  # ok", " (bright)"])),
    }
    words.join(" ")
}

fn full_width(sign: char) -> char {
    match sign {
        '!'..='~' => char::from_u32(u32::from(sign) + 0xfee0).unwrap(),
        _ => sign,
    }
}

pub(super) fn try_all(tried: &mut Tried) {
    let rig = starcourt::rig::read(&Source::new("rig.toml", RIG)).0.unwrap();
    let map = |_: &str| unreachable!("no line has a beat map");
    let read = |text: &str| -> Diagnoses {
        match starcourt::show::read("porch", &Source::new("porch.show", text), &rig, &map) {
            Ok((_, told)) | Err(told) => told,
        }
    };
    for right in [RIGHT, FOLLOWING] {
        try_mangled(right, tried, &read);
    }
}

fn try_mangled(right: &[&str], tried: &mut Tried, read: &dyn Fn(&str) -> Diagnoses) {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let (mut wrong, mut mended) = (0, 0);
    for number in 0..LINES {
        let text = format!("{HEAD}{}\n{SECTION}", mangled(right[number % right.len()], &mut dice));
        let told = read(&text);
        let Some(error) = told.iter().find(|told| told.severity() == starcourt::diagnosis::Severity::Error)
        else {
            continue;
        };
        wrong += 1;
        mended += usize::from(!error.mends().is_empty());
        for mend in error.mends() {
            let mut written = text.clone();
            written.replace_range(mend.span.clone(), &mend.text);
            let after = read(&written);
            let is_gone = after.errors() < told.errors();
            if !is_gone || !is_printed(error.advice().unwrap_or_default(), mend, &written) {
                tried.faults.push(format!("{text}\n{told}\n--- once it is followed:\n{written}\n{after}"));
            }
        }
    }
    assert!(wrong > LINES / 2, "only {wrong} lines are wrong");
    assert!(mended * 10 > wrong * 9, "a hint says what to write for only {mended} of {wrong} wrong lines");
}
