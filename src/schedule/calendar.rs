//! Days of the week and of the year, on which a schedule plays. Reads no text, knows no times of day.

use jiff::civil::{Date, Weekday};

/// Some days of the week.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Weekdays([bool; 7]);

impl Weekdays {
    pub const ALL: Self = Self([true; 7]);
    pub const NONE: Self = Self([false; 7]);

    #[must_use]
    pub fn contains(self, day: Weekday) -> bool {
        self.0[place(day)]
    }

    /// From `first` to `last`, both included, across a Sunday if need be.
    #[must_use]
    pub fn run(first: Weekday, last: Weekday) -> Self {
        let mut days = Self::NONE;
        let mut day = first;
        loop {
            days.0[place(day)] = true;
            if day == last {
                return days;
            }
            day = day.next();
        }
    }

    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(std::array::from_fn(|day| self.0[day] || other.0[day]))
    }
}

fn place(day: Weekday) -> usize {
    usize::try_from(day.to_monday_zero_offset()).expect("Monday is 0")
}

/// Days of every year, or of one year. Both ends are included.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Dates {
    /// From one month and day to another; if the second is earlier in the year, across the new year.
    Yearly {
        from: (i8, i8),
        to: (i8, i8),
    },
    Once {
        from: Date,
        to: Date,
    },
}

impl Dates {
    #[must_use]
    pub fn contains(self, day: Date) -> bool {
        match self {
            Self::Once { from, to } => (from..=to).contains(&day),
            Self::Yearly { from, to } => {
                let day = (day.month(), day.day());
                if from <= to { from <= day && day <= to } else { day >= from || day <= to }
            }
        }
    }
}
