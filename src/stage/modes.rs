//! The modes of a terminal while the stage has it.

use rustix::termios::{InputModes, LocalModes, SpecialCodeIndex, Termios};

/// `before`, with keys that come one by one and unechoed. Keys that send signals (Ctrl-C, Ctrl-Z, Ctrl-\) still do.
pub(super) fn stage_modes(before: &Termios) -> Termios {
    let mut modes = before.clone();
    modes.local_modes.remove(LocalModes::ICANON | LocalModes::ECHO);
    // Without it those keys also throw away a picture on its way, and Linux forgets to wake a writer whose
    // text it has thrown away.
    modes.local_modes.insert(LocalModes::NOFLSH);
    // Ctrl-S must not freeze the picture of a show that goes on.
    modes.input_modes.remove(InputModes::IXON);
    modes.special_codes[SpecialCodeIndex::VMIN] = 1;
    modes.special_codes[SpecialCodeIndex::VTIME] = 0;
    modes
}
