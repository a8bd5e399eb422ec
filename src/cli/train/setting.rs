//! The data of one repeat, and the linear dynamics on it.

use super::request::Request;
use crate::{
    compare::train::Linearised,
    error::{Error, Result},
    gram::Sites,
    sample::Points,
};
use rayon::prelude::*;

/// The most memory for matrices of the points, in bytes, and how many of them there are at a time.
const MOST_BYTES: u64 = 6 << 30;
const MATRICES: u64 = 9;
/// Sets apart the points of repeats.
const REPEAT: u64 = 0x9e37_79b9_7f4a_7c15;

/// The points of one repeat, and the two linear dynamics on them.
pub struct Setting {
    pub points: Points,
    /// The points' weights, 1 on average.
    pub weights: Vec<f64>,
    /// The points left out, row by row.
    pub missing: Vec<f64>,
    /// By the Gram matrix of the infinitely wide network.
    pub infinite: Linearised,
    /// By that of the network at its start.
    pub finite: Linearised,
    /// The network's outputs at its start.
    pub start: Vec<f64>,
}

impl Setting {
    /// That of a repeat.
    pub fn new(request: &Request, repeat: u64) -> Result<Self> {
        within_memory(request.points)?;
        let seed = request.seed ^ repeat.wrapping_mul(REPEAT);
        let points = (request.pipeline.points)(request.design, request.dim, request.points, seed)?;
        let (points, missing) = match request.gap {
            Some(angle) => without_cap(&points, angle)?,
            None => (points, vec![]),
        };
        let n = points.len();
        request.resolved_by(n)?;
        let weights: Vec<f64> = points.weights().iter().map(|w| w * n as f64).collect();
        let sites = Sites::new(&points);
        let values = (request.pipeline.values)(&request.kernel)?;
        let mut gram = vec![0.0; n * n];
        gram.par_chunks_mut(n).enumerate().for_each(|(i, row)| values.row(&sites, i, 0, row));
        let infinite = Linearised::new(gram, &weights)?;
        let network = (request.pipeline.network)(&request.model, &points, request.seed + repeat)?;
        let finite = Linearised::new(network.tangent_gram(), &weights)?;
        let start = network.outputs().to_vec();
        Ok(Self { points, weights, missing, infinite, finite, start })
    }

    /// The largest stable step sizes: by the Gram matrix of the points, and by that of the network at its start.
    pub fn limits(&self, request: &Request) -> [f64; 2] {
        [&self.infinite, &self.finite].map(|linear| 2.0 / (request.loss.curvature() * linear.largest()))
    }

    /// The step size of a run: the one asked for, else that of the repeats `before`, else the inverse of the largest eigenvalue.
    ///
    /// # Errors
    /// From the largest stable one on.
    pub fn step_size(&self, request: &Request, before: Option<f64>) -> Result<f64> {
        let [limit, _] = self.limits(request);
        let size = request.lr.or(before).unwrap_or(1.0 / self.infinite.largest());
        if size >= limit {
            let expected =
                format!("less than {limit:.6e}, from where on gradient descent on these points diverges");
            return Err(Error::invalid("--lr", size, expected));
        }
        Ok(size)
    }
}

fn within_memory(points: usize) -> Result<()> {
    let bytes = MATRICES * 8 * (points as u64).pow(2);
    if bytes > MOST_BYTES {
        let most = (MOST_BYTES / (8 * MATRICES)).isqrt();
        let needed =
            format!("{:.1} GiB for the Gram matrices of {points}", bytes as f64 / f64::from(1 << 30));
        return Err(Error::too_large("--points", needed, format!("6 GiB, which holds those of {most}")));
    }
    Ok(())
}

/// The points outside a cap of this angle, in degrees, about the place where all coordinates are equal, and those in it.
fn without_cap(points: &Points, angle: f64) -> Result<(Points, Vec<f64>)> {
    let width = points.dim().get() as usize + 1;
    let most = (0.5 * angle).to_radians().cos() * (width as f64).sqrt();
    let (kept, missing) = points.split(|x| x.iter().sum::<f64>() <= most);
    if kept.len() < 2 || missing.is_empty() {
        let found =
            format!("{angle}, with {} points outside and {} inside", kept.len(), missing.len() / width);
        return Err(Error::invalid("--gap", found, "an angle with some points inside and two outside"));
    }
    Ok((kept, missing))
}
