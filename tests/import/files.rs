//! Files as other programs write them, made here.

/// Labels, a line each: start, end and text.
pub(crate) fn labels(marks: &[(f64, f64, &str)]) -> String {
    marks.iter().map(|(from, to, text)| format!("{from:.6}\t{to:.6}\t{text}\n")).collect()
}

/// Beats of 120 bpm from 0.5 s on, counted in bars of four.
pub(crate) fn beats(count: u32) -> String {
    let at = |beat: u32| 0.5 + f64::from(beat) * 0.5;
    let line = |beat: u32| format!("{0:.6}\t{0:.6}\t{1}\n", at(beat), beat % 4 + 1);
    (0..count).map(line).collect()
}

pub(crate) fn timing(name: &str, layers: &[&[(u32, u32, &str)]]) -> String {
    let mut text = format!("<timing name=\"{name}\" subType=\"\" SourceVersion=\"2024.1\">\n");
    for layer in layers {
        text += "<EffectLayer>\n";
        for (from, to, label) in *layer {
            text += &format!("<Effect label=\"{label}\" starttime=\"{from}\" endtime=\"{to}\"/>\n");
        }
        text += "</EffectLayer>\n";
    }
    text + "</timing>\n"
}

pub(crate) fn xsq(music: &str, seconds: &str, effects: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<xsequence BaseChannel=\"0\">\n<head><version>2024.1</version>\
         <song>Bells</song><mediaFile>{music}</mediaFile><sequenceTiming>25 ms</sequenceTiming>\
         <sequenceDuration>{seconds}</sequenceDuration></head>\n<DisplayElements><Element type=\"timing\" name=\"Beats\"/>\
         </DisplayElements>\n<ElementEffects><Element type=\"timing\" name=\"Beats\"><EffectLayer>{effects}</EffectLayer>\
         </Element>\n<Element type=\"model\" name=\"Arch\"><EffectLayer><Effect ref=\"0\" name=\"On\" startTime=\"0\" \
         endTime=\"500\"/></EffectLayer></Element></ElementEffects></xsequence>\n"
    )
}

/// A MIDI file of one track, 480 ticks a quarter: events with the ticks before them.
pub(crate) fn midi(events: &[(u32, Vec<u8>)]) -> Vec<u8> {
    let mut track = Vec::new();
    for (wait, event) in events {
        track.extend(number(*wait));
        track.extend(event);
    }
    track.extend(b"\0\xff\x2f\0");
    let mut bytes = Vec::from(*b"MThd\0\0\0\x06\0\0\0\x01\x01\xe0MTrk");
    bytes.extend((track.len() as u32).to_be_bytes());
    bytes.extend(track);
    bytes
}

/// Notes of a drum, each with the ticks before it and its length.
pub(crate) fn drums(notes: &[(u32, u8, u32)]) -> Vec<u8> {
    let on = |(wait, key, _): &(u32, u8, u32)| (*wait, vec![0x99, *key, 100]);
    let off = |(_, key, length): &(u32, u8, u32)| (*length, vec![0x89, *key, 0]);
    midi(&notes.iter().flat_map(|note| [on(note), off(note)]).collect::<Vec<_>>())
}

/// Seven bits a byte, the highest first.
fn number(value: u32) -> Vec<u8> {
    let sevens: Vec<u8> = (0..4).map(|place| (value >> (7 * place) & 0x7f) as u8).collect();
    let length = sevens.iter().rposition(|seven| *seven > 0).unwrap_or(0);
    (0..=length).rev().map(|place| sevens[place] | if place > 0 { 0x80 } else { 0 }).collect()
}
