//! Dimensions, digits and bits, as types that cannot be mixed up.

use crate::error::{Error, Result};
use std::fmt;

/// The dimension `d` of the sphere `S^d` in `R^(d+1)`: 1 is the circle. Invariant: `d >= 1`, and at most 1000 but for a user's own points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Dimension(u32);

impl Dimension {
    /// The largest dimension accepted.
    pub const MAX: u32 = 1000;
    /// The circle, whose zonal polynomials are cosines.
    pub const CIRCLE: Self = Self(1);
    /// The ordinary sphere `S^2`, whose zonal polynomials are Legendre's.
    pub const SPHERE: Self = Self(2);

    /// The sphere `S^d`.
    ///
    /// # Errors
    /// Unless `1 <= d <= 1000`.
    pub fn new(d: u32) -> Result<Self> {
        if (1..=Self::MAX).contains(&d) {
            Ok(Self(d))
        } else {
            Err(Error::invalid("dimension", d, format!("1 (the circle) to {}", Self::MAX)))
        }
    }

    /// The sphere that a user's own points with so many coordinates lie on. No spectrum is predicted there, so it may be beyond
    /// [`Dimension::MAX`].
    ///
    /// # Errors
    /// With fewer than two coordinates, or more than four thousand million.
    pub fn of_points(coordinates: usize) -> Result<Self> {
        let d = coordinates.checked_sub(1).filter(|d| *d >= 1).and_then(|d| u32::try_from(d).ok());
        d.map(Self).ok_or_else(|| {
            let right = "two or more (for one feature x, add a column of ones: (x, 1) has a direction; rows that keep their norms may have one)";
            Error::invalid("coordinates", coordinates, right)
        })
    }

    /// The number `d`.
    pub fn get(self) -> u32 {
        self.0
    }
}

impl fmt::Display for Dimension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A number of correct significant decimal digits. Invariant: `1 <= digits <= 10000`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Digits(u32);

impl Digits {
    /// The largest number of digits accepted.
    pub const MAX: u32 = 10_000;
    /// Six: enough to tell a number from another.
    pub const FEW: Self = Self(6);

    /// A goal in significant decimal digits.
    ///
    /// # Errors
    /// Unless `1 <= digits <= 10000`.
    pub fn new(digits: u32) -> Result<Self> {
        if (1..=Self::MAX).contains(&digits) {
            Ok(Self(digits))
        } else {
            Err(Error::invalid("digits", digits, format!("1 to {}", Self::MAX)))
        }
    }

    /// The number of digits.
    pub fn get(self) -> u32 {
        self.0
    }

    /// The same goal in bits, rounded up.
    pub fn bits(self) -> Bits {
        Bits((f64::from(self.0) * std::f64::consts::LOG2_10).ceil() as u32 + 1)
    }
}

impl fmt::Display for Digits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A working precision in bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bits(pub u32);

impl Bits {
    /// This precision with `more` bits added.
    pub fn plus(self, more: u32) -> Self {
        Self(self.0 + more)
    }
}
