//! Why a sound device does not play, in words for people, and what helps. Knows no sound library.

use std::path::Path;

use super::cards::{SoundCards, card_of};

/// Why a sound device does not play.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DeviceFault {
    /// This machine has no card.
    NoCard,
    /// The sound server belongs to another user, or does not run.
    NoServer,
    /// Another program has it.
    Busy,
    /// This user may not use the cards.
    NotPermitted,
    /// Nothing has this name.
    NotThere,
    /// It is an HDMI socket without a screen that plays sound.
    NoScreen,
    /// It takes none of the sample formats.
    NoFormat,
    /// It cannot be opened for another reason, which the log has.
    NotOpened,
    /// It does not answer when it is opened.
    NoAnswer,
    /// It asks for no sound.
    NeverBegan,
    /// It was unplugged.
    Gone,
    Died,
    StandsStill,
}

impl DeviceFault {
    const WORDS: [(Self, &str); 13] = [
        (Self::NoCard, "no-card"),
        (Self::NoServer, "no-server"),
        (Self::Busy, "busy"),
        (Self::NotPermitted, "not-permitted"),
        (Self::NotThere, "not-there"),
        (Self::NoScreen, "no-screen"),
        (Self::NoFormat, "no-format"),
        (Self::NotOpened, "not-opened"),
        (Self::NoAnswer, "no-answer"),
        (Self::NeverBegan, "never-began"),
        (Self::Gone, "gone"),
        (Self::Died, "died"),
        (Self::StandsStill, "stands-still"),
    ];

    /// One word for another process.
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(fault, _)| *fault == self).map_or("not-opened", |(_, word)| word)
    }

    /// What another process means by [`word`](Self::word).
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(_, known)| *known == word).map(|(fault, _)| *fault)
    }

    /// The same for this device, with what the machine says of its cards. Without permission ALSA finds no card at all. A
    /// server that refuses this user says the same as a card. The driver of HDMI hides its device while no screen is
    /// connected.
    pub(super) fn in_view_of(self, device: &str, cards: &SoundCards, may_use_cards: bool) -> Self {
        let is_hdmi = match cards.of_device(device) {
            Some(card) => card.is_hdmi(),
            None => device == "default" && cards.playing().iter().all(|card| card.is_hdmi()),
        };
        let is_of_a_card = device == "default" || card_of(device).is_some();
        match self {
            Self::NotThere if cards.playing().is_empty() && is_of_a_card => Self::NoCard,
            Self::NotThere if cards.playing().is_empty() => Self::NotThere,
            Self::NotThere if !may_use_cards => Self::NotPermitted,
            Self::NotThere if is_hdmi => Self::NoScreen,
            Self::NotPermitted if may_use_cards || cards.playing().is_empty() => Self::NoServer,
            fault => fault,
        }
    }

    /// One clause about the ALSA device of this name, without a full stop.
    #[must_use]
    pub fn cause(self, device: &str) -> String {
        match self {
            Self::NoCard => "this machine has no sound device".to_owned(),
            Self::NoServer => {
                "the sound server (PipeWire or PulseAudio) cannot be reached as this user".to_owned()
            }
            Self::Busy => format!("another program is using the sound device `{device}`"),
            Self::NotPermitted => "this user may not use the sound cards".to_owned(),
            Self::NotThere => format!("there is no sound device `{device}`"),
            Self::NoScreen => {
                format!("the sound device `{device}` is HDMI, and no screen that plays sound is connected")
            }
            Self::NoFormat => format!("the sound device `{device}` takes none of the usual sample formats"),
            Self::NotOpened => format!("the sound device `{device}` cannot be opened"),
            Self::NoAnswer => format!("the sound device `{device}` does not answer"),
            Self::NeverBegan => format!("the sound device `{device}` does not begin to play"),
            Self::Gone => format!("the sound device `{device}` is gone"),
            Self::Died => format!("the sound device `{device}` or its sound server died"),
            Self::StandsStill => format!("the sound device `{device}` stands still"),
        }
    }

    /// Whether another name in the rig helps.
    #[must_use]
    pub const fn is_of_the_name(self) -> bool {
        matches!(
            self,
            Self::NoServer
                | Self::Busy
                | Self::NotThere
                | Self::NoScreen
                | Self::NoFormat
                | Self::NotOpened
                | Self::NoAnswer
        )
    }
}

/// The sound device that the rig names cannot be used.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DeviceMissing {
    /// Its ALSA name.
    pub device: String,
    pub fault: DeviceFault,
    /// The ALSA names that can be written into the rig instead, the likeliest first.
    pub others: Vec<String>,
}

impl DeviceMissing {
    /// Looks at the cards of this machine, which never blocks.
    pub(super) fn new(device: &str, fault: DeviceFault) -> Self {
        let cards = SoundCards::gather(Path::new("/")).unwrap_or_default();
        Self { device: device.to_owned(), fault, others: others(device, &cards) }
    }

    /// One clause, without a full stop.
    #[must_use]
    pub fn cause(&self) -> String {
        self.fault.cause(&self.device)
    }

    /// What to do: sentences without the last full stop. `None` if the cause says it.
    #[must_use]
    pub fn remedy(&self) -> Option<String> {
        let name = self.named();
        match self.fault {
            DeviceFault::NotPermitted => {
                let user = std::env::var("USER").unwrap_or_else(|_| "$USER".to_owned());
                Some(format!("Run `sudo usermod -aG audio {user}` and log in again"))
            }
            DeviceFault::Busy => Some(match name {
                Some(name) => {
                    format!(
                        "End that program (`sudo starcourt doctor` names it), or name another card {name}"
                    )
                }
                None => "End that program (`sudo starcourt doctor` names it)".to_owned(),
            }),
            DeviceFault::NotOpened => {
                let log = "STARCOURT_LOG=debug says why";
                Some(name.map_or(log.to_owned(), |name| format!("{log}. Name a card {name}")))
            }
            fault if fault.is_of_the_name() => name.map(|name| format!("Name a card {name}")),
            _ => None,
        }
    }

    /// `under [audio]: device = "plughw:CARD=Headphones"`, and which other cards there are.
    fn named(&self) -> Option<String> {
        let (first, rest) = self.others.split_first()?;
        let rest: Vec<String> = rest.iter().map(|other| format!("\"{other}\"")).collect();
        let or = if rest.is_empty() { String::new() } else { format!(" (or {})", rest.join(", ")) };
        Some(format!("under [audio]: device = \"{first}\"{or}"))
    }

    /// `The sound server … cannot be reached. Name a card …`, without the last full stop.
    pub(super) fn sentences(&self) -> String {
        let cause = self.cause();
        self.remedy().map_or(cause.clone(), |remedy| format!("{cause}. {remedy}"))
    }
}

/// The names of all cards but the one that does not play. The right name of the same card goes first.
fn others(device: &str, cards: &SoundCards) -> Vec<String> {
    let own = cards.of_device(device).and_then(|card| card.device());
    let mut names: Vec<String> = cards.devices().into_iter().filter(|name| name != device).collect();
    names.sort_by_key(|name| Some(name) != own.as_ref());
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn missing(fault: DeviceFault, others: &[&str]) -> DeviceMissing {
        let others = others.iter().map(|&other| other.to_owned()).collect();
        DeviceMissing { device: "default".to_owned(), fault, others }
    }

    #[test]
    fn each_fault_is_said_in_whole_sentences_and_comes_back_from_its_word() {
        for (fault, word) in DeviceFault::WORDS {
            assert_eq!(DeviceFault::of_word(fault.word()), Some(fault), "{word}");
            let told = missing(fault, &["plughw:CARD=Headphones"]).sentences();
            let is_whole = !told.ends_with('.') && !told.contains(".;") && !told.contains("..");
            assert!(is_whole && !told.starts_with(char::is_uppercase), "{told}");
        }
        assert_eq!(DeviceFault::of_word("plays"), None);
    }

    #[test]
    fn the_line_for_the_rig_names_a_card_of_this_machine() {
        let cards = ["plughw:CARD=Headphones", "sysdefault:CARD=vc4hdmi0"];
        let name = r#"Name a card under [audio]: device = "plughw:CARD=Headphones""#;
        assert_eq!(missing(DeviceFault::NoServer, &cards[..1]).remedy().as_deref(), Some(name));
        let both = format!(r#"{name} (or "sysdefault:CARD=vc4hdmi0")"#);
        assert_eq!(missing(DeviceFault::NotThere, &cards).remedy(), Some(both));
        assert_eq!(missing(DeviceFault::NoServer, &[]).remedy(), None);
        assert_eq!(missing(DeviceFault::NoCard, &cards).remedy(), None);
    }

    fn cards(text: &str) -> SoundCards {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(root.path().join("proc/asound")).unwrap();
        std::fs::write(root.path().join("proc/asound/cards"), text).unwrap();
        SoundCards::gather(root.path()).unwrap()
    }

    const JACK_AND_SCREEN: &str =
        " 0 [Headphones  ]: bcm2835 - B\n 1 [vc4hdmi0    ]: vc4-hdmi - vc4-hdmi-0\n";

    #[test]
    fn without_permission_card_or_screen_alsa_says_that_there_is_no_device() {
        let (none, both) = (SoundCards::default(), cards(JACK_AND_SCREEN));
        let screen = cards(" 0 [vc4hdmi0    ]: vc4-hdmi - vc4-hdmi-0\n");
        for (fault, device, cards, may, expected) in [
            (DeviceFault::NotThere, "default", &none, false, DeviceFault::NoCard),
            (DeviceFault::NotThere, "plughw:CARD=Device", &none, false, DeviceFault::NoCard),
            (DeviceFault::NotThere, "speaker", &none, false, DeviceFault::NotThere),
            (DeviceFault::NotThere, "default", &both, false, DeviceFault::NotPermitted),
            (DeviceFault::NotThere, "default", &both, true, DeviceFault::NotThere),
            (DeviceFault::NotThere, "default", &screen, true, DeviceFault::NoScreen),
            (DeviceFault::NotThere, "sysdefault:CARD=vc4hdmi0", &both, true, DeviceFault::NoScreen),
            (DeviceFault::NotThere, "plughw:CARD=Device", &screen, true, DeviceFault::NotThere),
            (DeviceFault::NotPermitted, "default", &both, false, DeviceFault::NotPermitted),
            (DeviceFault::NotPermitted, "default", &both, true, DeviceFault::NoServer),
            (DeviceFault::Busy, "default", &both, false, DeviceFault::Busy),
        ] {
            assert_eq!(fault.in_view_of(device, cards, may), expected, "{fault:?} {device}");
        }
    }

    #[test]
    fn a_screen_that_was_named_wrongly_gets_its_own_right_name_first() {
        let cards = cards(JACK_AND_SCREEN);
        let expected = ["sysdefault:CARD=vc4hdmi0", "plughw:CARD=Headphones"];
        assert_eq!(others("plughw:CARD=vc4hdmi0", &cards), expected);
        assert_eq!(others("plughw:CARD=Headphones", &cards), expected[..1]);
    }
}
