//! Whether there is a sound card, whether the user may use it, and what came of opening the rig's device. Opens no device.

use crate::clock::sound::DeviceFault;
use crate::clock::sound::cards::{SoundCard, SoundCards, card_of};
use crate::printable::shell_word;
use crate::rig::Audio;

use super::finding::Finding;
use super::machine::{Machine, Rival};
use super::rig_file::ExaminedRig;
use super::service_unit::ServiceUnit;
use super::sound_trial::SoundTrial;

/// They mix the sound of a user's programs, and have a card while they play.
const SERVERS: [&str; 3] = ["pipewire", "wireplumber", "pulseaudio"];

pub(super) fn examine(
    machine: &Machine,
    rig: Option<ExaminedRig<'_>>,
    trial: Option<&SoundTrial>,
) -> Vec<Finding> {
    let none = SoundCards::default();
    let cards = machine.cards.as_ref().unwrap_or(&none);
    let mut findings = Vec::new();
    let playing: Vec<&str> = cards.playing().iter().map(|card| card.id.as_str()).collect();
    let is_heard = trial.is_some_and(|trial| trial.opened.is_ok());
    if !playing.is_empty() {
        findings.push(Finding::good(format!("sound cards: {}", playing.join(", "))));
    } else if !is_heard {
        findings.push(no_card(machine, rig));
    }
    let Some(rig) = rig else {
        findings.extend(permission(machine));
        return findings;
    };
    match trial {
        Some(trial) => findings.extend(tried(machine, rig, cards, trial)),
        None => {
            findings.extend(wrong_card(machine, rig, cards));
            findings.extend(permission(machine));
        }
    }
    findings.extend(swallowed(machine, rig, cards));
    findings
}

/// Wrong where the rig requires sound.
fn judged(audio: &Audio, what: String) -> Finding {
    if audio.required { Finding::wrong(what) } else { Finding::advice(what) }
}

fn no_card(machine: &Machine, rig: Option<ExaminedRig<'_>>) -> Finding {
    let what = match machine.cards {
        None => "this kernel has no sound system (ALSA)",
        Some(_) => "there is no sound card",
    };
    let finding = match rig.filter(|rig| rig.rig.audio.required) {
        Some(_) => Finding::wrong(format!("{what}, and the rig requires one")),
        None => Finding::advice(format!("{what}: the lights play without sound")),
    };
    let jack = "dtparam=audio=on";
    match &machine.config {
        _ if machine.cards.is_none() && machine.is_pi() => finding.mend("sudo modprobe snd"),
        Some(config) if !config.is_on("audio") && !machine.has_rp1() => {
            finding.mend(format!("echo '{jack}' | sudo tee -a {} && sudo reboot", config.path))
        }
        _ => finding,
    }
}

/// What came of opening the rig's device.
fn tried(machine: &Machine, rig: ExaminedRig<'_>, cards: &SoundCards, trial: &SoundTrial) -> Option<Finding> {
    let audio = &rig.rig.audio;
    let (device, who) = (&audio.device, trial.who());
    let Err(fault) = trial.opened else {
        return Some(Finding::good(format!("the sound device \"{device}\" plays (tried as {who})")));
    };
    if fault == DeviceFault::NoCard {
        // Said already.
        return None;
    }
    if fault == DeviceFault::Busy {
        return Some(busy(machine, rig, trial));
    }
    let what = format!("{} (tried as {who})", fault.cause(device));
    let finding = judged(audio, what);
    if fault == DeviceFault::NotPermitted {
        let mend = match trial.is_of_the_service() {
            true => machine.service_account().map(|account| {
                format!("sudo usermod -aG audio {}\nsudo systemctl restart starcourt", account.name)
            }),
            false => closed(machine).map(|(_, mend)| mend),
        };
        let usual =
            || format!("sudo usermod -aG audio {}\nexit    # and log in again", machine.person.name());
        return Some(finding.mend(mend.unwrap_or_else(usual)));
    }
    let better =
        cards.of_device(device).and_then(SoundCard::device).or_else(|| cards.devices().into_iter().next());
    Some(match better.filter(|better| better != device) {
        Some(better) if fault.is_of_the_name() => finding.mend(name_card(machine, rig, &better)),
        _ => finding,
    })
}

/// The commands that write another device into the rig.
fn name_card(machine: &Machine, rig: ExaminedRig<'_>, device: &str) -> String {
    let edit = rig.edit(machine, &format!("under [audio]: device = \"{device}\""));
    match machine.service {
        ServiceUnit::Runs => format!("{edit}\nsudo systemctl restart starcourt"),
        _ => edit,
    }
}

fn busy(machine: &Machine, rig: ExaminedRig<'_>, trial: &SoundTrial) -> Finding {
    let device = &rig.rig.audio.device;
    if let Some(own) = machine.sound_users.iter().find(|user| user.name == "starcourt") {
        return Finding::good(format!("starcourt (PID {}) is using the sound device \"{device}\"", own.pid));
    }
    let told = |user: &Rival| format!("{} (PID {})", user.name, user.pid);
    let users: Vec<String> = machine.sound_users.iter().map(told).collect();
    let by = if users.is_empty() { String::new() } else { format!(": {}", users.join(", ")) };
    let what = format!("{}{by} (tried as {})", DeviceFault::Busy.cause(device), trial.who());
    let Some(user) = machine.sound_users.first() else {
        let finding = judged(&rig.rig.audio, what);
        return match machine.person.is_root() {
            true => finding,
            false => {
                let path = shell_word(rig.path);
                finding.mend(format!("sudo starcourt doctor --rig {path}    # names that program"))
            }
        };
    };
    if SERVERS.contains(&user.name.as_str()) {
        let what = format!("{what}. A sound server frees the card some seconds after its last sound");
        let finding = judged(&rig.rig.audio, what);
        return match trial.is_of_the_service() {
            true => finding,
            false => finding.mend(rig.edit(machine, "under [audio]: device = \"default\"")),
        };
    }
    let end = match &user.unit {
        Some(unit) => format!("sudo systemctl disable --now {unit}"),
        None => format!("sudo kill {}", user.pid),
    };
    judged(&rig.rig.audio, what).mend(end)
}

/// The rig's device is on a card that is not there, or that does not play by this name.
fn wrong_card(machine: &Machine, rig: ExaminedRig<'_>, cards: &SoundCards) -> Option<Finding> {
    let audio = &rig.rig.audio;
    let device = &audio.device;
    card_of(device)?;
    let card = cards.of_device(device);
    let is_raw = ["hw:", "plughw:"].iter().any(|kind| device.starts_with(kind));
    let what = match card {
        None => format!("the rig's sound device \"{device}\" is on a card that is not there"),
        Some(card) if is_raw && card.needs_its_own_configuration() => {
            format!("the rig's sound device \"{device}\" is an HDMI socket, which does not play by this name")
        }
        Some(_) => return None,
    };
    let better = card.and_then(SoundCard::device).or_else(|| cards.devices().into_iter().next())?;
    Some(judged(audio, what).mend(name_card(machine, rig, &better)))
}

/// A screen plays nothing for the first seconds, while it adjusts to the signal.
fn swallowed(machine: &Machine, rig: ExaminedRig<'_>, cards: &SoundCards) -> Option<Finding> {
    let audio = &rig.rig.audio;
    let playing = cards.playing();
    let plays_there = match card_of(&audio.device) {
        Some(_) => cards.of_device(&audio.device).is_some_and(SoundCard::is_hdmi),
        None => !playing.is_empty() && playing.iter().all(|card| card.is_hdmi()),
    };
    (plays_there && audio.lead_in.is_zero()).then(|| {
        Finding::advice(
            "HDMI may swallow the first seconds of the music; silence before it is swallowed instead",
        )
        .mend(rig.edit(machine, "under [audio]: lead_in = \"2 s\""))
    })
}

fn permission(machine: &Machine) -> Option<Finding> {
    let (what, mend) = closed(machine)?;
    // On a desktop an access list may permit it, which the mode bits do not show.
    Some(if machine.is_pi() { Finding::wrong(what) } else { Finding::advice(what) }.mend(mend))
}

/// A device of a card that this user may not use, and the way to it.
fn closed(machine: &Machine) -> Option<(String, String)> {
    let person = &machine.person;
    let closed = machine.sound_nodes.iter().find(|node| !person.may_write(node))?;
    let what = format!("{} may not use {}", person.name(), closed.path.display());
    let mend = person.way_in(closed).unwrap_or_else(|| format!("sudo usermod -aG audio {}", person.name()));
    Some((what, mend))
}
