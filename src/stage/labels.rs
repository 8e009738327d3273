//! Names that are too long for their places, cut so that they can still be told apart. Pure.

use std::collections::BTreeMap;

use super::words::{cut, width_of};

/// What names are made of words with.
const BETWEEN_WORDS: [char; 2] = ['_', '-'];

/// Each of `names` in `room` columns: whole, else cut at its end. Names that would be alike are cut at their common
/// beginning instead.
pub(super) fn labels(names: &[&str], room: usize) -> Vec<String> {
    let mut labels: Vec<String> = names.iter().map(|name| cut(name, room)).collect();
    let mut alike = BTreeMap::<&str, Vec<usize>>::new();
    for (index, label) in labels.iter().enumerate().filter(|(index, label)| *label != names[*index]) {
        alike.entry(label).or_default().push(index);
    }
    // A letter and two ellipses take three columns.
    let alike: Vec<Vec<usize>> = alike.into_values().filter(|group| group.len() > 1 && room >= 3).collect();
    for group in alike {
        let group_names: Vec<&str> = group.iter().map(|index| names[*index]).collect();
        for (index, label) in group.iter().zip(ends(&group_names, room)) {
            labels[*index] = label;
        }
    }
    labels
}

/// Names that begin alike, without that beginning; with as much of it as there is room for, in whole words.
fn ends(names: &[&str], room: usize) -> Vec<String> {
    let common = common_beginning(names);
    let rests: Vec<&str> = names.iter().map(|name| &name[common..]).collect();
    let mut starts = names[0][..common].match_indices(BETWEEN_WORDS).map(|(at, sign)| at + sign.len());
    let fits = |start: &usize| names.iter().all(|name| width_of(&name[*start..]) < room);
    match starts.find(fits) {
        Some(start) => names.iter().map(|name| format!("…{}", &name[start..])).collect(),
        None => labels(&rests, room - 1).into_iter().map(|rest| format!("…{rest}")).collect(),
    }
}

/// How many bytes of all `names` are the same.
fn common_beginning(names: &[&str]) -> usize {
    let first = names.first().copied().unwrap_or_default();
    let is_common = |end: &usize| names.iter().all(|name| name.get(..*end) == first.get(..*end));
    let ends = first.char_indices().map(|(at, letter)| at + letter.len_utf8());
    ends.take_while(is_common).last().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(names: &[&str], room: usize, expected: &[&str]) {
        assert_eq!(labels(names, room), expected, "{names:?} in {room}");
    }

    #[test]
    fn what_fits_is_whole_and_what_does_not_is_cut_at_its_end() {
        check(&["neon", "windows-left", "star"], 8, &["neon", "windows…", "star"]);
    }

    #[test]
    fn names_that_begin_alike_are_told_apart_by_their_ends() {
        check(&["lamp_number_1", "lamp_number_28"], 10, &["…number_1", "…number_28"]);
        check(&["lamp_number_1", "lamp_number_28"], 6, &["…1", "…28"]);
        check(&["garland-left", "garland-right", "roof-left"], 9, &["…left", "…right", "roof-left"]);
    }

    #[test]
    fn names_that_go_on_for_long_are_cut_again() {
        check(
            &["window_upper_left_outside", "window_upper_left_inside", "window_lower"],
            9,
            &["…outside", "…inside", "window_l…"],
        );
        check(&["fence_post_lamp_a_long", "fence_post_lamp_b_long"], 6, &["…a_lo…", "…b_lo…"]);
    }

    #[test]
    fn no_room_is_too_small() {
        for room in 0..6 {
            for label in labels(&["lamp_number_1", "lamp_number_2", "lamp_number_2"], room) {
                assert!(width_of(&label) <= room, "{label} in {room}");
            }
        }
    }
}
