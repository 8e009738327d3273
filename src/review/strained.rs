//! How flashes and wear are told: the channels that one cue strains together are one warning. Judges nothing.

use std::ops::Range;

use crate::diagnosis::{Diagnoses, Diagnosis, Help};
use crate::rig::Rig;
use crate::show::Show;
use crate::time::ShowTime;
use crate::timeline::{Strain, Strained};

/// Of more channels, the first ones and the number of the others are told.
const CHANNELS_TOLD: usize = 12;

/// The channels that the same line strains in the same way.
struct StrainedTogether {
    strains: Vec<Strain>,
    line: Option<Range<usize>>,
}

impl StrainedTogether {
    fn takes(&self, strain: &Strain, line: Option<&Range<usize>>) -> bool {
        let is_same = |one: &Strained| std::mem::discriminant(one) == std::mem::discriminant(&strain.what);
        self.line.as_ref() == line && is_same(&self.strains[0].what)
    }
}

pub(super) fn warnings(strains: Vec<Strain>, show: &Show, rig: &Rig, length: ShowTime) -> Diagnoses {
    let mut groups: Vec<StrainedTogether> = Vec::new();
    for strain in strains {
        let line = show.line_behind(strain.channel, strain.time);
        match groups.iter_mut().find(|group| group.takes(&strain, line.as_ref())) {
            Some(group) => group.strains.push(strain),
            None => groups.push(StrainedTogether { strains: vec![strain], line }),
        }
    }
    let mut told = Diagnoses::default();
    for group in groups {
        told.push(warning(&group, show, rig, length));
    }
    told
}

fn warning(group: &StrainedTogether, show: &Show, rig: &Rig, length: ShowTime) -> Diagnosis {
    let strains = &group.strains;
    let names = names(strains, rig);
    let is_one = strains.len() == 1;
    let begin = strains.iter().map(|strain| strain.time).min().unwrap_or(ShowTime::ZERO);
    let most = strains.iter().map(|strain| match strain.what {
        Strained::Eyes { flashes } => flashes,
        Strained::Contacts { switchings } => switchings,
    });
    let most = most.max().unwrap_or_default();
    let warning = match strains[0].what {
        Strained::Eyes { .. } => {
            let flash = if is_one { "flashes" } else { "flash" };
            Diagnosis::warning(
                &show.source,
                format!("{names} {flash} up to {most} times a second, from {} on", show.beat_of(begin)),
            )
            .help(Help::advise("more than three flashes a second can cause a seizure; `flash` under `[limits]` in the rig is the limit"))
        }
        Strained::Contacts { .. } => {
            let rate = most as f64 / length.as_duration().as_secs_f64();
            let who = match is_one {
                true => format!("the relay {names} switches"),
                false => format!("the relays {names} switch up to"),
            };
            Diagnosis::warning(
                &show.source,
                format!("{who} {most} times, {rate:.1} times a second on average"),
            )
            .help(Help::advise(
                "above 0.5 a second a relay's contacts wear out within months; an SSR never does",
            ))
        }
    };
    match &group.line {
        Some(line) => warning.at(line.clone(), "from this cue on"),
        None => warning,
    }
}

/// "`a`, `b` and `c`".
fn names(strains: &[Strain], rig: &Rig) -> String {
    let name = |strain: &Strain| format!("`{}`", rig.channel(strain.channel).name);
    let told = if strains.len() > CHANNELS_TOLD { CHANNELS_TOLD } else { strains.len() - 1 };
    let last = match &strains[told..] {
        [last] => name(last),
        more => format!("{} more", more.len()),
    };
    match told {
        0 => last,
        told => {
            let first: Vec<String> = strains[..told].iter().map(name).collect();
            format!("{} and {last}", first.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::strains;
    use super::*;
    use crate::diagnosis::Source;
    use crate::timeline::compile;

    fn told(channels: usize, kind: &str, cues: &str) -> Diagnoses {
        let rest = if kind == "pwm" { "" } else { ", min_off = \"0 ms\"" };
        let channel = |number: usize| format!("c{number} = {{ sim = {number}, kind = \"{kind}\"{rest} }}\n");
        let rig: String = (0..channels).map(channel).collect();
        let rig = crate::rig::read(&Source::new("rig.toml", format!("[channels]\n{rig}")));
        let rig = rig.0.unwrap_or_else(|| panic!("{}", rig.1));
        let sheet = format!("tempo 120 bpm, 4/4\nlength 0:30\n{cues}");
        let no_map = |_: &str| unreachable!("it has no beat map");
        let show = crate::show::read("a", &Source::new("a.show", sheet), &rig, &no_map);
        let (show, _) = show.unwrap_or_else(|told| panic!("{told}"));
        let length = show.length.unwrap();
        strains(&show, &rig, length, &compile(&show, &rig).timeline)
    }

    #[test]
    fn channels_that_flash_together_are_one_warning_with_one_place() {
        let all = told(8, "ssr", "5.1 to 9.1  all  strobe every 100 ms\n");
        assert_eq!(all.warnings(), 1, "{all}");
        let text = all.to_string();
        assert!(text.contains("`c5`, `c6` and `c7` flash up to 10 times a second"), "{text}");
        assert!(text.contains("from bar 5.1 (0:08.000) on"), "{text}");
        let one = told(1, "ssr", "5.1 to 9.1  c0  strobe every 100 ms\n").to_string();
        assert!(one.contains("warning: `c0` flashes up to"), "{one}");
        let many = told(40, "ssr", "5.1 to 9.1  all  strobe every 100 ms\n").to_string();
        assert!(many.contains("`c11` and 28 more flash"), "{many}");
    }

    #[test]
    fn bar_and_clock_time_of_a_flash_name_the_same_place() {
        // A pulse is a flash a little after its beat, when it has risen by a tenth.
        for (cues, place) in [
            ("5.1 to 9.1  c0  pulse every 1/4 beat", "from bar 5.1 (0:08.000) on"),
            ("5.2& to 9.1  c0  strobe every 100 ms", "from bar 5.2 (0:08.500) on"),
            ("7.3 to 9.1  c0  twinkle every 50 ms", "from bar 7.3 (0:13.000) on"),
        ] {
            let text = told(1, "pwm", cues).to_string();
            assert!(text.contains(place), "{text}");
        }
    }

    #[test]
    fn what_another_line_or_another_strain_causes_is_another_warning() {
        let two = told(2, "ssr", "1.1 to 5.1 c0 strobe every 100 ms\n1.1 to 5.1 c1 strobe every 100 ms\n");
        assert_eq!(two.warnings(), 2, "{two}");
        let worn = told(3, "relay", "1.1 to 15.1 all strobe every 250 ms\n");
        assert_eq!(worn.warnings(), 2, "{worn}");
        assert!(worn.to_string().contains("the relays `c0`, `c1` and `c2` switch up to"), "{worn}");
    }
}
