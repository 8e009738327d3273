//! What each part is in its song: intro, verse, chorus, break, finale. Told from which parts come again and how much energy
//! they have. Knows no sound.

use super::findings::PartRole;
use super::parts::PartBars;

/// A chorus has so much more energy than the mean part.
const MORE: f32 = 0.1;
/// A break has so much less energy than the parts before and after.
const MUCH_LESS: f32 = 0.3;
/// A finale has so much energy.
const FULL: f32 = 0.6;

/// The role of each part; `None` where it cannot be told.
pub(super) fn roles(parts: &[PartBars]) -> Vec<Option<PartRole>> {
    if parts.len() < 3 {
        return vec![None; parts.len()];
    }
    let kinds = parts.iter().map(|part| part.kind).max().map_or(0, |kind| kind + 1);
    let of_kind = |kind: usize| parts.iter().filter(move |part| part.kind == kind);
    let energy_of = |kind: usize| {
        let bars: usize = of_kind(kind).map(|part| part.bars).sum();
        of_kind(kind).map(|part| part.energy * part.bars as f32).sum::<f32>() / bars.max(1) as f32
    };
    let again: Vec<usize> = (0..kinds).filter(|kind| of_kind(*kind).count() > 1).collect();
    let chorus = again.iter().copied().max_by(|one, other| energy_of(*one).total_cmp(&energy_of(*other)));
    let bars: usize = parts.iter().map(|part| part.bars).sum();
    let mean = parts.iter().map(|part| part.energy * part.bars as f32).sum::<f32>() / bars.max(1) as f32;
    let chorus = chorus.filter(|kind| energy_of(*kind) > mean + MORE);
    let last = parts.len() - 1;
    let role = |place: usize| {
        let part = &parts[place];
        let less_than = |other: usize| part.energy + MUCH_LESS < parts[other].energy;
        if Some(part.kind) == chorus {
            return Some(PartRole::Chorus);
        }
        match place {
            0 if less_than(1) || !again.contains(&part.kind) => Some(PartRole::Intro),
            _ if place == last => (part.energy > FULL).then_some(PartRole::Finale),
            _ if place > 0 && less_than(place - 1) && less_than(place + 1) => Some(PartRole::Break),
            _ if again.contains(&part.kind) => Some(PartRole::Verse),
            _ => None,
        }
    };
    (0..parts.len()).map(role).collect()
}
