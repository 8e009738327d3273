//! `starcourt net`: the process that sends to receivers on the network. Knows no shows, pins or sound.
//!
//! ```text
//! instance ─► link ─► stream ─► frame ─► route ─► UDP
//!  levels     alive?  when?     slots    address, packets
//! ```
//!
//! One thread does all of it, and waits for nothing but the next thing to do; names are resolved by threads of their own.

mod context;
mod destination;
mod frame;
mod health;
mod icmp;
mod link;
mod packet_count;
mod process;
mod resolver;
mod route;
mod stream;

pub use destination::RouteDestination;
pub use process::{NetProcess, OpenError};
