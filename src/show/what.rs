//! Reads the third column of a cue: what happens. Knows nothing of who or when.

use crate::diagnosis::Help;
use crate::easing::Easing;
use crate::envelope::SoundBand;
use crate::level::Level;
use crate::time;

use super::effect_options::{ChaseDirection, Options, once, options};
use super::length::{LengthAt, foreign_or_own_unit, length};
use super::levels::{Levels, Unit, is_number, level_from};
use super::slip::duration_first;
use super::words::{Bytes, Mistake, SheetLine, Word};

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum What {
    Level(Level),
    Fade {
        from: Option<Level>,
        to: Level,
        over: Option<LengthAt>,
        easing: Easing,
    },
    Pulse {
        levels: Levels,
        every: LengthAt,
    },
    Strobe {
        levels: Levels,
        every: LengthAt,
        lit: Option<Box<LengthAt>>,
    },
    Chase {
        levels: Levels,
        every: LengthAt,
        direction: ChaseDirection,
        wide: usize,
    },
    /// Without `every`, about twice a second.
    Twinkle {
        levels: Levels,
        every: Option<LengthAt>,
        seed: u64,
    },
    Follow {
        levels: Levels,
        band: SoundBand,
        rise: Option<Box<LengthAt>>,
        fall: Option<Box<LengthAt>>,
        /// `follow` itself.
        span: Bytes,
    },
}

impl What {
    /// Whether it needs an end. A level may stay, and a fade has its length.
    pub(super) fn is_effect(&self) -> bool {
        !matches!(self, Self::Level(_) | Self::Fade { .. })
    }
}

pub(super) const VERBS: [&str; 9] =
    ["on", "off", "level", "fade", "pulse", "strobe", "chase", "twinkle", "follow"];

pub(super) fn what(line: &mut SheetLine) -> Result<What, Mistake> {
    let verb = line.expect("`on`, `off`, a level, a fade or an effect")?;
    match verb.text {
        "on" => Ok(What::Level(Level::FULL)),
        "off" => Ok(What::Level(Level::OFF)),
        "level" => {
            let number = line.expect("a level")?;
            level_from(number, line, Unit::Needed).map(What::Level)
        }
        "fade" => fade(line, verb),
        "pulse" | "strobe" | "chase" | "twinkle" | "follow" => effect(verb, line),
        _ if is_number(verb.text) => level_from(verb, line, Unit::Needed).map(What::Level),
        other => Err(Mistake::new(verb.span(), format!("`{other}` is not something a channel can do"))
            .label(format!("expected one of {}", VERBS.join(", ")))
            .help_if_any(match other {
                "for" => duration_first(verb, line),
                _ => Help::meant(verb.span(), other, VERBS),
            })),
    }
}

/// `fade 3` probably means a time, and `fade 80` a level.
const FEW_SECONDS: u64 = 10;

fn fade(line: &mut SheetLine, verb: Word) -> Result<What, Mistake> {
    let from = match line.take("from") {
        Some(_) => {
            let number = line.expect("a level")?;
            Some(level_from(number, line, Unit::MayFollowLater)?)
        }
        None => None,
    };
    let to = line.expect("`to` and a level").map_err(|mistake| {
        let ways = ["on", "off"].map(|level| format!("fade to {level} over 2 s"));
        if from.is_none() { mistake.help(Help::write_one_of(verb.span(), ways)) } else { mistake }
    })?;
    if to.text != "to" {
        let mistake = Mistake::unexpected(to).label("expected `to` and a level");
        let is_first = line.clone().find(|next| next.text != "%").is_some_and(|next| next.text == "to");
        // `fade 3 s`
        if foreign_or_own_unit(to.text, line.peek().as_ref()) && is_number(to.text) {
            let ways = ["on", "off"].map(|level| format!("to {level} over {}", to.text));
            return Err(mistake.help(Help::write_one_of(to.span(), ways)).exact());
        }
        if matches!(to.text, "over" | "ease" | "ease-in" | "ease-out") {
            let ways = ["on", "off"].map(|level| format!("to {level} {}", to.text));
            return Err(mistake.help(Help::write_one_of(to.span(), ways)));
        }
        let is_last = line.peek().is_none();
        if is_last && time::scaled_decimal(to.text, 1).is_some_and(|number| number <= FEW_SECONDS) {
            let ways = ["on over", "off over"].map(|way| format!("to {way} {} s", to.text));
            let ways = ways.into_iter().chain([format!("to {} % over 2 s", to.text)]);
            return Err(mistake.help(Help::write_one_of(to.span(), ways)));
        }
        return Err(match is_number(to.text) || matches!(to.text, "on" | "off") {
            true if is_first => mistake.help(Help::write(to.span(), format!("from {}", to.text))),
            true => mistake.help(Help::write(to.span(), format!("to {}", to.text))),
            false => {
                mistake.help(Help::advise("as in `fade to 80 % over 2 s` or `fade from 20 to 80 % over 2 s`"))
            }
        });
    }
    let number = line.expect("a level")?;
    let to = level_from(number, line, Unit::Needed)?;
    let mut over = None;
    let mut easing = None;
    loop {
        if let Some(word) = line.take("over") {
            once(&over, word.span())?;
            over = Some(length(line)?);
            continue;
        }
        let Some(named) = line.peek().and_then(|word| Some((word, easing_named(word.text)?))) else {
            break;
        };
        once(&easing, named.0.span())?;
        line.next();
        easing = Some(named.1);
    }
    if from == Some(to) {
        return Err(Mistake::new(verb.span(), "this fade goes nowhere").label("both levels are the same"));
    }
    Ok(What::Fade { from, to, over, easing: easing.unwrap_or_default() })
}

fn easing_named(text: &str) -> Option<Easing> {
    Some(match text {
        "ease" => Easing::InOut,
        "ease-in" => Easing::In,
        "ease-out" => Easing::Out,
        _ => return None,
    })
}

fn effect(verb: Word, line: &mut SheetLine) -> Result<What, Mistake> {
    let options = options(verb, line)?;
    let levels = options.levels.unwrap_or(Levels { low: Level::OFF, high: Level::FULL });
    let needed = |every: Option<LengthAt>| {
        every.ok_or_else(|| {
            Mistake::new(verb.span(), format!("how fast is this {}?", verb.text))
                .label("`every` is missing")
                .help(Help::write(verb.span(), format!("{} every 500 ms", verb.text)))
        })
    };
    Ok(match verb.text {
        "pulse" => What::Pulse { levels, every: needed(options.every)? },
        "strobe" => What::Strobe { levels, every: needed(options.every)?, lit: options.lit },
        "chase" => {
            let (direction, wide) = (options.direction.unwrap_or_default(), options.wide.unwrap_or(1));
            What::Chase { levels, every: needed(options.every)?, direction, wide }
        }
        "follow" => {
            let band = options.band.ok_or_else(|| {
                let ways = SoundBand::ALL.map(|band| format!("follow {}", band.name()));
                Mistake::new(verb.span(), "what of the music does this follow?")
                    .label("a part of the sound is missing")
                    .help(Help::write_one_of(verb.span(), ways))
            })?;
            let Options { rise, fall, .. } = options;
            What::Follow { levels, band, rise, fall, span: verb.span().into() }
        }
        _ => What::Twinkle { levels, every: options.every, seed: options.seed.unwrap_or(0) },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<What, String> {
        let mut line = SheetLine::new(text, 0).unwrap();
        let what = what(&mut line).map_err(|mistake| mistake.title)?;
        line.finish("it").map(|()| what).map_err(|mistake| mistake.title)
    }

    #[test]
    fn levels_are_words_or_per_cent() {
        for (text, hundredths) in
            [("on", 10_000), ("off", 0), ("level 40 %", 4_000), ("12.5%", 1_250), ("level on", 10_000)]
        {
            assert_eq!(read(text), Ok(What::Level(Level::from_hundredths(hundredths))), "{text}");
        }
    }

    #[test]
    fn a_fade_may_name_where_it_begins_and_how_it_is_eased() {
        let fade = read("fade from 10 to 80 % over 2 s ease-in").unwrap();
        let What::Fade { from, to, over, easing } = fade else { panic!("{fade:?}") };
        assert_eq!((from, to), (Some(Level::from_percent(10)), Level::from_percent(80)));
        assert!(over.is_some());
        assert_eq!(easing, Easing::In);
    }

    #[test]
    fn options_of_an_effect_stand_in_any_order() {
        assert!(read("chase bounce every 1 beat 3 wide 20 to 60 %").is_ok());
        assert!(read("chase 20 to 60 % every 1 beat 3 wide bounce").is_ok());
        assert!(read("strobe off to 70 % every 500 ms lit 80 ms").is_ok());
        assert!(read("twinkle 20 to 60 %").is_ok());
        assert!(read("twinkle seed 7 every 1/8").is_ok());
        assert!(read("follow bass 10 to 100 % rise 50 ms fall 1/2 beat").is_ok());
        assert!(read("follow fall 0 s 10 to 100 % treble").is_ok());
    }

    #[test]
    fn a_wrong_action_is_told_with_what_was_expected() {
        for (text, title) in [
            ("glow", "`glow` is not something a channel can do"),
            ("level 40", "a level needs its unit"),
            ("level 140 %", "a level goes from 0 to 100 %"),
            ("level -1 %", "a level goes from 0 to 100 %"),
            ("level nan %", "`nan` is not a level"),
            ("level 99999999999999999999 %", "`99999999999999999999` is not a level"),
            ("fade 80 %", "`80` is not expected here"),
            ("pulse", "how fast is this pulse?"),
            ("pulse every 0 s", "this lasts no time at all"),
            ("pulse reverse", "`reverse` is not an option of `pulse`"),
            ("chase every 1 beat every 1 beat", "this is here twice"),
            ("follow", "what of the music does this follow?"),
            ("follow drums", "`drums` is nothing that lights can follow"),
            ("follow bass treble", "`treble` is not an option of `follow`"),
            ("follow bass every 1 beat", "`every` is not an option of `follow`"),
            ("follow bass rise 1 s rise 2 s", "this is here twice"),
            ("twinkle 20 %", "the line ends where `to` and the second level is expected"),
            ("twinkle 20 to 20 %", "the two levels are the same"),
            ("fade from 20 to 20 % over 1 s", "this fade goes nowhere"),
            ("on fire", "`fire` is not expected here"),
        ] {
            assert_eq!(read(text), Err(title.into()), "{text}");
        }
    }
}
