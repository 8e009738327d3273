//! How a plan comes to the timing thread, and how the one before comes back: that thread neither waits, allocates nor
//! frees. Knows not what a plan is for.

use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};

use super::plan::Plan;

/// One way each. Of several plans that are offered, the timing thread sees the last.
#[derive(Debug, Default)]
pub(super) struct PlanHandover {
    offered: PlanSlot,
    spent: PlanSlot,
}

impl PlanHandover {
    /// For the timing thread. Frees here what came back, and what was offered and never seen.
    pub(super) fn offer(&self, plan: Box<Plan>) {
        drop(self.offered.swap(Some(plan)));
        drop(self.spent.swap(None));
    }

    /// By the timing thread: what it has not seen yet.
    pub(super) fn take(&self) -> Option<Box<Plan>> {
        self.offered.swap(None)
    }

    /// By the timing thread, and no other: whoever offers the next plan frees this one.
    pub(super) fn give_back(&self, mut plan: Box<Plan>) {
        plan.put_before(self.spent.swap(None));
        // Only this thread fills the place that it has just emptied.
        let nothing = self.spent.swap(Some(plan));
        debug_assert!(nothing.is_none());
    }
}

/// A place for one plan, which any thread fills or empties without waiting.
#[derive(Debug)]
struct PlanSlot(AtomicPtr<Plan>);

const fn assert_send<T: Send>() {}
const _: () = assert_send::<Plan>();

impl Default for PlanSlot {
    fn default() -> Self {
        Self(AtomicPtr::new(ptr::null_mut()))
    }
}

impl PlanSlot {
    /// Puts `plan` there, and tells what was there.
    fn swap(&self, plan: Option<Box<Plan>>) -> Option<Box<Plan>> {
        let plan = plan.map_or(ptr::null_mut(), Box::into_raw);
        let before = self.0.swap(plan, Ordering::AcqRel);
        // SAFETY: every pointer but null came from a box just above, and whoever swaps it out is its only owner.
        (!before.is_null()).then(|| unsafe { Box::from_raw(before) })
    }
}

impl Drop for PlanSlot {
    fn drop(&mut self) {
        drop(self.swap(None));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::engine::{Extent, Passes};
    use crate::time::ShowTime;
    use crate::timeline::Timeline;

    fn plan(timeline: &Arc<Timeline>) -> Box<Plan> {
        let extent = Extent { from: ShowTime::ZERO, passes: Passes::Once(ShowTime::ZERO) };
        Box::new(Plan::new(Arc::clone(timeline), extent))
    }

    #[test]
    fn the_last_plan_is_seen_and_every_plan_is_freed_once() {
        let timeline = Arc::new(Timeline::default());
        let alone = Arc::strong_count(&timeline);
        let each = Arc::strong_count(&timeline) + {
            let _plan = plan(&timeline);
            Arc::strong_count(&timeline) - alone
        } - alone;
        let handover = PlanHandover::default();
        handover.offer(plan(&timeline));
        handover.offer(plan(&timeline));
        assert_eq!(Arc::strong_count(&timeline), alone + each);
        let first = handover.take().expect("one was offered");
        assert!(handover.take().is_none());
        handover.offer(plan(&timeline));
        handover.give_back(first);
        handover.give_back(handover.take().expect("another was offered"));
        assert_eq!(Arc::strong_count(&timeline), alone + 2 * each);
        handover.offer(plan(&timeline));
        assert_eq!(Arc::strong_count(&timeline), alone + each);
        drop(handover);
        assert_eq!(Arc::strong_count(&timeline), alone);
    }

    #[test]
    fn two_threads_lose_no_plan_and_free_none_twice() {
        const OFFERS: usize = 2_000;
        let timeline = Arc::new(Timeline::default());
        let handover = PlanHandover::default();
        let last = Arc::strong_count(&timeline);
        std::thread::scope(|scope| {
            let offers = scope.spawn(|| (0..OFFERS).for_each(|_| handover.offer(plan(&timeline))));
            let mut plays = plan(&timeline);
            while !offers.is_finished() {
                if let Some(next) = handover.take() {
                    handover.give_back(std::mem::replace(&mut plays, next));
                }
            }
        });
        drop(handover);
        assert_eq!(Arc::strong_count(&timeline), last);
    }
}
