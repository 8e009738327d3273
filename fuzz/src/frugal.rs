//! An allocator that counts: how much memory a trial held at its worst. Knows nothing of the trials.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

/// What a file from nobody knows where may cost.
const MOST: isize = 64 << 20; // bytes

/// Runs `trial` with `bytes`.
///
/// # Panics
/// When it held more than 64 MiB at a time, or panics itself.
pub fn frugally(trial: fn(&[u8]), bytes: &[u8]) {
    let before = HELD.get();
    WORST.set(before);
    trial(bytes);
    let worst = WORST.get() - before;
    assert!(worst <= MOST, "{} MiB at a time", worst >> 20);
}

thread_local! {
    /// By this thread alone: tests run side by side. Bytes.
    static HELD: Cell<isize> = const { Cell::new(0) };
    static WORST: Cell<isize> = const { Cell::new(0) };
}

struct Counting;

#[global_allocator]
static COUNTING: Counting = Counting;

fn count(bytes: isize) {
    let held = HELD.get() + bytes;
    HELD.set(held);
    WORST.set(WORST.get().max(held));
}

// SAFETY: the system's allocator does it all; counting neither allocates nor unwinds.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size().cast_signed());
        // SAFETY: as the caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout.size().cast_signed());
        // SAFETY: as the caller promises.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        count(-layout.size().cast_signed());
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(place, layout) }
    }

    unsafe fn realloc(&self, place: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size.cast_signed() - layout.size().cast_signed());
        // SAFETY: as the caller promises.
        unsafe { System.realloc(place, layout, size) }
    }
}
