//! The iteration of the solver without a matrix, kept between two products.

use crate::error::Result;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// An iteration between two products, from which it goes on to the bit.
#[derive(Serialize, Deserialize)]
pub struct State<'a> {
    /// How many were made.
    pub products: usize,
    /// The blocks of the basis: columns, and the numbers row by row.
    pub blocks: Vec<(usize, Cow<'a, [f64]>)>,
    /// `Q^T H Q`, column by column.
    pub projected: Vec<f64>,
}

/// Keeps an iteration, so that one that was killed loses one product.
pub trait Keeper: Sync {
    /// The iteration as it was kept.
    ///
    /// # Errors
    /// When what is kept is not of this one, or cannot be read.
    fn load(&self) -> Result<Option<State<'static>>>;

    /// Keeps it.
    ///
    /// # Errors
    /// When it cannot be written.
    fn save(&self, state: &State<'_>) -> Result<()>;
}

/// Keeps nothing.
#[derive(Clone, Copy, Debug)]
pub struct Forgetful;

impl Keeper for Forgetful {
    fn load(&self) -> Result<Option<State<'static>>> {
        Ok(None)
    }

    fn save(&self, _: &State<'_>) -> Result<()> {
        Ok(())
    }
}
