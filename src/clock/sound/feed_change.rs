//! How the callback of a stream comes to frames of another place: the supervisor leaves a feed here, and frees the one
//! that comes back. Decides nothing.

use std::sync::{Mutex, PoisonError, TryLockError};

use super::feed::Feed;

#[derive(Default)]
pub(super) struct FeedChange(Mutex<Feeds>);

#[derive(Default)]
struct Feeds {
    offered: Option<Feed>,
    spent: Option<Feed>,
}

impl FeedChange {
    /// By the supervisor: the callback shall go on with `feed`.
    pub(super) fn offer(&self, feed: Feed) {
        let before = {
            let mut feeds = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::replace(&mut *feeds, Feeds { offered: Some(feed), spent: None })
        };
        // Freed when the callback is kept waiting by nothing any more.
        drop(before);
    }

    /// By the callback: puts what was offered for `seek` in the place of `feed`; whether there was any. Never waits, and
    /// frees nothing.
    pub(super) fn exchange(&self, feed: &mut Feed, seek: u64) -> bool {
        let mut feeds = match self.0.try_lock() {
            Ok(feeds) => feeds,
            Err(TryLockError::Poisoned(feeds)) => feeds.into_inner(),
            Err(TryLockError::WouldBlock) => return false,
        };
        let Some(offered) = feeds.offered.take_if(|offered| offered.seek() == seek) else { return false };
        feeds.spent = Some(std::mem::replace(feed, offered));
        true
    }
}
