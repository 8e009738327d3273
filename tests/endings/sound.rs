//! A show with music on a sound server of its own, and what ends with it; and files that fail.

use std::process::Command;

use crate::common::porch::{LIT, Porch};
use crate::sound_server::{SoundServer, hearing, write_clicks};

/// Gives the porch a show of half a minute with music, and a sound card to hear it on.
pub(crate) fn with_music(porch: &Porch) -> SoundServer {
    write_clicks(&porch.path("clicks.wav"), 48_000, 30, &[0]);
    porch.write_show("porch", &format!("audio clicks.wav\n{LIT}"));
    SoundServer::start(&porch.path(""))
}

/// What plays it.
pub(crate) fn heard(porch: &Porch) -> Command {
    let mut command = porch.command_with_sound(&[], "porch");
    hearing(&mut command, &porch.path(""));
    command
}

#[test]
fn a_required_sound_device_that_dies_ends_the_show() {
    let porch = Porch::lit();
    let server = with_music(&porch);
    porch.write_rig("stop_fade = \"20 s\"\n[audio]\nrequired = true\n");
    let mut launch = porch.launch(heard(&porch)).once_lit();
    launch.goes_safe_on("the sound device dies", |_| server.kill());
    launch.ends_with(69);
}

#[test]
fn a_full_disk_under_the_trace_is_told_when_the_show_has_played() {
    let porch = Porch::new("0 ms", "0:01", LIT);
    std::fs::create_dir(porch.path("disk")).unwrap();
    let disk = porch.path("disk").display().to_string();
    let full = format!(
        "mount -t tmpfs -o size=16k none '{disk}' && {{ head -c 64K /dev/zero >'{disk}/fill' 2>&1; exec \"$@\"; }}"
    );
    let mut command =
        porch.command_by(&["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", &full, "sh"]);
    command.arg("--trace").arg(porch.path("disk/trace.csv"));
    let told = porch.launch(command).once_lit().ends_with(1);
    assert!(told.contains("No space left"), "{told}");
}
