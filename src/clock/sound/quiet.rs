//! Keeps the ALSA library from writing on the terminal; its errors reach us as return values too.

use std::ffi::{c_char, c_int};
use std::sync::Once;

type ErrorFunction = unsafe extern "C" fn(*const c_char, c_int, *const c_char, c_int, *const c_char);

// libasound is linked by the sound library below `card`.
unsafe extern "C" {
    /// The library passes more arguments (those of a `printf`) than the function takes; under the C
    /// calling conventions of Linux it is the caller who puts them and takes them away again.
    fn snd_lib_error_set_handler(function: Option<ErrorFunction>) -> c_int;
}

unsafe extern "C" fn keep_quiet(
    _file: *const c_char,
    _line: c_int,
    _function: *const c_char,
    _error: c_int,
    _format: *const c_char,
) {
}

/// For the whole process, once; it matters to nobody that it is called again.
pub(super) fn silence_alsa() {
    static ONCE: Once = Once::new();
    // SAFETY: sets one pointer inside libasound to a function that touches none of its arguments.
    ONCE.call_once(|| _ = unsafe { snd_lib_error_set_handler(Some(keep_quiet)) });
}
