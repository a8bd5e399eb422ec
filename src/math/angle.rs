//! The angle between two points, kept so that no digits are lost at either end.

use super::scalar::Scalar;
use rug::Rational;

/// An angle in `[0, pi]` (or its analytic continuation) with the sine and cosine of its half.
///
/// Near 0 and pi the cosine of an angle has lost half the digits of the angle; the two half-angle functions have not.
#[derive(Clone, Debug)]
pub struct Angle<T> {
    radians: Option<T>,
    cosine: Option<T>,
    sin_half: T,
    cos_half: T,
}

impl<T: Scalar> Angle<T> {
    /// The angle `radians`, from its own value and the sine and cosine of `radians / 2`.
    pub fn new(radians: T, sin_half: T, cos_half: T) -> Self {
        Self { radians: Some(radians), cosine: None, sin_half, cos_half }
    }

    /// The angle whose half has this sine and cosine; for unit vectors these are `|x-x'|/2` and `|x+x'|/2`.
    pub fn from_halves(sin_half: T, cos_half: T) -> Self {
        Self { radians: None, cosine: None, sin_half, cos_half }
    }

    /// The angle `radians`.
    pub fn from_radians(radians: T) -> Self {
        let (sin_half, cos_half) = radians.clone().half().sin_cos();
        Self::new(radians, sin_half, cos_half)
    }

    /// The angle with this cosine; accurate away from both ends.
    pub fn from_cosine(cosine: T) -> Self {
        let one = cosine.constant(&Rational::from(1));
        let half = |square: T| square.half().sqrt();
        Self::from_halves(half(one.clone() - cosine.clone()), half(one + cosine.clone())).with_cosine(cosine)
    }

    /// The same angle, whose cosine is known to be `cosine`.
    #[must_use]
    pub fn with_cosine(self, cosine: T) -> Self {
        Self { cosine: Some(cosine), ..self }
    }

    /// The angle itself, in radians.
    pub fn radians(&self) -> T {
        self.radians.clone().unwrap_or_else(|| self.sin_half.clone().angle(self.cos_half.clone()).times(2))
    }

    /// The same angle with its value in radians found once.
    #[must_use]
    pub fn resolved(self) -> Self {
        Self { radians: Some(self.radians()), ..self }
    }

    /// The centre of the neighbourhood that the angle stands for, where functions are enclosed by the mean value theorem ([`Scalar::is_wide`]).
    pub fn centre(&self) -> Option<Self> {
        let radians = self.radians();
        radians.is_wide().then(|| Self::from_radians(radians.centre()))
    }

    /// The angle `pi sin(self/2)^2`, which falls to 0, and rises to pi, twice as fast: roots of it are analytic in `self` at both ends.
    #[must_use]
    pub fn graded(&self) -> Self {
        let pi = self.sin_half.pi();
        let [near, far] = [&self.sin_half, &self.cos_half].map(|x| pi.clone() * x.clone() * x.clone());
        Self::new(near.clone(), near.half().sin(), far.half().sin())
    }

    /// The derivative of [`Angle::graded`], `(pi/2) sin(self)`.
    pub fn grade(&self) -> T {
        self.sin_half.pi().half() * self.sin()
    }

    /// The sine of half the angle.
    pub fn sin_half(&self) -> &T {
        &self.sin_half
    }

    /// The cosine of half the angle.
    pub fn cos_half(&self) -> &T {
        &self.cos_half
    }

    /// The angle `pi - self`.
    pub fn supplement(&self) -> Self {
        Self::from_halves(self.cos_half.clone(), self.sin_half.clone())
    }

    /// `pi - self` in radians.
    pub fn supplement_radians(&self) -> T {
        match &self.radians {
            Some(radians) => radians.pi() - radians.clone(),
            None => self.supplement().radians(),
        }
    }

    /// The sine.
    pub fn sin(&self) -> T {
        (self.sin_half.clone() * self.cos_half.clone()).times(2)
    }

    /// The cosine, `t = x.x'`.
    pub fn cos(&self) -> T {
        let from_halves = || self.cos_half.clone().difference_of_squares(self.sin_half.clone());
        self.cosine.clone().unwrap_or_else(from_halves)
    }
}
