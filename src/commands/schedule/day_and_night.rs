//! Tells of lights that shine between shows at all hours. Decides not whether they do.

use crate::rig::Rig;
use crate::schedule::{Idle, Schedule};

/// What keeps lights on day and night, and how to light them in the evening only; nothing where that is not so.
pub(in super::super) fn day_and_night(schedule: &Schedule, rig: &Rig) -> Option<String> {
    let always = schedule.lit_day_and_night()?;
    let (name, lit) = match always {
        Idle::Look(look) => {
            let lit = look.levels.iter().filter(|(_, level)| level.is_lit());
            let lit: Vec<&str> = lit.map(|(channel, _)| rig.channel(*channel).name.as_str()).collect();
            (&look.name, format!("keeps {} lit", lit.join(", ")))
        }
        Idle::Show(show) => (show, "repeats".to_owned()),
        Idle::Dark => return None,
    };
    let from = if schedule.place.is_some() { "sunset" } else { "17:00" };
    Some(format!(
        "between shows `{name}` {lit} day and night\n  \
         for the evening only, remove `between = \"{name}\"` at the top of the file, and write under [schedule]:\n  \
         {name}_hours = {{ between = \"{name}\", from = \"{from}\", to = \"23:00\" }}\n"
    ))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::diagnosis::Source;
    use crate::output::testing::rig;
    use crate::schedule::{MissingShow, ScheduleContext, read};

    #[test]
    fn what_shines_day_and_night_is_told_with_a_line_that_ends_that() {
        let (rig, shows) = (rig(), BTreeSet::new());
        let context = ScheduleContext { shows: &shows, rig: &rig, missing: MissingShow::Mistake };
        let schedule = |text: &str| read(&Source::new("schedule.toml", text), &context).0.unwrap();
        let looks = "[looks]\nglow = { windows = \"5 %\", neon = \"off\" }\n";
        let told = day_and_night(&schedule(&format!("between = \"glow\"\n{looks}")), &rig).unwrap();
        assert!(told.starts_with("between shows `glow` keeps windows lit day and night\n"), "{told}");
        let line = told.lines().last().unwrap();
        assert_eq!(day_and_night(&schedule(&format!("{looks}[schedule]\n{line}\n")), &rig), None);
    }
}
