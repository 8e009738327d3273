//! Whether there is a sound card, and whether the user may use it. Opens no device.

use crate::rig::{Audio, Rig};

use super::finding::Finding;
use super::machine::Machine;

pub(super) fn examine(machine: &Machine, rig: Option<&Rig>) -> Vec<Finding> {
    let required = rig.is_some_and(|rig| rig.audio.required);
    let missing = |what: &str| match required {
        true => Finding::wrong(format!("{what}, and the rig requires one")),
        false => Finding::advice(format!("{what}: shows play by the machine's clock, in silence")),
    };
    let Some(text) = &machine.cards else {
        return vec![missing("this kernel has no sound system (ALSA)").mend("sudo modprobe snd")];
    };
    let cards = cards(text);
    if cards.is_empty() {
        let mend = "aplay -l    # lists a card when it is plugged in or enabled (dtparam=audio=on)";
        return vec![missing("there is no sound card").mend(mend)];
    }
    let ids: Vec<&str> = cards.iter().map(|card| card.id).collect();
    let mut findings = vec![Finding::good(format!("sound cards: {}", ids.join(", ")))];
    if let Some(rig) = rig
        && let Some(wanted) = card_of(&rig.audio.device)
        && !cards.iter().any(|card| card.id == wanted || card.number == wanted)
    {
        let what = format!("the rig's sound device \"{}\" is on a card that is not there", rig.audio.device);
        let mend = format!("sudoedit /etc/starcourt/rig.toml    # device = \"plughw:CARD={}\"", ids[0]);
        findings.push(if required { Finding::wrong(what) } else { Finding::advice(what) }.mend(mend));
    }
    findings.extend(rig.and_then(|rig| swallowed(&cards, &rig.audio)));
    findings.extend(permission(machine));
    findings
}

/// A screen plays nothing for the first seconds, while it adjusts to the signal.
fn swallowed(cards: &[SoundCard<'_>], audio: &Audio) -> Option<Finding> {
    let is_screen = |card: &SoundCard<'_>| card.id.to_ascii_lowercase().contains("hdmi");
    let plays_there = match card_of(&audio.device) {
        Some(wanted) => {
            cards.iter().any(|card| (card.id == wanted || card.number == wanted) && is_screen(card))
        }
        None => cards.iter().all(is_screen),
    };
    (plays_there && audio.lead_in.is_zero()).then(|| {
        let mend = "sudoedit /etc/starcourt/rig.toml    # under [audio]: lead_in = \"2 s\"";
        Finding::advice(
            "HDMI may swallow the first seconds of the music; silence before it is swallowed instead",
        )
        .mend(mend)
    })
}

struct SoundCard<'a> {
    number: &'a str,
    id: &'a str,
}

/// ` 0 [Headphones     ]: bcm2835_headpho - bcm2835 Headphones`, and a line of details below each.
fn cards(text: &str) -> Vec<SoundCard<'_>> {
    let card = |line| {
        let (number, rest) = str::split_once(line, '[')?;
        let number = number.trim();
        number.parse::<u32>().ok()?;
        Some(SoundCard { number, id: rest.split_once("]:")?.0.trim() })
    };
    text.lines().filter_map(card).collect()
}

/// The card in an ALSA name such as `plughw:1`, `hw:Device,0` or `plughw:CARD=Device,DEV=0`; `default`
/// and the like name no card.
fn card_of(device: &str) -> Option<&str> {
    let (kind, rest) = device.split_once(':')?;
    let is_card = matches!(kind, "hw" | "plughw" | "sysdefault" | "front" | "dmix");
    let first = rest.split(',').next()?;
    is_card.then_some(first.strip_prefix("CARD=").unwrap_or(first))
}

fn permission(machine: &Machine) -> Option<Finding> {
    let person = &machine.person;
    let closed = machine.sound_nodes.iter().find(|node| !person.may_write(node))?;
    let what = format!("{} may not use {}", person.name(), closed.path.display());
    let mend = person.way_in(closed).unwrap_or_else(|| format!("sudo usermod -aG audio {}", person.name()));
    // On a desktop an access list may permit it, which the mode bits do not show.
    Some(if machine.is_pi() { Finding::wrong(what) } else { Finding::advice(what) }.mend(mend))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_card_of_an_alsa_name_is_found() {
        for (device, card) in [
            ("default", None),
            ("pulse", None),
            ("hw:1,0", Some("1")),
            ("plughw:CARD=Device,DEV=0", Some("Device")),
            ("sysdefault:Headphones", Some("Headphones")),
        ] {
            assert_eq!(card_of(device), card);
        }
    }

    #[test]
    fn cards_are_listed_with_their_number_and_name() {
        let text = " 0 [Headphones     ]: bcm2835 - bcm2835 Headphones\n                      bcm2835\n \
                    1 [Device         ]: USB-Audio - USB Audio\n                      Generic\n";
        let found: Vec<_> = cards(text).iter().map(|card| (card.number, card.id)).collect();
        assert_eq!(found, [("0", "Headphones"), ("1", "Device")]);
        assert!(cards("--- no soundcards ---\n").is_empty());
    }
}
