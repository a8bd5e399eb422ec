//! One array of a file.

use crate::{
    error::{Error, Result},
    sample::table::Source,
};
use npyz::{DType, Deserialize, Field, NpyFile, NpyHeader, Order, TypeChar};
use std::io::{BufReader, Read};

/// The first bytes of every `.npy` file.
pub(in crate::sample::table) const MAGIC: &[u8] = b"\x93NUMPY";

/// The longest header read, in bytes, as in numpy, and the deepest brackets in it.
const LONGEST_HEADER: usize = 10_000;
const DEEPEST: usize = 8;
/// The most bytes that one array may take.
const MOST_BYTES: u64 = 4 << 30;
/// The longest name of a class, in characters.
const LONGEST_NAME: u64 = 1000;

/// The elements of an array, row after row.
pub(super) enum Elements {
    Numbers(Vec<f64>),
    Names(Vec<String>),
}

/// An array of one or two dimensions.
pub(super) struct Array {
    pub rows: usize,
    /// `None` for one dimension.
    pub columns: Option<usize>,
    pub elements: Elements,
}

/// The header that `reader` begins with.
fn header(field: &str, reader: &mut Counted<'_>) -> Result<NpyHeader> {
    let broken = |reason: String| Error::invalid(field, reason, "an array as numpy.save writes it");
    let mut bytes = vec![0; MAGIC.len() + 4];
    let mut more = |bytes: &mut Vec<u8>, from: usize| {
        reader.read_exact(&mut bytes[from..]).map_err(|_| broken("a header that ends too early".into()))
    };
    more(&mut bytes, 0)?;
    let length = match bytes[MAGIC.len()] {
        1 => usize::from(u16::from_le_bytes([bytes[8], bytes[9]])),
        2 | 3 => {
            bytes.extend([0; 2]);
            let from = bytes.len() - 2;
            more(&mut bytes, from)?;
            u32::from_le_bytes([bytes[8], bytes[9], bytes[10], bytes[11]]) as usize
        }
        version => return Err(broken(format!("version {version} of the .npy format"))),
    };
    if length > LONGEST_HEADER {
        return Err(broken(format!("a header of {length} bytes")));
    }
    let from = bytes.len();
    bytes.resize(from + length, 0);
    more(&mut bytes, from)?;
    let depth = bytes[from..].iter().scan(0usize, |depth, byte| {
        match byte {
            b'(' | b'[' | b'{' => *depth += 1,
            b')' | b']' | b'}' => *depth = depth.saturating_sub(1),
            _ => {}
        }
        Some(*depth)
    });
    if depth.max().unwrap_or(0) > DEEPEST {
        return Err(broken("a header of nested brackets".into()));
    }
    NpyHeader::from_reader(&bytes[..]).map_err(|error| broken(error.to_string()))
}

/// The array that `reader` holds in `bytes` bytes, if that many are known to be there.
pub(super) fn array(source: Source<'_>, name: &str, reader: &mut dyn Read, bytes: u64) -> Result<Array> {
    let field =
        if name.is_empty() { source.field.to_owned() } else { format!("{}, array {name}", source.field) };
    let mut counted = Counted { reader: BufReader::new(reader), read: 0 };
    let header = header(&field, &mut counted)?;
    let refuse = |value: String, expected: &str| Error::invalid(field.clone(), value, expected);
    if header.uses_pickled_array() {
        let right = "numbers: objects are kept as a pickle, which is never opened, since that runs code; save with dtype=float";
        return Err(refuse("an array of objects".into(), right));
    }
    let DType::Plain(kind) = header.dtype() else {
        return Err(refuse("an array of records".into(), "a plain array of numbers"));
    };
    let shape = header.shape().to_vec();
    let said = || format!("shape ({})", shape.iter().map(u64::to_string).collect::<Vec<_>>().join(", "));
    let (rows, columns) = match shape[..] {
        [rows] => (rows, None),
        [rows, columns] => (rows, Some(columns)),
        _ => {
            return Err(refuse(
                said(),
                "one or two dimensions: X.reshape(len(X), -1) makes rows of any array",
            ));
        }
    };
    let size = kind.num_bytes().unwrap_or(usize::MAX) as u64;
    let count = rows.checked_mul(columns.unwrap_or(1));
    let needed = count.and_then(|count| count.checked_mul(size)).unwrap_or(u64::MAX);
    let left = bytes.saturating_sub(counted.read);
    if needed > left {
        let claimed = format!("{} of {}, {needed} bytes, where {left} are left", said(), kind);
        return Err(refuse(claimed, "a whole file: this one is truncated"));
    }
    let count = count.unwrap_or(u64::MAX);
    if needed.max(count.saturating_mul(8)) > MOST_BYTES {
        return Err(Error::too_large(
            field.clone(),
            format!("{:.1} GiB", needed as f64 / (1u64 << 30) as f64),
            "4 GiB",
        ));
    }
    if count == 0 {
        return Err(refuse(said(), "at least one number"));
    }
    let order = header.order();
    let file = NpyFile::with_header(header, counted);
    let broken = |error: String| refuse(error, "a whole file of numbers");
    let elements = match (kind.type_char(), size) {
        (TypeChar::Float, 8) => Elements::Numbers(numbers::<f64>(file, count, Some).map_err(broken)?),
        (TypeChar::Float, 4) => {
            Elements::Numbers(numbers::<f32>(file, count, |x| Some(x.into())).map_err(broken)?)
        }
        (TypeChar::Bool, 1) => {
            Elements::Numbers(numbers::<bool>(file, count, |x| Some(f64::from(u8::from(x)))).map_err(broken)?)
        }
        (TypeChar::Int, 1) => {
            Elements::Numbers(numbers::<i8>(file, count, |x| Some(x.into())).map_err(broken)?)
        }
        (TypeChar::Int, 2) => {
            Elements::Numbers(numbers::<i16>(file, count, |x| Some(x.into())).map_err(broken)?)
        }
        (TypeChar::Int, 4) => {
            Elements::Numbers(numbers::<i32>(file, count, |x| Some(x.into())).map_err(broken)?)
        }
        (TypeChar::Int, 8) => Elements::Numbers(
            numbers::<i64>(file, count, |x| exact(x as f64, i128::from(x))).map_err(broken)?,
        ),
        (TypeChar::Uint, 1) => {
            Elements::Numbers(numbers::<u8>(file, count, |x| Some(x.into())).map_err(broken)?)
        }
        (TypeChar::Uint, 2) => {
            Elements::Numbers(numbers::<u16>(file, count, |x| Some(x.into())).map_err(broken)?)
        }
        (TypeChar::Uint, 4) => {
            Elements::Numbers(numbers::<u32>(file, count, |x| Some(x.into())).map_err(broken)?)
        }
        (TypeChar::Uint, 8) => Elements::Numbers(
            numbers::<u64>(file, count, |x| exact(x as f64, i128::from(x))).map_err(broken)?,
        ),
        (TypeChar::UnicodeStr, _) if kind.size_field() <= LONGEST_NAME => {
            Elements::Names(collect::<String>(file, count).map_err(broken)?)
        }
        (TypeChar::ByteStr, _) if kind.size_field() <= LONGEST_NAME => {
            let names = collect::<Vec<u8>>(file, count).map_err(broken)?;
            Elements::Names(names.iter().map(|name| String::from_utf8_lossy(name).into_owned()).collect())
        }
        (TypeChar::Complex, _) => {
            return Err(refuse(
                format!("complex numbers ({kind})"),
                "real numbers: X.real, if the rest is zero",
            ));
        }
        _ => {
            return Err(refuse(
                format!("elements of type {kind}"),
                "float64, float32, integers, booleans or names: X.astype(float), if they are numbers",
            ));
        }
    };
    let (rows, columns) = (rows as usize, columns.map(|columns| columns as usize));
    let elements = match (order, columns) {
        (Order::Fortran, Some(columns)) if rows > 1 && columns > 1 => match elements {
            Elements::Numbers(all) => Elements::Numbers(by_rows(&all, rows, columns)),
            Elements::Names(all) => Elements::Names(by_rows(&all, rows, columns)),
        },
        _ => elements,
    };
    Ok(Array { rows, columns, elements })
}

/// The fields by a wanted name of an array of records in one dimension, each as the file of an array of its own; none of an array of another kind.
pub(super) fn columns(
    source: Source<'_>,
    reader: &mut dyn Read,
    bytes: u64,
    wanted: impl Fn(&String) -> bool,
) -> Result<Vec<(String, Vec<u8>)>> {
    let mut counted = Counted { reader: BufReader::new(reader), read: 0 };
    let header = header(source.field, &mut counted)?;
    let (dtype, &[rows]) = (header.dtype(), header.shape()) else { return Ok(vec![]) };
    // Objects have no width.
    let (Some(width), DType::Record(fields)) = (dtype.num_bytes(), dtype) else { return Ok(vec![]) };
    let room = MOST_BYTES.min(bytes.saturating_sub(counted.read));
    let Some(needed) = rows.checked_mul(width as u64).filter(|needed| *needed <= room) else {
        let claimed = format!("{rows} records of {width} bytes, where {room} are left");
        return Err(Error::invalid(source.field, claimed, "a whole file, of at most 4 GiB"));
    };
    let mut records = vec![0; needed as usize];
    counted
        .read_exact(&mut records)
        .map_err(|error| Error::invalid(source.field, error, "a whole file of records"))?;
    let mut from = 0;
    let mut all = vec![];
    for Field { name, dtype } in fields {
        let own = dtype.num_bytes().unwrap_or(0);
        if let DType::Plain(kind) = dtype
            && wanted(&name)
        {
            let said = format!("{{'descr': '{kind}', 'fortran_order': False, 'shape': ({rows},), }}\n");
            let start = [MAGIC, &[1, 0], &(said.len() as u16).to_le_bytes(), said.as_bytes()].concat();
            let cells = records.chunks_exact(width.max(1)).flat_map(|record| &record[from..from + own]);
            all.push((name, start.into_iter().chain(cells.copied()).collect()));
        }
        from += own;
    }
    Ok(all)
}

/// A whole number as a machine number, if it is one.
fn exact(value: f64, of: i128) -> Option<f64> {
    (value as i128 == of).then_some(value)
}

fn by_rows<T: Clone>(all: &[T], rows: usize, columns: usize) -> Vec<T> {
    (0..rows * columns).map(|i| all[i % columns * rows + i / columns].clone()).collect()
}

fn numbers<T: Deserialize>(
    file: NpyFile<Counted<'_>>,
    count: u64,
    convert: impl Fn(T) -> Option<f64>,
) -> Result<Vec<f64>, String> {
    let mut all = reserved(count)?;
    for element in file.data::<T>().map_err(|error| error.to_string())? {
        let element = element.map_err(|error| error.to_string())?;
        all.push(convert(element).ok_or("a whole number beyond 2^53, which no float64 is")?);
    }
    Ok(all)
}

fn collect<T: Deserialize>(file: NpyFile<Counted<'_>>, count: u64) -> Result<Vec<T>, String> {
    let mut all = reserved(count)?;
    for element in file.data::<T>().map_err(|error| error.to_string())? {
        all.push(element.map_err(|error| error.to_string())?);
    }
    Ok(all)
}

/// Room for `count` elements, if this machine has it.
fn reserved<T>(count: u64) -> Result<Vec<T>, String> {
    let mut all = Vec::new();
    all.try_reserve_exact(count as usize)
        .map_err(|_| format!("{count} elements, more than fit in memory"))?;
    Ok(all)
}

/// Counts the bytes read.
struct Counted<'a> {
    reader: BufReader<&'a mut dyn Read>,
    read: u64,
}

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.read += read as u64;
        Ok(read)
    }
}
