//! Plots as SVG: self-contained, light and dark, with a title and a description for screen readers.
//!
//! Presentation attributes carry the light colours and a style sheet the dark ones, so that a viewer without style sheets shows
//! the light plot. Colours are those of Okabe and Ito; series differ in marker and dash too.

use super::{
    markup::{self, escaped, number, plain, wrapped},
    palette::{COLOURS, group, marker, stroke, style},
    plot::{Plot, Point, Style, path::path},
    ticks::Ruler,
};
use crate::error::{Error, Result};
use std::fmt::Write;

/// The width of a drawing, and the height of its plotting area, in pixels.
const WIDTH: f64 = 720.0;
const AREA_HEIGHT: f64 = 360.0;
/// Room to the left of the plotting area, to the right of it, and below it for the axis.
const LEFT: f64 = 78.0;
const RIGHT: f64 = 20.0;
const BELOW: f64 = 54.0;
/// The size of text, and the height of a line of it.
const TEXT: f64 = 13.0;
const LINE: f64 = 18.0;
/// The mean width of a character over the size of the text.
const CHARACTER: f64 = 0.58;
/// Series longer than this are drawn without markers.
const MOST_MARKERS: usize = 80;
/// A point of a line between breaks is a dash that reaches so many pixels to both sides: in a short series, and in a long one.
const DASH: f64 = 6.0;
const SHORT_DASH: f64 = 2.0;

/// The plot as a document of its own, with title, legend and caption.
///
/// # Errors
/// When no point can be shown.
pub fn standalone(plot: &Plot) -> Result<String> {
    let caption = wrapped(&plot.full_caption(), ((WIDTH - 2.0 * RIGHT) / (TEXT * CHARACTER * 0.95)) as usize);
    let mut canvas = Canvas::new(plot, 30.0)?;
    canvas.text((LEFT, 22.0), "start", 1.15, true, &plot.title);
    canvas.draw();
    let below = canvas.bottom + BELOW + LINE * 0.6;
    for (line, i) in caption.iter().zip(0u32..) {
        canvas.text((RIGHT, below + LINE * f64::from(i)), "start", 0.95, false, line);
    }
    let height = below + LINE * caption.len() as f64;
    Ok(canvas.document("plot", height, true))
}

/// The plot for a page that carries the title, the caption and the style sheet itself; `id` is unique in the page.
///
/// # Errors
/// When no point can be shown.
pub fn inline(plot: &Plot, id: &str) -> Result<String> {
    let mut canvas = Canvas::new(plot, 8.0)?;
    canvas.draw();
    let height = canvas.bottom + BELOW;
    Ok(canvas.document(id, height, false))
}

struct Canvas<'a> {
    plot: &'a Plot,
    x: Ruler,
    y: Ruler,
    /// The legend, row by row.
    legend: Vec<Vec<usize>>,
    top: f64,
    bottom: f64,
    body: String,
}

impl<'a> Canvas<'a> {
    /// A canvas with the legend below `head` pixels.
    fn new(plot: &'a Plot, head: f64) -> Result<Self> {
        let shown = || plot.series.iter().flat_map(|s| &s.points).filter(|p| plot.shows(p));
        let ordinates = shown().flat_map(|p| {
            let ends = p.interval.map_or([p.y, p.y], |(low, high)| [low, high]);
            [p.y, ends[0], ends[1]].into_iter().filter(|v| plot.y.shows(*v))
        });
        let rulers = Ruler::new(&plot.x, shown().map(|p| p.x)).zip(Ruler::new(&plot.y, ordinates));
        let (x, y) = rulers.ok_or_else(|| {
            Error::invalid("plot", &plot.title, "at least one point that can be shown on the axes")
        })?;
        let legend = legend_rows(plot);
        let top = head + LINE * legend.len() as f64 + 8.0;
        Ok(Self { plot, x, y, legend, top, bottom: top + AREA_HEIGHT, body: String::new() })
    }

    fn across(&self, value: f64) -> f64 {
        LEFT + self.x.place(value) * (WIDTH - LEFT - RIGHT)
    }

    fn up(&self, value: f64) -> f64 {
        self.bottom - self.y.place(value) * AREA_HEIGHT
    }

    fn push(&mut self, text: std::fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = self.body.write_fmt(text);
        self.body.push('\n');
    }

    fn text(&mut self, (x, y): (f64, f64), anchor: &str, size: f64, bold: bool, text: &str) {
        let weight = if bold { " font-weight=\"600\"" } else { "" };
        let (size, text) = (size * TEXT, markup::svg(text, size * TEXT));
        self.push(format_args!(
            "<text class=\"ink\" x=\"{x:.1}\" y=\"{y:.1}\" font-size=\"{size:.1}\" text-anchor=\"{anchor}\"{weight}>{text}</text>"
        ));
    }

    fn draw(&mut self) {
        self.draw_axes();
        let all = 0..self.plot.series.len();
        for index in all.clone() {
            self.draw_line(index);
        }
        for index in all {
            self.draw_markers(index);
        }
        self.draw_legend();
    }

    fn draw_axes(&mut self) {
        let (left, right, top, bottom) = (LEFT, WIDTH - RIGHT, self.top, self.bottom);
        let (x, y) = (self.x.clone(), self.y.clone());
        self.push(format_args!(
            "<g class=\"grid\" color=\"#dddddd\" stroke=\"currentColor\" stroke-width=\"1\">"
        ));
        for (value, _) in &x.major {
            let at = self.across(*value);
            self.push(format_args!("<path d=\"M{at:.1} {top:.1}V{bottom:.1}\"/>"));
        }
        for (value, _) in &y.major {
            let at = self.up(*value);
            self.push(format_args!("<path d=\"M{left:.1} {at:.1}H{right:.1}\"/>"));
        }
        self.push(format_args!(
            "</g><g class=\"ink\" color=\"#1a1a1a\" stroke=\"currentColor\" stroke-width=\"1\" fill=\"none\">"
        ));
        self.push(format_args!("<path d=\"M{left:.1} {top:.1}V{bottom:.1}H{right:.1}\"/>"));
        let marks = |ruler: &Ruler| -> Vec<(f64, f64)> {
            let minor = ruler.minor.iter().map(|v| (*v, 3.0));
            minor.chain(ruler.major.iter().map(|(v, _)| (*v, 6.0))).collect()
        };
        for (value, length) in marks(&x) {
            let at = self.across(value);
            self.push(format_args!("<path d=\"M{at:.1} {bottom:.1}v{length}\"/>"));
        }
        for (value, length) in marks(&y) {
            let at = self.up(value);
            self.push(format_args!("<path d=\"M{left:.1} {at:.1}h-{length}\"/>"));
        }
        self.push(format_args!("</g>"));
        for (value, label) in &x.major {
            let at = (self.across(*value), bottom + 21.0);
            self.text(at, "middle", 0.92, false, label);
        }
        for (value, label) in &y.major {
            let at = (left - 10.0, self.up(*value) + 4.0);
            self.text(at, "end", 0.92, false, label);
        }
        let plot = self.plot;
        self.text((0.5 * (left + right), bottom + 45.0), "middle", 1.0, false, &plot.x.label);
        let (label, middle) = (markup::svg(&plot.y.label, TEXT), 0.5 * (top + bottom));
        self.push(format_args!(
            "<text class=\"ink\" transform=\"translate(18 {middle:.1}) rotate(-90)\" font-size=\"{TEXT}\" text-anchor=\"middle\">{label}</text>"
        ));
    }

    fn shown(&self, index: usize) -> Vec<&'a Point> {
        let plot = self.plot;
        plot.series[index].points.iter().filter(|p| plot.shows(p)).collect()
    }

    fn has_markers(&self, index: usize) -> bool {
        let few = || self.shown(index).len() <= MOST_MARKERS;
        match self.plot.series[index].style {
            Style::Markers => true,
            Style::Joined => few(),
            Style::Line | Style::Beside | Style::Dashed => false,
        }
    }

    /// The line through neighbours that both have a place on the axes.
    fn draw_line(&mut self, index: usize) {
        let plot = self.plot;
        if plot.series[index].style == Style::Markers {
            return;
        }
        let dash = match self.shown(index).len() <= MOST_MARKERS {
            _ if self.has_markers(index) => None,
            true => Some(DASH),
            false => Some(SHORT_DASH),
        };
        let runs = plot.series[index].points.split(|point| !plot.shows(point));
        let places = |run: &[Point]| run.iter().map(|p| (self.across(p.x), self.up(p.y))).collect();
        let path = path(runs.map(places), dash);
        if path.is_empty() {
            return;
        }
        self.open_series(index);
        self.push(format_args!("<path d=\"{path}\" fill=\"none\" {}/></g>", stroke(self.plot, index)));
    }

    fn draw_markers(&mut self, index: usize) {
        let plot = self.plot;
        if !self.has_markers(index) {
            return;
        }
        self.open_series(index);
        for point in self.shown(index) {
            let (x, y) = (self.across(point.x), self.up(point.y));
            if let Some((low, high)) = point.interval {
                // An end that has no place is no end: the bar goes on to the edge, without a cap.
                let end = |v: f64, edge: f64| {
                    let cap = |y: f64| (y, format!("M{:.1} {y:.1}h8", x - 4.0));
                    if plot.y.shows(v) { cap(self.up(v)) } else { (edge, String::new()) }
                };
                let ((low, cap), (high, other)) = (end(low, self.bottom), end(high, self.top));
                self.push(format_args!(
                    "<path d=\"M{x:.1} {low:.1}V{high:.1}{cap}{other}\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.3\"/>"
                ));
            }
            let said = format!("{}: {}, {}", plot.series[index].name, number(point.x), number(point.y));
            let marker = marker(group(plot, index), x, y);
            self.push(format_args!("{marker}<title>{}</title></path>", escaped(&said)));
        }
        self.push(format_args!("</g>"));
    }

    fn open_series(&mut self, index: usize) {
        let colour = group(self.plot, index) % COLOURS.len();
        self.push(format_args!("<g class=\"s{colour}\" color=\"{}\">", COLOURS[colour].0));
    }

    fn draw_legend(&mut self) {
        let plot = self.plot;
        let first = self.top - 8.0 - LINE * (self.legend.len() as f64 - 0.65);
        for (row, i) in self.legend.clone().into_iter().zip(0u32..) {
            let y = first + LINE * f64::from(i);
            let mut x = LEFT;
            for index in row {
                let series = &plot.series[index];
                self.open_series(index);
                if series.style != Style::Markers {
                    self.push(format_args!(
                        "<path d=\"M{x:.1} {:.1}h26\" fill=\"none\" {}/>",
                        y - 4.5,
                        stroke(plot, index)
                    ));
                }
                if self.has_markers(index) {
                    self.push(format_args!("{}</path>", marker(group(plot, index), x + 13.0, y - 4.5)));
                }
                self.push(format_args!("</g>"));
                self.text((x + 32.0, y), "start", 1.0, false, &series.name);
                x += legend_width(&series.name);
            }
        }
    }

    fn document(self, id: &str, height: f64, alone: bool) -> String {
        let plot = self.plot;
        let size = if alone { format!(" width=\"{WIDTH}\" height=\"{height:.0}\"") } else { String::new() };
        let namespace = if alone { " xmlns=\"http://www.w3.org/2000/svg\"" } else { "" };
        let style = if alone { format!("<style>{}</style>\n", style()) } else { String::new() };
        let paper = if alone {
            "<rect class=\"paper\" width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n"
        } else {
            ""
        };
        format!(
            "<svg{namespace} class=\"hinf-plot\" role=\"img\" aria-labelledby=\"{id}-title {id}-desc\" \
             viewBox=\"0 0 {WIDTH} {height:.0}\"{size} font-family=\"system-ui, 'Segoe UI', Helvetica, Arial, sans-serif\">\n\
             <title id=\"{id}-title\">{}</title>\n<desc id=\"{id}-desc\">{}</desc>\n{style}{paper}\
             <g class=\"ink\" color=\"#1a1a1a\" fill=\"currentColor\">\n{}</g>\n</svg>\n",
            escaped(&plain(&plot.title)),
            escaped(&plain(&plot.alt)),
            self.body
        )
    }
}

/// The room that a name takes in the legend.
fn legend_width(name: &str) -> f64 {
    54.0 + CHARACTER * TEXT * plain(name).chars().count() as f64
}

/// The series that stand in each row of the legend: those of which something is drawn.
fn legend_rows(plot: &Plot) -> Vec<Vec<usize>> {
    let mut rows: Vec<Vec<usize>> = vec![];
    let mut used = f64::INFINITY;
    for (index, series) in plot.series.iter().enumerate().filter(|(index, _)| plot.has_points(*index)) {
        let width = legend_width(&series.name);
        if used + width > WIDTH - LEFT - RIGHT {
            rows.push(vec![]);
            used = 0.0;
        }
        used += width;
        if let Some(row) = rows.last_mut() {
            row.push(index);
        }
    }
    rows
}
