//! Where the parts of a sound server lie that is unpacked and not installed: `unpacked.sh` fetches it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use super::Server;

pub(super) struct Unpacked {
    server: Server,
    folder: PathBuf,
    libraries: String,
    alsa_plugins: PathBuf,
}

impl Unpacked {
    pub(super) fn of(server: Server) -> &'static Self {
        static BOTH: [OnceLock<Unpacked>; 2] = [OnceLock::new(), OnceLock::new()];
        BOTH[server as usize].get_or_init(|| Self::find(server))
    }

    fn find(server: Server) -> Self {
        // Under a test that gives itself another HOME, the outer process has found it.
        let known = std::env::var_os(variable(server)).map(PathBuf::from);
        let folder = known.unwrap_or_else(|| fetched(server));
        let mut libraries: Vec<&str> = Vec::new();
        let found = [folder.join("usr/lib"), folder.join("lib")].map(|folder| holding(&folder, ".so"));
        for folder in found.iter().flatten() {
            libraries.extend(folder.to_str());
        }
        let libraries = libraries.join(":");
        let alsa_plugins = folder_of(&folder, &format!("libasound_module_pcm_{}.so", plugin(server)));
        Self { server, folder, libraries, alsa_plugins }
    }

    /// What its programs, and those that play through it, need to find their libraries.
    pub(super) fn for_command(&self, command: &mut Command) {
        command.env("LD_LIBRARY_PATH", &self.libraries).env("ALSA_PLUGIN_DIR", &self.alsa_plugins);
        command.env(variable(self.server), &self.folder);
    }

    /// A command that runs the program called `name`.
    pub(super) fn program(&self, name: &str) -> Command {
        let mut command = Command::new(self.folder.join("usr/bin").join(name));
        self.for_command(&mut command);
        command
    }

    /// The folder that has the file called `name`.
    pub(super) fn folder_of(&self, name: &str) -> PathBuf {
        folder_of(&self.folder, name)
    }

    pub(super) fn path(&self, path: &str) -> PathBuf {
        self.folder.join(path)
    }
}

const fn variable(server: Server) -> &'static str {
    match server {
        Server::PulseAudio => "STARCOURT_TEST_PULSEAUDIO",
        Server::PipeWire => "STARCOURT_TEST_PIPEWIRE",
    }
}

const fn plugin(server: Server) -> &'static str {
    match server {
        Server::PulseAudio => "pulse",
        Server::PipeWire => "pipewire",
    }
}

fn fetched(server: Server) -> PathBuf {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sound_server/unpacked.sh");
    let output = Command::new(script).arg(server.name()).stderr(Stdio::inherit()).output();
    let output = output.expect("the script that fetches a sound server runs");
    assert!(output.status.success(), "this test needs {}, see above", server.name());
    PathBuf::from(String::from_utf8(output.stdout).expect("a path in UTF-8").trim())
}

fn folder_of(root: &Path, name: &str) -> PathBuf {
    let found = files(root).into_iter().find(|path| path.file_name().is_some_and(|file| file == name));
    let found =
        found.unwrap_or_else(|| panic!("{} has no {name}; remove that folder and try again", root.display()));
    found.parent().expect("it was found in a folder").to_owned()
}

/// The folders below `root` with a file whose name has `part`.
fn holding(root: &Path, part: &str) -> Vec<PathBuf> {
    let named = |path: &PathBuf| {
        path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.contains(part))
    };
    let mut folders: Vec<PathBuf> = files(root)
        .iter()
        .filter(|path| named(path))
        .filter_map(|path| path.parent().map(Path::to_owned))
        .collect();
    folders.sort_unstable();
    folders.dedup();
    folders
}

/// All files below `root`; none where it cannot be read.
fn files(root: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(root) else { return Vec::new() };
    let mut all = Vec::new();
    for entry in entries.flatten() {
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => all.extend(files(&entry.path())),
            _ => all.push(entry.path()),
        }
    }
    all
}

/// ALSA's own configuration, without what the machine adds to it: that may name a sound server of its own.
pub(super) fn alsa_without_machine() -> String {
    let alsa = "/usr/share/alsa/alsa.conf";
    let text = std::fs::read_to_string(alsa);
    let text = text.unwrap_or_else(|error| panic!("reading {alsa} (Debian: libasound2-data): {error}"));
    [
        "/var/lib/alsa/conf.d",
        "/usr/etc/alsa/conf.d",
        "/etc/alsa/conf.d",
        "/etc/asound.conf|||/usr/etc/asound.conf",
    ]
    .iter()
    .fold(text, |text, added| text.replace(&format!("\"{added}\""), "\"/nowhere\""))
}
