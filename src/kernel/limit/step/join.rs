//! Branches from one input, added or multiplied.

use super::{
    super::{
        Expand,
        edge::{Edge, Link},
        state::{Lead, State},
    },
    Diagonal, Step, Steps,
};
use crate::{
    kernel::Angle,
    math::scalar::Scalar,
    network::{Series, activation::dual::Mean},
};
use rug::Rational;

/// Branches, added: means correlate them.
#[derive(Clone, Debug)]
pub struct Sum<T> {
    branches: Vec<Steps<T>>,
    /// `(sum m_i)^2 - sum m_i^2`.
    cross: Option<T>,
}

/// Branches, multiplied element by element.
#[derive(Clone, Debug)]
pub struct Product<T> {
    branches: Vec<Steps<T>>,
    /// `2 m_i^2` of each branch, where it is not 0, and of the product.
    doubled_means: Vec<Option<T>>,
    doubled_mean: Option<T>,
}

type Compiled<T> = Vec<(Steps<T>, Diagonal<T>)>;

fn compiled<T: Scalar>(
    branches: &[Series],
    diagonal: &Diagonal<T>,
    carry: bool,
    expand: &mut Expand<'_, T>,
) -> Option<Compiled<T>> {
    branches.iter().map(|branch| Steps::new(branch, diagonal.clone(), carry, expand)).collect()
}

fn unless_zero<T: Scalar>(x: T) -> Option<T> {
    (!x.is_zero()).then_some(x)
}

impl<T: Scalar> Sum<T> {
    /// The step of one branch before layers that need the angle, and the diagonal after it.
    pub fn only(
        branch: &Series,
        mut diagonal: Diagonal<T>,
        expand: &mut Expand<'_, T>,
    ) -> Option<(Step<T>, Diagonal<T>)> {
        let step = Self::step(std::slice::from_ref(branch), &mut diagonal, true, expand)?;
        Some((step, diagonal))
    }

    /// The step of these branches, and the diagonal after it.
    pub fn step(
        branches: &[Series],
        diagonal: &mut Diagonal<T>,
        carry: bool,
        expand: &mut Expand<'_, T>,
    ) -> Option<Step<T>> {
        let all = compiled(branches, diagonal, carry, expand)?;
        let zero = diagonal.q.constant(&Rational::new());
        let (mut q, mut mean) = (zero.clone(), Mean::zero(&zero));
        let (mut cross, mut squares) = (zero.clone(), zero.clone());
        let mut same = true;
        for (_, end) in &all {
            q = q + end.q.clone();
            same &= end.same && end.mean.square.is_zero();
            squares = squares + end.mean.square.clone();
            if end.mean.square.is_zero() {
                continue;
            }
            if !mean.square.is_zero() {
                cross = cross + (mean.value.clone() * end.mean.value.clone()).times(2);
            }
            mean = if mean.square.is_zero() {
                end.mean.clone()
            } else {
                Mean::of(mean.value + end.mean.value.clone())
            };
        }
        if !cross.is_zero() {
            mean.square = squares + cross.clone();
        }
        let cross = unless_zero(cross);
        q = cross.as_ref().map_or(q.clone(), |cross| q + cross.clone());
        *diagonal = Diagonal { q, mean, same, held: diagonal.held };
        Some(Step::Sum(Self { branches: all.into_iter().map(|(steps, _)| steps).collect(), cross }))
    }

    /// What comes out of the layer.
    pub fn run(&self, mut state: State<T>) -> State<T> {
        let ends = outputs(&self.branches, &state).into_iter();
        let Some(End { covariance, tangent, near, far, slope }) = ends.reduce(|a, b| a.plus(b, &state.base))
        else {
            return State {
                covariance: state.covariance.constant(&Rational::new()),
                tangent: None,
                near: None,
                far: None,
                lead: None,
                ..state
            };
        };
        let lead = state.lead.take();
        state.covariance = match &self.cross {
            Some(cross) => covariance + cross.clone(),
            None => covariance,
        };
        (state.tangent, state.near, state.far) = (tangent, near, far);
        state.lead = followed(lead, slope, true, |centre| self.run(centre));
        state
    }
}

/// The lead after a join whose covariance has this slope over the base angle, if all branches have one.
fn followed<T: Scalar>(
    lead: Option<Lead<T>>,
    slope: Option<T>,
    known: bool,
    run: impl FnOnce(State<T>) -> State<T>,
) -> Option<Lead<T>> {
    let slope = slope.filter(|_| known)?;
    lead.map(|lead| Lead { centre: Box::new(run(*lead.centre)), slope })
}

/// What comes out of a branch, over the base angle at the fork.
struct End<T> {
    covariance: T,
    tangent: Option<T>,
    near: Option<Edge<T>>,
    far: Option<Edge<T>>,
    /// `dS/dS_base`, where it is known.
    slope: Option<T>,
}

impl<T: Scalar> End<T> {
    /// What comes out of two branches over one base angle, added. Differences and slopes are known of the sum where they are of both: where no later
    /// layer needs them, some branches do not carry them.
    fn plus(self, other: Self, base: &Angle<T>) -> Self {
        let edge = |a: Option<Edge<T>>, b: Option<Edge<T>>| Some(a?.plus(&b?, base));
        Self {
            covariance: self.covariance + other.covariance,
            tangent: match (self.tangent, other.tangent) {
                (Some(a), Some(b)) => Some(a + b),
                (a, b) => a.or(b),
            },
            near: edge(self.near, other.near),
            far: edge(self.far, other.far),
            slope: self.slope.zip(other.slope).map(|(a, b)| a + b),
        }
    }
}

fn outputs<T: Scalar>(branches: &[Steps<T>], state: &State<T>) -> Vec<End<T>> {
    let run = |steps: &Steps<T>| {
        if steps.0.is_empty() {
            // The stream itself.
            let State { covariance, tangent, near, far, .. } = state;
            return End {
                covariance: covariance.clone(),
                tangent: tangent.clone(),
                near: near.clone(),
                far: far.clone(),
                slope: state.lead.as_ref().map(|lead| lead.slope.clone()),
            };
        }
        let link = state.near.is_some().then(|| Link::identity(&state.covariance));
        let end = steps.run(State { link, ..state.clone() });
        over(end, &state.base)
    };
    branches.iter().map(run).collect()
}

fn over<T: Scalar>(end: State<T>, base: &Angle<T>) -> End<T> {
    let State { covariance, tangent, near, far, base: own, lead, link, .. } = end;
    let back = |edge: Option<Edge<T>>| match (edge, &link) {
        (Some(edge), Some(link)) if link.moved => Some(link.back(&edge, &own, base)),
        (edge, _) => edge,
    };
    let slope = lead.map(|lead| match &link {
        Some(link) if link.moved => link.slope.clone() * lead.slope,
        _ => lead.slope,
    });
    End { covariance, tangent, near: back(near), far: back(far), slope }
}

impl<T: Scalar> Product<T> {
    /// The step of these branches, and the diagonal after it.
    pub fn step(
        branches: &[Series],
        diagonal: &mut Diagonal<T>,
        carry: bool,
        expand: &mut Expand<'_, T>,
    ) -> Option<Step<T>> {
        let all = compiled(branches, diagonal, carry, expand)?;
        let one = diagonal.q.constant(&Rational::from(1));
        let product = |part: fn(&Diagonal<T>) -> &T| {
            all.iter().fold(one.clone(), |product, (_, end)| product * part(end).clone())
        };
        let q = product(|end| &end.q);
        let has_mean = all.iter().all(|(_, end)| !end.mean.square.is_zero());
        let mean = if has_mean {
            Mean { value: product(|end| &end.mean.value), square: product(|end| &end.mean.square) }
        } else {
            Mean::zero(&one)
        };
        let doubled = |square: &T| unless_zero(square.clone()).map(|square| square.times(2));
        let doubled_means = all.iter().map(|(_, end)| doubled(&end.mean.square)).collect();
        let doubled_mean = doubled(&mean.square);
        *diagonal = Diagonal { q, mean, same: false, held: diagonal.held };
        let branches = all.into_iter().map(|(steps, _)| steps).collect();
        Some(Step::Product(Self { branches, doubled_means, doubled_mean }))
    }

    /// What comes out of the layer.
    pub fn run(&self, mut state: State<T>) -> State<T> {
        let lead = state.lead.clone();
        let ends = outputs(&self.branches, &state);
        let one = state.covariance.constant(&Rational::from(1));
        let product = ends.iter().fold(one.clone(), |product, end| product * end.covariance.clone());
        // sum_i x_i prod_(j != i) S_j
        let mixed = |part: fn(&End<T>) -> &Option<T>| {
            let term = |i: usize| {
                let own = part(&ends[i]).clone()?;
                let others = ends.iter().enumerate().filter(|(j, _)| *j != i);
                Some(others.fold(own, |product, (_, end)| product * end.covariance.clone()))
            };
            (0..ends.len()).filter_map(term).reduce(|a, b| a + b)
        };
        state.tangent = mixed(|end| &end.tangent);
        let slope = mixed(|end| &end.slope);
        (state.near, state.far) = self.edges(&ends, &state.base).unzip();
        state.lead =
            followed(lead, slope, ends.iter().all(|end| end.slope.is_some()), |centre| self.run(centre));
        state.covariance = product;
        state
    }

    /// `q - S` and `q + S - 2 m^2`: with `U = q + S` of a branch, `D = (D_1 U_2 + U_1 D_2)/2` and `U = (U_1 U_2 + D_1 D_2)/2` of two.
    fn edges(&self, ends: &[End<T>], base: &Angle<T>) -> Option<(Edge<T>, Edge<T>)> {
        let half = |edge: Edge<T>| Edge { factor: edge.factor.half(), ..edge };
        let add = |edge: &Edge<T>, more: &Option<T>, sign: i32| match more {
            Some(x) => edge.plus(&Edge::plain(x.clone().times(sign)), base),
            None => edge.clone(),
        };
        let mut both: Option<(Edge<T>, Edge<T>)> = None;
        for (end, doubled) in ends.iter().zip(&self.doubled_means) {
            let (near, sum) = (end.near.clone()?, add(end.far.as_ref()?, doubled, 1));
            both = Some(match both {
                None => (near, sum),
                Some((d, u)) => (
                    half(d.times(&sum).plus(&u.times(&near), base)),
                    half(u.times(&sum).plus(&d.times(&near), base)),
                ),
            });
        }
        both.map(|(near, sum)| (near, add(&sum, &self.doubled_mean, -1)))
    }
}
