//! The bound against another evaluation: power series in `t`, multiplied out, and their values at `t = 1`.

use super::{Readout, Walk};
use crate::{
    kernel::{Kernel, limit::flat},
    math::{ball::Ball, units::Bits},
    network::{
        Layer, Series,
        activation::{Activation, series::Table},
    },
};
use rug::Float;
use std::f64::consts::PI;

/// Terms kept of each power series.
const LENGTH: usize = 40;

/// The first coefficients of a power series; or one number, its value at `t = 1`.
type Powers = Vec<f64>;

fn constant(c: f64, length: usize) -> Powers {
    let mut all = vec![0.0; length];
    all[0] = c;
    all
}

fn times(a: &Powers, b: &Powers) -> Powers {
    let mut all = vec![0.0; a.len()];
    for (i, x) in a.iter().enumerate().filter(|(_, x)| **x != 0.0) {
        for (y, sum) in b.iter().zip(&mut all[i..]) {
            *sum += x * y;
        }
    }
    all
}

fn shifted(a: &Powers, c: f64) -> Powers {
    plus(a, &constant(c, a.len()))
}

fn plus(a: &Powers, b: &Powers) -> Powers {
    a.iter().zip(b).map(|(x, y)| x + y).collect()
}

fn scaled(a: &Powers, c: f64) -> Powers {
    a.iter().map(|x| c * x).collect()
}

/// `f(rho)` by Horner's rule.
fn composed(f: &[f64], rho: &Powers) -> Powers {
    f.iter().rev().fold(constant(0.0, rho.len()), |sum, c| shifted(&times(&sum, rho), *c))
}

/// Which kernel: `K`, `K'` or `K_N`.
#[derive(Clone, Copy, PartialEq)]
enum Which {
    Whole,
    Conserving,
    Cut,
}

/// `S` and `Theta` as power series, and `q` and `m` of the whole.
#[derive(Clone)]
struct At {
    s: Powers,
    tangent: Powers,
    q: f64,
    mean: f64,
}

/// `F/q^p` and `Fdot/q^(p-1)` at `rho`, `F(q)/q^p` and the mean over `q^(p/2)`, with `p`; from the series of arc sine.
fn closed(name: &str, rho: &Powers) -> (Powers, Powers, f64, f64, i32) {
    let sine = if let [rho] = rho[..] {
        let rho = rho.min(1.0);
        // The arc sine, and its integral from 0.
        [vec![rho.asin()], vec![rho * rho.asin() + (1.0 - rho * rho).sqrt() - 1.0]]
    } else {
        let mut sine = vec![0.0; LENGTH];
        sine[1] = 1.0;
        for n in (1..LENGTH - 2).step_by(2) {
            let k = n as f64;
            sine[n + 2] = sine[n] * k * k / ((k + 1.0) * (k + 2.0));
        }
        let integral: Powers =
            (0..LENGTH).map(|n| if n == 0 { 0.0 } else { sine[n - 1] / n as f64 }).collect();
        [composed(&sine, rho), composed(&integral, rho)]
    };
    let [step, integral] = sine.each_ref().map(|x| scaled(x, 0.5 / PI));
    let step = shifted(&step, 0.25);
    let sign = scaled(&sine[0], 2.0 / PI);
    let none = constant(0.0, rho.len());
    match name {
        "step" => (step, none, 0.5, 0.5, 0),
        "sign" => (sign, none, 1.0, 0.0, 0),
        "relu" => {
            let value = shifted(&plus(&integral, &scaled(rho, 0.25)), 0.5 / PI);
            (value, step, 0.5, (0.5 / PI).sqrt(), 1)
        }
        "abs" => (shifted(&scaled(&integral, 4.0), 2.0 / PI), sign, 1.0, (2.0 / PI).sqrt(), 1),
        other => panic!("{other}"),
    }
}

struct Run {
    which: Which,
    short: Bits,
}

impl Run {
    fn series(&self, series: &Series, at: At) -> At {
        flat(series).into_iter().fold(at, |at, layer| self.layer(layer, at))
    }

    fn layer(&self, layer: &Layer, at: At) -> At {
        match layer {
            Layer::Identity => at,
            Layer::Dense(dense) => {
                let [w, b, lr, lr_bias] =
                    [&dense.weight, &dense.bias, &dense.lr, &dense.lr_bias].map(|x| x.to_f64());
                let g = if dense.gaussian_bias { b } else { 0.0 };
                let learned = shifted(&scaled(&at.s, lr * w), lr_bias * b);
                At {
                    tangent: plus(&scaled(&at.tangent, w), &learned),
                    s: shifted(&scaled(&at.s, w), g),
                    q: w * at.q + g,
                    mean: 0.0,
                }
            }
            Layer::Activation(phi) => self.activation(phi, &at),
            Layer::Scale(c) => by(&at, c.to_f64()),
            Layer::LayerNorm => {
                let v = at.q - at.mean * at.mean;
                let s = scaled(&shifted(&at.s, -at.mean * at.mean), 1.0 / v);
                At { s, tangent: scaled(&at.tangent, 1.0 / v), q: 1.0, mean: 0.0 }
            }
            Layer::RmsNorm => At {
                s: scaled(&at.s, 1.0 / at.q),
                tangent: scaled(&at.tangent, 1.0 / at.q),
                q: 1.0,
                mean: at.mean / at.q.sqrt(),
            },
            Layer::Skip(skip) => {
                let branch = self.series(&skip.branch, at.clone());
                added(&[by(&at, skip.beta.to_f64()), by(&branch, skip.alpha.to_f64())])
            }
            Layer::Sum(all) => {
                added(&all.iter().map(|branch| self.series(branch, at.clone())).collect::<Vec<_>>())
            }
            Layer::Product(all) => {
                let ends: Vec<At> = all.iter().map(|branch| self.series(branch, at.clone())).collect();
                let [a, b] = &ends[..] else { panic!("two branches") };
                At {
                    s: times(&a.s, &b.s),
                    tangent: plus(&times(&a.tangent, &b.s), &times(&a.s, &b.tangent)),
                    q: a.q * b.q,
                    mean: a.mean * b.mean,
                }
            }
            Layer::Repeat(..) => panic!("written out"),
        }
    }

    fn activation(&self, phi: &Activation, at: &At) -> At {
        let rho = scaled(&at.s, 1.0 / at.q);
        let (value, slope, q, mean) = if phi.dual(&at.q).is_some() {
            let (f, fdot, peak, mean, p) = closed(phi.name(), &rho);
            let power = at.q.powi(p);
            (scaled(&f, power), scaled(&fdot, power / at.q), power * peak, mean * power.sqrt())
        } else {
            let ball = Ball::exact(Float::with_val(300, at.q));
            let table = |bits: Bits| -> Table { phi.series(&ball, bits).unwrap() };
            let (short, long) = (table(self.short), table(Bits(30)));
            let numbers = |all: &[Ball]| -> Powers { all.iter().map(|x| x.midpoint().to_f64()).collect() };
            let mut c = numbers(match self.which {
                Which::Whole => &long.squares,
                _ => &short.squares,
            });
            let peak: f64 = numbers(&long.squares).iter().sum();
            if self.which == Which::Conserving {
                let known: f64 = c.iter().sum();
                let last = c.iter().rposition(|x| *x != 0.0).unwrap();
                c[last] += peak - known;
            }
            let slope: Powers = (1..c.len()).map(|n| n as f64 * c[n] / at.q).collect();
            (composed(&c, &rho), composed(&slope, &rho), peak, long.mean.midpoint().to_f64())
        };
        At { s: value, tangent: times(&slope, &at.tangent), q, mean }
    }
}

fn by(at: &At, c: f64) -> At {
    At { s: scaled(&at.s, c * c), tangent: scaled(&at.tangent, c * c), q: c * c * at.q, mean: c * at.mean }
}

fn added(all: &[At]) -> At {
    let mean: f64 = all.iter().map(|at| at.mean).sum();
    let cross = mean * mean - all.iter().map(|at| at.mean * at.mean).sum::<f64>();
    let total = |part: fn(&At) -> &Powers| {
        all[1..].iter().map(part).fold(part(&all[0]).clone(), |sum, x| plus(&sum, x))
    };
    At {
        s: shifted(&total(|at| &at.s), cross),
        tangent: total(|at| &at.tangent),
        q: all.iter().map(|at| at.q).sum::<f64>() + cross,
        mean,
    }
}

/// Series, of variances at which f64 shows what is lost, before kinks of both kinds and both kernels; means, products, norms, skips, rates and frozen layers.
const NETWORKS: [&str; 14] = [
    "ntk:dense(w=4) tanh dense",
    "nngp:dense(w=4) tanh dense(w=3)",
    "ntk:dense(w=9,b=0.3) sigmoid dense(w=5,lr=0.2) sigmoid dense(w=2)",
    "ntk:dense(w=4) tanh dense relu dense",
    "nngp:dense(w=4) tanh dense(w=0.7) relu dense(w=2)",
    "ntk:dense(train=no,w=9) silu dense(train=no) abs dense(train=weights,b=2)",
    "ntk:dense relu dense(w=8) silu dense abs dense",
    "nngp:dense(w=4) tanh dense step dense",
    "ntk:dense(w=9) softplus layer-norm dense relu dense(w=3)",
    "nngp:dense(w=9) silu rms-norm dense(b=0.1,bias-init=gaussian) sign dense",
    "ntk:dense(w=4) sum(dense softplus, dense sigmoid scale(-2)) dense relu dense",
    "ntk:dense(w=4) product(dense tanh, dense(w=0.5)) dense relu dense",
    "ntk:dense(w=9) product(dense sigmoid, dense(w=2) tanh) dense(w=8)",
    "ntk:dense(w=4) skip(alpha=0.5,beta=2, tanh dense) dense relu dense(train=no)",
];

#[test]
fn a_cut_costs_what_it_is_said_to() {
    let short = Bits(1);
    for spec in NETWORKS {
        let kernel: Kernel = spec.parse().unwrap();
        let (network, readout) = kernel.network().unwrap();
        let ends = Walk::new(short).run(network, readout, &Ball::exact(Float::new(300))).unwrap();
        let bound = ends.lost.to_f64();
        let all = |input: Powers| {
            [Which::Whole, Which::Conserving, Which::Cut].map(|which| {
                let tangent = constant(0.0, input.len());
                let start = At { s: input.clone(), tangent, q: 1.0, mean: 0.0 };
                let end = Run { which, short }.series(network.series(), start);
                if readout == Readout::Tangent { end.tangent } else { end.s }
            })
        };
        // Coefficient by coefficient the cut kernel is the least.
        let mut t = constant(0.0, LENGTH);
        t[1] = 1.0;
        let [whole, conserving, cut] = all(t);
        for n in 0..LENGTH {
            let more = [whole[n], conserving[n]].map(|x| x - cut[n]);
            assert!(more.iter().all(|x| *x > -1e-14), "{spec}: {more:?} at t^{n}");
        }
        // Where there are kinks the arc sine halves the digits of f64.
        let (near, close) = if kernel.is_power_series() { (1e-13, 1e-3) } else { (1e-7, 2e-2) };
        let [whole, conserving, cut] = all(vec![1.0]).map(|value| value[0]);
        let at_one = ends.at_one.midpoint().to_f64();
        assert!((at_one / whole - 1.0).abs() < near, "{spec}: K(1) = {whole}, not {at_one}");
        assert!(conserving <= at_one * (1.0 + near), "{spec}: {conserving} above {at_one}");
        assert!(((at_one - cut) / bound - 1.0).abs() < close, "{spec}: {} is not {bound}", at_one - cut);
    }
}

/// Equal points stay equal however far a series is cut: what `K` and `K'` are at `t = 1`.
#[test]
fn variances_are_those_of_the_whole() {
    for spec in [
        "nngp:dense tanh dense(w=2) softplus layer-norm dense relu dense",
        "nngp:dense silu dense sigmoid dense",
    ] {
        let kernel: Kernel = spec.parse().unwrap();
        let [short, long] = [8, 90].map(|bits| kernel.cut(Bits(bits)).unwrap());
        let at = |kernel: &Kernel| {
            let zero = Ball::exact(Float::new(300));
            let one = Ball::exact(Float::with_val(300, 1));
            kernel.evaluator_in(&zero).at(&crate::kernel::Angle::new(zero.clone(), zero, one))
        };
        for value in [at(&short.0), at(&long.0), short.1.at_one.clone()] {
            assert!((value.clone() - long.1.at_one.clone()).contains_zero(), "{spec}: {value:?}");
            assert!(value.radius() < 1e-18, "{spec}: {value:?}");
        }
    }
}

/// A small variance is known to as many bits as a large one.
#[test]
fn what_is_lost_is_relative_to_the_variance() {
    let (_, cut) = "ntk:dense(w=1e-60) tanh dense".parse::<Kernel>().unwrap().cut(Bits(60)).unwrap();
    assert!(cut.error < cut.at_one.midpoint().clone() >> 50);
}

/// No series can be made, and the line says which of the reasons it is.
#[test]
fn refusals_say_why() {
    for (spec, why) in [
        (
            "ntk:dense(w=1e-99) dense(w=1e-99) dense(w=1e-9) tanh dense",
            "inputs of variance 1.000e-207, allowed is from 1e-200 to 1e12",
        ),
        ("ntk:dense(w=1e13) silu dense", "inputs of variance 1.000e13"),
        ("ntk:dense(w=3000) tanh dense", "more terms at inputs of variance 3000"),
    ] {
        let error = spec.parse::<Kernel>().unwrap().cut(Bits(100)).unwrap_err().to_string();
        assert!(error.contains(why) && error.lines().count() == 1, "{error}");
    }
    let unknown = Ball::exact(Float::with_val(300, 1)).widened(&Float::with_val(53, 0.1));
    let phi = Activation::Tanh(crate::network::activation::Tanh);
    let error = Walk::new(Bits(60)).made(&phi, &unknown).unwrap_err().to_string();
    assert!(error.contains("to within 1.0e-1"), "{error}");
}
