//! The hints of rig files.

use starcourt::diagnosis::Source;

use super::Tried;

/// Keys of a channel `x` on pin 17.
const CHANNELS: &[&str] = &[
    r#"pin = "GPIO18", kind = "relay""#,
    r#"pin = "17", kind = "relay""#,
    r#"pin = 17.0, kind = "relay""#,
    r#"pin = true, kind = "relay""#,
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
    r#"pin = 17, kind = "relay", min_on = 150"#,
    r#"pin = 17, kind = "relay", min_on = "20 ms""#,
    r#"pin = 17, kind = "relay", min_off = true"#,
    r#"pin = 17, kind = "relay", lead = 8"#,
    r#"pin = 17, kind = "relay", safe = 100"#,
    r#"pin = 17, kind = "relay", curve = "linear""#,
    r#"pin = 17, kind = "pwm", ceiling = 80"#,
    r#"pin = 17, kind = "pwm", ceiling = 0.8"#,
    r#"pin = 17, kind = "pwm", curve = "lineer""#,
    r#"pin = 17, kind = "pwm", lead = "8 ms""#,
    r#"pin = 17, kind = "pwm", safe = "100 %", ceiling = "60 %""#,
    r#"pin = 17, kind = "pwm", hardware = true"#,
    r#"pin = 17, kind = "LED""#,
    r#"gpio = 17, kind = "ssr""#,
    r#"sim = "4", kind = "ssr""#,
    r#"sim = 41, pin = 4, kind = "ssr""#,
    r#"pin = 17, header = 11, kind = "ssr""#,
    r#"pin = 17"#,
    r#"kind = "ssr""#,
    "",
    r#"pin = 17 kind = "ssr""#,
    r#"pin = 17, kind = ssr"#,
    r#"pin: 17, kind: "ssr""#,
];

/// What stands above the channels, or below them.
const REST: &[&str] = &[
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
    "buttons.go = { pin = 22, press = \"stop\", debounce = 20 }\n",
    "buttons.go = { pin = 22, press = \"stop\", key = \"q\" }\n",
    "buttons.go = { pin = 22, press = \"stop\", pull = \"pullup\" }\n",
    "buttons.go = { pin = 22, press = \"stop\", active = \"high\" }\n",
    "buttons.go = { pin = 22, press = \"skip\" }\n",
    "buttons.go = { pin = 22, press = \"play Demo\" }\n",
    "buttons.go = { pin = 22, hold = 5 }\n",
    "buttons.go = { pin = 22, double = 5 }\n",
    "buttons.go = { pin = 22, press = 5 }\n",
    "buttons.go = { pin = 22 }\n",
    "buttons.go = 22\n",
    "audio.lead_in = 2\n",
    "audio.latency = -20\n",
    "pwm_frequency = \"800 Hz\"\nchannels.moon = { pin = 12, kind = \"pwm\" }\n",
    "reserved.pins = \"2 and 3\"\n",
    "lock = show\n",
    "stop_fade = 2 s\n",
    "groups.mall = 5\n",
    "groups.mall = []\n",
    "groups.mall = [5]\n",
    "groups.mall = [\"neon\", \"sign\", \"neon\"]\n",
    "groups.mall = [\"neon\", \"mall\"]\n",
    "groups.mall = [neon, sign]\n",
];

/// Rigs before and after a person's work.
const BY_HAND: &[(&str, &str)] = &[
    ("", "[channels]\nneon = { pin = 17, kind = \"ssr\" }\n"),
    (
        "[channels]\nneon = { pin = 17, kind = \"ssr\" }\nneon = { pin = 27, kind = \"ssr\" }\n",
        "[channels]\nneon = { pin = 17, kind = \"ssr\" }\n",
    ),
    (
        "audio = \"default\"\n[channels]\nneon = { pin = 17, kind = \"ssr\" }\n",
        "[audio]\ndevice = \"default\"\n[channels]\nneon = { pin = 17, kind = \"ssr\" }\n",
    ),
    (
        "[audio]\nlock = \"show\"\n[channels]\nneon = { pin = 17, kind = \"ssr\" }\n",
        "lock = \"show\"\n[audio]\n[channels]\nneon = { pin = 17, kind = \"ssr\" }\n",
    ),
    (
        "[channels]\nneon = { pin = 17, kind = \"ssr\", watts = 60 }\n",
        "[channels]\nneon = { pin = 17, kind = \"ssr\" }\n",
    ),
    (
        "[channels]\nneon = { pin = 17, kind = \"ssr\" }\n[groups]\nneon = [\"neon\"]\n",
        "[channels]\nneon = { pin = 17, kind = \"ssr\" }\n[groups]\nsigns = [\"neon\"]\n",
    ),
    (
        "[channels]\nneon = { pin = 17, kind = \"ssr\" }\n[groups]\na = [\"b\"]\nb = [\"neon\"]\n",
        "[channels]\nneon = { pin = 17, kind = \"ssr\" }\n[groups]\nb = [\"neon\"]\na = [\"b\"]\n",
    ),
    ("[channels]\nneon = { pin = 8, kind = \"ssr\" }\n", "[channels]\nneon = { pin = 9, kind = \"ssr\" }\n"),
    (
        "[channels]\nneon = { pin = 1, kind = \"ssr\", active = \"low\" }\n",
        "[channels]\nneon = { pin = 4, kind = \"ssr\", active = \"low\" }\n",
    ),
    ("[channels]\ntree = { pin = 1, kind = \"pwm\" }\n", "[channels]\ntree = { pin = 9, kind = \"pwm\" }\n"),
    (
        "[channels]\na = { pin = 12, kind = \"pwm\", hardware = true }\nb = { pin = 18, kind = \"pwm\", hardware = true }\n",
        "[channels]\na = { pin = 12, kind = \"pwm\", hardware = true }\nb = { pin = 18, kind = \"pwm\" }\n",
    ),
    (
        "[channels]\nneon = { pin = 17, kind = \"ssr\" }\n[reserved]\npins = [17]\n",
        "[channels]\nneon = { pin = 27, kind = \"ssr\" }\n[reserved]\npins = [17]\n",
    ),
    (
        "[channels]\nneon = { pin = 17, kind = \"ssr\" }\n[buttons]\na = { pin = 22, press = \"next\", key = \"1\" }\n\
         b = { pin = 23, press = \"stop\", key = \"1\" }\n",
        "[channels]\nneon = { pin = 17, kind = \"ssr\" }\n[buttons]\na = { pin = 22, press = \"next\", key = \"1\" }\n\
         b = { pin = 23, press = \"stop\", key = \"2\" }\n",
    ),
];

const WHOLE: &[&str] = &[
    "[channels]\n\"Food Court\" = { pin = 17, kind = \"ssr\" }\n",
    "[channels]\nall = { pin = 17, kind = \"ssr\" }\n",
    "[channels]\nporch = 17\n",
    "[channel]\nporch = { pin = 17, kind = \"ssr\" }\n",
    "[channels\nporch = { pin = 17, kind = \"ssr\" }\n",
    "[channels]\nporch { pin = 17, kind = \"ssr\" }\n",
    "[channels]\nMy Porch = { pin = 17, kind = \"ssr\" }\n",
    "[channels]\nporch = { pin = 17; kind = \"ssr\" }\n",
    "[channels]\nPorch = { pin = 17, kind = \"ssr\" }\n[groups]\nfront = [\"porch\"]\n",
    "release = \"input\"\n[channels]\nmoon = { pin = 18, kind = \"pwm\", hardware = true }\n",
];

/// Expanders and channels below them.
const EXPANDERS: &[(&str, &str)] = &[
    ("board = { data = 10, clock = 11, latch = 8, oe = 25 }", ""),
    ("board = { chip = \"595\", data = 10, clock = 11, latch = 8, oe = 25 }", ""),
    ("board = { chip = 74595, data = 10, clock = 11, latch = 8, oe = 25 }", ""),
    ("board = { chip = \"74hc595\" }", ""),
    ("board = { chip = \"74hc595\", data = \"10\", clock = \"GPIO 11\", latch = 8.0, oe = true }", ""),
    ("board = { chip = \"74hc595\", data = 10, clock = 11, latch = 8, oe = 25, chained = \"4\" }", ""),
    ("board = { chip = \"74hc595\", data = 10, clock = 11, latch = 8, oe = 25, chaind = 4 }", ""),
    ("board = 10", ""),
    (CHAIN, "x = { out = \"bord.3\", kind = \"ssr\" }"),
    (CHAIN, "x = { out = \"board.8\", kind = \"ssr\" }"),
    (CHAIN, "x = { out = \"board\", kind = \"ssr\" }"),
    (CHAIN, "x = { out = 3, kind = \"ssr\" }"),
    (CHAIN, "x = { out = \"board.3\", pin = 4, kind = \"ssr\" }"),
    (CHAIN, "x = { out = \"board.3\", kind = \"pwm\" }"),
    (CHAIN, "x = { out = \"board.3\", kind = \"ssr\", resistor = \"up\" }"),
    ("roof = { chip = \"mcp23017\" }", ""),
    ("roof = { chip = \"mcp23017\", address = \"0x20\" }", ""),
    ("roof = { chip = \"mcp23017\", address = true }", ""),
    ("roof = { chip = \"mcp23017\", address = 20 }", ""),
    ("roof = { chip = \"pcf8574a\", bus = \"1\", address = 0x38 }", ""),
    ("roof = { chip = \"pcf8574\", bus = \"1\", address = 0x38 }", ""),
    ("roof = { chip = \"pcf8574\", bus = 32, address = 0x38 }", ""),
    ("roof = { chip = \"pca9685\", adress = 0x40 }", ""),
    ("roof = { chip = \"pca9685\", address = 0x40, frequency = 1000 }", ""),
    ("roof = { chip = \"pcf8574\", bus = \"/dev/i2c-3\", address = 0x38 }", ""),
    ("roof = { chip = \"pca9685\", address = 0x40, pwm_frequency = \"1 kHz\" }", ""),
    ("roof = { address = 0x38 }", ""),
    ("roof = { chip = \"pcf8574\", address = 38 }", ""),
    ("roof = { chip = \"pca9685\", address = \"41\" }", ""),
    (
        "board = { chip = \"74hc595\", data = { header = 19 }, clock = \"header 23\", latch = 36, oe = 25 }",
        "",
    ),
    (CHIP, "x = { out = \"roof.A-3\", kind = \"ssr\" }"),
    (CHIP, "x = { out = \"A3\", kind = \"ssr\" }"),
    (CHAIN, "x = { out = 3, kind = \"ssr\" }"),
    (CHIP, "x = { out = \"roof.3\", kind = \"ssr\" }"),
    (CHIP, "x = { out = \"rof.A3\", kind = \"ssr\" }"),
    (CHIP, "x = { out = \"roof.A3\", kind = \"pwm\" }"),
];

const CHAIN: &str = "board = { chip = \"74hc595\", data = 10, clock = 11, latch = 8, oe = 25 }";

const CHIP: &str = "roof = { chip = \"mcp23017\", address = 0x20 }";

/// Rigs with expanders before and after a person's work.
const EXPANDERS_BY_HAND: &[(&str, &str)] = &[
    (
        "[expanders]\nroof = { address = 0x3 }\n[channels]\nx = { pin = 17, kind = \"ssr\" }\n",
        "[expanders]\nroof = { chip = \"mcp23017\", address = 0x20 }\n[channels]\nx = { pin = 17, kind = \"ssr\" }\n",
    ),
    (
        "[expanders]\nroof = { chip = \"mcp23s17\", address = 0x20 }\n[channels]\nx = { pin = 17, kind = \"ssr\" }\n",
        "[expanders]\nroof = { chip = \"mcp23017\", address = 0x20 }\n[channels]\nx = { pin = 17, kind = \"ssr\" }\n",
    ),
    (
        "[expanders]\nroof = { chip = \"mcp23017\", address = 0x20 }\n[channels]\nx = { pin = 2, kind = \"ssr\", active = \"low\" }\n",
        "[expanders]\nroof = { chip = \"mcp23017\", address = 0x20 }\n[channels]\nx = { pin = 4, kind = \"ssr\", active = \"low\" }\n",
    ),
    (
        "[expanders]\nroof = { chip = \"mcp23017\", address = 0x20 }\n[channels]\nx = { out = \"GPIO 17\", kind = \"ssr\" }\n",
        "[expanders]\nroof = { chip = \"mcp23017\", address = 0x20 }\n[channels]\nx = { pin = 17, kind = \"ssr\" }\n",
    ),
    (
        "[channels]\nx = { out = \"roof.3\", kind = \"ssr\" }\n",
        "[expanders]\nroof = { chip = \"74hc595\", data = 10, clock = 11, latch = 8, oe = 25 }\n\
         [channels]\nx = { out = \"roof.3\", kind = \"ssr\" }\n",
    ),
    (
        "[expanders]\nroof = { chip = \"74hc595\", data = 10, clock = 11, latch = 8 }\n\
         [channels]\nx = { out = \"roof.3\", kind = \"ssr\" }\n",
        "[expanders]\nroof = { chip = \"74hc595\", data = 10, clock = 11, latch = 8, oe = 25 }\n\
         [channels]\nx = { out = \"roof.3\", kind = \"ssr\" }\n",
    ),
    (
        "[expanders]\nroof = { chip = \"mcp23017\", address = 0x20 }\nshed = { chip = \"pcf8574\", address = 0x20 }\n\
         [channels]\nx = { out = \"roof.A3\", kind = \"ssr\" }\n",
        "[expanders]\nroof = { chip = \"mcp23017\", address = 0x20 }\nshed = { chip = \"pcf8574\", address = 0x21 }\n\
         [channels]\nx = { out = \"roof.A3\", kind = \"ssr\" }\n",
    ),
    (
        "[expanders]\nshed = { chip = \"pcf8574\", address = 0x20 }\n\
         [channels]\nx = { out = \"shed.3\", kind = \"ssr\" }\n",
        "[expanders]\nshed = { chip = \"pcf8574\", address = 0x20 }\n\
         [channels]\nx = { out = \"shed.3\", kind = \"ssr\", active = \"low\" }\n",
    ),
    (
        "[expanders]\nshop = { chip = \"pca9685\", address = 0x40 }\n\
         [channels]\nx = { out = \"shop.3\", kind = \"pwm\", active = \"low\" }\n",
        "[expanders]\nshop = { chip = \"pca9685\", address = 0x40 }\n\
         [channels]\nx = { out = \"shop.3\", kind = \"pwm\" }\n",
    ),
    (
        "[expanders]\nshop = { chip = \"pca9685\", address = 0x40 }\n\
         [channels]\nx = { out = \"shop.3\", kind = \"ssr\" }\n",
        "[expanders]\nshop = { chip = \"pca9685\", address = 0x40 }\n\
         [channels]\nx = { out = \"shop.3\", kind = \"pwm\" }\n",
    ),
];

pub(super) fn try_all(tried: &mut Tried) {
    let read = |text: &str| starcourt::rig::read(&Source::new("rig.toml", text)).1;
    for keys in CHANNELS {
        tried.hints(&format!("[channels]\nx = {{ {keys} }}\n"), &read);
    }
    tried.hints("[channels]\nx = { pin = 17, kind = \"ssr\", resistor = \"Down\" }\n", &read);
    let channels = "[channels]\nneon = { pin = 17, kind = \"ssr\" }\nsign = { pin = 27, kind = \"ssr\" }\n";
    for lines in REST {
        tried.hints(&format!("{lines}{channels}"), &read);
    }
    for text in WHOLE {
        tried.hints(text, &read);
    }
    for (expanders, channel) in EXPANDERS {
        let text = format!(
            "[expanders]\n{expanders}\n[channels]\nneon = {{ pin = 17, kind = \"ssr\" }}\n{channel}\n"
        );
        tried.hints(&text, &read);
    }
    let chained = "x = { out = \"board.3\", kind = \"ssr\" }";
    tried.hints(&format!("release = \"input\"\n[expanders]\n{CHAIN}\n[channels]\n{chained}\n"), &read);
    for case in EXPANDERS_BY_HAND {
        tried.by_hand(*case, &read);
    }
    for case in BY_HAND {
        tried.by_hand(*case, &read);
    }
}
