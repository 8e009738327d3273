//! The rig file as a person writes it: what is read, what is a mistake, what is a warning.

use std::time::Duration;

use starcourt::diagnosis::{Diagnosis, Severity, Source};
use starcourt::level::Level;
use starcourt::rig::{Active, Curve, Kind, Line, LockScope, Release, Rig, read};
use starcourt::time::Offset;

/// A channel with no mistake in it, for rigs whose mistakes are elsewhere.
const NEON: &str = "[channels]\nneon = { pin = 17, kind = \"relay\" }\n";

/// Reads a rig in which nothing is wrong, nor anything to warn of.
#[track_caller]
fn rig(text: &str) -> Rig {
    let (rig, diagnoses) = read(&Source::new("rig.toml", text));
    assert!(diagnoses.is_empty(), "{diagnoses}");
    rig.expect("a rig without mistakes is read")
}

/// Checks that the mistakes and warnings of a rig are told with these titles, in the text's order.
#[track_caller]
fn check(text: &str, titles: &[&str]) {
    let (rig, diagnoses) = read(&Source::new("rig.toml", text));
    let mut told: Vec<&Diagnosis> = diagnoses.iter().collect();
    told.sort_by_key(|diagnosis| diagnosis.span().map(|span| span.start));
    let told: Vec<&str> = told.iter().map(|diagnosis| diagnosis.title()).collect();
    assert_eq!(told, titles, "\n{diagnoses}");
    assert_eq!(rig.is_some(), diagnoses.iter().all(|diagnosis| diagnosis.severity() == Severity::Warning));
}

/// As [`check`], for a channel `x` with these keys.
#[track_caller]
fn check_channel(keys: &str, titles: &[&str]) {
    check(&format!("[channels]\nx = {{ {keys} }}\n"), titles);
}

fn line(bcm: u8) -> Line {
    Line::new(bcm).expect("a line of the header")
}

#[test]
fn a_short_rig_has_defaults_for_everything_else() {
    let rig = rig(NEON);
    let neon = &rig.channels[0];
    assert_eq!((neon.name.as_str(), neon.line, neon.kind), ("neon", line(17), Kind::Relay));
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
    assert!(rig.groups.is_empty() && rig.reserved.is_empty() && !neon.hardware);
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
        moon = { pin = 12, kind = "pwm", curve = "linear", floor = "2.5 %", ceiling = "90 %", hardware = true }
    "#);
    let (exit, moon) = (&rig.channels[0], &rig.channels[1]);
    assert_eq!(
        (exit.line, exit.kind, exit.active, exit.safe),
        (line(4), Kind::Ssr, Active::Low, Level::FULL)
    );
    assert_eq!((exit.min_on, exit.min_off), (Duration::from_secs(1), Duration::ZERO));
    assert_eq!(exit.lead, Duration::from_millis(8));
    assert_eq!((moon.curve, moon.hardware), (Curve::Linear, true));
    assert_eq!((moon.floor, moon.ceiling), (Level::from_hundredths(250), Level::from_percent(90)));
    assert_eq!((rig.pwm_frequency, rig.stop_fade), (400, Duration::from_millis(1_500)));
    assert_eq!((rig.release, rig.lock), (Release::Input, LockScope::Show));
    assert_eq!((rig.audio.device.as_str(), rig.audio.required), ("plughw:1", true));
    assert_eq!(rig.audio.latency, Offset::from_micros(-20_000));
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
fn a_channel_is_on_one_pin_of_the_header() {
    for (keys, title) in [
        (r#"kind = "ssr""#, "channel `x` has no pin"),
        (r#"kind = "ssr", pin = 4, header = 7"#, "channel `x` has both `pin` and `header`"),
        (r#"kind = "ssr", pin = 28"#, "channel `x` cannot be on pin 28"),
        (r#"kind = "ssr", pin = -1"#, "channel `x` cannot be on pin -1"),
        (r#"kind = "ssr", pin = 17.0"#, "`pin` of channel `x` must be a BCM number"),
        (r#"kind = "ssr", pin = nan"#, "`pin` of channel `x` must be a BCM number"),
        (r#"kind = "ssr", pin = 99999999999999999999"#, "`pin` of channel `x` must be a BCM number"),
        (r#"kind = "ssr", pin = "17""#, "`pin` of channel `x` must be a BCM number"),
        (r#"kind = "ssr", header = 1"#, "channel `x` cannot be on header pin 1"),
        (r#"kind = "ssr", header = 41"#, "channel `x` cannot be on header pin 41"),
    ] {
        check_channel(keys, &[title]);
    }
}

#[test]
fn a_value_out_of_bounds_or_of_the_wrong_type_is_a_mistake() {
    for (keys, title) in [
        (r#"kind = "relai""#, "`kind` of channel `x` cannot be \"relai\""),
        (r#"kind = 1"#, "`kind` of channel `x` must be \"relay\", \"ssr\" or \"pwm\""),
        (r#"kind = "ssr", active = true"#, "`active` of channel `x` must be \"high\" or \"low\""),
        (r#"kind = "ssr", safe = "50 %""#, "`safe` of channel `x` is not a level"),
        (r#"kind = "ssr", safe = 0"#, "`safe` of channel `x` must be a level"),
        (r#"kind = "ssr", min_on = "61 s""#, "`min_on` of channel `x` is out of range"),
        (r#"kind = "ssr", min_off = "-1 s""#, "`min_off` of channel `x` is not a duration"),
        (r#"kind = "ssr", lead = "101 ms""#, "`lead` of channel `x` is out of range"),
        (r#"kind = "pwm", floor = "101 %""#, "`floor` of channel `x` is not a level"),
        (r#"kind = "pwm", curve = "gamma""#, "`curve` of channel `x` cannot be \"gamma\""),
        (r#"kind = "pwm", hardware = "yes""#, "`hardware` of channel `x` must be true or false"),
        (r#"kind = "pwm", hardwear = true"#, "no key is called `hardwear` of channel `x`"),
        (
            r#"kind = "pwm", floor = "60 %", ceiling = "60 %""#,
            "channel `x` has no levels left between its floor and its ceiling",
        ),
    ] {
        check_channel(&format!("pin = 17, {keys}"), &[title]);
    }
    check_channel("pin = 17", &["channel `x` has no kind"]);
}

#[test]
fn the_rest_of_the_file_is_checked_likewise() {
    for (text, title) in [
        ("pwm_frequency = \"49 Hz\"", "`pwm_frequency` is out of range"),
        ("pwm_frequency = \"2 kHz\"", "`pwm_frequency` is out of range"),
        ("stop_fade = \"31 s\"", "`stop_fade` is out of range"),
        ("release = \"off\"", "`release` cannot be \"off\""),
        ("lock = []", "`lock` must be \"machine\" or \"show\""),
        ("audio = \"default\"", "`audio` must be a table"),
        ("audio.device = \" \"", "`device` under `[audio]` is empty"),
        ("audio.latency = \"2.1 s\"", "`latency` under `[audio]` is out of range"),
        ("audio.required = 1", "`required` under `[audio]` must be true or false"),
        ("limits.flash = \"0 Hz\"", "`flash` under `[limits]` is not a frequency or \"off\""),
        ("limits.flash = \"51 Hz\"", "`flash` under `[limits]` is out of range"),
        ("limits.on_at_once = 0", "`on_at_once` under `[limits]` must let at least one channel be lit"),
        ("limits.on_at_once = -4", "`on_at_once` under `[limits]` must let at least one channel be lit"),
        ("reserved.pins = 3", "`pins` under `[reserved]` must be a list of BCM numbers"),
        ("reserved.pins = [28]", "`pins` under `[reserved]` lists BCM numbers only"),
        ("reserved.pin = [2]", "no key is called `pin` under `[reserved]`"),
        ("[chanels]", "no key is called `chanels`"),
    ] {
        check(&format!("{text}\n{NEON}"), &[title]);
    }
}

#[test]
fn a_line_is_used_once() {
    let two = |a: &str, b: &str| format!("[channels]\na = {{ {a} }}\nb = {{ {b} }}\n");
    check(
        &two(r#"pin = 17, kind = "ssr""#, r#"header = 11, kind = "pwm""#),
        &["`b` is on GPIO 17, where `a` is already"],
    );
    check(
        &two(r#"pin = 12, kind = "pwm", hardware = true"#, r#"pin = 18, kind = "pwm", hardware = true"#),
        &["`b` and `a` share one channel of the PWM block"],
    );
    rig(&two(r#"pin = 12, kind = "pwm", hardware = true"#, r#"pin = 18, kind = "pwm""#));
    check(&format!("reserved.pins = [17]\n{NEON}"), &["`neon` is on GPIO 17, which is reserved"]);
}

#[test]
fn a_kind_has_only_the_keys_that_mean_something_to_it() {
    check_channel(
        r#"pin = 17, kind = "relay", floor = "5 %", hardware = false"#,
        &["`floor` means nothing to `x`, of kind relay", "`hardware` means nothing to `x`, of kind relay"],
    );
    check_channel(
        r#"pin = 17, kind = "pwm", min_on = "1 s""#,
        &["`min_on` means nothing to `x`, of kind pwm"],
    );
    check_channel(
        r#"pin = 17, kind = "pwm", hardware = true"#,
        &["the chip's PWM block does not reach GPIO 17, where `x` is"],
    );
}

#[test]
fn a_group_lists_channels_and_groups_above_it_once() {
    for (groups, titles) in [
        ("g = []", vec!["group `g` is empty"]),
        ("g = \"neon\"", vec!["group `g` must be a list of names"]),
        ("g = [17]", vec!["group `g` lists names only"]),
        ("g = [\"noen\"]", vec!["no channel or group `noen`"]),
        ("g = [\"neon\", \"neon\"]", vec!["`neon` is in group `g` twice"]),
        ("g = [\"g\"]", vec!["group `g` contains itself"]),
        ("g = [\"k\"]\nk = [\"g\"]", vec!["group `k` comes only after `g`"]),
        ("neon = [\"neon\"]", vec!["`neon` is both a channel and a group"]),
        ("on = [\"neon\"]", vec!["`on` cannot be the name of a group"]),
    ] {
        check(&format!("{NEON}[groups]\n{groups}\n"), &titles);
    }
}

#[test]
fn a_channel_with_a_mistake_is_still_known_to_groups() {
    check(
        "[channels]\nx = { pin = 99, kind = \"ssr\" }\n[groups]\ng = [\"x\"]\n",
        &["channel `x` cannot be on pin 99"],
    );
}

#[test]
fn names_are_small_and_not_words_of_the_cue_sheet() {
    for name in ["Neon", "1st", "\"two words\"", "beat", "all", "ease-in"] {
        let bare = name.trim_matches('"');
        let title = format!("`{bare}` cannot be the name of a channel");
        check(&format!("[channels]\n{name} = {{ pin = 17, kind = \"ssr\" }}\n"), &[&title]);
    }
}

#[test]
fn a_rig_has_1_to_28_channels() {
    check("", &["the rig has no channels"]);
    check("[channels]\n", &["the rig has no channels"]);
    let many: String = (0..400).map(|i| format!("c{i} = {{ pin = 4, kind = \"pwm\" }}\n")).collect();
    let (none, diagnoses) = read(&Source::new("rig.toml", format!("[channels]\n{many}")));
    assert!(none.is_none());
    assert!(diagnoses.iter().any(|d| d.title() == "400 channels are more than the header has lines"));
}

#[test]
fn what_does_harm_is_a_warning() {
    for (keys, titles) in [
        (r#"pin = 17, kind = "relay", active = "low""#, vec!["`x` may light up while the Pi boots"]),
        (r#"pin = 8, kind = "relay""#, vec!["`x` may light up while the Pi boots"]),
        (r#"pin = 8, kind = "relay", active = "low""#, vec![]),
        (r#"pin = 17, kind = "relay", active = "low", safe = "100 %""#, vec![]),
        (r#"pin = 1, kind = "ssr", active = "low""#, vec!["`x` is on GPIO 1, which flickers at boot"]),
        (
            r#"pin = 17, kind = "relay", min_on = "10 ms", min_off = "49 ms""#,
            vec!["`x` may switch faster than a relay can follow"; 2],
        ),
        (r#"pin = 17, kind = "ssr", min_on = "10 ms""#, vec![]),
        (r#"pin = 17, kind = "pwm", lead = "8 ms""#, vec!["a lead makes a dimmed light come too early"]),
    ] {
        check_channel(keys, &titles);
    }
}

#[test]
fn fast_dimming_is_a_warning_only_where_software_dims() {
    let fast =
        |channel: &str| format!("pwm_frequency = \"800 Hz\"\nchannels.x = {{ pin = 12, {channel} }}\n");
    check(&fast(r#"kind = "pwm""#), &["dimming at 800 Hz costs much of a processor core"]);
    check(&fast(r#"kind = "pwm", hardware = true"#), &[]);
    check(&fast(r#"kind = "ssr""#), &[]);
}

#[test]
fn every_mistake_of_a_file_is_told_at_once() {
    check(
        r#"
lock = "moon"
[channels]
neon = { pin = 17, kind = "rely" }
sign = { pin = 17, kind = "ssr" }
[groups]
mall = ["neon", "sing"]
[limits]
flash = 3
        "#,
        &[
            "`lock` cannot be \"moon\"",
            "`kind` of channel `neon` cannot be \"rely\"",
            "`sign` is on GPIO 17, where `neon` is already",
            "no channel or group `sing`",
            "`flash` under `[limits]` must be a frequency or \"off\"",
        ],
    );
}

#[test]
fn a_line_that_is_not_toml_is_told_together_with_mistakes_elsewhere_but_only_once() {
    check(
        "[channels]\na = { pin = 99, kind = ssr }\nb = { pin = 99, kind = \"ssr\" }\n",
        &["this cannot be read", "channel `b` cannot be on pin 99"],
    );
    check(&format!("{NEON}neon = {{ pin = 4, kind = \"pwm\" }}\n"), &["`neon` stands here twice"]);
    check("[channels\n", &["this cannot be read"]);
}

#[test]
fn a_mistake_shows_its_place_and_its_mend() {
    let text =
        "[channels]\nneon = { pin = 17, kind = \"relay\" }\n\n\nsign = { pin = 17, kind = \"relya\" }\n";
    let (_, diagnoses) = read(&Source::new("rig.toml", text));
    let expected = "\
error: `sign` is on GPIO 17, where `neon` is already
 --> rig.toml:5:16
  |
2 | neon = { pin = 17, kind = \"relay\" }
  |                -- GPIO 17 is taken here
...
5 | sign = { pin = 17, kind = \"relya\" }
  |                ^^ again

error: `kind` of channel `sign` cannot be \"relya\"
 --> rig.toml:5:27
  |
5 | sign = { pin = 17, kind = \"relya\" }
  |                           ^^^^^^^ expected \"relay\", \"ssr\" or \"pwm\"
  |
  = help: did you mean `relay`?";
    assert_eq!(diagnoses.to_string(), expected);
}

#[test]
fn a_key_of_the_files_top_that_slipped_into_a_table_is_sent_home() {
    let (_, diagnoses) = read(&Source::new("rig.toml", format!("[audio]\nlock = \"show\"\n{NEON}")));
    assert!(diagnoses.to_string().contains("`lock` belongs at the top of the file"), "{diagnoses}");
}

#[test]
fn no_text_makes_the_reader_panic() {
    let whole = include_str!("../shows/rig.toml");
    for end in (0..whole.len()).filter(|end| whole.is_char_boundary(*end)) {
        drop(read(&Source::new("rig.toml", &whole[..end])));
        drop(read(&Source::new("rig.toml", &whole[end..])).1.to_string());
    }
}

#[test]
fn the_sample_rig_has_nothing_to_warn_of() {
    let sample = rig(include_str!("../shows/rig.toml"));
    assert_eq!(sample.channels.len(), 12);
    for name in ["neon", "sign", "windows", "stars"] {
        assert!(sample.channel_named(name).is_some(), "{name}");
    }
    assert_eq!(sample.group_named("mall").map(|group| group.channels.len()), Some(12));
}

#[test]
fn every_rig_in_the_manual_can_be_loaded() {
    let manual = include_str!("../docs/rig.md");
    let blocks: Vec<&str> =
        manual.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(blocks.len() >= 8);
    for block in blocks {
        match block.contains("[channels]") {
            true => rig(block),
            false => rig(&format!("{block}\n{NEON}")),
        };
    }
}
