//! When a network should have learned its target, told three ways, and how a fit of steps on degrees compares.

use super::statistics::Interval;
use crate::{
    dynamics::{
        filter::{Filter, Trajectory},
        kernel_descent::Outputs,
    },
    error::Result,
    gram::dense,
    train::descent::{Labels, Loss, Rule},
};
use statrs::distribution::{ContinuousCDF, StudentsT};

/// Kernel descent on the points of a run: `u(t+1) = u(t) - eta H v r(u(t))`, with `H` the Gram matrix of the infinitely wide
/// network or that of the finite one at its start, and `v` the points' weights.
///
/// That is gradient descent; other optimizers move `u` alike. With the mean square loss each eigenvector is filtered by itself
/// ([`crate::dynamics::filter`]); with cross-entropy it goes step by step. Mini-batches do the same in the mean, exactly for the mean square
/// loss.
#[derive(Debug)]
pub struct Linearised {
    n: usize,
    /// `sqrt(v_i v_j) H_ij`, all of it, row by row.
    matrix: Vec<f64>,
    values: Vec<f64>,
    /// Eigenvectors, `n x n`, one a column, row by row.
    vectors: Vec<f64>,
}

/// Modes that make up less than this share of a component are left out.
const NEGLIGIBLE: f64 = 1e-18;

impl Linearised {
    /// From `H`, `n x n`, at points of weights `v`.
    ///
    /// # Errors
    /// When it cannot be diagonalised.
    pub fn new(mut matrix: Vec<f64>, weights: &[f64]) -> Result<Self> {
        let n = weights.len();
        for (row, v) in matrix.chunks_exact_mut(n).zip(weights) {
            row.iter_mut().zip(weights).for_each(|(h, w)| *h *= (v * w).sqrt());
        }
        let pairs = dense::eigenpairs(matrix.clone(), n, n)?;
        Ok(Self { n, matrix, values: pairs.values, vectors: pairs.vectors })
    }

    /// The largest eigenvalue.
    pub fn largest(&self) -> f64 {
        self.values.first().copied().unwrap_or(0.0)
    }

    /// The eigenvalues times `factor`, each with its multiplicity, 1.
    pub fn spectrum(&self, factor: f64) -> Vec<(f64, f64)> {
        self.values.iter().map(|value| (factor * value.max(0.0), 1.0)).collect()
    }

    /// `<p, H p> / (n <p, p>)`, with the points' weights: the matrix's own value of an eigenvalue of the kernel whose eigenfunction is
    /// `p`.
    pub fn rayleigh(&self, part: &[f64], weights: &[f64]) -> f64 {
        let scaled: Vec<f64> = part.iter().zip(weights).map(|(p, v)| p * v.sqrt()).collect();
        let dot = |a: &[f64]| a.iter().zip(&scaled).map(|(x, y)| x * y).sum::<f64>();
        let product: f64 = self.matrix.chunks_exact(self.n).zip(&scaled).map(|(row, p)| p * dot(row)).sum();
        product / (self.n as f64 * dot(&scaled))
    }

    /// The first step after which the component of the residual along each part is `delta` of its start, if it comes by `horizon`.
    ///
    /// `outputs` are those at the start.
    pub fn steps(&self, outputs: &[f64], labels: &Labels, rule: &Rule, horizon: u64) -> Vec<Option<u64>> {
        match rule.loss {
            Loss::MeanSquare => {
                let start = self.modes(&residual(outputs, labels, rule.loss), &labels.weights);
                let filter = Filter::new(rule.optimizer, rule.step_size);
                let of = |part: &Vec<f64>| {
                    let shares = self.modes(part, &labels.weights);
                    let terms = shares.iter().zip(&start).zip(&self.values);
                    let terms = terms.map(|((q, p), value)| filter.mode(*value).trajectory(q * p));
                    let terms: Vec<Trajectory> = terms.collect();
                    let start = terms.iter().map(Trajectory::now).sum();
                    first_crossing(terms, rule.learned.size(start, labels.square(part)), horizon)
                };
                labels.parts.iter().map(of).collect()
            }
            Loss::CrossEntropy => self.step_by_step(outputs, labels, rule, horizon),
        }
    }

    /// The coefficients of `sqrt(v) f` in the eigenvectors.
    fn modes(&self, values: &[f64], weights: &[f64]) -> Vec<f64> {
        let mut sums = vec![0.0; self.n];
        for ((row, f), v) in self.vectors.chunks_exact(self.n).zip(values).zip(weights) {
            sums.iter_mut().zip(row).for_each(|(sum, e)| *sum += e * f * v.sqrt());
        }
        sums
    }

    fn step_by_step(&self, outputs: &[f64], labels: &Labels, rule: &Rule, horizon: u64) -> Vec<Option<u64>> {
        let roots: Vec<f64> = labels.weights.iter().map(|v| v.sqrt()).collect();
        let mut moving = Outputs::at_rest(rule.optimizer, rule.step_size, outputs.to_vec());
        let mut residuals = residual(outputs, labels, rule.loss);
        let along = |residuals: &[f64]| -> Vec<f64> {
            let dot = |part: &Vec<f64>| -> f64 {
                part.iter().zip(residuals).zip(&labels.weights).map(|((p, r), v)| p * r * v).sum()
            };
            labels.parts.iter().map(dot).collect()
        };
        let start = along(&residuals);
        let mut found = vec![None; start.len()];
        for step in 1..=horizon {
            let slopes = residual(&moving.taken_at(), labels, rule.loss);
            let scaled: Vec<f64> = slopes.iter().zip(&roots).map(|(r, root)| r * root).collect();
            let product = |(row, root): (&[f64], &f64)| -> f64 {
                row.iter().zip(&scaled).map(|(h, r)| h * r).sum::<f64>() / root
            };
            let products: Vec<f64> = self.matrix.chunks_exact(self.n).zip(&roots).map(product).collect();
            moving.advance(&products);
            residuals = residual(&moving.seen(), labels, rule.loss);
            let parts = start.iter().zip(&labels.parts).zip(&mut found);
            for (now, ((start, part), found)) in along(&residuals).iter().zip(parts) {
                if now.abs() <= rule.learned.size(*start, labels.square(part)) {
                    found.get_or_insert(step);
                }
            }
            if found.iter().all(Option::is_some) {
                break;
            }
        }
        found
    }
}

fn residual(outputs: &[f64], labels: &Labels, loss: Loss) -> Vec<f64> {
    outputs.iter().zip(&labels.values).map(|(f, y)| loss.residual(*f, *y)).collect()
}

/// The first `t >= 1` at which the size of the sum of all terms is at most `level`, if it is at most `horizon`.
fn first_crossing(mut terms: Vec<Trajectory>, level: f64, horizon: u64) -> Option<u64> {
    let start: f64 = terms.iter().map(Trajectory::now).sum();
    terms.retain(|term| term.now().abs() > NEGLIGIBLE * start.abs());
    for step in 1..=horizon {
        terms.iter_mut().for_each(Trajectory::advance);
        if terms.iter().map(Trajectory::now).sum::<f64>().abs() <= level {
            return Some(step);
        }
    }
    None
}

/// A straight line through points, by least squares.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fit {
    /// The slope.
    pub slope: f64,
    /// Student's interval for the slope; from three points on.
    pub interval: Option<Interval>,
}

/// The slope of `y` on `x` and its interval at this confidence, for independent errors of one variance; `None` unless two `x` differ.
pub fn slope(points: &[(f64, f64)], confidence: f64) -> Option<Fit> {
    let n = points.len() as f64;
    let (mx, my) = (points.iter().map(|p| p.0).sum::<f64>() / n, points.iter().map(|p| p.1).sum::<f64>() / n);
    let sxx: f64 = points.iter().map(|p| (p.0 - mx).powi(2)).sum();
    if sxx == 0.0 {
        return None;
    }
    let slope = points.iter().map(|p| (p.0 - mx) * (p.1 - my)).sum::<f64>() / sxx;
    let rest: f64 = points.iter().map(|p| (p.1 - my - slope * (p.0 - mx)).powi(2)).sum();
    let law = StudentsT::new(0.0, 1.0, n - 2.0).ok().filter(|_| n > 2.0);
    let interval = law.map(|law| {
        let half = law.inverse_cdf(0.5 + 0.5 * confidence) * (rest / (n - 2.0) / sxx).sqrt();
        Interval { low: slope - half, high: slope + half }
    });
    Some(Fit { slope, interval })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{optimizer::Optimizer, train::descent::Threshold};

    #[test]
    fn a_line_is_found_with_its_interval() {
        // Example with known answer: y = 2x + (1, -2, 1), an error orthogonal to x, so slope 2 with s^2 = 6, sxx = 2.
        let found = slope(&[(-1.0, -1.0), (0.0, -2.0), (1.0, 3.0)], 0.5).unwrap();
        assert!((found.slope - 2.0).abs() < 1e-14);
        // Student's t with one degree of freedom has its upper quartile at 1.
        let half = 3.0_f64.sqrt();
        let interval = found.interval.unwrap();
        assert!((interval.low - 2.0 + half).abs() < 1e-6 && (interval.high - 2.0 - half).abs() < 1e-6);
        assert!(slope(&[(1.0, 1.0)], 0.9).is_none());
        assert!(slope(&[(1.0, 1.0), (2.0, 3.0)], 0.9).unwrap().interval.is_none());
    }

    #[test]
    fn both_routes_follow_the_recursion() {
        let matrix = vec![2.0, 1.0, 1.0, 2.0];
        let weights = vec![1.0, 1.0];
        let found = Linearised::new(matrix, &weights).unwrap();
        assert!((found.largest() - 3.0).abs() < 1e-14);
        assert!((found.rayleigh(&[1.0, -1.0], &weights) - 0.5).abs() < 1e-14);
        assert!((found.rayleigh(&[2.0, 0.0], &weights) - 1.0).abs() < 1e-14);
        let labels =
            Labels { values: vec![1.0, -1.0], weights, parts: vec![vec![1.0, -1.0], vec![1.0, 0.0]] };
        let rule = Rule {
            optimizer: Optimizer::GRADIENT_DESCENT,
            seed: 0,
            loss: Loss::MeanSquare,
            step_size: 0.25,
            learned: Threshold::Share(0.05),
            beyond_stable: false,
            max_steps: 0,
            to_the_end: false,
        };
        // (1, -1) has eigenvalue 1: 0.75^t <= 0.05 first at t = 11.
        assert_eq!(found.steps(&[0.0, 0.0], &labels, &rule, 100), [Some(11), Some(11)]);
        assert_eq!(found.steps(&[0.0, 0.0], &labels, &rule, 10), [None, None]);
    }
}
