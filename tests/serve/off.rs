//! Everything is switched off over the socket, as a page on a phone does it.

use std::time::Duration;

use starcourt::ipc::{Answer, Client, Order};

use crate::setup::{MALL, SAFE, Setup};

impl Setup {
    /// What the service answers to `order`.
    #[track_caller]
    fn order(&self, order: &Order) -> Answer {
        let socket = self.folder.path("lock/starcourt.sock");
        let mut client = Client::connect(&socket).unwrap().expect("it listens");
        client.ask(order, Duration::from_secs(20)).unwrap()
    }
}

#[test]
fn off_ends_everything_at_once_and_the_service_stays_until_it_is_resumed() {
    let setup = Setup::new(
        "between = \"dusk\"\n[looks]\ndusk = { garland = \"on\" }\n[schedule]\nday = { play = \"mall\" }\n",
    );
    let service = setup.serve();
    setup.comes_to_show(MALL);
    let Answer::Done(words) = setup.order(&Order::Off {}) else { panic!("it is refused") };
    assert!(words.starts_with("ends mall at 0:0") && words.contains("`starcourt resume`"), "{words}");
    setup.comes_to_show(SAFE);
    setup.comes_to_rest("switched off");
    // As often as it asks the schedule in that time.
    std::thread::sleep(Duration::from_millis(2_500));
    assert_eq!(setup.lines(), SAFE);
    let refused = setup.order(&Order::Next {});
    assert!(matches!(refused, Answer::Refused { exit: 3, .. }), "{refused:?}");
    setup.tell("resume").with(0, &["resumed the schedule"]);
    setup.comes_to_show(MALL);
    setup.ends(service);
}
