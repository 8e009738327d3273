//! Which show of a playlist comes next. It survives restarts as a short text, and begins anew each day. Knows no
//! times of day and no files.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use crate::random::Random;

use super::{PlayOrder, Playlist, Slot};

const HEADING: &str = "# How far each playlist has come: its day, the number of shows, the last one. Then what has \
                       been played that plays once.\n";

/// Starts longer ago than this are forgotten: no slot is that old.
const FORGOTTEN: SignedDuration = SignedDuration::from_hours(48);

/// How far every playlist has come.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Rotation {
    playlists: BTreeMap<String, PlaylistProgress>,
    /// Slots that play once and have played: the entry and its start.
    kept: BTreeSet<(String, Timestamp)>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
struct PlaylistProgress {
    day: Date,
    /// Shows chosen on that day.
    taken: u64,
    last: String,
}

impl Rotation {
    /// Takes the next show of `day` for which `admits` is true; `None` if there is none.
    ///
    /// The same day, playlist and number of shows give the same answer on every machine.
    pub fn next(&mut self, playlist: &Playlist, day: Date, admits: impl Fn(&str) -> bool) -> Option<String> {
        let before = self.playlists.get(&playlist.name);
        let taken = before.filter(|before| before.day == day).map_or(0, |before| before.taken);
        let last = before.map(|before| before.last.as_str());
        let count = playlist.shows.len() as u64;
        // Two rounds, for the second round of a shuffle may begin with another show.
        let coming = |steps: u64| (0..steps).map(|step| (taken + step, show_at(playlist, day, taken + step)));
        let mut admitted = coming(2 * count).filter(|(_, show)| admits(show));
        let chosen = match playlist.order {
            PlayOrder::InTurn => admitted.next(),
            PlayOrder::Shuffle => admitted
                .find(|(_, show)| Some(*show) != last)
                .or_else(|| coming(count).find(|(_, show)| admits(show))),
        };
        let (place, show) = chosen?;
        let progress = PlaylistProgress { day, taken: place + 1, last: show.to_owned() };
        self.playlists.insert(playlist.name.clone(), progress);
        Some(show.to_owned())
    }

    /// Whether `slot` still has a show to play. One that plays once has none after it has played.
    #[must_use]
    pub fn owes(&self, slot: &Slot) -> bool {
        !slot.once || !self.kept.contains(&(slot.entry.name.clone(), slot.start.timestamp()))
    }

    /// Notes that `slot` has played, if it plays once.
    pub fn keep(&mut self, slot: &Slot) {
        if slot.once {
            let start = slot.start.timestamp();
            self.kept.retain(|(_, kept)| kept.duration_since(start).abs() < FORGOTTEN);
            self.kept.insert((slot.entry.name.clone(), start));
        }
    }

    /// Notes that `slot` has not played after all.
    pub fn forgo(&mut self, slot: &Slot) {
        self.kept.remove(&(slot.entry.name.clone(), slot.start.timestamp()));
    }

    /// Reads what [`text`](Self::text) wrote.
    ///
    /// # Errors
    /// When a line cannot be understood; a service then begins anew and says so.
    pub fn parse(text: &str) -> Result<Self> {
        let mut rotation = Self::default();
        let lines = text.lines().map(str::trim).enumerate();
        for (index, line) in lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
            rotation.add(line).with_context(|| format!("line {} of the rotation", index + 1))?;
        }
        Ok(rotation)
    }

    fn add(&mut self, line: &str) -> Result<()> {
        match line.split_whitespace().collect::<Vec<_>>()[..] {
            ["playlist", name, day, taken, last] => {
                let progress =
                    PlaylistProgress { day: day.parse()?, taken: taken.parse()?, last: last.to_owned() };
                self.playlists.insert(name.to_owned(), progress);
            }
            ["once", entry, start] => {
                self.kept.insert((entry.to_owned(), start.parse()?));
            }
            _ => bail!("`{line}` is neither a playlist nor a start"),
        }
        Ok(())
    }

    /// As it is stored.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = HEADING.to_owned();
        for (name, PlaylistProgress { day, taken, last }) in &self.playlists {
            text += &format!("playlist {name} {day} {taken} {last}\n");
        }
        for (entry, start) in &self.kept {
            text += &format!("once {entry} {start}\n");
        }
        text
    }
}

/// The show at `place`, if the playlist is repeated without end on `day`.
fn show_at(playlist: &Playlist, day: Date, place: u64) -> &str {
    let count = playlist.shows.len() as u64;
    let within = usize::try_from(place % count).expect("a place in a list");
    match playlist.order {
        PlayOrder::InTurn => &playlist.shows[within],
        PlayOrder::Shuffle => shuffled(playlist, day, place / count)[within],
    }
}

/// The shows in the order of one round of `day`. No round begins with the last show of the round before.
fn shuffled(playlist: &Playlist, day: Date, round: u64) -> Vec<&str> {
    // Two shows can only alternate.
    let round = if playlist.shows.len() == 2 { 0 } else { round };
    let mut row = thrown(playlist, day, round);
    if let Some(before) = round.checked_sub(1)
        && row.first() == thrown(playlist, day, before).last()
        // The last one stays, for the next round is compared with it.
        && let Some(other) = (1..row.len() - 1).find(|place| row[*place] != row[0])
    {
        row.swap(0, other);
    }
    row
}

fn thrown(playlist: &Playlist, day: Date, round: u64) -> Vec<&str> {
    let mut row: Vec<&str> = playlist.shows.iter().map(String::as_str).collect();
    let mut chance =
        Random::new(&[playlist.name.as_bytes(), day.to_string().as_bytes(), &round.to_le_bytes()]);
    for place in (1..row.len()).rev() {
        let other = chance.below(place as u64 + 1);
        row.swap(place, usize::try_from(other).expect("a place in a list"));
    }
    row
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use std::time::Duration;

    fn playlist(order: PlayOrder, shows: &[&str]) -> Playlist {
        let shows = shows.iter().map(|show| (*show).to_owned()).collect();
        Playlist { name: "evening".into(), shows, order, pause: Duration::ZERO }
    }

    fn taken(rotation: &mut Rotation, playlist: &Playlist, day: i8, count: usize) -> Vec<String> {
        let day = date(2026, 12, day);
        (0..count).map(|_| rotation.next(playlist, day, |_| true).unwrap()).collect()
    }

    #[test]
    fn a_day_begins_with_the_first_show_and_goes_round() {
        let (mut rotation, list) = (Rotation::default(), playlist(PlayOrder::InTurn, &["a", "b", "c"]));
        assert_eq!(taken(&mut rotation, &list, 1, 4), ["a", "b", "c", "a"]);
        assert_eq!(taken(&mut rotation, &list, 2, 2), ["a", "b"]);
    }

    #[test]
    fn a_restart_goes_on_where_it_was() {
        for order in [PlayOrder::InTurn, PlayOrder::Shuffle] {
            let list = playlist(order, &["a", "b", "c", "d"]);
            let (mut straight, mut restarted) = (Rotation::default(), Rotation::default());
            let expected = taken(&mut straight, &list, 1, 11);
            let mut told = Vec::new();
            for _ in 0..11 {
                restarted = Rotation::parse(&restarted.text()).unwrap();
                told.extend(taken(&mut restarted, &list, 1, 1));
            }
            assert_eq!(told, expected);
        }
    }

    #[test]
    fn a_shuffle_is_the_same_every_time_and_repeats_no_show_in_a_row() {
        let list = playlist(PlayOrder::Shuffle, &["a", "b", "c"]);
        let run = || {
            let mut rotation = Rotation::default();
            (1..=9).flat_map(|day| taken(&mut rotation, &list, day, 30)).collect::<Vec<_>>()
        };
        let row = run();
        assert_eq!(row, run());
        assert!(row.windows(2).all(|pair| pair[0] != pair[1]), "{row:?}");
        for show in ["a", "b", "c"] {
            let count = row.iter().filter(|other| *other == show).count();
            assert!((70..=110).contains(&count), "{show}: {count} of 270");
        }
    }

    #[test]
    fn a_show_that_may_not_play_is_left_out_and_the_others_go_on() {
        let (mut rotation, list) = (Rotation::default(), playlist(PlayOrder::InTurn, &["a", "b", "c"]));
        let day = date(2026, 12, 1);
        let row: Vec<_> = (0..4).map(|_| rotation.next(&list, day, |show| show != "b").unwrap()).collect();
        assert_eq!(row, ["a", "c", "a", "c"]);
        assert_eq!(rotation.next(&list, day, |_| false), None);
        let alone = playlist(PlayOrder::Shuffle, &["a"]);
        assert_eq!(taken(&mut rotation, &alone, 1, 2), ["a", "a"]);
    }

    #[test]
    fn a_text_that_is_no_rotation_is_refused() {
        for text in ["playlist evening", "once upon a time", "playlist e 2026-13-01 1 a", "nonsense"] {
            assert!(Rotation::parse(text).is_err(), "{text}");
        }
        assert_eq!(Rotation::parse("").unwrap(), Rotation::default());
    }
}
