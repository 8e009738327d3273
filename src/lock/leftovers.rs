//! The lock and guardians: a file for this instance's own, and what those of instances that are gone have left
//! undone. Ends nobody: who has the lines by now makes them safe, and a guardian that comes late leaves them alone.

use super::guardian_file::{GuardianFile, GuardianFileId, OrphanedFile};
use super::instance_lock::{LAUNCH_PATIENCE, Lock};
use super::pid::Pid;
use super::refusal::Refusal;
use super::second_anchor::Resource;
use crate::rig::Address;

/// What guardians of instances that are gone have not finished.
#[derive(Default)]
pub struct Leftovers {
    /// Lines may be away from their safe level, and nobody else will see to it.
    pub is_unsafe: bool,
    /// The orders that can be trusted: only root or this very user can have written them.
    pub orders: Vec<Vec<u8>>,
    trusted: Vec<OrphanedFile>,
}

impl Lock {
    /// A new file for `guardian`, which does what `orders` say; nobody finds it yet.
    ///
    /// # Errors
    /// [`Refusal`], as for the lock's own file.
    pub fn guardian_file(&self, guardian: Pid, orders: &[u8]) -> Result<GuardianFile, Refusal> {
        let file_name = self.name().guardian_file_name();
        let path = self.dir().path().join(&file_name);
        GuardianFile::make(self.dir(), file_name, guardian, orders)
            .map_err(|error| self.dir().cannot_lock(&path, error))
    }

    /// Whether others find this file of this lock's guardian.
    #[must_use]
    pub fn has_in_place(&self, file: GuardianFileId) -> bool {
        file.is_at(self.dir(), &self.name().guardian_file_name())
    }

    /// What guardians of instances that are gone have not finished. To be asked before this lock has a
    /// guardian of its own.
    ///
    /// # Errors
    /// [`Refusal::Io`].
    pub fn leftovers(&self) -> Result<Leftovers, Refusal> {
        let failed = |error| Refusal::io(format!("asking who guards {}", self.dir().path().display()), error);
        let mut left = Leftovers::default();
        for orphan in OrphanedFile::all(self.dir(), self.anchor()).map_err(failed)? {
            let Some(orders) = orphan.orders().map_err(failed)? else { continue };
            left.is_unsafe = true;
            if orphan.is_trusted {
                left.orders.push(orders);
                left.trusted.push(orphan);
            }
        }
        Ok(left)
    }

    /// What was left undone is done: nobody has to do it again.
    pub fn forget(&self, left: &Leftovers) {
        left.trusted.iter().for_each(|orphan| orphan.remove(self.dir()));
    }

    /// Does `act` while nobody can take a line. It may ask which lines are another instance's.
    ///
    /// # Errors
    /// [`Refusal::Blocked`] when somebody has the launch mutex for a second, [`Refusal::Io`].
    pub fn while_no_launch<T>(&self, act: impl FnOnce(&dyn Fn(Address) -> bool) -> T) -> Result<T, Refusal> {
        let path = self.dir().path();
        let failed = |error| Refusal::io(format!("keeping launches out of {}", path.display()), error);
        match self.anchor().launch_mutex_within(LAUNCH_PATIENCE).map_err(failed)? {
            None => Err(Refusal::Blocked { directory: path.to_owned() }),
            // Who cannot be asked about is left alone.
            Some(_mutex) => Ok(act(&|address| {
                let is_anothers =
                    |claim| !matches!(self.anchor().owner_of(Resource::Output(claim)), Ok(None));
                address.claims().into_iter().any(is_anothers)
            })),
        }
    }
}
