//! What was heard in a song, as a person reads it. Knows no files.

use std::fmt::Write as _;

use crate::analysis::{MomentKind, PartRole};
use crate::beats::{BarGrid, Beats};
use crate::commands::printed::counted;
use crate::commands::song_beats::{HeardFile, Target, words};
use crate::show::Measure;

pub(super) fn summary(
    target: &Target,
    heard: &HeardFile,
    beats: &Beats,
    measure: Measure,
    bars: &BarGrid,
) -> String {
    let song = &heard.song;
    let mut text = format!("{}: {measure}, {}\n", target.title, words::pace(beats));
    let (first, last) = (song.beats[0].at, song.beats[song.beats.len() - 1].at);
    let count = counted(song.beats.len(), "beat");
    let _ = writeln!(
        text,
        "beats    {}: {count} from {} to {}",
        words::sureness(song.beat_sureness),
        first.to_millis(),
        last.to_millis()
    );
    let _ = writeln!(text, "measure  {}", words::sureness(song.measure_sureness));
    let _ = writeln!(
        text,
        "bars     {}: the first begins at {}",
        words::sureness(song.bar_sureness),
        bars.beats[0].to_millis()
    );
    if !song.parts.is_empty() {
        text.push_str("\npart  begins     bars       energy  role\n");
    }
    for part in &song.parts {
        let from = bars.nearest(part.from).bar;
        let to = from + part.bars as i64 - 1;
        let range = format!("{from} to {to}");
        let energy = (part.energy * 100.0).round();
        let role = part.role.map_or("", PartRole::name);
        let line =
            format!("{:<4}  {:<9}  {range:<9}  {energy:>3} %   {role}", part.name, part.from.to_millis());
        let _ = writeln!(text, "{}", line.trim_end());
    }
    if !song.moments.is_empty() {
        text.push_str("\nmoment  begins     at\n");
    }
    for moment in &song.moments {
        let place = bars.nearest(moment.from);
        let (name, begins) = (moment_name(moment.kind), moment.from.to_millis());
        let _ = writeln!(text, "{name:<6}  {begins:<9}  {place}");
    }
    text.push('\n');
    if let Some(heard_to) = heard.heard_to {
        let _ = writeln!(
            text,
            "only the first {} of {} were heard: longer songs would not fit into the memory of a small Pi",
            heard_to.to_minutes(),
            heard.length.to_minutes()
        );
    }
    for (from, to) in &song.doubtful {
        let _ =
            writeln!(text, "doubtful: from {} to {} few beats are heard", from.to_minutes(), to.to_minutes());
    }
    if song.beat_sureness < words::LIKELY {
        let _ = writeln!(
            text,
            "the tempo may be half or double of that, or the beats another's; tap 16 bars to be sure: `starcourt tap {}`",
            target.typed
        );
    }
    text
}

pub(super) fn moment_name(kind: MomentKind) -> &'static str {
    match kind {
        MomentKind::Break => "break",
        MomentKind::Rise => "rise",
        MomentKind::Entry => "entry",
        MomentKind::Ending => "ending",
    }
}
