//! Every change of a level in a part of a show, as the trace of a show that is never late has them. Knows no files.

use std::sync::Arc;

use crate::level::Level;
use crate::output::trace::Record;
use crate::rig::{Address, ChannelId, Rig};
use crate::time::{Mono, ShowTime};
use crate::timeline::{Playback, Timeline};

/// The changes from the safe levels to those at `from`, up to `to`, and back to the safe levels; of channels whose output is
/// among `driven`. Instants are counted from the beginning of the part.
pub(super) fn changes(
    timeline: &Timeline,
    rig: &Rig,
    driven: &[Address],
    from: ShowTime,
    to: ShowTime,
) -> Vec<Record> {
    let is_driven: Vec<bool> = rig.addresses().map(|address| driven.contains(&address)).collect();
    let channels = || rig.channel_ids().filter(|id| is_driven[id.index()]);
    let mut shown: Vec<Level> = rig.channels.iter().map(|channel| channel.safe).collect();
    let mut changes = Vec::new();
    let mut show = |channel: ChannelId, level: Level, time: ShowTime| {
        if level != shown[channel.index()] {
            shown[channel.index()] = level;
            let due = Mono::from_nanos((time - from).as_nanos() as u64);
            changes.push(Record::Level { channel, level, show: time, due, written: due });
        }
    };
    for channel in channels() {
        show(channel, timeline.level_at(channel, from), from);
    }
    let mut playback = Playback::new(Arc::new(timeline.clone()));
    playback.seek(from);
    let last = ShowTime::from_micros(to.micros().saturating_sub(1));
    while let Some(edge) = playback.take_due(last) {
        if is_driven[edge.channel.index()] {
            show(edge.channel, edge.level, edge.time);
        }
    }
    for channel in channels() {
        show(channel, rig.channel(channel).safe, to);
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::Source;
    use crate::rig;
    use crate::show;
    use crate::timeline::compile;

    const RIG: &str = "[channels]
neon = { pin = 4, kind = \"ssr\", safe = \"100 %\" }
star = { pin = 17, kind = \"ssr\" }
moon = { pin = 18, kind = \"pwm\" }
";

    /// From `from` to `to`, in seconds: `TIME CHANNEL LEVEL`, with tenths of a second and per cent.
    #[track_caller]
    fn check(driven: usize, [from, to]: [u64; 2], expected: &[&str]) {
        let rig = rig::read(&Source::new("rig.toml", RIG)).0.unwrap();
        let sheet = "length 0:10\n0:01 star on\n0:02 moon 40 %\n0:02 neon on\n0:04 star off\n";
        let none = |_: &str| Err(anyhow::anyhow!("no file"));
        let (show, _) = show::read("test", &Source::new("test.show", sheet), &rig, &none).unwrap();
        let timeline = compile(&show, &rig).timeline;
        let at = |seconds: u64| ShowTime::from_micros(seconds * 1_000_000);
        let driven: Vec<Address> = rig.addresses().take(driven).collect();
        let told = changes(&timeline, &rig, &driven, at(from), at(to)).into_iter().map(|change| {
            let Record::Level { channel, level, show, due, written } = change else { panic!("{change:?}") };
            assert_eq!(due.nanos(), (show.micros() - from * 1_000_000) * 1_000);
            assert_eq!(due, written);
            format!("{} {} {level}", show.micros() / 1_000_000, rig.channel(channel).name)
        });
        assert_eq!(told.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_part_begins_and_ends_at_the_safe_levels() {
        let whole =
            ["0 neon 0 %", "1 star 100 %", "2 neon 100 %", "2 moon 40 %", "4 star 0 %", "10 moon 0 %"];
        check(3, [0, 10], &whole);
        check(
            3,
            [1, 4],
            &["1 neon 0 %", "1 star 100 %", "2 neon 100 %", "2 moon 40 %", "4 star 0 %", "4 moon 0 %"],
        );
        check(3, [3, 4], &["3 star 100 %", "3 moon 40 %", "4 star 0 %", "4 moon 0 %"]);
    }

    #[test]
    fn channels_of_other_shows_are_left_out() {
        check(1, [0, 10], &["0 neon 0 %", "2 neon 100 %"]);
    }
}
