//! What a page gets.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use rustix::process::Signal;

use super::common::folder::Folder;
use super::common::launch::{Launch, until};
use super::connection::exchange;
use super::serving::{CUES, RIG, Serving, copy_sound, folder};

#[test]
fn the_page_its_modules_and_its_show_are_there() {
    let folder = folder();
    let serving = Serving::of(&folder);
    let page = serving.read("");
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
    assert!(page.text().contains("<script type=\"module\" src=\"page/main.js\"></script>"));
    assert_eq!(serving.read("page/main.js").header("content-type"), Some("text/javascript; charset=utf-8"));
    assert_eq!(serving.read("page/style.css").header("content-type"), Some("text/css; charset=utf-8"));
    let show = serving.show();
    assert_eq!(
        show["channels"][1]["light"][0],
        serde_json::json!([2_000_000, 2_000_000, 1_000_000, 0, 8_000, "linear"])
    );
    assert_eq!(
        (&show["sound"], &show["layout"]["photo"]),
        (&serde_json::Value::Null, &serde_json::Value::Null)
    );
    assert_eq!(serving.read("sound").status, 404);
    for path in ["", "show.json", "page/main.js", "none"] {
        let answer = serving.read(path);
        let policy = answer.header("content-security-policy").unwrap();
        assert!(
            policy.starts_with("default-src 'none'; script-src 'self'") && !policy.contains("unsafe"),
            "{policy}"
        );
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cache-control", "no-store"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{path}");
        }
    }
    let head = serving.ask("HEAD", "show.json", "");
    assert_eq!((head.status, head.body.len()), (200, 0));
    serving.launch.ends_on(Signal::INT).with(0, &["porch is on this page until you press Ctrl-C"]);
}

/// Samples of 32 bits, which browsers do not play.
fn write_wide_wav(folder: &Folder, frames: u32) {
    let bytes = frames * 8;
    let mut wav = Vec::new();
    wav.extend(b"RIFF");
    wav.extend((bytes + 36).to_le_bytes());
    wav.extend(b"WAVEfmt \x10\0\0\0\x01\0\x02\0");
    wav.extend(8_000_u32.to_le_bytes());
    wav.extend(64_000_u32.to_le_bytes());
    wav.extend(b"\x08\0\x20\0data");
    wav.extend(bytes.to_le_bytes());
    wav.extend((0..2 * frames).flat_map(|sample| ((sample % 30_000) as i32 * 65_536).to_le_bytes()));
    fs::write(folder.path("shows/wide.wav"), wav).unwrap();
}

#[test]
fn music_is_sent_from_any_place_of_it() {
    let folder = Folder::new(RIG);
    copy_sound(&folder, "chirp.flac");
    write_wide_wav(&folder, 20_000);
    folder.write("shows/porch.show", &format!("audio chirp.flac\n{CUES}"));
    folder.write("shows/wide.show", &format!("audio wide.wav\nlength 0:10\n{CUES}"));
    let serving = Serving::of(&folder);
    let file = fs::read(folder.path("shows/chirp.flac")).unwrap();
    assert_eq!(serving.show()["sound"]["address"], "sound");
    check_ranges(&serving, "audio/flac", &file);
    let serving = Serving::with(&folder, "preview wide --rig rig.toml --output sim --no-browser");
    assert_eq!(serving.show()["sound"]["type"], "audio/wav");
    let all = serving.read("sound").body;
    assert_eq!(all.len(), 44 + 20_000 * 4, "two channels of 16 bits");
    check_ranges(&serving, "audio/wav", &all);
}

fn check_ranges(serving: &Serving, media_type: &str, all: &[u8]) {
    let length = all.len();
    let whole = serving.read("sound");
    assert_eq!((whole.status, whole.header("content-type")), (200, Some(media_type)));
    assert_eq!(whole.header("accept-ranges"), Some("bytes"));
    assert!(whole.body == all);
    for (range, from, to) in [
        ("0-".to_owned(), 0, length),
        ("1-1".to_owned(), 1, 2),
        ("5001-9003".to_owned(), 5_001, 9_004),
        ("-7".to_owned(), length - 7, length),
        (format!("{}-", length - 1), length - 1, length),
    ] {
        let part = serving.ask("GET", "sound", &format!("Range: bytes={range}\r\n"));
        assert_eq!(part.status, 206, "{range}");
        assert_eq!(part.header("content-range"), Some(&*format!("bytes {from}-{}/{length}", to - 1)));
        assert!(part.body == all[from..to], "{range}");
    }
    let beyond = serving.ask("GET", "sound", &format!("Range: bytes={length}-\r\n"));
    assert_eq!((beyond.status, beyond.header("content-range")), (416, Some(&*format!("bytes */{length}"))));
}

#[test]
fn a_photograph_beside_the_show_is_found() {
    let folder = folder();
    let picture = b"\x89PNG\r\n\x1a\n and more of it";
    fs::write(folder.path("shows/porch.png"), picture).unwrap();
    let serving = Serving::of(&folder);
    assert_eq!(serving.show()["layout"]["photo"], "photo");
    let photo = serving.read("photo");
    assert_eq!((photo.header("content-type"), &*photo.body), (Some("image/png"), &picture[..]));
}

/// A person at a screen gets a browser; over SSH they get the tunnel.
#[test]
fn the_browser_opens_where_the_person_is() {
    let folder = folder();
    fs::create_dir(folder.path("bin")).unwrap();
    folder.write("bin/xdg-open", "#!/bin/sh\nprintf %s \"$1\" > opened.part\nmv opened.part opened\n");
    fs::set_permissions(folder.path("bin/xdg-open"), fs::Permissions::from_mode(0o755)).unwrap();
    let mut command = folder.command("preview porch --rig rig.toml --output sim");
    command.env("PATH", format!("{}:/usr/bin:/bin", folder.path("bin").display()));
    command.env("DISPLAY", ":0").env_remove("SSH_CONNECTION");
    let launch = Launch::of(command);
    until("opened", || folder.path("opened").exists());
    let said = launch.said();
    let address = said.lines().find(|line| line.contains("http")).unwrap().trim();
    let (port, secret) = address.strip_prefix("http://127.0.0.1:").unwrap().split_once('/').unwrap();
    // Everybody on this machine sees the command line of the browser.
    let opened = folder.text("opened");
    assert!(!opened.contains(secret.trim_end_matches('/')), "{opened}");
    let path = opened.strip_prefix(&format!("http://127.0.0.1:{port}")).unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n");
    let ask = || exchange(port.parse().unwrap(), request.as_bytes()).unwrap();
    let first = ask();
    assert_eq!((first.status, first.header("location")), (303, Some(&*format!("/{secret}"))));
    assert_eq!(ask().status, 404, "once");
    drop(launch);
    fs::remove_file(folder.path("opened")).unwrap();
    let mut command = folder.command("preview porch --rig rig.toml --output sim --port 0");
    command.env("SSH_CONNECTION", "10.0.0.2 50000 10.0.0.9 22").env("USER", "pi").env("DISPLAY", ":10");
    Launch::of(command).end().with(2, &["--port"]);
    let mut command = folder.command("preview porch --rig rig.toml --output sim");
    command.env("SSH_CONNECTION", "10.0.0.2 50000 10.0.0.9 22").env("USER", "pi").env("DISPLAY", ":10");
    let launch = Launch::of(command);
    until("told", || launch.said().contains("leave it open"));
    let said = launch.said();
    let port = said.split("http://127.0.0.1:").nth(1).unwrap().split('/').next().unwrap();
    assert!(said.contains(&format!("\n  ssh -L {port}:127.0.0.1:{port} pi@10.0.0.9\n")), "{said}");
    assert!(!folder.path("opened").exists());
}
