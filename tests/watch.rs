//! `play --watch`: whatever way an editor saves, the show goes on with the new text. No save is lost, and none is read by
//! halves.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends by panicking")]

mod common;
#[cfg(target_arch = "x86_64")]
mod fake_pi;

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::thread;
use std::time::Duration;

use rustix::process::Signal;

use common::folder::Folder;
use common::launch::{Launch, until};

const RIG: &str = r#"
[channels]
early = { sim = 1, kind = "pwm" }
late  = { sim = 2, kind = "pwm" }
"#;
const HERE: &str = "--rig rig.toml --shows shows --lock-dir lock --output sim --pins pins";

/// A long sheet whose first and last cue light a channel each at `percent`.
fn sheet(percent: u32) -> String {
    let rest: String =
        (0..200).map(|line| format!("{}:00  early  off  # {percent}\n", line / 60 + 30)).collect();
    format!("title  Save {percent}\nlength  60:00\n0:00  early  {percent} %\n{rest}0:00  late  {percent} %\n")
}

/// What the file of the simulated outputs tells of `early` and `late`, in thousandths.
fn levels(folder: &Folder) -> Vec<u32> {
    let text = folder.text("pins");
    let levels = text.lines().skip(1).filter_map(|line| line.split_whitespace().nth(1)?.parse().ok());
    levels.collect()
}

#[track_caller]
fn comes_to_show(folder: &Folder, percent: u32) {
    until(&format!("lit at {percent} %"), || levels(folder) == [percent * 10; 2]);
}

#[track_caller]
fn watched(folder: &Folder, options: &str) -> Launch {
    let launch = folder.launch(&format!("play porch --watch {HERE} {options}"));
    until(&format!("playing: {}", launch.told()), || !launch.said().is_empty());
    launch
}

/// As nano saves.
fn in_place(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
}

/// As vim saves: the file before becomes a copy, and another one has its name.
fn by_rename(path: &Path, text: &str) {
    let (copy, fresh) = (path.with_extension("show~"), path.with_extension("show.tmp"));
    fs::write(&fresh, text).unwrap();
    fs::rename(path, copy).unwrap();
    // For a moment there is no file.
    thread::sleep(Duration::from_millis(20));
    fs::rename(fresh, path).unwrap();
}

/// As an editor over a slow connection does: emptied, then written in two steps.
fn in_two_steps(path: &Path, text: &str) {
    let mut file = File::create(path).unwrap();
    thread::sleep(Duration::from_millis(150));
    let half = text.len() / 2;
    file.write_all(&text.as_bytes()[..half]).unwrap();
    file.flush().unwrap();
    thread::sleep(Duration::from_millis(150));
    file.write_all(&text.as_bytes()[half..]).unwrap();
}

#[test]
fn of_a_hundred_saves_in_three_ways_none_is_lost_or_read_by_halves() {
    let folder = Folder::new(RIG);
    let path = folder.path("shows/porch.show");
    in_place(&path, &sheet(100));
    let launch = watched(&folder, "--silent --trace trace.csv");
    comes_to_show(&folder, 100);
    for percent in 1..=100 {
        // Every tenth time a person saves again and again; the last text counts.
        if percent % 10 == 0 {
            (1..5).for_each(|more| in_place(&path, &sheet(percent / 2 + more)));
        }
        let save = [in_place, by_rename, in_two_steps][percent as usize % 3];
        save(&path, &sheet(percent));
        comes_to_show(&folder, percent);
    }
    let ended = launch.ends_on(Signal::INT);
    assert_eq!(ended.code, 0, "{}", ended.told);
    assert!(!ended.said.contains("error") && !ended.said.contains("mistakes"), "{}", ended.said);
    assert!(ended.said.matches("the new text plays from 0:").count() >= 100, "{}", ended.said);
    // Each text was taken up as a whole: what the first cue shows, the last one shows, too.
    let trace = folder.text("trace.csv");
    let shown = |channel: &str| -> Vec<&str> {
        let rows = trace.lines().map(|row| row.split(',').collect::<Vec<_>>());
        let levels = rows.filter(|row| row[3] == channel).map(|row| trace_level(&row));
        levels.filter(|level| *level != "0").collect()
    };
    assert!(shown("early").len() >= 100);
    assert_eq!(shown("early"), shown("late"));
}

fn trace_level<'a>(row: &[&'a str]) -> &'a str {
    row[4]
}

#[test]
fn a_mistake_is_told_as_check_tells_it_and_the_show_before_plays_on() {
    let folder = Folder::new(RIG);
    let path = folder.path("shows/porch.show");
    in_place(&path, &sheet(10));
    let launch = watched(&folder, "--silent");
    comes_to_show(&folder, 10);
    in_place(&path, &sheet(20).replace("0:00  late", "0:00  lte"));
    until("told", || launch.said().contains("did you mean `late`?"));
    let checked = folder.run("check porch --rig rig.toml --shows shows --output sim");
    let checked = format!("{}{}", checked.said, checked.told);
    let end = "did you mean `late`?";
    let mistake = &checked[checked.find("error:").unwrap()..checked.find(end).unwrap()];
    assert!(launch.said().contains(mistake), "{}\n{mistake}", launch.said());
    assert_eq!(levels(&folder), [100; 2]);
    in_place(&path, &sheet(10));
    until("mended", || launch.said().contains("the mistakes are gone, and the text is as before"));
    in_place(&path, &sheet(30));
    comes_to_show(&folder, 30);
    // A file that is gone for a while is no mistake before it stays so.
    fs::remove_file(&path).unwrap();
    thread::sleep(Duration::from_millis(200));
    in_place(&path, &sheet(40));
    comes_to_show(&folder, 40);
    assert_eq!(launch.said().matches("error:").count(), 1, "{}", launch.said());
    fs::remove_file(&path).unwrap();
    until("missed", || launch.said().contains("there is no such file"));
    launch.ends_on(Signal::INT).with(0, &["stopped at"]);
}

#[test]
fn rig_beat_map_and_links_are_followed_too() {
    let folder = Folder::new(RIG);
    let real = folder.path("elsewhere.show");
    let beats =
        |gap: f64| (0..30).map(|beat| format!("{0:.3}\t{0:.3}\t\n", 1.0 + f64::from(beat) * gap)).collect();
    let map: String = beats(600.0 / 30.0);
    folder.write("beats.txt", &map);
    folder.write("shows/beats.txt", &map);
    let sheet =
        "length  9:00\ntempo  map beats.txt, 4/4\n0:00  early  10 %\n1.1  late  70 %\n2.1  early  50 %\n";
    in_place(&real, sheet);
    std::os::unix::fs::symlink(&real, folder.path("shows/porch.show")).unwrap();
    let launch = watched(&folder, "--silent");
    until("begun", || levels(&folder) == [100, 700]);
    in_place(&real, &sheet.replace("10 %", "20 %"));
    until("followed through a link", || levels(&folder) == [200, 700]);
    // The second bar has begun already with these beats.
    let map: String = beats(0.1);
    by_rename(&folder.path("shows/beats.txt"), &map);
    until("followed by the beats", || levels(&folder) == [500, 700]);
    // Another output, and one light more.
    folder.write("rig.toml", &format!("{RIG}star = {{ pin = 4, kind = \"ssr\" }}\n"));
    until(&format!("told: {}", launch.said()), || launch.said().contains("`star` on GPIO 4 is new"));
    assert_eq!(folder.lines([4]), ['0']);
    in_place(&real, &sheet.replace("2.1  early", "2.1  star  on\n2.1  early"));
    until("lit on the new light", || folder.lines([4]) == ['1']);
    launch.ends_on(Signal::INT).with(0, &["stopped at"]);
}

#[test]
fn what_cannot_be_watched_is_refused_with_what_to_type() {
    let folder = Folder::new(RIG);
    in_place(&folder.path("shows/porch.show"), &sheet(10));
    folder.write("song.ogg", "");
    let refused = |words: &str, told: &str| {
        folder.run(words).with(2, &[told]);
    };
    refused(
        &format!("play song.ogg --watch {HERE}"),
        "--watch follows the text of a show, and song.ogg is music",
    );
    let service = folder.launch("serve --rig rig.toml --shows shows --lock-dir lock --output sim");
    until("there", || folder.run("status --lock-dir lock").code == 0);
    refused(
        "play porch --watch --lock-dir lock --output sim",
        "starcourt play porch --watch --output sim --takeover --lock-dir ",
    );
    service.ends_on(Signal::INT).with(0, &[]);
}

#[cfg(target_arch = "x86_64")]
#[test]
fn on_a_pi_a_show_that_is_being_written_lights_nothing_real_unless_that_is_said() {
    let pi = fake_pi::FakePi::new();
    let folder = Folder::new("[channels]\nearly = { pin = 17, kind = \"ssr\" }\n");
    in_place(&folder.path("shows/porch.show"), "length 0:00.200\n0:00  early  on\n");
    let play = |words: &str| {
        let mut command = pi.command(common::launch::STARCOURT);
        folder.dress(
            &mut command,
            &format!("play porch --watch --rig rig.toml --shows shows --lock-dir lock {words}"),
        );
        Launch::of(command).end()
    };
    play("").with(
        2,
        &["starcourt play porch --watch --output sim", "starcourt play porch --watch --output gpio"],
    );
    play("--output sim").with(0, &["simulated"]);
    assert_eq!(pi.steps(17), []);
    play("--output gpio").with(0, &["GPIO"]);
    assert!(pi.steps(17).contains(&fake_pi::Step::BecameOutput));
}
