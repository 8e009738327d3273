//! `[expanders]`: chips behind the header, and the channels on their outputs.

use starcourt::diagnosis::{Diagnosis, Severity, Source};
use starcourt::rig::{Active, Address, Chain, ExpanderChip, I2cChip, I2cModel, Kind, read};

use super::{line, rig};

/// A chain with its outputs switched off until a program runs.
const BOARD: &str =
    "[expanders]\nboard = { chip = \"74hc595\", data = 10, clock = 11, latch = 8, oe = 25, chained = 4 }\n";
const FENCE: &str = "[channels]\nfence = { out = \"board.31\", kind = \"ssr\" }\n";

/// The titles of what is told of a rig with these expanders and channels, in the order of the text.
fn titles(expanders: &str, channels: &str) -> Vec<String> {
    let text = format!("[expanders]\n{expanders}\n[channels]\n{channels}\n");
    let (rig, told) = read(&Source::new("rig.toml", text));
    let mut all: Vec<&Diagnosis> = told.iter().collect();
    all.sort_by_key(|diagnosis| diagnosis.span().map(|span| span.start));
    assert_eq!(rig.is_some(), told.errors() == 0);
    all.iter().map(|diagnosis| diagnosis.title().to_owned()).collect()
}

#[test]
fn a_channel_may_be_on_an_output_of_a_chain_of_shift_registers() {
    let rig =
        rig(&format!("{BOARD}{FENCE}gate = {{ out = \"board.0\", kind = \"relay\", active = \"low\" }}\n"));
    let chain = Chain::new(line(10), line(11), line(8), Some(line(25)), 4).unwrap();
    assert_eq!(
        (rig.expanders[0].name.as_str(), rig.expanders[0].chip),
        ("board", ExpanderChip::Chain(chain))
    );
    let fence = &rig.channels[0];
    assert_eq!((fence.address, fence.kind), (Address::Chain(chain.output(31).unwrap()), Kind::Ssr));
    assert_eq!(rig.channels[1].active, Active::Low);
    let places: Vec<String> = rig.addresses().map(|address| rig.place(address)).collect();
    assert_eq!(places, ["board.31", "board.0"]);
}

#[test]
fn more_channels_than_the_header_has_lines_fit_on_chains() {
    let channels: String = (0..128)
        .map(|number| format!("lamp{number} = {{ out = \"board.{number}\", kind = \"ssr\" }}\n"))
        .collect();
    let board = BOARD.replace("chained = 4", "chained = 16");
    assert_eq!(rig(&format!("{board}[channels]\n{channels}")).channels.len(), 128);
}

#[test]
fn an_expander_has_a_chip_and_lines_of_its_own() {
    let fence = "fence = { out = \"board.7\", kind = \"ssr\" }";
    for (keys, told) in [
        ("data = 10, clock = 11, latch = 8, oe = 25", &["expander `board` has no chip"][..]),
        (
            "chip = \"74hc596\", data = 10, clock = 11, latch = 8, oe = 25",
            &["`chip` of expander `board` cannot be \"74hc596\""],
        ),
        ("chip = \"74hc595\", clock = 11, latch = 8, oe = 25", &["expander `board` has no `data`"]),
        (
            "chip = \"74hc595\"",
            &[
                "expander `board` has no `data`",
                "expander `board` has no `clock`",
                "expander `board` has no `latch`",
            ],
        ),
        (
            "chip = \"74hc595\", data = 28, clock = 11, latch = 8, oe = 25",
            &["`data` of expander `board` cannot be on pin 28"],
        ),
        (
            "chip = \"74hc595\", data = \"10\", clock = 11, latch = 8, oe = 25",
            &["`data` of expander `board` must be a BCM number"],
        ),
        (
            "chip = \"74hc595\", data = 10, clock = 11, latch = 10, oe = 11",
            &[
                "`data` and `latch` of expander `board` are both on GPIO 10",
                "`clock` and `oe` of expander `board` are both on GPIO 11",
            ],
        ),
        (
            "chip = \"74hc595\", data = 10, clock = 11, latch = 8, oe = 25, chained = 0",
            &["expander `board` cannot have 0 chips"],
        ),
        (
            "chip = \"74hc595\", data = 10, clock = 11, latch = 8, oe = 25, chained = 17",
            &["expander `board` cannot have 17 chips"],
        ),
        (
            "chip = \"74hc595\", data = 10, clock = 11, latch = 8, oe = 25, chain = 4",
            &["no key is called `chain` of expander `board`"],
        ),
        (
            "chip = \"74hc595\", data = 10, clock = 11, latch = 8",
            &["any output of `board` may be on while the Pi boots"],
        ),
    ] {
        assert_eq!(titles(&format!("board = {{ {keys} }}"), fence), told, "{keys}");
    }
    assert_eq!(titles("board = 10", fence)[0], "expander `board` must be a table");
}

#[test]
fn an_output_is_one_that_an_expander_has() {
    let board = BOARD.trim_start_matches("[expanders]\n");
    for (keys, told) in [
        (r#"out = "board.32", kind = "ssr""#, "channel `x` cannot be on \"board.32\""),
        (r#"out = "board.-1", kind = "ssr""#, "channel `x` cannot be on \"board.-1\""),
        (r#"out = "board", kind = "ssr""#, "channel `x` cannot be on \"board\""),
        (r#"out = "bord.3", kind = "ssr""#, "no expander or receiver is called `bord`"),
        (r#"out = "roof.A3", kind = "ssr""#, "no expander or receiver is called `roof`"),
        (r#"out = 31, kind = "ssr""#, "`out` of channel `x` must be an output of an expander"),
        (r#"out = "board.3", pin = 4, kind = "ssr""#, "channel `x` has both `pin` and `out`"),
        (r#"out = "board.3", sim = 4, kind = "ssr""#, "channel `x` has both `sim` and `out`"),
        (r#"out = "board.3", kind = "pwm""#, "`x` is on a 74HC595, which cannot dim"),
        (
            r#"out = "board.3", kind = "ssr", resistor = "up""#,
            "`resistor` means nothing to `x`, which is on an expander",
        ),
    ] {
        assert_eq!(titles(board, &format!("x = {{ {keys} }}")), [told], "{keys}");
    }
    assert_eq!(
        titles("", "x = { out = \"board.3\", kind = \"ssr\" }"),
        ["no expander or receiver is called `board`"]
    );
}

#[test]
fn the_lines_of_an_expander_carry_nothing_else() {
    let second = "other = { chip = \"74hc595\", data = 5, clock = 11, latch = 6, oe = 7 }";
    let rest = "y = { out = \"other.1\", kind = \"ssr\" }\n";
    let board = BOARD.trim_start_matches("[expanders]\n");
    for (expanders, channels, told) in [
        (
            board.to_owned(),
            "x = { pin = 11, kind = \"ssr\" }".to_owned(),
            "expander `board` is on GPIO 11, where `x` is already",
        ),
        (
            format!("{board}{second}"),
            rest.to_owned(),
            "expander `other` is on GPIO 11, where `board` is already",
        ),
        (
            board.to_owned(),
            "x = { out = \"board.3\", kind = \"ssr\" }\ny = { out = \"board.3\", kind = \"ssr\" }".to_owned(),
            "`y` is on board.3, where `x` is already",
        ),
        (
            board.to_owned(),
            format!("{FENCE}[reserved]\npins = [8]\n").replace("[channels]\n", ""),
            "expander `board` is on GPIO 8, which is reserved",
        ),
        (
            board.to_owned(),
            format!("{FENCE}[buttons]\ngo = {{ pin = 25, press = \"next\" }}\n").replace("[channels]\n", ""),
            "button `go` is on GPIO 25, where `board` is already",
        ),
    ] {
        assert_eq!(titles(&expanders, &channels), [told]);
    }
}

#[test]
fn a_chain_keeps_its_lines_after_a_show() {
    let (rig, told) = read(&Source::new("rig.toml", format!("release = \"input\"\n{BOARD}{FENCE}")));
    assert!(rig.is_none());
    let told: Vec<_> = told.iter().map(Diagnosis::title).collect();
    assert_eq!(told, ["`fence` cannot become an input after a show: its expander drives it"]);
}

#[test]
fn an_expander_without_channels_is_no_mistake_and_warns_of_nothing() {
    let text = format!("{}[channels]\nx = {{ pin = 17, kind = \"ssr\" }}\n", BOARD.replace("oe = 25, ", ""));
    let (rig, told) = read(&Source::new("rig.toml", text));
    assert!(rig.is_some() && told.iter().all(|told| told.severity() != Severity::Warning), "{told}");
}

/// A chip of each kind on bus 1.
const CHIPS: &str = "roof = { chip = \"mcp23017\", address = 0x20 }\n\
                     shed = { chip = \"pcf8574\", bus = 1, address = 0x38 }\n\
                     shop = { chip = \"pca9685\", bus = 3, address = 0x40, frequency = \"1 kHz\" }\n";

#[test]
fn a_channel_may_be_on_an_output_of_a_chip_on_a_bus() {
    let rig = rig(&format!(
        "[expanders]\n{CHIPS}[channels]\n\
         gable = {{ out = \"roof.A3\", kind = \"relay\", active = \"low\" }}\n\
         path = {{ out = \"roof.gpb7\", kind = \"ssr\" }}\n\
         porch = {{ out = \"shed.7\", kind = \"relay\", active = \"low\" }}\n\
         tree = {{ out = \"shop.15\", kind = \"pwm\" }}\n\
         fan = {{ out = \"shop.0\", kind = \"relay\" }}\n"
    ));
    let chip = |model, bus, address| I2cChip::new(model, bus, address).unwrap();
    let roof = chip(I2cModel::Mcp23017, 1, 0x20);
    let chips =
        [roof, chip(I2cModel::Pcf8574, 1, 0x38), chip(I2cModel::Pca9685 { frequency: 1_000 }, 3, 0x40)];
    let read: Vec<ExpanderChip> = rig.expanders.iter().map(|expander| expander.chip).collect();
    assert_eq!(read, chips.map(ExpanderChip::I2c));
    assert_eq!(rig.channels[0].address, Address::I2c(roof.output(3).unwrap()));
    let places: Vec<String> = rig.addresses().map(|address| rig.place(address)).collect();
    assert_eq!(places, ["roof.A3", "roof.B7", "shed.7", "shop.15", "shop.0"]);
}

#[test]
fn a_chip_on_a_bus_has_an_address_that_it_can_have() {
    let light = "x = { out = \"roof.0\", kind = \"ssr\", active = \"low\" }";
    for (keys, told) in [
        (r#"chip = "pcf8574""#, "expander `roof` has no address"),
        (r#"chip = "pcf8574", address = 0x37"#, "no PCF8574 can be at address 0x37"),
        (r#"chip = "mcp23017", address = 20"#, "no MCP23017 can be at address 0x14"),
        (r#"chip = "pca9685", address = 0x70"#, "no PCA9685 can be at address 0x70"),
        (r#"chip = "pca9685", address = -1"#, "no PCA9685 can be at address -1"),
        (r#"chip = "pcf8574", address = "0x20""#, "`address` of expander `roof` must be a number"),
        (r#"chip = "pcf8574", bus = 32, address = 0x20"#, "expander `roof` cannot be on I²C bus 32"),
        (
            r#"chip = "pcf8574", bus = "1", address = 0x20"#,
            "`bus` of expander `roof` must be the number of an I²C bus",
        ),
        (
            r#"chip = "pcf8574", address = 0x20, frequency = "1 kHz""#,
            "no key is called `frequency` of expander `roof`",
        ),
        (
            r#"chip = "pca9685", address = 0x40, frequency = "2 kHz""#,
            "`frequency` of expander `roof` is out of range",
        ),
        (r#"chip = "pca9685", address = 0x40, data = 4"#, "no key is called `data` of expander `roof`"),
    ] {
        assert_eq!(titles(&format!("roof = {{ {keys} }}"), light)[0], told, "{keys}");
    }
}

#[test]
fn an_output_of_a_chip_on_a_bus_is_one_that_it_has_and_does_what_it_can() {
    for (keys, told) in [
        (r#"out = "roof.3", kind = "ssr""#, "channel `x` cannot be on \"roof.3\""),
        (r#"out = "roof.C0", kind = "ssr""#, "channel `x` cannot be on \"roof.C0\""),
        (r#"out = "roof.A8", kind = "ssr""#, "channel `x` cannot be on \"roof.A8\""),
        (r#"out = "shed.8", kind = "ssr""#, "channel `x` cannot be on \"shed.8\""),
        (r#"out = "shop.A1", kind = "pwm""#, "channel `x` cannot be on \"shop.A1\""),
        (r#"out = "roof.A0", kind = "pwm""#, "`x` is on an MCP23017, which cannot dim"),
        (r#"out = "shed.0", kind = "pwm", active = "low""#, "`x` is on a PCF8574, which cannot dim"),
        (r#"out = "shop.0", kind = "ssr""#, "`x` is a solid-state relay on a PCA9685, which dims"),
        (r#"out = "shop.0", kind = "pwm", active = "low""#, "`x` may light up while the Pi boots"),
        (
            r#"out = "shed.0", kind = "relay""#,
            "`x` is on when its output of a PCF8574 is high, which is weak",
        ),
        (
            r#"out = "shop.0", kind = "pwm", hardware = true"#,
            "`hardware` means nothing to `x`, which is on an expander",
        ),
    ] {
        assert_eq!(titles(CHIPS, &format!("x = {{ {keys} }}")), [told], "{keys}");
    }
}

#[test]
fn chips_share_their_bus_with_each_other_and_with_nothing_of_the_rig() {
    let light = "x = { out = \"roof.A0\", kind = \"ssr\" }";
    for (expanders, channels, told) in [
        (
            "",
            "y = { pin = 2, kind = \"ssr\", active = \"low\" }",
            "`y` is on GPIO 2, which the I²C bus of `roof` uses",
        ),
        (
            "yard = { chip = \"pcf8574\", address = 0x20 }",
            "",
            "`roof` and `yard` are both at 0x20 on I²C bus 1",
        ),
        (
            "board = { chip = \"74hc595\", data = 3, clock = 11, latch = 8, oe = 25 }",
            "",
            "expander `board` is on GPIO 3, where `roof` is already",
        ),
    ] {
        let told_of = titles(&format!("{CHIPS}{expanders}"), &format!("{light}\n{channels}"));
        assert!(told_of.contains(&told.to_owned()), "{told_of:?}");
    }
    // A clock module is on the same bus.
    let text = format!("[expanders]\n{CHIPS}[channels]\n{light}\n[reserved]\npins = [2, 3]\n");
    assert!(read(&Source::new("rig.toml", text)).0.is_some());
    let other = "yard = { chip = \"pcf8574\", bus = 0, address = 0x20 }";
    assert_eq!(titles(&format!("{CHIPS}{other}"), light), [""; 0]);
}
