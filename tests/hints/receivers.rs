//! The hints of rig files with lights on the network.

use starcourt::diagnosis::Source;

use super::Tried;

const WLED: &str = "wled = { ddp = \"192.0.2.7\" }";
const STAGE: &str = "stage = { sacn = 5 }";

/// Receivers and channels below them.
const RECEIVERS: &[(&str, &str)] = &[
    ("wled = \"192.0.2.7\"", ""),
    ("wled = 7", ""),
    ("wled = {}", ""),
    ("wled = { delay = \"5 ms\" }", ""),
    ("wled = { ddp = 7 }", ""),
    ("wled = { ddp = \"http://wled.local/\" }", ""),
    ("wled = { ddp = \"192.0.2.7:4048\" }", ""),
    ("wled = { ddp = \"the porch\" }", ""),
    ("wled = { ddp = \"192.0.2.300\" }", ""),
    ("wled = { ddp = \"255.255.255.255\" }", ""),
    ("wled = { ip = \"192.0.2.7\" }", ""),
    ("wled = { ddp = \"192.0.2.7\", sacn = 5 }", ""),
    ("wled = { ddp = \"192.0.2.7\", delay = 20 }", ""),
    ("wled = { ddp = \"192.0.2.7\", fps = \"40 Hz\" }", ""),
    ("wled = { ddp = \"192.0.2.7\", rate = 40 }", ""),
    ("stage = { sacn = \"universe 5\" }", ""),
    ("stage = { e131 = 5 }", ""),
    ("stage = { sacn = 5, priority = \"100\" }", ""),
    ("stage = { sacn = 5, to = 7 }", ""),
    ("stage = { sacn = 5, to = \"http://192.0.2.9\" }", ""),
    ("stage = { sacn = 5, interface = 0 }", ""),
    (WLED, "x = { out = \"wled.1..150\", kind = \"dimmer\" }"),
    (WLED, "x = { out = \"wled.0\", kind = \"dimmer\" }"),
    (WLED, "x = { out = \"wled.99999\", kind = \"dimmer\" }"),
    (WLED, "x = { out = \"wled\", kind = \"dimmer\" }"),
    (WLED, "x = { out = \"wld.1\", kind = \"dimmer\" }"),
    (STAGE, "x = { out = \"stage.171\", kind = \"dimmer\", colour = \"#ffb060\" }"),
    (STAGE, "x = { out = \"stage.7\", kind = \"dimmer\", color = \"#ffb060\" }"),
    (STAGE, "x = { out = \"stage.7\", kind = \"dimmer\", colour = \"ffb060\" }"),
    (STAGE, "x = { out = \"stage.7\", kind = \"dimmer\", colour = \"amber\" }"),
    (STAGE, "x = { out = \"stage.7\", kind = \"dimmer\", colour = \"#000000\" }"),
    (STAGE, "x = { out = \"stage.7\", kind = \"dimmer\", colour = 7 }"),
    (STAGE, "x = { out = \"stage.7\", kind = \"pwm\" }"),
    (STAGE, "x = { out = \"stage.7\", kind = \"led\" }"),
    (STAGE, "x = { out = \"stage.7\" }"),
    (STAGE, "x = { out = \"stage.7\", kind = \"dimmer\", active = \"low\" }"),
    (STAGE, "x = { out = \"stage.7\", kind = \"relay\", floor = \"5 %\" }"),
    (STAGE, "x = { out = \"stage.7\", kind = \"dimmer\", hardware = true }"),
    ("", "x = { pin = 27, kind = \"ssr\", colour = \"#ffb060\" }"),
    ("", "x = { pin = 27, kind = \"dimmer\" }"),
];

/// Before and after a person's work.
const BY_HAND: &[(&str, &str)] = &[
    (
        "[network]\na = { sacn = 5 }\nb = { sacn = 5, to = \"192.0.2.9\" }\n[channels]\nx = { out = \"a.7\", kind = \"dimmer\" }\n",
        "[network]\na = { sacn = 5 }\nb = { sacn = 6, to = \"192.0.2.9\" }\n[channels]\nx = { out = \"a.7\", kind = \"dimmer\" }\n",
    ),
    (
        "[network]\na = { ddp = \"wled\" }\n[channels]\nx = { out = \"a.1\", kind = \"dimmer\", colour = \"#ffffffff\" }\n\
         y = { out = \"a.9\", kind = \"dimmer\", colour = \"#ffffff\" }\n",
        "[network]\na = { ddp = \"wled\" }\n[channels]\nx = { out = \"a.1\", kind = \"dimmer\", colour = \"#ffffffff\" }\n\
         y = { out = \"a.9\", kind = \"dimmer\", colour = \"#ffffff00\" }\n",
    ),
    (
        "[network]\nstage = { sacn = 5, interface = \"my network card\" }\n[channels]\nx = { out = \"stage.7\", kind = \"dimmer\" }\n",
        "[network]\nstage = { sacn = 5, interface = \"eth0\" }\n[channels]\nx = { out = \"stage.7\", kind = \"dimmer\" }\n",
    ),
    (
        "[network]\na = { sacn = 5 }\nb = { sacn = 5 }\n[channels]\nx = { out = \"a.7\", kind = \"dimmer\" }\n",
        "[network]\na = { sacn = 5 }\n[channels]\nx = { out = \"a.7\", kind = \"dimmer\" }\n",
    ),
    (
        "[expanders]\na = { chip = \"mcp23017\", address = 0x20 }\n[network]\na = { sacn = 5 }\n\
         [channels]\nx = { pin = 17, kind = \"ssr\" }\n",
        "[expanders]\na = { chip = \"mcp23017\", address = 0x20 }\n[network]\nb = { sacn = 5 }\n\
         [channels]\nx = { pin = 17, kind = \"ssr\" }\n",
    ),
];

pub(super) fn try_all(tried: &mut Tried) {
    let read = |text: &str| starcourt::rig::read(&Source::new("rig.toml", text)).1;
    for (receivers, channel) in RECEIVERS {
        let text =
            format!("[network]\n{receivers}\n[channels]\nneon = {{ pin = 17, kind = \"ssr\" }}\n{channel}\n");
        tried.hints(&text, &read);
    }
    for case in BY_HAND {
        tried.by_hand(*case, &read);
    }
}
