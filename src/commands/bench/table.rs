//! The figures of a bench as a person reads them.

use std::fmt::Write as _;
use std::time::Duration;

use crate::bench::{BOUNDS, Lateness, Spread};
use crate::realtime;

use super::figures::{Figures, micros, ratio, words_for};

/// The longest bar of a histogram.
const WIDEST: usize = 16;

pub(super) fn of(figures: &Figures) -> String {
    let mut text = format!("{} cores; ", figures.cores);
    match figures.realtime {
        true => text.push_str("lights run in real time\n"),
        false => {
            let mend = realtime::HOW_TO_PERMIT;
            line(&mut text, &format!("lights may NOT run in real time and come late under load; {mend}"));
        }
    }
    let busy = format!("{} busy threads", figures.busy);
    let conditions = [("quiet", &figures.quiet), (busy.as_str(), &figures.loaded)];
    text.push('\n');
    line(&mut text, &heading());
    for (condition, Lateness { machine, starcourt, .. }) in conditions {
        line(&mut text, &row(condition, "this machine", machine));
        line(&mut text, &row("", "starcourt", starcourt));
    }
    text.push('\n');
    for (condition, lateness) in conditions {
        if let Some(ratio) = ratio(lateness) {
            line(&mut text, &format!("{condition}: starcourt's p99 is {ratio:.2} times the machine's"));
        }
    }
    for (condition, lateness) in conditions {
        text.push('\n');
        text.push_str(&histogram(condition, lateness));
    }
    line(&mut text, "\nprocessor time, per cent of one core");
    for cost in &figures.costs {
        line(&mut text, &format!("  {:52} {:5.2} %", words_for(cost.workload), cost.percent));
    }
    line(
        &mut text,
        "\n\"this machine\" is how late it wakes a thread scheduled as the lights' own that only sleeps;\n\
         \"starcourt\" is how late an edge is written. Both took turns.",
    );
    text
}

/// The figures of one pin, for the person with the oscilloscope.
pub(super) fn of_pin(spread: &Spread) -> String {
    format!("{}\n{}\n", heading(), row("", "written", spread))
}

fn line(text: &mut String, line: &str) {
    writeln!(text, "{line}").expect("a String takes everything");
}

fn heading() -> String {
    format!("{:16} {:14} {:>9} {:>9} {:>9} {:>9} {:>8}", "µs late", "", "p50", "p99", "p99.9", "max", "of")
}

fn row(condition: &str, what: &str, spread: &Spread) -> String {
    let at = |thousandths| micros(spread.at(thousandths));
    format!(
        "{condition:16} {what:14} {:9.1} {:9.1} {:9.1} {:9.1} {:8}",
        at(500),
        at(990),
        at(999),
        micros(spread.longest()),
        spread.count()
    )
}

fn histogram(condition: &str, lateness: &Lateness) -> String {
    let mut text = format!("{condition:16} {:24} {}\n", "this machine", "starcourt");
    let steps = lateness.machine.histogram().into_iter().zip(lateness.starcourt.histogram());
    let bounds = BOUNDS.iter().map(Some).chain([None]);
    for (bound, (machine, starcourt)) in bounds.zip(steps) {
        if machine + starcourt > 0 {
            let machine = bar(machine, lateness.machine.count());
            let starcourt = bar(starcourt, lateness.starcourt.count());
            line(&mut text, format!("  {:>12}   {machine:24} {starcourt}", step(bound)).trim_end());
        }
    }
    text
}

fn step(bound: Option<&Duration>) -> String {
    match bound {
        Some(bound) if *bound < Duration::from_millis(1) => format!("< {} µs", bound.as_micros()),
        Some(bound) => format!("< {} ms", bound.as_millis()),
        None => "more".to_owned(),
    }
}

/// A bar and its share; nothing for nothing, and something for the smallest share.
fn bar(count: usize, of: usize) -> String {
    if count == 0 {
        return String::new();
    }
    let width = (count * WIDEST).div_ceil(of);
    format!("{:WIDEST$} {:4.1} %", "█".repeat(width), count as f64 * 100.0 / of as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::bench::figures::tests::invented;

    #[test]
    fn a_person_reads_what_counts_without_scrolling_sideways() {
        let text = of(&invented());
        for words in [
            "4 cores; lights run in real time",
            "quiet: starcourt's p99 is 0.50 times the machine's",
            "16 dimmed channels at 200 Hz, all levels different    6.34 %",
            "< 2 ms",
        ] {
            assert!(text.contains(words), "{words} is not in\n{text}");
        }
        assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
    }

    #[test]
    fn the_smallest_share_is_seen() {
        assert!(bar(1, 10_000).starts_with("█ "));
        assert_eq!(bar(0, 10_000), "");
        assert_eq!(bar(5, 5), format!("{} 100.0 %", "█".repeat(WIDEST)));
    }
}
