//! The boot-time service: whether it runs, and whether it can reach the rig's sound device. Knows nothing of what
//! it plays.

use super::finding::Finding;
use super::machine::Machine;
use super::rig_file::ExaminedRig;
use super::service_unit::ServiceUnit;
use super::sound_trial::SoundTrial;

pub(super) fn examine(
    machine: &Machine,
    rig: Option<ExaminedRig<'_>>,
    trial: Option<&SoundTrial>,
) -> Vec<Finding> {
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
    // Whoever has opened the device as the service's user knows better.
    let is_known = machine.service == ServiceUnit::Off || trial.is_some_and(SoundTrial::is_of_the_service);
    let sound = rig.filter(|_| !is_known).and_then(|rig| sound_server(machine, rig));
    [Some(finding), sound].into_iter().flatten().collect()
}

/// A sound server belongs to a user who is logged in. At boot nobody is.
fn sound_server(machine: &Machine, examined: ExaminedRig<'_>) -> Option<Finding> {
    let audio = &examined.rig.audio;
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
    let Some(card) = machine.cards.as_ref().and_then(|cards| cards.devices().into_iter().next()) else {
        return Some(finding);
    };
    let edit = examined.edit(machine, &format!("under [audio]: device = \"{card}\""));
    Some(finding.mend(format!("{edit}\nsudo systemctl restart starcourt")))
}
