//! One plot: named series of points on two axes. What is drawn, not how; [`super::svg`] draws it, and [`Image`] puts it into a file.

mod image;
pub(super) mod path;

pub use image::Image;
use serde_json::{Value, json};

/// How values are laid along an axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// Equal steps, equal distances.
    Linear,
    /// Equal ratios, equal distances; only positive values can be shown.
    Log,
}

/// An axis. In the label `_` and `^` lower and raise the next character or `{group}`.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// What is measured, with its unit: "time t (steps)".
    pub label: String,
    /// The layout of its values.
    pub scale: Scale,
    /// Do marks stand at whole numbers alone?
    pub whole: bool,
    /// The least value that has a place on it, where that is not for the values to say.
    pub least: Option<f64>,
}

impl Axis {
    /// A linear axis.
    pub fn linear(label: impl Into<String>) -> Self {
        Self { label: label.into(), scale: Scale::Linear, whole: false, least: None }
    }

    /// A logarithmic axis.
    pub fn log(label: impl Into<String>) -> Self {
        Self { scale: Scale::Log, ..Self::linear(label) }
    }

    /// The same for values that are whole numbers, such as degrees: no mark stands between them.
    pub fn whole(self) -> Self {
        Self { whole: true, ..self }
    }

    /// The same without values below this.
    pub fn at_least(self, least: f64) -> Self {
        Self { least: Some(least), ..self }
    }

    /// Can this value be shown?
    pub fn shows(&self, value: f64) -> bool {
        let positive = self.scale == Scale::Linear || value > 0.0;
        value.is_finite() && positive && self.least.is_none_or(|least| value >= least)
    }
}

/// A point, with an interval around `y` where there is one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// The abscissa.
    pub x: f64,
    /// The ordinate.
    pub y: f64,
    /// The ends of the interval around `y`.
    pub interval: Option<(f64, f64)>,
}

impl From<(f64, f64)> for Point {
    fn from((x, y): (f64, f64)) -> Self {
        Self { x, y, interval: None }
    }
}

/// How a series is drawn. A line breaks at every point that has no place on the axes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Markers: measurements.
    Markers,
    /// A line: a prediction or an asymptote.
    Line,
    /// A line in the colour of the series before it: what is predicted of that one.
    Beside,
    /// A dashed line: a reference or a bound.
    Dashed,
    /// Markers joined by a thin line.
    Joined,
}

/// Points that belong together.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// The name in the legend; `_` and `^` as in [`Axis`].
    pub name: String,
    /// How it is drawn.
    pub style: Style,
    /// The points in the order in which a line joins them.
    pub points: Vec<Point>,
}

impl Series {
    /// A series of points without intervals.
    pub fn new(name: impl Into<String>, style: Style, points: impl IntoIterator<Item = (f64, f64)>) -> Self {
        Self { name: name.into(), style, points: points.into_iter().map(Point::from).collect() }
    }
}

/// Degrees in a sentence, `1, 3 and 5`; of many the first, and how many more there are.
pub fn degrees(all: &[u64]) -> String {
    match all {
        [] => String::new(),
        [one] => one.to_string(),
        [first @ .., last] if all.len() <= MOST_DEGREES => format!("{} and {last}", listed(first)),
        [first @ .., _] => {
            let first = &first[..MOST_DEGREES - 1];
            format!("{} and {} more", listed(first), all.len() - first.len())
        }
    }
}

fn listed(all: &[u64]) -> String {
    all.iter().map(u64::to_string).collect::<Vec<_>>().join(", ")
}

/// Degrees that a sentence has room for.
const MOST_DEGREES: usize = 8;

/// A plot.
#[derive(Clone, Debug, PartialEq)]
pub struct Plot {
    /// What the plot shows, in a line.
    pub title: String,
    /// What to see in it, in a sentence or two.
    pub caption: String,
    /// The same for a reader who does not see it.
    pub alt: String,
    /// The horizontal axis.
    pub x: Axis,
    /// The vertical axis.
    pub y: Axis,
    /// The series, in the legend's order.
    pub series: Vec<Series>,
}

impl Plot {
    /// Can this point be shown on the axes?
    pub fn shows(&self, point: &Point) -> bool {
        self.x.shows(point.x) && self.y.shows(point.y)
    }

    /// Has the series with this index a point that can be shown on the axes? If not, it is not in the legend.
    pub fn has_points(&self, index: usize) -> bool {
        self.series[index].points.iter().any(|point| self.shows(point))
    }

    /// How many points no place on the axes can be given: not finite, below the least value, or not positive on a logarithmic axis.
    pub fn omitted(&self) -> usize {
        self.series.iter().flat_map(|series| &series.points).filter(|point| !self.shows(point)).count()
    }

    /// The caption, with a sentence about omitted points when there are any.
    pub fn full_caption(&self) -> String {
        match self.omitted() {
            0 => self.caption.clone(),
            1 => format!(
                "{} 1 point has no place on these axes (zero, negative, or out of range).",
                self.caption
            ),
            many => format!(
                "{} {many} points have no place on these axes (zero, negative, or out of range).",
                self.caption
            ),
        }
    }

    /// The points as comma-separated values: `series,x,y,low,high`.
    pub fn csv(&self) -> String {
        let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
        let mut text =
            format!("# {}\n# x: {}; y: {}\nseries,x,y,low,high\n", self.title, self.x.label, self.y.label);
        for series in &self.series {
            for point in &series.points {
                let (low, high) = point
                    .interval
                    .map_or_else(Default::default, |(a, b)| (format!("{a:e}"), format!("{b:e}")));
                text.push_str(&format!(
                    "{},{:e},{:e},{low},{high}\n",
                    quoted(&series.name),
                    point.x,
                    point.y
                ));
            }
        }
        text
    }

    /// The points and texts as JSON, schema `hinf.plot/1`; what is not finite is `null`.
    pub fn json(&self) -> Value {
        let axis = |axis: &Axis| json!({"label": axis.label, "log": axis.scale == Scale::Log});
        let point = |p: &Point| match p.interval {
            None => json!([p.x, p.y]),
            Some((low, high)) => json!([p.x, p.y, low, high]),
        };
        json!({
            "schema": "hinf.plot/1",
            "title": self.title,
            "caption": self.full_caption(),
            "x": axis(&self.x),
            "y": axis(&self.y),
            "series": self.series.iter().map(|series| json!({
                "name": series.name,
                "points": series.points.iter().map(point).collect::<Vec<_>>(),
            })).collect::<Vec<_>>(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_degrees_are_shortened_and_none_is_lost_count_of() {
        assert_eq!(degrees(&[3]), "3");
        assert_eq!(degrees(&[3, 5]), "3 and 5");
        assert_eq!(degrees(&[3, 5, 7]), "3, 5 and 7");
        let all: Vec<u64> = (1..=9).collect();
        assert_eq!(degrees(&all[..8]), "1, 2, 3, 4, 5, 6, 7 and 8");
        assert_eq!(degrees(&all), "1, 2, 3, 4, 5, 6, 7 and 2 more");
    }
}
