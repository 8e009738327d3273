//! The program that serves a page, and a browser of few words.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::path::Path;

use serde_json::Value;

use super::common::folder::Folder;
use super::common::launch::{Launch, until};
use super::connection::{Answer, exchange, open};

pub(crate) const RIG: &str = "[channels]\nneon = { pin = 4, kind = \"relay\", min_off = \"0 ms\" }\n\
                              moon = { pin = 18, kind = \"pwm\" }\n[groups]\nsky = [\"moon\"]\n";
pub(crate) const CUES: &str =
    "tempo 120 bpm, 4/4\n1.1  neon  on\n2.1  moon  fade to 80 % over 1 s\n3.1  neon  off\n";

/// A folder with a rig and the show `porch`.
pub(crate) fn folder() -> Folder {
    Folder::new(RIG).with_show("porch", "0:10", CUES)
}

pub(crate) fn copy_sound(folder: &Folder, name: &str) {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sounds").join(name);
    std::fs::copy(from, folder.path(&format!("shows/{name}"))).unwrap();
}

/// `starcourt preview` with an open port.
pub(crate) struct Serving {
    pub(crate) launch: Launch,
    pub(crate) port: u16,
    pub(crate) secret: String,
}

impl Serving {
    pub(crate) fn of(folder: &Folder) -> Self {
        Self::with(folder, "preview porch --rig rig.toml --output sim --no-browser")
    }

    pub(crate) fn with(folder: &Folder, words: &str) -> Self {
        let mut launch = folder.launch(words);
        until("served", || {
            assert!(launch.code().is_none(), "{}{}", launch.said(), launch.told());
            launch.said().contains("/\n")
        });
        let said = launch.said();
        let address = said.split("http://127.0.0.1:").nth(1).expect("it prints the address");
        let mut parts = address.split('/');
        let port = parts.next().unwrap().parse().unwrap();
        let secret = parts.next().unwrap().to_owned();
        Self { launch, port, secret }
    }

    /// A request for `path` below the secret, with these further header lines.
    pub(crate) fn head(&self, method: &str, path: &str, headers: &str) -> String {
        let (port, secret) = (self.port, &self.secret);
        format!(
            "{method} /{secret}/{path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n{headers}\r\n"
        )
    }

    #[track_caller]
    pub(crate) fn ask(&self, method: &str, path: &str, headers: &str) -> Answer {
        exchange(self.port, self.head(method, path, headers).as_bytes()).expect("an answer")
    }

    #[track_caller]
    pub(crate) fn read(&self, path: &str) -> Answer {
        self.ask("GET", path, "")
    }

    #[track_caller]
    pub(crate) fn show(&self) -> Value {
        serde_json::from_slice(&self.read("show.json").body).unwrap()
    }

    /// Sends a layout as the page does.
    #[track_caller]
    pub(crate) fn put(&self, json: &str) -> Answer {
        let headers = format!("Origin: http://127.0.0.1:{}\r\nContent-Length: {}\r\n", self.port, json.len());
        let request = self.head("PUT", "layout", &headers) + json;
        exchange(self.port, request.as_bytes()).expect("an answer")
    }

    pub(crate) fn events(&self) -> Events {
        let mut stream = open(self.port);
        stream.write_all(self.head("GET", "events", "").as_bytes()).unwrap();
        Events(BufReader::new(stream))
    }
}

/// The events of a page, one after another.
pub(crate) struct Events(BufReader<TcpStream>);

impl Events {
    /// The next one: its name and its data.
    #[track_caller]
    pub(crate) fn next(&mut self) -> (String, Value) {
        let mut name = None;
        loop {
            let mut line = String::new();
            assert!(self.0.read_line(&mut line).unwrap() > 0, "the events end");
            if let Some(event) = line.strip_prefix("event: ") {
                name = Some(event.trim().to_owned());
            } else if let (Some(data), Some(name)) = (line.strip_prefix("data: "), &name) {
                return (name.clone(), serde_json::from_str(data).unwrap());
            }
        }
    }

    /// The next one with this name.
    #[track_caller]
    pub(crate) fn next_of(&mut self, wanted: &str) -> Value {
        loop {
            let (name, data) = self.next();
            if name == wanted {
                return data;
            }
        }
    }
    /// Whether one with this name comes before the program closes.
    pub(crate) fn any_left(self, wanted: &str) -> bool {
        // A connection may end in the middle.
        self.0.lines().map_while(Result::ok).any(|line| line == format!("event: {wanted}"))
    }
}
