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
    // Times are told in the kind in which they were asked for, and all of them in the same.
    let in_bars = [from, to].into_iter().flatten().all(SheetTime::is_in_bars);
    let told = |time: Option<&SheetTime>, at: ShowTime| match time {
        Some(time) if in_bars => time.to_string(),
        Some(time) if time.is_in_bars() => format!("{} ({time})", clock(at)),
        _ => clock(at),
    };
    let its_end = || if in_bars { show.place_of(length) } else { clock(length) };
    if start >= length && from.is_some() {
        return Err(format!(
            "the show cannot begin at {}: {} ends at {}",
            told(from, start),
            show.name,
            its_end()
        ));
    }
    if end > length {
        return Err(format!(
            "the show cannot play to {}: {} ends at {}",
            told(to, end),
            show.name,
            its_end()
        ));
    }
    if end <= start && to.is_some() {
        let (from, to) = (told(from, start), told(to, end));
        return Err(format!("this part is empty: it begins at {from} and ends at {to}"));
    }
    let passes = if looped { Passes::Loop(LoopRange::new(start, end)) } else { Passes::Once(end) };
    Ok(Extent { from: start, passes })
}

/// `0:08`, or `0:08.250` where it is no whole second.
fn clock(time: ShowTime) -> String {
    if time.micros().is_multiple_of(1_000_000) { time.to_minutes() } else { time.to_millis() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::Source;

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
            ("1:00", "0:59", "begins at 1:00 and ends at 0:59"),
            ("60", "0:59.5", "begins at 1:00 and ends at 0:59.500"),
            ("1:00", "60", "this part is empty"),
            ("84.1", "", "no tempo"),
        ] {
            let told = part(from, to, false).unwrap_err();
            assert!(told.contains(why), "{told}");
        }
    }

    #[test]
    fn all_times_of_a_refusal_are_of_one_kind() {
        let rig = Source::new("rig.toml", "[channels]\nneon = { pin = 17, kind = \"ssr\" }\n");
        let sheet = "tempo 120 bpm, 4/4\nlength 1:00\n0:00 neon on\n";
        let no_map = |_: &str| unreachable!("it has no beat map");
        let rig = crate::rig::read(&rig).0.unwrap();
        let (show, told) =
            crate::show::read("demo", &Source::new("demo.show", sheet), &rig, &no_map).unwrap();
        let loaded = LoadedShow { show, told, length: at(60), music: None };
        for (from, to, why) in [
            ("5.1", "3.1", "it begins at 5.1 and ends at 3.1"),
            ("5.1", "0:03", "it begins at 0:08 (5.1) and ends at 0:03"),
            ("0:10", "3.1", "it begins at 0:10 and ends at 0:04 (3.1)"),
            ("99.1", "", "cannot begin at 99.1: demo ends at bar 31.1 (1:00.000)"),
            ("", "99.1", "cannot play to 99.1: demo ends at bar 31.1 (1:00.000)"),
            ("80", "", "cannot begin at 1:20: demo ends at 1:00"),
        ] {
            let time = |text: &str| (!text.is_empty()).then(|| text.parse().unwrap());
            let told = part_of(&loaded, time(from).as_ref(), time(to).as_ref(), false).unwrap_err();
            assert!(told.ends_with(why), "{told}");
        }
    }
}
