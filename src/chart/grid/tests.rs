//! Grids letter by letter, and what holds for each of them.

use proptest::prelude::*;

use super::super::testing::{chart, chart_of, with_tempo};
use super::*;

const FORM: GridForm = GridForm { unit: None, width: 40, glyphs: Glyphs::UNICODE, colour: false };
const ASCII: GridForm = GridForm { glyphs: Glyphs::ASCII, ..FORM };

const SHEET: &str = "\
title   Opening
length  0:14
tempo   120 bpm, 4/4, first beat at 0.250 s
# ---- Dusk, very slow ----
0:00    neon      on
1.1     windows   fade to 80 % over 2 bars
# ---- Verse ----
3.1     play      verse
5.1     all       off
section verse
  1.1   neon      off
  1.1 to 3.1  arcade  strobe every 1 beat
  1.3   neon      on
";

fn check(sheet: &str, form: &GridForm, expected: &str) {
    let picture = text(&chart_of(sheet), form).unwrap();
    let expected = expected.trim_start_matches('\n');
    assert!(picture == expected, "got\n{picture}\nexpected\n{expected}");
}

#[test]
fn a_show_folds_to_the_width() {
    check(
        SHEET,
        &GridForm { width: 36, ..FORM },
        "
Opening
0:00 to 0:14   a column is one beat

0:00     Dusk        Verse
                     ├verse───
           1    2    3    4
neon    │━│━━━━│━━━━│  ━━│━━━━
arcade  │ │    │    │╍╍╍╍│╍╍╍╍
windows │ │▁▂▂▃│▄▄▅▆│▆▆▆▆│▆▆▆▆

0:08     Verse
         5    6    7
neon    │    │    │
arcade  │    │    │
windows │    │    │

━ on   ╍ on for a part of the column
▁▂▃▄▅▆▇█ dimmed, up to full
dark all the time: spare
",
    );
}

#[test]
fn ascii_letters_are_those_of_the_sheet() {
    check(
        SHEET,
        &GridForm { unit: Some(ColumnUnit::Bar), ..ASCII },
        "
Opening
0:00 to 0:14   a column is one bar

0:00     Du~ Verse
           1    5
neon    |#|##+#|...
arcade  |.|..++|...
windows |.|2688|...

# on   + on for a part of the column
'123456789x dimmed, up to full
dark all the time: spare
",
    );
    let chart = chart_of(SHEET);
    assert!(text(&chart, &ASCII).unwrap().is_ascii());
}

#[test]
fn a_show_without_a_tempo_has_seconds() {
    let picture = text(&chart("0:21"), &FORM).unwrap();
    assert!(picture.contains("0:00 to 0:21   a column is 500 ms"), "{picture}");
    assert!(picture.contains("dark all the time: arcade, spare"), "{picture}");
    assert!(picture.contains("\nneon    │  ━━━━━━━━│━━━━━━━━━━\n"), "{picture}");
}

#[test]
fn colours_change_no_letter() {
    let chart = with_tempo("0:30", "120 bpm, 4/4");
    let coloured = text(&chart, &GridForm { colour: true, ..FORM }).unwrap();
    let mut plain = String::new();
    for (index, part) in coloured.split("\x1b[").enumerate() {
        let (code, rest) = part.split_once('m').filter(|_| index > 0).unwrap_or(("", part));
        assert!(code.chars().all(|letter| letter.is_ascii_digit() || letter == ';'), "{code}");
        plain.push_str(rest);
    }
    let lines = |words: &str| words.lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
    assert_eq!(lines(&plain), lines(&text(&chart, &FORM).unwrap()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_line_is_wider_than_the_width(width in 20_usize..200, unit in 0_usize..4, cut in 0_u64..13) {
        let mut chart = chart_of(SHEET);
        chart.from = ShowTime::from_micros(cut * 999_999);
        let unit = [
            None,
            Some(ColumnUnit::Beat),
            Some(ColumnUnit::Bar),
            Some(ColumnUnit::Time(std::time::Duration::from_millis(300))),
        ][unit];
        for glyphs in [Glyphs::UNICODE, Glyphs::ASCII] {
            let picture = text(&chart, &GridForm { unit, width, glyphs, colour: false }).unwrap();
            prop_assert!(picture.lines().all(|line| width_of(line) <= width), "{picture}");
            let rows = picture.lines().filter(|line| line.starts_with("wind")).count();
            prop_assert!(rows > 0);
        }
    }
}
