//! Real lights play at normal speed only.

use rustix::process::Signal;

use crate::setup::Setup;

#[test]
fn real_lights_play_at_no_other_speed_and_the_refusal_says_why() {
    let setup = Setup::new();
    let show = setup.play();
    for speed in ["half", "double", "0.5", "2"] {
        let refused = setup.run(&format!("speed {speed} --lock-dir lock"));
        refused.with(1, &["only simulated lights (`--output sim`)", "faster than the rig allows"]);
    }
    setup.run("speed normal --lock-dir lock").with(0, &["plays at normal speed already"]);
    setup.run("speed --lock-dir lock").with(0, &["lit plays at normal speed, as real lights always do"]);
    show.ends_on(Signal::TERM).with(0, &["the lights are safe"]);
    setup.assert_safe();
}
