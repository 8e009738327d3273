//! Names of sound devices: what people write, and how the sound library lists the same device. Pure.

/// How `name` is listed where it names a card in short, as ALSA's own tools take it: `plughw:1` and
/// `plughw:Device,0` are `plughw:CARD=1,DEV=0` and `plughw:CARD=Device,DEV=0`. `None` for any other name, and
/// for a subdevice but the first, which the library cannot open.
pub(super) fn listed(name: &str) -> Option<String> {
    let (kind, rest) = name.split_once(':').filter(|(kind, _)| matches!(*kind, "hw" | "plughw"))?;
    let (mut card, mut device, mut subdevice) = (None, "0", "0");
    for (place, argument) in rest.split(',').map(str::trim).enumerate() {
        let (key, value) =
            argument.split_once('=').unwrap_or((["CARD", "DEV", "SUBDEV"].get(place)?, argument));
        match key {
            "CARD" => card = Some(value),
            "DEV" => device = value,
            "SUBDEV" => subdevice = value,
            _ => return None,
        }
    }
    let card = card.filter(|card| !card.is_empty() && subdevice == "0")?;
    Some(format!("{kind}:CARD={card},DEV={device}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_name_is_listed_in_full() {
        for (name, expected) in [
            ("plughw:Loopback,0,0", Some("plughw:CARD=Loopback,DEV=0")),
            ("hw:1,0", Some("hw:CARD=1,DEV=0")),
            ("hw:1", Some("hw:CARD=1,DEV=0")),
            ("plughw:CARD=Device", Some("plughw:CARD=Device,DEV=0")),
            ("plughw:CARD=Device,DEV=2,SUBDEV=0", Some("plughw:CARD=Device,DEV=2")),
            ("plughw:Device,1", Some("plughw:CARD=Device,DEV=1")),
            ("hw:1,0,3", None),
            ("hw:1,0,0,0", None),
            ("hw:", None),
            ("hw:1,RATE=3", None),
            ("default", None),
            ("pulse", None),
            ("dmix:1,0", None),
        ] {
            assert_eq!(listed(name).as_deref(), expected, "{name}");
        }
    }
}
