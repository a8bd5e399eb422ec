//! The paper's own formulas, as exact rationals.
//!
//! Basri, Jacobs, Kasten, Kritchman (NeurIPS 2019). Its sums for even `d` alternate and grow, so they are no way to compute;
//! in rationals they are an identity to check.

use super::{Case, Check, Predict, Status};
use crate::{
    error::Result,
    kernel::Kernel,
    math::{
        degrees::Degrees,
        harmonics::sphere_area,
        units::{Bits, Digits, Dimension},
    },
    spectrum::Goal,
};
use rug::{Float, Integer, Rational};

/// The paper's sums over `q` against the recurrence, for even `d`.
pub fn sums(case: &Case<'_>) -> Option<Check> {
    let bias = case.kernel.two_layer_bias()?;
    let d = case.dim.get();
    let first = 2;
    if !d.is_multiple_of(2) || case.max_degree < first {
        return None;
    }
    let degrees: Vec<u32> = (first..=case.max_degree).filter(|k| bias || k % 2 == 0).collect();
    let wrong = degrees.iter().find(|&&k| rational(case, k).as_ref() != Some(&paper_sum(case.dim, k, bias)));
    let covered =
        if bias { format!("2..{}", case.max_degree) } else { format!("even 2..{}", case.max_degree) };
    let detail = match wrong {
        None => format!("equal as rationals at {} degrees", degrees.len()),
        Some(k) => format!("differs at k = {k}: the paper's sum is {}", paper_sum(case.dim, *k, bias)),
    };
    Some(case.check("paper's sums", covered, Status::of(wrong.is_none()), detail))
}

/// The predicted eigenvalue of degree `k` as a rational, where it is one.
fn rational(case: &Case<'_>, k: u32) -> Option<Rational> {
    let closed = case.spectrum.eigenvalues.get(k as usize)?.closed.as_ref()?;
    closed.as_rational().cloned()
}

/// The paper's general formula for even `d` and `k >= 2`, times `d / |S^d|` to make it an eigenvalue.
fn paper_sum(dim: Dimension, k: u32, bias: bool) -> Rational {
    let d = dim.get();
    let p = k + (d - 2) / 2;
    // With pi^(d/2), which the area has too: both are left out.
    let factorial = Integer::from(Integer::factorial(k + d / 2 - 1));
    let mut c1 = Rational::from((Integer::from(1), factorial * (d / 2))) >> k;
    if k % 2 == 1 {
        c1 = -c1;
    }
    let b = |n: u32| Rational::from(1) - (Rational::from(Integer::from(n).binomial(n / 2)) >> n);
    let mut total = Rational::new();
    for q in k.div_ceil(2)..=p {
        let (n1, n2) = (2 * q - k + 1, 2 * q - k + 2);
        let bracket = match (bias, k % 2) {
            (false, _) => b(n2) / (2 * n2),
            (true, 0) => (b(n2) / (2 * n2) - Rational::from((1, 2 * n1))) / 2u32,
            (true, _) => b(n1) / (2 * n1) / 2u32,
        };
        // (2q)! / (2q-k)! = k! binom(2q, k).
        let c2 = Integer::from(p).binomial(q) * Integer::from(2 * q).binomial(k);
        let term = bracket * Rational::from(c2);
        total += if q % 2 == 1 { -term } else { term };
    }
    let (area, _) = sphere_area(dim);
    total * c1 * Rational::from(Integer::from(Integer::factorial(k))) * d / area
}

/// The paper's circle table (its equations 12 and 13), in cosine-series coefficients.
pub fn circle_table(case: &Case<'_>) -> Option<Check> {
    let bias = case.kernel.two_layer_bias()?;
    if case.dim.get() != 1 {
        return None;
    }
    let wrong = case.spectrum.eigenvalues.iter().find(|value| {
        let factor = Rational::from(if value.degree == 0 { 1 } else { 2 });
        let series = value.closed.as_ref().map(|closed| closed.scaled(&factor));
        let expected = circle_coefficient(value.degree, bias);
        series.map(|closed| (closed.rational, closed.over_pi_squared)) != Some(expected)
    });
    let detail = match wrong {
        None => "equal as closed forms".into(),
        Some(value) => format!("differs at k = {}", value.degree),
    };
    Some(case.check("circle table", case.all_degrees(), Status::of(wrong.is_none()), detail))
}

/// `a_k` without bias, `c_k` with bias: the rational part and the part over `pi^2`.
fn circle_coefficient(k: u64, bias: bool) -> (Rational, Rational) {
    let square = Integer::from(k) * k;
    let gap = Integer::from(&square - 1i32).square();
    let even = || Rational::from((Integer::from(&square + 1i32), gap.clone()));
    let zero = Rational::new;
    let whole = |n: i32, m: i32| Rational::from((n, m));
    match (bias, k) {
        (false, 0) => (zero(), whole(1, 1)),
        (false, 1) => (whole(1, 4), zero()),
        (false, _) if k % 2 == 1 => (zero(), zero()),
        (false, _) => (zero(), even() * 2u32),
        (true, 0) => (whole(1, 8), whole(1, 2)),
        (true, 1) => (whole(1, 8), whole(1, 1)),
        (true, _) if k % 2 == 1 => (zero(), Rational::from((Integer::from(1), square))),
        (true, _) => (zero(), even()),
    }
}

/// The paper's figure of the slope of `log(1/c_k)` against `log k`, least squares over `k = 800..1000`.
const SLOPES: [(u32, f64); 6] =
    [(2, 2.9983), (4, 4.9917), (10, 10.9451), (20, 20.7803), (50, 49.6537), (100, 95.7977)];
/// The degrees over which the figure's lines are fitted.
const SLOPE_DEGREES: std::ops::RangeInclusive<u64> = 800..=1000;

/// The figure of local slopes, to the four decimals given.
pub fn slopes(kernel: &Kernel, predict: &Predict<'_>) -> Result<Vec<Check>> {
    let degrees = Degrees::range(SLOPE_DEGREES)?;
    SLOPES
        .iter()
        .map(|&(d, printed)| {
            let dim = Dimension::new(d)?;
            let found = local_slope(kernel, dim, &degrees, predict)?;
            let agrees = (found - printed).abs() <= 0.5e-4 + 1e-9;
            Ok(Check {
                identity: "local slopes",
                kernel: kernel.to_string(),
                dim,
                degrees: "800..1000".into(),
                status: if agrees { Status::Holds } else { Status::Fails },
                detail: format!("log(1/lambda_k) rises as k^{found:.4}; the figure has {printed}"),
            })
        })
        .collect()
}

/// The least-squares slope of `log(1/lambda_k)` against `log k`.
fn local_slope(kernel: &Kernel, dim: Dimension, degrees: &Degrees, predict: &Predict<'_>) -> Result<f64> {
    let found = predict(kernel, dim, degrees, &Goal::digits(Digits::new(20)?))?;
    let precision = Bits(64);
    let points: Vec<(f64, f64)> = found
        .eigenvalues
        .iter()
        .map(|value| {
            let log = Float::with_val(precision.0, value.enclosure.midpoint()).ln();
            ((value.degree as f64).ln(), -log.to_f64())
        })
        .collect();
    let n = points.len() as f64;
    let (mx, my) = (points.iter().map(|p| p.0).sum::<f64>() / n, points.iter().map(|p| p.1).sum::<f64>() / n);
    let (sxy, sxx) =
        points.iter().fold((0.0, 0.0), |(a, b), (x, y)| (a + (x - mx) * (y - my), b + (x - mx) * (x - mx)));
    Ok(sxy / sxx)
}
