//! What a user's file may hold, and what is said of it.

use hinf::{
    math::units::Dimension,
    sample::{Data, Header, Points, Reading, Source, data, from_file},
};
use std::{io::Write, path::Path};

fn dim(d: u32) -> Dimension {
    Dimension::new(d).unwrap()
}

fn all_unit(points: &Points) -> bool {
    (0..points.len()).all(|i| (points.point(i).iter().map(|x| x * x).sum::<f64>() - 1.0).abs() < 1e-14)
}

fn read(text: &str, label: Option<&str>) -> hinf::Result<Data> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    from_file(file.path(), label)
}

#[test]
fn rows_are_points_over_their_norms() {
    for header in ["", "x,y,target\n", "# a remark\n\u{feff}x, y, target\n"] {
        let label = if header.is_empty() { "3" } else { "target" };
        let data = read(&format!("{header}3,4,1.5\n0.6,-0.8,-2\n1e200,0,7\n"), Some(label)).unwrap();
        assert_eq!(data.labels.unwrap().values, [1.5, -2.0, 7.0]);
        assert_eq!((data.points.dim(), data.points.len(), data.normalised), (dim(1), 3, 2));
        assert!((data.points.point(0)[1] - 0.8).abs() < 1e-15 && all_unit(&data.points));
    }
    assert_eq!(
        read("1,0,0\n0,1,0\n0,0,1\n0.5773502691896258,0.5773502691896258,0.5773502691896258", None)
            .unwrap()
            .normalised,
        0
    );
    assert_eq!(read("a,b\n1,0\n0,1\n", Some("1")).unwrap_err().kind(), hinf::ErrorKind::Invalid);
}

/// The message with which `text` is refused: one line of at most 300 characters.
fn refused(text: &str, label: Option<&str>) -> String {
    let message = read(text, label).unwrap_err().to_string();
    assert!(!message.contains('\n') && message.chars().count() < 300, "{message}");
    message
}

#[test]
fn wrong_rows_are_refused_with_row_line_and_column() {
    for (text, words) in [
        ("x,y\n1,0\nnan,1\n", ["row 2 (line 3), column 1 'x'", "finite"]),
        ("1,0\n1,inf\n", ["row 2 (line 2), column 2", "finite"]),
        ("1,0\n0,1,2\n", ["line 2", "3 columns"]),
        ("1,0\n0\n", ["line 2", "1 columns"]),
        ("1,0\n0,0\n", ["line 2", "zeros"]),
        ("1,0\n\n\n0,0\n", ["row 2 (line 4)", "zeros"]),
        ("1,0\n,1\n", ["line 2", "finite"]),
        ("1,NA\n0,1\n", ["row 1 (line 1), column 2", "'NA'"]),
        ("some,text\nand,more\n", ["line 2", "'and'"]),
        ("a;b\n1,5;2\n3;4\n", ["decimal point", "semicolons"]),
        ("", ["rows", ""]),
        ("x,y\n", ["two rows", ""]),
        ("1,0\n", ["two rows", ""]),
        ("1,0\n\"0,1\n", ["line 2", "1 columns"]),
        ("1,0\n1e308,1.7e308\n", ["line 2", "overflows"]),
        ("x\n1\n2\n", ["column of ones", "(x, 1)"]),
        ("1\n2\n", ["column of ones", "(x, 1)"]),
        ("a,b,species\n1,2,red\n3,4,blue\n", ["label species", "'red'"]),
    ] {
        let message = refused(text, None);
        assert!(words.iter().all(|word| message.contains(word)), "{text:?}: {message}");
    }
    for (text, label, word) in [
        ("x,y,z\n1,0,1\n0,1,2\n", "w", "one of x, y, z"),
        ("1,0,1\n0,1,2\n", "4", "1 to 3"),
        ("1,0,1\n0,1,2\n", "z", "no header"),
        ("z,z,x\n1,0,1\n0,1,2\n", "z", "once"),
        ("x,y,z\n1,0,cat\n0,1,7\n", "z", "row 2 (line 3), column 3 'z'"),
        ("x,y,z\n1,0,7\n0,1,cat\n", "z", "'cat'"),
        ("x,y,z\n1,0,cat\n0,1,\n", "z", "class name"),
        ("x,y\n1,0\n0,1\n", "y", "column of ones"),
    ] {
        let message = refused(text, Some(label));
        assert!(message.contains(word), "{text:?}: {message}");
    }
    let missing = from_file("/nowhere/at-all.csv".as_ref(), None).unwrap_err();
    assert_eq!(missing.kind(), hinf::ErrorKind::Io);
    assert!(from_file("/".as_ref(), None).is_err());
    let mut latin = tempfile::NamedTempFile::new().unwrap();
    latin.write_all(b"1,0\n\xe9,1\n").unwrap();
    assert!(from_file(latin.path(), None).unwrap_err().to_string().contains("line 2"));
}

/// A cell, a heading, a name of megabytes is cut.
#[test]
fn long_cells_make_short_messages() {
    let long = "x".repeat(3 << 20);
    refused(&format!("1,0\n0,{long}\n"), None);
    refused(&format!("a,{long}\n0,1\n0,nan\n"), None);
    refused(&format!("a,{long}\n0,1\n0,1\n"), Some("b"));
    refused("a,b\n0,1\n0,1\n", Some(&long));
}

fn case(name: &str, label: Option<&str>, header: Header) -> hinf::Result<Data> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name);
    let reading = Reading { label: label.map(str::to_owned), header };
    data::read(Source { path: &path, field: "data" }, &reading)
}

/// Asserts that the rows of two files are the same points, to the rounding of `precision`, with the same labels.
fn same(name: &str, found: &Data, precision: f64) {
    let plain = case("cases/ok.csv", Some("y"), Header::Auto).unwrap();
    let pairs = || plain.points.coordinates().iter().zip(found.points.coordinates());
    assert_eq!((plain.points.len(), plain.points.dim()), (found.points.len(), found.points.dim()), "{name}");
    assert!(pairs().all(|(a, b)| (a - b).abs() <= precision), "{name}");
    assert_eq!(plain.labels.unwrap().values, found.labels.as_ref().unwrap().values, "{name}");
}

#[test]
fn the_same_rows_are_read_from_every_kind_of_file() {
    for (name, label, note) in [
        ("cases/ok.csv", "y", ""),
        ("cases/ok.csv", "4", ""),
        ("cases/header-all-integers.csv", "4", "the first row (0, 1, 2, 3) is taken for headings"),
        ("cases/header-all-integers.csv", "3", "label 3 is the column headed 3, the 4. one"),
        ("cases/header-years.csv", "y", ""),
        ("cases/semicolon.csv", "y", "separated by semicolons"),
        ("cases/space-savetxt.csv", "y", "gives the headings: a, b, c, y"),
        ("cases/space-savetxt.csv", "4", "separated by spaces"),
        ("cases/index-column.csv", "y", "no name: it is taken for an index and left out"),
        ("cases/string-labels.csv", "species", "column species are coded blue = -1, red = 1"),
        ("numpy/f64.npy", "4", ""),
        ("numpy/f64-fortran.npy", "4", ""),
        ("numpy/f64-big-endian.npy", "4", ""),
        ("numpy/one-and-labels.npz", "y", ""),
        ("numpy/unnamed.npz", "4", ""),
    ] {
        let found = case(name, Some(label), Header::Auto).unwrap_or_else(|error| panic!("{name}: {error}"));
        same(name, &found, 0.0);
        let said = found.notes.iter().any(|line| line.contains(note));
        assert!(said || note.is_empty() && found.notes.is_empty(), "{name}: {:?}", found.notes);
    }
    same("f32", &case("numpy/f32.npy", Some("4"), Header::Auto).unwrap(), 1e-7);
    let names = case("numpy/names.npz", Some("species"), Header::Auto).unwrap();
    same("names", &names, 1e-7);
    assert!(names.notes.iter().any(|line| line.contains("blue = -1, red = 1")), "{:?}", names.notes);
    assert!(names.notes.iter().any(|line| line.contains("not used: more")), "{:?}", names.notes);
    let whole = case("numpy/i64.npy", None, Header::Auto).unwrap();
    assert_eq!((whole.points.dim(), whole.points.len()), (dim(3), 10));
    assert_eq!(case("numpy/u8.npy", None, Header::Auto).unwrap().points.len(), 4);
    assert_eq!(case("numpy/bool.npy", None, Header::Auto).unwrap().normalised, 2);
}

#[test]
fn a_flag_decides_about_the_heading() {
    let rows = |header| case("cases/header-all-integers.csv", Some("4"), header).unwrap().points.len();
    assert_eq!([Header::Auto, Header::Yes, Header::No].map(rows), [10, 10, 11]);
    assert_eq!(case("cases/ok.csv", Some("1"), Header::Yes).unwrap().points.len(), 10);
    assert!(case("cases/ok.csv", Some("1"), Header::No).is_err());
}

#[test]
fn equal_coordinates_are_a_direction() {
    let data = case("cases/equal-coordinates.csv", Some("y"), Header::Auto).unwrap();
    assert!((data.points.point(0)[0] - 0.5f64.sqrt()).abs() < 1e-15);
    assert_eq!(data.points.len(), 4);
}

#[test]
fn equal_rows_are_named() {
    let data = case("cases/duplicate-rows.csv", Some("y"), Header::Auto).unwrap();
    assert_eq!(data.duplicates, [vec![0, 10], vec![1, 11], vec![2, 12]]);
    assert!(data.notes.iter().any(|line| line.contains("rows 1, 11 (lines 2, 12)")), "{:?}", data.notes);
    let data = read("1,2,0\n2,4,0\n3,1,0\n9,3,1\n", Some("3")).unwrap();
    assert!(
        data.notes.iter().any(|line| line.contains("rows 3, 4 (lines 3, 4) with different labels")),
        "{:?}",
        data.notes
    );
    let corners = case("cases/hypercube6-unit.csv", Some("y"), Header::Auto).unwrap();
    assert_eq!((corners.points.len(), corners.duplicates.len(), corners.normalised), (64, 0, 0));
}

#[test]
fn columns_that_count_rows_are_no_coordinates_unseen() {
    let read = |heading: &str, from: usize| {
        let rows: Vec<String> =
            (0..6).map(|i| format!("{},0.{},{}", i + from, i + 1, 0.5 * i as f64)).collect();
        let data = read(&format!("{heading}{}", rows.join("\n")), None).unwrap();
        (data.points.dim().get(), data.notes.join("; "))
    };
    for heading in [",a,b\n", "Unnamed: 0,a,b\n", "id,a,b\n", "Index,a,b\n", "a,b\n"] {
        let (d, notes) = read(heading, 1);
        assert!(d == 1 && notes.contains("left out"), "{heading} {notes}");
    }
    for heading in ["", "t,a,b\n"] {
        let (d, notes) = read(heading, 0);
        assert!(d == 2 && notes.contains("is it an index?"), "{heading} {notes}");
    }
    let (d, notes) = read("id,a,b\n", 7);
    assert!(d == 2 && notes.is_empty(), "{notes}");
}

#[test]
fn rows_of_any_width_are_points() {
    for width in [2, 1001, 1002, 3072] {
        let row =
            |at: usize| (0..width).map(|j| if j == at { "1" } else { "0.5" }).collect::<Vec<_>>().join(",");
        let data = read(&format!("{}\n{}\n", row(0), row(1)), None).unwrap();
        assert_eq!(data.points.dim().get() as usize, width - 1);
        let norm = |i: usize| data.points.point(i).iter().map(|x| x * x).sum::<f64>();
        assert!((norm(0) - 1.0).abs() < 1e-12 && (norm(1) - 1.0).abs() < 1e-12);
    }
}

/// Pickles, records, complex numbers, shapes: one line each.
#[test]
fn arrays_that_are_no_tables_are_refused() {
    for (name, label, word) in [
        ("objects.npy", None, "never opened"),
        ("complex.npy", None, "real"),
        ("f16.npy", None, "astype"),
        ("records.npy", None, "records"),
        ("three-dimensional.npy", None, "reshape"),
        ("scalar.npy", None, "dimensions"),
        ("empty.npy", None, "at least one number"),
        ("nan.npy", None, "row 6, column 3"),
        ("big-integers.npy", None, "2^53"),
        ("vector.npy", None, "column of ones"),
        ("two-matrices.npz", None, "a, b"),
        ("wrong-labels.npz", Some("y"), "one for each row"),
        ("one-and-labels.npz", Some("z"), "one of the arrays X, y"),
        ("f64.npy", Some("y"), "1 to 4"),
        ("make.py", None, "finite"),
    ] {
        let message = case(&format!("numpy/{name}"), label, Header::Auto).unwrap_err().to_string();
        assert!(
            message.contains(word) && !message.contains('\n') && message.len() < 400,
            "{name}: {message}"
        );
    }
}

/// Truncated at any byte, and with headers that claim what is not there: refused, and nothing is allocated for the claim.
#[test]
fn broken_arrays_are_refused() {
    let bytes =
        std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/numpy/f64.npy")).unwrap();
    let read = |bytes: &[u8]| {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        from_file(file.path(), None)
    };
    assert!(read(&bytes).is_ok());
    for length in (0..128).chain((128..bytes.len()).step_by(7)) {
        assert!(read(&bytes[..length]).is_err(), "{length}");
    }
    let text = String::from_utf8_lossy(&bytes[10..128]).into_owned();
    for (from, to) in [
        ("(10, 4)", "(99999999999999, 4)"),
        ("(10, 4)", "(4294967296, 4294967296)"),
        ("(10, 4)", "(-10, 4)"),
        ("(10, 4)", "(10, 4, 1)"),
        ("(10, 4)", "10"),
        ("'<f8'", "'<f99999999'"),
        ("'<f8'", "'|O'"),
        ("'<f8'", "'|V8'"),
        ("'<f8'", "'<M8[ns]'"),
        ("'<f8'", "'<U1000000000'"),
        ("{", &"(".repeat(60)),
    ] {
        let header = text.replace(from, to);
        assert_ne!(header, text);
        let mut altered = bytes[..8].to_vec();
        altered.extend((header.len() as u16).to_le_bytes());
        altered.extend(header.as_bytes());
        altered.extend(&bytes[128..]);
        let message = read(&altered).unwrap_err().to_string();
        assert!(!message.contains('\n') && message.len() < 400, "{from} {to}: {message}");
    }
    for start in [&b"\x80\x04\x95"[..], b"\x1f\x8b\x08", b"PK\x03\x04", b"PAR1", b"\x89HDF\r\n"] {
        assert!(read(start).is_err());
    }
}
