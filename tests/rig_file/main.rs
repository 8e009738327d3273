//! The rig file as a person writes it.

mod expanders;
mod mistakes;

use std::time::Duration;

use starcourt::diagnosis::Source;
use starcourt::level::Level;
use starcourt::rig::{Active, Address, ButtonOrder, Curve, Kind, Line, LockScope, Pull, Release, Rig, read};
use starcourt::time::Offset;
use starcourt::volume::VolumeChange;

/// A channel with no mistake in it, for rigs whose mistakes are elsewhere.
const NEON: &str = "[channels]\nneon = { pin = 17, kind = \"relay\" }\n";

/// Reads a rig in which nothing is wrong, nor anything to warn of.
#[track_caller]
fn rig(text: &str) -> Rig {
    let (rig, diagnoses) = read(&Source::new("rig.toml", text));
    assert!(diagnoses.is_empty(), "{diagnoses}");
    rig.expect("a rig without mistakes is read")
}

fn line(bcm: u8) -> Line {
    Line::new(bcm).expect("a line of the header")
}

#[test]
fn a_short_rig_has_defaults_for_everything_else() {
    let rig = rig(NEON);
    let neon = &rig.channels[0];
    assert_eq!((neon.name.as_str(), neon.address, neon.kind), ("neon", line(17).into(), Kind::Relay));
    assert_eq!((neon.active, neon.safe, neon.lead), (Active::High, Level::OFF, Duration::ZERO));
    assert_eq!((neon.min_on, neon.min_off), (Duration::from_millis(100), Duration::from_millis(100)));
    assert_eq!((neon.curve, neon.floor, neon.ceiling), (Curve::Cie1931, Level::OFF, Level::FULL));
    assert_eq!(
        (rig.audio.device.as_str(), rig.audio.latency, rig.audio.required),
        ("default", Offset::ZERO, false)
    );
    assert_eq!((rig.limits.on_at_once, rig.limits.flash), (None, Some(3)));
    assert_eq!((rig.pwm_frequency, rig.stop_fade), (200, Duration::ZERO));
    assert_eq!((rig.release, rig.lock), (Release::Driven, LockScope::Machine));
    assert!(rig.groups.is_empty() && rig.reserved.is_empty());
}

#[test]
fn a_rig_may_have_hundreds_of_simulated_outputs_beyond_the_header() {
    let mut text = "channels.neon = { pin = 17, kind = \"relay\" }\n".to_owned();
    for number in 0..1_000 {
        text += &format!("channels.star{number} = {{ sim = {number}, kind = \"pwm\" }}\n");
    }
    let rig = rig(&text);
    assert_eq!(rig.channels.len(), 1_001);
    assert_eq!(rig.channels[42].address, Address::Simulated(41));
    assert_eq!(rig.channel_named("star999").map(|id| id.index()), Some(1_000));
}

#[test]
fn a_channel_may_be_dimmed_by_the_chip() {
    let moon = r#"channels.moon = { pin = 12, kind = "pwm", hardware = true }"#;
    assert_eq!(rig(moon).channels[0].address, Address::PwmBlock(line(12)));
}

#[test]
fn every_key_is_read() {
    let rig = rig(r#"
        pwm_frequency = "0.4 kHz"
        stop_fade = "1.5 s"
        release = "input"
        lock = "show"
        [audio]
        device = "plughw:1"
        latency = "-20 ms"
        lead_in = "2 s"
        required = true
        [limits]
        on_at_once = 2
        flash = "off"
        [reserved]
        pins = [2, 3]
        [channels.exit]
        header = 7
        kind = "ssr"
        active = "low"
        safe = "on"
        min_on = "1 s"
        lead = "8 ms"
        [channels]
        moon = { pin = 12, kind = "pwm", curve = "linear", floor = "2.5 %", ceiling = "90 %" }
    "#);
    let (exit, moon) = (&rig.channels[0], &rig.channels[1]);
    assert_eq!(
        (exit.address, exit.kind, exit.active, exit.safe),
        (line(4).into(), Kind::Ssr, Active::Low, Level::FULL)
    );
    assert_eq!((exit.min_on, exit.min_off), (Duration::from_secs(1), Duration::ZERO));
    assert_eq!(exit.lead, Duration::from_millis(8));
    assert_eq!((moon.curve, moon.address), (Curve::Linear, line(12).into()));
    assert_eq!((moon.floor, moon.ceiling), (Level::from_hundredths(250), Level::from_percent(90)));
    assert_eq!((rig.pwm_frequency, rig.stop_fade), (400, Duration::from_millis(1_500)));
    assert_eq!((rig.release, rig.lock), (Release::Input, LockScope::Show));
    assert_eq!((rig.audio.device.as_str(), rig.audio.required), ("plughw:1", true));
    assert_eq!(rig.audio.latency, Offset::from_micros(-20_000));
    assert_eq!(rig.audio.lead_in, Duration::from_secs(2));
    assert_eq!((rig.limits.on_at_once, rig.limits.flash), (Some(2), None));
    assert_eq!(rig.reserved, [line(2), line(3)]);
}

#[test]
fn channels_keep_the_order_of_the_file_and_groups_the_order_of_their_lists() {
    let rig = rig(r#"
        [channels]
        z = { pin = 17, kind = "ssr" }
        a = { pin = 22, kind = "ssr" }
        m = { pin = 23, kind = "ssr" }
        [groups]
        pair  = ["m", "z"]
        every_one = ["a", "pair", "z"]
    "#);
    let names = |ids: &[starcourt::rig::ChannelId]| -> String {
        ids.iter().map(|id| rig.channel(*id).name.as_str()).collect()
    };
    assert_eq!(rig.channels.iter().map(|channel| channel.name.as_str()).collect::<String>(), "zam");
    assert_eq!(names(&rig.groups[0].channels), "mz");
    assert_eq!(names(&rig.groups[1].channels), "amz", "what comes in twice keeps its first place");
}

#[test]
fn a_button_has_defaults_for_all_but_its_pin_and_what_it_orders() {
    let rig = rig(&format!(
        r#"{NEON}
        [buttons]
        start = {{ header = 15, press = "play demo" }}
        loud  = {{ pin = 23, hold = "volume +5", double = "volume 40%", pull = "down", debounce = "50 ms",
                  hold_after = "2 s", key = "2" }}
    "#
    ));
    let (start, loud) = (&rig.buttons[0], &rig.buttons[1]);
    assert_eq!((start.line, start.pull, start.active), (line(22), Pull::Up, Active::Low));
    assert_eq!((start.debounce, start.hold_after), (Duration::from_millis(20), Duration::from_secs(1)));
    assert_eq!(start.orders().collect::<Vec<_>>(), [&ButtonOrder::Play("demo".into())]);
    assert_eq!((loud.line, loud.pull, loud.active), (line(23), Pull::Down, Active::High));
    assert_eq!((loud.debounce, loud.hold_after), (Duration::from_millis(50), Duration::from_secs(2)));
    assert_eq!((loud.press.as_ref(), loud.key), (None, Some('2')));
    assert_eq!(loud.hold, Some(ButtonOrder::Volume(VolumeChange::By { change: 5 })));
    assert_eq!(loud.double, Some(ButtonOrder::Volume(VolumeChange::To { percent: 40 })));
}

#[test]
fn no_text_makes_the_reader_panic() {
    let whole = include_str!("../../shows/rig.toml");
    for end in (0..whole.len()).filter(|end| whole.is_char_boundary(*end)) {
        drop(read(&Source::new("rig.toml", &whole[..end])));
        drop(read(&Source::new("rig.toml", &whole[end..])).1.to_string());
    }
}

#[test]
fn the_sample_rig_has_nothing_to_warn_of() {
    let sample = rig(include_str!("../../shows/rig.toml"));
    assert_eq!(sample.channels.len(), 12);
    for name in ["neon", "sign", "windows", "stars"] {
        assert!(sample.channel_named(name).is_some(), "{name}");
    }
    assert_eq!(sample.group_named("mall").map(|group| group.channels.len()), Some(12));
}

#[test]
fn every_rig_in_the_manual_can_be_loaded() {
    let manual = [
        include_str!("../../docs/rig.md"),
        include_str!("../../docs/network.md"),
        include_str!("../../docs/sound.md"),
    ]
    .concat();
    let blocks: Vec<&str> =
        manual.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(blocks.len() >= 16);
    for block in blocks {
        match block.contains("[channels]") {
            true => rig(block),
            false => rig(&format!("{block}\n{NEON}")),
        };
    }
}
