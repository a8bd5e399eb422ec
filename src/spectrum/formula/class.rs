//! Eigenvalues of one parity of the degree, as `C_d Q(e) X_s(k)`, and what multiplying the kernel by `t` does to them.

use crate::math::polynomial::{Polynomial, Ring};
use rug::Rational;

/// The eigenvalues `C_d Q(e) X_s(k)` of all degrees of one parity, with
///
/// ```text
/// X_s(k) = [ Gamma((k-s)/2) / Gamma((k+d+1+s)/2) ]^2,     e = k (k+d-1),     C_d = [ Gamma((d+1)/2) / (2 pi) ]^2
/// ```
///
/// Invariant: `k - s` is odd, so `s` says which parity this is.
#[derive(Clone, Debug, PartialEq)]
pub struct Class<C = Rational> {
    /// The index `s`.
    pub order: u32,
    /// The polynomial `Q` in `e`; zero is the proof that the class vanishes.
    pub factor: Polynomial<C>,
}

impl<C: Ring> Class<C> {
    /// The class of `factor X_order`.
    pub fn new(order: u32, factor: Polynomial<C>) -> Self {
        Self { order, factor }
    }

    /// Do all eigenvalues of the class vanish?
    pub fn vanishes(&self) -> bool {
        self.factor.is_zero()
    }

    /// The eigenvalues of `t K` from those of `K`; the parity changes.
    ///
    /// With `a = k`, `b = k+d-1` (so `a b = e`, `a + b = sigma = 2k+d-1`), multiplication by `t` sends `x` to
    /// `[a x(k-1) + b x(k+1)] / sigma`. With `u = s+1`, `X_s(k-1) = ((b+u)/2)^2 X_u(k)`, `X_s(k+1) = ((a-u)/2)^2 X_u(k)`, and `e` at
    /// `k -+ 1` is `e + 1 -+ sigma`. Written `Q(e+1-sigma) = E(e) - sigma O(e)`, where `sigma^2 = (d-1)^2 + 4e`, the result is
    ///
    /// ```text
    /// [a (b+u)^2 (E - sigma O) + b (a-u)^2 (E + sigma O)] / (4 sigma) = [(e+u^2) E + ((d-1)(u^2-e) - 4ue) O] / 4
    /// ```
    ///
    /// times `X_u`, as `a(b+u)^2 + b(a-u)^2 = sigma (e+u^2)` and `b(a-u)^2 - a(b+u)^2 = (d-1)(u^2-e) - 4ue`. It holds at `k = 0` too:
    /// there `a = 0` removes `x(-1)`, which is finite as `k - s` is odd; on the circle `x(-1) = x(1)`, as `X_s` and `e` are even in
    /// `k`.
    pub fn times_cosine(&self, d: &C) -> Self {
        let number = |n: i64| C::from_rational(&Rational::from(n));
        let e = Polynomial::shifted_variable(number(0));
        let next = Polynomial::shifted_variable(number(1));
        let c = d.plus(&number(-1));
        let sigma_squared = Polynomial::new(vec![c.times(&c), number(4)]);
        // Horner's rule for Q(e + 1 - sigma), kept as E - sigma O.
        let (mut even, mut odd) = (Polynomial::default(), Polynomial::default());
        for q in self.factor.coefficients().iter().rev() {
            let constant = Polynomial::constant(q.clone());
            (even, odd) = (
                even.times(&next).plus(&odd.times(&sigma_squared)).plus(&constant),
                even.plus(&odd.times(&next)),
            );
        }
        let u = i64::from(self.order) + 1;
        let on_even = e.plus(&Polynomial::constant(number(u * u)));
        let slope = c.scaled(&Rational::from(-1)).plus(&number(-4 * u));
        let on_odd = Polynomial::new(vec![c.scaled(&Rational::from(u * u)), slope]);
        let sum = on_even.times(&even).plus(&on_odd.times(&odd));
        Self::new(self.order + 1, sum.scaled(&Rational::from((1, 4))))
    }

    /// `e - s (s+d-1)`, whose square over 16 is `X_(s-2) / X_s`.
    fn step(order: u32, d: &C) -> Polynomial<C> {
        let s = Rational::from(order);
        let shifted = d.plus(&C::from_rational(&(s.clone() - 1u32)));
        Polynomial::shifted_variable(shifted.scaled(&-s))
    }

    /// The same eigenvalues over `X_order`, for an order of the same parity that is no lower.
    fn raised_to(mut self, order: u32, d: &C) -> Self {
        while self.order < order {
            self.order += 2;
            let step = Self::step(self.order, d);
            self.factor = self.factor.times(&step).times(&step).scaled(&Rational::from((1, 16)));
        }
        self
    }

    /// The same eigenvalues over the `X_s` of lowest order.
    pub fn lowered(mut self, d: &C) -> Self {
        if self.vanishes() {
            self.order %= 2;
        }
        while self.order >= 2 {
            let step = Self::step(self.order, d);
            let once = self.factor.divided_by_monic(&step);
            let Some(lower) = once.and_then(|once| once.divided_by_monic(&step)) else { break };
            self.factor = lower.scaled(&Rational::from(16));
            self.order -= 2;
        }
        self
    }

    /// The sum of two classes of the same parity.
    pub fn plus(self, other: Self, d: &C) -> Self {
        let order = self.order.max(other.order);
        let (left, right) = (self.raised_to(order, d), other.raised_to(order, d));
        Self::new(order, left.factor.plus(&right.factor))
    }

    /// The class times an element of the ring.
    pub fn times_constant(mut self, factor: &C) -> Self {
        self.factor = self.factor.times_constant(factor);
        self
    }
}
