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

/// `P_2` at some distance `s` from its root `1/sqrt 3`, whose weight is 1: the enclosures hold them, and are narrow to second order. With all derivatives by
/// hand, the slope is found with an error of `-9 eta^2/sqrt 8` in the angle `eta = s sqrt(3/2)`, and the weight as `1 - 27 s^2/4`.
#[test]
fn a_root_is_enclosed_from_afar() {
    let number = |x: &Float| Ball::exact(Float::with_val(120, x));
    let root = (number(&Float::with_val(120, 1)) / number(&Float::with_val(120, 3))).sqrt();
    for shift in [-1e-3f64, -1e-5, 1e-5, 1e-3] {
        let x = Float::with_val(120, root.midpoint() + shift);
        let square = number(&x) * number(&x);
        let value = (square.times(3) - number(&Float::with_val(120, 1))).half();
        let point = Point { derivative: number(&x).times(3), value, x };
        let (node, weight) = point.enclose(2).unwrap();
        assert!((node.clone() - root.clone()).contains_zero(), "{shift}: {node:?}");
        assert!((weight.clone() - number(&Float::with_val(120, 1))).contains_zero(), "{shift}: {weight:?}");
        assert!(node.radius() < 30.0 * shift * shift && weight.radius() < 300.0 * shift * shift, "{shift}");
        let short = Float::with_val(120, 1 - weight.midpoint()) / (shift * shift);
        assert!((short.to_f64() - 6.75).abs() < 20.0 * shift.abs(), "{shift}: {short}");
    }
}
