use super::{mini_batch::Batches, *};
use crate::optimizer::Momentum;

fn methods() -> [Method; 4] {
    let beta = Momentum::new(0.75).unwrap();
    [Method::GradientDescent, Method::HeavyBall(beta), Method::Nesterov(beta), Method::TorchNesterov(beta)]
}

/// The parameters after each step on `1/2 sum_i c_i (w_i - 1)^2` with a ridge, by the textbook's two-line form of each method, in which
/// displacements are differences of parameters.
fn textbook(method: Method, mu: f64, step: f64, steps: usize) -> Vec<[f64; 3]> {
    let (curvature, start) = ([0.3, 1.0, 2.5], [4.0, -2.0, 0.5]);
    let gradient = |w: [f64; 3]| -> [f64; 3] {
        std::array::from_fn(|i| curvature[i] * (w[i] - 1.0) + mu * (w[i] - start[i]))
    };
    let less = |w: [f64; 3], g: [f64; 3]| -> [f64; 3] { std::array::from_fn(|i| w[i] - step * g[i]) };
    let beyond = |w: [f64; 3], before: [f64; 3], beta: f64| -> [f64; 3] {
        std::array::from_fn(|i| w[i] + beta * (w[i] - before[i]))
    };
    let (mut w, mut before) = (start, start);
    let mut all = vec![];
    for _ in 0..steps {
        let next = match method {
            Method::GradientDescent => less(w, gradient(w)),
            Method::HeavyBall(beta) => less(beyond(w, before, beta.get()), gradient(w)),
            Method::Nesterov(beta) | Method::TorchNesterov(beta) => {
                let ahead = beyond(w, before, beta.get());
                less(ahead, gradient(ahead))
            }
        };
        before = std::mem::replace(&mut w, next);
        all.push(match method {
            Method::TorchNesterov(beta) => beyond(w, before, beta.get()),
            _ => w,
        });
    }
    all
}

fn moved<T: Real>(method: Method, mu: f64, step: f64, steps: usize) -> Vec<[f64; 3]> {
    let motion = Motion::<T>::of(&Optimizer::new(method).with_ridge(mu).unwrap());
    let mut w = [4.0, -2.0, 0.5].map(T::of);
    let Past { mut velocity, anchor } = motion.at_rest(&w);
    let take = |_| {
        motion.look_ahead(&mut w, &mut velocity);
        let at = w;
        motion.step(&mut w, &mut velocity, &anchor, step, |target| {
            for i in 0..3 {
                target[i] += T::of(-step * [0.3, 1.0, 2.5][i] * (at[i].to_f64() - 1.0));
            }
        });
        w.map(Real::to_f64)
    };
    (0..steps).map(take).collect()
}

#[test]
fn parameters_move_as_the_textbook_says() {
    for method in methods() {
        for mu in [0.0, 0.2] {
            let expected = textbook(method, mu, 0.1, 60);
            for (found, tolerance) in
                [(moved::<f64>(method, mu, 0.1, 60), 1e-14), (moved::<f32>(method, mu, 0.1, 60), 1e-5)]
            {
                for (t, (found, expected)) in found.iter().zip(&expected).enumerate() {
                    for i in 0..3 {
                        assert!(
                            (found[i] - expected[i]).abs() < tolerance * 4.0,
                            "{method:?} {mu} {t}: {found:?} {expected:?}"
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn batches_are_fair_and_depend_on_seed_and_step_alone() {
    let batches = Batches { size: 7, seed: 3 };
    assert_eq!(batches.chosen(5, 40), batches.chosen(5, 40));
    assert_ne!(batches.chosen(5, 40), batches.chosen(6, 40));
    assert_ne!(batches.chosen(5, 40), Batches { seed: 4, ..batches }.chosen(5, 40));
    let mut counts = [0.0; 40];
    for step in 0..4000 {
        let chosen = batches.chosen(step, 40);
        assert!(chosen.len() == 7 && chosen.is_sorted_by(|a, b| a < b) && chosen[6] < 40);
        chosen.iter().for_each(|i| counts[*i] += 1.0);
    }
    // 4000 draws of 7/40: each count has standard deviation 24 about 700.
    assert!(counts.iter().all(|count: &f64| (count - 700.0).abs() < 120.0), "{counts:?}");
    let mut slopes = vec![1.0; 40];
    batches.thin(9, &mut slopes);
    assert!((slopes.iter().sum::<f64>() - 40.0).abs() < 1e-12);
    assert_eq!(slopes.iter().filter(|s| **s != 0.0).count(), 7);
    let mut all = vec![0.5; 4];
    batches.thin(0, &mut all);
    assert_eq!(all, [0.5; 4]);
}
