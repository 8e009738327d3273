//! The signs of other keyboards and of word processors, as a cue sheet has them. Knows no words.

/// Fractions that are one sign, as they are written alone and behind a whole number.
const FRACTIONS: [(char, &str, &str); 5] = [
    ('½', "1/2", ".5"),
    ('¼', "1/4", ".25"),
    ('¾', "3/4", ".75"),
    ('⅛', "1/8", ".125"),
    ('⅜', "3/8", ".375"),
];

/// `line` in plain signs: digits of full width, typographic quotes, fractions of one sign and decimal commas are
/// replaced.
pub(super) fn in_plain_signs(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    for sign in line.chars() {
        if let Some((_, alone, behind)) = FRACTIONS.iter().find(|(fraction, ..)| *fraction == sign) {
            plain.push_str(if plain.ends_with(|c: char| c.is_ascii_digit()) { behind } else { alone });
        } else {
            plain.push(plain_sign(sign));
        }
    }
    while let Some((comma, number)) = decimal_comma(&plain) {
        let start = comma - number.find('.').unwrap_or(0);
        plain.replace_range(start..start + number.len(), &number);
    }
    plain
}

fn plain_sign(sign: char) -> char {
    /// From a sign of full width to the same sign in ASCII.
    const WIDTH: u32 = 0xff01 - 0x21;
    match sign {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(sign as u32 - WIDTH).unwrap_or(sign),
        '\t' => sign,
        space if space.is_whitespace() => ' ',
        '。' => '.',
        '、' => ',',
        '٪' => '%',
        '\u{2044}' | '\u{2215}' => '/',
        '“' | '”' | '„' | '«' | '»' => '"',
        '‘' | '’' | '‚' | '‹' | '›' => '\'',
        _ => sign,
    }
}

/// The place of a comma that is meant as a decimal point, and the number with a point.
pub(super) fn decimal_comma(line: &str) -> Option<(usize, String)> {
    line.match_indices(',').find_map(|(at, _)| {
        let (before, after) = (&line[..at], &line[at + 1..]);
        let before = before.rsplit(char::is_whitespace).next()?;
        let after = &after[..after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len())];
        let is_number = before.ends_with(|c: char| c.is_ascii_digit())
            && before.chars().all(|c| c.is_ascii_digit() || matches!(c, ':' | '+'));
        (is_number && !after.is_empty()).then(|| (at, format!("{before}.{after}")))
    })
}
