//! What is a mistake in a rig file, what is a warning, and how they are told.

use starcourt::diagnosis::{Diagnosis, Severity, Source};
use starcourt::rig::read;

use super::{NEON, rig};

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
        (r#"kind = "ssr", safe = "50 %""#, "`safe` of channel `x` must be a level"),
        (r#"kind = "ssr", safe = 0"#, "`safe` of channel `x` must be a level"),
        (r#"kind = "ssr", min_on = "61 s""#, "`min_on` of channel `x` is out of range"),
        (r#"kind = "ssr", min_off = "-1 s""#, "`min_off` of channel `x` must be a duration"),
        (r#"kind = "ssr", lead = "101 ms""#, "`lead` of channel `x` is out of range"),
        (r#"kind = "pwm", floor = "101 %""#, "`floor` of channel `x` must be a level"),
        (r#"kind = "pwm", curve = "gamma""#, "`curve` of channel `x` cannot be \"gamma\""),
        (r#"kind = "pwm", hardware = "yes""#, "`hardware` of channel `x` must be true or false"),
        (r#"kind = "pwm", hardwear = true"#, "no key is called `hardwear` of channel `x`"),
        (
            r#"kind = "pwm", floor = "60 %", ceiling = "60 %""#,
            "channel `x` has no levels left between its floor and its ceiling",
        ),
        (
            r#"kind = "pwm", safe = "100 %", ceiling = "60 %""#,
            "channel `x` would be lit above its ceiling while no show plays",
        ),
    ] {
        check_channel(&format!("pin = 17, {keys}"), &[title]);
    }
    check_channel("pin = 17", &["channel `x` has no kind"]);
}

#[test]
fn a_rig_of_more_channels_than_can_be_numbered_is_refused() {
    let channels: String = (0..65_600).map(|number| format!("c{number}={{}}\n")).collect();
    let text = format!("[channels]\n{channels}[groups]\nall = [\"c65599\"]\n");
    let (rig, told) = read(&Source::new("rig.toml", text));
    assert!(rig.is_none() && !told.is_empty());
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
        ("limits.flash = \"0 Hz\"", "`flash` under `[limits]` must be a frequency or \"off\""),
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
    check(
        r#"release = "input"
           channels.moon = { pin = 12, kind = "pwm", hardware = true }"#,
        &["`moon` cannot become an input after a show: the PWM block keeps its pin"],
    );
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
        (r#"pin = 17, kind = "relay", active = "low", resistor = "up""#, vec![]),
        (r#"pin = 17, kind = "ssr", resistor = "up""#, vec!["`x` may light up while the Pi boots"]),
        (r#"pin = 5, kind = "ssr", resistor = "down""#, vec![]),
        // The board's own resistor is stronger.
        (r#"pin = 3, kind = "ssr", resistor = "down""#, vec!["`x` may light up while the Pi boots"]),
        (r#"pin = 1, kind = "ssr", active = "low""#, vec!["`x` is on GPIO 1, which flickers at boot"]),
        (r#"pin = 1, kind = "pwm""#, vec!["`x` is on GPIO 1, which flickers at boot"]),
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
        &["`ssr` needs quotes", "channel `b` cannot be on pin 99"],
    );
    check(&format!("{NEON}neon = {{ pin = 4, kind = \"pwm\" }}\n"), &["`neon` is here twice"]);
    check("[channels\n", &["a `]` is missing after `channels`"]);
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
    assert!(diagnoses.to_string().contains("move `lock` to the top of the file"), "{diagnoses}");
}

/// As [`check`], for a button `x` with these keys.
#[track_caller]
fn check_button(keys: &str, titles: &[&str]) {
    check(&format!("{NEON}[buttons]\nx = {{ {keys} }}\n"), titles);
}

#[test]
fn a_button_has_a_pin_of_its_own_and_something_to_order() {
    for (keys, title) in [
        (r#"press = "next""#, "button `x` has no pin"),
        (r#"pin = 4, header = 7, press = "next""#, "button `x` has both `pin` and `header`"),
        (r#"pin = 17, press = "next""#, "button `x` is on GPIO 17, where `neon` is already"),
        (r#"pin = 22"#, "button `x` does nothing"),
        (r#"pin = 22, press = "dance""#, "button `x` cannot order \"dance\""),
        (r#"pin = 22, press = "play""#, "button `x` cannot order \"play\""),
        (r#"pin = 22, hold = "volume 400""#, "button `x` cannot order \"volume 400\""),
        (r#"pin = 22, double = "next demo""#, "button `x` cannot order \"next demo\""),
        (r#"pin = 22, press = 1"#, "`press` of button `x` must be an order"),
        (r#"pin = 22, press = "next", pull = "left""#, "`pull` of button `x` cannot be \"left\""),
        (r#"pin = 22, press = "next", debounce = "1 ms""#, "`debounce` of button `x` is out of range"),
        (r#"pin = 22, press = "next", hold_after = "1 min""#, "`hold_after` of button `x` is out of range"),
        (r#"pin = 22, press = "next", key = "q""#, "\"q\" cannot be the key of button `x`"),
        (r#"pin = 22, press = "next", key = "F1""#, "\"F1\" cannot be the key of button `x`"),
        (r#"pin = 22, pres = "next", hold = "stop""#, "no key is called `pres` of button `x`"),
        (
            r#"pin = 22, press = "next", active = "high""#,
            "button `x` always looks pressed: its `pull` is the level at which it is pressed",
        ),
    ] {
        check_button(keys, &[title]);
    }
}

#[test]
fn two_buttons_share_neither_a_pin_nor_a_key() {
    let buttons = r#"
        [buttons]
        a = { pin = 22, press = "next", key = "1" }
        b = { header = 15, press = "stop", key = "1" }
        c = { pin = 2, press = "stop" }
        [reserved]
        pins = [2]
    "#;
    check(
        &format!("{NEON}{buttons}"),
        &[
            "button `b` is on GPIO 22, where `a` is already",
            "buttons `a` and `b` have the same key \"1\"",
            "button `c` is on GPIO 2, which is reserved",
        ],
    );
}

#[test]
fn lines_of_carriage_returns_alone_are_a_mistake_like_any_other() {
    for text in
        ["\r\r\r", "[channels]\n\r\r\nx = { pin = 4, kind = \"ssr\" }\n", "lock = \"\n[channels]\n\r\r\r\r\r"]
    {
        let (rig, told) = read(&Source::new("rig.toml", text));
        assert!(rig.is_none() && told.errors() > 0, "{text:?}");
    }
}
