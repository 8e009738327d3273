//! What the stage says in single rows of a window of the usual size, as a terminal without colours shows it.

use std::sync::Arc;

use super::board::View;
use super::golden::{KEYS, check, lines};
use super::samples;
use super::wish::KeyMeaning;
use crate::ipc::{ChannelStatus, OutputKind, PlayState, ShowStatus, Status};
use crate::level::Level;
use crate::rig::Kind;
use crate::speed::Speed;

/// The row of a window of 80 × 24 that has `part`.
fn row(status: &Status, view: &View, part: &str) -> String {
    let lines = lines(status, view, 80, 24);
    let row = lines.iter().find(|line| line.contains(part));
    row.unwrap_or_else(|| panic!("no {part} in\n{}", lines.join("\n"))).trim_end().to_owned()
}

fn named(count: u8, beginning: &str) -> Arc<[ChannelStatus]> {
    let channel = |number| ChannelStatus {
        name: format!("{beginning}{number}"),
        kind: Kind::Pwm,
        address: format!("GPIO {}", number - 1),
        gpio: Some(number - 1),
        level: Level::HALF,
    };
    (1..=count).map(channel).collect()
}

#[test]
fn a_pause_in_a_blackout_is_seen() {
    let status = Status { state: PlayState::Blackout, paused: true, ..samples::status() };
    assert!(row(&status, &KEYS, "S T A R").ends_with("● paused, blackout"));
    let keys = row(&status, &KEYS, "space");
    assert!(keys.contains("space go on") && keys.contains("b lights"), "{keys}");
}

#[test]
fn late_changes_leave_the_volume_in_its_place_and_are_told_only_if_somebody_may_notice() {
    let late = |noticeably_late| {
        let show = ShowStatus { late: 300, noticeably_late, ..samples::show() };
        row(&Status { show: Some(show), ..samples::status() }, &KEYS, "bar 17.3")
    };
    assert!(!late(0).contains(" late"), "{}", late(0));
    assert!(late(3).starts_with("  ● bar 17.3   volume 80 % · 3 changes late · "), "{}", late(3));
}

#[test]
fn another_speed_comes_first_of_what_is_told_of_the_show() {
    let at = |speed| {
        let show = ShowStatus { speed, sound_leads: false, volume: None, ..samples::show() };
        row(&Status { show: Some(show), ..samples::status() }, &KEYS, "bar 17.3")
    };
    assert!(at(Speed::Half).starts_with("  ● bar 17.3   at half speed · silent · "), "{}", at(Speed::Half));
    assert!(!at(Speed::Normal).contains("speed"));
}

#[test]
fn only_simulated_lights_have_keys_for_other_speeds() {
    let keys = |output| {
        let view = View { help: Some(&[]), ..KEYS };
        lines(&Status { output, ..samples::status() }, &view, 80, 24).join("\n").contains("double speed")
    };
    assert!(keys(OutputKind::Sim) && !keys(OutputKind::Gpio));
}

#[test]
fn the_beat_blinks_and_the_cue_that_plays_is_told() {
    let at = |beat_permille| {
        let show = ShowStatus { beat_permille: Some(beat_permille), ..samples::show() };
        Status { show: Some(show), ..samples::status() }
    };
    assert!(row(&at(0), &KEYS, "bar 17.3").starts_with("  ●"));
    assert!(row(&at(500), &KEYS, "bar 17.3").starts_with("  ○"));
    let cue = row(&at(0), &KEYS, "line");
    assert_eq!(cue, "  chorus   line 63: 17.1 to 25.1 signs chase every 1 bar 2 wide");
}

#[test]
fn what_comes_next_is_at_the_lower_right_and_between_shows_below_the_title() {
    let next = Some("freedom about 19:31 (evening until Thu 22:00)".to_owned());
    let playing = Status { service: true, next, ..samples::status() };
    assert_eq!(
        row(&playing, &KEYS, "space"),
        "  space pause   q end service   ? help   b blackout       next  freedom ~19:31"
    );
    let idle = Status { state: PlayState::Idle, show: None, ..playing.clone() };
    assert_eq!(row(&idle, &KEYS, "next  "), "  next  freedom about 19:31 (evening until Thu 22:00)");
    let interrupting = Status { then: vec!["mall".to_owned()], ..playing };
    assert!(row(&interrupting, &KEYS, "space").ends_with("  next  mall"));
}

#[test]
fn the_keys_of_a_command_come_before_all_others() {
    let own_keys = [
        KeyMeaning { key: "Enter", short: "keep", meaning: "writes it down" },
        KeyMeaning { key: "q", short: "leave", meaning: "leaves it" },
    ];
    let view = View { own_keys: &own_keys, ..KEYS };
    let keys = row(&samples::status(), &view, "Enter");
    assert!(keys.starts_with("  Enter keep   q leave   ? help"), "{keys}");
}

#[test]
fn a_long_notice_takes_two_rows_and_says_where_the_rest_is() {
    let long = "1:10  no time server has answered; the schedule goes by the clock as it is, which may be \
                wrong by hours after a cut of the power; starcourt doctor says how to set the clock";
    let view = View { notice: Some(long), ..KEYS };
    let first = row(&samples::status(), &view, "no time");
    assert_eq!(first, "  1:10  no time server has answered; the schedule goes by the clock as it is,");
    let second = row(&samples::status(), &view, "which may");
    assert_eq!(second, "  which may be wrong by hours after a cut of the power; starcour…  ? shows all");
}

#[test]
fn the_help_has_all_keys_and_each_notice_in_full() {
    let notices = ["0:00  the sound card is not there".to_owned(), "1:10  ".to_owned() + &"word ".repeat(30)];
    let view = View { help: Some(&notices), ..KEYS };
    let status = Status { service: true, ..samples::status() };
    check(
        &status,
        &view,
        (80, 24),
        "
  S T A R C O U R T                                                  ● playing

╭ Keys, and what happened ─────────────────────────────────────────────────────╮
│ space    pauses the show, or goes on                                         │
│ ← →      5 s back or forward; with shift: a bar                              │
│ r        the show from its beginning                                         │
│ l        repeats the part that plays; again: plays on                        │
│ < >      slower or faster: half or double speed, without sound               │
│ b        blackout: all lights safe while time goes on; again: the lights     │
│ + -      volume up or down by 5 %                                            │
│ n        ends this show, and the next one plays                              │
│ q Ctrl-C ends the service, and the show with a fade; again: at once          │
│ Ctrl-Z   all lights safe, and starcourt stops; `fg` goes on                  │
│ ? Esc    closes this                                                         │
│                                                                              │
│ 0:00  the sound card is not there                                            │
│ 1:10  word word word word word word word word word word word word word word  │
│ word word word word word word word word word word word word word word word   │
│ word                                                                         │
╰──────────────────────────────────────────────────────────────────────────────╯


  space pause   q end service   ? help   b blackout   n next   + - volume
",
    );
}

#[test]
fn mistakes_lie_over_the_lower_lights_and_keep_what_they_underline() {
    let text = "error: no channel or group `widnows`\n --> porch.show:12:6\n   |\n12 | 1.1  widnows  on\n   |      ^^^^^^^ not in the rig\n   |\n   = help: did you mean `windows`?";
    let mistakes: Vec<String> = text.lines().map(str::to_owned).collect();
    let notice = Some("1:12  the saved text has mistakes: the show plays on as before");
    let view = View { mistakes: &mistakes, notice, ..KEYS };
    check(
        &samples::status(),
        &view,
        (80, 24),
        "
  S T A R C O U R T                                                  ● playing

  1:12  ━━━━━━━━━━━━━━━━━━━━━━━━━╾──────────────────────────────────────  3:00
  ● bar 17.3   volume 80 % · simulated · sound card leads · real time
  chorus   line 63: 17.1 to 25.1 signs chase every 1 bar 2 wide

          ███                                   ███
          ███                                   ███
          ███                                   ███
          ███                                   ███
          ███                ···                ███                ···
  ╭ Mistakes in the saved text ──────────────────────────────────────────────╮
  │ error: no channel or group `widnows`                                     │
  │  --> porch.show:12:6                                                     │
  │    |                                                                     │
  │ 12 | 1.1  widnows  on                                                    │
  │    |      ^^^^^^^ not in the rig                                         │
  │    |                                                                     │
  │    = help: did you mean `windows`?                                       │
  ╰───────────────────────────────────────────────────────── Esc closes this ╯

  1:12  the saved text has mistakes: the show plays on as before
  space pause   q quit   ? help   b blackout   + - volume
",
    );
    let small = lines(&samples::status(), &view, 36, 10).join("\n");
    assert!(small.contains("porch.show:12:6") && small.contains("more lines"), "{small}");
}

#[test]
fn twenty_eight_lamps_with_long_names_can_be_told_apart() {
    let status = Status { channels: named(28, "lamp_number_"), ..samples::status() };
    let picture = lines(&status, &KEYS, 80, 24).join(" ");
    for number in 1..=28 {
        let label = format!("number_{number} ");
        assert!(picture.contains(&label), "{label} in {picture}");
    }
}
