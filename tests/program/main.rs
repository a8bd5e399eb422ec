//! The program as a reader, a script and a browser see it.

mod browser;
mod cli;
mod curve_and_plan;
mod documented;
mod drawings;
mod formula;
mod gram_command;
#[cfg(feature = "mpi")]
mod mpi;
mod python;
#[path = "../support/gram.rs"]
mod support;
mod sweep;
mod tables;
mod train;
mod train_rows;
