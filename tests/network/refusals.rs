//! What cannot be sent to is told, and keeps nothing else from going on.

use std::os::unix::net::UnixStream;
use std::time::Duration;

use rustix::io::Errno;
use rustix::net::{
    AddressFamily, RecvFlags, SocketAddrUnix, SocketFlags, SocketType, connect, recv, socket_with,
};
use rustix::process::Signal;

use crate::common::launch::until;
use crate::receivers::{Received, free_address};
use crate::setup::{DARK, HERE, LIT, Setup, rig};
use crate::strange_call::StrangeCall;

#[test]
fn without_starcourt_net_the_show_is_refused_with_the_mend() {
    let setup = Setup::new();
    let words = ["starcourt net does not run", "`sudo systemctl enable --now starcourt-net`", "--lock-dir"];
    setup.launch("lit").end().with(69, &words);
    setup.run("off").with(69, &words);
    let net = setup.net();
    net.ends_on(Signal::KILL);
    setup.launch("lit").end().with(69, &words);
    assert!(setup.receivers.all().is_empty());
}

#[test]
fn one_starcourt_net_runs_for_a_lock_directory() {
    let setup = Setup::new();
    let net = setup.net();
    setup.folder.run("net --lock-dir lock").with(75, &["another `starcourt net` sends"]);
    let launch = setup.play("lit");
    launch.ends_on(Signal::TERM).with(0, &[]);
    net.ends_on(Signal::TERM).with(0, &[]);
    setup.net().ends_on(Signal::INT).with(0, &[]);
}

#[test]
fn two_instances_never_send_to_one_receiver() {
    let setup = Setup::new();
    let _net = setup.net();
    let rig = format!("lock = \"show\"\n{}", setup.folder.text("rig.toml"));
    setup.folder.write("rig.toml", &rig);
    setup.folder.write("shows/star.show", "length 1:00\n0:00 star on\n");
    setup.folder.write("shows/exit.show", "length 1:00\n0:00 exit off\n");
    setup.folder.write("shows/gate.show", "length 1:00\n0:00 gate on\n");
    let star = setup.launch("star");
    // The exit is not this show's, and shines as it does while nobody plays.
    let expected = [&LIT[..9], &DARK[9..]].concat();
    until("lit", || setup.receivers.ddp().as_ref() == Some(&expected));
    setup.launch("exit").end().with(75, &["the DDP receiver 127."]);
    let gate = setup.launch("gate");
    until("lit", || setup.receivers.universe(5).is_some_and(|slots| slots[6] == 255));
    // Another directory is another `starcourt net`: who sends is not known there.
    star.ends_on(Signal::TERM).with(0, &[]);
    gate.ends_on(Signal::TERM).with(0, &[]);
    setup.until_ended();
}

#[test]
fn a_name_that_nobody_knows_and_a_receiver_that_is_off_are_told_and_the_others_go_on() {
    let setup = Setup::new();
    let _net = setup.net();
    let (silent, sockets) = free_address();
    drop(sockets);
    let others = format!(
        "gone = {{ ddp = \"no-such-host.invalid\" }}\nquiet = {{ ddp = \"{silent}\" }}\n[channels]\n\
         moon = {{ out = \"gone.1\", kind = \"dimmer\" }}\nsun = {{ out = \"quiet.1\", kind = \"dimmer\" }}\n"
    );
    let text = rig(&setup.receivers.address.to_string()).replace("[channels]\n", &others);
    setup.folder.write("rig.toml", &text);
    let launch = setup.play("lit");
    until("told", || {
        launch.told().contains("receiver `gone` cannot be sent their levels: the name no-such-host.invalid")
    });
    until("told", || {
        launch.told().contains("receiver `quiet` cannot be sent their levels: nothing listens at")
    });
    assert!(setup.is_lit());
    let told = launch.ends_on(Signal::TERM).told;
    assert_eq!(told.matches("receiver `gone`").count(), 1, "it is told once: {told}");
    assert_eq!(told.matches("receiver `quiet`").count(), 1, "it is told once: {told}");
    setup.until_ended();
}

#[test]
fn whoever_says_what_is_no_handover_is_let_go_and_disturbs_nobody() {
    let setup = Setup::new();
    let _net = setup.net();
    let launch = setup.play("lit");
    let path = setup.folder.path("lock/net.sock");
    assert!(UnixStream::connect(&path).is_err(), "another kind of socket");
    let mut open = Vec::new();
    for text in [&b""[..], b"x", b"plan", &[0xff; 4_000]] {
        let socket =
            socket_with(AddressFamily::UNIX, SocketType::SEQPACKET, SocketFlags::empty(), None).unwrap();
        connect(&socket, &SocketAddrUnix::new(&path).unwrap()).unwrap();
        rustix::io::write(&socket, text).unwrap();
        open.push(socket);
    }
    for socket in open {
        let said = || recv(&socket, &mut [0; 512], RecvFlags::DONTWAIT);
        until("let go", || matches!(said(), Ok((0, _)) | Err(Errno::CONNRESET)));
    }
    setup.receivers.forget();
    until("frames", || {
        setup.receivers.all().iter().filter(|one| matches!(one, Received::Ddp { .. })).count() > 3
    });
    assert!(setup.is_lit());
    launch.ends_on(Signal::TERM).with(0, &[]);
    setup.until_ended();
}

/// The lock keeps instances of this program apart; whoever else calls is refused here.
#[test]
fn a_receiver_of_a_show_is_nobody_elses() {
    let setup = Setup::new();
    let _net = setup.net();
    let launch = setup.play("lit");
    let strange = StrangeCall::to_ddp(&setup);
    let call = |expected: &str| {
        let link = strange.link(&setup);
        let notice = format!("{:?}", link.next(Duration::from_secs(20)).unwrap());
        assert!(notice.contains(expected), "{notice}");
        link
    };
    call("is sent to for PID");
    assert!(setup.is_lit());
    // At rest it may be: and comes back.
    launch.signal(Signal::TERM);
    launch.end().with(0, &[]);
    setup.until_ended();
    drop(call("Ready"));
}

/// With a name that the resolver knows: an address in hexadecimal is one to it.
#[test]
fn a_receiver_by_name_is_sent_to_from_its_first_safe_frame_on() {
    let setup = Setup::new();
    let _net = setup.net();
    let name = format!("{:#010x}", u32::from(setup.receivers.address));
    setup.folder.write("rig.toml", &rig(&name));
    let launch = setup.play("lit");
    let told = launch.ends_on(Signal::TERM).with(0, &["the lights are safe"]).told;
    assert!(!told.contains("cannot be sent"), "{told}");
    setup.until_ended();
    setup.receivers.forget();
    setup.run("off").with(0, &["4 channels are safe"]);
    setup.until_ended();
}

#[test]
fn a_simulation_sends_nothing_and_needs_nobody() {
    let setup = Setup::new();
    let _net = setup.net();
    let simulated = HERE.replace("gpio", "sim");
    setup.folder.run(&format!("play short --silent {simulated}")).with(0, &["4 channels, simulated"]);
    assert!(setup.receivers.all().is_empty());
    setup.folder.run("check --rig rig.toml").with(0, &["4 channels, fine"]);
}
