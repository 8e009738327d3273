//! How PipeWire is started for a test, with WirePlumber, which joins players to the sink, and with a bus of its
//! own. It is kept from this machine's own sound cards.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use super::{RATE, SLEEPS_AFTER, Server, SoundServer, Unpacked, child, wait_until};

/// As Debian's `pipewire-alsa` has it.
pub(super) const DEVICE: &str = "type pipewire playback_node \"-1\" capture_node \"-1\"";

pub(super) fn start(folder: &Path, dozes: bool) -> SoundServer {
    let session = Session { parts: Unpacked::of(Server::PipeWire), folder };
    configure_clients(folder);
    configure(folder, dozes);
    let address = format!("unix:{}", folder.join("pulse/native").display());
    let mut server = SoundServer { server: Server::PipeWire, processes: Vec::new(), address };
    let bus = format!("--config-file={}", folder.join("bus.conf").display());
    server.add(session.launch("dbus-daemon", &["--nofork", "--nopidfile", &bus]), &folder.join("bus"));
    server.add(session.launch("pipewire", &[]), &folder.join("pipewire-0"));
    server.processes.push(session.launch("wireplumber", &[]));
    server.add(session.launch("pipewire-pulse", &[]), &folder.join("pulse/native"));
    wait_until("PipeWire's sink is there", || session.has_sink(&server.address));
    server
}

/// What PipeWire's own programs, and those that play through it, need to find its parts.
pub(super) fn for_command(command: &mut Command, folder: &Path) {
    let parts = Unpacked::of(Server::PipeWire);
    let plugins = parts.folder_of("libspa-support.so");
    command
        .env("PIPEWIRE_CONFIG_DIR", folder.join("pipewire"))
        .env("PIPEWIRE_MODULE_DIR", parts.folder_of("libpipewire-module-adapter.so"))
        .env("SPA_PLUGIN_DIR", plugins.parent().expect("plugins lie in folders by their kind"));
}

/// What whoever uses PipeWire reads.
pub(super) fn configure_clients(folder: &Path) {
    copy(&Unpacked::of(Server::PipeWire).path("usr/share/pipewire"), &folder.join("pipewire"));
}

/// What the servers themselves read.
fn configure(folder: &Path, dozes: bool) {
    let parts = Unpacked::of(Server::PipeWire);
    copy(&parts.path("usr/share/wireplumber"), &folder.join("wireplumber"));
    let sink = format!(
        "context.objects = [ {{ factory = adapter args = {{
            factory.name = support.null-audio-sink node.name = n media.class = Audio/Sink
            audio.position = [ FL FR ] audio.rate = {RATE} monitor.channel-volumes = true
            session.suspend-timeout-seconds = {} }} }} ]\n",
        if dozes { SLEEPS_AFTER.as_secs() } else { 0 }
    );
    write(&folder.join("pipewire/pipewire.conf.d"), "sink.conf", &sink);
    // Version 0.4 of WirePlumber is told in Lua, 0.5 in PipeWire's own way.
    let none =
        "alsa_monitor.enabled = false\nv4l2_monitor.enabled = false\nlibcamera_monitor.enabled = false\n";
    write(&folder.join("wireplumber/main.lua.d"), "80-no-devices.lua", none);
    let bluetooth = folder.join("wireplumber/bluetooth.lua.d");
    let _ = fs::remove_dir_all(&bluetooth);
    write(&bluetooth, "00-none.lua", "");
    let none = "wireplumber.profiles = { main = { hardware.audio = disabled hardware.bluetooth = disabled \
        hardware.video-capture = disabled } }\n";
    write(&folder.join("wireplumber/wireplumber.conf.d"), "80-no-devices.conf", none);
    let bus = format!(
        "<busconfig><type>session</type><listen>unix:path={}</listen><auth>EXTERNAL</auth>\
        <policy context=\"default\"><allow send_destination=\"*\" eavesdrop=\"true\"/>\
        <allow eavesdrop=\"true\"/><allow own=\"*\"/></policy></busconfig>\n",
        folder.join("bus").display()
    );
    write(folder, "bus.conf", &bus);
}

struct Session<'a> {
    parts: &'static Unpacked,
    folder: &'a Path,
}

impl Session<'_> {
    fn launch(&self, name: &str, arguments: &[&str]) -> Child {
        let parts = self.parts;
        let mut command = parts.program(name);
        for_command(&mut command, self.folder);
        command
            .args(arguments)
            .env("WIREPLUMBER_CONFIG_DIR", self.folder.join("wireplumber"))
            .env("WIREPLUMBER_DATA_DIR", self.folder.join("wireplumber"))
            .env("WIREPLUMBER_MODULE_DIR", parts.folder_of("libwireplumber-module-lua-scripting.so"))
            .env("DBUS_SESSION_BUS_ADDRESS", format!("unix:path={}", self.folder.join("bus").display()))
            .env("HOME", self.folder)
            .env("XDG_RUNTIME_DIR", self.folder)
            .env("XDG_STATE_HOME", self.folder.join("state"))
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        child::spawn(command).unwrap_or_else(|error| panic!("launching the unpacked {name}: {error}"))
    }

    fn has_sink(&self, address: &str) -> bool {
        let mut ask: Command = self.parts.program("pactl");
        let answer = ask.args(["-s", address, "get-default-sink"]).stderr(Stdio::null()).output();
        answer.is_ok_and(|answer| answer.stdout == b"n\n")
    }
}

fn write(folder: &Path, name: &str, text: &str) {
    let written = fs::create_dir_all(folder).and_then(|()| fs::write(folder.join(name), text));
    written.expect("the test's folder can be written");
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("the test's folder can be written");
    for entry in fs::read_dir(from).expect("the unpacked configuration can be read").flatten() {
        let target = to.join(entry.file_name());
        match entry.path().is_dir() {
            true => copy(&entry.path(), &target),
            false => _ = fs::copy(entry.path(), target).expect("a file of the configuration is copied"),
        }
    }
}
