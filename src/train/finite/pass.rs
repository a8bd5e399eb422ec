//! Forward and backward through the steps, for all points at once, in buffers that are kept.
//!
//! Points are columns. They are split into tiles of fixed size, and all steps of a tile run on one thread: so sums do not depend on the number
//! of threads, and a tile's elementwise work finds its numbers in the cache.

use super::{
    normalise,
    places::Places,
    tape::{Map, Step, Tape},
    weights::Layer,
};
use crate::train::real::Real;
use faer::{Accum, MatMut, MatRef, Par, linalg::matmul::matmul};
use rayon::prelude::*;

/// Columns or rows of `n` that one thread takes at a time: a quarter of them, between 128 and 256.
///
/// Each product lays out its other factor anew, which counts in small tiles; large ones leave threads without work.
pub(super) fn tile(n: usize) -> usize {
    n.div_ceil(4).next_multiple_of(16).clamp(128, 256)
}

/// The numbers of one pass over `n` points; every matrix is column-major, one column a point.
#[derive(Clone, Debug)]
pub(super) struct Pass<T> {
    places: Places,
    buffers: Vec<Vec<T>>,
    count: usize,
    /// Points in a tile.
    pub tile: usize,
}

/// The buffers of one tile.
type Tile<'a, T> = Vec<&'a mut [T]>;

impl<T: Real> Pass<T> {
    /// Buffers for the points of the given coordinates, row-major, in tiles of so many.
    pub fn new(tape: &Tape, coordinates: &[f64], tile: usize) -> Self {
        let (places, count) = (Places::of(tape), coordinates.len() / tape.rows[0]);
        let mut buffers: Vec<_> = places.rows.iter().map(|rows| vec![T::ZERO; rows * count]).collect();
        buffers[places.values[0]] = coordinates.iter().map(|x| T::of(*x)).collect();
        Self { places, buffers, count, tile }
    }

    /// The values of a matrix that stays.
    pub fn values(&self, matrix: usize) -> &[T] {
        &self.buffers[self.places.values[matrix]]
    }

    /// The derivatives of the loss by a matrix that dense layers make; of no use where nothing is trained below.
    pub fn deltas(&self, matrix: usize) -> &[T] {
        self.places.deltas[matrix].map_or(&[], |place| &self.buffers[place])
    }

    /// How many points.
    pub fn count(&self) -> usize {
        self.count
    }

    fn tiles(&mut self) -> (&Places, Vec<Tile<'_, T>>) {
        let mut tiles: Vec<Tile<'_, T>> = (0..self.count.div_ceil(self.tile)).map(|_| vec![]).collect();
        for (buffer, rows) in self.buffers.iter_mut().zip(&self.places.rows) {
            for (tile, part) in tiles.iter_mut().zip(buffer.chunks_mut(rows * self.tile)) {
                tile.push(part);
            }
        }
        (&self.places, tiles)
    }

    /// The network's output at every point.
    pub fn forward(&mut self, tape: &Tape, layers: &[Layer<T>]) -> Vec<f64> {
        let (places, tiles) = self.tiles();
        tiles.into_par_iter().for_each(|mut tile| {
            for at in 0..tape.steps.len() {
                forward(tape, places, layers, at, &mut tile);
            }
        });
        self.values(tape.output).iter().map(|z| z.to_f64()).collect()
    }

    /// The derivatives of `sum_i slopes_i f(x_i)` by every matrix; the buffers must be those of a forward pass.
    pub fn backward(&mut self, tape: &Tape, layers: &[Layer<T>], slopes: &[f64]) {
        let points = self.tile;
        let (places, tiles) = self.tiles();
        let Some(output) = places.deltas[tape.output] else { return };
        tiles.into_par_iter().zip(slopes.par_chunks(points)).for_each(|(mut tile, slopes)| {
            tile[output].iter_mut().zip(slopes).for_each(|(delta, slope)| *delta = T::of(*slope));
            for at in (0..tape.steps.len()).rev() {
                backward(tape, places, layers, at, &mut tile);
            }
        });
    }
}

/// The columns of a matrix in a tile: as long as its own rows, whatever the place has.
fn columns<'a, T>(tape: &Tape, matrix: usize, place: &'a [T], points: usize) -> &'a [T] {
    &place[..tape.rows[matrix] * points]
}

fn columns_mut<'a, T>(tape: &Tape, matrix: usize, place: &'a mut [T], points: usize) -> &'a mut [T] {
    &mut place[..tape.rows[matrix] * points]
}

fn forward<T: Real>(tape: &Tape, places: &Places, layers: &[Layer<T>], at: usize, tile: &mut Tile<'_, T>) {
    let points = tile[places.values[0]].len() / tape.rows[0];
    let step = &tape.steps[at];
    let place = places.values[step.output()];
    let whole = std::mem::take(&mut tile[place]);
    let (rows, out) = (tape.rows[step.output()], columns_mut(tape, step.output(), whole, points));
    match step {
        Step::Dense { map, input, adds, .. } => {
            let input = columns(tape, *input, tile[places.values[*input]], points);
            apply(&tape.maps[*map], &layers[*map], input, *adds, out);
        }
        Step::Activation { phi, input, .. } => {
            let Some(slopes_at) = places.slopes[at] else { return };
            let slopes = std::mem::take(&mut tile[slopes_at]);
            let source = columns(tape, *input, tile[places.values[*input]], points);
            let (tall, own) = (tape.rows[*input], columns_mut(tape, step.output(), slopes, points));
            if tall == rows {
                phi.apply(source, out, own);
            } else {
                for ((z, a), d) in
                    source.chunks_exact(tall).zip(out.chunks_exact_mut(rows)).zip(own.chunks_exact_mut(rows))
                {
                    phi.apply(&z[..rows], a, d);
                }
            }
            tile[slopes_at] = slopes;
        }
        Step::Combine { terms, .. } => {
            for (i, (input, factor)) in terms.iter().enumerate() {
                // The stream goes on where it lies.
                if places.values[*input] == place {
                    continue;
                }
                let (factor, tall) = (T::of(*factor), tape.rows[*input]);
                let source = columns(tape, *input, tile[places.values[*input]], points);
                for (target, source) in out.chunks_exact_mut(rows).zip(source.chunks_exact(tall)) {
                    let pairs = target.iter_mut().zip(source);
                    if i == 0 {
                        pairs.for_each(|(t, s)| *t = factor * *s);
                    } else {
                        pairs.for_each(|(t, s)| *t += factor * *s);
                    }
                }
            }
        }
        Step::Product { factors, .. } => {
            out.fill(T::ONE);
            for input in factors {
                let source = columns(tape, *input, tile[places.values[*input]], points);
                for (target, source) in out.chunks_exact_mut(rows).zip(source.chunks_exact(tape.rows[*input]))
                {
                    target.iter_mut().zip(source).for_each(|(t, s)| *t *= *s);
                }
            }
        }
        Step::Norm { centred, input, .. } => {
            let Some(scales) = places.slopes[at] else { return };
            let own = std::mem::take(&mut tile[scales]);
            let source = columns(tape, *input, tile[places.values[*input]], points);
            normalise::forward(*centred, rows, source, out, own);
            tile[scales] = own;
        }
    }
    tile[place] = whole;
}

fn backward<T: Real>(tape: &Tape, places: &Places, layers: &[Layer<T>], at: usize, tile: &mut Tile<'_, T>) {
    let points = tile[places.values[0]].len() / tape.rows[0];
    let step = &tape.steps[at];
    let (output, rows) = (step.output(), tape.rows[step.output()]);
    let Some(from) = places.deltas[output] else { return };
    for (i, input) in step.inputs().into_iter().enumerate() {
        let Some(place) = places.deltas[input] else { continue };
        let (tall, first) = (tape.rows[input], places.first[at][i]);
        let whole = std::mem::take(&mut tile[place]);
        let target = columns_mut(tape, input, whole, points);
        let source = columns(tape, output, tile[from], points);
        match step {
            Step::Dense { map, .. } => {
                let map_of = &tape.maps[*map];
                let weights = MatRef::from_row_major_slice(&layers[*map].weights, rows, tall).transpose();
                let product = MatMut::from_column_major_slice_mut(target, tall, points);
                let source = MatRef::from_column_major_slice(source, rows, points);
                let accumulate = if first { Accum::Replace } else { Accum::Add };
                matmul(product, accumulate, weights, source, T::of(map_of.weight), Par::Seq);
            }
            Step::Activation { .. } if places.slopes[at] == Some(place) => {
                target.iter_mut().zip(source).for_each(|(t, s)| *t *= *s);
            }
            Step::Activation { .. } => {
                let Some(slopes) = places.slopes[at] else { return };
                let slopes = columns(tape, output, tile[slopes], points);
                let columns = source.chunks_exact(rows).zip(slopes.chunks_exact(rows));
                each(target, tall, first, columns, |(source, slopes), r| source[r] * slopes[r], rows);
            }
            Step::Combine { terms, .. } => {
                let factor = T::of(terms[i].1);
                each(target, tall, first, source.chunks_exact(rows), |source, r| factor * source[r], rows);
            }
            Step::Product { factors, .. } => {
                let others: Vec<(&[T], usize)> = factors
                    .iter()
                    .enumerate()
                    .filter(|(j, _)| *j != i)
                    .map(|(_, other)| {
                        (columns(tape, *other, tile[places.values[*other]], points), tape.rows[*other])
                    })
                    .collect();
                let columns = source.chunks_exact(rows).enumerate();
                let term = |(column, source): (usize, &[T]), r: usize| {
                    others
                        .iter()
                        .fold(source[r], |product, (values, tall)| product * values[column * tall + r])
                };
                each(target, tall, first, columns, term, rows);
            }
            Step::Norm { centred, .. } => {
                let Some(scales) = places.slopes[at] else { return };
                let normed = columns(tape, output, tile[places.values[output]], points);
                normalise::backward(*centred, rows, normed, tile[scales], source, first, target);
            }
        }
        tile[place] = whole;
    }
}

/// Sets, or adds to, the first `rows` of the `tall` rows of each column of `target`; the rows below are 0 if it is set.
fn each<T: Real, C>(
    target: &mut [T],
    tall: usize,
    first: bool,
    columns: impl Iterator<Item = C>,
    term: impl Fn(C, usize) -> T,
    rows: usize,
) where
    C: Copy,
{
    for (target, column) in target.chunks_exact_mut(tall).zip(columns) {
        let (own, rest) = target.split_at_mut(rows);
        if first {
            own.iter_mut().enumerate().for_each(|(r, t)| *t = term(column, r));
            rest.fill(T::ZERO);
        } else {
            own.iter_mut().enumerate().for_each(|(r, t)| *t += term(column, r));
        }
    }
}

/// `z = [z +] weight * W a + bias * b` for the columns of `a`.
fn apply<T: Real>(map: &Map, layer: &Layer<T>, a: &[T], adds: bool, z: &mut [T]) {
    let columns = z.len() / map.outputs;
    let accumulate = if adds { Accum::Add } else { Accum::Replace };
    let weights = MatRef::from_row_major_slice(&layer.weights, map.outputs, map.inputs);
    let inputs = MatRef::from_column_major_slice(a, map.inputs, columns);
    let target = MatMut::from_column_major_slice_mut(z, map.outputs, columns);
    matmul(target, accumulate, weights, inputs, T::of(map.weight), Par::Seq);
    if !layer.biases.is_empty() {
        let factor = T::of(map.bias);
        for column in z.chunks_exact_mut(map.outputs) {
            column.iter_mut().zip(&layer.biases).for_each(|(z, b)| *z += factor * *b);
        }
    }
}
