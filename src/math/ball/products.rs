//! Sums of products, without memory of its own for each.

use super::{Ball, Bound};

impl Ball {
    /// `self + sum a b` over the pairs, at the precision of `self`.
    ///
    /// Each product is added with one rounding, of half a unit in the last place of the sum so far; all of these are at most that of the largest such sum.
    #[must_use]
    pub fn plus_products<'a>(self, pairs: impl Iterator<Item = (&'a Self, &'a Self)>) -> Self {
        let Self { mut midpoint, mut radius } = self;
        let precision = midpoint.prec();
        let (mut roundings, mut largest) = (0i32, i32::MIN);
        for (a, b) in pairs {
            if !b.radius.is_zero() {
                radius = radius.plus(a.most().times(b.radius));
            }
            if !a.radius.is_zero() {
                radius = radius.plus(Bound::above(&b.midpoint).times(a.radius));
            }
            midpoint += &a.midpoint * &b.midpoint;
            roundings += 1;
            largest = largest.max(midpoint.get_exp().unwrap_or(i32::MIN));
        }
        if !midpoint.is_finite() {
            return Self::undefined(precision);
        }
        if largest > i32::MIN {
            let half_unit = Bound::power_of_two(i64::from(largest) - i64::from(precision) - 1);
            radius = radius.plus(half_unit.times(Bound::above(&rug::Float::with_val(53, roundings))));
        }
        Self { midpoint, radius }
    }
}
