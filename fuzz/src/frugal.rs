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

/// A decoder that believes a length in a broken file asks for so many zeroes, and then finds the file's
/// end: the kernel gives what is touched of them, which is nothing. libFuzzer sees to the rest.
const MANY_ZEROES: usize = 1 << 20; // bytes

thread_local! {
    /// Where such zeroes begin.
    static UNTOUCHED: Cell<[usize; 8]> = const { Cell::new([0; 8]) };
}

/// Puts `new` in the place of `old`, and tells whether that was there.
fn replace(old: usize, new: usize) -> bool {
    let mut places = UNTOUCHED.get();
    let found = places.iter_mut().find(|place| **place == old);
    let is_there = found.map(|place| *place = new).is_some();
    UNTOUCHED.set(places);
    is_there
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
        // SAFETY: as the caller promises.
        let place = unsafe { System.alloc_zeroed(layout) };
        if layout.size() < MANY_ZEROES || place.is_null() || !replace(0, place.addr()) {
            count(layout.size().cast_signed());
        }
        place
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        if layout.size() < MANY_ZEROES || !replace(place.addr(), 0) {
            count(-layout.size().cast_signed());
        }
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(place, layout) }
    }

    unsafe fn realloc(&self, place: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if layout.size() >= MANY_ZEROES && replace(place.addr(), 0) {
            count(layout.size().cast_signed());
        }
        count(size.cast_signed() - layout.size().cast_signed());
        // SAFETY: as the caller promises.
        unsafe { System.realloc(place, layout, size) }
    }
}
