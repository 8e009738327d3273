//! Which part of a show a person asks for. Pure.

use crate::engine::{Extent, Passes};
use crate::loading::LoadedShow;
use crate::show::SheetTime;
use crate::time::{LoopRange, ShowTime};

/// From `from` to `to`, or from the beginning or to the end; again and again if it is `looped`.
///
/// # Errors
/// When the show has no such part. One plain sentence.
pub(crate) fn part_of(
    loaded: &LoadedShow,
    from: Option<&SheetTime>,
    to: Option<&SheetTime>,
    looped: bool,
) -> Result<Extent, String> {
    let (show, length) = (&loaded.show, loaded.length);
    let time_of = |time: Option<&SheetTime>| time.map(|time| show.time_of(time)).transpose();
    let start = time_of(from)?.unwrap_or(ShowTime::ZERO);
    let end = time_of(to)?.unwrap_or(length);
    if let Some(from) = from.filter(|_| start >= length) {
        return Err(format!("the show cannot begin at {from}: {} ends at {}", show.name, length.to_millis()));
    }
    if let Some(to) = to.filter(|_| end > length) {
        return Err(format!("the show cannot play to {to}: {} ends at {}", show.name, length.to_millis()));
    }
    if let Some(to) = to.filter(|_| end <= start) {
        return Err(format!("this part is empty: it begins at {start} and ends at {to}"));
    }
    let passes = if looped { Passes::Loop(LoopRange::new(start, end)) } else { Passes::Once(end) };
    Ok(Extent { from: start, passes })
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(seconds: u64) -> ShowTime {
        ShowTime::from_micros(seconds * 1_000_000)
    }

    fn part(from: &str, to: &str, looped: bool) -> Result<Extent, String> {
        let time = |text: &str| (!text.is_empty()).then(|| text.parse().unwrap());
        let loaded = LoadedShow::made("demo", "Demo", Vec::new(), at(180), None);
        part_of(&loaded, time(from).as_ref(), time(to).as_ref(), looped)
    }

    #[test]
    fn a_part_is_played_once_or_again_and_again() {
        for (from, to, looped, start, passes) in [
            ("", "", false, 0, Passes::Once(at(180))),
            ("30", "", false, 30, Passes::Once(at(180))),
            ("30", "1:00", false, 30, Passes::Once(at(60))),
            ("", "3:00", false, 0, Passes::Once(at(180))),
            ("", "", true, 0, Passes::Loop(LoopRange::whole(at(180)))),
            ("30", "", true, 30, Passes::Loop(LoopRange::new(at(30), at(180)))),
            ("0:30", "60 s", true, 30, Passes::Loop(LoopRange::new(at(30), at(60)))),
        ] {
            let expected = Extent { from: at(start), passes };
            assert_eq!(part(from, to, looped), Ok(expected), "{from} to {to}");
        }
    }

    #[test]
    fn a_part_that_the_show_has_not_is_refused() {
        for (from, to, why) in [
            ("3:00", "", "demo ends at 3:00"),
            ("", "3:01", "demo ends at 3:00"),
            ("1:00", "0:59", "begins at 1:00.000 and ends at 0:59"),
            ("1:00", "60", "this part is empty"),
            ("84.1", "", "no tempo"),
        ] {
            let told = part(from, to, false).unwrap_err();
            assert!(told.contains(why), "{told}");
        }
    }
}
