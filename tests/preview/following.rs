//! What is saved while the page is open.

use std::fs;

use rustix::process::Signal;

use super::common::frames::fseq;
use super::common::launch::until;
use super::serving::{CUES, Serving, copy_sound, folder};

#[test]
fn each_save_is_told_and_the_last_good_show_stays() {
    let folder = folder();
    let serving = Serving::of(&folder);
    let mut events = serving.events();
    assert_eq!(events.next().0, "show", "how things are comes first");
    folder.write("shows/porch.show", &format!("title Second\nlength 0:10\n{CUES}"));
    assert_eq!(events.next_of("show")["edition"], 2);
    let show = serving.show();
    assert_eq!((&show["title"], &show["edition"]), (&"Second".into(), &2.into()));
    folder.write("shows/porch.show", &format!("title Third\nlength 0:10\n{CUES}4.1 noen on\n"));
    let mistakes = events.next_of("mistakes");
    assert_eq!(
        (&mistakes["told"][0]["line"], &mistakes["told"][0]["severity"]),
        (&7.into(), &"error".into())
    );
    let text = mistakes["text"].as_str().unwrap();
    assert!(text.contains("did you mean `neon`?") && text.contains("4.1 noen on"), "{text}");
    assert_eq!(serving.show()["title"], "Second", "the last show without mistakes");
    let mut later = serving.events();
    assert_eq!(
        (later.next().0, later.next().0),
        ("show".into(), "mistakes".into()),
        "a page that comes later"
    );
    folder.write("shows/porch.show", &format!("title Second\nlength 0:10\n{CUES}"));
    events.next_of("mended");
    folder.write("shows/porch.show", &format!("title Fourth\nlength 0:10\n{CUES}"));
    events.next_of("show");
    assert_eq!(serving.show()["title"], "Fourth");
    assert!(serving.launch.told().contains("did you mean `neon`?"), "the terminal tells it, too");
}

#[test]
fn other_music_and_another_photograph_have_other_addresses() {
    let folder = folder();
    copy_sound(&folder, "chirp.ogg");
    folder.write("shows/porch.show", "audio chirp.ogg\nlength 0:10\n0:01 neon on\n");
    let picture = b"\x89PNG\r\n\x1a\n and more of it";
    fs::write(folder.path("shows/porch.png"), picture).unwrap();
    let serving = Serving::of(&folder);
    let addresses = || {
        let show = serving.show();
        [&show["sound"]["address"], &show["layout"]["photo"]]
            .map(|address| address.as_str().unwrap().to_owned())
    };
    assert_eq!(addresses(), ["sound", "photo"]);
    fs::write(folder.path("shows/porch.png"), [&picture[..], b"!"].concat()).unwrap();
    until("followed", || addresses() == ["sound", "photo?1"]);
    copy_sound(&folder, "chirp.flac");
    fs::rename(folder.path("shows/chirp.flac"), folder.path("shows/chirp.ogg")).unwrap();
    until("followed", || addresses() == ["sound?1", "photo?1"]);
    assert_eq!(serving.show()["sound"]["type"], "audio/flac", "by what is in the file");
    assert_eq!(
        (serving.read("sound?1").status, serving.read("photo?1").body.len()),
        (200, picture.len() + 1)
    );
}

#[test]
fn other_frames_are_followed_and_broken_ones_are_told() {
    let folder = folder();
    let save = |frames: &[u8]| {
        fs::write(folder.path("shows/new.fseq"), frames).unwrap();
        fs::rename(folder.path("shows/new.fseq"), folder.path("shows/porch.fseq")).unwrap();
    };
    save(&fseq(&[&[51], &[102]]));
    folder.write("shows/porch.show", "frames porch.fseq\nmap 1 moon\n");
    let serving = Serving::of(&folder);
    let mut events = serving.events();
    events.next_of("show");
    let moon = || serving.show()["channels"][1]["light"].clone();
    assert_eq!(moon(), serde_json::json!([[0, 2_000], [50_000, 4_000], [100_000, 0]]));
    save(&fseq(&[&[255], &[51]]));
    events.next_of("show");
    let changed = serde_json::json!([[0, 10_000], [50_000, 2_000], [100_000, 0]]);
    assert_eq!(moon(), changed);
    save(b"PSEQ");
    let mistakes = events.next_of("mistakes");
    assert!(mistakes["told"][0]["title"].as_str().unwrap().contains("cut short"), "{mistakes}");
    assert_eq!(moon(), changed, "the last show without mistakes");
    fs::remove_file(folder.path("shows/porch.fseq")).unwrap();
    until("told", || serving.launch.told().contains("there is no file"));
    save(&fseq(&[&[0], &[255]]));
    events.next_of("show");
    assert_eq!(moon(), serde_json::json!([[50_000, 10_000], [100_000, 0]]));
}

#[test]
fn another_rig_is_followed() {
    let folder = folder();
    let serving = Serving::of(&folder);
    let mut events = serving.events();
    events.next_of("show");
    folder.write("rig.toml", &format!("{}\nstar = [\"neon\"]\n", super::serving::RIG.trim_end()));
    events.next_of("show");
    assert_eq!(serving.show()["groups"][1]["name"], "star");
}

#[test]
fn ctrl_c_ends_it_while_pages_are_open() {
    for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
        let folder = folder();
        let serving = Serving::of(&folder);
        let mut events: Vec<_> = (0..5).map(|_| serving.events()).collect();
        events.iter_mut().for_each(|events| _ = events.next());
        serving.launch.ends_on(signal).with(0, &[]);
    }
}

/// Music of hours takes a minute to decode.
#[test]
fn neither_pages_nor_ctrl_c_wait_for_music() {
    let folder = folder();
    copy_sound(&folder, "chirp.ogg");
    folder.write("shows/porch.show", "audio chirp.ogg\n0:00 neon on\n");
    let serving = Serving::of(&folder);
    let mut events = serving.events();
    events.next_of("show");
    let used = || {
        let stat = fs::read_to_string(format!("/proc/{}/stat", serving.launch.pid())).unwrap();
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
        fields[11].parse::<u64>().unwrap() // ticks of 10 ms
    };
    let before = used();
    write_hours_of_silence(&folder.path("shows/long.wav"));
    fs::rename(folder.path("shows/long.wav"), folder.path("shows/chirp.ogg")).unwrap();
    until("decoding", || used() > before + 50);
    assert_eq!(serving.show()["edition"], 1);
    assert_eq!(serving.put(r#"{"lamps":{"neon":{"x":1,"y":2}}}"#).status, 200);
    events.next_of("layout");
    assert_eq!(serving.show()["layout"]["lamps"]["neon"]["x"], 1.0);
    serving.launch.ends_on(Signal::INT).with(0, &[]);
    assert!(!events.any_left("show"), "it ended before the music was decoded");
}

/// They take no room on the disk.
fn write_hours_of_silence(path: &std::path::Path) {
    const SAMPLES: u32 = 1_000_000_000; // bytes: 17 hours
    let mut head = Vec::new();
    head.extend(b"RIFF");
    head.extend((SAMPLES + 36).to_le_bytes());
    head.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    head.extend(8_000_u32.to_le_bytes());
    head.extend(16_000_u32.to_le_bytes());
    head.extend(b"\x02\0\x10\0data");
    head.extend(SAMPLES.to_le_bytes());
    fs::write(path, &head).unwrap();
    fs::File::options().write(true).open(path).unwrap().set_len(u64::from(SAMPLES) + 44).unwrap();
}
