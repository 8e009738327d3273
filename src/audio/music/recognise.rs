//! Which format a file has, by what stands in it and never by its name. Decodes nothing.

use super::adts::{self, Adts};
use super::file::MusicFile;
use super::flac::Flac;
use super::mp3::{self, Mp3};
use super::mp4::Mp4;
use super::not_opened::NotOpened;
use super::ogg::Ogg;
use super::packets::Packets;
use super::tags::after_tags;
use super::{aiff, wav};

/// The packets of `file`.
pub(super) fn packets_of(mut file: MusicFile) -> Result<Box<dyn Packets>, NotOpened> {
    let start = after_tags(&mut file)?;
    let head = file.bytes(start, 64)?.to_vec();
    let has = |at: usize, mark: &[u8]| head.get(at..).is_some_and(|head| head.starts_with(mark));
    if has(8, b"WAVE") && (has(0, b"RIFF") || has(0, b"RF64") || has(0, b"BW64")) {
        return Ok(Box::new(wav::open(file, start)?));
    }
    if has(0, b"FORM") && (has(8, b"AIFF") || has(8, b"AIFC")) {
        return Ok(Box::new(aiff::open(file, start)?));
    }
    if has(0, b"fLaC") {
        return Ok(Box::new(Flac::open(file, start)?));
    }
    if has(0, b"OggS") {
        return Ok(Box::new(Ogg::open(file, start)?));
    }
    // The last four begin files of old QuickTime.
    if [b"ftyp", b"moov", b"mdat", b"wide", b"free"].iter().any(|name| has(4, *name)) {
        return Ok(Box::new(Mp4::open(file, start)?));
    }
    if let Some(format) = other_format(&head) {
        return Err(NotOpened::OtherFormat(format));
    }
    if let Some(found) = mp3::find(&mut file, start)? {
        return Ok(Box::new(Mp3::open(file, found)?));
    }
    if let Some(found) = adts::find(&mut file, start)? {
        return Ok(Box::new(Adts::open(file, found)?));
    }
    Err(NotOpened::NotSound)
}

/// A format that is known by name and cannot be played, by the first bytes of a file.
fn other_format(head: &[u8]) -> Option<&'static str> {
    const MARKS: &[(usize, &[u8], &str)] = &[
        (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "WMA"),
        (0, b"MThd", "MIDI, notes and no sound"),
        (0, b"caff", "CAF"),
        (0, b"\x1a\x45\xdf\xa3", "WebM or Matroska"),
        (8, b"AVI ", "a video (AVI)"),
        (0, b"riff\x2e\x91\xcf\x11", "Wave64"),
        (0, b"wvpk", "WavPack"),
        (0, b"MAC ", "Monkey's Audio"),
        (0, b"MP+", "Musepack"),
        (0, b"MPCK", "Musepack"),
        (0, b"TTA1", "True Audio"),
        (0, b".snd", "AU"),
        (0, b"#!AMR", "AMR"),
        (0, b"ADIF", "AAC in ADIF"),
        (0, b"DSD ", "DSD"),
        (0, b"FRM8", "DSD"),
        (0, b"FLV\x01", "a video (Flash)"),
        (0, b"\x00\x00\x01\xba", "a video (MPEG)"),
        (0, b"\x0b\x77", "AC-3"),
        (0, b".RMF", "RealAudio"),
        (8, b"8SVX", "8SVX"),
    ];
    MARKS
        .iter()
        .find(|(at, mark, _)| head.get(*at..).is_some_and(|head| head.starts_with(mark)))
        .map(|(_, _, name)| *name)
}
