//! How PulseAudio is started for a test.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use super::{RATE, SLEEPS_AFTER, Server, SoundServer, Unpacked, child};

pub(super) fn device(folder: &Path) -> String {
    format!("type pulse server \"unix:{}\"", socket(folder).display())
}

fn socket(folder: &Path) -> PathBuf {
    folder.join("sound")
}

pub(super) fn start(folder: &Path, dozes: bool) -> SoundServer {
    let parts = Unpacked::of(Server::PulseAudio);
    let socket = socket(folder);
    let mut command = parts.program("pulseaudio");
    command
        .args(["-n", "--daemonize=no", "--exit-idle-time=-1", "--log-level=error", "--use-pid-file=no"])
        .arg("--disable-shm=yes")
        .arg("-p")
        .arg(parts.folder_of("module-null-sink.so"))
        .args(["-L", &format!("module-native-protocol-unix auth-anonymous=1 socket={}", socket.display())])
        .args(["-L", &format!("module-null-sink sink_name=n rate={RATE}")])
        .env("HOME", folder)
        .env("XDG_RUNTIME_DIR", folder)
        .stderr(Stdio::null());
    if dozes {
        command.args(["-L", &format!("module-suspend-on-idle timeout={}", SLEEPS_AFTER.as_secs())]);
    }
    let address = format!("unix:{}", socket.display());
    let mut server = SoundServer { server: Server::PulseAudio, processes: Vec::new(), address };
    server.add(child::spawn(command).expect("the unpacked PulseAudio can be launched"), &socket);
    server
}
