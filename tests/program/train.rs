//! Training by the command line, and what it rests on.

#![allow(clippy::unwrap_used, clippy::panic)]

mod kept;
mod network;
mod refused;

use serde_json::Value;
use std::process::Command;

#[path = "../../examples/train.rs"]
mod example;

#[test]
fn the_example_runs() {
    example::main().unwrap();
}

/// In a gigabyte of address space work is done, or refused in one line; it never ends by a signal.
#[cfg(target_os = "linux")]
#[test]
fn a_gigabyte_of_addresses_is_enough_or_refused() {
    let commands = [
        "gram --kernel two-layer:bias=true --dim 2 --points 100 --repeats 1 --threads 1",
        "gram --kernel two-layer:bias=true --dim 2 --points 100 --repeats 1",
        "gram --kernel two-layer:bias=true --dim 2 --points 100 --repeats 1 --threads 64",
        "train --model two-layer --bias --dim 1 --degrees 2 --width 64 --points 41 --threads 1",
        "train --model two-layer --bias --dim 1 --degrees 2 --width 64 --points 9000 --threads 1",
        "plan --kernel two-layer --dim 2 --degrees 1,2 --threads 1",
        "plan --kernel two-layer --dim 2 --degrees 1,2 --threads 4",
    ];
    for line in commands {
        let program = env!("CARGO_BIN_EXE_hinf");
        let limited = format!("ulimit -v 1048576; exec {program} {line} --format json");
        let run = Command::new("sh").args(["-c", &limited]).output().unwrap();
        let complaint = String::from_utf8_lossy(&run.stderr).into_owned();
        match run.status.code() {
            Some(0) => assert!(serde_json::from_slice::<Value>(&run.stdout).is_ok(), "{line}"),
            Some(2) => assert_eq!(complaint.lines().count(), 1, "{line}: {complaint}"),
            other => panic!("{line}: {other:?}: {complaint}"),
        }
    }
}

fn hinf(arguments: &str) -> (i32, String, String) {
    let run = Command::new(env!("CARGO_BIN_EXE_hinf")).args(arguments.split_whitespace()).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (run.status.code().unwrap_or(-1), text(&run.stdout), text(&run.stderr))
}

fn json(arguments: &str) -> Value {
    let (code, out, complaint) = hinf(&format!("{arguments} --format json"));
    assert_eq!(code, 0, "{complaint}");
    let mut value: Value = serde_json::from_str(&out).unwrap();
    value["seconds"] = Value::Null;
    value["seconds_training"] = Value::Null;
    value
}

/// The band of the claim: within 3 % of `lambda_k`'s prediction, or one step.
fn in_band(found: &Value, rows: usize) {
    assert_eq!(found["rows"].as_array().unwrap().len(), rows);
    for row in found["rows"].as_array().unwrap() {
        let (steps, predicted) =
            (row["measured_steps"].as_f64().unwrap(), row["predicted_steps"].as_f64().unwrap());
        assert!((steps - predicted).abs() <= (0.03 * predicted).max(1.0), "{row}");
    }
}

#[test]
fn the_circle_is_learned_when_predicted() {
    let found =
        json("train --model two-layer --bias --dim 1 --degrees 2..6 --width 4096 --points 201 --kappa 10");
    assert_eq!(found["schema"], "hinf.train/1");
    in_band(&found, 5);
    let fit = &found["fit"];
    let ends = [0, 1].map(|i| fit["slope_ci"][i].as_f64().unwrap());
    assert!(
        ends[0] < fit["predicted_slope"].as_f64().unwrap()
            && fit["predicted_slope"].as_f64().unwrap() < ends[1]
    );
}

#[test]
fn the_sphere_is_learned_when_predicted() {
    in_band(&json("train --model two-layer --bias --dim 2 --degrees 2..4 --points 500"), 3);
}

#[test]
fn the_null_space_is_never_learned() {
    let found =
        json("train --model two-layer --dim 1 --degrees 2..5 --width 512 --points 101 --init independent");
    for row in found["rows"].as_array().unwrap() {
        let odd = row["degree"].as_u64().unwrap() % 2 == 1;
        assert_eq!((row["null_space"].as_bool(), row["learned"].as_bool()), (Some(odd), Some(!odd)), "{row}");
        assert_eq!(row["predicted_steps"].is_null(), odd);
        let bound = row["odd_rounding"].as_f64();
        let linear =
            row["odd_departure"].as_f64().zip(bound).is_some_and(|(far, most)| far <= most && most < 1e-9);
        assert_eq!((linear, bound.is_some()), (odd, odd), "{row}");
    }
}

/// Missing data: low frequencies fill a gap rightly, high ones do not, and the Gram matrix of the points that are left says when.
#[test]
fn low_frequencies_fill_a_gap() {
    let found =
        json("train --model two-layer --bias --dim 1 --degrees 1,2,8 --width 1024 --points 121 --gap 40");
    let rows = found["rows"].as_array().unwrap();
    let number = |row: &Value, name: &str| row[name].as_f64().unwrap();
    assert!(found["hyper_parameters"]["points"].as_u64().unwrap() < 121);
    let errors: Vec<f64> = rows.iter().map(|row| number(row, "gap_error")).collect();
    assert!(errors[0] < 0.05 && errors[1] < 0.05 && errors[2] > 0.5, "{errors:?}");
    for row in rows {
        let (steps, predicted) = (number(row, "measured_steps"), number(row, "predicted_steps_gram"));
        assert!((steps - predicted).abs() <= (0.03 * predicted).max(1.0), "{row}");
    }
}

/// The slope of the rows from a degree on, by the textbook formula on what the rows say.
#[test]
fn the_fit_begins_where_it_is_told_to() {
    let found =
        json("train --model two-layer --bias --dim 1 --degrees 2..6 --width 512 --fit-from 4 --points 61");
    let rows: Vec<&Value> =
        found["rows"].as_array().unwrap().iter().filter(|row| row["degree"].as_u64().unwrap() >= 4).collect();
    let slope = |y: &dyn Fn(&Value) -> f64| {
        let logs: Vec<(f64, f64)> =
            rows.iter().map(|row| (row["degree"].as_f64().unwrap().ln(), y(row).ln())).collect();
        let sum = |f: &dyn Fn(&(f64, f64)) -> f64| logs.iter().map(f).sum::<f64>();
        let (n, x, y) = (logs.len() as f64, sum(&|p| p.0), sum(&|p| p.1));
        (n * sum(&|p| p.0 * p.1) - x * y) / (n * sum(&|p| p.0 * p.0) - x * x)
    };
    let fit = &found["fit"];
    let measured = |row: &Value| row["measured_steps"].as_f64().unwrap();
    assert_eq!(fit["from_degree"], 4);
    assert!((fit["slope"].as_f64().unwrap() - slope(&measured)).abs() < 1e-9, "{fit}");
    for by in ["", "_gram", "_finite"] {
        let predicted = |row: &Value| row[format!("predicted_steps{by}")].as_f64().unwrap();
        let excess = slope(&|row| measured(row) / predicted(row).ceil());
        assert!((fit[format!("predicted_slope{by}")].as_f64().unwrap() - slope(&predicted)).abs() < 1e-9);
        assert!((fit[format!("excess_slope{by}")].as_f64().unwrap() - excess).abs() < 1e-9, "{by}: {fit}");
        let ends = [0, 1].map(|end| fit[format!("excess_slope{by}_ci")][end].as_f64().unwrap());
        assert!(ends[0] <= excess && excess <= ends[1], "{by}: {fit}");
    }
}

/// The sign of a slow target has fast and slow degrees in it: a run is as long as the Gram matrix of the points says, not `lambda_k`.
#[test]
fn cross_entropy_runs_until_it_is_learned() {
    let found = json(
        "train --model two-layer --bias --dim 1 --degrees 1,2 --width 256 --points 65 --loss cross-entropy",
    );
    for row in found["rows"].as_array().unwrap() {
        let steps = |name: &str| row[name].as_f64().unwrap_or(f64::NAN);
        assert!(row["learned"] == true && row["predicted_steps"].is_null(), "{row}");
        assert!((steps("measured_steps") / steps("predicted_steps_gram") - 1.0).abs() < 0.3, "{row}");
    }
    let fit = &found["fit"];
    assert!(fit["predicted_slope"].is_null() && fit["predicted_slope_gram"].is_f64(), "{fit}");
}

/// A leaky network follows its own Gram matrix, and the kernel beside it has its slope.
#[test]
fn a_leaky_network_is_learned_when_predicted() {
    let found = json(
        "train --model mlp --depth 2 --activation leaky-relu --slope 0.2 --dim 1 --degrees 1..3 --width 256 --points 33",
    );
    assert_eq!(found["kernel"], "ntk:depth=2,activation=leaky-relu,slope=0.2");
    for row in found["rows"].as_array().unwrap() {
        let (steps, predicted) =
            (row["measured_steps"].as_f64().unwrap(), row["predicted_steps_finite"].as_f64().unwrap());
        assert!((steps - predicted).abs() <= (0.05 * predicted).max(1.0), "{row}");
    }
}
