//! The losses of several outputs, one a class, and of a single one.

use super::descent::Loss;

/// The derivative of the loss in each output at each point, one list an output.
///
/// Mean square: `f_c - y_c`. Cross-entropy with one output: [`Loss::residual`]. Cross-entropy with several, whose labels are positive for the class of a
/// point and negative for all others: `exp(f_c) / sum_b exp(f_b)`, less 1 for the class.
pub fn slopes(loss: Loss, outputs: &[Vec<f64>], labels: &[Vec<f64>]) -> Vec<Vec<f64>> {
    if loss == Loss::MeanSquare || outputs.len() == 1 {
        let one =
            |(f, y): (&Vec<f64>, &Vec<f64>)| f.iter().zip(y).map(|(f, y)| loss.residual(*f, *y)).collect();
        return outputs.iter().zip(labels).map(one).collect();
    }
    let logs = log_sums(outputs);
    let one = |(f, y): (&Vec<f64>, &Vec<f64>)| {
        let own = |y: f64| if y > 0.0 { 1.0 } else { 0.0 };
        f.iter().zip(y).zip(&logs).map(|((f, y), log)| (f - log).exp() - own(*y)).collect()
    };
    outputs.iter().zip(labels).map(one).collect()
}

/// The mean loss over the points. Mean square: that over points and outputs of `(f - y)^2`, without the factor 1/2. Cross-entropy: `log(1 + exp(-c f))` of
/// one output, `-log` of the share that `exp` of the class's output has of several.
pub fn mean_loss(loss: Loss, outputs: &[Vec<f64>], labels: &[Vec<f64>]) -> f64 {
    let points = labels.first().map_or(0, Vec::len) as f64;
    let pairs = || outputs.iter().flatten().zip(labels.iter().flatten());
    match loss {
        Loss::MeanSquare => {
            pairs().map(|(f, y)| (f - y).powi(2)).sum::<f64>() / (points * labels.len() as f64)
        }
        Loss::CrossEntropy if outputs.len() == 1 => {
            pairs().map(|(f, y)| softplus(-y.signum() * f)).sum::<f64>() / points
        }
        Loss::CrossEntropy => {
            let own: f64 = pairs().filter(|(_, y)| **y > 0.0).map(|(f, _)| f).sum();
            (log_sums(outputs).iter().sum::<f64>() - own) / points
        }
    }
}

/// The largest second derivative of one point's loss along any direction of its outputs.
pub fn curvature(loss: Loss, outputs: usize) -> f64 {
    // diag(p) - p p^T has its largest eigenvalue, 1/2, where two shares are 1/2.
    if loss == Loss::CrossEntropy && outputs > 1 { 0.5 } else { loss.curvature() }
}

/// `log(1 + exp(x))`.
fn softplus(x: f64) -> f64 {
    x.max(0.0) + (-x.abs()).exp().ln_1p()
}

/// `log sum_c exp(f_c)` at each point.
fn log_sums(outputs: &[Vec<f64>]) -> Vec<f64> {
    let points = outputs.first().map_or(0, Vec::len);
    let at = |i: usize| {
        let largest = outputs.iter().map(|f| f[i]).fold(f64::NEG_INFINITY, f64::max);
        largest + outputs.iter().map(|f| (f[i] - largest).exp()).sum::<f64>().ln()
    };
    (0..points).map(at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LABELS: [[f64; 2]; 3] = [[1.0, -1.0], [-1.0, -1.0], [-1.0, 1.0]];

    fn lists<const N: usize>(rows: [[f64; 2]; N]) -> Vec<Vec<f64>> {
        rows.iter().map(|row| row.to_vec()).collect()
    }

    /// Slopes are the derivatives of the losses, whose sums over points they are of.
    #[test]
    fn slopes_are_derivatives() {
        let several = (lists([[0.3, -2.0], [1.1, 0.4], [-0.7, 0.9]]), lists(LABELS));
        let single = (lists([[0.3, -2.0]]), lists([[1.0, -1.0]]));
        for (outputs, labels) in [several, single] {
            for loss in [Loss::MeanSquare, Loss::CrossEntropy] {
                // 1/2 sum of squares, and sums of logarithms.
                let scale = if loss == Loss::MeanSquare { labels.len() as f64 } else { 2.0 };
                let sum = |outputs: &[Vec<f64>]| scale * mean_loss(loss, outputs, &labels);
                let found = slopes(loss, &outputs, &labels);
                for (c, row) in found.iter().enumerate() {
                    for (i, slope) in row.iter().enumerate() {
                        let at = |h: f64| {
                            let mut moved = outputs.clone();
                            moved[c][i] += h;
                            sum(&moved)
                        };
                        let numeric = (at(1e-5) - at(-1e-5)) / 2e-5;
                        assert!((slope - numeric).abs() < 1e-8, "{loss:?} {c} {i}: {slope} {numeric}");
                    }
                }
            }
        }
    }

    #[test]
    fn the_loss_of_no_output_is_that_of_guessing() {
        let zeros = lists([[0.0; 2]; 3]);
        let loss = mean_loss(Loss::CrossEntropy, &zeros, &lists(LABELS));
        assert!((loss - 3f64.ln()).abs() < 1e-15, "{loss}");
        assert_eq!(mean_loss(Loss::MeanSquare, &zeros, &lists(LABELS)), 1.0);
        // Outputs beyond the range of exp are no overflow.
        let far = lists([[1e4, -1e4]]);
        assert_eq!(mean_loss(Loss::CrossEntropy, &far, &lists([[-1.0, 1.0]])), 1e4);
        assert!(
            slopes(Loss::CrossEntropy, &lists([[1e4; 2], [-1e4; 2], [0.0; 2]]), &lists(LABELS))
                .iter()
                .flatten()
                .all(|s| s.is_finite())
        );
    }
}
