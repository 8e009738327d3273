//! A rig whose lights are on the network, with `starcourt net` beside it.

use crate::common::folder::Folder;
use crate::common::launch::{Ended, Launch, until};
use crate::receivers::Receivers;

pub(crate) const UNIVERSE: u16 = 5;
/// What lies dark: three pixels, and slots 7 and 9; the lamp of the exit is lit.
pub(crate) const DARK: [u8; 12] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 10, 20, 30];
pub(crate) const LIT: [u8; 12] = [200, 100, 50, 200, 100, 50, 200, 100, 50, 0, 0, 0];

pub(crate) struct Setup {
    pub(crate) folder: Folder,
    pub(crate) receivers: Receivers,
}

impl Setup {
    /// With some shows, and nothing launched.
    pub(crate) fn new() -> Self {
        let receivers = Receivers::open();
        let folder = Folder::new(&rig(&receivers.address.to_string()));
        let folder = folder
            .with_show("lit", "1:00", "0:00 star, gate, fog on\n0:00 exit off\n")
            .with_show("busy", "1:00", "0:00 to 1:00 star, gate strobe every 50 ms\n0:00 exit off\n")
            .with_show("short", "0:01", "0:00 star fade to 100 % over 500 ms\n0:00.5 gate, fog on\n");
        Self { folder, receivers }
    }

    /// `starcourt net`, when it listens.
    pub(crate) fn net(&self) -> Launch {
        let net = self.folder.launch("net --lock-dir lock");
        until("listening", || net.told().contains("listens"));
        net
    }

    pub(crate) fn launch(&self, show: &str) -> Launch {
        self.folder.launch(&format!("play {show} --silent {HERE}"))
    }

    /// Launched and lit.
    pub(crate) fn play(&self, show: &str) -> Launch {
        let launch = self.launch(show);
        until("lit", || self.is_lit());
        launch
    }

    /// `starcourt serve`, when its lights are dark again after a show.
    pub(crate) fn service_after_a_show(&self) -> Launch {
        let service = self.folder.launch(&format!("serve --shows shows {HERE}"));
        until("serving", || self.folder.path("lock/starcourt.sock").exists());
        let asked = self.folder.launch("play lit --lock-dir lock");
        until("lit", || self.is_lit());
        self.folder.run("stop --lock-dir lock").with(0, &[]);
        asked.end();
        until("dark", || self.is_dark());
        service
    }

    pub(crate) fn run(&self, words: &str) -> Ended {
        self.folder.run(&format!("{words} {HERE}"))
    }

    pub(crate) fn is_lit(&self) -> bool {
        let gate = self.receivers.universe(UNIVERSE).is_some_and(|slots| slots[6] == 255);
        gate && self.receivers.ddp().is_some_and(|slots| slots == LIT)
    }

    /// Whether everything shows its safe level.
    pub(crate) fn is_dark(&self) -> bool {
        let universe = self.receivers.universe(UNIVERSE);
        universe.is_none_or(|slots| slots.iter().all(|slot| *slot == 0))
            && self.receivers.ddp().is_none_or(|slots| slots == DARK)
    }

    /// Waits until everything shows its safe level, and the universe has ended as the standard wants.
    #[track_caller]
    pub(crate) fn until_ended(&self) {
        until("ended", || self.receivers.ends(UNIVERSE, 7) == [false, false, false, false, true, true, true]);
        assert!(self.is_dark(), "{:?}", self.receivers.ddp());
    }
}

pub(crate) const HERE: &str = "--rig rig.toml --lock-dir lock --output gpio";

pub(crate) fn rig(host: &str) -> String {
    format!(
        "[network]\nwled = {{ ddp = \"{host}\" }}\nstage = {{ sacn = {UNIVERSE}, to = \"{host}\", priority = 120 }}\n\
         [channels]\n\
         star = {{ out = \"wled.1-3\", kind = \"dimmer\", colour = \"#c86432\" }}\n\
         exit = {{ out = \"wled.4\", kind = \"dimmer\", colour = \"#0a141e\", safe = \"100 %\" }}\n\
         gate = {{ out = \"stage.7\", kind = \"dimmer\" }}\n\
         fog  = {{ out = \"stage.9\", kind = \"relay\" }}\n"
    )
}
