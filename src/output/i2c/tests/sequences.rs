//! Whatever happens to chips and whatever is wanted meanwhile: what answers shows what is wanted, and what was lost comes
//! back with it. In virtual time.

use proptest::prelude::*;

use super::*;

#[derive(Clone, Debug)]
enum BusStep {
    /// A light shall have a level.
    Want(usize, u16),
    Break(usize, ChipFault),
    Mend(usize),
    /// A chip has lost what it showed, and nobody was told.
    Upset(usize),
    Wait(u64),
}

fn step() -> impl Strategy<Value = BusStep> {
    let fault = prop_oneof![Just(ChipFault::Silent), Just(ChipFault::NoPower)];
    prop_oneof![
        6 => (0..5_usize, 0..=10_000_u16).prop_map(|(light, level)| BusStep::Want(light, level)),
        1 => (0..3_usize, fault).prop_map(|(chip, fault)| BusStep::Break(chip, fault)),
        1 => (0..3_usize).prop_map(BusStep::Mend),
        1 => (0..3_usize).prop_map(BusStep::Upset),
        4 => (0..600_u64).prop_map(BusStep::Wait),
    ]
}

/// A light: its chip, its output, and what that carries at a level of so many hundredths.
fn wish(light: usize, hundredths: u16) -> (usize, u8, u16) {
    let is_lit = hundredths >= 5_000;
    let switched = |when_lit| ChipImage::ALWAYS * u16::from(is_lit == when_lit);
    let share = (u32::from(hundredths) * u32::from(ChipImage::ALWAYS) / 10_000) as u16;
    match light {
        GATE => (MCP, 0, switched(false)),
        EXIT => (MCP, 9, switched(true)),
        BELL => (PCF, 3, switched(false)),
        TREE => (PCA, 7, share),
        _ => (PCA, 15, ChipImage::ALWAYS - share),
    }
}

/// What an output shows that carries `share`.
fn pin(chip: usize, share: u16) -> Pin {
    match (chip, share) {
        (PCF, ChipImage::ALWAYS) => Pin::Open,
        (_, 0) => Pin::Low,
        (_, ChipImage::ALWAYS) => Pin::High,
        (_, share) => Pin::Dimmed(share),
    }
}

const LIGHTS: [(usize, u8); 5] = [(MCP, 0), (MCP, 9), (PCF, 3), (PCA, 7), (PCA, 15)];

fn shown(bus: &ChipBus, images: &[ChipImage], light: usize) -> (Pin, Pin) {
    let (chip, number) = LIGHTS[light];
    (bus.chip(chip).pin(number), pin(chip, images[chip].shares()[usize::from(number)]))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn what_answers_shows_what_is_wanted(steps in prop::collection::vec(step(), 1..60)) {
        let mut bus = chip_bus();
        let mut writer = Writer::new(safe_bus().chips());
        let mut images = safe_images();
        let mut faults = [ChipFault::None; 3];
        let mut lost = [false; 3];
        // Whether a chip may show something else without anybody's fault, until it is written anew.
        let mut upset = [false; 3];
        let mut now = 0;
        let mut next = Some(at(0));
        let mut notices = Vec::new();
        let mut steps = steps;
        steps.extend([BusStep::Mend(0), BusStep::Mend(1), BusStep::Mend(2), BusStep::Wait(1_300)]);
        for step in steps {
            let until = match step {
                BusStep::Want(light, level) => {
                    let (chip, number, share) = wish(light, level);
                    images[chip].set(number, share);
                    next = Some(at(now));
                    now
                }
                BusStep::Break(chip, fault) => {
                    upset[chip] |= faults[chip] == ChipFault::NoPower;
                    bus.break_chip(chip, fault);
                    faults[chip] = fault;
                    now
                }
                BusStep::Mend(chip) => {
                    upset[chip] |= faults[chip] == ChipFault::NoPower;
                    bus.break_chip(chip, ChipFault::None);
                    faults[chip] = ChipFault::None;
                    now
                }
                BusStep::Upset(chip) => {
                    bus.upset(chip);
                    upset[chip] = true;
                    now
                }
                BusStep::Wait(millis) => now + millis,
            };
            // The worker's loop: it wakes when it is told to, and when something is due.
            while next.is_some_and(|next| next.since(at(until)) <= 0) {
                now = now.max(next.unwrap().nanos().div_ceil(1_000_000));
                let pass = pass(&mut writer, &mut bus, &images, now);
                prop_assert!(pass.next.unwrap().since(at(now)) > 0, "it does not spin");
                next = pass.next;
                notices.extend(pass.notices);
            }
            now = now.max(until);
            for notice in notices.drain(..) {
                let (chip, is_lost) = match notice {
                    ChipNotice::Lost(chip, _) => (chip, true),
                    ChipNotice::Back(chip) => (chip, false),
                };
                let place = [mcp(), pcf(), pca()].iter().position(|other| *other == chip).unwrap();
                prop_assert_ne!(lost[place], is_lost, "told once");
                lost[place] = is_lost;
            }
            if matches!(step, BusStep::Wait(1_000..)) {
                upset = [false; 3];
            }
            for (light, (chip, _)) in LIGHTS.into_iter().enumerate() {
                // A chip that dims may have to wait for its turn.
                let is_late = chip == PCA && next.is_some_and(|next| next.since(at(now)) <= 5_000_000);
                if faults[chip] == ChipFault::None && !lost[chip] && !upset[chip] && !is_late {
                    let (is, wanted) = shown(&bus, &images, light);
                    prop_assert_eq!(is, wanted, "light {} at {} ms", light, now);
                }
            }
        }
        prop_assert_eq!(lost, [false; 3], "all of them are mended");
        for light in 0..LIGHTS.len() {
            let (is, wanted) = shown(&bus, &images, light);
            prop_assert_eq!(is, wanted, "light {} in the end", light);
        }
    }
}
