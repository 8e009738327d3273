//! What is different between two rigs, in words. Reads no file.

use super::{Active, Channel, Rig};

/// What is different in `after`, a line each; empty if nothing is.
#[must_use]
pub fn changes(before: &Rig, after: &Rig) -> Vec<String> {
    let named = |rig: &Rig, name: &str| rig.channels.iter().find(|channel| channel.name == name).cloned();
    let mut changes = Vec::new();
    for channel in &after.channels {
        match named(before, &channel.name) {
            None => changes.push(format!("`{}` on {} is new", channel.name, after.place(channel.address))),
            Some(earlier) if earlier != *channel => {
                let places = [before.place(earlier.address), after.place(channel.address)];
                changes.push(of_channel(&earlier, channel, &places));
            }
            Some(_) => {}
        }
    }
    let gone = before.channels.iter().filter(|channel| named(after, &channel.name).is_none());
    let is_gone =
        |channel: &Channel| format!("`{}` on {} is gone", channel.name, before.place(channel.address));
    changes.extend(gone.map(is_gone));
    let settings = [
        ("the expanders have changed", before.expanders != after.expanders),
        ("the groups have changed", before.groups != after.groups),
        ("the buttons have changed", before.buttons != after.buttons),
        ("`[audio]` has changed", before.audio != after.audio),
        ("`[limits]` has changed", before.limits != after.limits),
        ("`stop_fade` has changed", before.stop_fade != after.stop_fade),
    ];
    changes.extend(settings.into_iter().filter(|(_, is_so)| *is_so).map(|(words, _)| words.to_owned()));
    if changes.is_empty() && before != after {
        changes.push("its settings, or the order of its channels, have changed".to_owned());
    }
    changes
}

/// `places` are where it was and where it is.
fn of_channel(before: &Channel, after: &Channel, [was, is]: &[String; 2]) -> String {
    let active = |channel: &Channel| match channel.active {
        Active::Low => "low",
        Active::High => "high",
    };
    let mut words = Vec::new();
    if before.address != after.address {
        match was == is {
            true => words.push(format!("is on {is}, which has other pins or another length")),
            false => words.push(format!("is on {is} (before: {was})")),
        }
    }
    if before.kind != after.kind {
        words.push(format!("has kind \"{}\" (before: \"{}\")", after.kind.name(), before.kind.name()));
    }
    if before.active != after.active {
        words.push(format!("has active = \"{}\" (before: \"{}\")", active(after), active(before)));
    }
    let Channel { address, kind, active, .. } = after.clone();
    if (Channel { address, kind, active, ..before.clone() }) != *after {
        words.push("has other settings".to_owned());
    }
    format!("`{}` {}", after.name, words.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::Source;
    use crate::rig::read;

    fn rig(text: &str) -> Rig {
        let (rig, told) = read(&Source::new("rig.toml", text));
        rig.unwrap_or_else(|| panic!("{told}"))
    }

    const RIG: &str = "[channels]\nneon = { pin = 4, kind = \"relay\", active = \"low\" }\nstar = { pin = 27, kind = \"pwm\" }\n";

    #[test]
    fn a_channel_on_an_expander_is_told_by_its_words() {
        let before = "[expanders]\nboard = { chip = \"74hc595\", data = 10, clock = 11, latch = 8, oe = 25 }\n\
                      [channels]\nneon = { out = \"board.3\", kind = \"relay\" }\n";
        for (text, expected) in [
            (before.replace("board.3", "board.4"), vec!["`neon` is on board.4 (before: board.3)"]),
            (
                before.replace("latch = 8", "latch = 7"),
                vec![
                    "`neon` is on board.3, which has other pins or another length",
                    "the expanders have changed",
                ],
            ),
        ] {
            assert_eq!(changes(&rig(before), &rig(&text)), expected);
        }
    }

    #[test]
    fn each_change_is_a_line_and_the_same_is_none() {
        let before = rig(RIG);
        for (text, expected) in [
            (RIG.to_owned(), vec![]),
            (RIG.replace("27", "22"), vec!["`star` is on GPIO 22 (before: GPIO 27)"]),
            (RIG.replace("\"pwm\"", "\"ssr\""), vec!["`star` has kind \"ssr\" (before: \"pwm\")"]),
            (
                RIG.replace("pin = 4, kind = \"relay\", active = \"low\"", "pin = 5, kind = \"relay\""),
                vec!["`neon` is on GPIO 5 (before: GPIO 4), has active = \"high\" (before: \"low\")"],
            ),
            (RIG.replace("\"low\"", "\"low\", min_on = \"9 s\""), vec!["`neon` has other settings"]),
            (RIG.replace("star", "tree"), vec!["`tree` on GPIO 27 is new", "`star` on GPIO 27 is gone"]),
            (format!("{RIG}[audio]\ndevice = \"hw:1\"\n"), vec!["`[audio]` has changed"]),
            (format!("stop_fade = \"2 s\"\n{RIG}"), vec!["`stop_fade` has changed"]),
            (
                format!("release = \"input\"\n{RIG}"),
                vec!["its settings, or the order of its channels, have changed"],
            ),
        ] {
            assert_eq!(changes(&before, &rig(&text)), expected, "{text}");
        }
    }
}
