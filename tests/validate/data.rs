//! Flaws in the points and the labels.

use super::SOUND;
use hinf::{
    experiment::{Pipeline, validate::Flaw},
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

/// The chain with one of these flaws in it.
pub fn flawed(flaw: Flaw) -> Option<Pipeline> {
    Some(match flaw {
        Flaw::CrowdedPoints => {
            Pipeline { points: |design, d, n, seed| Ok(crowded(points(design, d, n, seed)?)), ..SOUND }
        }
        Flaw::CrowdedData => Pipeline {
            data: |source, reading| {
                let data = read(source, reading)?;
                Ok(Data { points: crowded(data.points), ..data })
            },
            ..SOUND
        },
        Flaw::ShuffledData => Pipeline {
            data: |source, reading| {
                let data = read(source, reading)?;
                let mixed = |labels: Labels| Labels { values: shuffled(labels.values), ..labels };
                Ok(Data { labels: data.labels.map(mixed), ..data })
            },
            ..SOUND
        },
        Flaw::ShuffledLabels => {
            Pipeline { harmonic: |d, k, which, at| Ok(shuffled(harmonic(d, k, which, at)?)), ..SOUND }
        }
        Flaw::NextDegree => Pipeline { harmonic: |d, k, which, at| harmonic(d, k + 1, which, at), ..SOUND },
        Flaw::FrequenciesExchanged => Pipeline {
            harmonic: |d, k, which, at| {
                harmonic(d, [(4, 14), (14, 4)].iter().find(|x| x.0 == k).map_or(k, |x| x.1), which, at)
            },
            ..SOUND
        },
        Flaw::NoNoise => Pipeline { noise: |n, _, _| vec![0.0; n], ..SOUND },
        Flaw::ThreefoldNoise => Pipeline { noise: |n, s, seed| noise(n, 3.0 * s, seed), ..SOUND },
        _ => return None,
    })
}
