//! Flaws in the points and the labels.

use super::{SOUND, Sabotage};
use hinf::{
    experiment::pipeline::Pipeline,
    sample::{Data, Labels, Points, data::read, from_file, points},
    train::target::{harmonic, noise},
};

/// Drawn towards the first axis.
fn crowded(drawn: Points) -> Points {
    let width = drawn.dim().get() as usize + 1;
    let mut text = String::new();
    for x in drawn.coordinates().chunks_exact(width) {
        let shifted: Vec<String> =
            x.iter().enumerate().map(|(j, x)| if j == 0 { x + 0.5 } else { *x }.to_string()).collect();
        text.push_str(&(shifted.join(",") + "\n"));
    }
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    from_file(file.path(), None).unwrap().points
}

/// In another order, the same each time.
fn shuffled(values: Vec<f64>) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by_key(|i| (*i as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    order.into_iter().map(|i| values[i]).collect()
}

pub fn sabotages() -> Vec<Sabotage> {
    vec![
        Sabotage {
            what: "points crowded on one side",
            pipeline: Pipeline {
                points: |design, d, n, seed| Ok(crowded(points(design, d, n, seed)?)),
                ..SOUND
            },
            fails: "circle-steps deep-start harmonics never-learned residual-start sample-bias sample-deep sample-free \
                    sample-null-space sample-residual sphere-steps",
        },
        Sabotage {
            what: "a user's points crowded on one side",
            pipeline: Pipeline {
                data: |source, reading| {
                    let data = read(source, reading)?;
                    Ok(Data { points: crowded(data.points), ..data })
                },
                ..SOUND
            },
            fails: "bound",
        },
        Sabotage {
            what: "a user's labels shuffled",
            pipeline: Pipeline {
                data: |source, reading| {
                    let data = read(source, reading)?;
                    let mixed = |labels: Labels| Labels { values: shuffled(labels.values), ..labels };
                    Ok(Data { labels: data.labels.map(mixed), ..data })
                },
                ..SOUND
            },
            fails: "bound",
        },
        Sabotage {
            what: "labels shuffled",
            pipeline: Pipeline {
                harmonic: |d, k, which, at| Ok(shuffled(harmonic(d, k, which, at)?)),
                ..SOUND
            },
            fails: "circle-slope circle-steps deep-start deep-steps early-stopping low-first never-learned odd-and-even \
                    residual-start residual-steps sphere-steps",
        },
        Sabotage {
            what: "labels of the next degree",
            pipeline: Pipeline { harmonic: |d, k, which, at| harmonic(d, k + 1, which, at), ..SOUND },
            fails: "circle-slope circle-steps deep-start early-stopping low-first never-learned odd-and-even \
                    residual-start residual-steps sphere-steps",
        },
        Sabotage {
            what: "the two frequencies of the mixture exchanged",
            pipeline: Pipeline {
                harmonic: |d, k, which, at| {
                    harmonic(d, [(4, 14), (14, 4)].iter().find(|x| x.0 == k).map_or(k, |x| x.1), which, at)
                },
                ..SOUND
            },
            fails: "circle-steps low-first never-learned odd-and-even sphere-steps",
        },
        Sabotage {
            what: "labels without their noise",
            pipeline: Pipeline { noise: |n, _, _| vec![0.0; n], ..SOUND },
            fails: "early-stopping",
        },
        Sabotage {
            what: "noise three times as large",
            pipeline: Pipeline { noise: |n, s, seed| noise(n, 3.0 * s, seed), ..SOUND },
            fails: "early-stopping",
        },
    ]
}
