//! Lamps that a person moves on the page, and in the file.

use std::fs;
use std::os::unix::fs::symlink;

use super::common::launch::until;
use super::serving::{Serving, folder};

#[test]
fn a_lamp_that_is_moved_is_kept_in_the_file() {
    let folder = folder();
    let serving = Serving::of(&folder);
    let answer = serving.put(r##"{"lamps":{"neon":{"x":41.5,"y":20,"size":4,"colour":"#ffd9a0"}}}"##);
    assert_eq!((answer.status, &*answer.text()), (200, "{}"));
    let text = folder.text("layout.toml");
    assert!(text.starts_with("# Where the lamps hang"), "{text}");
    assert!(
        text.ends_with("[lamps]\nneon = { x = 41.5, y = 20.0, size = 4.0, colour = \"#ffd9a0\" }\n"),
        "{text}"
    );
    until("followed", || serving.show()["layout"]["lamps"]["neon"]["x"] == 41.5);
    folder.write("layout.toml", &text.replace("41.5", "7 ").replace("[lamps]", "[lamps] # mine"));
    until("followed", || serving.show()["layout"]["lamps"]["neon"]["x"] == 7.0);
    assert_eq!(serving.put(r#"{"lamps":{"moon":{"x":1,"y":2}}}"#).status, 200);
    let text = folder.text("layout.toml");
    assert!(
        text.contains("[lamps] # mine\nneon = { x = 7 ,") && text.ends_with("moon = { x = 1.0, y = 2.0 }\n"),
        "{text}"
    );
}

#[test]
fn a_layout_with_mistakes_is_told_and_left_alone() {
    let folder = folder();
    let mistaken = "[lamps]\nneon = { x = 400, y = 20 }\n";
    folder.write("layout.toml", mistaken);
    folder
        .run("preview porch --rig rig.toml --output sim --no-browser")
        .with(65, &["`x` of lamp `neon` is out of range", "layout.toml:2:14", "it goes from 0 to 100"]);
    folder.write("layout.toml", "[lamps]\nneon = { x = 40, y = 20 }\nsun = { x = 1, y = 1 }\n");
    let serving = Serving::of(&folder);
    let told = serving.show()["told"].to_string();
    assert!(told.contains("the rig has no channel `sun`") && told.contains("layout.toml"), "{told}");
    let mut events = serving.events();
    folder.write("layout.toml", mistaken);
    assert_eq!(events.next_of("mistakes")["told"][0]["file"], "layout.toml");
    let answer = serving.put(r#"{"lamps":{"neon":{"x":1,"y":2}}}"#);
    assert_eq!(answer.status, 409, "{}", answer.text());
    assert_eq!(folder.text("layout.toml"), mistaken);
    assert_eq!(serving.show()["layout"]["lamps"]["neon"]["x"], 40.0);
    folder.write("layout.toml", "[lamps]\nneon = { x = 41, y = 20 }\n");
    events.next_of("mended");
}

#[test]
fn what_is_no_layout_changes_nothing() {
    let folder = folder();
    let serving = Serving::of(&folder);
    for json in [
        "",
        "{}",
        r#"{"lamps":{"../../x":{"x":1}}}"#,
        r#"{"lamps":{"neon":{"x":-1}}}"#,
        r#"{"lamps":{"neon":{"colour":"expression(1)"}}}"#,
        r#"{"lamps":{},"photo":"/etc/passwd"}"#,
    ] {
        let answer = serving.put(json);
        assert_eq!(answer.status, 400, "{json}: {}", answer.text());
    }
    assert!(!folder.path("layout.toml").exists());
    fs::create_dir(folder.path("layout.toml")).unwrap();
    assert_eq!(serving.put(r#"{"lamps":{"neon":{"x":1,"y":2}}}"#).status, 500);
}

#[test]
fn a_layout_may_be_a_link_to_a_file_that_is_not_there_yet() {
    let folder = folder();
    symlink("mine/layout.toml", folder.path("layout.toml")).unwrap();
    let serving = Serving::of(&folder);
    let json = r#"{"lamps":{"neon":{"x":1,"y":2}}}"#;
    let refused = serving.put(json);
    assert_eq!(refused.status, 500);
    assert!(refused.text().starts_with("writing layout.toml: "), "{}", refused.text());
    fs::create_dir(folder.path("mine")).unwrap();
    assert_eq!(serving.put(json).status, 200);
    assert!(folder.text("mine/layout.toml").ends_with("neon = { x = 1.0, y = 2.0 }\n"));
    assert!(folder.path("layout.toml").is_symlink());
}
