//! The law of large degrees of relu networks of any depth, in closed form: exponent and leading constants of even and of odd degrees.
//!
//! With the odd coefficients `tau` of the chord at `theta = 0`, `tau~` at `theta = pi` ([`asymptotic`](super::asymptotic)), `kappa = k + (d-1)/2` and
//! `W_d = 2^(d-1) Gamma((d+1)/2)^2 / pi`,
//!
//! ```text
//! lambda_k ~ W_d [ -tau_1 - (-1)^k tau~_1 ] kappa^-(d+1)                     tangent kernels
//! lambda_k ~ 3 (d+1) W_d [ tau_3 + (-1)^k tau~_3 ] kappa^-(d+3)              Gaussian processes, whose tau_1 and tau~_1 vanish
//! ```
//!
//! For a chain of layers `l = 1..L`, each `x -> sqrt(keep) x + sqrt(G) W phi(x)` with slopes 1 and `S`, let `m = (1+S^2)/2`, `n = (1-S)^2/2`, `mu = keep + G m`
//! (all of them with an index `l`). At `theta = 0`, with the variances `q_l`, the tangent kernels `Theta_l(1)` and the rates `s_l`,
//! `s_1 = w_in`, `s_(l+1) = mu_l s_l`,
//!
//! ```text
//! -tau_1 = sum_l Theta_l(1) (G n/pi) sqrt(s_l/q_l) prod_(j>l) mu_j            tau_3 = sum_l (G n/(3 pi)) q_l (s_l/q_l)^(3/2) prod_(j>l) mu_j
//! ```
//!
//! and at `theta = pi`, without biases drawn in the first layer, with the angles `v_1 = pi`,
//! `q_(l+1) cos v_(l+1) = q_l (mu cos v_l + G n (sin v_l - v_l cos v_l)/pi) + g`, `g` the variance of drawn biases,
//!
//! ```text
//! -tau~_1 = (w_in - b) (G_1 n_1/pi) prod_(l>=2) [keep + G (S + n (1 - v_l/pi))]       tau~_3 = q_1 (G_1 n_1/(3 pi)) prod_(l>=2) [the same]
//! ```
//!
//! *Proof.* `Fdot = m - n a/pi` and `F = q (m cos a + n (sin a - a cos a)/pi)` at the angle `a`; the odd part of the first begins with
//! `a`, that of the second with
//! `a^3/(3 pi)`. At `theta = 0` layer `l` has `a_l = x sqrt(s_l/q_l) + ...`; at `pi` the first has `a_1 = pi - y + ...`, and the later angles are functions of
//! covariances, whose odd parts begin with `y^3`. What layer `l` contributes first is carried on by the slopes of the later ones. With
//! biases drawn in the first
//! layer no point is opposite to another, and the kernel is analytic in `t` at `-1`: both `tau~` vanish. QED
//!
//! * [`powers`] — all coefficients at `theta = 0`, where they are polynomials in `1/pi`
//! * [`written`](Constants::written) — the constants as text

pub mod pi_polynomial;
pub mod powers;
mod written;

use crate::{
    kernel::{Kernel, limit::chain::Chain},
    math::{
        ball::Ball,
        constant::Constant,
        scalar::Scalar,
        units::{Bits, Dimension},
    },
};
use rug::Rational;
use std::collections::BTreeMap;

/// The exact leading coefficients of a kernel at both ends.
#[derive(Clone, Debug)]
pub struct Constants {
    /// The power of the chord: 1, or 3 for Gaussian processes.
    pub power: u32,
    /// `-tau_1`, or `tau_3`: rational multiples of constants.
    near: BTreeMap<Constant, Rational>,
    /// `-tau~_1`, or `tau~_3`; none where it vanishes.
    far: Option<Product>,
    /// The angles `v_2, v_3, ...`.
    angles: Vec<LayerAngle>,
}

/// `coefficient/pi` times factors `offset + bend (1 - v_l/pi)`.
#[derive(Clone, Debug)]
struct Product {
    coefficient: Rational,
    factors: Vec<Factor>,
}

#[derive(Clone, Debug)]
struct Factor {
    offset: Rational,
    bend: Rational,
    /// The index of the angle, 0 for `v_2`.
    angle: usize,
}

/// `cos v_(l+1) = mean cos v_l + bend (sin v_l - v_l cos v_l)/pi + shift`.
#[derive(Clone, Debug)]
struct LayerAngle {
    mean: Rational,
    bend: Rational,
    shift: Rational,
    /// The rational multiple of `pi` that the angle is, if that is known.
    over_pi: Option<Rational>,
}

impl Constants {
    /// The constants of `kernel`, if its network is a chain of relus.
    pub fn of(kernel: &Kernel) -> Option<Self> {
        let chain = Chain::of(kernel)?;
        let power = if chain.tangent { 1 } else { 3 };
        let near = near(&chain)?;
        if !chain.first.drawn_bias().is_zero() {
            return Some(Self { power, near, far: None, angles: vec![] });
        }
        let (product, angles) = far(&chain)?;
        let far = Some(product).filter(|product| !product.coefficient.is_zero());
        let angles = if far.is_some() { angles } else { vec![] };
        Some(Self { power, near, far, angles })
    }

    /// `-tau_1`, or `tau_3`, enclosed.
    pub fn near(&self, precision: Bits) -> Ball {
        let zero = Ball::from_rational(precision, &Rational::new());
        self.near.iter().fold(zero, |sum, (constant, q)| {
            sum + Ball::from_rational(precision, q) * constant.enclosure(precision)
        })
    }

    /// `-tau~_1`, or `tau~_3`, enclosed.
    pub fn far(&self, precision: Bits) -> Ball {
        let ball = |q: &Rational| Ball::from_rational(precision, q);
        let Some(product) = &self.far else { return ball(&Rational::new()) };
        let angles = self.angles(precision);
        let pi = Ball::pi_at(precision);
        product.factors.iter().fold(ball(&product.coefficient) / pi.clone(), |value, factor| {
            let bent = ball(&Rational::from(1)) - angles[factor.angle].clone() / pi.clone();
            value * (ball(&factor.offset) + ball(&factor.bend) * bent)
        })
    }

    /// The constant of `kappa^-(d+power)` for even (0) or odd (1) degrees on `S^d`, enclosed.
    pub fn enclosure(&self, dim: Dimension, parity: usize, precision: Bits) -> Ball {
        let (scale, constant) = self.front(dim);
        let sign = if parity == 0 { 1 } else { -1 };
        let sum = self.near(precision) + self.far(precision).times(sign);
        sum * Ball::from_rational(precision, &scale) * constant.enclosure(precision)
    }

    fn angles(&self, precision: Bits) -> Vec<Ball> {
        let pi = Ball::pi_at(precision);
        let ball = |q: &Rational| Ball::from_rational(precision, q);
        let mut all: Vec<Ball> = Vec::with_capacity(self.angles.len());
        for angle in &self.angles {
            let next = match (&angle.over_pi, all.last()) {
                (Some(multiple), _) => pi.clone() * ball(multiple),
                (None, before) => {
                    let v = before.unwrap_or(&pi);
                    // sin pi is 0 exactly.
                    let sin = if before.is_none() { ball(&Rational::new()) } else { v.clone().sin() };
                    let cos = if before.is_none() { ball(&Rational::from(-1)) } else { v.clone().cos() };
                    let fall = (sin - v.clone() * cos.clone()) / pi.clone();
                    let cosine = ball(&angle.mean) * cos + ball(&angle.bend) * fall + ball(&angle.shift);
                    pi.clone().half() - cosine.asin()
                }
            };
            all.push(next);
        }
        all
    }
}

fn near(chain: &Chain) -> Option<BTreeMap<Constant, Rational>> {
    let first = &chain.first;
    let mut q = first.weight.clone() + first.drawn_bias();
    let mut rate = first.weight.clone();
    let mut tangent = Rational::from(&first.weight + &first.bias);
    let mut sum: BTreeMap<Constant, Rational> = BTreeMap::new();
    let exponent = Rational::from((if chain.tangent { 1 } else { 3 }, 2));
    for block in &chain.blocks {
        let (mean, bend) = block.mean_and_bend();
        let growth = block.growth();
        // What earlier layers contributed is carried on.
        sum.values_mut().for_each(|value| *value *= &growth);
        let (root, constant) = Constant::rational_power(&Rational::from(&rate / &q), &exponent)?;
        let size = if chain.tangent { tangent.clone() } else { Rational::from(&q / 3u32) };
        let own = size * Rational::from(&block.gain * &bend) * root;
        *sum.entry(constant.times(&Constant::pi(-1)).1).or_default() += own;
        let flow = Rational::from(&block.gain * &mean);
        tangent = Rational::from(&tangent * &growth) + Rational::from(&flow * &q) + &block.bias;
        q = Rational::from(&q * &growth) + &block.drawn;
        rate *= growth;
    }
    sum.values_mut().for_each(|value| *value *= &chain.readout);
    Some(sum)
}

fn far(chain: &Chain) -> Option<(Product, Vec<LayerAngle>)> {
    let first = &chain.first;
    let (head, later) = chain.blocks.split_first()?;
    let mut q = first.weight.clone();
    let size = if chain.tangent { Rational::from(&q - &first.bias) } else { Rational::from(&q / 3u32) };
    let mut coefficient = size * Rational::from(&head.gain * &head.mean_and_bend().1) * &chain.readout;
    let mut factors = Vec::new();
    let mut angles: Vec<LayerAngle> = Vec::new();
    let mut before = head;
    for block in later {
        let (_, bend) = before.mean_and_bend();
        let next = &q * before.growth() + &before.drawn;
        let share = Rational::from(&q / &next);
        let angle = LayerAngle {
            mean: before.growth() * &share,
            bend: bend * &before.gain * &share,
            shift: Rational::from(&before.drawn / &next),
            over_pi: None,
        };
        angles.push(LayerAngle { over_pi: known_angle(&angle, angles.len()), ..angle });
        let (_, bend) = block.mean_and_bend();
        let mut factor = Factor {
            offset: Rational::from(&block.gain * &block.slope) + &block.keep,
            bend: bend * &block.gain,
            angle: angles.len() - 1,
        };
        if let Some(multiple) = &angles[factor.angle].over_pi {
            coefficient *= factor.offset + factor.bend * Rational::from(1u32 - multiple);
        } else {
            if factor.offset.is_zero() {
                coefficient *= &factor.bend;
                factor.bend = Rational::from(1);
            }
            factors.push(factor);
        }
        (q, before) = (next, block);
    }
    Some((Product { coefficient, factors }, angles))
}

/// `v_2` as a multiple of `pi`, where its cosine `bend - mean + shift` is that of a simple one.
fn known_angle(angle: &LayerAngle, index: usize) -> Option<Rational> {
    if index > 0 {
        return None;
    }
    let cosine = Rational::from(&angle.bend - &angle.mean) + &angle.shift;
    let known = [(0, (1, 2)), (1, (1, 3)), (-1, (2, 3))];
    let found = known.into_iter().find(|(twice, _)| cosine == Rational::from((*twice, 2)));
    found.map(|(_, multiple)| Rational::from(multiple))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spectrum::asymptotic::coefficients::Coefficients;

    const CHAINS: [&str; 16] = [
        "ntk:depth=2",
        "ntk:depth=3",
        "ntk:depth=7",
        "nngp:depth=2",
        "nngp:depth=4",
        "resnet:depth=2,alpha=1",
        "resnet:depth=4,alpha=1/2",
        "resnet:depth=3,alpha=1/3,b=1/7",
        "ntk:depth=3,activation=leaky-relu,slope=0.25",
        "ntk:depth=3,activation=leaky-relu,slope=-1/3,b=1/2,w=3,w-in=2/7",
        "nngp:depth=3,activation=leaky-relu,slope=2,w=1/2",
        "ntk:depth=2,b=1/2",
        "ntk:depth=3,b=3/2",
        "ntk:depth=3,b=1/2,bias-init=gaussian",
        "nngp:depth=3,b=1/2,bias-init=gaussian,w=5",
        "ntk:dense(w=3) relu dense(w=2,b=1/4,bias-init=gaussian) leaky-relu(slope=1/5) dense(w=1/3) relu dense",
    ];

    /// The closed forms against the power series of the kernel's own formula.
    #[test]
    fn constants_are_those_of_the_power_series() {
        for spec in CHAINS {
            let kernel: Kernel = spec.parse().unwrap();
            let exact = Constants::of(&kernel).expect(spec);
            let series = Coefficients::find(&kernel, 2, Bits(160), None).expect(spec);
            let index = (exact.power as usize - 1) / 2;
            let sign = if exact.power == 1 { -1 } else { 1 };
            for (far, found) in [(false, exact.near(Bits(160))), (true, exact.far(Bits(160)))] {
                let gap = series.end(far)[index].clone().times(sign) - found.clone();
                assert!(gap.contains_zero() && gap.radius() < 1e-30, "{spec}, far: {far}: {found:?} {gap:?}");
            }
        }
    }

    #[test]
    fn constants_are_written_as_by_hand() {
        let sphere = Dimension::SPHERE;
        for (spec, even, odd) in [
            ("ntk:depth=2", "7/(4 pi)", "5/(4 pi)"),
            ("ntk:depth=1", "1/pi", "0"),
            ("nngp:depth=2", "15/(4 pi)", "9/(4 pi)"),
            ("ntk:depth=3", "1/2 (6/pi+(1-v_3/pi)/(2 pi))", "1/2 (6/pi-(1-v_3/pi)/(2 pi))"),
        ] {
            let Some(constants) = Constants::of(&spec.parse().unwrap()) else { panic!("{spec}") };
            let [a, b] = [0, 1].map(|parity| constants.written(sphere, parity).text);
            assert_eq!((a.as_str(), b.as_str()), (even, odd), "{spec}");
        }
    }

    #[test]
    fn others_have_none() {
        for spec in [
            "laplace",
            "ntk:depth=2,activation=erf",
            "ntk:dense abs dense",
            "expr:t",
            "ntk:dense(lr=2) relu dense",
        ] {
            assert!(Constants::of(&spec.parse().unwrap()).is_none(), "{spec}");
        }
    }
}
