//! Networks with activations that are known by their Hermite series: cut at finite length, with a bound on what that costs.
//!
//! A cut network `K'` keeps the variances `q` and means `m` of the whole one: what a series leaves out is added to its last coefficient, so that equal points
//! stay equal. [`loss`](super::loss) bounds the difference.

use super::{Expansion, Program, Readout, any, loss};
use crate::{
    error::Result,
    math::{ball::Ball, scalar::Scalar, units::Bits},
    network::{
        Network, Series,
        activation::{
            Class,
            dual::{HermiteSeries, Mean},
            series::Table,
        },
    },
};
use rug::Float;
use std::sync::Arc;

/// The series of a network's activations, in the order in which it meets them.
#[derive(Clone, Debug)]
pub struct Cut {
    tables: Vec<Arc<Table>>,
    /// `K(1)`, enclosed.
    pub at_one: Ball,
    /// A bound `e` on what the cut costs: the eigenvalue of degree `k` changes by at most `e/N(d,k)`.
    pub error: Float,
}

/// Bits of the working precision beyond the accuracy.
const GUARD: u32 = 96;

/// Has the network an activation that is known by its series?
pub fn has_series(series: &Series) -> bool {
    any(series, &|phi| phi.class() == Class::Series)
}

impl Cut {
    /// The series of `network`, long enough that each is known to about `2^-accuracy` of its variance.
    ///
    /// # Errors
    /// Where a series cannot be made, with the reason.
    pub fn new(network: &Network, readout: Readout, accuracy: Bits) -> Result<Self> {
        let mut walk = loss::Walk::new(accuracy);
        let loss::Ends { at_one, lost } =
            walk.run(network, readout, &Ball::exact(Float::new(accuracy.0 + GUARD)))?;
        Ok(Self { tables: walk.tables, at_one, error: lost })
    }

    /// The cut network in the arithmetic of `like`.
    pub fn program<T: Scalar>(
        &self,
        network: &Network,
        readout: Readout,
        like: &T,
        grading: u32,
    ) -> Option<Program<T>> {
        let mut tables = self.tables.iter();
        Program::graded(network, readout, like, grading, &mut |_, q| {
            let table = tables.next()?;
            let value = q.enclosing(&table.mean);
            let mean = if table.mean.is_zero() { Mean::zero(q) } else { Mean::of(value) };
            let peak = q.enclosing(&table.whole[0]);
            Some(Expansion { series: HermiteSeries::conserving(q, table), mean, peak })
        })
    }
}
