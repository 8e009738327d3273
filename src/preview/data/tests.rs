//! What the page is told, of a small show.

use serde_json::{Value, json};

use super::*;
use crate::diagnosis::Source;
use crate::rig;
use crate::show;
use crate::timeline::compile;

const RIG: &str = "[channels]
sign = { pin = 4, kind = \"relay\", lead = \"8 ms\", min_off = \"1 s\", min_on = \"0 ms\" }
moon = { pin = 18, kind = \"pwm\" }
star = { pin = 12, kind = \"pwm\" }
[groups]
sky = [\"moon\", \"star\"]
all_of_it = [\"star\", \"sign\"]
";

const SHEET: &str = "length 0:10
tempo 120 bpm, 4/4, first beat at 0.5 s
# ---- One ----
0:01    sky   fade to 80 % over 2 s ease-in
0:01    sign  on
0:02    sign  off
0:02.400  sign  on
# ---- Two ----
0:04    star  on
0:05    moon  off
0:05 to 0:06  moon  strobe every 100 ms
0:07    play  wink
section wink
  0:00  star  off
";

fn data(sheet: &str) -> (Value, Rig, Show) {
    let rig = rig::read(&Source::new("rig.toml", RIG)).0.unwrap();
    let none = |_: &str| Err(anyhow::anyhow!("no file"));
    let (show, told) = show::read("test", &Source::new("shows/test.show", sheet), &rig, &none).unwrap();
    let data = ShowData::of(&show, &rig, show.length.unwrap(), &told);
    (serde_json::to_value(&data).unwrap(), rig, show)
}

#[test]
fn a_show_is_told_in_whole_numbers() {
    let (data, ..) = data(SHEET);
    assert_eq!(data["channels"][0]["light"], json!([[992_000, 10_000], [1_992_000, 0], [2_992_000, 10_000]]));
    assert_eq!(
        data["channels"][1]["light"][0],
        json!([1_000_000, 1_000_000, 2_000_000, 0, 8_000, "in"]),
        "a fade is told as it is"
    );
    for (what, expected) in [
        ("groups", json!([{"name": "sky", "channels": [1, 2]}, {"name": "all_of_it", "channels": [2, 0]}])),
        ("sections", json!([{"name": "wink", "start_us": 7_000_000, "end_us": 7_000_000, "line": 12}])),
        (
            "headings",
            json!([
                {"name": "One", "start_us": 1_000_000, "end_us": 4_000_000, "line": 3},
                {"name": "Two", "start_us": 4_000_000, "end_us": 10_000_000, "line": 8},
            ]),
        ),
        (
            "rules",
            json!([{"channel": 0, "start_us": 2_400_000, "end_us": 3_000_000, "what": "on 600 ms later (min_off)"}]),
        ),
    ] {
        assert_eq!(data[what], expected, "{what}");
    }
    let beats = data["beats"].as_array().unwrap();
    assert_eq!(json!(beats[..3]), json!([[0, 0, 4], [500_000, 1, 1], [1_000_000, 1, 2]]));
    assert_eq!(data["lines"].as_array().unwrap().len(), SHEET.lines().count());
    assert_eq!(data["channels"][0]["groups"], json!(["all_of_it"]));
    assert_eq!(data["channels"][0]["lead_us"], 8_000);
}

#[test]
fn a_line_is_behind_the_light_until_others_are() {
    let (data, ..) = data(SHEET);
    let cues: Vec<[u64; 3]> = data["cues"]
        .as_array()
        .unwrap()
        .iter()
        .map(|cue| ["line", "start_us", "end_us"].map(|key| cue[key].as_u64().unwrap()))
        .collect();
    let second = 1_000_000;
    assert_eq!(
        cues,
        [
            [4, second, 3 * second],
            [5, second, 2 * second],
            [6, 2 * second, 2_400_000],
            [7, 2_400_000, 10 * second],
            [9, 4 * second, 7 * second],
            [10, 5 * second, 10 * second],
            [11, 5 * second, 6 * second],
            [14, 7 * second, 10 * second],
        ]
    );
}

#[test]
fn a_warning_has_its_line_and_the_time_to_look_at() {
    let (data, ..) = data(SHEET);
    let told = data["told"].as_array().unwrap();
    let flashes = told.iter().find(|note| note["line"] == 11).expect("a strobe of ten flashes a second");
    assert_eq!(flashes["start_us"], 5_000_000);
    assert_eq!(flashes["file"], "test.show", "without its folder");
    assert!(flashes["help"][0].as_str().unwrap().contains("seizure"), "{flashes}");
}

/// What the page reckons of the pieces, at many times, is what the timeline has.
#[test]
fn the_pieces_hold_all_that_the_timeline_has() {
    let (data, rig, show) = data(SHEET);
    let timeline = compile(&show, &rig).timeline;
    for (index, channel) in data["channels"].as_array().unwrap().iter().enumerate() {
        let light = channel["light"].as_array().unwrap();
        for millis in (0..10_000).step_by(7) {
            let at = millis * 1_000;
            let expected = timeline.tracks()[index].level_at(ShowTime::from_micros(at)).hundredths();
            let begun = light.partition_point(|piece| piece[0].as_u64().unwrap() <= at);
            let level = match begun.checked_sub(1).map(|index| light[index].as_array().unwrap()) {
                None => 0,
                Some(hold) if hold.len() == 2 => hold[1].as_u64().unwrap(),
                Some(ramp) => {
                    let whole = |index: usize| ramp[index].as_u64().unwrap();
                    let ramp = crate::timeline::Ramp {
                        start: ShowTime::from_micros(whole(1)),
                        over: std::time::Duration::from_micros(whole(2)),
                        from: crate::level::Level::from_hundredths(whole(3) as u16),
                        to: crate::level::Level::from_hundredths(whole(4) as u16),
                        easing: crate::easing::Easing::In,
                    };
                    u64::from(ramp.level_at(ShowTime::from_micros(at)).hundredths())
                }
            };
            assert_eq!(level, u64::from(expected), "channel {index} at {millis} ms");
        }
    }
}

#[test]
fn markup_and_controls_stay_text() {
    let (data, ..) =
        data("title <img src=x onerror=alert(1)>\u{1b}[2J\u{202e}\nlength 0:02\n0:01 moon on # </script>\n");
    assert_eq!(data["title"], "<img src=x onerror=alert(1)>␛[2J\u{fffd}");
    assert_eq!(data["lines"][2], "0:01 moon on # </script>");
}
