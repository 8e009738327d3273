//! Sound cards, and what came of opening the rig's device.

use std::fs;
use std::os::unix::fs::symlink;
use std::time::Duration;

use super::super::{SoundTrial, TrialUser, Verdict};
use super::tree::{Tree, sample_rig};
use crate::clock::sound::DeviceFault;
use crate::doctor::Finding;

fn trial(opened: Result<(), DeviceFault>) -> SoundTrial {
    SoundTrial { user: TrialUser::Present("pi".to_owned()), opened }
}

fn service_trial(opened: Result<(), DeviceFault>) -> SoundTrial {
    SoundTrial { user: TrialUser::Service("starcourt".to_owned()), opened }
}

/// The finding with these words.
#[track_caller]
fn about<'a>(findings: &'a [Finding], words: &str) -> &'a Finding {
    findings.iter().find(|finding| finding.what.contains(words)).unwrap_or_else(|| panic!("{findings:#?}"))
}

#[test]
fn a_missing_card_is_wrong_only_where_the_rig_requires_sound() {
    let tree = Tree::pi_4();
    tree.write("proc/asound/cards", "--- no soundcards ---\n");
    tree.check(Verdict::Advice, "there is no sound card: the lights play without sound", "");
    let mut rig = sample_rig();
    rig.audio.required = true;
    tree.check_with(Some(&rig), Verdict::Wrong, "the rig requires one", "");
    tree.write("boot/firmware/config.txt", "");
    tree.check_with(
        Some(&rig),
        Verdict::Wrong,
        "the rig requires one",
        "echo 'dtparam=audio=on' | sudo tee -a",
    );
    tree.remove("proc/asound/cards");
    tree.check(Verdict::Advice, "ALSA", "modprobe snd");
}

#[test]
fn a_device_that_plays_is_not_called_silent_whatever_the_cards_are() {
    let tree = Tree::pi_4();
    tree.remove("proc/asound/cards");
    let findings = tree.findings_after(&sample_rig(), &trial(Ok(())));
    assert!(findings.iter().all(|finding| finding.verdict == Verdict::Good), "{findings:#?}");
    about(&findings, "the sound device \"default\" plays (tried as pi)");
}

#[test]
fn a_server_out_of_reach_is_told_with_the_card_to_name() {
    let tree = Tree::pi_4();
    let findings = tree.findings_after(&sample_rig(), &service_trial(Err(DeviceFault::NoServer)));
    let told =
        about(&findings, "cannot be reached as this user (tried as starcourt, the user of the service)");
    let mend = "sudoedit /etc/starcourt/rig.toml    # under [audio]: device = \"plughw:CARD=Headphones\"";
    assert_eq!((told.verdict, told.mend.as_deref()), (Verdict::Advice, Some(mend)));
    let mut rig = sample_rig();
    rig.audio.required = true;
    let findings = tree.findings_after(&rig, &trial(Err(DeviceFault::NoServer)));
    assert_eq!(about(&findings, "cannot be reached").verdict, Verdict::Wrong);
}

#[test]
fn a_busy_device_is_told_with_the_program_that_has_it() {
    let tree = Tree::pi_4();
    let busy = trial(Err(DeviceFault::Busy));
    let findings = tree.findings_after(&sample_rig(), &busy);
    assert_eq!(
        about(&findings, "another program").mend.as_deref(),
        Some("sudo starcourt doctor --rig /etc/starcourt/rig.toml    # names that program")
    );
    let holder = |pid: u32, name: &str, group: &str| {
        tree.write(&format!("proc/{pid}/comm"), name);
        tree.write(&format!("proc/{pid}/cgroup"), group);
        fs::create_dir_all(tree.path().join(format!("proc/{pid}/fd"))).unwrap();
        let link = tree.path().join(format!("proc/{pid}/fd/5"));
        let _ = fs::remove_file(&link);
        symlink("/dev/snd/pcmC0D0p", link).unwrap();
    };
    for (name, group, mend) in [
        ("mpd", "0::/system.slice/mpd.service", Some("sudo systemctl disable --now mpd.service")),
        ("aplay", "0::/user.slice/user-1000.slice/session-3.scope", Some("sudo kill 321")),
        (
            "pipewire",
            "0::/user.slice/user-1000.slice/user@1000.service/session.slice/pipewire.service",
            Some("sudoedit /etc/starcourt/rig.toml    # under [audio]: device = \"default\""),
        ),
    ] {
        holder(321, name, group);
        let findings = tree.findings_after(&sample_rig(), &busy);
        assert_eq!(about(&findings, &format!("`default`: {name} (PID 321)")).mend.as_deref(), mend);
    }
    holder(321, "starcourt", "0::/system.slice/starcourt.service");
    let findings = tree.findings_after(&sample_rig(), &busy);
    assert_eq!(about(&findings, "starcourt (PID 321) is using").verdict, Verdict::Good);
}

#[test]
fn a_user_outside_the_group_audio_is_told_to_join_it() {
    let tree = Tree::pi_4();
    let refused = Err(DeviceFault::NotPermitted);
    let findings = tree.findings_after(&sample_rig(), &trial(refused));
    let mend = about(&findings, "may not use the sound cards").mend.as_deref();
    assert_eq!(mend, Some("sudo usermod -aG audio pi\nexit    # and log in again"));
}

#[test]
fn a_sound_device_on_a_missing_card_is_told() {
    let mut rig = sample_rig();
    rig.audio.device = "plughw:CARD=Device".into();
    Tree::pi_4().check_with(Some(&rig), Verdict::Advice, "plughw:CARD=Device", "plughw:CARD=Headphones");
}

#[test]
fn an_hdmi_socket_is_named_as_it_plays_and_given_silence_to_swallow() {
    let tree = Tree::pi_4();
    tree.write("proc/asound/cards", " 0 [vc4hdmi0       ]: vc4-hdmi - vc4-hdmi-0\n");
    let mut rig = sample_rig();
    tree.check_with(Some(&rig), Verdict::Advice, "HDMI", "lead_in = \"2 s\"");
    rig.audio.lead_in = Duration::from_secs(2);
    tree.assert_well(Some(&rig));
    rig.audio.device = "plughw:CARD=vc4hdmi0,DEV=0".into();
    tree.check_with(
        Some(&rig),
        Verdict::Advice,
        "does not play by this name",
        "\"sysdefault:CARD=vc4hdmi0\"",
    );
    let findings = tree.findings_after(&rig, &trial(Err(DeviceFault::NoFormat)));
    let mend = about(&findings, "sample formats").mend.as_deref().unwrap();
    assert!(mend.ends_with("# under [audio]: device = \"sysdefault:CARD=vc4hdmi0\""), "{mend}");
}
