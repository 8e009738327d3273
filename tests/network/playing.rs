//! What receivers are sent while a show plays, and after it.

use std::collections::BTreeSet;
use std::time::Duration;

use rustix::process::Signal;
use starcourt::net_link::NetNotice;

use crate::common::launch::until;
use crate::receivers::Received;
use crate::setup::{DARK, Setup, UNIVERSE};
use crate::strange_call::StrangeCall;

#[test]
fn a_show_is_sent_level_by_level_and_rests_dark_until_the_process_ends() {
    let setup = Setup::new();
    let _net = setup.net();
    setup.launch("short").end().with(0, &["short has played to its end; the lights are safe"]);
    setup.until_ended();
    let all = setup.receivers.all();
    let first = all.iter().find_map(|received| match received {
        Received::Ddp { slots, .. } => Some(&slots[..]),
        Received::Sacn { .. } => None,
    });
    assert_eq!(first, Some(&DARK[..]), "safe first");
    let star: Vec<u8> = all
        .iter()
        .filter_map(|received| match received {
            Received::Ddp { slots, .. } => Some(slots[0]),
            Received::Sacn { .. } => None,
        })
        .collect();
    let fade: BTreeSet<u8> = star.iter().copied().collect();
    assert!(fade.len() > 5 && fade.contains(&0) && fade.contains(&200), "{star:?}");
    let top = star.iter().position(|level| *level == 200).unwrap();
    assert!(star[..top].is_sorted(), "{star:?}");
    for received in &all {
        match received {
            Received::Ddp { slots, sequence, .. } => {
                assert!(slots[..3] == slots[3..6] && slots[..3] == slots[6..9], "a run is of one level");
                assert!((1..=15).contains(sequence));
            }
            Received::Sacn { universe, priority, slots, .. } => {
                assert_eq!((*universe, *priority, slots.len()), (UNIVERSE, 120, 512));
                assert!([0, 255].contains(&slots[6]) && [0, 255].contains(&slots[8]));
                assert!(slots.iter().enumerate().all(|(slot, level)| *level == 0 || [6, 8].contains(&slot)));
            }
        }
    }
    let sequences: Vec<u8> = all
        .iter()
        .filter_map(|received| match received {
            Received::Sacn { sequence, .. } => Some(*sequence),
            Received::Ddp { .. } => None,
        })
        .collect();
    assert!(sequences.windows(2).all(|pair| pair[1] == pair[0].wrapping_add(1)), "{sequences:?}");
}

#[test]
fn frames_come_at_their_rate_and_at_least_once_a_second() {
    let setup = Setup::new();
    let _net = setup.net();
    let launch = setup.launch("busy");
    std::thread::sleep(Duration::from_secs(2));
    let all = setup.receivers.all();
    let ddp = all.iter().filter(|received| matches!(received, Received::Ddp { .. })).count();
    // 40 a second; a machine under load sends fewer.
    assert!((20..=85).contains(&ddp), "{ddp}");
    launch.ends_on(Signal::TERM);
    let launch = setup.play("lit");
    setup.receivers.forget();
    std::thread::sleep(Duration::from_secs(4));
    assert!(setup.is_lit(), "it is kept alive: {:?}", setup.receivers.ddp());
    let frames: Vec<_> =
        setup.receivers.all().into_iter().filter(|one| matches!(one, Received::Ddp { .. })).collect();
    // Five at 0.8 s each; generous, for a busy machine.
    assert!((3..=10).contains(&frames.len()), "{}", frames.len());
    let gaps = frames.windows(2).map(|pair| pair[1].at() - pair[0].at());
    assert!(gaps.max().unwrap() < Duration::from_secs(2));
    launch.ends_on(Signal::TERM).with(0, &[]);
    setup.until_ended();
}

/// Many receivers show lights of their own when nothing comes.
#[test]
fn between_shows_the_service_keeps_its_lights_dark() {
    let setup = Setup::new();
    let _net = setup.net();
    let service = setup.service_after_a_show();
    setup.receivers.forget();
    std::thread::sleep(Duration::from_secs(3));
    assert_eq!(setup.receivers.ddp().as_deref(), Some(&DARK[..]), "dark frames go on");
    assert_eq!(setup.receivers.ends(UNIVERSE, 1), [false]);
    // What another has taken meanwhile, and ended, is the service's again.
    lend_and_end(&setup);
    until("ended", || setup.receivers.ends(UNIVERSE, 9).contains(&true));
    setup.receivers.forget();
    until("dark frames", || setup.receivers.ends(UNIVERSE, 1) == [false] && setup.is_dark());
    let asked = setup.folder.launch("play lit --lock-dir lock");
    until("lit", || setup.is_lit());
    service.ends_on(Signal::TERM).with(0, &[]);
    asked.end();
    setup.until_ended();
}

/// Has safe levels sent to the universe as `starcourt off` does, beside an instance that is at rest.
fn lend_and_end(setup: &Setup) {
    let call = StrangeCall::to_universe(setup, UNIVERSE);
    let end = call.link(setup);
    until("ready", || {
        matches!(end.next(Duration::from_secs(1)), Ok(Some(NetNotice::Safe { is_sure: true })))
    });
}

#[test]
fn off_sends_safe_levels() {
    let setup = Setup::new();
    let _net = setup.net();
    let launch = setup.play("lit");
    setup.run("off").with(0, &["4 channels are safe"]);
    launch.end();
    setup.until_ended();
    setup.receivers.forget();
    setup.run("off").with(0, &["4 channels are safe"]);
    setup.until_ended();
    assert_eq!(setup.receivers.ddp().as_deref(), Some(&DARK[..]));
}
