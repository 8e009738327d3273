//! A show that plays passes slower or faster.

use std::fs;
use std::time::{Duration, Instant};

use starcourt::random::Random;

use crate::common::launch::until;
use crate::setup::{Edge, GONG, SAFE, Setup};

/// A light a second, for a minute: neon in odd ones, the garland in even ones.
fn seconds() -> Setup {
    let cue = |second: u64| {
        let (on, off) = if second.is_multiple_of(2) { ("garland", "neon") } else { ("neon", "garland") };
        format!("{second} s  {on}  on\n{second} s  {off}  off\n")
    };
    Setup::new("").with_show("seconds", "1:00", &(1..60).map(cue).collect::<String>())
}

/// How far the show comes in a second, by its own word and this machine's clock, in thousandths.
fn pace(setup: &Setup) -> u64 {
    let (begin, from) = (Instant::now(), setup.position());
    std::thread::sleep(Duration::from_millis(900));
    let (to, took) = (setup.position(), begin.elapsed());
    (to - from) * 1_000 / u64::try_from(took.as_micros()).unwrap()
}

#[test]
fn a_show_passes_as_fast_as_somebody_says_and_tells_it() {
    let setup = seconds();
    let show = setup.play("seconds --loop", SAFE);
    for (word, name, least, most) in
        [("half", "half", 350, 650), ("2", "double", 1_500, 2_500), ("normal", "normal", 750, 1_300)]
    {
        let told = format!("plays at {name} speed");
        setup.tell(&format!("speed {word}")).with(0, &["seconds at ", &told]);
        setup.tell(&format!("speed {name} seconds")).with(0, &[&told, " already"]);
        setup.tell("speed").with(0, &[&format!("seconds {told}")]);
        assert_eq!(setup.now()["show"]["speed"], name);
        let said = setup.tell("status").said;
        assert_eq!(said.contains(&format!(", at {name} speed\n")), name != "normal", "{said}");
        // A busy machine delays a look at the place, so one of several counts.
        assert!((0..5).any(|_| (least..most).contains(&pace(&setup))), "{word}");
    }
    setup.tell("speed 3").with(2, &["a speed is `half`, `normal` or `double`"]);
    setup.tell("speed seconds").with(2, &["`starcourt speed half seconds`"]);
    setup.tell("stop").with(0, &["ends seconds at "]);
    show.end().with(0, &["the lights are safe"]);
    setup.tell("speed half").with(3, &["nothing is playing"]);
}

#[test]
fn whatever_the_speed_each_change_comes_once_in_its_order_and_at_its_place() {
    let setup = seconds();
    let show = setup.play("seconds --from 0:35 --trace trace.csv", ['0', '0', '0']);
    let mut dice = Random::new(&[b"speeds"]);
    let ends = Instant::now() + Duration::from_secs(50);
    while setup.now()["show"]["position_us"].as_u64().is_some_and(|at| at < 57_000_000) {
        assert!(Instant::now() < ends, "it does not come on");
        let speed = ["half", "normal", "double", "double", "double"][dice.below(5) as usize];
        setup.tell(&format!("speed {speed}")).with(0, &["seconds at "]);
        if dice.below(3) == 0 {
            setup.tell("pause").with(0, &["paused seconds at "]);
            let speed = ["half", "normal", "double"][dice.below(3) as usize];
            setup.tell(&format!("speed {speed}")).with(0, &["seconds at "]);
            setup.tell("resume").with(0, &["resumed seconds at "]);
        }
        std::thread::sleep(Duration::from_millis(dice.below(700)));
    }
    setup.tell("speed double");
    show.end().with(0, &["has played to its end", "the lights are safe"]);
    let edges = setup.trace();
    let lit = |edge: &&Edge| edge.level == 1_000 && edge.channel != "exit";
    let lit: Vec<(u64, &str)> =
        edges.iter().filter(lit).map(|edge| (edge.show_us, edge.channel.as_str())).collect();
    let expected =
        (35..60).map(|second| (second * 1_000_000, if second % 2 == 0 { "garland" } else { "neon" }));
    assert_eq!(lit, expected.collect::<Vec<_>>());
}

#[test]
fn what_is_looked_at_slowly_goes_on_so_after_a_save_and_an_interruption() {
    let setup = seconds();
    let show = setup.play("seconds --watch --loop", SAFE);
    setup.tell("speed half").with(0, &["at half speed"]);
    let sheet = setup.folder.path("shows/seconds.show");
    let text = fs::read_to_string(&sheet).unwrap();
    fs::write(&sheet, format!("{text}0 s  exit  on\n")).unwrap();
    until("the new text is taken up", || setup.lines()[2] == '1');
    assert_eq!(setup.now()["show"]["speed"], "half");
    setup.tell("seek 0:00").with(0, &["seconds at 0:00"]);
    setup.interrupt("gong", GONG).ends_on(rustix::process::Signal::TERM);
    until("seconds is back", || setup.now()["show"]["name"] == "seconds");
    assert_eq!(setup.now()["show"]["speed"], "half");
    setup.ends(show);
}
