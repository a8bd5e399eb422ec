//! Where a formula is real and finite, and where it bends.

use super::{
    Angle,
    expression::{Function, Tree},
};
use crate::{
    error::{Error, Result},
    math::{ball::Ball, units::Bits},
};
use rug::{Float, Rational};
use std::{f64::consts::PI, fmt::Display, ops::RangeInclusive};

/// Sizes of kernels on which machine numbers serve: squares and products of values, and sums of these over points, stay in their range.
const SIZES: RangeInclusive<f64> = 1e-100..=1e100;
/// The precision in which a formula is looked at where machine numbers do not hold it.
const LOOK: u32 = 128;

/// Refuses a kernel whose largest value, `largest` in size, lies where squares overflow or vanish; 0 is the kernel 0.
///
/// # Errors
/// With the value.
pub fn in_machine_numbers(kernel: &impl Display, largest: f64) -> Result<()> {
    if largest == 0.0 || SIZES.contains(&largest) {
        return Ok(());
    }
    let expected = format!(
        "values of a size from {:e} to {:e}, not {largest:.1e}: a constant factor brings them there, and the eigenvalues with them",
        SIZES.start(),
        SIZES.end()
    );
    Err(Error::invalid("kernel", kernel, expected))
}

/// Points of a scan of `[0, pi]`.
const SCAN: u32 = 2048;

fn scan() -> impl Iterator<Item = (f64, Angle<f64>)> {
    (0..=SCAN).map(|i| match i {
        0 => (0.0, Angle::new(0.0, 0.0, 1.0)),
        SCAN => (PI, Angle::new(PI, 1.0, 0.0)),
        _ => {
            let theta = PI * f64::from(i) / f64::from(SCAN);
            (theta, Angle::from_radians(theta))
        }
    })
}

/// Refuses a formula that divides by zero, or is complex or infinite, at a point of a scan of `[0, pi]` or between two.
pub fn check(tree: &Tree<Rational>) -> std::result::Result<(), String> {
    let values = tree.convert(&0.0);
    for (what, factor) in poles(&values) {
        if let Some(theta) = zeros(&factor).first() {
            return Err(format!("a finite value; it {what} near theta = {theta:.4}"));
        }
    }
    let mut all_zero = true;
    for (theta, angle) in scan() {
        let value = values.at(&angle);
        all_zero &= value == 0.0;
        if !value.is_finite() {
            if let Some(size) = size(tree, theta) {
                return Err(beyond("beyond", theta, size));
            }
            let what = if value.is_nan() { "complex or undefined" } else { "infinite" };
            return Err(format!(
                "a real, finite value on [0, pi]; in double precision it is {what} at theta = {theta:.4}"
            ));
        }
    }
    if !all_zero {
        return Ok(());
    }
    match [0.0, 1.0, 2.0].map(|theta| size(tree, theta)) {
        [Some(a), Some(b), Some(c)] if vanishes([a, b, c]) => Err(beyond("below", 0.0, a)),
        _ => Ok(()),
    }
}

/// Are values of these sizes, of a formula that a scan cannot tell from zero, too small everywhere? Where they differ by as much as they lie below the
/// range, there may be a peak between the points of the scan.
fn vanishes(sizes: [f64; 3]) -> bool {
    let (least, most) =
        (sizes.into_iter().fold(f64::INFINITY, f64::min), sizes.into_iter().fold(f64::MIN, f64::max));
    most + (most - least) < LEAST
}

fn beyond(side: &str, theta: f64, size: f64) -> String {
    format!(
        "a formula within the range of machine numbers; at theta = {theta:.4} it is finite, about 10^{size}, and {side} it: a constant factor brings it \
         there, and the eigenvalues with it"
    )
}

/// The power of ten of the smallest machine number.
const LEAST: f64 = -324.0;

/// The size of the formula at an angle, as a power of ten, where it is finite and not zero.
fn size(tree: &Tree<Rational>, theta: f64) -> Option<f64> {
    let value = tree.convert(&Ball::exact(Float::new(LOOK))).at(&angle_of(theta));
    let known = value.is_finite() && !value.contains_zero();
    // log10 of the midpoint, whose exponent may be beyond that of f64.
    known.then(|| Float::with_val(LOOK, value.midpoint().abs_ref()).log10().to_f64().floor())
}

/// The angle, exact at the ends of the interval.
fn angle_of(theta: f64) -> Angle<Ball> {
    let ball = |x: f64| Ball::exact(Float::with_val(LOOK, x));
    if theta == 0.0 { Angle::new(ball(0.0), ball(0.0), ball(1.0)) } else { Angle::from_radians(ball(theta)) }
}

/// Points inside `(0, pi)` where the formula may not be analytic: zeros of the arguments of roots and absolute values,
/// each enclosed to about `precision`.
pub fn kinks(tree: &Tree<Rational>, precision: Bits) -> Vec<Float> {
    let mut found = Vec::new();
    for argument in arguments(tree, &[Function::Abs, Function::Sqrt]) {
        for theta in zeros(&argument.convert(&0.0)) {
            if theta > 0.0 && theta < PI {
                found.push(bisect(argument, theta, precision));
            }
        }
    }
    found.sort_by(Float::total_cmp);
    found.dedup_by(|a, b| Float::with_val(53, &*a - &*b).abs() < 1e-12);
    found
}

const LOGARITHM: &str = "takes the logarithm of zero";

/// Formulas whose zeros make this one infinite, and how; factors and powers are taken apart, so that each zero is a change of
/// sign.
fn poles<P: Clone>(tree: &Tree<P>) -> Vec<(&'static str, Tree<P>)> {
    let all = |what, tree| factors(tree).into_iter().map(move |factor| (what, factor.clone()));
    let mut found: Vec<_> = tree.children().into_iter().flat_map(poles).collect();
    match tree {
        Tree::Div(_, below) => found.extend(all("divides by zero", below)),
        Tree::Call(Function::Log, a) => found.extend(all(LOGARITHM, a)),
        Tree::Call(Function::Tan, a) => found.push(("has a pole", Tree::Call(Function::Cos, a.clone()))),
        // A power such as abs(t)^(1/3) is written with a logarithm, and is finite.
        Tree::Call(Function::Exp, _) => found.retain(|(what, _)| *what != LOGARITHM),
        _ => {}
    }
    found
}

fn factors<P>(tree: &Tree<P>) -> Vec<&Tree<P>> {
    match tree {
        Tree::Mul(a, b) => [factors(a), factors(b)].concat(),
        Tree::Neg(a) | Tree::Power(a, _) | Tree::Call(Function::Sqrt | Function::Abs, a) => factors(a),
        other => vec![other],
    }
}

fn arguments<'a, P>(tree: &'a Tree<P>, functions: &[Function]) -> Vec<&'a Tree<P>> {
    let own = match tree {
        Tree::Call(f, a) if functions.contains(f) => factors(a),
        _ => vec![],
    };
    tree.children().into_iter().flat_map(|child| arguments(child, functions)).chain(own).collect()
}

/// Points of the scan where the formula is zero, and midpoints of steps over which it changes sign.
fn zeros(tree: &Tree<f64>) -> Vec<f64> {
    let samples: Vec<(f64, f64)> = scan().map(|(theta, angle)| (theta, tree.at(&angle))).collect();
    let exact = samples.iter().filter(|(_, value)| *value == 0.0).map(|(theta, _)| *theta);
    let crossed = samples
        .windows(2)
        .filter(|pair| pair[0].1 * pair[1].1 < 0.0)
        .map(|pair| 0.5 * (pair[0].0 + pair[1].0));
    exact.chain(crossed).collect()
}

/// The zero of `tree` within a step of the scan from `theta`, to about `precision` bits.
fn bisect(tree: &Tree<Rational>, theta: f64, precision: Bits) -> Float {
    let p = precision.0;
    let like = Ball::exact(Float::new(p));
    let values = tree.convert(&like);
    let sign = |x: &Float| values.at(&Angle::from_radians(Ball::exact(x.clone()))).midpoint().cmp0();
    let step = PI / f64::from(SCAN);
    let mut low = Float::with_val(p, theta - step);
    let mut high = Float::with_val(p, theta + step);
    let start = sign(&low);
    for _ in 0..p + 8 {
        let middle = Float::with_val(p, &low + &high) / 2u32;
        match sign(&middle) {
            Some(std::cmp::Ordering::Equal) => return middle,
            side if side == start => low = middle,
            _ => high = middle,
        }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_whose_squares_leave_the_range_are_refused() {
        for fine in [0.0, 1e-100, 1.0, 1e100] {
            assert!(in_machine_numbers(&"K", fine).is_ok(), "{fine}");
        }
        for wrong in [1e-101, 1e-200, f64::MIN_POSITIVE, 1e101, 1e300, f64::INFINITY, f64::NAN] {
            let refused = in_machine_numbers(&"K", wrong).unwrap_err().to_string();
            assert!(
                refused.starts_with("kernel: got 'K'") && refused.contains("a constant factor"),
                "{refused}"
            );
        }
    }

    /// Every stage in machine numbers refuses them; the spectrum itself, in numbers of any size, does not.
    #[test]
    fn stages_in_machine_numbers_refuse_them() {
        use crate::{dynamics::Modes, gram::Values, kernel::Kernel, math::units::Dimension};
        for (spec, fine) in
            [("expr:1e-200*exp(t)", false), ("expr:1e200*exp(t)", false), ("expr:1e-90*exp(t)", true)]
        {
            let kernel: Kernel = spec.parse().unwrap();
            assert_eq!(Values::new(&kernel).is_ok(), fine, "{spec}");
            assert_eq!(Modes::of(&kernel, Dimension::SPHERE, 3).is_ok(), fine, "{spec}");
        }
    }

    #[test]
    fn kinks_are_zeros_inside_of_what_a_root_or_an_absolute_value_is_taken_of() {
        let of =
            |spec: &str| spec.parse::<crate::kernel::Kernel>().unwrap().kinks(crate::math::units::Bits(64));
        for (spec, angle) in
            [("expr:abs(t)", PI / 2.0), ("expr:abs(t-1/2)+t", PI / 3.0), ("expr:abs(t)+abs(2*t)", PI / 2.0)]
        {
            let found = of(spec);
            assert!(found.len() == 1 && (found[0].to_f64() - angle).abs() < 1e-15, "{spec}: {found:?}");
        }
        assert!(of("expr:sqrt(1+t)").is_empty() && of("expr:abs(t-2)").is_empty());
    }
}
