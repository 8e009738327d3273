//! The packets of the field's protocols, as bytes. Pure: knows no sockets, no time and no channels.

pub mod ddp;
pub mod e131;
