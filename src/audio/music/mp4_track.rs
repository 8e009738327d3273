//! What an MP4 file says of a track: its codec, its tables, and what of it is heard. Reads no packet.

use super::adts::{FRAMES, RATES, config};
use super::boxes::{Body, BoxTable};
use super::codec::{Codec, CodecKind};
use super::not_opened::NotOpened;
use super::packets::MOST_RATE;

/// Where the tables of a track lie in `moov`.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Tables {
    /// Packets and frames each; chunks, packets each; sizes, or one for all; places of chunks.
    pub times: BoxTable,
    pub chunks: BoxTable,
    pub sizes: BoxTable,
    pub size: u32,
    pub packets: usize,
    pub places: BoxTable,
    pub places_are_long: bool,
    /// Frames of each packet, where the times do not tell.
    pub frames: Option<u32>,
}

/// The codec, tables and time scale of a track; `None` where it is no sound.
pub(super) fn track_of(
    moov: &[u8],
    track: Body<'_>,
    most_packets: usize,
) -> Result<Option<(Codec, Tables, u32)>, NotOpened> {
    let media = track.find(b"mdia").ok_or(NotOpened::NotSound)?;
    if media.find(b"hdlr").and_then(|handler| handler.long(8)) != Some(u32::from_be_bytes(*b"soun")) {
        return Ok(None);
    }
    let header = media.find(b"mdhd").ok_or(NotOpened::NotSound)?;
    let timescale = header.long(if header.byte(0) == Some(1) { 20 } else { 12 }).unwrap_or(0);
    let table = media.at(&[b"minf", b"stbl"]).ok_or(NotOpened::NotSound)?;
    let (name, entry) =
        table.find(b"stsd").and_then(|list| list.boxes(8).next()).ok_or(NotOpened::NotSound)?;
    let codec = codec_of(&name, entry)?;
    let find = |name| table.find(name);
    let tables = (|| {
        let sizes = find(b"stsz")?;
        let size = sizes.long(4)?;
        let rows = BoxTable::of(moov, sizes, 8, 4)?;
        let packets = if size == 0 { rows.count } else { sizes.long(8)? as usize };
        let (places, places_are_long) = match find(b"stco") {
            Some(places) => (BoxTable::of(moov, places, 4, 4)?, false),
            None => (BoxTable::of(moov, find(b"co64")?, 4, 8)?, true),
        };
        // Of AAC every packet makes as many, whatever is told of the last one: what pads it is heard.
        let frames = match codec.kind {
            CodecKind::Alac => (timescale != codec.rate).then(|| Body(&codec.setup).long(0).unwrap_or(0)),
            _ => Some(FRAMES),
        };
        let (times, chunks) =
            (BoxTable::of(moov, find(b"stts")?, 4, 8)?, BoxTable::of(moov, find(b"stsc")?, 4, 12)?);
        Some(Tables { times, chunks, sizes: rows, size, packets, places, places_are_long, frames })
    })();
    let tables = tables.ok_or(NotOpened::NotSound)?;
    let tables = Tables { packets: tables.packets.min(most_packets), ..tables };
    if tables.packets == 0 {
        return Err(NotOpened::Empty);
    }
    Ok(Some((codec, tables, timescale)))
}

fn codec_of(name: &[u8; 4], entry: Body<'_>) -> Result<Codec, NotOpened> {
    // A sound's entry has 28 bytes before its boxes, and QuickTime's newer ones more.
    let skip = match entry.short(8) {
        Some(1) => 28 + 16,
        Some(2) => 28 + 36,
        _ => 28,
    };
    let find = |name: &[u8; 4]| {
        let direct = entry.boxes(skip).find(|(its, _)| its == name).map(|(_, body)| body);
        direct.or_else(|| {
            let wave = entry.boxes(skip).find(|(its, _)| its == b"wave")?.1;
            wave.find(name)
        })
    };
    match name {
        b"mp4a" => aac(find(b"esds").ok_or(NotOpened::NotSound)?),
        b"alac" => {
            let cookie = find(b"alac").ok_or(NotOpened::NotSound)?;
            let (channels, rate) = (cookie.byte(13), cookie.long(24));
            let (Some(channels @ 1..=8), Some(rate @ 1..=MOST_RATE)) = (channels, rate) else {
                return Err(NotOpened::NotSound);
            };
            let setup = cookie.0.get(4..).unwrap_or_default().to_vec();
            Ok(Codec { kind: CodecKind::Alac, rate, channels: channels.into(), mask: 0, setup })
        }
        b"Opus" => Err(NotOpened::OtherFormat("Opus in MP4")),
        b"fLaC" => Err(NotOpened::OtherFormat("FLAC in MP4")),
        b"ac-3" | b"ec-3" => Err(NotOpened::OtherFormat("AC-3 in MP4")),
        b".mp3" => Err(NotOpened::OtherFormat("MP3 in MP4")),
        b"drms" | b"enca" => Err(NotOpened::OtherFormat("a song with copy protection")),
        _ => Err(NotOpened::OtherFormat("MP4 with a sound that is not known here")),
    }
}

/// From the descriptors of a stream (ISO 14496-1, 7.2.6) to its AudioSpecificConfig.
fn aac(descriptors: Body<'_>) -> Result<Codec, NotOpened> {
    let mut rest = descriptors.0.get(4..).unwrap_or_default();
    let (mut object, mut setup) = (0, &[][..]);
    while let Some((&tag, after)) = rest.split_first() {
        let length_bytes = after.iter().take(4).take_while(|byte| *byte & 0x80 != 0).count() + 1;
        let length =
            after.iter().take(length_bytes).fold(0, |length, byte| length << 7 | usize::from(byte & 0x7f));
        let body = after.get(length_bytes..).unwrap_or_default();
        // The first two hold others.
        rest = match tag {
            3 => {
                let flags = body.get(2).copied().unwrap_or(0);
                let url =
                    if flags & 0x40 != 0 { 1 + usize::from(body.get(3).copied().unwrap_or(0)) } else { 0 };
                let more =
                    if flags & 0x80 != 0 { 2 } else { 0 } + url + if flags & 0x20 != 0 { 2 } else { 0 };
                body.get(3 + more..).unwrap_or_default()
            }
            4 => {
                object = body.first().copied().unwrap_or(0);
                body.get(13..).unwrap_or_default()
            }
            5 => {
                setup = body.get(..length.min(body.len())).unwrap_or_default();
                break;
            }
            _ => body.get(length..).unwrap_or_default(),
        };
    }
    match object {
        0x40 | 0x67 => {}
        0x69 | 0x6b => return Err(NotOpened::OtherFormat("MP3 in MP4")),
        _ => return Err(NotOpened::OtherFormat("MP4 with a sound that is not known here")),
    }
    let &[first, second, ..] = setup else { return Err(NotOpened::NotSound) };
    let (profile, rate, channels) = (first >> 3, (first & 7) << 1 | second >> 7, second >> 3 & 15);
    // What follows a plain configuration may say that half the sound is told in another way.
    let is_extended =
        setup.get(2..5).is_some_and(|more| more[0] == 0x56 && more[1] == 0xe5 && more[2] & 0x80 != 0);
    if matches!(profile, 5 | 29) || is_extended {
        return Err(NotOpened::OtherFormat("HE-AAC"));
    }
    if profile != 2 || second & 4 != 0 {
        return Err(NotOpened::OtherFormat("AAC of another profile than LC"));
    }
    let Some(&frequency) = RATES.get(usize::from(rate)) else {
        return Err(NotOpened::OtherFormat("AAC of an unusual rate"));
    };
    if !(1..=2).contains(&channels) {
        return Err(NotOpened::OtherFormat("AAC with more than two channels"));
    }
    let setup = config(rate, channels);
    Ok(Codec { kind: CodecKind::Aac, rate: frequency, channels: channels.into(), mask: 0, setup })
}

/// What of a track is heard, in frames that are decoded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Edit {
    pub from: u64,
    /// The packet with this frame is the last one, and heard to its end: a time in the coarse units of the
    /// whole film does not tell better.
    pub last: u64,
}

/// By the edit list, else by what iTunes writes among the tags.
pub(super) fn edit_of(moov: Body<'_>, track: Body<'_>, rate: u32, timescale: u32) -> Edit {
    let all = Edit { from: 0, last: u64::MAX };
    edits(moov, track, rate, timescale).or_else(|| itunes(moov)).unwrap_or(all)
}

fn edits(moov: Body<'_>, track: Body<'_>, rate: u32, timescale: u32) -> Option<Edit> {
    let list = track.at(&[b"edts", b"elst"])?;
    let is_long = list.byte(0)? == 1;
    let width = if is_long { 20 } else { 12 };
    let count = list.long(4)?.min(16) as usize;
    let header = moov.find(b"mvhd")?;
    let movie_scale = header.long(if header.byte(0)? == 1 { 20 } else { 12 })?;
    let mut rows = (0..count).filter_map(|row| {
        let at = 8 + row * width;
        Some(match is_long {
            true => (list.longest(at)?, list.longest(at + 8)?.cast_signed()),
            false => (list.long(at)?.into(), list.long(at + 4)?.cast_signed().into()),
        })
    });
    // An edit at -1 is an empty one: silence before the sound.
    let heard: Vec<_> = rows.by_ref().filter(|(_, begin)| *begin >= 0).collect();
    let &(length, begin) = heard.first()?;
    let scaled = |time: u64, scale: u32| {
        let scale = u128::from(scale.max(1));
        ((u128::from(time) * u128::from(rate) + scale / 2) / scale).min(u64::MAX.into()) as u64
    };
    let from = scaled(begin.cast_unsigned(), timescale);
    // Several edits, one after another, are a film's.
    let length = if heard.len() == 1 && length > 0 { scaled(length, movie_scale) } else { u64::MAX };
    Some(Edit { from, last: from.saturating_add(length) })
}

/// ` 00000000 00000840 000001C8 0000000000091838 …`: the delay comes first, then the padding.
fn itunes(moov: Body<'_>) -> Option<Edit> {
    let lists = moov.boxes(0).filter(|(name, _)| name == b"udta").filter_map(|(_, tags)| {
        let tags = tags.find(b"meta")?;
        tags.boxes(4).find(|(name, _)| name == b"ilst").map(|(_, list)| list)
    });
    let mut tags = lists.flat_map(|list| list.boxes(0)).filter(|(name, _)| name == b"----");
    let text = tags
        .find_map(|(_, tag)| tag.find(b"name")?.0.get(4..)?.eq(b"iTunSMPB").then(|| tag.find(b"data"))?)?;
    let text = std::str::from_utf8(text.0.get(8..)?).ok()?;
    let mut numbers = text.split_ascii_whitespace().skip(1).map(|number| u64::from_str_radix(number, 16));
    let delay = numbers.next()?.ok()?;
    (delay < 16_384).then_some(Edit { from: delay, last: u64::MAX })
}
