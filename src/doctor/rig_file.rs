//! The rig as the doctor sees it, and the command that opens its file in an editor. Reads no rig.

use std::path::Path;

use super::machine::Machine;
use super::person::Node;
use crate::printable::shell_word;
use crate::rig::Rig;

/// A rig that was read from this file.
#[derive(Clone, Copy)]
pub struct ExaminedRig<'a> {
    pub rig: &'a Rig,
    pub path: &'a Path,
}

impl ExaminedRig<'_> {
    /// The command that edits the rig, and what to write: `sudoedit /etc/starcourt/rig.toml    # under [audio]: …`.
    pub(super) fn edit(&self, machine: &Machine, what: &str) -> String {
        format!("{}    # {what}", machine.edit_command(self.path))
    }
}

impl Machine {
    /// The command with which this user edits the file at `path`.
    #[must_use]
    pub fn edit_command(&self, path: &Path) -> String {
        let editor = if self.is_own(path) { "editor" } else { "sudoedit" };
        format!("{editor} {}", shell_word(path))
    }

    /// The commands with which this user makes the file at `path`, and its folder if that is missing.
    #[must_use]
    pub fn make_command(&self, path: &Path) -> String {
        let edit = self.edit_command(path);
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let Some(folder) = folder.filter(|folder| self.node(folder).is_none()) else { return edit };
        let sudo = if self.is_own(path) { "" } else { "sudo " };
        format!("{sudo}mkdir -p {}\n{edit}", shell_word(folder))
    }

    /// Whether this user may change what there is at `path`, or make it. `sudoedit` refuses such a file.
    pub(super) fn is_own(&self, path: &Path) -> bool {
        let Ok(path) = std::path::absolute(path) else { return false };
        let nearest = path.ancestors().find_map(|path| self.node(path));
        nearest.is_some_and(|node| self.person.may_write(&node))
    }

    /// A path that does not begin with `/` begins in the folder where the program runs.
    fn node(&self, path: &Path) -> Option<Node> {
        let absolute = std::path::absolute(path).ok()?;
        Node::at(&self.root, absolute)
    }
}
