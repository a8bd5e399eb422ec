//! What the spectrum implies for learning, against kernel regression and gradient descent themselves.

use hinf::{
    dynamics::{Modes, Task, learning_curve},
    math::units::Dimension,
};

#[test]
fn print_ratios() {
    for row in include_str!("data/learning_curve.csv").lines().skip(1) {
        let cells: Vec<f64> = row.split(',').map(|cell| cell.parse().unwrap()).collect();
        let [dim, ridge, noise, points, error, spread] = cells[..] else { panic!("{row}") };
        let task = Task { target: vec![(1, 1.0), (3, 0.5)], noise };
        let kernel = "two-layer:bias=true".parse().unwrap();
        let dim = Dimension::new(dim as u32).unwrap();
        let modes = learning_curve::modes_for(&kernel, dim, &task, points as u64, ridge).unwrap();
        let found = learning_curve::at(&modes, &task, points as u64, ridge).unwrap();
        println!(
            "{row}: {:.3} +- {:.3}  K={} trunc={:.1e}",
            error / found.error(),
            spread / found.error(),
            modes.modes().len(),
            found.truncation
        );
    }
}
