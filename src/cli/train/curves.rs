//! The curves of all runs as CSV.

use super::{experiment::Found, single::Run};

/// The curves of all runs as CSV: one line for each degree at each recorded step.
pub fn csv(found: &Found) -> String {
    let mut text = String::from("run,target,step,residual,test_error,degree,energy,residual_along\n");
    for run in &found.runs {
        run_curves(run, &mut text);
    }
    text
}

fn run_curves(run: &Run, text: &mut String) {
    let names: Vec<String> = run.target.iter().map(|(k, c)| format!("{k}:{c}")).collect();
    let parts = run.target.len();
    for sample in &run.history {
        let (residual, test) = (sample.values[0], sample.values[1 + parts]);
        for (degree, energy) in sample.values[2 + parts..].iter().enumerate() {
            let at = run.target.iter().position(|(k, _)| *k as usize == degree);
            let along = at.map_or(String::new(), |at| sample.values[1 + at].to_string());
            let line = format!(
                "{},{},{},{residual},{test},{degree},{energy},{along}\n",
                run.repeat,
                names.join(" "),
                sample.step
            );
            text.push_str(&line);
        }
    }
}
