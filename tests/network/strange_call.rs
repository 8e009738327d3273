//! Another program that calls `starcourt net` and wants what is safe.

use std::os::fd::AsFd;

use starcourt::net_link::{
    InstanceId, LinkPlan, LinkedOutput, LinkedReceiver, NetLevels, NetLink, WakeSender,
};
use starcourt::rig::{NetworkHost, NetworkOutput, Pixel, Receiver, SacnDestination};

use crate::setup::Setup;

pub(crate) struct StrangeCall {
    plan: LinkPlan,
    levels: NetLevels,
    wake: WakeSender,
}

impl StrangeCall {
    pub(crate) fn to_ddp(setup: &Setup) -> Self {
        Self::to(Receiver::Ddp(host(setup)))
    }

    pub(crate) fn to_universe(setup: &Setup, universe: u16) -> Self {
        Self::to(Receiver::Sacn { universe, to: SacnDestination::Host(host(setup)) })
    }

    fn to(receiver: Receiver) -> Self {
        let output = NetworkOutput::new(receiver, 1, 1, Pixel::Slot).unwrap();
        let linked = LinkedReceiver {
            name: "strange".into(),
            receiver,
            priority: 100,
            rate: 40,
            interface: None,
            outputs: vec![LinkedOutput { output, is_safe_lit: false }],
        };
        let instance = InstanceId { token: 7, pid: 7, show: 1 };
        let plan = LinkPlan { instance, receivers: vec![linked] };
        let levels = NetLevels::new(1).unwrap();
        levels.close();
        Self { plan, levels, wake: WakeSender::new().unwrap() }
    }

    pub(crate) fn link(&self, setup: &Setup) -> NetLink {
        let link = NetLink::connect(&setup.folder.path("lock/net.sock")).unwrap();
        link.hand_over(&self.plan, self.levels.as_fd(), self.wake.as_fd()).unwrap();
        link
    }
}

fn host(setup: &Setup) -> NetworkHost {
    NetworkHost::new(&setup.receivers.address.to_string()).unwrap()
}
