//! A kernel's values between points, row by row, at the speed of a table.
//!
//! Between unit vectors the argument is the half chord to the nearer of `x'` and `-x'`,
//! `v = min(|x - x'|, |x + x'|) / 2` in `[0, sqrt(1/2)]`: the sine of half the angle, or of half its supplement. Formed from differences
//! of coordinates it keeps its digits for near-duplicates and for antipodes, where `t` has lost them. The kernels of this crate are analytic
//! in `v` on each side, so each side is tabulated once as 512 polynomials of degree 7, and every kernel, however deep, costs the same few
//! operations an entry. The table is checked against the kernel between its nodes and not used where it is off.

use crate::{
    error::{Error, Result},
    kernel::{Angle, Evaluator, Kernel, domain::in_machine_numbers, norms},
    sample::Points,
};
use std::{f64::consts::FRAC_1_SQRT_2, ops::Range};

/// Polynomials a side; a power of two, so that an index is in range by its bits.
const PIECES: usize = 512;
/// Coefficients of a polynomial: one cache line.
const TERMS: usize = 8;
/// Pieces a unit of `v`, short of the full side so that the largest `v` falls into the last piece.
const SCALE: f64 = PIECES as f64 / FRAC_1_SQRT_2 * (1.0 - 1e-12);
/// Added to a number below `2^51` it leaves the nearest integer in the lowest bits.
const ROUNDING: f64 = 6_755_399_441_055_744.0;
/// The table serves if it is within this of the kernel, relative to the largest value: deep kernels round that much themselves.
const TABLE_ERROR: f64 = 1e-13;
/// Where in a piece, from -1 to 1, the table is checked.
const CHECKS: [f64; 3] = [-0.93, 0.08, 0.97];
/// Entries computed at a time, on the stack.
const STRIP: usize = 256;

type Table = [[f64; TERMS]; 2 * PIECES];

/// A kernel ready for millions of evaluations.
#[derive(Clone, Debug)]
pub struct Values {
    exact: Evaluator<f64>,
    table: Option<Box<Table>>,
    /// The kernel off the sphere, where points keep their norms.
    off_sphere: Option<norms::Program>,
    error: f64,
    at_one: f64,
}

/// Coordinates by axis, `(d+1) x n`, with the square roots of the weights, and the norms that points off the sphere have.
#[derive(Clone, Debug)]
pub struct Sites {
    count: usize,
    width: usize,
    by_axis: Vec<f64>,
    roots: Vec<f64>,
    norms: Option<Vec<f64>>,
}

impl Sites {
    /// The points laid out for row evaluation.
    pub fn new(points: &Points) -> Self {
        let (count, width) = (points.len(), points.dim().get() as usize + 1);
        let mut by_axis = vec![0.0; count * width];
        for (i, point) in points.coordinates().chunks_exact(width).enumerate() {
            point.iter().enumerate().for_each(|(axis, x)| by_axis[axis * count + i] = *x);
        }
        let roots = points.weights().iter().map(|w| w.sqrt()).collect();
        Self { count, width, by_axis, roots, norms: None }
    }

    /// The points times `norms`, one each.
    #[must_use]
    pub fn with_norms(self, norms: Vec<f64>) -> Self {
        Self { norms: Some(norms), ..self }
    }

    fn norm(&self, i: usize) -> f64 {
        self.norms.as_ref().map_or(1.0, |norms| norms[i])
    }

    /// How many points.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Are there none?
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The square root of each point's weight.
    pub fn roots(&self) -> &[f64] {
        &self.roots
    }

    /// Half chords and sides of point `i` against the points from `start` on: `side` is 0 where `t >= 0` and `PIECES` elsewhere.
    #[inline(always)]
    fn chords(&self, i: usize, start: usize, half: &mut [f64], side: &mut [u64]) {
        let axis = |k: usize| &self.by_axis[k * self.count..(k + 1) * self.count];
        half.fill(0.0);
        for k in 0..self.width {
            let x = axis(k)[i];
            for (t, y) in half.iter_mut().zip(&axis(k)[start..]) {
                *t += x * y;
            }
        }
        for (t, s) in half.iter_mut().zip(side.iter_mut()) {
            *s = t.to_bits() >> 63;
            *t = 0.0;
        }
        for k in 0..self.width {
            let x = axis(k)[i];
            for ((sum, y), s) in half.iter_mut().zip(&axis(k)[start..]).zip(side.iter()) {
                let nearer = f64::from_bits(y.to_bits() ^ (s << 63));
                let step = x - nearer;
                *sum += step * step;
            }
        }
        for (sum, s) in half.iter_mut().zip(side.iter_mut()) {
            *sum = 0.5 * sum.sqrt();
            *s *= PIECES as u64;
        }
    }
}

impl Values {
    /// Tabulates the kernel.
    ///
    /// # Errors
    /// When the kernel is not finite somewhere on the sphere, or so large or small that squares leave the range of machine numbers.
    pub fn new(kernel: &Kernel) -> Result<Self> {
        let exact = kernel.evaluator();
        let at_one = exact.at(&Angle::from_radians(0.0));
        let (table, largest) = tabulate(&exact);
        if !(largest.is_finite() && at_one.is_finite()) {
            let expected = "a kernel that is finite at every angle from 0 to pi";
            return Err(Error::invalid("kernel", kernel, expected));
        }
        in_machine_numbers(kernel, largest.max(at_one.abs()))?;
        let off = |piece: usize, u: f64| {
            let polynomial = table[piece].iter().rev().fold(0.0, |sum, c| sum * u + c);
            (polynomial - exact.at(&angle(piece, u))).abs() / largest
        };
        let error = (0..2 * PIECES).flat_map(|piece| CHECKS.map(|u| off(piece, u))).fold(0.0, f64::max);
        let serves = error < TABLE_ERROR;
        let (table, error) = if serves { (Some(table), error) } else { (None, 0.0) };
        Ok(Self { exact, table, off_sphere: None, error, at_one })
    }

    /// The kernel between points of any norm, evaluated itself.
    ///
    /// # Errors
    /// When it has no form off the sphere ([`norms::Program::new`]).
    pub fn off_sphere(kernel: &Kernel) -> Result<Self> {
        let program = norms::Program::new(kernel)?;
        let exact = kernel.evaluator();
        let at_one = exact.at(&Angle::from_radians(0.0));
        Ok(Self { exact, table: None, off_sphere: Some(program), error: 0.0, at_one })
    }

    /// `K(1)`.
    pub fn at_one(&self) -> f64 {
        self.at_one
    }

    /// The largest difference seen between table and kernel, relative to the largest value; `None` if the kernel is evaluated itself.
    /// An estimate.
    pub fn table_error(&self) -> Option<f64> {
        self.table.is_some().then_some(self.error)
    }

    /// `out[j] = K(x_i . x_(start+j))`.
    pub fn row(&self, sites: &Sites, i: usize, start: usize, out: &mut [f64]) {
        Row { values: self, sites, i, start, out }.run();
    }

    #[inline(always)]
    fn row_in_strips(&self, sites: &Sites, i: usize, start: usize, out: &mut [f64]) {
        let (mut half, mut side) = ([0.0; STRIP], [0; STRIP]);
        for (strip, out) in out.chunks_mut(STRIP).enumerate() {
            let (half, side) = (&mut half[..out.len()], &mut side[..out.len()]);
            sites.chords(i, start + strip * STRIP, half, side);
            match (&self.off_sphere, &self.table) {
                (Some(program), _) => {
                    let first = start + strip * STRIP;
                    for (j, value) in out.iter_mut().enumerate() {
                        let norms = [sites.norm(i), sites.norm(first + j)];
                        *value = program.at(&halves(half[j], side[j] != 0), norms);
                    }
                }
                (None, Some(table)) => look_up(table, half, side, out),
                (None, None) => self.evaluate(half, side, out),
            }
        }
    }

    fn evaluate(&self, half: &[f64], side: &[u64], out: &mut [f64]) {
        for ((value, v), side) in out.iter_mut().zip(half).zip(side) {
            *value = self.exact.at(&halves(*v, *side != 0));
        }
    }

    /// `out[j] = sqrt(w_i w_j) K(x_i . x_j)` for `j` in `columns`: part of a row of `H`.
    pub fn weighted_row(&self, sites: &Sites, i: usize, columns: Range<usize>, out: &mut [f64]) {
        self.row(sites, i, columns.start, out);
        let root = sites.roots[i];
        out.iter_mut().zip(&sites.roots[columns]).for_each(|(value, w)| *value *= root * w);
    }
}

/// One row, compiled for each instruction set and dispatched at run time.
struct Row<'a> {
    values: &'a Values,
    sites: &'a Sites,
    i: usize,
    start: usize,
    out: &'a mut [f64],
}

impl Row<'_> {
    fn run(self) {
        // Under AVX-512 the compiler gathers from the table, at half the speed of loads under AVX2.
        #[cfg(target_arch = "x86_64")]
        if let Some(simd) = pulp::x86::V3::try_new() {
            return pulp::Simd::vectorize(simd, self);
        }
        pulp::Arch::new().dispatch(self);
    }
}

impl pulp::WithSimd for Row<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        self.values.row_in_strips(self.sites, self.i, self.start, self.out);
    }
}

/// The values at half chords, which become the places within their pieces, and sides, which become the pieces.
#[inline(always)]
fn look_up(table: &Table, half: &mut [f64], side: &mut [u64], out: &mut [f64]) {
    for (v, side) in half.iter_mut().zip(side.iter_mut()) {
        let x = *v * SCALE;
        let rounded = (x - 0.5) + ROUNDING;
        *v = 2.0 * (x - (rounded - ROUNDING)) - 1.0;
        *side = (rounded.to_bits() & (PIECES as u64 - 1)) | (*side & PIECES as u64);
    }
    for ((value, u), piece) in out.iter_mut().zip(half).zip(side) {
        let c = &table[*piece as usize & (2 * PIECES - 1)];
        let square = *u * *u;
        // The even and the odd coefficients side by side: two at a time.
        let mut sums = [c[6], c[7]];
        for k in [4, 2, 0] {
            sums = [sums[0] * square + c[k], sums[1] * square + c[k + 1]];
        }
        *value = sums[0] + *u * sums[1];
    }
}

/// The angle whose half chord is `v`, to the point itself or (`far`) to its antipode.
fn halves(v: f64, far: bool) -> Angle<f64> {
    let other = ((1.0 - v) * (1.0 + v)).sqrt();
    if far { Angle::from_halves(other, v) } else { Angle::from_halves(v, other) }
}

/// The angle at `u` in `[-1, 1]` of a piece.
fn angle(piece: usize, u: f64) -> Angle<f64> {
    halves(((piece % PIECES) as f64 + 0.5 * (u + 1.0)) / SCALE, piece >= PIECES)
}

/// The interpolating polynomials at Chebyshev points, and the largest value seen (not finite if any was not).
fn tabulate(exact: &Evaluator<f64>) -> (Box<Table>, f64) {
    let nodes: [f64; TERMS] =
        std::array::from_fn(|i| ((i as f64 + 0.5) / TERMS as f64 * std::f64::consts::PI).cos());
    let powers = lagrange(&nodes);
    let mut table: Box<Table> = Box::new([[0.0; TERMS]; 2 * PIECES]);
    let mut largest: f64 = 0.0;
    for (piece, coefficients) in table.iter_mut().enumerate() {
        let centre = exact.at(&angle(piece, 0.0));
        // Interpolated as the difference from the centre, whose rounding is that of the variation, not of the value.
        coefficients[0] = centre;
        for (node, basis) in nodes.iter().zip(&powers) {
            let value = exact.at(&angle(piece, *node));
            largest = if value.is_finite() { largest.max(value.abs()) } else { f64::INFINITY };
            coefficients.iter_mut().zip(basis).for_each(|(c, b)| *c += (value - centre) * b);
        }
    }
    (table, largest)
}

/// The coefficients, from the constant up, of the Lagrange polynomial of each node.
fn lagrange(nodes: &[f64; TERMS]) -> [[f64; TERMS]; TERMS] {
    std::array::from_fn(|i| {
        let mut product = [0.0; TERMS];
        product[0] = 1.0;
        for (_, node) in nodes.iter().enumerate().filter(|(j, _)| *j != i) {
            let scale = 1.0 / (nodes[i] - node);
            for power in (0..TERMS).rev() {
                let lower = if power > 0 { product[power - 1] } else { 0.0 };
                product[power] = scale * (lower - node * product[power]);
            }
        }
        product
    })
}
