//! How fast eigenvalues fall: `lambda_k ~ C (k + (d-1)/2)^-(d+beta)`.
//!
//! `beta` is the order of the kernel's singularity at coinciding points ([`Kernel::singular_orders`]); the shift `(d-1)/2`
//! removes the term of relative size `1/k`. For the two-layer model and chains of relus `C` is known in closed form; for other kernels with a power
//! series in the chord at both ends it follows from the first odd coefficient that does not vanish.

use super::{
    asymptotic::{MOST_LAYERS, coefficients::Coefficients},
    leading::Constants,
};
use crate::{
    kernel::Kernel,
    math::{
        ball::Ball,
        chord,
        units::{Bits, Dimension},
    },
};
use rug::{Float, float::Constant, ops::Pow};

/// The law `lambda_k ~ C (k + (d-1)/2)^-exponent` of the degrees of one parity.
#[derive(Clone, Debug)]
pub struct Law {
    /// `d + beta`.
    pub exponent: u32,
    /// `C`, enclosed.
    pub constant: Ball,
}

/// The exponents `d + beta` of the laws of even and odd degrees, where the kernel's eigenvalues follow a power.
pub fn exponents(kernel: &Kernel, dim: Dimension) -> [Option<f64>; 2] {
    kernel.singular_orders().map(|order| Some(f64::from(dim.get()) + order?))
}

/// The laws of even and odd degrees of a network whose form proves their exponents, where these are whole; none for others, and for networks that are
/// too deep.
pub fn laws(kernel: &Kernel, dim: Dimension, precision: Bits) -> [Option<Law>; 2] {
    let whole = |s: f64| (s.fract() == 0.0 && s as u32 % 2 == 1).then_some(s as u32);
    let orders = kernel.singular_orders().map(|order| order.and_then(whole));
    let is_network = kernel.network().is_some() && kernel.layers() <= MOST_LAYERS;
    let Some(most) = orders.into_iter().flatten().max().filter(|_| is_network) else { return [None, None] };
    if let Some(exact) = Constants::of(kernel) {
        return [0, 1].map(|parity| {
            let constant = exact.enclosure(dim, parity, precision);
            let known = orders[parity] == Some(exact.power) && constant.is_positive();
            known.then(|| Law { exponent: dim.get() + exact.power, constant })
        });
    }
    let Some(found) = Coefficients::find(kernel, most.div_ceil(2) as usize, precision, None) else {
        return [None, None];
    };
    [0, 1].map(|parity| {
        let order = orders[parity]?;
        let i = (order as usize - 1) / 2;
        if i >= found.terms() {
            return None;
        }
        let constant = -(found.at(parity, i).clone() * chord_weight(dim, i, precision));
        constant.is_positive().then(|| Law { exponent: dim.get() + order, constant })
    })
}

/// `(-1)^i 2^(2i) ((d+1)/2)_i (3/2)_i W_d`, which `-tau_(2i+1)` is multiplied by: at large degrees the factors under the powers of the chord are `2 kappa`.
pub fn chord_weight(dim: Dimension, i: usize, precision: Bits) -> Ball {
    -chord::numerator(dim, i as u64, precision).scaled(-(dim.get() as i32 + 2 * i as i32 + 1))
}

/// The constant `C = 2^(d-2) Gamma((d+1)/2)^2 / pi^2` of the two-layer model with bias; without bias, even degrees have twice
/// that and odd ones from 3 on vanish.
///
/// To about `precision` bits. The constant follows from `h_k` of theory.md, section 2, by Stirling's formula.
pub fn two_layer_constant(dim: Dimension, precision: Bits) -> Float {
    let d = dim.get();
    let gamma = (Float::with_val(precision.0, d + 1) / 2u32).gamma();
    let pi = Float::with_val(precision.0, Constant::Pi);
    (gamma / pi).square() * Float::with_val(precision.0, 2).pow(d as i32 - 2)
}

/// `(k + (d-1)/2)^exponent`.
pub fn shifted_power(dim: Dimension, degree: u32, exponent: u32, precision: Bits) -> Float {
    let shifted = Float::with_val(precision.0, 2 * degree + dim.get() - 1) / 2u32;
    shifted.pow(exponent)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        math::{degrees::Degrees, scalar::Scalar, units::Digits},
        spectrum::{Goal, spectrum},
    };

    /// Eigenvalues at degrees about 3000, against laws in closed form and from the series at both ends.
    #[test]
    fn laws_are_those_of_the_eigenvalues() {
        for (spec, exact) in [
            ("ntk:depth=2", true),
            ("nngp:depth=3", true),
            ("ntk:dense(lr=2) relu dense relu dense", false),
            ("nngp:dense(w=3) relu dense(lr=0) relu dense(lr=2)", false),
            ("nngp:dense abs dense relu dense", false),
        ] {
            let kernel: Kernel = spec.parse().unwrap();
            assert_eq!(Constants::of(&kernel).is_some(), exact, "{spec}");
            for d in 1..=3 {
                let dim = Dimension::new(d).unwrap();
                let degrees = Degrees::new([3000u32, 3001]).unwrap();
                let values =
                    spectrum(&kernel, dim, &degrees, &Goal::digits(Digits::FEW)).unwrap().eigenvalues;
                for (law, value) in laws(&kernel, dim, Bits(80)).into_iter().zip(values) {
                    let Some(Law { exponent, constant }) = law else {
                        assert!(value.enclosure.is_zero(), "{spec} {d}");
                        continue;
                    };
                    let power = shifted_power(dim, value.degree as u32, exponent, Bits(80)).to_f64();
                    let share = value.to_f64() * power / constant.midpoint().to_f64();
                    assert!((share - 1.0).abs() < 1e-4, "{spec} {d}, k = {}: {share}", value.degree);
                }
            }
        }
    }

    /// The rules of networks.md, section 7, by Gaussian means that are summed here: before the series and behind it, where opposite points stay opposite and
    /// where they do not, in tangent kernels and in Gaussian processes.
    #[test]
    fn kinks_around_a_series_have_the_constants_of_the_rules() {
        let mean = |q: f64, f: &dyn Fn(f64) -> f64| -> f64 {
            let term = |i: i32| {
                let z = f64::from(i) / 20.0;
                f(q.sqrt() * z) * (-z * z / 2.0).exp() / (20.0 * (2.0 * std::f64::consts::PI).sqrt())
            };
            (-240..=240).map(term).sum()
        };
        let slope = |u: f64| 1.0 - u.tanh().powi(2);
        let [square, rate] = [mean(1.0, &|u| u.tanh().powi(2)), mean(1.0, &|u| slope(u).powi(2))];
        let [late, flat] = [mean(0.5, &|u| slope(u).powi(2)), mean(0.5, &slope).powi(2)];
        let pi = std::f64::consts::PI;
        let behind = (square + rate) * (rate / square).sqrt() / (2.0 * pi);
        let cubic = square * (rate / square).powf(1.5) / (6.0 * pi);
        // A(2, 1) = -1/2 and A(2, 3) = 9/2: a term c theta^s of K gives c A(d, s) kappa^-(d+s).
        for (spec, even, odd) in [
            ("ntk:dense tanh dense relu dense", 0.5 * 2.0 * behind, None),
            ("ntk:dense relu dense tanh dense", 0.25 * (late + flat) / pi, Some(0.25 * (late - flat) / pi)),
            ("nngp:dense tanh dense relu dense", 4.5 * 2.0 * cubic, None),
        ] {
            let found = laws(&spec.parse().unwrap(), Dimension::SPHERE, Bits(120));
            for (law, expected) in found.into_iter().zip([Some(even), odd]) {
                assert_eq!(law.is_some(), expected.is_some(), "{spec}");
                let Some((law, expected)) = law.zip(expected) else { continue };
                let share = law.constant.midpoint().to_f64() / expected;
                assert!((share - 1.0).abs() < 1e-12, "{spec}: {share}");
                assert!(law.constant.radius() < 1e-15, "{spec}: {}", law.constant.radius());
            }
        }
    }
}
