//! Networks with activations that are known by their Hermite series: cut at finite length, with a bound on what that costs.
//!
//! A cut network keeps the true variances `q` and means `m`, enclosed. Its kernel `K_N` and the rest `K - K_N` are power series in `t` with
//! coefficients that are not negative, as long as no activation with a kink follows a series. So `|K - K_N| <= K(1) - K_N(1)` everywhere, and the
//! eigenvalue of degree `k` changes by at most `(K(1) - K_N(1))/N(d,k)`.

use super::{Expansion, Program, Readout, any, flat};
use crate::{
    math::{angle::Angle, ball::Ball, scalar::Scalar, units::Bits},
    network::{
        Layer, Network, Series,
        activation::{
            Activation, Class,
            dual::{HermiteSeries, Mean},
            series::Table,
        },
    },
};
use rug::{Float, Rational};
use std::sync::Arc;

/// The series of a network's activations, in the order in which it meets them.
#[derive(Clone, Debug)]
pub struct Cut {
    tables: Vec<Arc<Table>>,
    /// `K(1)`, enclosed.
    pub at_one: Ball,
    /// A bound on `K(1) - K_N(1)`; none where a kink follows a series.
    pub error: Option<Float>,
}

/// Bits of the working precision beyond the accuracy.
const GUARD: u32 = 96;

/// Has the network an activation that is known by its series?
pub fn has_series(series: &Series) -> bool {
    any(series, &|phi| phi.class() == Class::Series)
}

/// Does an activation that needs the angle follow a series? `after` says whether one comes before; gives whether one is left at the end.
fn meets_kink(series: &Series, mut after: bool) -> Option<bool> {
    for layer in flat(series) {
        match layer {
            Layer::Activation(phi) if phi.needs_angle() && after => return None,
            Layer::Activation(phi) => after |= phi.class() == Class::Series,
            Layer::Skip(skip) => after |= meets_kink(&skip.branch, after)?,
            Layer::Sum(all) | Layer::Product(all) => {
                let ends = all.iter().map(|branch| meets_kink(branch, after)).collect::<Option<Vec<_>>>()?;
                after |= ends.contains(&true);
            }
            _ => {}
        }
    }
    Some(after)
}

fn expansion<T: Scalar>(table: &Table, q: &T, with_tails: bool) -> Expansion<T> {
    // At the precision of the table: sums keep that of their first term.
    let known = table.squares.iter().cloned().reduce(|sum, square| sum + square);
    let peak = known.map_or_else(|| table.tails[0].clone(), |known| known + table.tails[0].clone());
    let value = q.enclosing(&table.mean);
    let mean = if table.mean.is_zero() { Mean::zero(q) } else { Mean::of(value) };
    Expansion { series: HermiteSeries::new(q, table, with_tails), mean, peak: q.enclosing(&peak) }
}

impl Cut {
    /// The series of `network`, long enough that each is known to about `2^-accuracy`; none where one is too long.
    pub fn new(network: &Network, readout: Readout, accuracy: Bits) -> Option<Self> {
        let zero = Ball::exact(Float::new(accuracy.0 + GUARD));
        let mut tables: Vec<Arc<Table>> = Vec::new();
        let mut last: Option<(Activation, Arc<Table>)> = None;
        let whole = Program::new(network, readout, &zero, &mut |phi, q| {
            let same =
                last.as_ref().filter(|(known, table)| known == phi && table.q.midpoint() == q.midpoint());
            let table = match same {
                Some((_, table)) => table.clone(),
                None => Arc::new(phi.series(q, accuracy)?),
            };
            last = Some((phi.clone(), table.clone()));
            tables.push(table.clone());
            Some(expansion(&table, q, true))
        })?;
        let one = zero.constant(&Rational::from(1));
        let equal = Angle::new(zero.clone(), zero.clone(), one);
        let at_one = whole.at(&equal);
        let mut cut = Self { tables, at_one, error: None };
        if meets_kink(network.series(), false).is_some() {
            let short = cut.program(network, readout, &zero, 0)?.at(&equal);
            cut.error = Some((cut.at_one.clone() - short).magnitude());
        }
        Some(cut)
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
            Some(expansion(tables.next()?, q, false))
        })
    }
}
