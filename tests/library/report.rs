//! Plots and pages: well-formed, self-contained, readable without seeing.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

use hinf::report::{
    grid::{Column, Grid},
    html::{Block, Claim, Page, Section, Status},
    manifest::{Machine, Manifest, Ran},
    plot::{Axis, Image, Plot, Point, Series, Style},
};
use resvg::tiny_skia::Pixmap;
use roxmltree::{Document, Node, ParsingOptions};
use std::{collections::HashSet, fs, path::Path};

fn plot() -> Plot {
    let measured = (1..=6u32).map(|k| {
        let y = f64::from(k).powi(3);
        Point { x: f64::from(k), y, interval: Some((0.8 * y, 1.3 * y)) }
    });
    Plot {
        title: "Steps against degree, k^{3} & more <b>".into(),
        caption: "The points lie on the line \"k^3\".".into(),
        alt: "Six measurements rise with the cube of the degree.".into(),
        x: Axis::log("degree k"),
        y: Axis::log("time (steps)"),
        series: vec![
            Series { name: "measured".into(), style: Style::Markers, points: measured.collect() },
            Series::new(
                "predicted",
                Style::Line,
                (1..=60).map(|i| (f64::from(i) / 10.0, (f64::from(i) / 10.0).powi(3))),
            ),
            Series::new("joined", Style::Joined, [(1.0, 2.0), (2.0, 0.0), (3.0, f64::NAN), (4.0, 200.0)]),
            Series::new("bound", Style::Dashed, [(1.0, 3.0), (6.0, 300.0)]),
        ],
    }
}

fn page() -> Page {
    let claim = |status: Status| Claim {
        name: status.name().into(),
        claim: "bias cures the null space & <i>more</i>".into(),
        expected: "lambda_3 > 0".into(),
        measured: "1/512".into(),
        status,
        commands: vec!["hinf table --kernel 'two-layer:bias=true' --dim 2".into()],
    };
    let grid = Grid {
        title: "Eigenvalues \"on\" S^2".into(),
        captions: vec!["K(1) = 0.5 & a note".into()],
        columns: vec![("k".into(), Column::Right), ("exact".into(), Column::Elastic)],
        rows: vec![vec!["3".into(), "<0>".into()]],
    };
    let mut other = plot();
    (other.x, other.y) = (Axis::linear("degree k"), Axis::linear("time (steps)"));
    Page {
        title: "A report <script>alert(1)</script>".into(),
        lead: "What was found.".into(),
        sections: vec![
            Section {
                heading: "Claims".into(),
                blocks: vec![Block::Claims(vec![
                    claim(Status::Holds),
                    claim(Status::Fails),
                    claim(Status::Skipped),
                ])],
            },
            Section {
                heading: "Figures & tables".into(),
                blocks: vec![
                    Block::Text("A paragraph with <angles>.".into()),
                    Block::Figure { name: "steps".into(), plot: plot() },
                    Block::Figure { name: "steps-linear".into(), plot: other },
                    Block::Table(grid),
                ],
            },
        ],
        manifest: Manifest {
            command: "hinf validate --quick".into(),
            version: "0.1.0".into(),
            source: "0123456789abcdef".into(),
            compiler: "rustc 1.85.0".into(),
            seed: Some(7),
            precision: "20 digits".into(),
            machine: Machine {
                system: "linux".into(),
                architecture: "x86_64".into(),
                processor: Some("a processor".into()),
                threads: 2,
            },
            started: "2026-01-01T00:00:00Z".into(),
            seconds: 12.5,
            commands: vec![Ran { command: "table --dim 2".into(), seconds: 0.5, kept: true }],
        },
    }
}

fn parse(text: &str) -> Document<'_> {
    let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
    Document::parse_with_options(text, options).unwrap_or_else(|e| panic!("{e}"))
}

fn elements<'a, 'i>(document: &'a Document<'i>, name: &'static str) -> impl Iterator<Item = Node<'a, 'i>> {
    document.descendants().filter(move |node| node.tag_name().name() == name)
}

/// Every reference in an attribute or a style sheet.
fn references(document: &Document<'_>) -> Vec<String> {
    let of = |node: Node<'_, '_>| {
        let named = ["href", "src", "srcset", "action", "data", "poster"]
            .map(|name| node.attribute(name).map(str::to_owned));
        named.into_iter().flatten().collect::<Vec<_>>()
    };
    document.descendants().flat_map(of).collect()
}

#[test]
fn a_page_is_well_formed_and_needs_nothing_else() {
    let text = page().html().unwrap();
    let document = parse(&text);
    for reference in references(&document) {
        let own = ["#", "data/", "figures/"].iter().any(|start| reference.starts_with(start))
            || reference == "data:,";
        assert!(own, "{reference}");
    }
    for foreign in ["http:", "https:", "@import", "url(", "<script"] {
        assert!(!text.contains(foreign), "{foreign}");
    }
    let targets: HashSet<&str> = document.descendants().filter_map(|node| node.attribute("id")).collect();
    for reference in references(&document).iter().filter_map(|r| r.strip_prefix('#')) {
        assert!(targets.contains(reference), "#{reference}");
    }
}

#[test]
fn a_page_can_be_read_without_seeing_it() {
    let text = page().html().unwrap();
    let document = parse(&text);
    let ids: Vec<&str> = document.descendants().filter_map(|node| node.attribute("id")).collect();
    assert_eq!(ids.len(), ids.iter().collect::<HashSet<_>>().len(), "{ids:?}");
    assert_eq!(elements(&document, "figure").count(), 2);
    for figure in elements(&document, "figure") {
        let drawing = figure.descendants().find(|node| node.tag_name().name() == "svg").unwrap();
        assert_eq!(drawing.attribute("role"), Some("img"));
        for id in drawing.attribute("aria-labelledby").unwrap().split(' ') {
            let label = drawing.children().find(|node| node.attribute("id") == Some(id)).unwrap();
            assert!(label.text().unwrap().len() > 10);
        }
        assert!(figure.children().any(|node| node.tag_name().name() == "figcaption"));
    }
    assert_eq!(elements(&document, "table").count(), 3);
    for table in elements(&document, "table") {
        assert!(table.children().any(|node| node.tag_name().name() == "caption"));
        // The claims fold on a narrow page; what does not fold scrolls.
        let folds = table.attribute("class") == Some("claims");
        assert!(folds || table.parent().unwrap().attribute("tabindex") == Some("0"));
    }
    assert!(elements(&document, "th").all(|head| matches!(head.attribute("scope"), Some("row" | "col"))));
    assert_eq!(document.root_element().attribute("lang"), Some("en"));
    let headings = |name| elements(&document, name).count();
    assert_eq!((headings("h1"), headings("h2")), (1, 2));
    assert!(text.contains("1 of 2 claims hold; 1 not measured"));
}

#[test]
fn a_folder_holds_what_the_page_links_to() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("new/report");
    page().write(&target).unwrap();
    let text = fs::read_to_string(target.join("index.html")).unwrap();
    let links: Vec<String> = references(&parse(&text)).into_iter().filter(|r| r.contains('/')).collect();
    assert_eq!(links.len(), 6);
    for link in links {
        assert!(fs::metadata(target.join(&link)).unwrap().len() > 100, "{link}");
    }
    let csv = fs::read_to_string(target.join("data/steps.csv")).unwrap();
    assert_eq!(csv.lines().filter(|line| line.starts_with('"')).count(), 6 + 60 + 4 + 2);
    let data: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(target.join("data/steps.json")).unwrap()).unwrap();
    assert_eq!(data["series"][0]["points"][2], serde_json::json!([3.0, 27.0, 21.6, 35.1]));
    assert_eq!(data["series"][2]["points"][2][1], serde_json::Value::Null);
    let manifest: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(target.join("manifest.json")).unwrap()).unwrap();
    assert_eq!((&manifest["schema"], &manifest["seed"]), (&"hinf.manifest/1".into(), &7.into()));
    assert_eq!(manifest["commands"][0]["kept"], true);
    assert!(page().html().unwrap().contains("1 of 1 results kept from an earlier run"));
}

#[test]
fn names_that_are_not_fit_for_files_are_refused() {
    for name in ["", "../up", "a b", "Upper", "a/b", "steps"] {
        let mut page = page();
        page.sections[0].blocks.push(Block::Figure { name: name.into(), plot: plot() });
        assert!(page.html().is_err(), "{name}");
    }
}

#[test]
fn a_drawing_stands_alone_and_says_what_it_leaves_out() {
    let text = String::from_utf8(Image::Svg.draw(&plot()).unwrap()).unwrap();
    let document = parse(&text);
    assert_eq!(document.root_element().tag_name().namespace(), Some("http://www.w3.org/2000/svg"));
    assert!(text.contains("prefers-color-scheme:dark"));
    assert!(references(&document).is_empty());
    assert_eq!(plot().omitted(), 2);
    assert!(text.contains("2 points have no place"));
    let texts: String =
        elements(&document, "text").flat_map(|t| t.descendants()).filter_map(|t| t.text()).collect();
    for said in ["degree k", "time (steps)", "measured", "predicted"] {
        assert!(texts.contains(said), "{said}");
    }
}

/// Every number in a drawing is finite, whatever the data.
#[test]
fn wild_data_draw_or_are_refused() {
    let wild: [&[(f64, f64)]; 6] = [
        &[(1.0, 1.0)],
        &[(1e-300, 1e300), (1e300, 1e-300)],
        &[(-1.0, 5.0), (f64::INFINITY, 1.0), (f64::NAN, f64::NAN)],
        &[(5.0, 0.0), (5.0, 0.0)],
        &[(1.0, 1.0 + 1e-15), (1.0, 1.0)],
        &[],
    ];
    for points in wild {
        for (x, y) in [(Axis::linear("x"), Axis::linear("y")), (Axis::log("x"), Axis::log("y"))] {
            let series = vec![Series::new("a", Style::Joined, points.iter().copied())];
            let plot = Plot { x, y, series, ..plot() };
            let shown = points.len() - plot.omitted();
            match Image::Svg.draw(&plot) {
                Ok(bytes) => {
                    let text = String::from_utf8(bytes).unwrap();
                    assert!(!text.contains("NaN") && !text.replace("hinf", "").contains("inf"), "{points:?}");
                    parse(&text);
                }
                Err(error) => assert!(shown == 0, "{points:?}: {error}"),
            }
        }
    }
}

#[test]
fn pixels_show_the_series_and_the_text() {
    let picture = Pixmap::decode_png(&Image::Png.draw(&plot()).unwrap()).unwrap();
    assert!(picture.width() >= 1500);
    let count = |colour: [u8; 3]| {
        let same = |p: &resvg::tiny_skia::PremultipliedColorU8| [p.red(), p.green(), p.blue()] == colour;
        picture.pixels().iter().filter(|p| same(p)).count()
    };
    assert!(count([0x00, 0x72, 0xb2]) > 500, "markers of the first series");
    assert!(count([0xd5, 0x5e, 0x00]) > 2000, "line of the second");
    assert!(count([0x1a, 0x1a, 0x1a]) > 3000, "text");
    assert!(2 * count([0xff, 0xff, 0xff]) > picture.pixels().len(), "white paper");
}

/// The drawing of these series on a linear axis of whole numbers and a logarithmic one.
fn drawing(series: Vec<Series>) -> String {
    let (x, y) = (Axis::linear("k").whole(), Axis::log("y"));
    String::from_utf8(Image::Svg.draw(&Plot { x, y, series, ..plot() }).unwrap()).unwrap()
}

/// The data of the paths of each series, and its colour, in the order of drawing.
fn series_paths(text: &str) -> Vec<(String, Vec<String>)> {
    let document = parse(text);
    let groups = elements(&document, "g").filter_map(|group| Some((group.attribute("class")?, group)));
    let series = groups.filter(|(class, _)| class.starts_with('s'));
    let paths = |group: Node<'_, '_>| {
        group.children().filter_map(|path| path.attribute("d").map(str::to_owned)).collect()
    };
    series.map(|(class, group)| (class.to_owned(), paths(group))).collect()
}

#[test]
fn a_line_breaks_where_there_is_nothing_to_show() {
    let points =
        [(0.0, 1.0), (1.0, 2.0), (2.0, 0.0), (3.0, 3.0), (4.0, f64::INFINITY), (5.0, 4.0), (6.0, 5.0)];
    let line = |style| series_paths(&drawing(vec![Series::new("a", style, points)]))[0].1[0].clone();
    let runs = |path: &str| path.split('M').skip(1).map(|run| run.matches('L').count()).collect::<Vec<_>>();
    // Pieces 0 to 1 and 5 to 6; what is alone at 3 has a dash of its own, or a marker.
    assert_eq!(runs(&line(Style::Line)), [1, 1, 1]);
    assert_eq!(runs(&line(Style::Joined)), [1, 1]);
    let whole =
        series_paths(&drawing(vec![Series::new("a", Style::Line, [(0.0, 1.0), (1.0, 2.0), (2.0, 3.0)])]));
    assert_eq!(runs(&whole[0].1[0]), [2]);
}

#[test]
fn an_end_below_a_logarithmic_axis_has_no_cap() {
    let bar = |low: f64| {
        let point = Point { x: 1.0, y: 1.0, interval: Some((low, 2.0)) };
        let series = Series { name: "a".into(), style: Style::Markers, points: vec![point] };
        let paths = series_paths(&drawing(vec![series]));
        paths[0].1[0].matches("h8").count()
    };
    assert_eq!((bar(0.5), bar(0.0), bar(-0.5)), (2, 1, 1));
}

#[test]
fn what_is_predicted_of_a_series_has_its_colour_and_others_have_their_own() {
    let pair = |i: u32| {
        let points = move |y: f64| (1..5).map(move |k| (f64::from(k), y * f64::from(i + k)));
        let name = |what: &str| format!("{i}, {what}");
        [
            Series::new(name("measured"), Style::Markers, points(1.0)),
            Series::new(name("predicted"), Style::Beside, points(1.1)),
        ]
    };
    let series: Vec<Series> = (0..6).flat_map(pair).collect();
    let colours: Vec<String> = series_paths(&drawing(series)).into_iter().map(|(class, _)| class).collect();
    let expected: Vec<String> = (0..6).map(|i| format!("s{i}")).collect();
    // Lines first, then markers, then the legend.
    assert_eq!((&colours[..6], &colours[6..12]), (&expected[..], &expected[..]));
    assert_eq!(
        colours[12..],
        expected.iter().flat_map(|class| [class.clone(), class.clone()]).collect::<Vec<_>>()
    );
}

#[test]
fn a_series_of_which_nothing_is_drawn_is_not_in_the_legend() {
    let points = [(1.0, 1.0), (2.0, 2.0)];
    let empty = |y: f64| Series::new("nothing", Style::Line, [(1.0, y), (2.0, y)]);
    for y in [0.0, f64::NAN, 1.5] {
        let text = drawing(vec![Series::new("a", Style::Markers, points), empty(y)]);
        assert_eq!(text.contains("nothing"), y > 0.0, "{y}");
    }
}

/// What lies below the least value of an axis is counted, and not drawn.
#[test]
fn an_axis_can_end_above_some_values() {
    let mut plot = plot();
    plot.series = vec![Series::new("a", Style::Joined, [(1.0, 1.0), (2.0, 1e-20), (3.0, 1e-3)])];
    assert_eq!(plot.omitted(), 0);
    plot.y = Axis::log("y").at_least(1e-16);
    assert_eq!(plot.omitted(), 1);
    assert!(plot.full_caption().contains("1 point has no place") && plot.csv().contains("1e-20"));
}

#[test]
fn only_two_file_formats_are_known() {
    assert_eq!(Image::of(Path::new("a/b.SVG")).unwrap(), Image::Svg);
    assert_eq!(Image::of(Path::new("b.png")).unwrap(), Image::Png);
    for wrong in ["plot.pdf", "plot", ".svg", "png"] {
        assert!(Image::of(Path::new(wrong)).is_err(), "{wrong}");
    }
}
