//! Lists as other codes make them: formulas and quadratures of their own, in doubles.

use super::*;
use std::f64::consts::PI;

/// Nodes and weights of Gauss-Legendre on `[0, pi]`, by Newton's method on the recurrence.
fn rule(n: usize) -> Vec<(f64, f64)> {
    let node = |i: usize| {
        let mut x = (PI * (i as f64 + 0.75) / (n as f64 + 0.5)).cos();
        let mut slope = 0.0;
        for _ in 0..100 {
            let (mut p, mut q) = (1.0, 0.0);
            for j in 0..n {
                (p, q) = (((2 * j + 1) as f64 * x * p - j as f64 * q) / (j + 1) as f64, p);
            }
            slope = n as f64 * (x * p - q) / (x * x - 1.0);
            x -= p / slope;
        }
        (PI / 2.0 * (1.0 + x), PI / ((1.0 - x * x) * slope * slope))
    };
    (0..n).map(node).collect()
}

/// `|S^d|` by the recurrence of areas.
fn area(d: u32) -> f64 {
    match d {
        0 => 2.0,
        1 => 2.0 * PI,
        _ => area(d - 2) * 2.0 * PI / f64::from(d - 1),
    }
}

/// `N(d,k)` as a difference of binomials.
fn count(d: u32, k: u32) -> f64 {
    let binomial = |n: i64, r: i64| (1..=r).fold(1.0, |c, i| c * (n - r + i) as f64 / i as f64);
    let (d, k) = (i64::from(d), i64::from(k));
    binomial(k + d, d) - if k >= 2 { binomial(k + d - 2, d) } else { 0.0 }
}

/// Eigenvalues of degree 0 to `top` under the probability measure, as scripts compute them.
fn quadrature(kernel: impl Fn(f64) -> f64, d: u32, top: u32) -> Vec<f64> {
    let constant = area(d - 1) / area(d);
    let mut sums = vec![0.0; top as usize + 1];
    for (theta, weight) in rule(300) {
        let (t, measure) = (theta.cos(), theta.sin().powi(d as i32 - 1));
        let (mut p, mut q) = (1.0, 0.0);
        for (k, sum) in sums.iter_mut().enumerate() {
            *sum += constant * weight * measure * kernel(theta) * p;
            let (k, d) = (k as f64, f64::from(d));
            let next = if k == 0.0 { t } else { ((2.0 * k + d - 1.0) * t * p - k * q) / (k + d - 1.0) };
            (p, q) = (next, p);
        }
    }
    sums
}

fn two_layer(theta: f64) -> f64 {
    (theta.cos() + 1.0) * (PI - theta) / (4.0 * PI)
}

fn free(theta: f64) -> f64 {
    theta.cos() * (PI - theta) / (2.0 * PI)
}

/// The tangent kernel of a relu network and its process kernel, by the recursion over layers.
fn relu(theta: f64, depth: u32, w: f64, first: f64, b: f64) -> (f64, f64) {
    let (mut q, mut sigma) = (first, first * theta.cos());
    let mut tangent = sigma + b;
    for _ in 0..depth {
        let angle = (sigma / q).clamp(-1.0, 1.0).acos();
        let step = (PI - angle) / (2.0 * PI);
        let ramp = q / (2.0 * PI) * (angle.sin() + (PI - angle) * angle.cos());
        tangent = w * tangent * step + w * ramp + b;
        (sigma, q) = (w * ramp, w * q / 2.0);
    }
    (tangent, sigma)
}

fn ntk(depth: u32) -> impl Fn(f64) -> f64 {
    move |theta| relu(theta, depth, 2.0, 1.0, 0.0).0
}

fn laplace(theta: f64) -> f64 {
    (-2.0 * (theta / 2.0).sin()).exp()
}

fn gaussian(theta: f64) -> f64 {
    (theta.cos() - 1.0).exp()
}

fn arc_cosine(theta: f64) -> f64 {
    (theta.sin() + (PI - theta) * theta.cos()) / PI
}

fn scaled(values: &[f64], factor: impl Fn(u32) -> f64) -> Vec<f64> {
    values.iter().zip(0..).map(|(x, k)| x * factor(k)).collect()
}

struct Asked {
    spec: &'static str,
    dim: u32,
    order: Option<Order>,
    points: Option<u64>,
}

fn asked(spec: &'static str, dim: u32) -> Asked {
    Asked { spec, dim, order: None, points: None }
}

fn answered(asked: &Asked, entries: Vec<Entry>) -> Finding {
    let kernel = asked.spec.parse().unwrap();
    let question = Question {
        entries: &entries,
        kernel: &kernel,
        dim: asked.dim,
        order: asked.order,
        points: asked.points,
        spectrum: crate::spectrum::spectrum,
    };
    check(&question, &crate::progress::Unwatched).unwrap()
}

fn bare(values: &[f64]) -> Vec<Entry> {
    values.iter().map(|x| Entry { degree: None, text: format!("{x:?}") }).collect()
}

fn with_degrees(values: &[f64]) -> Vec<Entry> {
    values.iter().zip(0..).map(|(x, k)| Entry { degree: Some(k), text: format!("{x:?}") }).collect()
}

/// Each family of kernels in each convention, as bare lists; the factor found is the factor used.
#[test]
fn lists_of_other_codes_are_recognised() {
    type Kernel = Box<dyn Fn(f64) -> f64>;
    let families: [(&str, Kernel); 7] = [
        ("two-layer:bias=true", Box::new(two_layer)),
        ("ntk:depth=1", Box::new(ntk(1))),
        ("ntk:depth=3", Box::new(ntk(3))),
        ("nngp:depth=2", Box::new(|theta| relu(theta, 2, 2.0, 1.0, 0.0).1)),
        ("laplace", Box::new(laplace)),
        ("gaussian", Box::new(gaussian)),
        ("arc-cosine:order=1", Box::new(arc_cosine)),
    ];
    for (spec, kernel) in families {
        for d in [2u32, 3] {
            let values = quadrature(&kernel, d, 12);
            let diagonal = kernel(0.0);
            type Factor = Box<dyn Fn(u32) -> f64>;
            let conventions: [(&str, Factor); 7] = [
                ("1", Box::new(|_| 1.0)),
                ("|S^d|", Box::new(move |_| area(d))),
                ("N(d,k)", Box::new(move |k| count(d, k))),
                ("1/K(1)", Box::new(move |_| 1.0 / diagonal)),
                ("|S^d|/d", Box::new(move |_| area(d) / f64::from(d))),
                ("N(d,k)/K(1)", Box::new(move |k| count(d, k) / diagonal)),
                ("pi", Box::new(|_| PI)),
            ];
            for (factor, by) in conventions {
                let found = answered(&asked(spec, d), bare(&scaled(&values, by)));
                assert!(found.is_right(), "{spec} on S^{d}, {factor}: {}", found.text);
                let same = |text: &str| text == factor;
                match &found.convention {
                    // 1/K(1) = 1 and N(d,k)/K(1) = N(d,k) where K(1) = 1.
                    None => {
                        assert!(factor == "1" || factor == "1/K(1)" && diagonal == 1.0, "{spec}: {factor}")
                    }
                    Some(one) => {
                        let plain = diagonal == 1.0 && one.factor == "N(d,k)" && factor == "N(d,k)/K(1)";
                        let named = found.ambiguous.iter().any(|text| text.contains(factor));
                        assert!(same(&one.factor) || plain || named, "{spec}: {} for {factor}", one.factor);
                        assert_eq!((one.dim_shift, one.index_shift), (0, 0));
                    }
                }
            }
        }
    }
}

/// What each named convention writes for "dimension `d`", by its own formula: the sphere, and the factor from area, count and diagonal.
fn named(name: &str, d: u32, diagonal: f64) -> (u32, Box<dyn Fn(u32) -> f64>) {
    match name {
        "probability" => (d, Box::new(|_| 1.0)),
        "paper" => (d, Box::new(move |_| area(d) / f64::from(d))),
        "neural-tangents" => (d, Box::new(move |_| 1.0 / f64::from(d + 1))),
        "bietti-bach" | "simon" => (d - 1, Box::new(|_| 1.0)),
        "yang-salman" | "geifman" => (d - 1, Box::new(move |_| 1.0 / diagonal)),
        "pehlevan" => (d - 1, Box::new(move |k| count(d - 1, k))),
        other => panic!("{other}"),
    }
}

/// Every named convention with every family of kernels: recognised by name as a list, truncated and shuffled; with one value wrong refused, and that one
/// named.
#[test]
fn named_conventions_are_recognised_for_every_family() {
    type Kernel = Box<dyn Fn(f64) -> f64>;
    let families: [(&str, Kernel); 6] = [
        ("two-layer:bias=true", Box::new(two_layer)),
        ("ntk:depth=2", Box::new(ntk(2))),
        ("nngp:depth=2", Box::new(|theta| relu(theta, 2, 2.0, 1.0, 0.0).1)),
        ("laplace", Box::new(laplace)),
        ("gaussian", Box::new(gaussian)),
        ("arc-cosine:order=1", Box::new(arc_cosine)),
    ];
    let (d, mut recognised, mut refused) = (5, 0, 0);
    for (spec, kernel) in families {
        let diagonal = kernel(0.0);
        for one in crate::spectrum::convention::NAMED {
            let (sphere, factor) = named(one.name, d, diagonal);
            let values = scaled(&quadrature(&kernel, sphere, 9), factor);
            let mut shuffled = with_degrees(&values);
            shuffled.sort_by_key(|entry| entry.degree.map(|k| (7 * k + 3) % 11));
            shuffled.truncate(8);
            for entries in [bare(&values), bare(&values[..6]), shuffled] {
                let found = answered(&asked(spec, d), entries);
                assert!(found.is_right(), "{spec} in {}: {}", one.name, found.text);
                let names = found
                    .convention
                    .as_ref()
                    .map_or(vec!["probability".to_owned()], |found| found.names.clone());
                // Where K(1) = 1, shares of the trace are eigenvalues.
                let same = diagonal == 1.0 && ["yang-salman", "geifman"].contains(&one.name);
                let listed = names.iter().any(|name| name == one.name || same && name == "bietti-bach");
                assert!(listed, "{spec} in {}: {names:?} {}", one.name, found.text);
                recognised += 1;
            }
            // Searching on through all conventions takes long: two families show it.
            if spec.starts_with("ntk") || spec.starts_with("laplace") {
                let mut wrong = values.clone();
                wrong[3] *= 1.0 + 1e-5;
                let found = answered(&asked(spec, d), bare(&wrong));
                assert_eq!(
                    (found.verdict, found.first_wrong),
                    (Verdict::Wrong, Some(3)),
                    "{spec}: {}",
                    found.text
                );
                refused += 1;
            }
        }
    }
    assert!(recognised >= 40 && refused >= 16, "{recognised} {refused}");
}

/// The sphere, the index, the variance, the order.
#[test]
fn shifts_variances_and_orders_are_found() {
    let values = quadrature(two_layer, 3, 15);
    let found = answered(&asked("two-layer:bias=true", 4), bare(&values));
    let convention = found.convention.unwrap();
    assert_eq!((convention.dim_shift, convention.index_shift), (-1, 0), "{}", convention.text);
    assert!(convention.names.iter().any(|name| name == "bietti-bach"));

    let found = answered(&asked("two-layer:bias=true", 3), bare(&values[1..]));
    assert_eq!(found.convention.unwrap().index_shift, 1);

    for (w, first, word) in
        [(1.0, 1.0, "weights of variance 1"), (2.0, 2.0, "first layer"), (2.0, 0.5, "neural-tangents")]
    {
        let other = |theta: f64| relu(theta, 2, w, first, 0.1).0;
        let found = answered(&asked("ntk:depth=2,b=0.1", 3), bare(&quadrature(other, 3, 12)));
        let convention = found.convention.unwrap_or_else(|| panic!("{w} {first}: {}", found.text));
        assert!(convention.text.contains(word), "{}", convention.text);
        assert!(convention.kernel.is_some());
    }

    // As eigh gives them: each as often as its multiplicity, times n, shuffled.
    let mut all: Vec<f64> = Vec::new();
    for (k, value) in (0..).zip(&quadrature(laplace, 2, 30)) {
        all.extend(std::iter::repeat_n(*value, count(2, k) as usize));
    }
    all.truncate(150);
    all.sort_by_key(|x| (x.to_bits().wrapping_mul(0x9e37_79b9_7f4a_7c15)) >> 20);
    let sorted = Asked { order: Some(Order::Sorted), ..asked("laplace", 2) };
    let found = answered(&sorted, bare(&all));
    assert_eq!((found.verdict, found.order), (Verdict::Right, Order::Sorted), "{}", found.text);
    assert_eq!(found.rows.len(), 13, "12^2 = 144 values, and 6 of the next degree");
    let times_n: Vec<f64> = all.iter().map(|x| 150.0 * x).collect();
    assert_eq!(answered(&sorted, bare(&times_n)).convention.unwrap().factor, "n");
    let of_1000: Vec<f64> = all.iter().map(|x| 1000.0 * x).collect();
    let found = answered(&Asked { points: Some(1000), ..sorted }, bare(&of_1000));
    assert_eq!(found.convention.unwrap().factor, "n");

    // Degrees that stand beside the numbers may come in any order, and some may be missing.
    let mut entries = with_degrees(&quadrature(gaussian, 5, 9));
    entries.reverse();
    entries.remove(3);
    assert_eq!(answered(&asked("gaussian", 5), entries).verdict, Verdict::Right);

    // Single precision, and few digits.
    let values = quadrature(ntk(2), 2, 10);
    let single: Vec<f64> = values.iter().map(|x| f64::from(*x as f32)).collect();
    let found = answered(&asked("ntk:depth=2", 2), bare(&single));
    assert!(found.verdict == Verdict::Right && found.precision > 1e-9, "{}", found.text);
    let short: Vec<Entry> = values.iter().map(|x| Entry { degree: None, text: format!("{x:.3e}") }).collect();
    assert_eq!(answered(&asked("ntk:depth=2", 2), short).verdict, Verdict::Right);
}

#[test]
fn lost_precision_is_told_from_a_wrong_formula() {
    // Sums of doubles of size 1 leave so much.
    let noise = |k: u32| 2e-16 * (7.3 * f64::from(k)).sin();
    let values: Vec<f64> =
        (0..).zip(quadrature(two_layer, 10, 40)).map(|(k, value)| value + noise(k)).collect();
    let found = answered(&asked("two-layer:bias=true", 10), bare(&values));
    let from = found.noise_from.unwrap_or_else(|| panic!("{}", found.text));
    assert_eq!(found.verdict, Verdict::NoiseFrom);
    assert!((8..40).contains(&from) && !found.is_right(), "{}", found.text);
    // The same on another sphere's convention: the convention is found all the same.
    let found = answered(&asked("two-layer:bias=true", 11), bare(&values));
    assert_eq!((found.verdict, found.convention.unwrap().dim_shift), (Verdict::NoiseFrom, -1));
}

/// Forty lists that are wrong, each refused, and where one value is wrong that one is named.
#[test]
fn wrong_lists_are_refused() {
    let families: [(&'static str, Vec<f64>); 5] = [
        ("two-layer:bias=true", quadrature(two_layer, 2, 12)),
        ("ntk:depth=2", quadrature(ntk(2), 2, 12)),
        ("laplace", quadrature(laplace, 2, 12)),
        ("gaussian", quadrature(gaussian, 2, 8)),
        ("arc-cosine:order=1", quadrature(arc_cosine, 2, 12)),
    ];
    let mut refused = 0;
    for (spec, values) in &families {
        let top = values.len() - 1;
        for (at, change) in [(0, 1.01), (1, 0.999), (4, 1.0 + 1e-6), (top, 1.05), (2, -1.0)] {
            let mut wrong = values.clone();
            wrong[at] *= change;
            let found = answered(&asked(spec, 2), bare(&wrong));
            assert_eq!(
                (found.verdict, found.first_wrong),
                (Verdict::Wrong, Some(at as u64)),
                "{spec} {at}: {}",
                found.text
            );
            assert!(found.rows.iter().filter(|row| !row.right).count() == 1);
            refused += 1;
        }
        // In another convention, and one value wrong in it.
        let mut wrong = scaled(values, |_| area(2));
        wrong[4] *= 1.001;
        let found = answered(&asked(spec, 2), bare(&wrong));
        assert_eq!((found.verdict, found.first_wrong), (Verdict::Wrong, Some(4)), "{spec}: {}", found.text);
        assert_eq!(found.nearest.unwrap().factor, "|S^d|");
        let mut swapped = values.clone();
        swapped.swap(2, 4);
        for wrong in [scaled(values, |_| 3.7), scaled(values, |k| 1.0 + 0.01 * f64::from(k)), swapped] {
            let found = answered(&Asked { order: Some(Order::List), ..asked(spec, 2) }, bare(&wrong));
            assert_eq!(found.verdict, Verdict::Wrong, "{spec}: {}", found.text);
            refused += 1;
        }
        refused += 1;
    }
    let other: [(&'static str, Vec<f64>); 7] = [
        ("ntk:depth=2", quadrature(ntk(3), 2, 12)),
        ("ntk:depth=2", quadrature(|theta| relu(theta, 2, 2.0, 1.0, 0.0).1, 2, 12)),
        ("ntk:depth=2,b=0.1", quadrature(ntk(2), 2, 12)),
        ("two-layer:bias=true", quadrature(free, 2, 12)),
        ("laplace:c=1", quadrature(|theta| laplace(1.01 * theta), 2, 12)),
        ("laplace", quadrature(gaussian, 2, 12)),
        ("two-layer:bias=true", vec![0.1, 0.2, 0.3]),
    ];
    for (spec, values) in other {
        let found = answered(&asked(spec, 2), bare(&values));
        assert_eq!(found.verdict, Verdict::Wrong, "{spec}: {}", found.text);
        refused += 1;
    }
    assert!(refused >= 40, "{refused}");
}

/// One number that some product of two factors happens to hit is no evidence.
#[test]
fn few_digits_are_no_evidence() {
    let one = |text: &str| vec![Entry { degree: Some(0), text: text.into() }];
    let verdict = |text: &str| answered(&asked("two-layer:bias=true", 2), one(text)).verdict;
    assert_eq!(verdict("0.15625"), Verdict::Right);
    assert_eq!(verdict("0.16"), Verdict::Right);
    assert_eq!(verdict("1.96"), Verdict::Wrong);
    assert_eq!(verdict("1.963495408493621"), Verdict::RightInAnotherConvention);
}

#[test]
fn a_factor_that_no_convention_has_is_told() {
    let values = scaled(&quadrature(laplace, 2, 12), |_| 3.7);
    let found = answered(&Asked { order: Some(Order::List), ..asked("laplace", 2) }, bare(&values));
    assert!(found.text.contains("every value is 3.7000000000 times the right one"), "{}", found.text);
}
