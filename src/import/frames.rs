//! FSEQ files become a sheet that plays them: its head names the file, and says which channels are which lights. Knows no
//! frame: those stay in their file.

use std::collections::BTreeMap;
use std::io::{Read, Seek};

use super::channel_map::SourceChannel;
use super::fault::{FilePlace, ImportFault, quoted};
use super::imported::{ImportRequest, Imported};
use crate::fseq::{FseqError, Sequence, SequenceFacts};
use crate::rig::ChannelId;
use crate::show::as_name;
use crate::template::can_name_music;

/// Of more channels that do something, the first ranges are told.
const RANGES_TOLD: usize = 12;

/// Below the head: what a person may write there.
const REMARK: &str = "# Cues lie over the frames, as in: 0:10 to 0:12  all  off\n";

/// A `file` of frames, which is read whole, but never in memory as a whole.
///
/// # Errors
/// What is wrong with the file or with the map, where, and what to do.
pub fn import_frames(file: impl Read + Seek, request: &ImportRequest) -> Result<Imported, ImportFault> {
    let mut sequence = Sequence::open(file).map_err(fault)?;
    let peaks = sequence.peaks().map_err(fault)?;
    let facts = sequence.facts();
    let numbers = facts.numbers().zip(&peaks).filter(|(_, peak)| **peak > 0).map(|(number, _)| number);
    let mut numbers: Vec<u32> = numbers.collect();
    numbers.sort_unstable();
    if numbers.is_empty() {
        let what = format!("every channel is dark in every frame of {}", held(facts));
        let fault = ImportFault::new(FilePlace::Whole, what);
        return Err(fault.advise("render the sequence in xLights, and import its new file"));
    }
    let rig = request.lights()?;
    // A name that is no UTF-8 comes with such letters.
    if request.file_name.contains(char::REPLACEMENT_CHARACTER) || !can_name_music(request.file_name) {
        let fault = ImportFault::new(FilePlace::Whole, "no cue sheet can name this file");
        return Err(fault.advise("rename it, and import it again"));
    }
    let channels: Vec<SourceChannel> =
        numbers.iter().map(|number| SourceChannel { number: *number, name: None }).collect();
    let found = request.map.map(&channels, rig)?;
    let mut head = vec![format!("frames  {}", as_name(request.file_name))];
    let mut driven: BTreeMap<ChannelId, u32> = BTreeMap::new();
    for mapped in &found.mapped {
        let number = numbers[mapped.source];
        for channel in &mapped.channels {
            if let Some(other) = driven.insert(*channel, number) {
                let light = quoted(&rig.channel(*channel).name);
                let what = format!("channels {other} and {number} cannot both be the light {light}");
                let fault = ImportFault::new(FilePlace::Words("--map".to_owned()), what);
                return Err(fault.advise("map one channel of the frames to each light"));
            }
        }
        head.push(format!("map     {number:<7} {}", mapped.name));
    }
    if found.mapped.is_empty() {
        let fault = ImportFault::new(FilePlace::Words("--map".to_owned()), "no channel is mapped to a light");
        return Err(fault.advise("map at least one, as in `--map 1=neon`"));
    }
    Ok(Imported {
        title: None,
        music: facts.media.clone(),
        length: Some(facts.end()),
        tempo: None,
        head,
        cues: REMARK.to_owned(),
        taken: taken(facts, &numbers, found.mapped.len()),
        left: found.left,
    })
}

/// Several files at once: frames cannot be among them.
pub(super) fn not_together() -> ImportFault {
    let fault = ImportFault::new(FilePlace::Whole, "this is an FSEQ file, and no timing track");
    fault.advise("import it alone")
}

fn fault(error: FseqError) -> ImportFault {
    let place = error.byte().map_or(FilePlace::Whole, |byte| FilePlace::Byte(byte as usize));
    ImportFault::new(place, error.what()).advise(error.what_to_do())
}

/// "1200 frames of 25 ms (0:30), with 512 channels (FSEQ 2, zstd)".
fn held(facts: &SequenceFacts) -> String {
    let SequenceFacts { version, compression, channels, frames, step, producer, .. } = facts;
    let by = producer.as_deref().map_or(String::new(), |producer| format!(", made by {}", quoted(producer)));
    format!(
        "{frames} frames of {} ms ({}), with {channels} channels (FSEQ {version}, {compression}{by})",
        step.as_millis(),
        facts.end().to_minutes()
    )
}

fn taken(facts: &SequenceFacts, numbers: &[u32], mapped: usize) -> Vec<String> {
    vec![
        held(facts),
        format!("channels that do something: {}", listed(numbers)),
        format!("{mapped} of them are mapped to lights; change the `map` lines for others"),
    ]
}

/// `1-3, 7 and 12-40`, of which each number is higher than the one before.
fn listed(numbers: &[u32]) -> String {
    let ranges: Vec<String> = numbers
        .chunk_by(|one, next| one + 1 == *next)
        .map(|range| match range {
            [one] => one.to_string(),
            several => format!("{}-{}", several[0], several[several.len() - 1]),
        })
        .collect();
    match ranges.len().checked_sub(RANGES_TOLD) {
        Some(more) if more > 0 => {
            format!("{} and {more} more ranges ({} in all)", ranges[..RANGES_TOLD].join(", "), numbers.len())
        }
        _ => ranges.join(", "),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::diagnosis::Source;
    use crate::import::ChannelMap;

    /// Version 1: three frames of six channels, of which 1, 2, 3 and 5 do something.
    const FILE: &[u8] = b"PSEQ\x1c\0\0\x01\x1c\0\x06\0\0\0\x03\0\0\0\x32\0\0\0\0\0\0\0\0\0\
        \x01\0\0\0\0\0\0\x02\0\0\0\0\0\0\x03\0\x05\0";

    fn import(bytes: &[u8], map: &[&str]) -> Result<Imported, String> {
        let text = "[channels]\nneon = { pin = 4, kind = \"ssr\" }\nleft = { pin = 5, kind = \"ssr\" }\n\
                    right = { pin = 6, kind = \"ssr\" }\n[groups]\nwindows = [\"left\", \"right\"]\n";
        let rig = crate::rig::read(&Source::new("rig.toml", text)).0.unwrap();
        let map = ChannelMap::read(map).unwrap();
        let request = ImportRequest { file_name: "my song.fseq", rig: Some(&rig), map: &map };
        import_frames(Cursor::new(bytes), &request).map_err(|fault| fault.to_string())
    }

    #[test]
    fn channels_that_do_something_are_lights_in_order_or_as_they_are_mapped() {
        let all = import(FILE, &[]).unwrap();
        let head = [
            "frames  \"my song.fseq\"",
            "map     1       neon",
            "map     2       left",
            "map     3       right",
        ];
        assert_eq!(all.head, head);
        assert!(all.taken[1].ends_with("1-3, 5"), "{:?}", all.taken);
        assert_eq!(all.left.len(), 1, "{:?}", all.left);
        let mapped = import(FILE, &["2-3=windows", "5=neon"]).unwrap();
        assert_eq!(
            mapped.head[1..],
            ["map     2       left", "map     3       right", "map     5       neon"]
        );
    }

    #[test]
    fn what_cannot_be_mapped_is_told() {
        let dark = [&FILE[..28], &[0; 18]].concat();
        for (bytes, map, told) in [
            (FILE, &["1=neon", "2=neon"][..], "channels 1 and 2 cannot both be the light `neon`"),
            (FILE, &["4=neon"], "no such channel that does something"),
            (FILE, &["1=none", "2=none", "3=none", "5=none"], "no channel is mapped to a light"),
            (&dark, &[], "every channel is dark in every frame"),
            (&FILE[..40], &[], "byte 40: the file is cut short"),
        ] {
            let fault = import(bytes, map).unwrap_err();
            assert!(fault.contains(told), "{fault}");
        }
    }
}
