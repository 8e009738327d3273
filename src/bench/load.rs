//! Threads that keep every core busy, as other programs do on a bad day.

use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};

use anyhow::{Context, Result};

/// As many busy threads as there are cores, for as long as this value lives.
#[derive(Debug)]
pub struct Load {
    is_over: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Load {
    /// # Errors
    /// When a thread cannot be started.
    pub fn start() -> Result<Self> {
        let mut load = Self { is_over: Arc::default(), threads: Vec::new() };
        for _ in 0..cores() {
            let is_over = Arc::clone(&load.is_over);
            let busy = move || {
                while !is_over.load(Ordering::Relaxed) {
                    std::hint::spin_loop();
                }
            };
            let thread = thread::Builder::new().name("load".to_owned()).spawn(busy);
            load.threads.push(thread.context("starting a busy thread")?);
        }
        Ok(load)
    }

    #[must_use]
    pub fn threads(&self) -> usize {
        self.threads.len()
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            thread.join().expect("a thread that only spins does not panic");
        }
    }
}

fn cores() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}
