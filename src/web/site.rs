//! What a server asks a site, and what a site tells the pages that are open. Knows no connection.

use super::page_answer::PageAnswer;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PageMethod {
    /// HEAD too: its answer goes without its body.
    Get,
    Put,
}

/// A request that was let in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PageRequest {
    pub method: PageMethod,
    /// Below the secret, without a slash before it: empty, or `page/main.js`. As it was sent, not decoded.
    pub path: String,
    pub body: Vec<u8>,
}

/// What happens, for all pages that are open.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PageEvent {
    pub name: &'static str,
    /// JSON, without line breaks.
    pub data: String,
}

/// What answers requests. Called from several threads at once; it may wait for a disk.
pub trait Site: Send + Sync + 'static {
    fn answer(&self, request: &PageRequest) -> PageAnswer;

    /// What a page is told first: how things are now.
    fn first_events(&self) -> Vec<PageEvent>;
}
