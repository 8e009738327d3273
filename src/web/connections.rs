//! Who is connected, and who has to go when there is no room for one more: whoever has asked for nothing that they may
//! have, those who came first before the others. So no number of strangers keeps a browser out. Pure.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Set when a request was let in.
#[derive(Clone, Default, Debug)]
pub(super) struct IsKnown(Arc<AtomicBool>);

/// In the order in which they came.
pub(super) struct PageConnections<T>(Vec<(T, IsKnown)>);

impl IsKnown {
    pub(super) fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl<T> PageConnections<T> {
    pub(super) fn new() -> Self {
        Self(Vec::new())
    }

    pub(super) fn count(&self) -> usize {
        self.0.len()
    }

    pub(super) fn add(&mut self, connection: T, is_known: IsKnown) {
        self.0.push((connection, is_known));
    }

    /// Forgets those that are over.
    pub(super) fn forget(&mut self, is_over: impl Fn(&T) -> bool) {
        self.0.retain(|(connection, _)| !is_over(connection));
    }

    /// Takes out the one that has to go; `None` if all are known.
    pub(super) fn take_stranger(&mut self) -> Option<T> {
        let stranger = self.0.iter().position(|(_, is_known)| !is_known.is_set())?;
        Some(self.0.remove(stranger).0)
    }

    pub(super) fn all(&mut self) -> impl Iterator<Item = &mut T> {
        self.0.iter_mut().map(|(connection, _)| connection)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_stranger_goes_and_whoever_is_known_stays() {
        let mut connections = PageConnections::new();
        let known: Vec<IsKnown> = (0..6).map(|_| IsKnown::default()).collect();
        known.iter().enumerate().for_each(|(number, known)| connections.add(number, known.clone()));
        [0, 2].into_iter().for_each(|number| known[number].set());
        connections.forget(|number| *number == 3);
        assert_eq!(connections.count(), 5);
        let gone: Vec<_> = std::iter::from_fn(|| connections.take_stranger()).collect();
        assert_eq!(gone, [1, 4, 5]);
        assert_eq!(connections.all().map(|number| *number).collect::<Vec<_>>(), [0, 2]);
    }
}
