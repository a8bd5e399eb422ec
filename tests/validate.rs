//! Every claim holds, and can fail: a table of sabotages, each of which must bring down the claim that is there to catch it.

#![allow(clippy::unwrap_used, clippy::panic)]

use hinf::{
    cli::validate::{claims::Size, judged, runner::Runner, write_circles},
    progress::Unwatched,
    report::html::Status,
};
use serde_json::{Value, json};
use std::path::Path;

/// What is done to the chain.
struct Sabotage {
    what: &'static str,
    /// The claim that must fail, by a part of its sentence.
    caught_by: &'static str,
    /// Another command run in a command's place.
    command: fn(&str) -> String,
    /// A change of a command's result.
    result: fn(&str, &mut Value),
}

fn same(command: &str) -> String {
    command.to_owned()
}

fn untouched(_: &str, _: &mut Value) {}

fn each_row(value: &mut Value, change: impl Fn(&mut Value)) {
    value["rows"].as_array_mut().into_iter().flatten().for_each(change);
}

fn scale(row: &mut Value, key: &str, factor: f64) {
    if let Some(x) = row[key].as_f64() {
        row[key] = json!(x * factor);
    }
}

/// Training results with the predicted steps `factor` times what they are.
fn predictions_off(value: &mut Value, factor: f64) {
    each_row(value, |row| {
        scale(row, "predicted_steps", factor);
        scale(row, "ratio", 1.0 / factor);
    });
}

fn is_train(command: &str, dim: &str) -> bool {
    command.starts_with("train") && command.contains(dim)
}

/// Sampled against another kernel's prediction.
fn against(command: &str, kernel: &str, other: &str) -> String {
    if !command.starts_with("gram") || command.contains("--data") || command.contains("--against") {
        return command.to_owned();
    }
    command.replace(&format!("--kernel {kernel} "), &format!("--kernel {kernel} --against {other} "))
}

const SABOTAGES: [Sabotage; 23] = [
    Sabotage {
        what: "an eigenvalue off by 2 on the circle",
        caught_by: "Steps on the circle are as predicted",
        command: same,
        result: |command, value| {
            if is_train(command, "--dim 1") {
                predictions_off(value, 2.0)
            }
        },
    },
    Sabotage {
        what: "an eigenvalue off by 2 on the sphere",
        caught_by: "Steps on S^2 are as predicted",
        command: same,
        result: |command, value| {
            if is_train(command, "--dim 2") {
                predictions_off(value, 0.5)
            }
        },
    },
    Sabotage {
        what: "the bias swapped in the prediction for a sample",
        caught_by: "Samples agree with the spectrum of two-layer:bias=true",
        command: |command| against(command, "two-layer:bias=true", "two-layer"),
        result: untouched,
    },
    Sabotage {
        what: "the bias left out of the network",
        caught_by: "odd and even degrees are learned alike",
        command: |command| {
            command.replace("two-layer --bias --dim 1 --degrees 2..7", "two-layer --dim 1 --degrees 2..7")
        },
        result: untouched,
    },
    Sabotage {
        what: "a bias slipped into the bias-free network",
        caught_by: "Without bias odd degrees from 3 on are never learned",
        command: |command| command.replace("two-layer --dim 1", "two-layer --bias --dim 1"),
        result: untouched,
    },
    Sabotage {
        what: "an odd part that is not linear",
        caught_by: "Without bias odd degrees from 3 on are never learned",
        command: same,
        result: |command, value| {
            if is_train(command, "two-layer --dim 1") {
                each_row(value, |row| scale(row, "odd_departure", 1e6));
            }
        },
    },
    Sabotage {
        what: "the exponent d instead of d+1",
        caught_by: "Steps grow with k like the exact spectrum says",
        command: same,
        result: |_, value| scale(&mut value["fit"], "predicted_slope", 0.5),
    },
    Sabotage {
        what: "the series normalisation passed off as probability",
        caught_by: "Eigenvalues of the biased model on the circle",
        command: |command| {
            let series = if command.starts_with("table") { " --normalization series" } else { "" };
            format!("{command}{series}")
        },
        result: untouched,
    },
    Sabotage {
        what: "a kernel without its 1/pi",
        caught_by: "Samples agree with the spectrum of two-layer:bias=true",
        command: |command| against(command, "two-layer:bias=true", "expr:(t+1)*(pi-theta)/4"),
        result: untouched,
    },
    Sabotage {
        what: "a depth too few",
        caught_by: "Samples agree with the spectrum of ntk:depth=3",
        command: |command| against(command, "ntk:depth=3", "ntk:depth=2"),
        result: untouched,
    },
    Sabotage {
        what: "a residual branch of the wrong size",
        caught_by: "Samples agree with the spectrum of resnet",
        command: |command| against(command, "resnet:depth=3,alpha=1/2", "resnet:depth=3"),
        result: untouched,
    },
    Sabotage {
        what: "the right prediction where a wrong one is asked for",
        caught_by: "Another kernel's prediction is rejected",
        command: |command| command.replace(" --against two-layer:bias=true", ""),
        result: untouched,
    },
    Sabotage {
        what: "odd degrees put into the sampled kernel",
        caught_by: "The null space is absent in the sample",
        command: |command| {
            command.replace(
                "--kernel two-layer --dim 2 --degrees 0..5",
                "--kernel two-layer:bias=true --dim 2 --degrees 0..5",
            )
        },
        result: untouched,
    },
    Sabotage {
        what: "eigenvectors that are not harmonics",
        caught_by: "Eigenfunctions are spherical harmonics",
        command: same,
        result: |_, value| each_row(value, |row| scale(row, "alignment", 0.7)),
    },
    Sabotage {
        what: "labels of another frequency",
        caught_by: "The generalisation bound",
        command: |command| command.replace("circle-15.csv", "circle-5.csv"),
        result: untouched,
    },
    Sabotage {
        what: "points crowded on one side",
        caught_by: "The generalisation bound",
        command: |command| command.replace("circle-", "crowded-"),
        result: untouched,
    },
    Sabotage {
        what: "shuffled labels: pure noise",
        caught_by: "Steps on the circle are as predicted",
        command: |command| {
            let noisy = command.starts_with("train --model two-layer --bias --dim 1 --degrees 2..");
            format!("{command}{}", if noisy { " --noise 20" } else { "" })
        },
        result: untouched,
    },
    Sabotage {
        what: "a step size counted twice",
        caught_by: "Steps on the circle are as predicted",
        command: same,
        result: |command, value| {
            if is_train(command, "--dim 1") {
                each_row(value, |row| {
                    scale(row, "measured_steps", 0.5);
                    scale(row, "ratio", 0.5);
                });
            }
        },
    },
    Sabotage {
        what: "weights that hardly move: a frozen layer",
        caught_by: "A deep network follows its kernel",
        command: |command| {
            let frozen = command.starts_with("train --model mlp");
            format!("{command}{}", if frozen { " --max-steps 1" } else { "" })
        },
        result: untouched,
    },
    Sabotage {
        what: "a plain network passed off as a residual one",
        caught_by: "A residual network follows its kernel",
        command: same,
        result: |command, value| {
            if command.contains("resnet") {
                each_row(value, |row| scale(row, "predicted_steps_finite", 1.5));
            }
        },
    },
    Sabotage {
        what: "no noise in the labels",
        caught_by: "Early stopping filters noise",
        command: |command| command.replace(" --noise 1 ", " "),
        result: untouched,
    },
    Sabotage {
        what: "high frequencies first",
        caught_by: "Low frequencies are learned before high ones",
        command: same,
        result: |command, value| {
            if command.contains("--target")
                && let Some(rows) = value["rows"].as_array_mut()
            {
                let steps: Vec<Value> = rows.iter().rev().map(|row| row["measured_steps"].clone()).collect();
                rows.iter_mut().zip(steps).for_each(|(row, n)| row["measured_steps"] = n);
            }
        },
    },
    Sabotage {
        what: "an identity that no longer holds",
        caught_by: "The eigenvalues sum to K(1)",
        command: same,
        result: |_, value| {
            each_row(value, |row| {
                if row["identity"] == "trace" {
                    row["status"] = json!("fails");
                }
            });
        },
    },
];

/// The circles again, with all points on an arc.
fn write_crowded(folder: &Path) {
    for k in hinf::cli::validate::claims::BOUND_DEGREES {
        let row = |i: u32| {
            let theta = 1.5 * f64::from(i) / 120.0;
            format!("{},{},{}\n", theta.cos(), theta.sin(), (f64::from(k) * theta).cos())
        };
        let text = "x1,x2,y\n".to_owned() + &(0..120).map(row).collect::<String>();
        std::fs::write(folder.join(format!("crowded-{k}.csv")), text).unwrap();
    }
}

#[test]
fn each_claim_holds_and_each_sabotage_is_caught() {
    let folder = tempfile::tempdir().unwrap();
    write_circles(folder.path()).unwrap();
    write_crowded(folder.path());
    let runner = Runner::new(folder.path().to_owned()).unwrap();
    let honest = judged(Size::Quick, &|command| runner.run(command), &Unwatched);
    for (_, claim) in &honest {
        assert_eq!(claim.status, Status::Holds, "{claim:?}");
    }
    for sabotage in &SABOTAGES {
        let run = |command: &str| {
            let mut value = runner.run(&(sabotage.command)(command))?;
            (sabotage.result)(command, &mut value);
            Ok(value)
        };
        let rows = judged(Size::Quick, &run, &Unwatched);
        let failed: Vec<&str> =
            rows.iter().filter(|(_, c)| c.status == Status::Fails).map(|(_, c)| c.claim.as_str()).collect();
        let caught = failed.iter().any(|claim| claim.contains(sabotage.caught_by));
        assert!(caught, "{} is not caught by {:?}; it fails {failed:?}", sabotage.what, sabotage.caught_by);
    }
}

#[test]
fn a_second_run_goes_on_with_what_was_kept() {
    let folder = tempfile::tempdir().unwrap();
    let command = "table --kernel two-layer --dim 2 --degrees 0..2";
    let first = Runner::new(folder.path().to_owned()).unwrap().run(command).unwrap();
    let kept = std::fs::read_dir(folder.path()).unwrap().next().unwrap().unwrap().path();
    let text = std::fs::read_to_string(&kept).unwrap();
    std::fs::write(&kept, text.replace("7/256", "8/256")).unwrap();
    let second = Runner::new(folder.path().to_owned()).unwrap().run(command).unwrap();
    assert_ne!(first, second, "the kept result was not used");
    std::fs::write(&kept, &text[..text.len() / 2]).unwrap();
    let third = Runner::new(folder.path().to_owned()).unwrap().run(command).unwrap();
    assert_eq!(first, third, "a torn file is made again");
}
