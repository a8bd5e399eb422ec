//! How series are told apart: colours, dashes, markers.

use super::plot::{Plot, Style};

/// The colours of series on white and on black.
pub const COLOURS: [(&str, &str); 7] = [
    ("#0072B2", "#56A8E0"),
    ("#D55E00", "#FF8A3D"),
    ("#00835F", "#2CC79B"),
    ("#A8487F", "#E59BC4"),
    ("#9A6B00", "#F0B429"),
    ("#3E7CA6", "#9AD1F5"),
    ("#444444", "#CCCCCC"),
];
/// Dashes of lines; the first is for [`Style::Line`], the others tell dashed lines apart.
const DASHES: [&str; 4] = ["7 4", "2 3", "9 3 2 3", "12 4"];

/// The style sheet for dark screens; paper stays light.
pub fn style() -> String {
    let series: String = COLOURS
        .iter()
        .enumerate()
        .map(|(i, (_, dark))| format!(".hinf-plot .s{i}{{color:{dark}}}"))
        .collect();
    format!(
        "@media screen and (prefers-color-scheme:dark){{.hinf-plot .paper{{fill:#14171a}}.hinf-plot .ink{{color:#e6e6e6}}\
         .hinf-plot .grid{{color:#343a40}}.hinf-plot .halo{{stroke:#14171a}}{series}}}"
    )
}

/// Which colour, and which marker, a series has: its own, or that of the series before it.
pub fn group(plot: &Plot, index: usize) -> usize {
    plot.series[..=index].iter().filter(|series| series.style != Style::Beside).count().saturating_sub(1)
}

/// The stroke of a series' line.
pub fn stroke(plot: &Plot, index: usize) -> String {
    match plot.series[index].style {
        Style::Dashed => {
            let before = plot.series[..index].iter().filter(|s| s.style == Style::Dashed).count();
            format!(
                "stroke=\"currentColor\" stroke-width=\"1.8\" stroke-dasharray=\"{}\"",
                DASHES[before % DASHES.len()]
            )
        }
        Style::Joined => "stroke=\"currentColor\" stroke-width=\"1.1\" stroke-linejoin=\"round\"".into(),
        _ => "stroke=\"currentColor\" stroke-width=\"2\" stroke-linejoin=\"round\"".into(),
    }
}

/// The marker of a group at a place, as an open `path` element: circle, square, triangles, diamond, cross.
pub fn marker(group: usize, x: f64, y: f64) -> String {
    let shape = match group % 6 {
        0 => "m-3.6 0a3.6 3.6 0 1 0 7.2 0a3.6 3.6 0 1 0-7.2 0z",
        1 => "m-3.3-3.3h6.6v6.6h-6.6z",
        2 => "m0-4.6l4.3 7.4h-8.6z",
        3 => "m0-4.8l4 4.8l-4 4.8l-4-4.8z",
        4 => "m0 4.6l4.3-7.4h-8.6z",
        _ => "m-1.3-4.2h2.6v2.9h2.9v2.6h-2.9v2.9h-2.6v-2.9h-2.9v-2.6h2.9z",
    };
    format!(
        "<path d=\"M{x:.1} {y:.1}{shape}\" class=\"halo\" fill=\"currentColor\" stroke=\"#ffffff\" stroke-width=\"0.8\">"
    )
}
