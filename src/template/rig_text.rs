//! The text of a new rig, in which `check` finds nothing. Knows no files.

use super::board::BoardKind;
use super::pins::LightPin;
use crate::rig::{Active, Pull, RESERVED_WORDS, is_name};

/// A light of a new rig.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewLight {
    pub name: String,
    pub pin: LightPin,
    pub board: BoardKind,
    pub active: Active,
}

/// Names for `count` more lights of `board`: `relay1`, `relay2`, none that one of `lights` has.
#[must_use]
pub fn proposed_names(count: usize, board: BoardKind, lights: &[NewLight]) -> Vec<String> {
    let numbered = (1..).map(|number| format!("{}{number}", board.light()));
    numbered.filter(|name| lights.iter().all(|light| light.name != *name)).take(count).collect()
}

/// Reads `count` names of lights, none that one of `lights` has.
///
/// # Errors
/// What is wrong with one of them.
pub fn read_names(text: &str, count: usize, lights: &[NewLight]) -> Result<Vec<String>, String> {
    let names: Vec<String> =
        text.split([',', ' ', ';']).filter(|name| !name.is_empty()).map(str::to_owned).collect();
    for (place, name) in names.iter().enumerate() {
        if !is_name(name) {
            let rule = "small letters, digits, `_` and `-`, a letter first, at most 32 of them";
            return Err(format!("`{name}` cannot be the name of a light: write {rule}"));
        }
        if RESERVED_WORDS.contains(&name.as_str()) {
            return Err(format!(
                "`{name}` means something else in a cue sheet; take another name, such as `{name}_light`"
            ));
        }
        if names[..place].contains(name) || lights.iter().any(|light| light.name == *name) {
            return Err(format!("two lights are called `{name}`; each needs a name of its own"));
        }
    }
    match names.len() == count {
        true => Ok(names),
        false => Err(format!(
            "there are {count} lights and {}; write one for each, with commas",
            counted_names(names.len())
        )),
    }
}

fn counted_names(count: usize) -> String {
    if count == 1 { "1 name".to_owned() } else { format!("{count} names") }
}

/// The rig with these lights.
#[must_use]
pub fn rig_text(lights: &[NewLight]) -> String {
    let mut text = String::from(
        "# The lights at this Raspberry Pi. Shows use these names: give each light a name of its own.\n\
         # docs/rig.md explains every key.\n\n[channels]\n",
    );
    let wide = lights.iter().map(|light| light.name.len()).max().unwrap_or(0);
    for light in lights {
        let NewLight { name, pin, board, active } = light;
        let mut keys = format!("pin = {}, kind = \"{}\"", pin.line.bcm(), board.kind().name());
        if *active == Active::Low {
            keys += ", active = \"low\"";
        }
        let resistor = match pin.resistor {
            Some(pull) => {
                let side = if pull == Pull::Down { "down" } else { "up" };
                keys += &format!(", resistor = \"{side}\"");
                format!(", with 4.7 kΩ to {}", super::pins::supply(pull))
            }
            None => String::new(),
        };
        text += &format!("{name:wide$} = {{ {keys} }}    # header pin {}{resistor}\n", pin.line.header_pin());
    }
    let groups: Vec<(String, Vec<&NewLight>)> = BoardKind::ALL
        .into_iter()
        .map(|board| (board, lights.iter().filter(|light| light.board == board).collect::<Vec<_>>()))
        .filter(|(_, lights)| lights.len() > 1)
        .map(|(board, members)| (group_name(board, lights), members))
        .collect();
    if !groups.is_empty() {
        text += "\n[groups]\n# Effects run along a group in this order.\n";
    }
    for (name, members) in groups {
        let members: Vec<String> = members.iter().map(|light| format!("\"{}\"", light.name)).collect();
        text += &format!("{name} = [{}]\n", members.join(", "));
    }
    text
}

/// `relays`, unless a light is called so.
fn group_name(board: BoardKind, lights: &[NewLight]) -> String {
    let plain = format!("{}s", board.light());
    let numbered = (2..).map(|number| format!("{plain}{number}"));
    let mut names = std::iter::once(plain.clone()).chain(numbered);
    names.find(|name| lights.iter().all(|light| light.name != *name)).expect("lights are fewer than numbers")
}

#[cfg(test)]
mod tests {
    use super::super::pins::proposed;
    use super::*;
    use crate::diagnosis::Source;
    use crate::random::Random;

    fn lights(random: &mut Random) -> Vec<NewLight> {
        let mut lights: Vec<NewLight> = Vec::new();
        for _ in 0..=random.below(3) {
            let board = BoardKind::ALL[random.below(3) as usize];
            let active = [Active::Low, Active::High][random.below(2) as usize];
            let taken: Vec<_> = lights.iter().map(|light| light.pin.line).collect();
            let pins = proposed(1 + random.below(9) as usize, active, &taken);
            let mut names = proposed_names(pins.len(), board, &lights);
            if random.below(4) == 0 && lights.is_empty() {
                names[0] = format!("{}s", board.light());
            }
            let new = pins.into_iter().zip(names).map(|(pin, name)| NewLight { name, pin, board, active });
            lights.extend(new);
        }
        lights
    }

    #[test]
    fn check_finds_nothing_in_any_new_rig() {
        for seed in 0..500_u32 {
            let lights = lights(&mut Random::new(&[b"rig", &seed.to_le_bytes()]));
            let text = rig_text(&lights);
            let (rig, told) = crate::rig::read(&Source::new("rig.toml", &*text));
            assert!(told.is_empty(), "{told}\n{text}");
            let rig = rig.unwrap();
            assert_eq!(rig.channels.len(), lights.len(), "{text}");
            for (channel, light) in rig.channels.iter().zip(&lights) {
                assert_eq!(
                    (channel.address.line(), channel.kind),
                    (Some(light.pin.line), light.board.kind())
                );
                assert_eq!((channel.active, channel.lights_up_at_boot()), (light.active, false), "{text}");
            }
        }
    }

    #[test]
    fn names_are_names_and_each_is_there_once() {
        assert_eq!(read_names("porch, tree", 2, &[]), Ok(vec!["porch".to_owned(), "tree".to_owned()]));
        for (text, why) in [
            ("Porch,b", "small letters"),
            ("all,b", "such as `all_light`"),
            ("a,a", "two lights are called `a`"),
            ("a", "2 lights and 1 name;"),
            ("", "2 lights and 0 names"),
        ] {
            assert!(read_names(text, 2, &[]).unwrap_err().contains(why), "{text}");
        }
    }
}
