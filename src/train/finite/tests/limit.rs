//! The limit of large width: the tangent Gram matrix tends to the kernel of the same description.

use super::*;
use crate::kernel::{Angle, Kernel};

/// What the kernel has between all points.
fn expected(text: &str, sample: &Points) -> Vec<f64> {
    let kernel = format!("ntk:{text}").parse::<Kernel>().unwrap().evaluator();
    let n = sample.len();
    let angle = |p: usize| {
        let t: f64 = sample.point(p / n).iter().zip(sample.point(p % n)).map(|(x, y)| x * y).sum();
        Angle::from_radians(t.clamp(-1.0, 1.0).acos())
    };
    (0..n * n).map(|p| kernel.at(&angle(p))).collect()
}

/// Root mean square difference of the tangent Gram matrix from the kernel's, over seeds, relative to `K(1)`.
fn distance(text: &str, width: usize, sample: &Points, seeds: u64) -> f64 {
    let expected = expected(text, sample);
    let squares = (0..seeds).flat_map(|seed| {
        let gram = drawn(&net(text), &wide(width), sample, seed).unwrap().tangent_gram();
        gram.into_iter().zip(&expected).map(|(g, e)| (g - e).powi(2)).collect::<Vec<_>>()
    });
    (squares.sum::<f64>() / (seeds as f64 * expected.len() as f64)).sqrt() / expected[0]
}

#[test]
fn the_tangent_gram_matrix_tends_to_the_kernel_as_the_width_to_the_power_of_minus_one_half() {
    let sample = on_sphere(8);
    for text in [
        "dense 3*(relu dense(w=2))",
        "dense relu dense(w=2)",
        "dense(w=4/5, b=1/2, bias-init=gaussian) 2*(leaky-relu(3/10) dense(w=2, b=1/2, bias-init=gaussian))",
        "dense(b=1/2) 2*(erf dense(w=3/2, b=1/2))",
        "dense 2*skip(alpha=1/2, relu dense(w=2)) dense",
        "dense(b=1/2, bias-init=gaussian) 2*skip(alpha=7/10, relu dense(w=2, b=1/2, bias-init=gaussian)) dense",
    ] {
        let at = |width| distance(text, width, &sample, 24);
        let (narrow, wide) = (at(64), at(1024));
        assert!(wide < 0.06, "{text}: {wide}");
        let power = (narrow / wide).ln() / 16f64.ln();
        assert!((power - 0.5).abs() < 0.15, "{text}: width to the power of -{power}");
    }
}

/// Each layer and activation once: the mean of 100 draws is the kernel's, to three standard errors and the `O(1/width)` that a mean is off by.
#[test]
fn the_mean_tangent_kernel_of_a_hundred_draws_is_that_of_the_limit() {
    const DRAWS: usize = 100;
    let width = 256;
    let sample = points(Design::Equispaced, Dimension::CIRCLE, 7, 0).unwrap();
    // Not every activation that is trained has a kernel.
    let has_kernel = |text: &String| format!("ntk:{text}").parse::<Kernel>().is_ok();
    let texts = LAYERS.iter().map(|text| (*text).to_owned()).chain(activations());
    let texts: Vec<String> = texts.filter(has_kernel).collect();
    assert!(texts.len() > 30, "{}", texts.len());
    for text in texts {
        let expected = expected(&text, &sample);
        let network = net(&text);
        let gram = |seed| drawn(&network, &wide(width), &sample, seed).unwrap().tangent_gram();
        let grams: Vec<Vec<f64>> = (0..DRAWS as u64).map(gram).collect();
        // Two numbers of a draw see every entry: the mean over the matrix, and that with alternating signs.
        for sign in [1.0, -1.0] {
            let sum = |gram: &[f64]| -> f64 {
                let term = |(p, x): (usize, &f64)| if (p / 7 + p % 7) % 2 == 0 { *x } else { sign * x };
                gram.iter().enumerate().map(term).sum::<f64>() / 49.0
            };
            let all: Vec<f64> = grams.iter().map(|gram| sum(gram)).collect();
            let mean = all.iter().sum::<f64>() / DRAWS as f64;
            let squares: f64 = all.iter().map(|x| (x - mean).powi(2)).sum();
            let error = (squares / (DRAWS * (DRAWS - 1)) as f64).sqrt();
            let off = (mean - sum(&expected)).abs();
            let bias = 8.0 / width as f64 * expected[0];
            assert!(off < 3.0 * error + bias, "{text}: {mean} +- {error} against {}", sum(&expected));
        }
    }
}
