//! What strangers, other websites and hostile files get: nothing.

use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::symlink;
use std::process::Command;
use std::time::{Duration, Instant};

use super::common::launch::{PATIENCE, until};
use super::connection::{exchange, open};
use super::serving::{Serving, folder};

#[test]
fn without_the_secret_there_is_nothing() {
    let folder = folder();
    let serving = Serving::of(&folder);
    let (port, secret) = (serving.port, serving.secret.clone());
    let turned: String = secret.chars().rev().collect();
    let host = format!("127.0.0.1:{port}");
    for (target, host, status) in [
        ("/".to_owned(), &*host, 404),
        ("/show.json".to_owned(), &*host, 404),
        (format!("/{}/show.json", &secret[..31]), &*host, 404),
        (format!("/{secret}0/show.json"), &*host, 404),
        (format!("/{turned}/show.json"), &*host, 404),
        (format!("/{secret}/show.json"), "evil.example", 421),
        (format!("/{secret}/show.json"), "127.0.0.1", 421),
        (format!("http://evil.example/{secret}/show.json"), &*host, 421),
        (format!("/{secret}/show.json"), &*host, 200),
    ] {
        let request = format!("GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        let answer = exchange(port, request.as_bytes()).unwrap();
        assert_eq!(answer.status, status, "{target} {host}");
        assert!(status == 200 || answer.text().len() < 100 && !answer.text().contains(&secret));
    }
    let twice = serving.ask("GET", "show.json", "Host: evil.example\r\n");
    assert!([400, 421].contains(&twice.status), "{}", twice.status);
    let old = format!("GET /{secret}/show.json HTTP/1.0\r\n\r\n");
    assert_eq!(exchange(port, old.as_bytes()).unwrap().status, 421, "without a host");
}

#[test]
fn paths_that_climb_lead_nowhere() {
    let folder = folder();
    let serving = Serving::of(&folder);
    for path in [
        "../rig.toml",
        "../../etc/passwd",
        "..%2f..%2fetc/passwd",
        "%2e%2e/rig.toml",
        "page/../../rig.toml",
        "page/..\\rig.toml",
        "page/%00main.js",
        "page//main.js",
        "/etc/passwd",
        "shows/porch.show",
        "porch.show",
        "layout.toml",
        "layout",
        "page/",
        "page",
        "photo",
        "sound/../show.json",
        ".",
        "..",
    ] {
        let answer = serving.read(path);
        assert_eq!(answer.status, 404, "{path}: {}", answer.text());
    }
}

#[test]
fn another_website_cannot_write() {
    let folder = folder();
    let serving = Serving::of(&folder);
    let body = r#"{"lamps":{"neon":{"x":1,"y":2}}}"#;
    let port = serving.port;
    for origin in
        ["", "Origin: null\r\n", "Origin: http://evil.example\r\n", "Origin: http://127.0.0.1:1\r\n"]
    {
        for method in ["PUT", "POST", "DELETE", "PATCH"] {
            let head = serving.head(method, "layout", &format!("{origin}Content-Length: {}\r\n", body.len()));
            let answer = exchange(port, (head + body).as_bytes()).unwrap();
            assert_eq!(answer.status, 403, "{method} {origin}");
        }
    }
    let own = format!("Origin: http://127.0.0.1:{port}\r\nContent-Length: {}\r\n", body.len());
    for (method, path) in
        [("POST", "layout"), ("DELETE", "layout"), ("PUT", "show.json"), ("PUT", "../rig.toml")]
    {
        let answer = exchange(port, (serving.head(method, path, &own) + body).as_bytes()).unwrap();
        assert_eq!(answer.status, 405, "{method} {path}");
    }
    assert!(!folder.path("layout.toml").exists());
    let asked = serving.ask("OPTIONS", "layout", "Origin: http://evil.example\r\n");
    assert!(asked.header("access-control-allow-origin").is_none());
}

#[test]
fn what_is_too_large_is_refused() {
    let folder = folder();
    let serving = Serving::of(&folder);
    let large = serving.put(&" ".repeat(65 * 1024));
    assert_eq!(large.status, 413);
    let head = serving.head("GET", "show.json", &format!("X: {}\r\n", "x".repeat(100 * 1024)));
    assert!(exchange(serving.port, head.as_bytes()).is_none_or(|answer| answer.status == 431));
    let many: String = (0..1_000).map(|number| format!("X-{number}: x\r\n")).collect();
    let head = serving.head("GET", "show.json", &many);
    assert!(exchange(serving.port, head.as_bytes()).is_none_or(|answer| answer.status == 431));
    for garbage in [&b"\0\0\0\0\r\n\r\n"[..], b"GET\r\n\r\n", b"\x16\x03\x01\x02\0\x01\0", &[b'A'; 40_000]] {
        assert!(
            exchange(serving.port, garbage).is_none_or(|answer| answer.status == 400 || answer.status == 431)
        );
    }
    assert_eq!(serving.read("show.json").status, 200);
    assert!(!folder.path("layout.toml").exists());
}

/// They are closed one after another, so that those who wait get their turn.
#[test]
fn slow_and_many_connections_keep_nobody_out() {
    let folder = folder();
    let serving = Serving::of(&folder);
    let mut slow: Vec<_> = (0..200).map(|_| open(serving.port)).collect();
    for stream in &mut slow {
        stream.write_all(b"GET / HTTP/1.1\r\nHost: 127.0").unwrap();
    }
    assert_eq!(serving.read("show.json").status, 200);
    let mut first = slow.swap_remove(0);
    first.set_read_timeout(Some(PATIENCE)).unwrap();
    // It is closed, with or without a word.
    let mut rest = Vec::new();
    let _ = first.read_to_end(&mut rest);
    assert!(rest.is_empty() || rest.starts_with(b"HTTP/1.1 408"), "{}", String::from_utf8_lossy(&rest));
}

/// A page asks several times on one connection. A stranger who does so, and reads no answer, would stay for ever.
#[test]
fn strangers_who_read_no_answer_keep_nobody_out() {
    let folder = folder();
    let serving = Serving::of(&folder);
    let request = format!("GET / HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n", serving.port).repeat(2_000);
    let mut strangers: Vec<_> = (0..160).map(|_| open(serving.port)).collect();
    for stranger in &mut strangers {
        stranger.set_nonblocking(true).unwrap();
        // Until it would wait, or is closed.
        while stranger.write(request.as_bytes()).is_ok() {}
    }
    assert_eq!(serving.read("show.json").status, 200);
    let one = format!("GET / HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n", serving.port);
    let answer = exchange(serving.port, one.as_bytes()).unwrap();
    assert_eq!((answer.status, answer.header("connection")), (404, Some("close")));
}

/// Its page stays open, too: only strangers have to go.
#[test]
fn no_number_of_strangers_keeps_a_page_out() {
    let folder = folder();
    let serving = Serving::of(&folder);
    let mut events = serving.events();
    events.next_of("show");
    let begun = Instant::now();
    let strangers: Vec<_> = (0..700).map(|_| open(serving.port)).collect();
    assert_eq!(serving.read("show.json").status, 200);
    // They are closed after 5 s, 128 at a time: in turn, this would take 25 s.
    assert!(begun.elapsed() < Duration::from_secs(15));
    folder.write("shows/porch.show", "title Second\nlength 0:10\n0:01 neon on\n");
    events.next_of("show");
    drop(strangers);
}

#[test]
fn a_layout_full_of_strange_lamps_is_read_at_once() {
    let folder = folder();
    let lamps: String = (0..40_000).map(|number| format!("lamp_{number} = {{ x = 1 }}\n")).collect();
    folder.write("layout.toml", &format!("[lamps]\n{lamps}neon = {{ x = 2 }}\n"));
    let serving = Serving::of(&folder);
    let show = serving.show();
    assert_eq!(show["layout"]["lamps"], serde_json::json!({ "neon": { "x": 2.0 } }));
    assert_eq!(show["told"].as_array().unwrap().len(), 1_000, "nobody reads more");
}

#[test]
fn readers_that_do_not_read_keep_nobody_out() {
    let folder = folder();
    super::serving::copy_sound(&folder, "chirp.ogg");
    folder.write("shows/porch.show", "audio chirp.ogg\n0:00 neon on\n");
    let serving = Serving::of(&folder);
    let mut lazy = Vec::new();
    for _ in 0..40 {
        let mut stream = open(serving.port);
        stream.write_all(serving.head("GET", "sound", "").as_bytes()).unwrap();
        lazy.push(stream);
    }
    let mut windows: Vec<_> = (0..32).map(|_| serving.events()).collect();
    windows.iter_mut().for_each(|events| _ = events.next());
    assert_eq!(serving.read("events").status, 503, "one window too many");
    assert_eq!(serving.read("show.json").status, 200);
}

#[test]
fn a_photograph_that_is_none_is_not_shown() {
    let folder = folder();
    let words = "preview porch --rig rig.toml --output sim --no-browser";
    fs::write(folder.path("shows/porch.jpg"), "<svg onload=alert(1)>").unwrap();
    let serving = Serving::of(&folder);
    assert_eq!(serving.show()["layout"]["photo"], serde_json::Value::Null);
    let answer = serving.read("photo");
    assert_eq!((answer.status, answer.header("content-type")), (404, Some("text/plain; charset=utf-8")));
    until("told", || serving.launch.told().contains("the lamps are shown without it"));
    drop(serving);
    let refused = |words: &str, told: &str| _ = folder.run(words).with(65, &[told]);
    refused(&format!("{words} --photo shows/porch.jpg"), "this is no JPEG, PNG or WebP photograph");
    refused(&format!("{words} --photo none.jpg"), "reading photograph none.jpg: there is no such file");
    refused(&format!("{words} --photo /dev/zero"), "not a file but a device");
    assert!(Command::new("mkfifo").arg(folder.path("pipe.jpg")).status().unwrap().success());
    refused(&format!("{words} --photo pipe.jpg"), "not a file but a named pipe");
    folder.write("layout.toml", "photo = \"../../etc/passwd\"\n");
    refused(words, "expected the name of a file in the same folder");
    symlink("/etc/passwd", folder.path("house.jpg")).unwrap();
    folder.write("layout.toml", "photo = \"house.jpg\"\n");
    let serving = Serving::with(&folder, words);
    until("told", || {
        let words = "which layout.toml names; the lamps are shown without it";
        serving.launch.told().contains(words) && serving.show()["told"].to_string().contains(words)
    });
    assert_eq!(
        (&serving.show()["layout"]["photo"], serving.read("photo").status),
        (&serde_json::Value::Null, 404)
    );
    drop(serving);
    fs::remove_file(folder.path("layout.toml")).unwrap();
    assert!(Command::new("mkfifo").arg(folder.path("layout.toml")).status().unwrap().success());
    refused(words, "not a file but a named pipe");
}

#[test]
fn markup_in_a_show_is_text() {
    let folder = folder();
    let title = "</script><img src=x onerror=alert(1)>";
    folder.write("shows/porch.show", &format!("title {title}\nlength 0:05\n0:01 neon on # {title}\n"));
    let serving = Serving::of(&folder);
    assert_eq!(serving.show()["title"], title);
    assert_eq!(serving.read("show.json").header("content-type"), Some("application/json"));
    assert!(!serving.read("").text().contains("onerror"), "the page itself is always the same");
    folder.run("preview porch --rig rig.toml --output sim -o porch.html").with(0, &[]);
    let page = folder.text("porch.html");
    assert!(
        !page.contains("<img src=x") && !page.contains(title) && page.contains("\\u003c/script>\\u003cimg")
    );
}
