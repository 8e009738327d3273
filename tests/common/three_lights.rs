//! Three simulated lights in a scratch folder, and what an instance there says of itself.

use std::process::Command;

use serde_json::Value;

use super::folder::Folder;
use super::launch::{Ended, Launch, until};

pub const CHANNELS: &str = r#"
[channels]
neon    = { pin = 4,  kind = "ssr", active = "low" }
garland = { pin = 17, kind = "ssr" }
exit    = { pin = 20, kind = "ssr", safe = "100 %" }
"#;

/// Lines 4, 17 and 20 when no show is playing.
pub const SAFE: [char; 3] = ['1', '0', '1'];

pub struct ThreeLights {
    pub folder: Folder,
}

impl ThreeLights {
    /// With this rig, whose lines are those of [`CHANNELS`].
    pub fn on_rig(rig: &str) -> Self {
        Self { folder: Folder::new(rig) }
    }

    /// With a show `name` that is this long.
    pub fn with_show(self, name: &str, length: &str, cues: &str) -> Self {
        Self { folder: self.folder.with_show(name, length, cues) }
    }

    /// What `starcourt` and `words` do here.
    pub fn command(&self, words: &str) -> Command {
        let mut command = self.folder.command(&format!("{words} --lock-dir lock"));
        command.env("STARCOURT_RIG", self.folder.path("rig.toml")).env("TZ", "UTC");
        for variable in ["STARCOURT_SCHEDULE", "NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"] {
            command.env_remove(variable);
        }
        command
    }

    /// What came of a command.
    #[track_caller]
    pub fn tell(&self, words: &str) -> Ended {
        Launch::of(self.command(words)).end()
    }

    /// Lines 4, 17 and 20 as the pins file shows them: `.` for a line that nobody drives.
    pub fn lines(&self) -> [char; 3] {
        self.folder.lines([4, 17, 20])
    }

    #[track_caller]
    pub fn comes_to_show(&self, lines: [char; 3]) {
        until(&format!("{lines:?}"), || self.lines() == lines);
    }

    /// What the only instance says of itself; null if none answers.
    pub fn now(&self) -> Value {
        let said = self.tell("status --json").said;
        serde_json::from_str::<Value>(&said).map_or(Value::Null, |status| status[0]["now"].clone())
    }

    #[track_caller]
    pub fn comes_to(&self, state: &str, show: &str) {
        until(&format!("{state}, {show}"), || {
            let now = self.now();
            now["state"] == state && now["show"]["name"] == show
        });
    }
}
