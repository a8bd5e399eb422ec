//! Which conventions, kernels and orders are tried, and how a list looks in each.

use super::{
    DIGITS, Order, PRECISION, Question,
    fit::{Fit, Written},
    related,
};
use crate::{
    error::{Error, Result},
    kernel::Kernel,
    math::{
        ball::Ball,
        degrees::Degrees,
        harmonics::multiplicity,
        units::{Digits, Dimension},
    },
    spectrum::{
        Goal,
        convention::{Convention, Factor, Scale, Setting},
    },
};
use rug::Float;
use std::collections::HashMap;

/// Values looked at before a candidate is worth comparing in full.
const FIRST: usize = 5;
/// The most values in a list whose order may be by size.
const LONGEST_SORTED: usize = 20_000;
/// The most degrees that a sorted list is taken to reach.
const MOST_DEGREES: u64 = 2000;

/// One way to read the list.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// The convention.
    pub convention: Convention,
    /// Which kernel: 0 for the one asked for.
    pub kernel: usize,
    /// How the list is ordered.
    pub order: Order,
    /// Does every number of a sorted list stand once, whatever its multiplicity?
    once: bool,
}

impl Candidate {
    /// Is it this program's own convention and the kernel asked for?
    pub fn is_plain(&self) -> bool {
        self.kernel == 0 && self.convention == Convention::OURS
    }

    /// How far-fetched: one for each factor, shift and other kernel.
    pub fn cost(&self) -> usize {
        let convention = &self.convention;
        convention.scales.len()
            + convention.dim_shift.unsigned_abs() as usize
            + 2 * convention.index_shift.unsigned_abs() as usize
            + usize::from(self.kernel > 0)
            + usize::from(self.once)
    }
}

/// The search, with the spectra computed so far.
pub struct Search<'a> {
    /// What is asked.
    pub question: &'a Question<'a>,
    written: &'a [Written],
    /// Indices of the entries from the largest number to the least.
    by_size: Vec<usize>,
    kernels: Vec<(String, Kernel)>,
    spectra: HashMap<(usize, u32), Known>,
    orders: Vec<(Order, bool)>,
}

/// Eigenvalues of one kernel on one sphere, by degree.
struct Known {
    values: HashMap<u64, Ball>,
    setting: Setting,
    /// Degrees and how often each stands in a sorted list.
    multiplicities: Vec<(u64, usize)>,
}

/// No factor, each factor and its inverse, and all products of two.
fn scales() -> Vec<Vec<Scale>> {
    let singles: Vec<Scale> = Factor::ALL.iter().flat_map(|f| [Scale::by(*f), Scale::over(*f)]).collect();
    let mut all = vec![vec![]];
    all.extend(singles.iter().map(|scale| vec![*scale]));
    for (i, a) in singles.iter().enumerate() {
        all.extend(singles[i + 1..].iter().filter(|b| b.factor != a.factor).map(|b| vec![*a, *b]));
    }
    all
}

impl<'a> Search<'a> {
    /// A search for the convention of these numbers.
    ///
    /// # Errors
    /// When `order` needs degrees that are not there.
    pub fn new(question: &'a Question<'a>, written: &'a [Written]) -> Result<Self> {
        let with_degrees = question.entries.iter().all(|entry| entry.degree.is_some());
        let orders = match question.order {
            Some(Order::Degree) if !with_degrees => {
                return Err(Error::invalid(
                    "as",
                    "degree",
                    "numbers with their degrees beside them (columns degree,value), or list",
                ));
            }
            Some(Order::Sorted) => vec![(Order::Sorted, false), (Order::Sorted, true)],
            Some(order) => vec![(order, false)],
            None if with_degrees => vec![(Order::Degree, false)],
            None if written.len() > LONGEST_SORTED => vec![(Order::List, false)],
            None => vec![(Order::List, false), (Order::Sorted, false), (Order::Sorted, true)],
        };
        let mut by_size: Vec<usize> = (0..written.len()).collect();
        by_size.sort_by(|a, b| written[*b].value.total_cmp(&written[*a].value));
        let kernels = related::kernels(question.kernel, question.dim);
        Ok(Self { question, written, by_size, kernels, spectra: HashMap::new(), orders })
    }

    /// This program's own convention.
    pub fn plain(&self) -> Candidate {
        let (order, once) = self.orders[0];
        Candidate { convention: Convention::OURS, kernel: 0, order, once }
    }

    /// The candidates from the plainest on: the kernel on its sphere, on the spheres beside it, then other networks on these.
    pub fn groups(&self) -> Vec<Vec<Candidate>> {
        let group = |kernels: std::ops::Range<usize>, shifts: &[i32]| {
            let mut all = Vec::new();
            for &(order, once) in &self.orders {
                let index_shifts: &[i32] = if order == Order::Sorted { &[0] } else { &[0, 1, -1] };
                for kernel in kernels.clone() {
                    for (&dim_shift, &index_shift) in
                        shifts.iter().flat_map(|d| index_shifts.iter().map(move |i| (d, i)))
                    {
                        for scales in scales() {
                            let hangs = scales.iter().any(|scale| scale.factor.hangs_on_degree());
                            // A list by degree is as long as its writer pleased: its length is no number of points.
                            let counts = self.question.points.is_none()
                                && scales.iter().any(|scale| scale.factor == Factor::Points);
                            if order == Order::Sorted && hangs
                                || order != Order::Sorted && counts
                                || Convention::OURS.sphere(self.question.dim).is_err()
                            {
                                continue;
                            }
                            let convention = Convention { scales, dim_shift, index_shift };
                            if convention.sphere(self.question.dim).is_ok() {
                                all.push(Candidate { convention, kernel, order, once });
                            }
                        }
                    }
                }
            }
            all.sort_by_key(Candidate::cost);
            all
        };
        let others = 1..self.kernels.len();
        vec![group(0..1, &[0]), group(0..1, &[-1, 1]), group(others.clone(), &[0]), group(others, &[-1, 1])]
    }

    /// The candidate's kernel.
    pub fn kernel(&self, candidate: &Candidate) -> &Kernel {
        &self.kernels[candidate.kernel].1
    }

    /// The candidate in words.
    pub fn text(&self, candidate: &Candidate) -> String {
        let kernel = &self.kernels[candidate.kernel];
        let network =
            if candidate.kernel > 0 { format!(", {} ({})", kernel.0, kernel.1) } else { String::new() };
        let order = match (candidate.order, candidate.once) {
            (Order::Sorted, true) => ", sorted by size, each once",
            (Order::Sorted, false) => ", sorted by size with multiplicities",
            _ => "",
        };
        format!("{}{network}{order}", candidate.convention)
    }

    /// Index of the list at which entry `i` stands, before any shift.
    fn index(&self, i: usize) -> u64 {
        self.question.entries[i].degree.unwrap_or(i as u64)
    }

    /// The spectrum that a candidate needs, computed once.
    fn prepare(&mut self, candidate: &Candidate) -> Result<()> {
        let sphere = candidate.convention.sphere(self.question.dim)?;
        let place = (candidate.kernel, sphere.get());
        if self.spectra.contains_key(&place) {
            return Ok(());
        }
        let n = self.written.len();
        let multiplicities = if self.orders.iter().any(|(order, _)| *order == Order::Sorted) {
            reach(sphere, n)
        } else {
            vec![]
        };
        let mut degrees: Vec<u64> = multiplicities.iter().map(|(k, _)| *k).collect();
        if self.orders.iter().any(|(order, _)| *order != Order::Sorted) {
            let around = |k: u64| k.saturating_sub(1)..=k.saturating_add(1);
            degrees.extend((0..n).flat_map(|i| around(self.index(i))));
        }
        let degrees = Degrees::new(degrees)?;
        let kernel = &self.kernels[candidate.kernel].1;
        let found = (self.question.spectrum)(kernel, sphere, &degrees, &Goal::digits(Digits::new(DIGITS)?))?;
        let values = found.eigenvalues.into_iter().map(|value| (value.degree, value.enclosure)).collect();
        let sorted = self.orders.iter().any(|(order, _)| *order == Order::Sorted);
        let points = self.question.points.or(sorted.then_some(n as u64));
        let setting = Setting { points, diagonal: kernel.at_one(PRECISION) };
        self.spectra.insert(place, Known { values, setting, multiplicities });
        Ok(())
    }

    /// The right values in the order of the list, and the index of each; `None` where the convention has none.
    fn predicted(&self, candidate: &Candidate, most: usize) -> Option<Vec<(u64, Float)>> {
        let sphere = candidate.convention.sphere(self.question.dim).ok()?;
        let spectrum = self.spectra.get(&(candidate.kernel, sphere.get()))?;
        let value = |degree: u64| {
            let known = spectrum.values.get(&degree)?.clone();
            let written = candidate.convention.write(known, sphere, degree, &spectrum.setting)?;
            Some(Float::with_val(PRECISION.0, written.midpoint()))
        };
        let count = self.written.len().min(most);
        if candidate.order != Order::Sorted {
            let at = |i: usize| {
                let index = self.index(i);
                let degree = index.checked_add_signed(candidate.convention.index_shift.into())?;
                Some((index, value(degree)?))
            };
            return (0..count).map(at).collect();
        }
        let mut levels: Vec<(u64, usize, Float)> = Vec::new();
        for (degree, multiplicity) in &spectrum.multiplicities {
            levels.push((*degree, if candidate.once { 1 } else { *multiplicity }, value(*degree)?));
        }
        levels.sort_by(|a, b| b.2.total_cmp(&a.2));
        let repeated =
            levels.into_iter().flat_map(|(degree, times, value)| std::iter::repeat_n((degree, value), times));
        let all: Vec<_> = repeated.take(count).collect();
        (all.len() == count).then_some(all)
    }

    /// The numbers in the order in which the candidate takes them.
    fn taken(&self, candidate: &Candidate, i: usize) -> usize {
        if candidate.order == Order::Sorted { self.by_size[i] } else { i }
    }

    /// How the list agrees with a candidate; `None` where that has no values, or the first ones are mostly wrong.
    ///
    /// # Errors
    /// When the spectrum cannot be computed.
    pub fn fit(&mut self, candidate: &Candidate) -> Result<Option<Fit>> {
        if self.prepare(candidate).is_err() && !candidate.is_plain() {
            // A sphere beside the one asked for may be out of reach; that is no fault of the list.
            return Ok(None);
        }
        self.prepare(candidate)?;
        let compare = |most: usize| {
            let predicted = self.predicted(candidate, most)?;
            let given: Vec<Written> =
                (0..predicted.len()).map(|i| self.written[self.taken(candidate, i)].clone()).collect();
            let right: Vec<Float> = predicted.into_iter().map(|(_, value)| value).collect();
            Some(Fit::of(&given, &right))
        };
        if self.written.len() > FIRST && compare(FIRST).is_none_or(|first| 2 * first.rights() <= FIRST) {
            return Ok(None);
        }
        Ok(compare(usize::MAX))
    }

    /// How the list agrees with a candidate, however badly.
    ///
    /// # Errors
    /// When the spectrum cannot be computed.
    pub fn fit_whole(&mut self, candidate: &Candidate) -> Result<Fit> {
        self.prepare(candidate)?;
        let given: Vec<Written> =
            (0..self.written.len()).map(|i| self.written[self.taken(candidate, i)].clone()).collect();
        Ok(Fit::of(&given, &self.right(candidate)))
    }

    /// The right values of a candidate that was compared.
    pub fn right(&self, candidate: &Candidate) -> Vec<Float> {
        self.predicted(candidate, usize::MAX)
            .unwrap_or_default()
            .into_iter()
            .map(|(_, value)| value)
            .collect()
    }

    /// The index of each of them.
    pub fn degrees(&self, candidate: &Candidate) -> Vec<u64> {
        self.predicted(candidate, usize::MAX)
            .unwrap_or_default()
            .into_iter()
            .map(|(index, _)| index)
            .collect()
    }

    /// The numbers as they were given, in the order of the candidate.
    pub fn texts(&self, candidate: &Candidate) -> Vec<String> {
        (0..self.written.len())
            .map(|i| self.question.entries[self.taken(candidate, i)].text.clone())
            .collect()
    }

    /// The factor by which all numbers are off, if it is one and the same.
    pub fn constant(&self, fit: &Fit) -> Option<f64> {
        let plain = self.plain();
        let right = self.right(&plain);
        let ratios: Vec<f64> = (0..right.len())
            .filter(|i| !right[*i].is_zero())
            .map(|i| Float::with_val(53, &self.written[self.taken(&plain, i)].value / &right[i]).to_f64())
            .collect();
        let first = *ratios.first()?;
        let same = |ratio: &f64| (ratio / first - 1.0).abs() <= fit.precision;
        (ratios.len() > 1 && first.is_finite() && first != 0.0 && ratios.iter().all(same)).then_some(first)
    }
}

/// Degrees that a list of `n` eigenvalues, each as often as its multiplicity, may reach: twice as many harmonics as numbers, since parities may
/// vanish, and some degrees more.
fn reach(sphere: Dimension, n: usize) -> Vec<(u64, usize)> {
    let mut all = Vec::new();
    let mut sum = 0usize;
    for degree in 0..MOST_DEGREES.min(2 * n as u64 + 8) {
        let count = multiplicity(sphere, degree).to_usize().unwrap_or(usize::MAX);
        all.push((degree, count.min(n)));
        sum = sum.saturating_add(count);
        if sum > n.saturating_mul(2) && degree > 8 && degree as usize > 2 * n.min(40) {
            break;
        }
    }
    all
}

#[cfg(test)]
mod tests;
