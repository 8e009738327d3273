//! Which part of something a browser asks for: the `Range` of a request (RFC 9110, 14). Pure.

use std::ops::Range;

/// What is sent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum ByteRange {
    All,
    Part(Range<u64>),
    /// There is nothing of what is asked for.
    Beyond,
}

impl ByteRange {
    /// Of something that has `length` bytes. What is no range of bytes, or several, is answered with all.
    pub(super) fn of(header: Option<&str>, length: u64) -> Self {
        let Some((first, last)) = header
            .and_then(|header| header.trim().strip_prefix("bytes="))
            .and_then(|range| range.split_once('-'))
        else {
            return Self::All;
        };
        let number = |digits: &str| match digits.bytes().all(|byte| byte.is_ascii_digit()) {
            true => Ok(digits.parse::<u64>().ok()),
            false => Err(()),
        };
        match (number(first.trim()), number(last.trim())) {
            (Ok(Some(first)), Ok(_)) if first >= length => Self::Beyond,
            (Ok(Some(first)), Ok(Some(last))) if last < first => Self::All,
            (Ok(Some(first)), Ok(last)) => {
                Self::Part(first..last.map_or(length, |last| last.saturating_add(1).min(length)))
            }
            (Ok(None), Ok(Some(0))) => Self::Beyond,
            (Ok(None), Ok(Some(last))) if length > 0 => Self::Part(length.saturating_sub(last)..length),
            _ => Self::All,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_what_the_browser_asks_for_as_far_as_there_is_some() {
        for (header, expected) in [
            ("bytes=0-", ByteRange::Part(0..100)),
            ("bytes=0-0", ByteRange::Part(0..1)),
            ("bytes=10-19", ByteRange::Part(10..20)),
            ("bytes=90-1000", ByteRange::Part(90..100)),
            ("bytes=90-99999999999999999999", ByteRange::Part(90..100)),
            ("bytes=-10", ByteRange::Part(90..100)),
            ("bytes=-1000", ByteRange::Part(0..100)),
            ("bytes=100-", ByteRange::Beyond),
            ("bytes=-0", ByteRange::Beyond),
            ("bytes=20-10", ByteRange::All),
            ("bytes=0-1,5-6", ByteRange::All),
            ("bytes=a-b", ByteRange::All),
            ("bytes=-", ByteRange::All),
            ("bytes=+1-5", ByteRange::All),
            ("lines=0-5", ByteRange::All),
            ("", ByteRange::All),
        ] {
            assert_eq!(ByteRange::of(Some(header), 100), expected, "{header}");
        }
        assert_eq!(ByteRange::of(None, 100), ByteRange::All);
        assert_eq!(ByteRange::of(Some("bytes=0-"), 0), ByteRange::Beyond);
        assert_eq!(ByteRange::of(Some("bytes=-5"), 0), ByteRange::All);
    }
}
