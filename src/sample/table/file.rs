//! What kind of file it is, told from its first bytes and not from its name.

use super::{Source, numpy};
use crate::error::{Error, Result};
use std::{
    fs::File,
    io::{BufReader, Read, Seek},
};

/// The longest text read, in bytes.
const LONGEST_TEXT: u64 = 1 << 30;

/// An open file by its kind.
pub enum Contents {
    /// Text in UTF-8, without a byte order mark.
    Text(String),
    /// One numpy array.
    Array(BufReader<File>),
    /// A zip archive of numpy arrays.
    Archive(BufReader<File>),
}

/// The file's length in bytes.
///
/// # Errors
/// When there is no such file.
pub fn length(source: Source<'_>) -> Result<u64> {
    std::fs::metadata(source.path)
        .map(|found| found.len())
        .map_err(|e| Error::io("cannot read", source.path, e))
}

/// Opens the file.
///
/// # Errors
/// When it cannot be read, is text longer than 1 GiB or not in UTF-8, or is of a kind that is known and not read.
pub fn open(source: Source<'_>) -> Result<Contents> {
    let refuse = |error| Error::io("cannot read", source.path, error);
    let mut file = BufReader::new(File::open(source.path).map_err(refuse)?);
    let mut first = [0; 8];
    let mut length = 0;
    while length < first.len() {
        match file.read(&mut first[length..]).map_err(refuse)? {
            0 => break,
            more => length += more,
        }
    }
    let known = |name: &str, right: &str| {
        Err(Error::invalid(source.field, format!("{name} in {}", source.path.display()), right))
    };
    match &first[..length] {
        start if start.starts_with(numpy::MAGIC) => rewound(file).map(Contents::Array).map_err(refuse),
        [b'P', b'K', 3 | 5, 4 | 6, ..] => rewound(file).map(Contents::Archive).map_err(refuse),
        [0x1f, 0x8b, ..] => known("a gzip file", "the file in it, unpacked"),
        [0x80, 2..=5, ..] => known(
            "a pickle",
            "an array written by numpy.save: pickles are never opened, since opening one runs code",
        ),
        [0x89, b'H', b'D', b'F', ..] => known("an HDF5 file", "CSV, .npy or .npz"),
        [b'P', b'A', b'R', b'1', ..] => known("a Parquet file", "CSV, .npy or .npz"),
        start => text(source, start, file).map(Contents::Text),
    }
}

fn rewound(mut file: BufReader<File>) -> std::io::Result<BufReader<File>> {
    file.rewind()?;
    Ok(file)
}

/// The text that begins with `start`.
fn text(source: Source<'_>, start: &[u8], file: BufReader<File>) -> Result<String> {
    let mut bytes = start.to_vec();
    let most = LONGEST_TEXT + 1 - start.len() as u64;
    file.take(most).read_to_end(&mut bytes).map_err(|e| Error::io("cannot read", source.path, e))?;
    if bytes.len() as u64 > LONGEST_TEXT {
        let found = format!("more than 1 GiB for {}", source.path.display());
        return Err(Error::too_large(
            source.field,
            found,
            "1 GiB of text (an .npy file may have 4 GiB of numbers)",
        ));
    }
    let text = String::from_utf8(bytes).map_err(|wrong| {
        let valid = &wrong.as_bytes()[..wrong.utf8_error().valid_up_to()];
        let line = 1 + valid.iter().filter(|byte| **byte == b'\n').count();
        Error::invalid(format!("{}, line {line}", source.field), wrong.utf8_error(), "text in UTF-8")
    })?;
    Ok(match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    })
}
