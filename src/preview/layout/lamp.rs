//! Where one lamp hangs. Plain values.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use super::colour::Colour;

/// Everything that the file says.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct LampLayout {
    /// The name of a photograph beside it.
    pub photo: Option<String>,
    /// Those that were placed, with the names of their channels.
    pub lamps: Vec<(String, Lamp)>,
}

/// A lamp on the photograph; what is not said is the page's choice.
#[derive(Clone, Copy, PartialEq, Debug, Default, Serialize)]
pub struct Lamp {
    /// The lamp's middle, in per cent of the photograph's width.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub x: Option<f64>,
    /// In per cent of its height.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub y: Option<f64>,
    /// In per cent of its width.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub colour: Option<Colour>,
}

/// The lamps as a page reads them: by name.
pub(in crate::preview) fn by_name<S: Serializer>(
    lamps: &[(String, Lamp)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(lamps.len()))?;
    for (name, lamp) in lamps {
        map.serialize_entry(name, lamp)?;
    }
    map.end()
}
