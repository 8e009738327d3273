//! A small web server for pages of our own, on this machine only: requests, answers, files with ranges, a stream of events.
//! Knows no shows.
//!
//! [`WebServer`] runs on a thread of its own. A [`Site`] answers the requests that [`Access`] lets in. No folder is ever
//! served: a site names each thing that it has.

mod access;
mod byte_range;
mod connections;
mod page_answer;
mod server;
mod site;

pub use access::Access;
pub use page_answer::{PageAnswer, PageBody, Ranged};
pub use server::WebServer;
pub use site::{PageEvent, PageMethod, PageRequest, Site};
