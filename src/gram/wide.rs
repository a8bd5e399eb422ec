//! Tiles of a kernel's values on processors with AVX-512: eight entries at a time.
//!
//! Eight pieces a side make sixteen numbers of each coefficient, two registers, from which one instruction picks for eight entries at once. So an entry
//! costs a product and a choice for each coefficient, but none of the loads from a larger table, which take longer.

use super::{
    pieces::{Pieces, scale},
    sites::Sites,
};
use pulp::{NullaryFnOnce, cast, x86::V4};
use std::{
    arch::x86_64::{__m512d, __m512i},
    ops::Range,
};

/// Pieces a side, and coefficients of each: relu's kernels, whose next singularity is at the half chord 1, are then within rounding.
const PIECES: usize = 8;
pub const TERMS: usize = 13;
/// Entries of a register.
const LANES: usize = 8;
/// Rows made together, whose coordinates and coefficients are loaded once.
const ROWS: usize = 4;
/// Added to a number below `2^51` it leaves the nearest integer in the lowest bits.
const ROUNDING: f64 = 6_755_399_441_055_744.0;

/// The coefficients, from the constant up, of the pieces of both sides.
#[derive(Clone, Debug)]
pub struct Table([[[f64; LANES]; 2]; TERMS]);

/// The kernel between some points and others, row by row.
pub struct Tile<'a> {
    pub table: &'a Table,
    pub sites: &'a Sites,
    pub rows: Range<usize>,
    pub columns: Range<usize>,
    /// Are entries multiplied by the roots of both weights?
    pub weighted: bool,
    pub out: &'a mut [f64],
}

impl Table {
    /// The table, on a processor that can use it.
    pub fn of(pieces: impl FnOnce(usize) -> Pieces<TERMS>) -> Option<(Self, Pieces<TERMS>)> {
        V4::try_new()?;
        let pieces = pieces(PIECES);
        let of_side = |term: usize, side: usize| {
            std::array::from_fn(|piece| pieces.polynomials[side * PIECES + piece][term])
        };
        let table = std::array::from_fn(|term| [of_side(term, 0), of_side(term, 1)]);
        Some((Self(table), pieces))
    }
}

impl Tile<'_> {
    /// Computes it.
    pub fn fill(self) {
        // There is no table without the instructions.
        if let Some(simd) = V4::try_new() {
            simd.vectorize(Here { simd, tile: self });
        }
    }
}

/// A tile on a processor that has the instructions.
struct Here<'a> {
    simd: V4,
    tile: Tile<'a>,
}

impl NullaryFnOnce for Here<'_> {
    type Output = ();

    #[inline(always)]
    fn call(mut self) {
        let rows = self.tile.rows.clone();
        let whole = rows.len() / ROWS * ROWS;
        for row in (rows.start..rows.start + whole).step_by(ROWS) {
            self.rows::<ROWS>(row);
        }
        for row in rows.start + whole..rows.end {
            self.rows::<1>(row);
        }
    }
}

impl Here<'_> {
    /// Some rows of the tile, from this point on.
    #[inline(always)]
    fn rows<const N: usize>(&mut self, row: usize) {
        let width = self.tile.columns.len();
        for first in (0..width).step_by(LANES) {
            let entries = self.entries::<N>(row, self.tile.columns.start + first);
            let count = LANES.min(width - first);
            for (q, entries) in entries.iter().enumerate() {
                let start = (row + q - self.tile.rows.start) * width + first;
                let entries: [f64; LANES] = cast(*entries);
                self.tile.out[start..start + count].copy_from_slice(&entries[..count]);
            }
        }
    }

    /// Eight numbers from `start` on; past the end they are zero.
    #[inline(always)]
    fn load(numbers: &[f64], start: usize) -> __m512d {
        let rest = &numbers[start..];
        let eight = rest.first_chunk().copied().unwrap_or_else(|| {
            let mut padded = [0.0; LANES];
            padded[..rest.len()].copy_from_slice(rest);
            padded
        });
        cast::<[f64; LANES], _>(eight)
    }

    /// The entries of some rows and of eight columns from `column` on.
    #[inline(always)]
    fn entries<const N: usize>(&self, row: usize, column: usize) -> [__m512d; N] {
        let (f, sites) = (self.simd.avx512f, self.tile.sites);
        let zero = f._mm512_setzero_pd();
        // Squares of the distances to the other point and to its antipode.
        let (mut near, mut far) = ([zero; N], [zero; N]);
        for axis in sites.axes() {
            let y = Self::load(axis, column);
            for q in 0..N {
                let x = f._mm512_set1_pd(axis[row + q]);
                let (difference, sum) = (f._mm512_sub_pd(x, y), f._mm512_add_pd(x, y));
                near[q] = f._mm512_fmadd_pd(difference, difference, near[q]);
                far[q] = f._mm512_fmadd_pd(sum, sum, far[q]);
            }
        }
        let scale = f._mm512_set1_pd(0.5 * scale(PIECES));
        let (half, rounding) = (f._mm512_set1_pd(0.5), f._mm512_set1_pd(ROUNDING));
        let mut place = [zero; N];
        let mut piece = [f._mm512_setzero_si512(); N];
        for q in 0..N {
            let is_far = f._mm512_cmp_pd_mask::<{ std::arch::x86_64::_CMP_LT_OQ }>(far[q], near[q]);
            let distance = f._mm512_sqrt_pd(f._mm512_min_pd(near[q], far[q]));
            let x = f._mm512_fmsub_pd(distance, scale, half);
            let rounded = f._mm512_add_pd(x, rounding);
            place[q] = f._mm512_sub_pd(x, f._mm512_sub_pd(rounded, rounding));
            let number: __m512i = cast(rounded);
            piece[q] = f._mm512_mask_or_epi64(number, is_far, number, f._mm512_set1_epi64(PIECES as i64));
        }
        let coefficient =
            |[near, far]: &[[f64; LANES]; 2], piece| f._mm512_permutex2var_pd(cast(*near), piece, cast(*far));
        let [lower @ .., highest] = &self.tile.table.0;
        let mut value: [__m512d; N] = std::array::from_fn(|q| coefficient(highest, piece[q]));
        for term in lower.iter().rev() {
            for q in 0..N {
                value[q] = f._mm512_fmadd_pd(value[q], place[q], coefficient(term, piece[q]));
            }
        }
        if self.tile.weighted {
            let roots = Self::load(sites.roots(), column);
            for (q, value) in value.iter_mut().enumerate() {
                let both = f._mm512_mul_pd(f._mm512_set1_pd(sites.roots()[row + q]), roots);
                *value = f._mm512_mul_pd(*value, both);
            }
        }
        value
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        gram::{
            pieces::halves,
            values::{Sites, Values},
        },
        kernel::Kernel,
        math::units::Dimension,
        sample::{Points, designs},
    };

    /// Half chords in plain arithmetic, and the kernel itself.
    fn expected(kernel: &Kernel, points: &Points, i: usize, j: usize) -> f64 {
        let pairs = || points.point(i).iter().zip(points.point(j));
        let near: f64 = pairs().map(|(a, b)| (a - b) * (a - b)).sum();
        let far: f64 = pairs().map(|(a, b)| (a + b) * (a + b)).sum();
        let weight = (points.weights()[i] * points.weights()[j]).sqrt();
        weight * kernel.evaluator().at(&halves(0.5 * near.min(far).sqrt(), far < near))
    }

    /// Whatever the sizes of tiles, an entry is the same, and that of the kernel: where points nearly coincide or are opposite, too.
    #[test]
    fn tiles_hold_the_kernel_whatever_their_size() {
        for (kernel, dim) in [
            ("two-layer:bias=true", 1),
            ("ntk:depth=3", 2),
            ("gaussian:length=0.7", 5),
            ("matern:nu=1.5,length=0.02", 2),
        ] {
            let kernel: Kernel = kernel.parse().unwrap();
            let some = designs::uniform(Dimension::new(dim).unwrap(), 21, 5);
            let points = some.with_antipodes(&(0..21).collect::<Vec<_>>());
            let (values, sites) = (Values::new(&kernel).unwrap(), Sites::new(&points));
            let n = points.len();
            let tile = |rows: std::ops::Range<usize>, columns: std::ops::Range<usize>| {
                let mut tile = vec![0.0; rows.len() * columns.len()];
                values.weighted_tile(&sites, rows, columns, &mut tile);
                tile
            };
            let whole = tile(0..n, 0..n);
            let most = (0..n).map(|i| whole[i * n + i].abs()).fold(0.0, f64::max);
            for i in 0..n {
                for j in 0..n {
                    let off = (whole[i * n + j] - expected(&kernel, &points, i, j)).abs();
                    assert!(off < 1e-13 * most, "{kernel} {dim}: {i} {j} {off:e}");
                    assert_eq!(whole[i * n + j].to_bits(), whole[j * n + i].to_bits(), "{kernel}: {i} {j}");
                }
            }
            for (rows, columns) in [(3..4, 5..5), (1..7, 2..3), (0..5, 30..42), (40..42, 1..18)] {
                let part = tile(rows.clone(), columns.clone());
                let same =
                    rows.flat_map(|i| columns.clone().map(move |j| (i, j))).map(|(i, j)| whole[i * n + j]);
                assert!(part.iter().copied().eq(same), "{kernel}");
            }
        }
    }
}
