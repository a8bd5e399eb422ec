//! A kernel's values between points, row by row, at the speed of a table.
//!
//! Between unit vectors the argument is the half chord to the nearer of `x'` and `-x'`,
//! `v = min(|x - x'|, |x + x'|) / 2` in `[0, sqrt(1/2)]`: the sine of half the angle, or of half its supplement. Formed from differences
//! of coordinates it keeps its digits for near-duplicates and for antipodes, where `t` has lost them. The kernels of this crate are analytic
//! in `v` on each side, so each side is tabulated once, and every kernel, however deep, costs the same few operations an entry: as 512 polynomials of
//! degree 7, or, where the processor has AVX-512 and they serve as well, as 8 of degree 12, which it holds in registers. A table is checked against the
//! kernel between its nodes and not used where it is off.

pub use super::sites::Sites;
#[cfg(target_arch = "x86_64")]
use super::wide;
use super::{
    pieces::{Pieces, halves, scale},
    zonal::Zonal,
};
use crate::{
    error::{Error, Result},
    kernel::{Angle, Evaluator, Kernel, domain::in_machine_numbers, norms},
};
use std::ops::Range;

/// Polynomials a side; a power of two, so that an index is in range by its bits.
const PIECES: usize = 512;
/// Coefficients of a polynomial: one cache line.
const TERMS: usize = 8;
const SCALE: f64 = scale(PIECES);
/// Added to a number below `2^51` it leaves the nearest integer in the lowest bits.
const ROUNDING: f64 = 6_755_399_441_055_744.0;
/// The table serves if it is within this of the kernel, relative to the largest value: deep kernels round that much themselves.
const TABLE_ERROR: f64 = 1e-13;
/// The table in registers serves if it is as close as rounding allows.
#[cfg(target_arch = "x86_64")]
const WIDE_ERROR: f64 = 4e-15;
/// Entries computed at a time, on the stack.
const STRIP: usize = 256;

/// The kernel as polynomials.
#[derive(Clone, Debug)]
enum Table {
    Fine(Box<Fine>),
    #[cfg(target_arch = "x86_64")]
    Wide(Box<wide::Table>),
}

type Fine = [[f64; TERMS]; 2 * PIECES];

/// A kernel ready for millions of evaluations.
#[derive(Clone, Debug)]
pub struct Values {
    exact: Evaluator<f64>,
    table: Option<Table>,
    /// The kernel off the sphere, where points keep their norms.
    off_sphere: Option<norms::Program>,
    error: f64,
    at_one: f64,
}

impl Values {
    /// Tabulates the kernel.
    ///
    /// # Errors
    /// When the kernel is not finite somewhere on the sphere, or so large or small that squares leave the range of machine numbers.
    pub fn new(kernel: &Kernel) -> Result<Self> {
        let exact = kernel.evaluator();
        let at_one = exact.at(&Angle::from_radians(0.0));
        let finite = |largest: f64| {
            let expected = "a kernel that is finite at every angle from 0 to pi";
            let sound = largest.is_finite() && at_one.is_finite();
            sound.then_some(()).ok_or_else(|| Error::invalid("kernel", kernel, expected))?;
            in_machine_numbers(kernel, largest.max(at_one.abs()))
        };
        let of = |table, error| Self { exact: exact.clone(), table, off_sphere: None, error, at_one };
        #[cfg(target_arch = "x86_64")]
        if let Some((table, pieces)) = wide::Table::of(|per_side| Pieces::of(&exact, per_side)) {
            finite(pieces.largest)?;
            if pieces.error < WIDE_ERROR {
                return Ok(of(Some(Table::Wide(Box::new(table))), pieces.error));
            }
        }
        let Pieces { polynomials, error, largest } = Pieces::<TERMS>::of(&exact, PIECES);
        finite(largest)?;
        let table = Box::<Fine>::try_from(polynomials).ok().filter(|_| error < TABLE_ERROR);
        let error = if table.is_some() { error } else { 0.0 };
        Ok(of(table.map(Table::Fine), error))
    }

    /// The kernel between points of any norm, evaluated itself.
    ///
    /// # Errors
    /// When it has no form off the sphere (`norms::Program::new`).
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
        self.fill(sites, i..i + 1, start..start + out.len(), false, out);
    }

    /// `sqrt(w_i w_j) K(x_i . x_j)` for `j` in `columns`: part of a row of `H`.
    pub fn weighted_row(&self, sites: &Sites, i: usize, columns: Range<usize>, out: &mut [f64]) {
        self.fill(sites, i..i + 1, columns, true, out);
    }

    /// The same for all `i` in `rows`, row by row: a tile of `H`.
    pub fn weighted_tile(&self, sites: &Sites, rows: Range<usize>, columns: Range<usize>, out: &mut [f64]) {
        self.fill(sites, rows, columns, true, out);
    }

    /// `K(x_i . x_j)` for all `i` in `rows` and `j` in `columns`, row by row.
    pub fn tile(&self, sites: &Sites, rows: Range<usize>, columns: Range<usize>, out: &mut [f64]) {
        self.fill(sites, rows, columns, false, out);
    }

    /// Does an entry take no longer than to copy it from elsewhere in a matrix?
    pub fn outruns_copies(&self) -> bool {
        #[cfg(target_arch = "x86_64")]
        return matches!(self.table, Some(Table::Wide(_)));
        #[cfg(not(target_arch = "x86_64"))]
        false
    }

    fn fill(
        &self,
        sites: &Sites,
        rows: Range<usize>,
        columns: Range<usize>,
        weighted: bool,
        out: &mut [f64],
    ) {
        #[cfg(target_arch = "x86_64")]
        if let Some(Table::Wide(table)) = &self.table {
            return wide::Tile { table, sites, rows, columns, weighted, out }.fill();
        }
        for (i, out) in rows.zip(out.chunks_exact_mut(columns.len().max(1))) {
            Row { values: self, sites, i, start: columns.start, out }.run();
            if weighted {
                let root = sites.roots()[i];
                out.iter_mut().zip(&sites.roots()[columns.clone()]).for_each(|(value, w)| *value *= root * w);
            }
        }
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
                (None, Some(Table::Fine(table))) => look_up(table, half, side, out),
                _ => self.evaluate(half, side, out),
            }
        }
    }

    fn evaluate(&self, half: &[f64], side: &[u64], out: &mut [f64]) {
        for ((value, v), side) in out.iter_mut().zip(half).zip(side) {
            *value = self.exact.at(&halves(*v, *side != 0));
        }
    }
}

impl Zonal for Values {
    fn row(&self, sites: &Sites, i: usize, start: usize, out: &mut [f64]) {
        Self::row(self, sites, i, start, out);
    }

    fn at_one(&self) -> f64 {
        Self::at_one(self)
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
fn look_up(table: &Fine, half: &mut [f64], side: &mut [u64], out: &mut [f64]) {
    for (v, side) in half.iter_mut().zip(side.iter_mut()) {
        let x = *v * SCALE;
        let rounded = (x - 0.5) + ROUNDING;
        *v = (x - (rounded - ROUNDING)) - 0.5;
        *side = (rounded.to_bits() & (PIECES as u64 - 1)) | (*side * PIECES as u64);
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
