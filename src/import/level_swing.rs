//! Whether a level that goes up and down flashes, as `check` counts flashes. Knows no times.

use crate::level::Level;

/// A rise by less is no flash: a tenth of full, in hundredths of a per cent.
pub(super) const FLASH: u16 = Level::FULL.hundredths() / 10;

/// A level that goes up and down. It begins dark.
#[derive(Default)]
pub(super) struct LevelSwing {
    is_rising: bool,
    /// The lowest level since the last rise, or the highest since the last fall.
    turn: Level,
}

impl LevelSwing {
    /// Whether going to `level` is a flash.
    pub(super) fn rises_to(&mut self, level: Level) -> bool {
        let (now, turned) = (level.hundredths(), self.turn.hundredths());
        let rises = !self.is_rising && now >= turned + FLASH;
        let falls = self.is_rising && now + FLASH <= turned;
        if rises || falls {
            self.is_rising = rises;
            self.turn = level;
        } else if (self.is_rising && now > turned) || (!self.is_rising && now < turned) {
            self.turn = level;
        }
        rises
    }

    /// The lowest level since the last rise, or the highest since the last fall.
    pub(super) fn turn(&self) -> Level {
        self.turn
    }
}
