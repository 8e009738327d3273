//! Songs of pi-lightshow make the light that [the model](crate::player_model) of that player makes.

use serde_json::{Value, json};

use crate::dice::Dice;
use crate::player_model::{CHANNELS, edges};
use crate::rigs::{rig, usual, without_limits};
use crate::shown::{Shown, imported, shown};

/// Musical times in a sheet are rounded to the microsecond, on a beat that is rounded itself.
const ROUNDED: u64 = 2;

fn bytes(song: &Value) -> Vec<u8> {
    serde_json::to_vec_pretty(song).unwrap()
}

/// The ten lights of `shown` are switched as in the model.
#[track_caller]
fn plays_as_the_model(song: &Value, shown: &Shown) {
    let model = edges(song, shown.length.micros());
    for (channel, wanted) in model.iter().enumerate() {
        let edges = shown.edges(channel);
        let is_near = edges.len() == wanted.len()
            && edges.iter().zip(wanted).all(|((time, level), (wanted, is_lit))| {
                time.abs_diff(*wanted) <= ROUNDED && (*level == 10_000) == *is_lit
            });
        assert!(is_near, "channel {channel}:\n{edges:?}\nnot\n{wanted:?}\n{}\n{song:#}", shown.sheet);
    }
}

/// Each channel of the song that does something is the light of the same place, as `--map` has it.
fn one_to_one(song: &Value, lights: usize) -> Vec<String> {
    let model = edges(song, u64::MAX);
    let does_something = (0..CHANNELS.min(lights)).filter(|channel| !model[*channel].is_empty());
    does_something.map(|channel| format!("{}=light{channel}", channel + 1)).collect()
}

#[track_caller]
fn check(song: &Value) -> Shown {
    let map = one_to_one(song, CHANNELS);
    let map: Vec<&str> = map.iter().map(String::as_str).collect();
    let shown = shown(&bytes(song), &without_limits(CHANNELS, "ssr"), &map);
    plays_as_the_model(song, &shown);
    shown
}

fn section(tempo: f64, beats: u32, sequences: Value) -> Value {
    json!({"title": "One", "sections": [
        {"name": "main", "start_time": 1.5, "tempo": tempo, "total_beats": beats, "sequences": sequences}]})
}

/// Lines of a sheet with single spaces, without remarks and empty ones.
fn lines(sheet: &str) -> Vec<String> {
    let words = sheet.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    words.filter(|line| !line.is_empty() && !line.starts_with('#')).collect()
}

#[test]
fn a_note_on_every_beat_is_one_line_with_every() {
    let song = section(0.5, 16, json!([{"all_beats": true, "actions": [{"type": "note", "channel": 2}]}]));
    let shown = shown(&bytes(&song), &without_limits(CHANNELS, "ssr"), &["3=light2"]);
    let sheet = lines(&shown.sheet);
    assert_eq!(
        sheet[sheet.len() - 3..],
        ["1.1 play main", "section main", "1.1 to 5.1 every 1 beat light2 on for 100 ms"]
    );
    let edges = shown.edges(2);
    assert_eq!((edges.len(), edges[0], edges[1]), (32, (1_500_000, 10_000), (1_600_000, 0)));
}

#[test]
fn all_channels_without_a_duration_last_a_quarter_of_a_second_whatever_the_multiplier_says() {
    for (action, lasts) in [
        (json!({"type": "all_channels", "duration_multiplier": 0.33}), 250_000),
        (json!({"type": "all_channels", "duration": 0.1, "duration_multiplier": 0.33}), 100_000),
        (json!({"type": "all_channels", "duration": 0, "duration_multiplier": 0.5}), 400_000),
        (json!({"type": "all_channels", "duration": -1}), 800_000),
    ] {
        let shown = check(&section(0.8, 4, json!([{"beat": 2, "actions": [action]}])));
        assert_eq!(shown.edges(7), [(2_300_000, 10_000), (2_300_000 + lasts, 0)]);
    }
}

#[test]
fn the_note_that_started_last_decides_when_its_light_goes_dark() {
    let notes = |one: f64, other: f64| {
        json!([{"beat": 1, "actions": [
            {"type": "note", "channel": 0, "duration": one},
            {"type": "note", "channel": 0, "delay": 0.2, "duration": other}]}])
    };
    let shorter = check(&section(0.5, 8, notes(2.0, 0.1)));
    assert_eq!(shorter.edges(0), [(1_500_000, 10_000), (1_800_000, 0)]);
    assert!(shorter.sheet.contains("A later note decides"), "{}", shorter.sheet);
    let longer = check(&section(0.5, 8, notes(0.4, 2.0)));
    assert_eq!(longer.edges(0), [(1_500_000, 10_000), (3_700_000, 0)]);
}

#[test]
fn phrases_and_steps_are_sections_that_play_where_they_come() {
    let mut song = section(
        0.75,
        32,
        json!([
        {"beats": [1, 5, 9, 13], "actions": [{"type": "phrase", "id": 0}]},
        {"beat": 17, "actions": [{"type": "step_up"}]},
        {"beat": 18, "actions": [{"type": "step_down"}]},
        {"beat": 20, "actions": [{"type": "all_channels"}, {"type": "flash_mode", "mode": 3}]}]),
    );
    song["phrases"] = json!({"0": {"description": "bells\n# two", "notes": [
        {"channel": 6, "delay_multiplier": 0.5, "duration_multiplier": 0.5},
        {"channel": 1, "delay_multiplier": 0.33}]}});
    let shown = check(&song);
    let sheet = lines(&shown.sheet);
    for line in [
        "1.1 to 5.1 every 1 bar play phrase-0",
        "5.1 play step-up",
        "section phrase-0 # bells # two",
        "1.1+33/100 light1 on for 0.33 beats",
        "1.1& light6 on for 1/2 beat",
        "1.1+1/10 light0 off",
        "1.1 light9 on for 1 beat",
    ] {
        assert!(sheet.iter().any(|it| it == line), "{line}\n{}", shown.sheet);
    }
    let left = shown.imported.left.join("\n");
    assert!(left.contains("`flash_mode` (1 of 5 actions)"), "{left}");
}

#[test]
fn each_section_has_its_own_tempo_on_one_beat_map() {
    let song = json!({"title": "Two", "sections": [
        {"name": "Intro!", "start_time": 0.349_485_714_3, "tempo": 0.736_514_285_7, "total_beats": 9,
         "sequences": [{"all_beats": true, "actions": [{"type": "note", "channel": 5, "delay": 0.368_242_857_15}]}]},
        {"name": "main", "segments": [
            {"start_time": 12.5, "tempo": 0.446_160_714, "total_beats": 56,
             "sequences": [{"all_beats": true, "actions": [{"type": "all_channels"}]}]},
            {"start_time": 40.1, "tempo": 0.9, "total_beats": 3,
             "sequences": [{"beats": [1, 3], "actions": [{"type": "all_channels"}]}]}]}]});
    let shown = check(&song);
    assert!(shown.imported.tempo.is_some());
    let sheet = lines(&shown.sheet);
    assert!(sheet.iter().any(|line| line == "section intro"), "{}", shown.sheet);
    assert!(sheet.iter().any(|line| line == "1.1 to 15.1 every 1 beat all on for 250 ms"), "{}", shown.sheet);
}

/// A song with everything that the format has, in numbers as people and programs write them.
fn rolled(dice: &mut Dice) -> Value {
    let tempi = [0.5, 0.624, 0.446_160_714, 0.966_168_75, 0.736_514_285_7, 1.0 / 3.0, 0.06, 1.508];
    let multipliers = [0.0, 0.166, 0.2, 0.25, 0.33, 0.5, 0.66, 0.833, 1.0, 1.5, 2.0, 4.0, 0.123_456_789];
    let channels = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, -1];
    let note = |dice: &mut Dice| {
        json!({"channel": dice.one_of(&channels), "delay_multiplier": dice.one_of(&multipliers),
               "duration_multiplier": dice.one_of(&multipliers)})
    };
    let mut phrases = serde_json::Map::new();
    for id in 0..4 {
        let notes: Vec<Value> = (0..1 + dice.below(6)).map(|_| note(dice)).collect();
        phrases.insert(id.to_string(), json!({"notes": notes}));
    }
    let action = |dice: &mut Dice| match dice.below(9) {
        0..=2 => {
            json!({"type": "note", "channel": dice.one_of(&channels), "delay": dice.one_of(&[0.0, 0.1, 0.478, 2.536]),
                        "duration": dice.one_of(&[0.0, 0.05, 0.351, 2.5])})
        }
        3 | 4 => json!({"type": "phrase", "id": dice.below(5)}),
        5 => json!({"type": "phrase", "id": dice.below(5).to_string()}),
        6 => {
            json!({"type": "all_channels", "duration": dice.one_of(&[0.0, 0.25]), "duration_multiplier": 0.33})
        }
        7 => json!({"type": "step_up"}),
        _ => json!({"type": "step_down"}),
    };
    let mut at = dice.below(3_000) as f64 / 1_000.0;
    let part = |dice: &mut Dice, name: &str, at: &mut f64| {
        let (tempo, beats) = (dice.one_of(&tempi), 1 + dice.below(40));
        let sequences: Vec<Value> = (0..1 + dice.below(5))
            .map(|_| {
                let actions: Vec<Value> = (0..1 + dice.below(2)).map(|_| action(dice)).collect();
                match dice.below(4) {
                    0 => json!({"all_beats": true, "actions": actions}),
                    1 => json!({"beat": 1 + dice.below(beats + 2), "actions": actions}),
                    _ => {
                        let (first, step) = (1 + dice.below(4), 1 + dice.below(5));
                        let named: Vec<usize> = (0..dice.below(12)).map(|beat| first + step * beat).collect();
                        json!({"beats": named, "actions": actions})
                    }
                }
            })
            .collect();
        let start = *at;
        let gap = dice.one_of(&[0.0, 0.0, 0.0, 1.234, -0.7, -5.0, 0.168]);
        *at = (start + tempo * beats as f64 + gap).max(0.0);
        json!({"name": name, "start_time": start, "tempo": tempo, "total_beats": beats, "sequences": sequences})
    };
    let names = ["prelude", "main", "the End", "phrase-0"];
    let sections: Vec<Value> = (0..1 + dice.below(3))
        .map(|number| match dice.one_in(3) {
            true => {
                let segments: Vec<Value> = (0..1 + dice.below(4)).map(|_| part(dice, "", &mut at)).collect();
                json!({"name": names[number], "segments": segments})
            }
            false => part(dice, names[number], &mut at),
        })
        .collect();
    json!({"title": "Rolled", "sections": sections, "phrases": phrases})
}

/// Of so many songs some switch nothing at all.
fn rolled_songs(count: u64) -> impl Iterator<Item = Value> {
    let songs = (1..=count).map(|seed| rolled(&mut Dice::new(seed)));
    songs.filter(|song| edges(song, u64::MAX).iter().any(|edges| !edges.is_empty()))
}

#[test]
fn songs_of_every_kind_play_as_in_the_model() {
    let (mut count, mut readable) = (0, 0);
    for song in rolled_songs(150) {
        let shown = check(&song);
        count += 1;
        readable += usize::from(shown.sheet.contains("section "));
    }
    assert!(count > 120, "{count}");
    // Else the importer would always fall back to one cue for each stretch of light.
    assert!(readable * 10 > count * 9, "only {readable} of {count} have sections");
}

#[test]
fn on_every_rig_check_says_nothing_and_no_light_is_on_that_the_song_has_not_lit() {
    for song in rolled_songs(12) {
        for (name, rig) in usual() {
            let map = one_to_one(&song, rig.channels.len());
            let map: Vec<&str> = map.iter().map(String::as_str).collect();
            let shown = shown(&bytes(&song), &rig, &map);
            let model = edges(&song, u64::MAX);
            for (channel, model) in model.iter().enumerate().take(rig.channels.len()) {
                let lit = shown.edges(channel).into_iter().filter(|(_, level)| *level > 0);
                for (time, _) in lit.filter(|_| rig.channels[channel].min_off.is_zero()) {
                    let begins = model.iter().any(|(on, is_lit)| *is_lit && on.abs_diff(time) <= ROUNDED);
                    assert!(
                        begins || rig.limits.on_at_once.is_some(),
                        "{name}, light {channel} at {time}\n{}",
                        shown.sheet
                    );
                }
            }
        }
    }
}

#[test]
fn what_relays_and_eyes_do_not_bear_is_left_out_and_told() {
    let song = section(
        0.25,
        400,
        json!([{"all_beats": true, "actions": [{"type": "all_channels", "duration": 0.1}]}]),
    );
    let relays = shown(&bytes(&song), &rig(3, "relay", ""), &[]);
    let left = relays.imported.left.join("\n");
    assert!(
        left.contains("of 400 flashes on light0, light1, light2: a relay that switches so often wears out"),
        "{left}"
    );
    assert!(relays.edges(0).len() <= 50 && relays.edges(0).len() > 20, "{:?}", relays.edges(0));
    let eyes = shown(&bytes(&song), &rig(12, "ssr", ""), &[]);
    let left = eyes.imported.left.join("\n");
    assert!(left.contains("200 of 400 flashes on light0"), "{left}");
    assert_eq!(eyes.edges(0).len(), 400);
}

#[test]
fn channels_of_the_song_may_be_groups_or_share_a_light() {
    let song = section(
        0.5,
        8,
        json!([
        {"beats": [1, 3], "actions": [{"type": "note", "channel": 0, "duration": 0.3}]},
        {"beats": [2, 3], "actions": [{"type": "note", "channel": 1, "duration": 0.4}]}]),
    );
    let rig = rig(4, "ssr", "[groups]\npair = [\"light2\", \"light3\"]\n[limits]\nflash = \"off\"\n");
    let shared = shown(&bytes(&song), &rig, &["1=light1", "2=light1"]);
    let edges: Vec<u64> = shared.edges(1).iter().map(|(time, _)| *time).collect();
    assert_eq!(edges, [1_500_000, 1_800_000, 2_000_000, 2_400_000, 2_500_000, 2_900_000]);
    let wide = shown(&bytes(&song), &rig, &["1=pair"]);
    assert_eq!(wide.edges(2), wide.edges(3));
    assert_eq!((wide.edges(2).len(), wide.edges(0).len()), (4, 0));
    assert!(
        wide.imported.left.join("\n").contains("channels that no --map names"),
        "{:?}",
        wide.imported.left
    );
}

#[test]
fn without_a_rig_the_way_to_one_is_told() {
    let map = starcourt::import::ChannelMap::default();
    let request = starcourt::import::ImportRequest { file_name: "a.json", rig: None, map: &map };
    let song = section(0.5, 8, json!([{"all_beats": true, "actions": [{"type": "all_channels"}]}]));
    let fault = starcourt::import::import(&bytes(&song), &request).unwrap_err().to_string();
    assert!(fault.contains("starcourt new --rig"), "{fault}");
    assert!(imported(b"{\"sections\": []}", &rig(1, "ssr", ""), &[]).is_err());
}
