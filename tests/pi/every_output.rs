//! A pin, a chain of shift registers and receivers on the network, lit at once, and killed.

use std::thread;
use std::time::Duration;

use rustix::process::Signal;

use crate::chain::shown_of;
use crate::common::launch::until;
use crate::fake_pi::FakePi;
use crate::receivers::Receivers;
use crate::setup::Setup;

const SHOW: &str = "length 1:00\n0:00 to 1:00  neon, tree, star, gate  strobe every 50 ms\n0:00  exit  off\n";
/// Of the chain and of the pixels.
const SAFE: (&str, [u8; 6]) = ("00000001", [0, 0, 0, 10, 20, 30]);

fn setup(receivers: &Receivers) -> Setup {
    let host = receivers.address;
    let rig = format!(
        "[expanders]\nboard = {{ chip = \"74hc595\", data = 10, clock = 11, latch = 8, oe = 25 }}\n\
         [network]\nwled = {{ ddp = \"{host}\" }}\nstage = {{ sacn = 5, to = \"{host}\" }}\n\
         [channels]\n\
         neon = {{ pin = 4, kind = \"ssr\", active = \"low\" }}\n\
         tree = {{ out = \"board.0\", kind = \"ssr\" }}\n\
         lamp = {{ out = \"board.7\", kind = \"ssr\", safe = \"100 %\" }}\n\
         star = {{ out = \"wled.1\", kind = \"dimmer\", colour = \"#c86432\" }}\n\
         exit = {{ out = \"wled.2\", kind = \"dimmer\", colour = \"#0a141e\", safe = \"100 %\" }}\n\
         gate = {{ out = \"stage.7\", kind = \"relay\", min_on = \"0 ms\", min_off = \"0 ms\" }}\n"
    );
    let setup = Setup::on(FakePi::new(), &rig);
    setup.folder.write("shows/all.show", SHOW);
    setup
}

/// `KILLS=500` makes so many.
#[test]
fn after_a_kill_at_any_time_every_kind_of_output_is_safe() {
    let receivers = Receivers::open();
    let setup = setup(&receivers);
    let net = setup.folder.launch("net --lock-dir lock");
    until("listening", || net.told().contains("listens"));
    let rounds = std::env::var("KILLS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(6);
    for round in 0..rounds {
        receivers.forget();
        let seen = setup.pi.events().len();
        let launch = setup.launch("play all --silent --rig rig.toml --lock-dir lock");
        let is_lit = || receivers.universe(5).is_some_and(|slots| slots[6] == 255);
        until("lit", || is_lit() && receivers.ddp().is_some_and(|slots| slots[3..] == [0, 0, 0]));
        thread::sleep(Duration::from_millis(round * 13 % 210));
        launch.ends_on(Signal::KILL);
        until("ended", || receivers.ends(5, 7) == [false, false, false, false, true, true, true]);
        assert_eq!(receivers.ddp().as_deref(), Some(&SAFE.1[..]), "round {round}");
        assert!(
            receivers.universe(5).is_some_and(|slots| slots.iter().all(|slot| *slot == 0)),
            "round {round}"
        );
        until("safe", || setup.pi.line(4) == (true, true));
        let events = setup.pi.events();
        until("safe", || shown_of(&setup.pi.events(), 8).last().is_some_and(|shown| shown.word == SAFE.0));
        assert!(events.len() > seen);
    }
}
