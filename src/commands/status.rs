//! `starcourt status`: who plays, and where the show is: from the lock, and from the instance itself where
//! it can be asked.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, anyhow};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};
use serde::Serialize;

use crate::cli::Whom;
use crate::ipc::{Answer, ChangedFile, Order, ShowStatus, Standing, Status};
use crate::level::Level;
use crate::lock::{Holder, LockInfo};
use crate::printable::printable;
use crate::realtime::{HOW_TO_PERMIT, Scheduling};
use crate::time::ShowTime;
use crate::wear::Wear;

use super::files;
use super::instances;
use super::outcome::{Failure, Outcome};
use super::{printed, remote};

/// A list in a line for people ends here; the JSON has all of it.
const LONGEST_LIST: usize = 400; // letters

pub(super) fn status(whom: &Whom, json: bool) -> Result<(String, Outcome), Failure> {
    let holders = match whom.show.as_deref() {
        Some(show) => remote::the_one(Some(show), &whom.lock)?.into_iter().collect(),
        None => remote::everybody(&whom.lock)?,
    };
    let outcome = if holders.is_empty() { Outcome::Nobody } else { Outcome::Done };
    let wear = files::wear();
    let known: Vec<KnownInstance> =
        holders.into_iter().map(|holder| KnownInstance { now: remote::look(&holder), holder }).collect();
    let text = match json {
        true => as_json(&known, &wear),
        false if known.is_empty() => remote::nobody(&whom.lock),
        false => for_people(&known, &wear),
    };
    Ok((text, outcome))
}

/// Tells what the instance does, a line whenever that changes, until it ends.
pub(super) fn follow(whom: &Whom, json: bool) -> Result<Outcome, Failure> {
    let Some((_, mut remote)) = remote::reach(|| remote::the_one(whom.show.as_deref(), &whom.lock))? else {
        return printed::answer((remote::nobody(&whom.lock), Outcome::Nobody));
    };
    remote.send(&Order::Status { follow: true }).context("asking the instance")?;
    let (_orders, mut answers) = remote.split();
    let mut last = String::new();
    while let Some(answer) = answers.next().transpose()? {
        let status = match answer {
            Answer::Status(status) => status,
            Answer::Refused { why, exit } => return Err(Failure::of(Outcome::of_code(exit), anyhow!(why))),
            _ => continue,
        };
        let line = if json { printed::json_line(&status) } else { printable(&in_a_line(&status)) };
        if line != last && !printed::line(&line)? {
            break;
        }
        last = line;
    }
    Ok(Outcome::Done)
}

/// An instance, by its lock and by what it says itself.
struct KnownInstance {
    holder: Holder,
    /// `None` where it cannot be asked.
    now: Option<Status>,
}

/// `demo  0:12 of 0:15  playing, 3 of 8 lit`, or `look dusk  idle, 1 of 8 lit`.
fn in_a_line(status: &Status) -> String {
    let lights = format!("{}, {} of {} lit", status.state_words(), status.lit(), status.channels.len());
    match (&status.show, &status.stands) {
        (Some(show), _) => format!("{}  {}  {lights}", show.name, place(show)),
        (None, Some(stands)) => format!("{stands}  {lights}"),
        (None, None) => lights,
    }
}

fn for_people(known: &[KnownInstance], wear: &Wear) -> String {
    let pages: Vec<String> = known.iter().map(|instance| page(instance, wear)).collect();
    pages.join("\n")
}

fn page(KnownInstance { holder, now }: &KnownInstance, wear: &Wear) -> String {
    let (info, now) = (&holder.info, now.as_ref());
    let nameless = if now.is_some_and(|now| now.show.is_none()) { "none" } else { "not known" };
    let typed = |words: &str| instances::with_option(words, &holder.lock_option());
    let lines = [
        ("show", Some(info.show.clone().unwrap_or_else(|| nameless.to_owned()))),
        ("state", now.map(state)),
        ("between", now.and_then(|now| now.stands.as_ref()).map(stands)),
        ("position", position(info, now)),
        ("lit", now.map(lit)),
        ("then", now.map(|now| now.then.join(", ")).filter(|then| !then.is_empty())),
        ("next", now.and_then(|now| now.next.as_deref()).map(typed)),
        ("changed", now.map(|now| typed(&changed(&now.changed))).filter(|changed| !changed.is_empty())),
        ("PID", Some(holder.pid.to_string())),
        ("output", info.output.clone()),
        ("timing", info.timing.map(in_words)),
        ("rig", info.rig.as_ref().map(|rig| rig.display().to_string())),
        ("since", info.started.map(since)),
        ("relays", relays(&counts_for(holder, wear))),
        ("lock", Some(holder.path.display().to_string())),
    ];
    let mut text = String::new();
    for (what, value) in lines.into_iter().filter_map(|(what, value)| Some((what, value?))) {
        writeln!(text, "{what:<9} {}", printable(&value)).expect("a String takes everything");
    }
    text
}

/// As the instance says it; its lock's file, which lags behind by up to a second, where it does not answer.
fn position(info: &LockInfo, now: Option<&Status>) -> Option<String> {
    match now {
        Some(now) => now.show.as_ref().map(place),
        None => info.position.map(|at| at.progress(info.length)),
    }
}

/// `0:12 of 3:00`, or `0:12 of 3:00, repeats 0:10 to 0:20, at half speed`.
fn place(show: &ShowStatus) -> String {
    let how = [show.repetition(), show.pace()].into_iter().flatten();
    show.progress() + &how.map(|words| format!(", {words}")).collect::<String>()
}

/// `playing at volume 80 %, sound card leads`.
fn state(now: &Status) -> String {
    let state = now.state_words();
    let Some(show) = &now.show else { return state.to_owned() };
    let volume = show.volume.map_or_else(String::new, |volume| format!(" at volume {volume} %"));
    let late = show.lateness().map_or_else(String::new, |late| format!(", {late}"));
    format!("{state}{volume}, {}{late}", show.leader())
}

/// `look dusk`, or `show snow, without sound`.
fn stands(stands: &Standing) -> String {
    match stands {
        Standing::Look(_) => stands.to_string(),
        Standing::Show(_) => format!("{stands}, without sound"),
    }
}

/// `neon, windows 80 %`.
fn lit(now: &Status) -> String {
    let lit = now.channels.iter().filter(|channel| channel.level.is_lit());
    let lit = list(lit.map(|channel| match channel.level {
        Level::FULL => channel.name.clone(),
        level => format!("{} {}", channel.name, in_percent(level)),
    }));
    if lit.is_empty() { "nothing".to_owned() } else { lit }
}

/// In whole per cent: `15 %`.
fn in_percent(level: Level) -> String {
    match (u32::from(level.hundredths()) + 50) / 100 {
        0 => "under 1 %".to_owned(),
        percent => format!("{percent} %"),
    }
}

/// `19:02:11` by the clock on the wall here, with the day if that is not today.
fn since(started: Timestamp) -> String {
    let started = started.to_zoned_datetime(TimeZone::system());
    let is_today = started.date() == ZonedDateTime::now().date();
    started.strftime(if is_today { "%H:%M:%S" } else { "%-d %b %Y, %H:%M:%S" }).to_string()
}

/// `rig.toml has changed since 19:02: `starcourt reload` takes it`.
fn changed(changed: &[ChangedFile]) -> String {
    let of_file = |changed: &ChangedFile| {
        let name = Path::new(&changed.path).file_name().unwrap_or_default().to_string_lossy().into_owned();
        let since = changed.since.to_zoned_datetime(TimeZone::system());
        let is_today = since.date() == ZonedDateTime::now().date();
        let since = since.strftime(if is_today { "%H:%M" } else { "%-d %b, %H:%M" });
        match changed.waits {
            true => format!("{name} has changed since {since}, and is taken when no show plays"),
            false => format!("{name} has changed since {since}: `starcourt reload` takes it"),
        }
    };
    changed.iter().map(of_file).collect::<Vec<_>>().join("; ")
}

/// `neon, windows`, or as many as a person reads: `neon, windows, … and 490 more`.
fn list(items: impl Iterator<Item = String>) -> String {
    let mut items = items.peekable();
    let mut text = items.next().unwrap_or_default();
    while let Some(item) = items.next_if(|item| text.len() + item.len() < LONGEST_LIST) {
        text += ", ";
        text += &item;
    }
    match items.count() {
        0 => text,
        more => format!("{text}, … and {more} more"),
    }
}

fn in_words(timing: Scheduling) -> String {
    let what = timing.word();
    match timing {
        Scheduling::Realtime => what.to_owned(),
        Scheduling::Ordinary => format!("{what}: the lights may come late under load; {HOW_TO_PERMIT}"),
    }
}

/// What a holder's relays have switched up to its show; simulated ones are not worn.
fn counts_for<'a>(holder: &Holder, wear: &'a Wear) -> BTreeMap<&'a str, u64> {
    let is_wired = holder.info.output.as_deref() == Some("gpio");
    wear.iter().filter(|_| is_wired).collect()
}

fn relays(counts: &BTreeMap<&str, u64>) -> Option<String> {
    let counts = list(counts.iter().map(|(name, count)| format!("{name} {count}")));
    (!counts.is_empty()).then(|| format!("{counts} switchings up to this show"))
}

#[derive(Serialize)]
struct InstanceJson<'a> {
    pid: String,
    show: Option<&'a str>,
    rig: Option<String>,
    output: Option<&'a str>,
    /// `realtime`, `ordinary`, or not known yet.
    timing: Option<&'static str>,
    started: Option<String>,
    position_us: Option<ShowTime>,
    length_us: Option<ShowTime>,
    lock: String,
    /// Of each relay in its life, up to this show; none where lines are simulated.
    switchings: BTreeMap<&'a str, u64>,
    /// As over the control socket; nothing where the instance cannot be asked.
    now: Option<&'a Status>,
}

fn as_json(known: &[KnownInstance], wear: &Wear) -> String {
    let instances = known.iter().map(|KnownInstance { holder, now }| InstanceJson {
        pid: holder.pid.to_string(),
        show: holder.info.show.as_deref(),
        rig: holder.info.rig.as_ref().map(|rig| rig.display().to_string()),
        output: holder.info.output.as_deref(),
        timing: holder.info.timing.map(Scheduling::word),
        started: holder.info.started.map(|at| at.to_string()),
        position_us: holder.info.position,
        length_us: holder.info.length,
        lock: holder.path.display().to_string(),
        switchings: counts_for(holder, wear),
        now: now.as_ref(),
    });
    printed::json(&instances.collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ipc::{OutputKind, ServiceFile};
    use crate::lock::{KnownBy, Pid};
    use crate::speed::Speed;
    use crate::time::LoopRange;

    fn page_of(output: &str, timing: Option<Scheduling>) -> String {
        let mut wear = Wear::default();
        wear.add("neon", 7);
        let info = LockInfo { output: Some(output.to_owned()), timing, ..LockInfo::default() };
        let path = "/run/starcourt/starcourt.lock".into();
        let holder = Holder { pid: Pid::new(42), name: None, path, known_by: KnownBy::File, info };
        page(&KnownInstance { holder, now: None }, &wear)
    }

    #[test]
    fn the_relays_are_told_where_they_are_real() {
        assert!(page_of("gpio", None).contains("\nrelays    neon 7 switchings up to this show\n"));
        assert!(!page_of("sim", None).contains("relays"));
    }

    #[test]
    fn ordinary_timing_is_told_with_what_mends_it() {
        let line = |timing| {
            let text = page_of("sim", timing);
            text.lines().find(|line| line.starts_with("timing")).map(str::to_owned)
        };
        assert_eq!(line(None), None);
        assert_eq!(line(Some(Scheduling::Realtime)).as_deref(), Some("timing    realtime"));
        let ordinary = line(Some(Scheduling::Ordinary)).unwrap();
        assert!(ordinary.starts_with("timing    ordinary") && ordinary.contains("rtprio 50"), "{ordinary}");
    }

    #[test]
    fn the_position_is_the_instances_own_word_and_the_locks_where_it_says_none() {
        let seconds = |seconds: u64| ShowTime::from_micros(seconds * 1_000_000);
        let info = LockInfo { position: Some(seconds(5)), length: Some(seconds(15)), ..LockInfo::default() };
        let show = ShowStatus {
            name: "demo".to_owned(),
            title: "Demo".to_owned(),
            position: seconds(7),
            length: None,
            repeats: None,
            speed: Speed::Normal,
            bar_beat: None,
            beat_permille: None,
            part: None,
            line: None,
            cue: None,
            sound_leads: false,
            realtime: true,
            late: 0,
            noticeably_late: 0,
            volume: None,
        };
        let now = Status { show: Some(show.clone()), ..Status::idle(OutputKind::Sim) };
        assert_eq!(position(&info, Some(&now)).as_deref(), Some("0:07"));
        let repeats = |end, length| {
            let (repeats, length) = (Some(LoopRange::new(seconds(0), seconds(end))), Some(seconds(length)));
            place(&ShowStatus { repeats, length, ..show.clone() })
        };
        assert_eq!(repeats(9, 15), "0:07 of 0:15, repeats 0:00 to 0:09");
        assert_eq!(repeats(15, 15), "0:07 of 0:15, repeats");
        assert_eq!(place(&ShowStatus { speed: Speed::Half, ..show.clone() }), "0:07, at half speed");
        assert_eq!(position(&info, None).as_deref(), Some("0:05 of 0:15"));
        assert_eq!(position(&info, Some(&Status { show: None, ..now })), None);
    }

    #[test]
    fn a_level_is_told_in_whole_per_cent() {
        for (hundredths, expected) in [(257, "3 %"), (72, "1 %"), (9, "under 1 %"), (1_500, "15 %")] {
            assert_eq!(in_percent(Level::from_hundredths(hundredths)), expected);
        }
    }

    #[test]
    fn a_changed_file_is_told_with_what_takes_it() {
        let since = ZonedDateTime::now();
        let file = ChangedFile {
            file: ServiceFile::Rig,
            path: "/etc/starcourt/rig.toml".to_owned(),
            since: since.timestamp(),
            waits: false,
        };
        let at = since.strftime("%H:%M");
        let later = ChangedFile { waits: true, ..file.clone() };
        assert_eq!(changed(&[file]), format!("rig.toml has changed since {at}: `starcourt reload` takes it"));
        assert_eq!(
            changed(&[later]),
            format!("rig.toml has changed since {at}, and is taken when no show plays")
        );
    }

    #[test]
    fn a_long_list_ends_with_how_many_more_there_are() {
        let names = |count: usize| (1..=count).map(|number| format!("channel-{number}"));
        assert_eq!(list(names(0)), "");
        assert_eq!(list(names(2)), "channel-1, channel-2");
        let told = list(names(512));
        assert!(told.len() < 450 && told.starts_with("channel-1, ") && told.ends_with(" more"), "{told}");
        let shown = told.matches("channel-").count();
        assert!(told.ends_with(&format!("and {} more", 512 - shown)), "{told}");
    }
}
