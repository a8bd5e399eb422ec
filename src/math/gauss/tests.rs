use super::*;
use rug::Rational;

/// A rule of n nodes integrates x^(2m) to 2/(2m+1) for 2m < 2n, inside its own enclosures, and misses 2m = 2n.
#[test]
fn rules_are_exact_for_polynomials_and_only_for_those() {
    for (half, bits) in [(1, 100), (2, 64), (5, 300), (30, 200), (61, 1000), (150, 260)] {
        let rule = legendre(half, Bits(bits)).unwrap();
        let moment = |power: u32| {
            let zero = Ball::exact(Float::new(bits));
            let sum = rule
                .nodes
                .iter()
                .zip(&rule.weights)
                .fold(zero, |sum, (x, w)| sum + w.clone() * x.clone().powi(power));
            sum.times(2) - Ball::from_rational(Bits(bits), &Rational::from((2, power + 1)))
        };
        for power in [0, 2, 2 * half, 4 * half - 2] {
            let miss = moment(power);
            assert!(miss.contains_zero(), "{half} {bits} {power}");
            assert!(miss.radius().get_exp().unwrap() < 40 - bits as i32, "{half} {bits}: {miss:?}");
        }
        if half < 10 {
            assert!(!moment(4 * half).contains_zero());
        }
    }
}
