//! How a sheet says places and lengths in beats. Knows no song.

/// A sheet reads fractions with up to four digits.
const LARGEST: u32 = 9_999;
/// Two parts of a beat that differ by less are the same to the microsecond.
const NEAR: f64 = 5e-8;
/// Bars of four beats, as every sheet here counts them.
pub(super) const BEATS_PER_BAR: u32 = 4;

/// `beats` as a fraction that a sheet can write; `None` if it is none.
fn fraction(beats: f64) -> Option<(u32, u32)> {
    let of = |parts: u32| {
        let count = (beats * f64::from(parts)).round();
        let is_near = (beats - count / f64::from(parts)).abs() < NEAR;
        (is_near && (0.0..=f64::from(LARGEST)).contains(&count)).then_some((count as u32, parts))
    };
    (1..=16).chain([20, 24, 25, 32, 50, 64, 100, 200, 250, 500, 1_000, 2_000, 5_000]).find_map(of)
}

/// So many beats from the beginning of a section, as `1.1`, `2.3&` or `2.3+33/100`.
pub(super) fn place(beats: f64) -> Option<String> {
    let mut whole = beats.floor();
    let mut past = fraction(beats - whole)?;
    if past.0 == past.1 {
        (whole, past) = (whole + 1.0, (0, 1));
    }
    let whole = if whole < f64::from(u32::MAX) { whole as u32 } else { return None };
    let past = match past {
        (0, _) => String::new(),
        (1, 4) => "e".to_owned(),
        (1, 2) => "&".to_owned(),
        (3, 4) => "a".to_owned(),
        (count, parts) => format!("+{count}/{parts}"),
    };
    Some(format!("{}.{}{past}", whole / BEATS_PER_BAR + 1, whole % BEATS_PER_BAR + 1))
}

/// A length in beats, as `1 beat`, `1/2 beat` or `0.33 beats`.
pub(super) fn length(beats: f64) -> Option<String> {
    Some(match fraction(beats)? {
        (0, _) => return None,
        (1, 1) => "1 beat".to_owned(),
        (count, 1) => format!("{count} beats"),
        (1, parts) if parts <= 8 => format!("1/{parts} beat"),
        (count, parts) if 1_000_u32.is_multiple_of(parts) => {
            let thousandths = u64::from(count) * 1_000 / u64::from(parts);
            let decimals = format!("{:03}", thousandths % 1_000);
            format!("{}.{} beats", thousandths / 1_000, decimals.trim_end_matches('0'))
        }
        (count, parts) => format!("{count}/{parts} beats"),
    })
}

/// So many whole beats between repeats, as `1 beat` or `2 bars`.
pub(super) fn step(beats: u32) -> String {
    let (count, unit) = match beats.is_multiple_of(BEATS_PER_BAR) {
        true => (beats / BEATS_PER_BAR, "bar"),
        false => (beats, "beat"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_and_lengths_are_what_people_write() {
        for (beats, text) in [
            (0.0, "1.1"),
            (4.0, "2.1"),
            (5.5, "2.2&"),
            (1.25, "1.2e"),
            (2.75, "1.3a"),
            (0.333_333_333_3, "1.1+1/3"),
            (3.33, "1.4+33/100"),
            (0.833, "1.1+833/1000"),
            (3.999_999_999_9, "2.1"),
        ] {
            assert_eq!(place(beats).as_deref(), Some(text), "{beats}");
        }
        for (beats, text) in [
            (1.0, "1 beat"),
            (3.0, "3 beats"),
            (0.5, "1/2 beat"),
            (0.33, "0.33 beats"),
            (1.5, "1.5 beats"),
            (0.666_666_666_7, "2/3 beats"),
            (0.166, "0.166 beats"),
        ] {
            assert_eq!(length(beats).as_deref(), Some(text), "{beats}");
        }
        assert_eq!(place(std::f64::consts::FRAC_1_SQRT_2), None);
        assert_eq!([step(1), step(3), step(4), step(8)], ["1 beat", "3 beats", "1 bar", "2 bars"]);
    }
}
