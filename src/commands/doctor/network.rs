//! Looks whether the lights on the network can be sent to. Sends nothing to them, so it disturbs no show.

use std::net::{SocketAddr, ToSocketAddrs, UdpSocket};
use std::path::Path;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use crate::doctor::Finding;
use crate::net::RouteDestination;
use crate::net_link::{NetLink, socket_in};
use crate::rig::{NetworkHost, NetworkReceiver, Receiver, Rig};

/// Until a name that nobody knows is given up.
const PATIENCE: Duration = Duration::from_secs(6);

/// What is to be said of the receivers of `rig`, for instances with their locks in `folder`.
pub(super) fn look_at_all(rig: &Rig, folder: &Path) -> Vec<Finding> {
    if rig.receivers.is_empty() {
        return Vec::new();
    }
    let mut findings = vec![who_sends(folder)];
    let mut reached = Vec::new();
    for (receiver, answer) in rig.receivers.iter().zip(all_answers(&rig.receivers)) {
        match answer {
            Ok(target) => reached.push(format!("{} ({})", receiver.name, target.ip())),
            Err(why) => findings.push(Finding::wrong(format!("receiver `{}`: {why}", receiver.name))),
        }
    }
    if !reached.is_empty() {
        findings.push(Finding::good(format!(
            "the network leads to these receivers, whether they are on or not: {}",
            reached.join(", ")
        )));
    }
    findings
}

fn who_sends(folder: &Path) -> Finding {
    match NetLink::connect(&socket_in(folder)) {
        Ok(_) => Finding::good("starcourt net runs, which sends to the lights on the network"),
        Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => Finding::wrong(
            "this user may not speak to starcourt net, which sends to the lights on the network",
        )
        .mend("sudo usermod -aG gpio $USER    # then log in again"),
        Err(_) => Finding::wrong("starcourt net does not run, which sends to the lights on the network")
            .mend("sudo systemctl enable --now starcourt-net"),
    }
}

/// Asked all at once: each may take seconds.
fn all_answers(receivers: &[NetworkReceiver]) -> Vec<Result<SocketAddr, String>> {
    let asked: Vec<_> = receivers
        .iter()
        .map(|receiver| {
            let (tell, told) = mpsc::channel();
            let receiver = receiver.receiver;
            thread::spawn(move || _ = tell.send(way_to(receiver)));
            told
        })
        .collect();
    let unknown = || Err("nobody has answered for its name; is the network up?".to_owned());
    asked.into_iter().map(|told| told.recv_timeout(PATIENCE).unwrap_or_else(|_| unknown())).collect()
}

/// Where its packets go, if a network leads there.
fn way_to(receiver: Receiver) -> Result<SocketAddr, String> {
    let target = match RouteDestination::of(receiver) {
        RouteDestination::Address(address) => address,
        RouteDestination::Name(host, port) => address(host, port)?,
    };
    let any = if target.is_ipv4() { "0.0.0.0:0" } else { "[::]:0" };
    // A connection without a packet: the kernel looks which way it would go.
    let way = UdpSocket::bind(any).and_then(|socket| socket.connect(target));
    way.map(|()| target).map_err(|error| {
        format!("no network leads to {} ({error}); is the cable plugged in, is Wi-Fi connected?", target.ip())
    })
}

fn address(host: NetworkHost, port: u16) -> Result<SocketAddr, String> {
    let found = (host.as_str(), port).to_socket_addrs().ok().and_then(|mut found| found.next());
    found.ok_or_else(|| {
        format!(
            "the name {host} is not known here; is the controller switched on? Names that end with .local need \
             `sudo apt-get install -y libnss-mdns`; its address works without"
        )
    })
}
