//! A show as a page in a browser: what the page is told of it, where the lamps hang, and the page itself. Knows no sockets,
//! clocks or pins.
//!
//! [`ShowData`] is a compiled show for the page, which is in `page/` and has no second reading of the sheet.

mod data;
mod export;
mod join;
pub mod layout;
mod page;
mod photo;

pub use data::{PageLayout, PageSound, ShowData, lines_told_of, mistakes};
pub use export::{Enclosed, Export};
pub use page::page_file;
pub use photo::Photo;
