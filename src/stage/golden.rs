//! The stage in windows of many sizes, letter by letter, as a terminal without colours shows it.

use ratatui::backend::TestBackend;
use ratatui::layout::Rect;
use ratatui::style::Color;
use ratatui::{Terminal, TerminalOptions, Viewport};

use super::board::{self, View};
use super::colours::Colours;
use super::samples;
use crate::ipc::{ChannelStatus, PlayState, ShowStatus, Status};
use crate::level::Level;
use crate::rig::Kind;

pub(super) fn lines(status: &Status, view: &View, width: u16, height: u16) -> Vec<String> {
    let window = Rect::new(0, 0, width, height);
    let viewport = TerminalOptions { viewport: Viewport::Fixed(window) };
    let mut terminal = Terminal::with_options(TestBackend::new(width, height), viewport).unwrap();
    let picture = board::draw(status, view, Colours::None, window);
    terminal.draw(|frame| *frame.buffer_mut() = picture).unwrap();
    let cells = terminal.backend().buffer().content();
    assert!(cells.iter().all(|cell| (cell.fg, cell.bg) == (Color::Reset, Color::Reset)), "a colour");
    let row = |cells: &[ratatui::buffer::Cell]| cells.iter().map(|cell| cell.symbol()).collect::<String>();
    cells.chunks(usize::from(width)).map(|cells| row(cells).trim_end().to_owned()).collect()
}

pub(super) fn check(status: &Status, view: &View, (width, height): (u16, u16), expected: &str) {
    let picture = lines(status, view, width, height).join("\n");
    let expected = expected.trim_matches('\n');
    assert!(picture.trim_matches('\n') == expected, "got\n{picture}\nexpected\n{expected}");
}

pub(super) const KEYS: View<'_> =
    View { notice: None, has_keyboard: true, page: 0, own_keys: &[], help: None, mistakes: &[] };
const TOLD: View<'_> = View { notice: Some("1:10  the sound is lost"), ..KEYS };

#[test]
fn a_terminal_of_the_usual_size() {
    check(
        &samples::status(),
        &KEYS,
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
         neon               sign              arcade            fountain
        GPIO 17            GPIO 27            GPIO 22            GPIO 5
          ███
          ███                ███
          ███                ███
          ███                ███                ▆▆▆
          ███                ███                ███                ···
        cinema             windows             stars            escalator
        GPIO 6         GPIO 18 · 80 %     GPIO 12 · 35 %      GPIO 13 · 0 %


  space pause   q quit   ? help   b blackout   + - volume
",
    );
}

#[test]
fn half_a_terminal_has_rows_of_lamps() {
    check(
        &samples::status(),
        &TOLD,
        (44, 12),
        "
  S T A R C O U R T              ● playing
  1:12  ━━━━━━━━━━━─────────────────  3:00
  ● bar 17.3   volume 80 % · simulated
  ██ neon         17  ·· sign         27
  ██ arcade       22  ·· fountain      5
  ██ cinema        6  ▆▆ windows      18
  ▃▃ stars        12  ·· escalator    13



  1:10  the sound is lost
  space pause   q quit   ? help
",
    );
}

#[test]
fn twenty_columns_are_enough() {
    check(
        &samples::status(),
        &KEYS,
        (20, 14),
        "
Starcourt  ● playing
1:12  ━━━─────  3:00
● bar 17.3
chorus   line 63: 1…
██ neon         17
·· sign         27
██ arcade       22
·· fountain      5
██ cinema        6
▆▆ windows      18
▃▃ stars        12
·· escalator    13

space pause   q quit
",
    );
}

#[test]
fn a_few_lines_show_lamps_before_anything_else() {
    check(
        &samples::status(),
        &TOLD,
        (40, 3),
        "
  S T A R C O U R T          ● playing
  1:12  ━━━━━━━━━╾──────────────  3:00
        ██ ·· ██ ·· ██ ▆▆ ▃▃ ··
",
    );
}

#[test]
fn one_line_shows_where_the_show_is() {
    check(
        &samples::status(),
        &TOLD,
        (30, 1),
        "
1:12  ━━━━━━━───────────  3:00
",
    );
}

#[test]
fn keys_say_what_they_would_do_now() {
    let status = Status {
        state: PlayState::Paused,
        paused: true,
        show: Some(ShowStatus { late: 30, noticeably_late: 2, realtime: false, ..samples::show() }),
        ..samples::status()
    };
    check(
        &status,
        &KEYS,
        (76, 7),
        "
  S T A R C O U R T                                               ● paused
  1:12  ━━━━━━━━━━━━━━━━━━━━━━━━────────────────────────────────────  3:00
  ● bar 17.3   volume 80 % · 2 changes late · not real time · simulated
  ██ neon       17  ·· sign       27  ██ arcade     22  ·· fountain    5
  ██ cinema      6  ▆▆ windows    18  ▃▃ stars      12  ·· escalator  13

  space go on   q quit   ? help   b blackout   + - volume
",
    );
}

#[test]
fn no_window_is_too_small() {
    for width in 0..24 {
        for height in 0..12 {
            for colours in [Colours::All, Colours::Indexed, Colours::Sixteen, Colours::None] {
                let notices = ["0:00  something".to_owned()];
                let helping = View { help: Some(&notices), ..TOLD };
                for view in [TOLD, helping] {
                    board::draw(&samples::status(), &view, colours, Rect::new(0, 0, width, height));
                }
            }
        }
    }
}

#[test]
fn a_show_without_a_length_has_no_bar() {
    let status = Status {
        show: Some(ShowStatus { length: None, bar_beat: None, volume: None, ..samples::show() }),
        ..samples::status()
    };
    check(
        &status,
        &View::default(),
        (60, 6),
        "
  S T A R C O U R T                              ● playing
  1:12
  silent · simulated · sound card leads · real time
   ██ neon       17  ·· sign       27  ██ arcade     22
   ·· fountain    5  ██ cinema      6  ▆▆ windows    18
   ▃▃ stars      12  ·· escalator  13
",
    );
}

#[test]
fn a_brighter_lamp_is_brighter_on_the_screen() {
    let luminance = |colour: Color| match colour {
        Color::Rgb(red, green, blue) => u32::from(red) + u32::from(green) + u32::from(blue),
        other => panic!("{other} is not of all colours"),
    };
    let brightest = |percent| {
        let mut channel = samples::status().channels[5].clone();
        channel.level = Level::from_percent(percent);
        let show = ShowStatus { title: String::new(), ..samples::show() };
        let status = Status { show: Some(show), channels: [channel].into(), ..samples::status() };
        let picture = board::draw(&status, &View::default(), Colours::All, Rect::new(0, 0, 30, 24));
        let lights = picture.content().iter().filter(|cell| matches!(cell.symbol(), " " | "▀"));
        lights.map(|cell| luminance(cell.bg)).max().unwrap()
    };
    let shades = [0, 5, 20, 50, 80, 100].map(brightest);
    assert!(shades.is_sorted_by(|darker, brighter| darker < brighter), "{shades:?}");
}

fn big_rig(count: u16) -> Status {
    let channel = |number: u16| ChannelStatus {
        name: format!("pixel-{number:03}"),
        kind: Kind::Pwm,
        address: format!("sim {number}"),
        gpio: None,
        level: Level::from_percent(number % 101),
    };
    Status { channels: (0..count).map(channel).collect(), ..samples::status() }
}

#[test]
fn five_hundred_channels_are_seen_at_once() {
    check(
        &big_rig(512),
        &KEYS,
        (80, 24),
        "
  S T A R C O U R T                                                  ● playing

  1:12  ━━━━━━━━━━━━━━━━━━━━━━━━━╾──────────────────────────────────────  3:00
  ● bar 17.3   volume 80 % · simulated · sound card leads · real time
  chorus   line 63: 17.1 to 25.1 signs chase every 1 bar 2 wide

   · ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▂ ▂ ▂ ▂ ▂ ▂ ▂ ▂ ▂ ▂ ▂ ▂ ▂ ▃ ▃ ▃ ▃ ▃
   ▃ ▃ ▃ ▃ ▃ ▃ ▃ ▄ ▄ ▄ ▄ ▄ ▄ ▄ ▄ ▄ ▄ ▄ ▄ ▄ ▅ ▅ ▅ ▅ ▅ ▅ ▅ ▅ ▅ ▅ ▅ ▅ ▆ ▆ ▆ ▆ ▆
   ▆ ▆ ▆ ▆ ▆ ▆ ▆ ▆ ▇ ▇ ▇ ▇ ▇ ▇ ▇ ▇ ▇ ▇ ▇ ▇ █ █ █ █ █ █ █ · ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▁
   ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▂ ▂ ▂ ▂ ▂ ▂ ▂ ▂ ▂ ▂ ▂ ▂ ▂ ▃ ▃ ▃ ▃ ▃ ▃ ▃ ▃ ▃ ▃ ▃ ▃ ▄ ▄ ▄
   ▄ ▄ ▄ ▄ ▄ ▄ ▄ ▄ ▄ ▄ ▅ ▅ ▅ ▅ ▅ ▅ ▅ ▅ ▅ ▅ ▅ ▅ ▆ ▆ ▆ ▆ ▆ ▆ ▆ ▆ ▆ ▆ ▆ ▆ ▆ ▇ ▇
   ▇ ▇ ▇ ▇ ▇ ▇ ▇ ▇ ▇ ▇ █ █ █ █ █ █ █ · ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▂
   ▂ ▂ ▂ ▂ ▂ ▂ ▂ ▂ ▂ ▂ ▂ ▂ ▃ ▃ ▃ ▃ ▃ ▃ ▃ ▃ ▃ ▃ ▃ ▃ ▄ ▄ ▄ ▄ ▄ ▄ ▄ ▄ ▄ ▄ ▄ ▄ ▄
   ▅ ▅ ▅ ▅ ▅ ▅ ▅ ▅ ▅ ▅ ▅ ▅ ▆ ▆ ▆ ▆ ▆ ▆ ▆ ▆ ▆ ▆ ▆ ▆ ▆ ▇ ▇ ▇ ▇ ▇ ▇ ▇ ▇ ▇ ▇ ▇ ▇
   █ █ █ █ █ █ █ · ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▂ ▂ ▂ ▂ ▂ ▂ ▂ ▂ ▂ ▂ ▂
   ▂ ▂ ▃ ▃ ▃ ▃ ▃ ▃ ▃ ▃ ▃ ▃ ▃ ▃ ▄ ▄ ▄ ▄ ▄ ▄ ▄ ▄ ▄ ▄ ▄ ▄ ▄ ▅ ▅ ▅ ▅ ▅ ▅ ▅ ▅ ▅ ▅
   ▅ ▅ ▆ ▆ ▆ ▆ ▆ ▆ ▆ ▆ ▆ ▆ ▆ ▆ ▆ ▇ ▇ ▇ ▇ ▇ ▇ ▇ ▇ ▇ ▇ ▇ ▇ █ █ █ █ █ █ █ · ▁ ▁
   ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▂ ▂ ▂ ▂ ▂ ▂ ▂ ▂ ▂ ▂ ▂ ▂ ▂ ▃ ▃ ▃ ▃ ▃ ▃ ▃ ▃
   ▃ ▃ ▃ ▃ ▄ ▄ ▄ ▄ ▄ ▄ ▄ ▄ ▄ ▄ ▄ ▄ ▄ ▅ ▅ ▅ ▅ ▅ ▅ ▅ ▅ ▅ ▅ ▅ ▅ ▆ ▆ ▆ ▆ ▆ ▆ ▆ ▆
   ▆ ▆ ▆ ▆ ▆ ▇ ▇ ▇ ▇ ▇ ▇ ▇ ▇ ▇ ▇ ▇ ▇ █ █ █ █ █ █ █ · ▁ ▁ ▁ ▁ ▁ ▁


  space pause   q quit   ? help   b blackout   ↑ ↓ names   + - volume
",
    );
}

#[test]
fn pages_have_the_names_of_five_hundred_channels() {
    let status = big_rig(512);
    let window = Rect::new(0, 0, 80, 24);
    let pages = board::pages(&status, window);
    let mut names = Vec::new();
    for page in 1..=pages {
        let view = View { page, ..KEYS };
        let words = lines(&status, &view, 80, 24).join(" ");
        names.extend(words.split_whitespace().filter(|word| word.starts_with("pixel-")).map(str::to_owned));
    }
    assert_eq!(names, status.channels.iter().map(|channel| channel.name.clone()).collect::<Vec<_>>());
    check(
        &status,
        &View { page: pages, ..KEYS },
        (80, 24),
        "
  S T A R C O U R T                                                  ● playing

  1:12  ━━━━━━━━━━━━━━━━━━━━━━━━━╾──────────────────────────────────────  3:00
  ● bar 17.3   volume 80 % · simulated · sound card leads · real time
  chorus   line 63: 17.1 to 25.1 signs chase every 1 bar 2 wide

  ▁▁ pixel-507    sim 507  ▁▁ pixel-508    sim 508  ▁▁ pixel-509    sim 509
  ▁▁ pixel-510    sim 510  ▁▁ pixel-511    sim 511











                                                    channels 508 to 512 of 512


  space pause   q quit   ? help   b blackout   ↑ ↓ names   + - volume
",
    );
}

#[test]
fn a_large_window_has_the_names_of_five_hundred_channels_at_once() {
    let status = big_rig(512);
    assert_eq!(board::pages(&status, Rect::new(0, 0, 200, 60)), 0);
    let words = lines(&status, &KEYS, 200, 60).join(" ");
    for channel in status.channels.iter() {
        assert!(words.contains(&channel.name), "{}", channel.name);
    }
}

#[test]
fn no_rig_is_too_big() {
    for (width, height) in [(0, 0), (1, 1), (20, 8), (80, 24), (300, 100)] {
        for count in [0, 1, 4_000, u16::MAX] {
            let status = big_rig(count);
            let window = Rect::new(0, 0, width, height);
            let pages = board::pages(&status, window);
            for page in [0, 1, pages, pages + 1] {
                board::draw(&status, &View { page, ..KEYS }, Colours::All, window);
            }
        }
    }
}
