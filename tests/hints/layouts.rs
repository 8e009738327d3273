//! The hints of `layout.toml`.

use starcourt::diagnosis::{Diagnoses, Source};
use starcourt::preview::layout;

use super::Tried;

const RIG: &str = "[channels]\nneon = { pin = 4, kind = \"ssr\" }\nmoon = { pin = 18, kind = \"pwm\" }\n";

const TEXTS: &[&str] = &[
    "[lamps]\nneon = { x = \"41,5 %\", y = 20 }\n",
    "[lamps]\nneon = { x = true }\n",
    "[lamps]\nneon = { size = \"large\" }\n",
    "[lamps]\nneon = { colour = \"rad\" }\n",
    "[lamps]\nneon = { colour = 3 }\n",
    "[lamps]\nneon = { color = \"red\" }\n",
    "[lamps]\nneon = { colour = \"\" , size = \"4\" }\n",
    "[lamps]\nneom = { x = 1, y = 2 }\n",
    "[lamps]\nneon = 3\n",
    "photo = 3\n",
    "photos = \"house.jpg\"\n",
];

const BY_HAND: &[(&str, &str)] = &[
    ("photo = \"pictures/house.jpg\"\n", "photo = \"house.jpg\"\n"),
    ("[lamps]\nneon = { left = 3 }\n", "[lamps]\nneon = { x = 3 }\n"),
];

pub(super) fn try_all(tried: &mut Tried) {
    let rig = starcourt::rig::read(&Source::new("rig.toml", RIG)).0.unwrap();
    let read = |text: &str| -> Diagnoses { layout::read(&Source::new("layout.toml", text), &rig).1 };
    TEXTS.iter().for_each(|text| tried.hints(text, &read));
    BY_HAND.iter().for_each(|case| tried.by_hand(*case, &read));
}
