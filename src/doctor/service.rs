//! The boot-time service: whether it runs, and whether it can reach the rig's sound device. Knows nothing of what
//! it plays.

use crate::rig::Rig;

use super::finding::Finding;
use super::machine::Machine;
use super::service_unit::ServiceUnit;

pub(super) fn examine(machine: &Machine, rig: Option<&Rig>) -> Vec<Finding> {
    let finding = match machine.service {
        // Shows are played over SSH here, or this is a laptop.
        ServiceUnit::Missing => return Vec::new(),
        ServiceUnit::Off => {
            Finding::good("the service is off: sudo systemctl enable --now starcourt starts it at boot")
        }
        ServiceUnit::Runs => Finding::good("the service runs"),
        ServiceUnit::Down => Finding::wrong("the service is enabled, and does not run")
            .mend("journalctl -u starcourt -n 20    # says why\nsudo systemctl restart starcourt"),
    };
    let sound =
        rig.filter(|_| machine.service != ServiceUnit::Off).and_then(|rig| sound_server(machine, rig));
    [Some(finding), sound].into_iter().flatten().collect()
}

/// A sound server belongs to a user who is logged in. At boot nobody is.
fn sound_server(machine: &Machine, rig: &Rig) -> Option<Finding> {
    let audio = &rig.audio;
    let is_servers = |name: &str| ["pulse", "pipewire", "jack"].contains(&name);
    let server = match audio.device.as_str() {
        "default" => machine.sound_server.as_deref()?,
        device => device.split(':').next().filter(|name| is_servers(name))?,
    };
    let what = format!(
        "the rig's sound device \"{}\" is a sound server's ({server}), which the service cannot reach",
        audio.device
    );
    let finding = if audio.required { Finding::wrong(what) } else { Finding::advice(what) };
    Some(finding.mend(
        "aplay -L | grep ^plughw    # names the cards themselves\n\
         sudoedit /etc/starcourt/rig.toml    # device = \"plughw:CARD=…\"\n\
         sudo systemctl restart starcourt",
    ))
}
