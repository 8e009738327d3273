//! Everything that reads what others wrote, each as a function of bytes that must neither panic nor hang.
//! Knows no fuzzer: libFuzzer calls these, and so does a test that replays the corpus.
//!
//! A new one is a function here with its row in [`ALL`], five lines in `fuzz_targets`, a `[[bin]]` in
//! `Cargo.toml`, and a folder in `corpus`.

use std::fs::File;
use std::io::{Cursor, Write};
use std::os::fd::AsRawFd;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use rustix::fs::{MemfdFlags, memfd_create};
use starcourt::audio::{AudioSource, inspect, measure, song_envelope};
use starcourt::diagnosis::{Diagnoses, Source};
use starcourt::envelope::{EnvelopeMeter, SongEnvelope};
use starcourt::fseq::Sequence;
use starcourt::guardian::orders;
use starcourt::import::{
    ChannelMap, ImportRequest, ImportedTempo, SheetNames, import, said_by_check, sheet_text,
};
use starcourt::ipc::{Answer, LONGEST_LINE, OrderLine};
use starcourt::lock::{Holder, KnownBy, LockInfo, Name, Pid, Refusal};
use starcourt::net_link::LinkPlan;
use starcourt::rig::{self, Rig};
use starcourt::show::{self, FilesBeside, FrameSource, Show};
use starcourt::time::{ShowTime, parse_clock_time, parse_duration, parse_offset};
use starcourt::timeline::{Playback, compile, strain};

/// What must come to an end with any bytes.
pub type Trial = fn(&[u8]);

/// Every trial, by the name of its corpus.
pub const ALL: &[(&str, Trial)] = &[
    ("audio", audio),
    ("beat_map", beat_map),
    ("import_labels", import_labels),
    ("import_midi", import_midi),
    ("import_xsq", import_xsq),
    ("import_xtiming", import_xtiming),
    ("import_lor", import_lor),
    ("import_pi_lightshow", import_pi_lightshow),
    ("ipc", ipc),
    ("cue_sheet", cue_sheet),
    ("fseq", fseq),
    ("lock_file", lock_file),
    ("musical_time", musical_time),
    ("net_plan", net_plan),
    ("orders", orders),
    ("rig", rig),
];

/// Relays that lead and rest, lights that do not, and dimmed ones.
const RIG: &str = include_str!("../../shows/rig.toml");

/// More edges than these are like those before them.
const EDGES: usize = 20_000;

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A file as `rig.toml`; a good one takes a show.
pub fn rig(bytes: &[u8]) {
    let (rig, told) = rig::read(&Source::new("rig.toml", text(bytes)));
    drop(told.to_string());
    if let Some(rig) = rig {
        plays(
            "length 0:10\n0:00  all  fade to on over 1 s\n0:02  all  chase every 200 ms for 4 s\n",
            &rig,
            "",
        );
    }
}

/// A file as a cue sheet, to its last edge.
pub fn cue_sheet(bytes: &[u8]) {
    plays(&text(bytes), &wired(), "0.5\t0.5\t\n1.0\t1.0\t\n1.6\t1.6\t\n2.3\t2.3\t\n");
}

/// A file as labels of Audacity.
pub fn import_labels(bytes: &[u8]) {
    imports(bytes);
}

/// A file as a MIDI file: its beginning is set right, or nothing behind it would be tried.
pub fn import_midi(bytes: &[u8]) {
    let rest = bytes.get(8..).unwrap_or_default();
    imports(&[b"MThd\0\0\0\x06", rest].concat());
}

/// A file as a sequence of xLights.
pub fn import_xsq(bytes: &[u8]) {
    imports(bytes);
}

/// A file as timing tracks of xLights.
pub fn import_xtiming(bytes: &[u8]) {
    imports(bytes);
}

/// Imports a file, and where that can be done, looks whether the sheet has mistakes.
fn imports(bytes: &[u8]) {
    let (rig, map) = (wired(), ChannelMap::default().with_levels(true));
    let request = ImportRequest { file_name: "song # \u{202e}.txt", rig: Some(&rig), map: &map };
    match import(bytes, &request) {
        Ok(imported) => {
            let names = SheetNames {
                origin: request.file_name,
                title: "song",
                music: None,
                length: imported.length,
                beat_map: "song-beats.txt",
            };
            let beats = imported.tempo.as_ref().and_then(ImportedTempo::beat_map).unwrap_or_default();
            let sheet = sheet_text(&imported, &names);
            let (said, _) =
                said_by_check(&sheet, &beats, Some(&rig), imported.length.unwrap_or(ShowTime::MAX));
            assert_eq!(said.errors(), 0, "{said}");
        }
        Err(fault) => assert!(!fault.to_string().is_empty(), "a message without words"),
    }
}

/// A file as a sequence of Light-O-Rama.
pub fn import_lor(bytes: &[u8]) {
    plays_imported(bytes);
}

/// A file as a song of pi-lightshow.
pub fn import_pi_lightshow(bytes: &[u8]) {
    plays_imported(bytes);
}

/// Imports a file, and plays the sheet that it makes to its last edge. That sheet has no mistakes.
fn plays_imported(bytes: &[u8]) {
    let (rig, map) = (wired(), ChannelMap::default());
    let request = ImportRequest { file_name: "song", rig: Some(&rig), map: &map };
    let Ok(imported) = import(bytes, &request) else { return };
    let beats = imported.tempo.as_ref().and_then(ImportedTempo::beat_map).unwrap_or_default();
    let length = imported.length;
    let names = SheetNames { origin: "song", title: "song", music: None, length, beat_map: "song-beats.txt" };
    let sheet = sheet_text(&imported, &names);
    let read =
        show::read("song", &Source::new("song.show", &*sheet), &rig, &|_| Ok(Source::new("b", &*beats)));
    assert!(read.is_ok(), "what was imported has mistakes");
    plays(&sheet, &rig, &beats);
}

/// The first line as a tempo, every other one as a time at which something happens.
pub fn musical_time(bytes: &[u8]) {
    let text = text(bytes);
    let mut lines = text.lines();
    let mut sheet = format!("length 24:00:00\ntempo {}\n", lines.next().unwrap_or_default());
    for line in lines {
        sheet += &format!("{line}  stars  on for 1/3 beat\n");
        let _ = (parse_duration(line), parse_offset(line));
        if let Ok(time) = parse_clock_time(line) {
            assert_eq!(parse_clock_time(&time.to_string()), Ok(time), "told and read again");
        }
    }
    plays(&sheet, &wired(), "0.5\t0.5\t\n1.0\t1.0\t\n1.6\t1.6\t\n2.3\t2.3\t\n");
}

/// A file as the labels that a beat map is made of.
pub fn beat_map(bytes: &[u8]) {
    let sheet = "length 1:00\ntempo map beats.txt, 3/4\n1.1  mall  on\n3.2& to 9.1 every 1 beat  stars  on\n";
    plays(sheet, &wired(), &text(bytes));
}

/// A file as frames under a show, and all of its channels.
pub fn fseq(bytes: &[u8]) {
    let held = Sequence::open(Cursor::new(bytes)).and_then(|mut sequence| sequence.peaks());
    drop(held.map_err(|error| error.to_string()));
    let sheet =
        "frames a.fseq\nmap 1 signs\nmap 2-3 stars, windows\n0:00.050 to 0:00.150 glow pulse every 20 ms\n";
    plays_beside(sheet, &wired(), &FramesBeside(bytes));
}

/// A file of frames in memory, and nothing else.
struct FramesBeside<'a>(&'a [u8]);

impl FilesBeside for FramesBeside<'_> {
    fn beat_map(&self, name: &str) -> anyhow::Result<Arc<Source>> {
        Ok(Source::new(name, ""))
    }

    fn frames(&self, _: &str) -> anyhow::Result<Box<dyn FrameSource + '_>> {
        Ok(Box::new(Cursor::new(self.0)))
    }
}

/// A file as music: opened, measured, played from the start and from within. A file of Ogg once more with sums
/// that fit, or nothing behind them would ever be tried.
pub fn audio(bytes: &[u8]) {
    plays_music(bytes);
    if bytes.starts_with(b"OggS") {
        plays_music(&summed(bytes));
    }
}

/// With the checksum of each page of Ogg (RFC 3533, 6) set right.
fn summed(bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let mut place = 0;
    while let Some(next) = bytes[place..].windows(4).position(|mark| mark == b"OggS") {
        place += next;
        let segments = bytes.get(place + 26).map_or(0, |segments| usize::from(*segments));
        let Some(table) = bytes.get(place + 27..place + 27 + segments) else { break };
        let end = place + 27 + segments + table.iter().map(|segment| usize::from(*segment)).sum::<usize>();
        let Some(page) = bytes.get_mut(place..end) else { break };
        page[22..26].fill(0);
        let sum = page.iter().fold(0_u32, |sum, byte| {
            (0..8).fold(sum ^ u32::from(*byte) << 24, |sum, _| {
                sum << 1 ^ if sum >> 31 == 1 { 0x04c1_1db7 } else { 0 }
            })
        });
        page[22..26].copy_from_slice(&sum.to_le_bytes());
        place = end;
    }
    bytes
}

fn plays_music(bytes: &[u8]) {
    let Ok(memory) = memfd_create("audio", MemfdFlags::CLOEXEC) else { return };
    let mut memory = File::from(memory);
    if memory.write_all(bytes).is_err() {
        return;
    }
    let file = PathBuf::from(format!("/proc/self/fd/{}", memory.as_raw_fd()));
    drop(measure(&file).map_err(|error| error.to_string()));
    drop(inspect(&file).map_err(|error| error.to_string()));
    let from = ShowTime::from_micros(2_300_000);
    drop(song_envelope(&file, from));
    drop(AudioSource { file, from, repeat: None }.render(|_, _| ()));
}

/// A line on the control socket, as an order to the instance and as an answer of it.
pub fn ipc(bytes: &[u8]) {
    let line = &bytes[..bytes.len().min(LONGEST_LINE)];
    if let Ok(order) = OrderLine::read(line) {
        let again = order.line();
        assert_eq!(OrderLine::read(again.trim_ascii_end()), Ok(order), "told and read again");
    }
    if let Ok(answer) = Answer::read(bytes) {
        assert!(Answer::read(answer.line().trim_ascii_end()).is_ok(), "told and read again");
    }
}

/// A lock file's text as an instance's own.
pub fn lock_file(bytes: &[u8]) {
    let pid = Pid::new(12_345);
    if let Some(info) = LockInfo::read(bytes, pid) {
        let again = LockInfo::read(&info.block(pid), pid).expect("its own text");
        assert_eq!(again.show, info.show, "told and read again");
        let (path, known_by) = ("/run/starcourt/starcourt.lock".into(), KnownBy::File);
        let holder = Box::new(Holder { pid, name: None, path, known_by, info });
        if let Ok(wanted) = Name::of_show("fuzz") {
            drop(Refusal::Held { wanted, holder }.to_string());
        }
    }
}

/// What an instance hands to `starcourt net`: what is taken has room for all of its slots.
pub fn net_plan(bytes: &[u8]) {
    let Ok(plan) = serde_json::from_slice::<LinkPlan>(bytes) else { return };
    if plan.check().is_ok() {
        for linked in plan.outputs() {
            let slots = linked.output.slots();
            assert!(slots.start < slots.end && slots.end <= linked.output.receiver().slots());
        }
    }
}

/// A guardian's orders.
pub fn orders(bytes: &[u8]) {
    if let Ok(patch) = orders::read(bytes) {
        assert_eq!(orders::read(&orders::write(&patch)).ok(), Some(patch), "told and read again");
    }
}

/// With a supply that is too small for all of them.
fn wired() -> Rig {
    let narrow = RIG.replace("# on_at_once = 10", "on_at_once = 5");
    rig::read(&Source::new("rig.toml", narrow)).0.expect("there is no mistake in it")
}

/// Half a minute of a low tone that grows louder and stops, again and again, at a rate that is quickly heard.
fn swelling() -> SongEnvelope {
    const RATE: u32 = 8_000;
    let mut meter = EnvelopeMeter::new(RATE, usize::MAX);
    for frame in 0..30 * RATE {
        let height = (frame % RATE * 4) as i16;
        let sample = if frame / 40 % 2 == 0 { height } else { -height };
        meter.take(sample, sample);
    }
    meter.finish()
}

/// Reads a cue sheet, and where it is one, plays it: the edges come in order and each changes something.
fn plays(sheet: &str, rig: &Rig, beats: &str) {
    let source = Source::new("fuzz.show", sheet);
    edges(show::read("fuzz", &source, rig, &|file| Ok(Source::new(file, beats))), rig);
}

/// The same with other files beside it.
fn plays_beside(sheet: &str, rig: &Rig, files: &dyn FilesBeside) {
    edges(show::read_beside("fuzz", &Source::new("fuzz.show", sheet), rig, files), rig);
}

/// Plays what was read to its last edge.
fn edges(read: Result<(Show, Diagnoses), Diagnoses>, rig: &Rig) {
    let (mut show, told) = match read {
        Ok(read) => read,
        Err(mistakes) => return drop(mistakes.to_string()),
    };
    drop(told.to_string());
    let length = show.length.unwrap_or(ShowTime::MAX);
    drop(show.cues_after(length).to_string());
    if show.follows_music() {
        static SONG: OnceLock<SongEnvelope> = OnceLock::new();
        show.follow(SONG.get_or_init(swelling));
    }
    let compiled = compile(&show, rig);
    drop(strain(&compiled.timeline, rig, length));
    let mut playback = Playback::new(Arc::new(compiled.timeline));
    let mut last = ShowTime::ZERO;
    for _ in 0..EDGES {
        let Some(edge) = playback.take_due(ShowTime::from_micros(u64::MAX)) else { return };
        assert!(edge.time >= last, "{:?} after {last:?}", edge.time);
        drop(show.bar_beat_at(edge.time));
        last = edge.time;
    }
}
