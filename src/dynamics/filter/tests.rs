use super::{
    mini_batch::{Energies, MiniBatch, floor},
    *,
};
use crate::optimizer::Momentum;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rug::Float;

fn methods(beta: f64) -> [Method; 4] {
    let beta = Momentum::new(beta).unwrap();
    [Method::GradientDescent, Method::HeavyBall(beta), Method::Nesterov(beta), Method::TorchNesterov(beta)]
}

fn optimizer(method: Method, ridge: f64) -> Optimizer {
    Optimizer::new(method).with_ridge(ridge).unwrap()
}

/// One parameter `theta` with output `sqrt(Lambda) theta`, trained as each method is defined; the residual after each step, 1 at the start.
fn simulated(optimizer: &Optimizer, step_size: f64, eigenvalue: f64, steps: usize) -> Vec<f64> {
    let (feature, start) = (eigenvalue.sqrt(), 2.0);
    let residual = |theta: f64| 1.0 + feature * (theta - start);
    let gradient = |theta: f64| feature * residual(theta) + optimizer.ridge() * (theta - start);
    let (mut theta, mut before, mut velocity) = (start, start, 0.0);
    let mut residuals = vec![1.0];
    for _ in 0..steps {
        let next = match optimizer.method() {
            Method::GradientDescent => theta - step_size * gradient(theta),
            Method::HeavyBall(beta) => theta - step_size * gradient(theta) + beta.get() * (theta - before),
            Method::Nesterov(beta) => {
                let ahead = theta + beta.get() * (theta - before);
                ahead - step_size * gradient(ahead)
            }
            Method::TorchNesterov(beta) => {
                let slope = gradient(theta);
                velocity = beta.get() * velocity + slope;
                theta - step_size * (slope + beta.get() * velocity)
            }
        };
        before = std::mem::replace(&mut theta, next);
        residuals.push(residual(theta));
    }
    residuals
}

/// Settings on both sides of every change of form: slow, near a double root, complex, one and two negative roots.
fn settings() -> Vec<(Optimizer, f64)> {
    let mut all = vec![];
    for beta in [0.0, 0.3, 0.9, 0.99] {
        for method in methods(beta) {
            let double = (1.0 - f64::sqrt(beta)).powi(2);
            for g in [1e-9, 0.004, double, double + 1e-9, 0.2, 0.7, 1.0, 1.0 + 1e-12, 1.3, 1.95, 3.4] {
                for ridge in [0.0, 1e-3, 0.4] {
                    let of = optimizer(method, ridge);
                    if g > 0.0 && g + ridge < 0.999 * bound(method) {
                        all.push((of, g));
                    }
                }
            }
        }
    }
    all
}

#[test]
fn closed_form_recurrence_and_simulation_agree() {
    for (optimizer, eigenvalue) in settings() {
        let expected = simulated(&optimizer, 1.0, eigenvalue, 400);
        let mode = Filter::new(optimizer, 1.0).mode(eigenvalue);
        let mut trajectory = mode.trajectory(-3.0);
        let most = expected.iter().fold(1.0, |most: f64, r| most.max(r.abs()));
        for (t, r) in expected.iter().enumerate() {
            let off =
                [mode.left(t as u64) - r, 1.0 - mode.learned(t as u64) - r, trajectory.now() / -3.0 - r];
            // Roundings of the simulation itself grow like the sum of the responses to each, at most 1/(1-beta) steps long.
            assert!(
                off.iter().all(|x| x.abs() < 1e-13 * most * 100.0_f64.min(t as f64 + 1.0)),
                "{optimizer:?} {eigenvalue} {t}: {r} {off:?}"
            );
            trajectory.advance();
        }
        let limit = optimizer.ridge() / (eigenvalue + optimizer.ridge());
        assert!((mode.limit().unwrap() - limit).abs() < 1e-15);
    }
}

/// `q_t` of the recurrence in 400 bits, by squaring its matrix.
fn squared(trace: &Float, determinant: &Float, first: &Float, mut steps: u64) -> Float {
    let mut power = [trace.clone(), -determinant.clone(), Float::with_val(400, 1), Float::new(400)];
    let product = |a: &[Float; 4], b: &[Float; 4]| {
        let entry = |i: usize, j: usize| {
            Float::with_val(400, &a[2 * i] * &b[j]) + Float::with_val(400, &a[2 * i + 1] * &b[2 + j])
        };
        [entry(0, 0), entry(0, 1), entry(1, 0), entry(1, 1)]
    };
    let mut all = [Float::with_val(400, 1), Float::new(400), Float::new(400), Float::with_val(400, 1)];
    while steps > 0 {
        if steps % 2 == 1 {
            all = product(&all, &power);
        }
        power = product(&power, &power);
        steps /= 2;
    }
    // (q_1, q_0) to (q_{t+1}, q_t).
    Float::with_val(400, &all[2] * first) + &all[3]
}

/// Slow modes keep their digits: `t` to 10^12 with rates to 10^-12, on both sides of the double root.
#[test]
fn slow_modes_keep_their_digits() {
    let exact = |x: f64| Float::with_val(400, x);
    for beta in [0.5, 0.9, 0.999] {
        let double = (1.0 - f64::sqrt(beta)).powi(2);
        for g in [1e-12, 1e-6, double * (1.0 - 1e-6), double * (1.0 + 1e-6)] {
            for (method, nesterov, fall) in [
                (methods(beta)[0], None, g),
                (methods(beta)[1], Some(false), g),
                (methods(beta)[2], Some(true), g),
                (methods(beta)[3], Some(true), (1.0 + beta) * g),
            ] {
                let one_less = exact(1.0) - exact(g);
                let (trace, determinant) = match nesterov {
                    None => (one_less, exact(0.0)),
                    Some(false) => (one_less + exact(beta), exact(beta)),
                    Some(true) => (one_less.clone() * (exact(1.0) + exact(beta)), one_less * exact(beta)),
                };
                let mode = Filter::new(Optimizer::new(method), 1.0).mode(g);
                for t in [1, 7, 1000, (0.3 / g) as u64, (3.0 / g) as u64] {
                    let q = squared(&trace, &determinant, &(exact(1.0) - exact(fall)), t);
                    let (left, learned) = (q.to_f64(), (exact(1.0) - q).to_f64());
                    let off = [mode.left(t) - left, (mode.learned(t) - learned) / learned.min(1.0)];
                    assert!(off.iter().all(|x| x.abs() < 2e-11), "{method:?} {g} {t}: {left} {off:?}");
                }
            }
        }
    }
}

/// A thousandth below the edge a mode dies out, a thousandth above it grows; a transient reaches what is said to be the most, and no more.
#[test]
fn the_edge_of_stability_is_where_it_is_said_to_be() {
    for beta in [0.0, 0.5, 0.9] {
        for method in methods(beta) {
            for ridge in [0.0, 0.7] {
                let (of, eigenvalue) = (optimizer(method, ridge), 1.3);
                // Past all numbers the difference of two is none.
                let grows = |size: f64| size.is_nan() || size > 1e8;
                let edge = Filter::largest_step_size(&of, eigenvalue);
                let size = |by: f64| {
                    let all = simulated(&of, by * edge, eigenvalue, 40_000);
                    (all[40_000] - ridge / (eigenvalue + ridge)).abs()
                };
                assert!(size(0.999) < 1e-8 && grows(size(1.001)), "{of:?}: {} {}", size(0.999), size(1.001));
                let filter = |by| Filter::new(of, by * edge).mode(eigenvalue);
                assert!(filter(0.999).is_stable() && !filter(1.001).is_stable());
                assert_eq!(filter(1.001).passage(0.05), Passage { first: None, settled: None });
            }
            let of = Optimizer::new(method);
            let most = |by: f64| {
                simulated(&of, by * bound(method), 1.0, 4000).iter().fold(0.0, |m: f64, r| m.max(r.abs()))
            };
            assert!(
                most(1.0 - 1e-9) < 1.001 * of.method().peak() && most(1.0 - 1e-9) > 0.99 * of.method().peak(),
                "{of:?}"
            );
            assert!((1..100).all(|i| most(f64::from(i) / 100.0) <= 1.001 * of.method().peak()), "{of:?}");
        }
    }
}

#[test]
fn passages_are_those_of_the_simulation() {
    for (optimizer, eigenvalue) in settings() {
        if eigenvalue < 2e-5 {
            continue;
        }
        let all = simulated(&optimizer, 1.0, eigenvalue, 300_000);
        for delta in [0.31, 0.052, 0.0031] {
            let limit = optimizer.ridge() / (eigenvalue + optimizer.ridge());
            if (limit / delta - 1.0).abs() < 1e-6 {
                continue;
            }
            let found = Filter::new(optimizer, 1.0).mode(eigenvalue).passage(delta);
            let first = all.iter().position(|r| r.abs() <= delta);
            let settled = all.iter().rposition(|r| r.abs() > delta).map(|t| t + 1).filter(|t| *t <= 300_000);
            // A mode that vanishes in one step has the real-valued answer 0.
            let whole = |t: Option<f64>| t.map(|t| t.ceil().max(1.0) as usize);
            assert_eq!(
                (whole(found.first), whole(found.settled)),
                (first, settled),
                "{optimizer:?} {eigenvalue} {delta} {found:?}"
            );
        }
    }
}

#[test]
fn gradient_descent_has_its_closed_forms() {
    let mode = |h: f64, ridge: f64| Filter::new(optimizer(Method::GradientDescent, ridge), 0.5).mode(2.0 * h);
    for (h, delta) in [(0.5_f64, 0.05_f64), (1e-3, 0.05), (1.7, 0.2), (0.03, 1e-6)] {
        let steps = mode(h, 0.0).passage(delta).first.unwrap();
        assert!((steps - delta.ln() / (1.0 - h).abs().ln()).abs() < 1e-9 * steps, "{h} {delta}");
    }
    assert_eq!(mode(1.0, 0.0).passage(0.05).first, Some(0.0));
    assert_eq!([0.0, 2.0, 2.5].map(|h| mode(h, 0.0).passage(0.05).first), [None; 3]);
    let slow = mode(1e-18, 0.0).passage(0.05).first.unwrap();
    assert!((slow / 2.995732273553991e18 - 1.0).abs() < 1e-12);
    // With a ridge: t = log((delta (Lambda+mu) - mu)/Lambda)/log(1 - eta (Lambda+mu)), and never if the limit is not below delta.
    let (value, mu, delta): (f64, f64, f64) = (0.2, 0.01, 0.1);
    let expected = ((delta * (value + mu) - mu) / value).ln() / (1.0 - 0.5 * (value + mu)).ln();
    assert!((mode(0.5 * value, mu).passage(delta).first.unwrap() - expected).abs() < 1e-9);
    assert_eq!(mode(0.5 * value, 0.1).passage(delta).first, None);
    assert!(
        (mode(0.5 * value, 0.1).settling(1e-6).unwrap() - 1e-6_f64.ln() / (1.0 - 0.5 * 0.3_f64).ln()).abs()
            < 1e-9
    );
}

/// Equispaced points on the circle and a kernel with eigenvalues of its harmonics: the residual's square is spread evenly in the mean.
#[test]
fn energies_of_mini_batches_are_those_of_many_runs() {
    const N: usize = 12;
    const RUNS: usize = 20_000;
    const STEPS: usize = 12;
    let angle = |i: usize| std::f64::consts::TAU * i as f64 / N as f64;
    let vector = |m: usize, i: usize| {
        let k = m.div_ceil(2) as f64;
        let scale = if m == 0 || m == N - 1 { 1.0 } else { 2f64.sqrt() } / (N as f64).sqrt();
        scale
            * if m % 2 == 1 {
                (k * angle(i)).cos()
            } else {
                (k * angle(i)).sin() + f64::from(u8::from(m == 0))
            }
    };
    let value = |m: usize| 1.0 / (1.0 + m.div_ceil(2) as f64).powi(2);
    let start: Vec<f64> = (0..N).map(|m| [0.0, 0.0, 1.0, 0.0, 0.0, 0.5][m % 6]).collect();
    for (batch, ridge) in [(3, 0.0), (1, 0.0), (4, 0.2)] {
        let (of, step_size) = (optimizer(Method::GradientDescent, ridge), 0.3);
        let matrix: Vec<f64> = (0..N * N)
            .map(|at| (0..N).map(|m| value(m) * vector(m, at / N) * vector(m, at % N)).sum())
            .collect();
        let mut random = ChaCha8Rng::seed_from_u64(1);
        let outputs: Vec<f64> = (0..N).map(|i| (0..N).map(|m| start[m] * vector(m, i)).sum()).collect();
        let mut squares = vec![vec![]; N];
        let mut sums = [0.0; N];
        for _ in 0..RUNS {
            let mut residual = outputs.clone();
            for _ in 0..STEPS {
                let chosen = rand::seq::index::sample(&mut random, N, batch);
                let pushed: Vec<f64> = (0..N)
                    .map(|i| {
                        let sum: f64 = chosen.iter().map(|j| matrix[i * N + j] * residual[j]).sum();
                        step_size * (N as f64 / batch as f64 * sum + ridge * (residual[i] - outputs[i]))
                    })
                    .collect();
                residual.iter_mut().zip(pushed).for_each(|(r, p)| *r -= p);
            }
            for m in 0..N {
                let along: f64 = (0..N).map(|i| residual[i] * vector(m, i)).sum();
                squares[m].push(along * along);
                sums[m] += along / RUNS as f64;
            }
        }
        let modes: Vec<(f64, f64)> = (0..N).map(|m| (value(m), start[m])).collect();
        let mut energies = Energies::new(&of, step_size, MiniBatch::new(N, batch).unwrap(), &modes).unwrap();
        (0..STEPS).for_each(|_| energies.advance());
        let filter = Filter::new(of, step_size);
        // Pairs of one degree share their noise: by degree.
        for k in 0..=N / 2 {
            let own: Vec<usize> = (0..N).filter(|m| m.div_ceil(2) == k).collect();
            let runs: Vec<f64> = (0..RUNS).map(|run| own.iter().map(|m| squares[*m][run]).sum()).collect();
            let mean = runs.iter().sum::<f64>() / RUNS as f64;
            let deviation = (runs.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / RUNS as f64).sqrt();
            let expected: f64 = own.iter().map(|m| energies.modes()[*m].square).sum();
            assert!(
                (mean - expected).abs() < 5.0 * deviation / (RUNS as f64).sqrt() + 1e-12,
                "{batch} {k}: {mean} {expected} {deviation}"
            );
        }
        for (m, mode) in energies.modes().iter().enumerate() {
            assert!((mode.mean - filter.mode(value(m)).left(STEPS as u64) * start[m]).abs() < 1e-14);
            assert!(
                (sums[m] - mode.mean).abs() < 5.0 * (mode.scatter() / RUNS as f64).sqrt() + 1e-12,
                "{batch} {m}"
            );
        }
    }
}

#[test]
fn mini_batches_are_stable_below_their_edge_and_keep_their_floor() {
    let modes: Vec<(f64, f64)> = (0..40).map(|i| (1.0 / f64::from(1 + i * i), 2.0)).collect();
    let each: Vec<(f64, f64)> = modes.iter().flat_map(|(value, _)| [(*value, 1.0); 2]).collect();
    let batch = MiniBatch::new(80, 5).unwrap();
    let edge = batch.largest_step_size(&Optimizer::GRADIENT_DESCENT, &modes);
    let total = |by: f64| {
        let mut energies = Energies::new(&Optimizer::GRADIENT_DESCENT, by * edge, batch, &each).unwrap();
        (0..60_000).for_each(|_| energies.advance());
        energies.modes()[0].square
    };
    assert!(total(0.99) < 1e-3 && total(1.01) > 1e3, "{} {}", total(0.99), total(1.01));
    assert_eq!(MiniBatch::new(80, 80).unwrap().largest_step_size(&Optimizer::GRADIENT_DESCENT, &modes), 2.0);
    // A mode that never moves keeps the others alive, at the floor.
    let step_size = 0.5 * edge;
    let mut with_rest = each.clone();
    with_rest.push((0.0, 3.0));
    let mut energies = Energies::new(&Optimizer::GRADIENT_DESCENT, step_size, batch, &with_rest).unwrap();
    (0..400_000).for_each(|_| energies.advance());
    let rates: Vec<(f64, f64)> = modes.iter().map(|(value, count)| (step_size * value, *count)).collect();
    for at in [0, 10, 60] {
        let expected = floor(batch, step_size * each[at].0, 9.0, batch.load(&rates, 0.0));
        assert!((energies.modes()[at].square / expected - 1.0).abs() < 1e-9, "{at}");
    }
    assert!(MiniBatch::new(80, 81).is_err() && MiniBatch::new(80, 0).is_err());
    let heavy = Optimizer::new(methods(0.9)[1]);
    assert!(Energies::new(&heavy, 0.1, batch, &each).is_err());
}
