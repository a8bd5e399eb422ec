//! A training on a user's rows as tables, its curves, its plots and its page.

use super::{
    Show,
    grid::{Column, Grid},
    html::{Block, Page, Section},
    plot::{Axis, Plot, Series, Style},
};
use crate::{
    error::{Error, Result},
    experiment::rows::{Errors, Report, StepRow},
    math::decimal::short,
};

/// Steps of a table grow by this factor.
const SPACING: f64 = 1.75;
/// What rounding leaves of the largest energy.
const ROUNDING: f64 = 1e-16;
/// Bands that a table, and a figure, have room for.
const BANDS: usize = 6;

/// What is seen, and the two predictions: the end of a column's name, and where it is in a row.
type Side = (&'static str, fn(&StepRow) -> &Errors);
const SIDES: [Side; 3] =
    [("", |row| &row.measured), ("_by_gram", |row| &row.by_gram), ("_by_finite", |row| &row.by_finite)];

impl Show for Report {
    fn grids(&self) -> Vec<Grid> {
        vec![errors(self), energies(self)]
    }

    fn records(&self) -> Vec<Grid> {
        vec![curves(self)]
    }
}

/// The curves as a table, all digits: one row a recorded step.
pub fn curves(report: &Report) -> Grid {
    let classes = report.classes.is_some();
    type Of = Box<dyn Fn(&Errors) -> Option<f64>>;
    let mut columns: Vec<(String, Of)> = vec![
        ("training".into(), Box::new(|e| Some(e.training))),
        ("test".into(), Box::new(|e| Some(e.test))),
    ];
    if classes {
        columns.push(("training_accuracy".into(), Box::new(|e| e.training_accuracy)));
        columns.push(("test_accuracy".into(), Box::new(|e| e.test_accuracy)));
    }
    for (band, [first, last]) in report.bands.iter().enumerate() {
        columns.push((format!("left_{first}_to_{last}"), Box::new(move |e| e.left.get(band).copied())));
    }
    let heads = columns.iter().flat_map(|(name, _)| SIDES.map(|(side, _)| format!("{name}{side}")));
    let cells = |row: &StepRow| {
        let values = columns.iter().flat_map(|(_, of)| {
            SIDES.map(|(_, side)| of(side(row)).map_or(String::new(), |value| value.to_string()))
        });
        std::iter::once(row.step.to_string()).chain(values).collect()
    };
    Grid {
        title: "Curves".into(),
        captions: vec![],
        columns: std::iter::once("step".to_owned()).chain(heads).map(|head| (head, Column::Right)).collect(),
        rows: report.rows.iter().map(cells).collect(),
    }
}

/// The rows of a table: the first, the last, and some between.
fn coarse(report: &Report) -> Vec<&StepRow> {
    let last = report.rows.last().map_or(0, |row| row.step);
    let (mut next, mut rows) = (0.0, vec![]);
    for row in &report.rows {
        if row.step as f64 >= next || row.step == last {
            next = (SPACING * row.step as f64).max(1.0);
            rows.push(row);
        }
    }
    rows
}

fn errors(report: &Report) -> Grid {
    let classes = report.classes.is_some();
    let mut heads = vec!["step", "training", "by Gram", "by finite H", "test", "by Gram", "by finite H"];
    if classes {
        heads.extend(["right in training", "by Gram", "right in test", "by Gram"]);
    }
    let cells = |row: &&StepRow| {
        let mut cells = vec![row.step.to_string()];
        cells.extend(SIDES.map(|(_, side)| short(side(row).training)));
        cells.extend(SIDES.map(|(_, side)| short(side(row).test)));
        if classes {
            let percent = |share: Option<f64>| share.map_or("-".into(), |x| format!("{:.1} %", 100.0 * x));
            let pair = |of: fn(&Errors) -> Option<f64>| [of(&row.measured), of(&row.by_gram)].map(percent);
            cells.extend(pair(|side| side.training_accuracy));
            cells.extend(pair(|side| side.test_accuracy));
        }
        cells
    };
    Grid {
        title: format!("Training on {}", report.summary.data),
        captions: captions(report),
        columns: heads.into_iter().map(|head| (head.into(), Column::Right)).collect(),
        rows: coarse(report).iter().map(cells).collect(),
    }
}

fn captions(report: &Report) -> Vec<String> {
    let least = &report.least_test_error;
    let labels =
        if report.loss == "mse" { format!("; labels of size {}", report.amplitude) } else { String::new() };
    let mut captions = vec![
        format!(
            "kernel {}; width {}, {}; {} rows trained on, {} tested on, of {} coordinates",
            report.kernel,
            report.width,
            report.precision,
            report.training_rows,
            report.test_rows,
            report.summary.dim + 1
        ),
        format!(
            "{} loss, {}, step size {}, largest stable {}{labels}; seed {}; {:.1} s",
            report.loss,
            report.optimizer,
            short(report.lr),
            short(report.largest_lr),
            report.seed,
            report.seconds
        ),
        match report.loss.as_str() {
            "mse" => "errors: mean squares over that of labels, so that 1 is the error of the output 0".into(),
            _ => "errors: the mean loss over the logarithm of the number of classes, so that 1 is the error of guessing".into(),
        },
        format!(
            "early stopping: test error least at step {} ({}); predicted at step {} by Gram (error there {}), {} by finite H ({}); {} at the end",
            least.measured,
            short(least.error),
            least.by_gram,
            short(least.error_by_gram),
            least.by_finite,
            short(least.error_by_finite),
            short(least.last_error)
        ),
    ];
    if report.label_noise > 0.0 {
        captions.push(format!(
            "labels of a share {} of the rows trained on are permuted among them: {} of {} have another label since",
            report.label_noise, report.labels_changed, report.training_rows
        ));
    }
    captions.push(match report.classes.as_deref() {
        None => "labels are a quantity, less its mean and over its deviation on the rows trained on".into(),
        Some([first, second]) => format!("classes: {first} is -1, {second} is 1"),
        Some(all) => format!("classes: {}; a network each against the rest, from one start", all.join(", ")),
    });
    captions.extend(report.summary.notes.iter().cloned());
    captions
}

fn energies(report: &Report) -> Grid {
    let bands = report.bands.len().min(BANDS);
    let mut heads = vec!["step".to_owned()];
    for band in &report.bands[..bands] {
        heads.extend([ranks(band), "by Gram".into()]);
    }
    let cells = |row: &&StepRow| {
        let pairs = row.measured.left.iter().zip(&row.by_gram.left).take(bands);
        let pairs = pairs.flat_map(|(seen, predicted)| [short(*seen), short(*predicted)]);
        std::iter::once(row.step.to_string()).chain(pairs).collect()
    };
    Grid {
        title: "What is left of the residual's energy along eigendirections of the Gram matrix, by rank"
            .into(),
        captions: vec![
            "shares of the whole energy at the start; CSV and JSON have all bands and all recorded steps"
                .into(),
        ],
        columns: heads.into_iter().map(|head| (head, Column::Right)).collect(),
        rows: coarse(report).iter().map(cells).collect(),
    }
}

/// The ranks in a band.
fn ranks([first, last]: &[usize; 2]) -> String {
    if first == last { format!("{first}") } else { format!("{first} to {last}") }
}

/// A curve: what is seen as markers, what the Gram matrix predicts as a line.
fn pair(report: &Report, name: &str, of: impl Fn(&Errors) -> Option<f64>) -> [Series; 2] {
    let points = |side: fn(&StepRow) -> &Errors| -> Vec<(f64, f64)> {
        let later = report.rows.iter().filter(|row| row.step > 0);
        later.filter_map(|row| Some((row.step as f64, of(side(row))?))).collect()
    };
    [
        Series::new(format!("{name}, measured"), Style::Markers, points(|row| &row.measured)),
        Series::new(format!("{name}, predicted"), Style::Beside, points(|row| &row.by_gram)),
    ]
}

const CAPTION: &str = "Markers are real training, lines the predictions by the Gram matrix of the rows, with no fitted constant.";

/// Errors against steps, as seen and as predicted.
pub fn plot(report: &Report) -> Plot {
    let series = [pair(report, "training", |e| Some(e.training)), pair(report, "test", |e| Some(e.test))];
    Plot {
        title: "Errors of training on rows".into(),
        caption: CAPTION.into(),
        alt: "Log-log plot of training and test error against steps: measured points beside the predicted lines.".into(),
        x: Axis::log("steps"),
        y: Axis::log("error over that of the output 0"),
        series: series.concat(),
    }
}

/// The shares of rows whose class is right.
fn accuracies(report: &Report) -> Plot {
    let series =
        [pair(report, "training", |e| e.training_accuracy), pair(report, "test", |e| e.test_accuracy)];
    Plot {
        title: "Rows whose class is right".into(),
        caption: CAPTION.into(),
        alt: "Accuracy on training and test rows against the logarithm of steps: measured points beside predicted lines.".into(),
        x: Axis::log("steps"),
        y: Axis::linear("share of rows"),
        series: series.concat(),
    }
}

/// The energy of the residual by eigendirection.
fn bands(report: &Report) -> Plot {
    let every = report.bands.len().div_ceil(BANDS);
    let chosen = report.bands.iter().enumerate().step_by(every);
    let series: Vec<Series> = chosen
        .flat_map(|(band, ranks)| pair(report, &self::ranks(ranks), move |e| e.left.get(band).copied()))
        .collect();
    let largest = series.iter().flat_map(|one| &one.points).map(|point| point.y).fold(0.0, f64::max);
    Plot {
        title: "What is left of the residual's energy along eigendirections, by rank".into(),
        caption: format!(
            "{CAPTION} The axis ends at {ROUNDING:e} of the largest value: what is below is rounding, and in the data alone."
        ),
        alt: "Log-log plot of the energy left in bands of eigendirections against steps; bands of low rank fall first.".into(),
        x: Axis::log("steps"),
        y: Axis::log("share of the energy at the start").at_least(ROUNDING * largest),
        series,
    }
}

/// The page of a training, with its figures.
///
/// # Errors
/// When the report was read back, and does not know how it was made.
pub fn page(report: &Report) -> Result<Page> {
    let missing = || Error::invalid("report", "one that was read back", "one of a run");
    let figure = |name: &str, plot: Plot| Block::Figure { name: name.into(), plot };
    let mut errors = vec![figure("errors", plot(report))];
    if report.classes.is_some() {
        errors.push(figure("accuracies", accuracies(report)));
    }
    errors.push(Block::Table(self::errors(report)));
    let energies = vec![figure("energies", bands(report)), Block::Table(energies(report))];
    Ok(Page {
        title: format!("Training on {}", report.summary.data),
        lead: "A real network on the rows, beside what descent with the kernel of the infinitely wide network does on them, and what it does with the \
               network's own kernel at its start. No constant is fitted."
            .into(),
        sections: vec![
            Section { heading: "Errors".into(), blocks: errors },
            Section { heading: "Eigendirections".into(), blocks: energies },
        ],
        manifest: report.manifest.clone().ok_or_else(missing)?,
    })
}
