//! What `frames` and `map` lines may say, and what is told of those that are wrong.

use super::Folder;
use super::writer::Written;

fn folder() -> Folder {
    Folder::with(&Written::of(vec![vec![0, 9, 0, 0]; 20]).bytes())
}

/// `lines` have one mistake, which says `told`.
#[track_caller]
fn refused(lines: &str, told: &str) {
    let error = folder().read(lines).map(|_| ()).unwrap_err();
    assert!(error.contains(told), "{lines}: {error}");
    assert_eq!(error.matches("error: ").count(), 1, "{error}");
}

/// `lines` are read, with one warning, which says `told`.
#[track_caller]
fn warned(lines: &str, told: &str) {
    let (_, warnings) = folder().read(lines).unwrap();
    assert!(warnings.to_string().contains(told), "{lines}: {warnings}");
    assert_eq!((warnings.errors(), warnings.warnings()), (0, 1), "{warnings}");
}

#[test]
fn a_line_that_maps_nothing_it_can_is_refused() {
    refused("map 1-2 soft", "2 channels of the frames for 3");
    refused("map 1-2 a", "2 channels of the frames for 1");
    refused("map 2-1 a, b", "this range runs backward");
    refused("map 0 a", "there is no channel 0");
    refused("map 99999999999 a", "no frames have so many channels");
    refused("map x a", "`x` is no channel of the frames");
    refused("map a 1", "write `map 1  a`");
    refused("map 1", "the line ends where a channel or a group is expected");
    refused("map 1 nobody", "no channel or group `nobody`");
    refused("map 1 a b", "`b` is not expected here");
    refused("map 1 soft\nmap 2 b", "`b` is mapped twice");
    refused("map 2 d\nsection x\n  map 1 a", "`map` belongs to the head of the show");
}

#[test]
fn frames_need_maps_and_maps_need_frames() {
    refused("", "these frames light nothing");
    refused("map 1 a\nframes b.fseq", "`frames` is here twice");
    let folder = folder();
    let path = folder.path("b.show");
    std::fs::write(&path, "length 0:10\nmap 1 a\n").unwrap();
    let error = starcourt::show::load(&path, &folder.rig).unwrap_err().to_string();
    assert!(error.contains("a `map` line, but no `frames`"), "{error}");
}

#[test]
fn frames_lie_beside_their_sheet_only() {
    let folder = folder();
    let path = folder.path("b.show");
    for (name, told) in [
        ("../a.fseq", "only the name of the file is expected here"),
        ("/etc/passwd", "only the name of the file is expected here"),
        ("A.fseq", "did you mean `a.fseq`?"),
        ("none.fseq", "there is no file"),
        ("rig.show", "there is no file"),
    ] {
        std::fs::write(&path, format!("frames {name}\nmap 1 a\n")).unwrap();
        let error = starcourt::show::load(&path, &folder.rig).unwrap_err().to_string();
        assert!(error.contains(told), "{name}: {error}");
    }
}

#[test]
fn channels_that_do_nothing_are_warned_of() {
    warned("map 1 a\nmap 2 b", "channel 1 is dark in every frame");
    warned("map 3-4 a, b\nmap 2 c", "channels 3 to 4 are dark in every frame");
    warned("map 2 a\nmap 5 b", "a.fseq has no channel 5");
    let (_, told) = folder().read("map 1-3 soft").unwrap();
    assert!(told.is_empty(), "one of them does something: {told}");
}

#[test]
fn a_show_of_frames_names_its_file_and_its_channels() {
    let folder = folder();
    let show = folder.show("map 2 a, d");
    assert_eq!(show.channels().len(), 2);
    let (names, _) = starcourt::show::named_files(&folder.path("a.show")).unwrap();
    assert_eq!(names, ["a.fseq"]);
}

#[test]
fn more_than_a_million_changes_are_refused() {
    let flicker = |frame: usize| vec![(frame % 2) as u8 * 255; 2];
    let frames: Vec<_> = (0..600_000).map(flicker).collect();
    let folder = Folder::with(&Written::of(frames).bytes());
    let told = folder.read("map 1 a\nmap 2 b").unwrap_err();
    assert!(told.contains("these frames change the lights more than a million times"), "{told}");
    let told = folder.read("map 1 a").unwrap_err();
    assert!(told.contains("these frames are too large for a small Pi's memory"), "{told}");
}
