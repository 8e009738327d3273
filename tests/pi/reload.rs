//! The rig changes while the service is at work: the register log tells in which order.

use rustix::process::Signal;

use crate::common::launch::until;
use crate::fake_pi::FakePi;
use crate::fake_pi::Step::{BecameInput, BecameOutput, High};
use crate::setup::Setup;

const BEFORE: &str = "[channels]\nlow = { pin = 4, kind = \"relay\", active = \"low\" }\n";
/// The same relay at another line.
const AFTER: &str = "[channels]\nlow = { pin = 22, kind = \"relay\", active = \"low\" }\n";

/// A service that has left GPIO 4 for GPIO 22, which end with `release`.
fn reloaded(release: &str) -> (Setup, crate::common::launch::Launch) {
    let setup = Setup::on(FakePi::new(), &format!("{release}{BEFORE}"));
    setup.folder.write("shows/on.show", "length 1:00\n0:00  all  on\n");
    let service = setup.launch("serve --rig rig.toml --lock-dir lock");
    until("taken", || !setup.pi.steps(4).is_empty());
    setup.folder.write("rig.toml", &format!("{release}{AFTER}"));
    until("reloaded", || setup.run("reload --lock-dir lock").code == 0);
    (setup, service)
}

#[test]
fn a_line_that_leaves_the_rig_stays_driven_and_safe_and_a_new_one_is_safe_before_it_is_driven() {
    let (setup, service) = reloaded("");
    assert_eq!(setup.pi.line(4), (true, true));
    assert!(
        setup.pi.steps(4).iter().all(|step| [High, BecameOutput].contains(step)),
        "{:?}",
        setup.pi.steps(4)
    );
    assert_eq!(setup.pi.steps(22)[..2], [High, BecameOutput]);
    let first = |line| setup.pi.events().into_iter().position(|event| event.line == line);
    let last = setup.pi.events().into_iter().rposition(|event| event.line == 4);
    assert!(first(22) > last, "the line that leaves is safe before another is taken");
    service.ends_on(Signal::TERM).with(0, &[]);
    assert_eq!((setup.pi.line(4), setup.pi.line(22)), ((true, true), (true, true)));
}

#[test]
fn a_line_that_leaves_the_rig_is_made_safe_before_it_is_released_as_an_input() {
    let (setup, service) = reloaded("release = \"input\"\n");
    assert!(setup.pi.steps(4).ends_with(&[High, BecameOutput, High, BecameInput]), "{:?}", setup.pi.steps(4));
    service.ends_on(Signal::TERM).with(0, &[]);
    assert!(setup.pi.steps(22).ends_with(&[BecameInput]));
}

#[test]
fn after_a_kill_the_guardian_makes_the_new_lines_safe_and_leaves_the_others_alone() {
    let (setup, service) = reloaded("");
    let show = setup.launch("play on --silent --lock-dir lock");
    until("on", || setup.pi.line(22) == (true, false));
    let guardian = setup.guardian();
    service.ends_on(Signal::KILL);
    until("off", || setup.pi.line(22) == (true, true));
    let touched = setup.events_of(guardian);
    assert!(!touched.is_empty() && touched.iter().all(|event| event.line == 22), "{touched:?}");
    drop(show);
}
