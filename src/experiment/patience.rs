//! A word to who waits, where work is long: its cost before it, or where that is not known, that it is not done yet. One word, and no second that contradicts
//! it.

use crate::{
    kernel::{Angle, Kernel},
    math::{
        ball::Ball,
        degrees::Degrees,
        disc::Disc,
        durations,
        scalar::Scalar,
        truncated::Series,
        units::{Bits, Digits, Dimension},
    },
    progress::Progress,
    spectrum::{
        asymptotic::{Expansion, MOST_LAYERS, coefficients::at_end, reach::TRIED_TO},
        cover,
        route::QUADRATURE_TO,
        series::KernelSeries,
    },
};
use rug::Float;
use std::{
    hint::black_box,
    sync::{
        atomic::{AtomicBool, Ordering},
        mpsc::{RecvTimeoutError, channel},
    },
    thread,
    time::{Duration, Instant},
};

/// Work that takes longer than this is long.
const PATIENCE: Duration = Duration::from_secs(5);
/// Bits beyond those of the digits with which a quadrature works at the least.
const GUARD: u32 = 64;
/// Past this degree expansions serve, not one node more a degree.
const NODES: u64 = 1000;

/// Nodes of the rules that are compared where nothing is proved: two networks of 1100 layers took 0.4 and 2.2 times what this foretells.
const COMPARED: u64 = 1200;
/// Discs on which a deep kernel is proved analytic: about so many were needed by relu networks of 300 to 3000 layers.
const DISCS: f64 = 5000.0;

/// Orders of the power series that is timed.
const TRIAL: usize = 96;

/// What one request says of its cost: one line, whichever of its parts is found to be long first.
pub struct Voice<'a> {
    progress: &'a dyn Progress,
    said: AtomicBool,
    patience: Duration,
}

impl<'a> Voice<'a> {
    /// Nothing is said yet.
    pub fn of(progress: &'a dyn Progress) -> Self {
        Self { progress, said: AtomicBool::new(false), patience: PATIENCE }
    }

    fn say(&self, text: &str) {
        if !self.said.swap(true, Ordering::Relaxed) {
            self.progress.note(text);
        }
    }

    /// Says what evaluating the kernel for a table will take, where that is long: power series cost the square of their orders, and a quadrature has at the
    /// least a node a bit and a degree. A short series and a value are timed here.
    pub fn tell(&self, kernel: &Kernel, digits: Digits, degrees: &Degrees, spheres: usize) {
        if let Some(orders) = orders(kernel, digits, degrees).filter(|orders| *orders > TRIAL) {
            let seconds = trial(kernel, digits.bits().plus(GUARD)) * (orders as f64 / TRIAL as f64).powi(2);
            if seconds * spheres as f64 > PATIENCE.as_secs_f64() {
                let time = durations::shown(seconds * spheres as f64);
                self.say(&format!("{kernel} as a power series of {orders} terms: about {time}"));
            }
            return;
        }
        // To set up a series takes longer than a value, and closed forms and expansions need none.
        let expanded = kernel.layers() <= MOST_LAYERS && degrees.iter().all(|k| k > QUADRATURE_TO);
        if expanded || kernel.has_series() || kernel.layers() == 1 {
            return;
        }
        let bits = Bits(digits.bits().0 + GUARD);
        let at_once = kernel.is_power_series();
        let provable = at_once || cover::is_in_range(kernel);
        let least = if provable { u64::from(bits.0) } else { COMPARED };
        let nodes = least + degrees.top().min(NODES);
        let values = value(kernel, &Ball::exact(Float::with_val(bits.0, 1.1))) * nodes as f64;
        let proof = if provable && !at_once { value(kernel, &Disc::point(1.1, 0.1)) * DISCS } else { 0.0 };
        let seconds = (values + proof) * spheres as f64 / rayon::current_num_threads() as f64;
        if seconds > PATIENCE.as_secs_f64() {
            let time = durations::shown(seconds);
            self.say(&format!("{kernel} has {} layers: about {time}", kernel.layers()));
        }
    }

    /// Does the work, and says so if it is not done in time and nothing was said yet.
    pub fn watched<T>(&self, what: impl Fn() -> String + Send, work: impl FnOnce() -> T) -> T {
        thread::scope(|scope| {
            let (done, waiting) = channel::<()>();
            scope.spawn(move || {
                if waiting.recv_timeout(self.patience) == Err(RecvTimeoutError::Timeout) {
                    let seconds = self.patience.as_secs();
                    let unknown = "how long it takes is not known beforehand, and it may be interrupted";
                    self.say(&format!("{} is not done after {seconds} s: {unknown}", what()));
                }
            });
            let result = work();
            drop(done);
            result
        })
    }
}

/// Orders of the power series that serves, if one does.
fn orders(kernel: &Kernel, digits: Digits, degrees: &Degrees) -> Option<usize> {
    let top = degrees.top();
    if top > QUADRATURE_TO && digits.get() > TRIED_TO && kernel.closed_form().is_none() {
        return Expansion::of(kernel).orders(Dimension::SPHERE, top, digits);
    }
    let long = kernel.is_power_series() && top > TRIAL as u64;
    long.then(|| KernelSeries::of(kernel)).flatten()?.orders(Dimension::SPHERE, top, digits)
}

/// Seconds that one value of the kernel takes, in an arithmetic.
fn value<T: Scalar>(kernel: &Kernel, x: &T) -> f64 {
    let clock = Instant::now();
    black_box(kernel.evaluator_in(x).at(&Angle::from_radians(x.clone())));
    clock.elapsed().as_secs_f64()
}

/// Seconds that a power series of [`TRIAL`] terms takes, at both ends or around `t = 0`.
fn trial(kernel: &Kernel, bits: Bits) -> f64 {
    let clock = Instant::now();
    let variable = Series::variable(TRIAL, bits);
    if kernel.is_power_series() {
        black_box(kernel.evaluator_in(&variable).at(&Angle::from_cosine(variable)));
    } else {
        black_box([false, true].map(|far| at_end(kernel, &variable, far)));
    }
    clock.elapsed().as_secs_f64()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Notes;

    /// What is said of these tables, one voice for each.
    fn told(tables: &[(&str, u32, &str, usize)]) -> Vec<String> {
        let notes = Notes::default();
        for (kernel, digits, degrees, spheres) in tables {
            let (kernel, degrees): (Kernel, Degrees) = (kernel.parse().unwrap(), degrees.parse().unwrap());
            Voice::of(&notes).tell(&kernel, Digits::new(*digits).unwrap(), &degrees, *spheres);
        }
        notes.0.into_inner().unwrap()
    }

    #[test]
    fn deep_kernels_say_their_cost_and_quick_work_says_nothing() {
        let analytic = "ntk:depth=2,activation=erf";
        let quick = told(&[
            ("ntk:depth=3", 20, "0..100", 1),
            ("expr:exp(t)", 20, "0..100", 1),
            ("ntk:depth=100", 20, "1000000", 1),
            (analytic, 20, "301", 1),
        ]);
        assert!(quick.is_empty(), "{quick:?}");
        let long = told(&[(analytic, 20, "10000", 4), ("ntk:depth=8", 2500, "1000000", 3)]);
        assert!(long.len() == 2 && long.iter().all(|text| text.contains("as a power series")), "{long:?}");
        let deep = told(&[("ntk:depth=10000", 20, "0..100", 100), ("resnet:depth=1100", 20, "0..100", 100)]);
        assert!(deep.len() == 2 && deep[0].contains("10000 layers: about"), "{deep:?}");
    }

    /// A cost that was said is not followed by a line that it is not known, nor one wait by another.
    #[test]
    fn one_line_is_said_of_the_cost() {
        let notes = Notes::default();
        let patience = Duration::from_millis(50);
        let voice = Voice { patience, ..Voice::of(&notes) };
        assert_eq!(voice.watched(|| "it".into(), || 7), 7);
        assert!(notes.0.lock().unwrap().is_empty());
        voice.say("about an hour");
        voice.say("not known");
        let wait = Duration::from_millis(300);
        voice.watched(|| "the first".into(), || thread::sleep(wait));
        assert_eq!(*notes.0.lock().unwrap(), ["about an hour"]);
        let unknown = Notes::default();
        let voice = Voice { patience, ..Voice::of(&unknown) };
        voice.watched(|| "the first".into(), || thread::sleep(wait));
        voice.tell(
            &"ntk:depth=10000".parse().unwrap(),
            Digits::new(20).unwrap(),
            &"0..100".parse().unwrap(),
            100,
        );
        let said = unknown.0.lock().unwrap();
        assert!(said.len() == 1 && said[0].starts_with("the first is not done after 0 s"), "{said:?}");
    }
}
