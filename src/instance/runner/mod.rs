//! The instance at work: owns lock, guardian, socket, player and hooks, gives the state machine its events and carries
//! out its actions. Decides nothing about shows.
//!
//! Its thread waits for nothing without a limit: shows are read, started and asked about beside it, files are written
//! beside it, and commands run beside it. What comes of each arrives in the inbox, like every order.

mod carry_out;
mod console;
mod file_reader;
mod file_watch;
mod hook_runs;
mod inputs;
mod loader;
mod main_loop;
mod message;
mod observer;
mod parts;
mod progress;
mod rig_change;
mod running_show;
mod save_watch;
mod service_ends;
mod show_clock;
mod starter;
mod upkeep;
mod writer;

pub(crate) use console::Console;
pub(crate) use file_reader::FileReader;
pub(crate) use file_watch::{FileWatch, OwnFiles};
pub(crate) use hook_runs::HookNews;
pub(crate) use inputs::Inputs;
pub(crate) use message::Message;
pub(crate) use observer::{Direction, Observer};
pub(crate) use parts::{Parts, Remains, Runner};
pub(crate) use progress::ScheduleProgress;
pub(crate) use save_watch::{SaveWatch, WatchNews, WatchedFiles};
pub(crate) use service_ends::ServiceEnds;
pub(crate) use upkeep::count_switchings;
pub(crate) use writer::FileWriter;
