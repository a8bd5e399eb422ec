//! The result of `hinf train` as a table.

use super::{
    super::numbers::short,
    experiment::{Found, Row},
    fit::Fits,
    request::Request,
    show::{average, by_eigenvalue, directions, init, mean, ratio, ratio_interval},
};
use crate::{
    experiment::model::Kind,
    report::grid::{Column, Grid},
    train::{descent::Loss, odd::Departure},
};

/// The table of a result.
pub fn grid(request: &Request, found: &Found, fits: Option<&Fits>, seconds: f64) -> Grid {
    let shown = |value: Option<f64>| {
        value.map_or("-".into(), |x| if x.fract() == 0.0 { format!("{x}") } else { format!("{x:.1}") })
    };
    let cells = |row: &Row| {
        let measured = match (row.null_space, mean(&row.measured)) {
            (_, Some(steps)) => shown(Some(steps)),
            (true, None) => "never".into(),
            (false, None) => format!("> {}", row.steps.iter().max().unwrap_or(&0)),
        };
        let ratio = ratio(request, row).map_or("-".into(), |r| format!("{r:.3}"));
        let interval =
            ratio_interval(request, row).map_or(String::new(), |i| format!(" [{:.3}, {:.3}]", i.low, i.high));
        let finals = row.final_residual.iter().sum::<f64>() / row.final_residual.len().max(1) as f64;
        vec![
            row.degree.to_string(),
            shown(by_eigenvalue(request, row)),
            shown(mean(&row.by_gram)),
            shown(mean(&row.by_finite)),
            measured,
            ratio + &interval,
            shown(mean(&row.measured_residual)),
            short(finals),
        ]
    };
    let heads = ["k", "by lambda_k", "by Gram", "by finite H", "steps", "ratio", "whole residual", "left"];
    Grid {
        title: format!(
            "Steps until {} learns degree k on S^{} to {}",
            request.model.name(),
            request.dim,
            request.delta
        ),
        captions: captions(request, found, fits, seconds),
        columns: heads.map(|head| (head.into(), Column::Right)).to_vec(),
        rows: found.rows.iter().map(cells).collect(),
    }
}

fn captions(request: &Request, found: &Found, fits: Option<&Fits>, seconds: f64) -> Vec<String> {
    let model = &request.model;
    let start = if model.kind == Kind::TwoLayer {
        format!("{} units, {} directions, kappa {}", init(model), directions(model), model.kappa)
    } else {
        format!(
            "depth {}, output at the start {}",
            model.depth,
            if model.keep_start { "kept" } else { "subtracted" }
        )
    };
    let mut captions = vec![
        format!(
            "kernel {}; width {}; {start}; {}; {} points, {}; {} loss",
            request.kernel,
            model.width,
            model.precision(),
            found.points,
            request.design.name(),
            request.loss.name()
        ),
        format!(
            "step size {}, largest stable {}; {} repeats from seed {}; {seconds:.1} s",
            short(found.step_size),
            short(found.largest_step_size),
            request.repeats,
            request.seed
        ),
        "steps: until the component of the residual along the target is delta of its start, as the predictions are; whole residual: \
         until its norm is; left: that norm at the end, over its start"
            .into(),
    ];
    if request.loss == Loss::CrossEntropy {
        captions.push(
            "cross-entropy: the residual is the derivative of the loss; lambda_k alone predicts no steps for it, the Gram matrices do".into(),
        );
    }
    let gaps = found.rows.iter().filter_map(|row| Some((row.degree, average(&row.missing_error)?)));
    let gaps: Vec<String> = gaps.map(|(k, error)| format!("{} (k = {k})", short(error))).collect();
    if let (Some(angle), false) = (request.gap, gaps.is_empty()) {
        captions.push(format!(
            "{angle} degrees without points: error there at the end, over the target's mean square: {}; lambda_k speaks of points without a gap",
            gaps.join(", ")
        ));
    }
    for row in found.rows.iter().filter(|row| row.null_space) {
        let odd = row.odd.map_or(String::new(), |odd| {
            let Departure { distance, rounding } = odd;
            format!("; odd part off a linear function by at most {distance:.1e} at every step (rounding: {rounding:.1e})")
        });
        captions
            .push(format!("degree {} is in the null space: its eigenvalue is proved zero{odd}", row.degree));
    }
    captions.extend(fits.map(Fits::captions).into_iter().flatten());
    for stop in &found.stopping {
        let predicted = stop.predicted_step.map_or("-".into(), |step| step.to_string());
        captions.push(format!(
            "early stopping: predicted at step {predicted}, error {}; least test error {} at step {}",
            stop.predicted_error.map_or("-".into(), short),
            short(stop.measured_error),
            stop.measured_step
        ));
    }
    captions
}
