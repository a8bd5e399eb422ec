//! The line through the points of a series, as the data of an SVG path.

/// Points of a line closer than this, in pixels, to the last are left out.
const FINEST: f64 = 0.3;

/// A line through each of the `runs` of places, in pixels; a place that is a run of its own is a level dash that reaches `dash` to both sides.
pub fn path(runs: impl Iterator<Item = Vec<(f64, f64)>>, dash: Option<f64>) -> String {
    let mut path = String::new();
    let mut to = |letter: char, (x, y): (f64, f64)| path.push_str(&format!("{letter}{x:.1} {y:.1}"));
    let mut last_dash = f64::NEG_INFINITY;
    for run in runs {
        match &run[..] {
            [] => {}
            [(x, y)] => {
                if let Some(dash) = dash.filter(|_| (x - last_dash).abs() >= FINEST) {
                    to('M', (x - dash, *y));
                    to('L', (x + dash, *y));
                    last_dash = *x;
                }
            }
            [first, between @ .., end] => {
                let mut last = *first;
                to('M', last);
                for (x, y) in between {
                    if (x - last.0).abs() + (y - last.1).abs() >= FINEST {
                        last = (*x, *y);
                        to('L', last);
                    }
                }
                to('L', *end);
            }
        }
    }
    path
}
