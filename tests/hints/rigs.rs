//! The hints of rig files.

use starcourt::diagnosis::Source;

use super::Tried;

/// Keys of a channel `x` on pin 17.
const CHANNELS: [&str; 17] = [
    r#"pin = "GPIO18", kind = "relay""#,
    r#"pin = "17", kind = "relay""#,
    r#"pin = 17.0, kind = "relay""#,
    r#"header = "pin 11", kind = "relay""#,
    r#"pin = 40, kind = "relay""#,
    r#"pin = 17, kind = "relai""#,
    r#"pin = 17, kind = "RELAY""#,
    r#"pin = 17, kind = 1"#,
    r#"pin = 17, kind = "relay", active = false"#,
    r#"pin = 17, kind = "relay", active = "Low""#,
    r#"pin = 17, kind = "relay", min_on = 200"#,
    r#"pin = 17, kind = "relay", min_on = "0,5 s""#,
    r#"pin = 17, kind = "relay", min_off = "200""#,
    r#"pin = 17, kind = "pwm", floor = 5"#,
    r#"pin = 17, kind = "pwm", ceiling = "90""#,
    r#"pin = 18, kind = "pwm", hardware = "yes""#,
    r#"pin = 18, kind = "pwm", hardwear = true"#,
];

/// What stands above the channels, or below them.
const REST: [&str; 22] = [
    "pwm_frequency = 200\n",
    "pwm_frequency = \"200\"\n",
    "stop_fade = 2\n",
    "release = \"driven\"\nlock = \"Show\"\n",
    "relase = \"driven\"\n",
    "release = \"drivn\"\n",
    "audio.device = 5\n",
    "audio.latency = 120\n",
    "audio.latencyy = \"120 ms\"\n",
    "audio.required = \"true\"\n",
    "limits.on_at_once = \"6\"\n",
    "limits.flash = 3\n",
    "reserved.pins = 3\n",
    "groups.mall = \"neon\"\n",
    "groups.mall = \"neon, sign\"\n",
    "groups.mall = [\"noen\"]\n",
    "buttons.go = { pin = 22, press = \"stpo\" }\n",
    "buttons.go = { pin = 22, press = \"paly demo\" }\n",
    "buttons.go = { pin = 22, press = \"stop now\" }\n",
    "buttons.go = { pin = \"GPIO 22\", press = \"stop\" }\n",
    "buttons.go = { pin = 22, press = \"stop\", key = 1 }\n",
    "buttons.go = { pin = 22, press = \"stop\", hold_after = 2 }\n",
];

const WHOLE: [&str; 3] = [
    "[channels]\n\"Food Court\" = { pin = 17, kind = \"ssr\" }\n",
    "[channels]\nall = { pin = 17, kind = \"ssr\" }\n",
    "release = \"input\"\n[channels]\nmoon = { pin = 18, kind = \"pwm\", hardware = true }\n",
];

pub(super) fn try_all(tried: &mut Tried) {
    let read = |text: &str| starcourt::rig::read(&Source::new("rig.toml", text)).1;
    for keys in CHANNELS {
        tried.hints(&format!("[channels]\nx = {{ {keys} }}\n"), &read);
    }
    tried.hints("[channels]\nx = { pin = 17, kind = \"ssr\", resistor = \"Down\" }\n", &read);
    let channels = "[channels]\nneon = { pin = 17, kind = \"ssr\" }\nsign = { pin = 27, kind = \"ssr\" }\n";
    for lines in REST.into_iter().filter(|lines| !lines.starts_with("release = \"driven\"")) {
        tried.hints(&format!("{lines}{channels}"), &read);
    }
    for text in WHOLE {
        tried.hints(text, &read);
    }
}
