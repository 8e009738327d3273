//! The page on wiring: its rig is the file that is shipped, and its picture of the header is the program's own.

use starcourt::diagnosis::Source;
use starcourt::rig::{Kind, Line};

use super::common::blocks;
use super::document;

#[test]
fn the_rig_of_eight_relays_is_the_one_that_is_shipped_and_has_nothing_to_warn_of() {
    let shipped = document("deploy/eight-relays.toml");
    assert_eq!(blocks(&document("docs/wiring.md"), "toml")[0], shipped);
    let (rig, told) = starcourt::rig::read(&Source::new("eight-relays.toml", shipped.as_str()));
    assert!(told.is_empty(), "{told}");
    let rig = rig.unwrap();
    let count = |kind| rig.channels.iter().filter(|channel| channel.kind == kind).count();
    assert_eq!((count(Kind::Relay), count(Kind::Pwm)), (8, 2));
}

#[test]
fn the_rig_with_shift_registers_has_nothing_to_warn_of_and_is_the_one_in_the_picture() {
    let page = document("docs/wiring.md");
    let (rig, told) = starcourt::rig::read(&Source::new("rig.toml", blocks(&page, "toml")[1]));
    assert!(told.is_empty(), "{told}");
    let picture = document("docs/pictures/shift_registers.svg");
    for line in rig.unwrap().expanders[0].chip.lines() {
        assert!(picture.contains(&format!(">{line}</text>")), "{line}");
        assert!(picture.contains(&format!(">{}</text>", line.header_pin())), "{line}");
    }
}

/// Without the key for it there is one warning, of the one pin that needs a resistor.
#[test]
fn one_of_the_eight_relays_needs_a_resistor() {
    let bare = document("deploy/eight-relays.toml").replace(", resistor = \"up\"", "");
    let (_, told) = starcourt::rig::read(&Source::new("rig.toml", bare.as_str()));
    let titles: Vec<&str> = told.iter().map(|told| told.title()).collect();
    assert_eq!(titles, ["`relay8` may light up while the Pi boots"]);
}

#[test]
fn the_picture_of_the_header_shows_every_line_where_the_program_has_it() {
    let picture = document("docs/pictures/header.svg");
    for line in Line::all() {
        let held = if line.rests_high() { "high" } else { "low" };
        let told = format!("<title>pin {}: GPIO {}, {held} at boot</title>", line.header_pin(), line.bcm());
        assert!(picture.contains(&told), "{told}");
    }
}

/// `relay8 = { pin = 24 … }` is drawn as a wire from GPIO 24 to IN8.
#[test]
fn the_picture_of_the_relays_shows_the_rig() {
    let picture = document("docs/pictures/eight_relays.svg");
    let (rig, _) = starcourt::rig::read(&Source::new("rig.toml", document("deploy/eight-relays.toml")));
    let channels = rig.unwrap().channels;
    for channel in channels.iter().filter(|channel| channel.kind == Kind::Relay) {
        assert!(picture.contains(&format!(">{}</text>", channel.address)), "{}", channel.address);
    }
}
