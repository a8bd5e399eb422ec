//! Tables as numpy arrays: `.npz`, an array a column, and `.npy`, one array of records.
//!
//! Whole numbers are `int64`, other numbers `float64` (a missing one is NaN, as numpy has it), all else is unicode text. Where a number has digits
//! that `float64` does not hold, its column comes twice: `NAME`, rounded to the nearest `float64`, and `NAME_digits`, as text with all digits. So
//! nothing is lost, and nothing is pickled.

use super::grid::Grid;
use crate::{
    error::{Error, Result},
    math::number,
};
use npyz::{DType, Field, Serialize, TypeStr, TypeWrite, WriteOptions, WriterBuilder};
use std::io::{self, Cursor, Write};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

/// What is added to the name of a column for its numbers with all digits.
pub const DIGITS: &str = "_digits";

/// One column in one type: its name, the type as numpy writes it, and its cells in bytes.
struct Array {
    name: String,
    kind: TypeStr,
    cells: Vec<Vec<u8>>,
}

/// An element in the bytes that numpy keeps.
struct Element(Vec<u8>);

/// Writes elements as they are.
struct Verbatim;

impl TypeWrite for Verbatim {
    type Value = Element;

    fn write_one<W: Write>(&self, mut writer: W, element: &Element) -> io::Result<()> {
        writer.write_all(&element.0)
    }
}

impl Serialize for Element {
    type TypeWriter = Verbatim;

    fn writer(_: &DType) -> Result<Verbatim, npyz::DTypeError> {
        Ok(Verbatim)
    }
}

fn refuse(reason: &dyn std::fmt::Display) -> Error {
    Error::numerical("numpy", reason, "a table that can be written as arrays")
}

/// The longest header that `numpy.load` opens by itself, in bytes.
const LONGEST_HEADER: usize = 10_000;

/// The table as one array of records, as `numpy.save` writes it.
///
/// # Errors
/// When its columns have so many or so long names that numpy would not open it.
pub fn npy(grid: &Grid) -> Result<Vec<u8>> {
    let arrays = arrays(grid)?;
    let record = |i: usize| Element(arrays.iter().flat_map(|array| array.cells[i].iter().copied()).collect());
    let field = |array: &Array| Field { name: array.name.clone(), dtype: DType::Plain(array.kind.clone()) };
    let bytes = written(DType::Record(arrays.iter().map(field).collect()), (0..grid.rows.len()).map(record))?;
    let held: usize = arrays.iter().flat_map(|array| &array.cells).map(Vec::len).sum();
    if bytes.len() - held > LONGEST_HEADER {
        let found = format!("npy with {} columns", arrays.len());
        return Err(Error::invalid("format", found, "npz or csv: numpy.load opens no header of this length"));
    }
    Ok(bytes)
}

/// The table as an archive of arrays, one a column, as `numpy.savez` writes it.
///
/// # Errors
/// When it cannot be written, which in memory does not happen.
pub fn npz(grid: &Grid) -> Result<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for Array { name, kind, cells } in arrays(grid)? {
        let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        archive.start_file(format!("{name}.npy"), stored).map_err(|e| refuse(&e))?;
        let bytes = written(DType::Plain(kind), cells.into_iter().map(Element))?;
        archive.write_all(&bytes).map_err(|e| refuse(&e))?;
    }
    archive.finish().map(Cursor::into_inner).map_err(|e| refuse(&e))
}

/// A one-dimensional array with its header.
fn written(kind: DType, elements: impl ExactSizeIterator<Item = Element>) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let options = WriteOptions::new().dtype(kind).shape(&[elements.len() as u64]).writer(&mut bytes);
    let mut writer = options.begin_nd().map_err(|e| refuse(&e))?;
    for element in elements {
        writer.push(&element).map_err(|e| refuse(&e))?;
    }
    writer.finish().map_err(|e| refuse(&e))?;
    Ok(bytes)
}

fn arrays(grid: &Grid) -> Result<Vec<Array>> {
    let mut all = Vec::with_capacity(grid.columns.len());
    for (column, (name, _)) in grid.columns.iter().enumerate() {
        let cells: Vec<&str> =
            grid.rows.iter().map(|row| row.get(column).map_or("", String::as_str)).collect();
        all.extend(typed(name, &cells)?);
    }
    Ok(all)
}

/// A column as an array, and where its digits need it as a second one.
fn typed(name: &str, cells: &[&str]) -> Result<Vec<Array>> {
    let array = |name: String, kind: String, cells: Vec<Vec<u8>>| -> Result<Array> {
        Ok(Array { name, kind: kind.parse().map_err(|e: npyz::ParseTypeStrError| refuse(&e))?, cells })
    };
    let whole = |cell: &&str| cell.parse::<i64>().ok().filter(|number| number.to_string() == **cell);
    if let Some(numbers) = cells.iter().map(whole).collect::<Option<Vec<i64>>>() {
        let bytes = numbers.iter().map(|number| number.to_le_bytes().to_vec()).collect();
        return Ok(vec![array(name.into(), "<i8".into(), bytes)?]);
    }
    let text = |name: String| {
        let longest = cells.iter().map(|cell| cell.chars().count()).max().unwrap_or(0).max(1);
        let utf32 = |cell: &&str| {
            let padded = cell.chars().map(u32::from).chain(std::iter::repeat(0)).take(longest);
            padded.flat_map(u32::to_le_bytes).collect()
        };
        array(name, format!("<U{longest}"), cells.iter().map(utf32).collect())
    };
    let real = |cell: &&str| if cell.is_empty() { Some(f64::NAN) } else { cell.parse::<f64>().ok() };
    let numbers = cells.iter().map(real).collect::<Option<Vec<f64>>>();
    let Some(numbers) = numbers.filter(|_| cells.iter().any(|cell| !cell.is_empty())) else {
        return Ok(vec![text(name.into())?]);
    };
    let bytes = numbers.iter().map(|number| number.to_le_bytes().to_vec()).collect();
    let mut all = vec![array(name.into(), "<f8".into(), bytes)?];
    if cells.iter().zip(&numbers).any(|(cell, number)| !holds(*number, cell)) {
        all.push(text(format!("{name}{DIGITS}"))?);
    }
    Ok(all)
}

/// Does the shortest decimal of `number` say the same as `cell`?
fn holds(number: f64, cell: &str) -> bool {
    let named = cell.trim_start_matches(['+', '-']).starts_with(char::is_alphabetic);
    let same =
        || number::parse(cell).is_some_and(|right| number::parse(&format!("{number:e}")) == Some(right));
    cell.is_empty() || named || number.is_finite() && (cell == number.to_string() || same())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::grid::Column;
    use npyz::NpyFile;
    use std::io::Read;

    fn grid() -> Grid {
        let columns = ["degree", "value", "seen", "kind", "empty"];
        let rows = [["0", "0.25", "1e-3", "exact", ""], ["7", "0.33333333333333333333", "", "caf\u{e9}", ""]];
        Grid {
            title: "t".into(),
            captions: vec![],
            columns: columns.map(|head| (head.to_owned(), Column::Left)).to_vec(),
            rows: rows.map(|row| row.map(str::to_owned).to_vec()).to_vec(),
        }
    }

    fn array<T: npyz::Deserialize>(name: &str) -> Vec<T> {
        let mut archive = zip::ZipArchive::new(Cursor::new(npz(&grid()).unwrap())).unwrap();
        let mut bytes = Vec::new();
        archive.by_name(&format!("{name}.npy")).unwrap().read_to_end(&mut bytes).unwrap();
        NpyFile::new(&bytes[..]).unwrap().into_vec().unwrap()
    }

    #[test]
    fn columns_have_the_types_of_their_cells() {
        assert_eq!(array::<i64>("degree"), [0, 7]);
        assert_eq!(array::<f64>("value"), [0.25, 1.0 / 3.0]);
        assert_eq!(array::<String>("value_digits"), ["0.25", "0.33333333333333333333"]);
        assert_eq!(array::<String>("kind"), ["exact", "caf\u{e9}"]);
        assert_eq!(array::<String>("empty"), ["", ""]);
        let seen = array::<f64>("seen");
        assert!(seen[0] == 1e-3 && seen[1].is_nan());
        let mut archive = zip::ZipArchive::new(Cursor::new(npz(&grid()).unwrap())).unwrap();
        assert!(archive.by_name("seen_digits.npy").is_err(), "1e-3 and a missing number lose nothing");
    }

    /// The shortest decimal of a machine number loses nothing; what overflows, vanishes or has more digits does.
    #[test]
    fn digits_that_float64_holds_are_told_from_others() {
        for x in [0.1, 1.0 / 3.0, 5e-324, f64::MAX, -1e-7, 1e22] {
            assert!(holds(x, &x.to_string()) && holds(x, &format!("{x:e}")), "{x}");
        }
        for lossy in ["0.10000000000000000001", "1e400", "1e-835", "123456789012345678901"] {
            assert!(!holds(lossy.parse().unwrap(), lossy), "{lossy}");
        }
        assert!(holds(f64::NAN, "NaN") && holds(f64::INFINITY, "inf"));
    }

    #[test]
    fn a_header_that_numpy_does_not_open_is_refused() {
        let wide = |columns: usize| Grid {
            columns: (0..columns).map(|column| (format!("column {column}"), Column::Left)).collect(),
            rows: vec![vec!["1".into(); columns]],
            ..grid()
        };
        assert!(npy(&wide(100)).is_ok() && npz(&wide(1000)).is_ok());
        assert!(npy(&wide(1000)).unwrap_err().to_string().contains("npz or csv"));
    }

    #[test]
    fn records_are_rows() {
        let bytes = npy(&grid()).unwrap();
        let file = NpyFile::new(&bytes[..]).unwrap();
        let DType::Record(fields) = file.header().dtype() else { panic!("no records") };
        let names: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
        assert_eq!(names, ["degree", "value", "value_digits", "seen", "kind", "empty"]);
        assert_eq!(file.shape(), [2]);
        // int64, float64, 22 characters, float64, 5 characters, 1 character.
        let row = 8 + 8 + 4 * 22 + 8 + 4 * 5 + 4;
        let last = &bytes[bytes.len() - row..];
        assert_eq!(last[..8], 7i64.to_le_bytes());
        assert_eq!(last[8..16], (1.0f64 / 3.0).to_le_bytes());
    }
}
