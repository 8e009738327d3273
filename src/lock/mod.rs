//! One instance at a time, and who it is. Knows nothing of what a show means, and does not print.
//!
//! The steps of a launch, and why they come in this order:
//!
//! 1. Open the directory; refuse one that others could fill.
//! 2. Look at the marks. If somebody has what this launch wants, it is refused at once: a refusal waits for nobody.
//! 3. Take the launch mutex. While another launch has it, this one goes back to step 2. Look at the marks again: they
//!    may have changed before this launch had the mutex.
//! 4. Lock the file and write the text: who finds this launch's mark must find its name.
//! 5. Make the marks. From here on nobody else passes step 2, whatever becomes of any file.
//! 6. Free the launch mutex.
//! 7. Look whether the path still leads to this directory; if not, start again in the new one.
//!
//! A death at any step frees what had been taken. A file that is deleted at any step costs its text, not the
//! exclusion: only the marks decide. The way out is the reverse: the file first, so that a free mark means a free file.
//!
//! A free lock does not mean lines that nobody drives: the guardian of an instance that was killed may be about to
//! make them safe. So a launch waits for such a guardian before it makes a mark, 200 ms at most; after that it does
//! the guardian's work itself. A guardian that comes later sees whose the lines are, and leaves them alone
//! ([`GuardianLock`]).
//!
//! What each mechanism is for, and what would go wrong without it:
//!
//! | mechanism | file | without it |
//! |---|---|---|
//! | lock file, by `fcntl` | `lock_file.rs` | the kernel could name nobody; a reader that locks the file would look like a holder |
//! | list of this process's own lock files | `lock_file.rs` | a probe in the holder's own process would free its `fcntl` lock, by POSIX |
//! | marks on the directory (second anchor) | `second_anchor.rs` | who deletes the file would let a second instance in; lines would have no owner |
//! | launch mutex, an `flock` on the directory | `second_anchor.rs` | marks are shared locks: two launches at the same moment would both make theirs |
//! | guardian's file, by an OFD lock | `guardian_file.rs` | a launch could not tell that a guardian is still at work, or was killed before it was done |

mod claim;
mod dir;
mod group;
mod guardian_file;
mod holder;
mod instance_lock;
mod kernel;
mod leftovers;
mod lock_file;
mod lock_info;
mod managed;
mod name;
mod outputs;
mod pid;
mod place;
mod probe;
mod process;
mod refusal;
mod second_anchor;
mod takeover;
mod ways_out;

pub use claim::Claim;
pub use dir::LockDir;
pub use guardian_file::{GuardianFile, GuardianFileId, GuardianLock};
pub use holder::{Holder, KnownBy};
pub use instance_lock::{Lock, Upkeep};
pub use leftovers::Leftovers;
pub use lock_info::LockInfo;
pub use name::{BadName, Name};
pub use pid::Pid;
pub use probe::{instances, probe};
pub use refusal::{DirectoryFlaw, FileFlaw, PermissionFix, Refusal};
pub use takeover::{Ended, Manner, ServicePolicy, TakeoverError, TakeoverStep, end};
pub use ways_out::{LockPurpose, LockRequest, ways_out};

/// The page's Rust blocks are compiled as doc tests.
#[cfg(doctest)]
#[doc = include_str!("../../docs/lock.md")]
struct LockPage;
