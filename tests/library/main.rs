//! The library, room by room, against identities, other routes and values made elsewhere.

mod certified;
mod corpus;
mod dynamics;
mod fuzz;
mod gram;
mod gram_check;
mod kinked;
mod networks;
mod oracle;
mod report;
mod rows;
mod sample;
#[path = "../support/gram.rs"]
mod support;
mod verify;
