//! Panics of other people's code, caught: a decoder may panic over a broken file, and that is the file's fault. Knows
//! nothing of what is done.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

thread_local! {
    static IS_CATCHING: Cell<bool> = const { Cell::new(false) };
}

/// What `act` returns, or `None` where it panicked; the panic prints nothing. What it worked on must be thrown away then:
/// it may be half-done.
pub fn catch_panic<T>(act: impl FnOnce() -> T) -> Option<T> {
    static HUSHED: Once = Once::new();
    HUSHED.call_once(|| {
        let loud = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if !is_catching() {
                loud(panic);
            }
        }));
    });
    let outer = IS_CATCHING.replace(true);
    let answer = panic::catch_unwind(AssertUnwindSafe(act));
    IS_CATCHING.set(outer);
    answer.ok()
}

/// Whether a panic of this thread is caught now and must not be told: for a panic hook.
#[must_use]
pub fn is_catching() -> bool {
    IS_CATCHING.get()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_comes_through_and_a_panic_is_none() {
        assert_eq!(catch_panic(|| 7), Some(7));
        assert_eq!(catch_panic(|| "one".parse::<i32>().unwrap()), None);
        assert!(!is_catching());
    }

    #[test]
    fn a_panic_in_between_ends_only_the_inner_try() {
        assert_eq!(
            catch_panic(|| (catch_panic(|| panic!("within")), is_catching())),
            Some((None::<()>, true))
        );
    }
}
