//! What receivers on the network, and channels on them, must not have in common. Knows no keys.

use crate::diagnosis::Help;

use super::channel::Wired;
use super::document::Span;
use super::network::{NetworkReceiver, Pixel, Receiver, SacnDestination};
use super::network_keys::WiredReceiver;
use super::report::Report;

/// No two names for one receiver, and none that an expander has too.
pub(super) fn check_receivers<'a>(
    receivers: &[WiredReceiver<'_>],
    expanders: impl Iterator<Item = (&'a str, &'a Span)>,
    report: &Report<'_>,
) {
    for (name, span) in expanders {
        let Some(same) = receivers.iter().find(|receiver| receiver.name == name) else { continue };
        let title = format!("an expander and a receiver are both called `{name}`");
        let diagnosis =
            report.error(title).at(same.key_span.clone(), "again").also_at(span.clone(), "taken here");
        report
            .push(diagnosis.help(Help::advise("give one of them another name, also where channels mean it")));
    }
    for (place, wired) in receivers.iter().enumerate() {
        let Some(own) = &wired.receiver else { continue };
        check_universe(wired.name, own, &receivers[..place], report);
        let is_same = |other: &&WiredReceiver<'_>| {
            other.receiver.as_ref().is_some_and(|other| other.receiver == own.receiver)
        };
        let Some(first) = receivers[..place].iter().find(is_same) else { continue };
        let title = format!("`{}` and `{}` are both {}", first.name, wired.name, own.receiver);
        let diagnosis = report.error(title).at(wired.key_span.clone(), "again");
        let words = "use one of the two names for all of its channels";
        report.push(diagnosis.also_at(first.key_span.clone(), "named here").help(Help::advise(words)));
    }
}

/// Who listens to a multicast universe may be sent the same one by its address, and would flicker between the two.
fn check_universe(name: &str, own: &NetworkReceiver, above: &[WiredReceiver<'_>], report: &Report<'_>) {
    let universe_of = |receiver: &NetworkReceiver| match receiver.receiver {
        Receiver::Sacn { universe, to } => Some((universe, to == SacnDestination::Multicast)),
        Receiver::Ddp(_) => None,
    };
    let Some((universe, is_multicast)) = universe_of(own) else { return };
    let is_other = |other: &&WiredReceiver<'_>| {
        other.receiver.as_ref().and_then(universe_of) == Some((universe, !is_multicast))
    };
    let Some(first) = above.iter().find(is_other) else { return };
    let title = format!("`{}` and `{name}` are both universe {universe}", first.name);
    let label = "one by multicast, the other to an address";
    let diagnosis = report.error(title).at(first.key_span.clone(), label);
    report.push(diagnosis.help(Help::advise("give one of them another universe, here and at its receiver")));
}

/// A DDP receiver takes all of its pixels as of three or as of four colours.
pub(super) fn check_pixels(channels: &[Wired], report: &Report<'_>) {
    let colours = |wired: &Wired| match wired.address.value.network_output() {
        Some(output) if matches!(output.receiver(), Receiver::Ddp(_)) => {
            Some((output.receiver(), output.pixel()))
        }
        _ => None,
    };
    for (place, wired) in channels.iter().enumerate() {
        let Some((receiver, Pixel::Rgbw(_))) = colours(wired) else { continue };
        let is_other =
            |other: &&Wired| matches!(colours(other), Some((own, Pixel::Rgb(_))) if own == receiver);
        let Some(other) = channels.iter().find(is_other) else { continue };
        // Once is enough.
        if channels[..place]
            .iter()
            .any(|above| matches!(colours(above), Some((own, Pixel::Rgbw(_))) if own == receiver))
        {
            continue;
        }
        let title =
            format!("`{}` has four colours and `{}` three, on one DDP receiver", wired.name, other.name);
        let diagnosis = report.error(title).at(wired.address.span.clone(), "four");
        let words = "write the colours of all pixels of this receiver with six digits, or all with eight; as a universe \
                     of sACN it may have both";
        report.push(diagnosis.also_at(other.address.span.clone(), "three").help(Help::advise(words)));
    }
}
