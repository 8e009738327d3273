//! The page in a file.

use std::fs;

use super::common::folder::Folder;
use super::common::frames::fseq;
use super::serving::{CUES, RIG, copy_sound, folder};

fn run(folder: &Folder, words: &str) -> super::common::launch::Ended {
    folder.run(&format!("preview {words} --rig rig.toml --output sim"))
}

#[test]
fn a_page_holds_its_show_its_music_and_its_photograph() {
    let folder = Folder::new(RIG);
    copy_sound(&folder, "chirp.ogg");
    folder.write("shows/porch.show", &format!("title Porch\naudio chirp.ogg\n{CUES}"));
    fs::write(folder.path("shows/porch.png"), b"\x89PNG\r\n\x1a\n and more of it").unwrap();
    run(&folder, "porch -o porch.html").with(0, &["porch.html is written"]);
    let page = folder.text("porch.html");
    assert!(page.contains("id=\"sound-data\" data-type=\"audio/ogg\">T2dnU"), "OggS");
    assert!(page.contains("id=\"photo-data\" data-type=\"image/png\">iVBORw0KGgo"));
    let others = page.replace("http://www.w3.org/", "");
    assert!(!others.contains("http://") && !others.contains("https://") && !others.contains("=\"page/"));
    run(&folder, "porch -o page.html --link").with(0, &[]);
    let linked = folder.text("page.html");
    assert!(linked.contains("\"address\":\"shows/chirp.ogg\"") && !linked.contains("id=\"sound-data\""));
    run(&folder, "porch -o shows/porch.html --link").with(0, &[]);
    assert!(folder.text("shows/porch.html").contains("\"address\":\"chirp.ogg\""));
    run(&folder, "porch -o again.html").with(0, &[]);
    assert!(folder.text("again.html") == page, "the same show is the same page");
}

#[test]
fn the_data_is_for_other_programs() {
    let folder = folder();
    run(&folder, "porch -o porch.json").with(0, &["porch.json is written"]);
    let data: serde_json::Value = serde_json::from_str(&folder.text("porch.json")).unwrap();
    assert_eq!((&data["format"], &data["name"]), (&1.into(), &"porch".into()));
}

#[test]
fn the_levels_of_frames_are_in_the_data_and_in_the_page() {
    let folder = Folder::new(RIG);
    fs::write(folder.path("shows/porch.fseq"), fseq(&[&[0, 51], &[255, 51], &[255, 102], &[0, 0]])).unwrap();
    folder.write(
        "shows/porch.show",
        "frames porch.fseq\nmap 1 neon\nmap 2 moon\n0:00.120 to 0:00.130 moon on\n",
    );
    run(&folder, "porch -o porch.json").with(0, &[]);
    let data: serde_json::Value = serde_json::from_str(&folder.text("porch.json")).unwrap();
    assert_eq!(data["length_us"], 200_000);
    let neon = serde_json::json!([[50_000, 10_000], [150_000, 0]]);
    let moon =
        serde_json::json!([[0, 2_000], [100_000, 4_000], [120_000, 10_000], [130_000, 4_000], [150_000, 0]]);
    assert_eq!((&data["channels"][0]["light"], &data["channels"][1]["light"]), (&neon, &moon));
    run(&folder, "porch -o porch.html").with(0, &["porch.html is written"]);
    assert!(folder.text("porch.html").contains("[100000,4000],[120000,10000],[130000,4000]"));
    // A drawing of it, and a table, have them, too.
    folder.run("render porch -o porch.csv --rig rig.toml --output sim").with(0, &[]);
    let table = folder.text("porch.csv");
    assert!(table.lines().any(|line| line.starts_with("100000,") && line.ends_with(",moon,400")), "{table}");
    folder.run("render porch -o porch.svg --rig rig.toml --output sim").with(0, &["porch.svg is written"]);
}

#[test]
fn what_cannot_be_written_is_refused_and_nothing_is_changed() {
    let folder = folder();
    folder.write("kept.html", "kept");
    for (words, code, told) in [
        ("porch -o kept.htm", 2, "the name must end in .html (a page that needs no starcourt) or .json"),
        ("porch -o kept", 2, ".json (for other programs)"),
        ("porch -o kept.json --link", 2, "leave --link out"),
        ("porch --link", 2, "--file <FILE>"),
        ("porch -o kept.html --port 8123", 2, "cannot be used with"),
        ("porch -o none/kept.html", 1, "there is no folder none; run: mkdir -p none"),
        ("porch -o kept.html --photo none.png", 65, "there is no such file"),
        ("porhc -o kept.html", 65, "did you mean"),
        ("porch kept.html", 2, "`starcourt preview porch -o kept.html`"),
        ("porch.ogg", 2, "did you mean `porch`?"),
        ("", 2, "which show? for example `starcourt preview porch`"),
        ("porch --port 0", 2, "--port"),
        ("porch --port 70000", 2, "expected a number from 1 to 65535"),
    ] {
        run(&folder, words).with(code, &[told]);
    }
    folder.write("shows/wrong.show", "length 0:05\n0:01 neno on\n");
    run(&folder, "wrong -o kept.html").with(65, &["did you mean `neon`?"]);
    assert_eq!(folder.text("kept.html"), "kept");
}

#[test]
fn a_port_that_is_taken_is_told() {
    let folder = folder();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    run(&folder, &format!("porch --no-browser --port {port}"))
        .with(1, &[&format!("port {port} cannot be used"), "leave --port out"]);
}
