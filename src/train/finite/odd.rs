//! The odd part of a network with one hidden layer.

use super::{
    tape::{Step, Tape},
    weights::Layer,
};
use crate::{
    network::activation::Activation,
    train::{
        odd::{OddPart, gamma},
        real::Real,
    },
};

/// The slope for negative arguments of the activations whose odd part is linear.
fn slope(phi: &Activation) -> Option<f64> {
    match phi {
        Activation::Relu(_) => Some(0.0),
        Activation::LeakyRelu(_) => phi.values().first().map(rug::Rational::to_f64),
        _ => None,
    }
}

/// `b = (1 + s) sum_r c_r w_r` of a bias-free network with one hidden layer of leaky relu; of any other, `None`.
pub(super) fn odd_part<T: Real>(tape: &Tape, layers: &[Layer<T>]) -> Option<OddPart> {
    let ([first, last], [inner, outer]) = (&tape.maps[..], layers) else { return None };
    let [Step::Dense { .. }, Step::Activation { phi, .. }, Step::Dense { .. }] = &tape.steps[..] else {
        return None;
    };
    let slope = slope(phi)?;
    if first.biases() + last.biases() > 0 {
        return None;
    }
    let (mut sum, mut size) = (vec![0.0; first.inputs], 0.0);
    for (w, v) in inner.weights.chunks_exact(first.inputs).zip(&outer.weights) {
        let v = v.to_f64();
        sum.iter_mut().zip(w).for_each(|(sum, w)| *sum += v * w.to_f64());
        size += v.abs() * w.iter().map(|w| w.to_f64() * w.to_f64()).sum::<f64>().sqrt();
    }
    let scale = first.weight * last.weight;
    // In the network's precision: a product and its sum, factor, slope; twice a pre-activation with its point and factor. One more for all
    // products of errors.
    let own = gamma(last.inputs + 4 + 2 * (first.inputs + 3) + 1, T::UNIT);
    // In f64: b, b . x, the differences, that from the start, and this bound.
    let wide = gamma(last.inputs + first.inputs + 12, <f64 as Real>::UNIT);
    let coefficients = sum.iter().map(|x| (1.0 + slope) * scale * x).collect();
    Some(OddPart { coefficients, rounding: (1.0 + slope.abs()) * scale.abs() * size * (own + wide) })
}
