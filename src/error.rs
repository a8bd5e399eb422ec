//! The one error type of the library.

use std::{fmt, io, path::Path};

/// A specialised result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong, with the offending value and what would have been right.
///
/// Opaque, so that details may be added; [`Error::kind`] tells the cases apart. [`fmt::Display`] is a
/// single line that names the subject, the value and what would be accepted.
#[derive(Debug)]
pub struct Error {
    kind: ErrorKind,
    subject: String,
    value: String,
    expected: String,
    source: Option<io::Error>,
}

/// The cases of [`Error`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A value outside its domain: a wrong name, number, range or combination.
    Invalid,
    /// A request that would need more memory or time than is allowed; the value is the estimate.
    TooLarge,
    /// A computation that could not produce the number asked for; the value is how far it came.
    Numerical,
    /// A file that could not be read or written; the value is its path.
    Io,
    /// Work that its caller ended.
    Cancelled,
}

impl Error {
    /// A value outside its domain; `expected` completes the sentence "expected ...".
    pub fn invalid(
        subject: impl Into<String>,
        value: impl fmt::Display,
        expected: impl Into<String>,
    ) -> Self {
        Self::new(ErrorKind::Invalid, subject, value, expected)
    }

    /// A request beyond a limit; `value` is the estimate with its unit and `expected` the limit.
    pub fn too_large(
        subject: impl Into<String>,
        value: impl fmt::Display,
        expected: impl Into<String>,
    ) -> Self {
        Self::new(ErrorKind::TooLarge, subject, value, expected)
    }

    /// A computation that failed; `value` is what was reached and `expected` what was needed.
    pub fn numerical(
        subject: impl Into<String>,
        value: impl fmt::Display,
        expected: impl Into<String>,
    ) -> Self {
        Self::new(ErrorKind::Numerical, subject, value, expected)
    }

    /// A file operation that failed: `action` is a verb phrase such as "cannot write".
    pub fn io(action: impl Into<String>, path: &Path, source: io::Error) -> Self {
        let mut error = Self::new(ErrorKind::Io, action, "", String::new());
        error.value = shortened(&path.display().to_string(), LONGEST_PATH);
        error.source = Some(source);
        error
    }

    /// Work that its caller ended: what was finished is kept.
    pub fn cancelled() -> Self {
        Self::new(ErrorKind::Cancelled, "run", "cancelled", "")
    }

    fn new(
        kind: ErrorKind,
        subject: impl Into<String>,
        value: impl fmt::Display,
        expected: impl Into<String>,
    ) -> Self {
        Self {
            kind,
            subject: without_breaks(&subject.into()),
            value: shortened(&without_breaks(&value.to_string()), LONGEST_VALUE),
            expected: expected.into(),
            source: None,
        }
    }

    /// The same error with `field`, by which the subject was reached, before it.
    #[must_use]
    pub fn under(mut self, field: &str) -> Self {
        // An error that the field's own reader made names it already, alone or before what it holds, as in `kernel ntk, depth`.
        match self.subject.strip_prefix(field) {
            Some("") => {}
            Some(rest) if rest.starts_with(' ') => self.subject = format!("{field},{rest}"),
            _ => self.subject = format!("{field}, {}", self.subject),
        }
        self
    }

    /// The same error with another subject, as when a front names a field by its own word for it.
    #[must_use]
    pub fn with_subject(mut self, subject: impl Into<String>) -> Self {
        self.subject = subject.into();
        self
    }

    /// The same error with other words for what would have been right.
    #[must_use]
    pub fn with_expected(mut self, expected: impl Into<String>) -> Self {
        self.expected = expected.into();
        self
    }

    /// What was wrong: the name of a field of an options struct, or of an input. A comma parts it from what is wrong inside it, as
    /// in `kernel, depth`.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// What would have been right, or the limit; it completes the sentence "expected ...". Empty for files and cancelled work. Another
    /// field that it names stands in back quotes.
    pub fn expected(&self) -> &str {
        &self.expected
    }

    /// The same error of a file with a remark after its reason.
    #[cfg(feature = "cli")]
    pub(crate) fn with_remark(mut self, remark: String) -> Self {
        self.expected = remark;
        self
    }

    /// Which case this is.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The offending value, the estimate or the path, as text.
    pub fn value(&self) -> &str {
        &self.value
    }
}

/// Text whose line breaks, and other control characters, cannot break a message's one line.
fn without_breaks(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// A value of more than `most` characters by its two ends, so that a message stays readable.
pub(crate) fn shortened(value: &str, most: usize) -> String {
    let count = value.chars().count();
    if count <= most {
        return value.to_owned();
    }
    let head: String = value.chars().take(most / 2).collect();
    let tail: String = value.chars().skip(count - most / 4).collect();
    format!("{head}...{tail} ({count} characters)")
}

/// Characters of a value that are shown in full.
pub(crate) const LONGEST_VALUE: usize = 80;
/// The same for a path, which is of use only as a whole.
const LONGEST_PATH: usize = 240;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { subject, value, expected, .. } = self;
        match self.kind {
            ErrorKind::Invalid => write!(f, "{subject}: got '{value}', expected {expected}"),
            ErrorKind::TooLarge => write!(f, "{subject}: would need {value}, allowed is {expected}"),
            ErrorKind::Numerical => write!(f, "{subject}: reached {value}, needed {expected}"),
            ErrorKind::Cancelled if expected.is_empty() => write!(f, "cancelled; what was finished is kept"),
            ErrorKind::Cancelled => write!(f, "cancelled; {expected}"),
            ErrorKind::Io => {
                write!(f, "{subject} '{value}'")?;
                self.source.as_ref().map_or(Ok(()), |source| write!(f, ": {source}"))?;
                if expected.is_empty() { Ok(()) } else { write!(f, "; {expected}") }
            }
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|source| source as _)
    }
}
