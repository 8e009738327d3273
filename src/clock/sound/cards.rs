//! The sound cards of this machine, as the kernel lists them in `/proc/asound`, and the ALSA name by which each one
//! plays. Opens no card.

use std::fs;
use std::path::{Path, PathBuf};

use rustix::fs::{Access, AtFlags, CWD, accessat};
use rustix::io::Errno;

/// One sound card.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SoundCard {
    pub number: u32,
    /// As in `CARD=Headphones`. The kernel keeps it unique.
    pub id: String,
    driver: String,
    /// Its first device that plays; `None` for a microphone.
    plays_on: Option<u32>,
}

impl SoundCard {
    /// The name under which it plays whatever starcourt gives it; `None` if it does not play.
    #[must_use]
    pub fn device(&self) -> Option<String> {
        let id = &self.id;
        let device = self.plays_on?;
        // It takes packed frames (IEC 958) only, and `plughw` cannot make them. ALSA's configuration of this card can.
        if self.needs_its_own_configuration() {
            return Some(format!("sysdefault:CARD={id}"));
        }
        Some(match device {
            0 => format!("plughw:CARD={id}"),
            device => format!("plughw:CARD={id},DEV={device}"),
        })
    }

    /// Whether `hw` and `plughw` do not play on it: the HDMI sockets of a Raspberry Pi.
    #[must_use]
    pub fn needs_its_own_configuration(&self) -> bool {
        self.driver == "vc4-hdmi"
    }

    /// Whether it plays on a screen.
    #[must_use]
    pub fn is_hdmi(&self) -> bool {
        self.id.to_ascii_lowercase().contains("hdmi")
    }

    /// Whether ALSA means this card by `name`, its number or id.
    #[must_use]
    pub fn is_called(&self, name: &str) -> bool {
        self.id == name || self.number.to_string() == name
    }

    fn rank(&self) -> u8 {
        match (self.driver.as_str(), self.is_hdmi()) {
            ("Loopback", _) => 2,
            // It is silent without a screen.
            (_, true) => 1,
            _ => 0,
        }
    }
}

/// All cards, in the order of their numbers.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SoundCards(Vec<SoundCard>);

impl SoundCards {
    /// Reads the kernel's lists below `root`, which is `/` outside tests. `None` if the kernel has no ALSA.
    #[must_use]
    pub fn gather(root: &Path) -> Option<Self> {
        let cards = fs::read_to_string(root.join("proc/asound/cards")).ok()?;
        let devices = fs::read_to_string(root.join("proc/asound/pcm")).ok();
        Some(Self(cards.lines().filter_map(|line| card(line, devices.as_deref())).collect()))
    }

    pub fn iter(&self) -> impl Iterator<Item = &SoundCard> {
        self.0.iter()
    }

    /// The cards that play, the likeliest first: a jack, a USB card or a DAC, then HDMI.
    #[must_use]
    pub fn playing(&self) -> Vec<&SoundCard> {
        let mut cards: Vec<_> = self.0.iter().filter(|card| card.plays_on.is_some()).collect();
        cards.sort_by_key(|card| card.rank());
        cards
    }

    /// The card on which the ALSA device `name` plays, if `name` says one and it is there.
    #[must_use]
    pub fn of_device(&self, name: &str) -> Option<&SoundCard> {
        let wanted = card_of(name)?;
        self.0.iter().find(|card| card.is_called(wanted))
    }

    /// The names to write into the rig, the likeliest first.
    #[must_use]
    pub fn devices(&self) -> Vec<String> {
        self.playing().into_iter().filter_map(SoundCard::device).collect()
    }

    /// Whether this process may use one of the cards that play, or none of them has a device here.
    pub(super) fn are_permitted(&self) -> bool {
        let answers = self.playing().into_iter().map(|card| {
            let device = card.plays_on.unwrap_or(0);
            let node = PathBuf::from(format!("/dev/snd/pcmC{}D{device}p", card.number));
            accessat(CWD, node, Access::READ_OK | Access::WRITE_OK, AtFlags::EACCESS)
        });
        let answers: Vec<_> = answers.collect();
        answers.iter().any(Result::is_ok) || !answers.contains(&Err(Errno::ACCESS))
    }
}

/// ` 0 [Headphones     ]: bcm2835_headpho - bcm2835 Headphones`. Each such line has one with details below it.
fn card(line: &str, devices: Option<&str>) -> Option<SoundCard> {
    let (number, rest) = line.split_once('[')?;
    let number: u32 = number.trim().parse().ok()?;
    let (id, rest) = rest.split_once("]:")?;
    let driver = rest.split(" - ").next().unwrap_or_default().trim().to_owned();
    // If there is no list of devices, the first one is taken for one that plays.
    let plays_on = devices.map_or(Some(0), |devices| first_that_plays(devices, number));
    Some(SoundCard { number, id: id.trim().to_owned(), driver, plays_on })
}

/// `00-00: bcm2835 Headphones : bcm2835 Headphones : playback 8`: the card's number, its device's, and what it does.
fn first_that_plays(devices: &str, card: u32) -> Option<u32> {
    devices.lines().find_map(|line| {
        let (place, rest) = line.split_once(':')?;
        let (number, device) = place.split_once('-')?;
        let is_its = number.trim().parse() == Ok(card) && rest.contains(": playback");
        is_its.then(|| device.trim().parse().ok())?
    })
}

/// The card in an ALSA name such as `plughw:1`, `hw:Device,0` or `plughw:CARD=Device,DEV=0`. `default` and the like
/// name no card.
#[must_use]
pub fn card_of(device: &str) -> Option<&str> {
    let (kind, rest) = device.split_once(':')?;
    let is_card =
        matches!(kind, "hw" | "plughw" | "sysdefault" | "default" | "front" | "hdmi" | "iec958" | "dmix");
    let first = rest.split(',').next()?;
    is_card.then_some(first.strip_prefix("CARD=").unwrap_or(first))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A Pi 4 with a USB microphone and a USB card whose second device plays.
    const CARDS: &str = " 0 [vc4hdmi0       ]: vc4-hdmi - vc4-hdmi-0\n                      vc4-hdmi-0\n \
                          1 [Headphones     ]: bcm2835_headpho - bcm2835 Headphones\n                      bcm2835\n \
                          2 [Webcam         ]: USB-Audio - Webcam\n                      a webcam\n \
                          3 [Device         ]: USB-Audio - USB Audio\n                      Generic\n";
    const DEVICES: &str = "00-00: MAI PCM i2s-hifi-0 : MAI PCM i2s-hifi-0 : playback 1\n\
                           01-00: bcm2835 Headphones : bcm2835 Headphones : playback 8\n\
                           02-00: USB Audio : USB Audio : capture 1\n\
                           03-01: USB Audio : USB Audio #1 : playback 1 : capture 1\n";

    fn gathered(files: &[(&str, &str)]) -> Option<SoundCards> {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("proc/asound")).unwrap();
        for (name, text) in files {
            fs::write(root.path().join("proc/asound").join(name), text).unwrap();
        }
        SoundCards::gather(root.path())
    }

    #[test]
    fn each_card_that_plays_is_named_as_alsa_plays_on_it_and_hdmi_comes_last() {
        let cards = gathered(&[("cards", CARDS), ("pcm", DEVICES)]).unwrap();
        let names = ["plughw:CARD=Headphones", "plughw:CARD=Device,DEV=1", "sysdefault:CARD=vc4hdmi0"];
        assert_eq!(cards.devices(), names);
        assert_eq!(gathered(&[("cards", " 0 [A  ]: X - Y\n")]).unwrap().devices(), ["plughw:CARD=A"]);
    }

    #[test]
    fn a_machine_without_cards_is_not_one_without_alsa() {
        assert_eq!(gathered(&[("cards", "--- no soundcards ---\n")]), Some(SoundCards::default()));
        assert_eq!(gathered(&[]), None);
    }

    #[test]
    fn the_card_of_an_alsa_name_is_found() {
        for (device, card) in [
            ("default", None),
            ("pulse", None),
            ("hw:1,0", Some("1")),
            ("plughw:CARD=Device,DEV=0", Some("Device")),
            ("sysdefault:Headphones", Some("Headphones")),
            ("hdmi:CARD=vc4hdmi0,DEV=0", Some("vc4hdmi0")),
        ] {
            assert_eq!(card_of(device), card, "{device}");
        }
        let cards = gathered(&[("cards", CARDS)]).unwrap();
        assert_eq!(cards.of_device("plughw:3").map(|card| card.id.as_str()), Some("Device"));
        assert_eq!(cards.of_device("plughw:CARD=Nothing"), None);
    }
}
