//! Rows of many runs by columns, each with a type, as a file of Apache Parquet.

use std::borrow::Cow;

/// A column: its name, and the cells of all rows, where there are any.
#[derive(Clone, Debug)]
pub struct Column<'a> {
    /// Its name.
    pub name: &'a str,
    /// A cell a row.
    pub cells: Vec<Option<Cow<'a, str>>>,
}

#[cfg(feature = "parquet")]
pub(super) use file::parquet;

/// The columns as a file.
///
/// # Errors
/// Always: this build has not the feature `parquet`.
#[cfg(not(feature = "parquet"))]
pub(super) fn parquet(_: &[Column<'_>]) -> crate::error::Result<Vec<u8>> {
    super::Format::Parquet.in_this_build().map(|()| vec![])
}

#[cfg(feature = "parquet")]
mod file {
    use super::Column;
    use crate::error::{Error, Result};
    use parquet::{
        basic::{LogicalType, Repetition, Type as Physical},
        column::writer::ColumnWriter,
        data_type::ByteArray,
        errors::ParquetError,
        file::{properties::WriterProperties, writer::SerializedFileWriter},
        schema::types::Type,
    };
    use serde_json::Number;
    use std::sync::Arc;

    /// Whole numbers up to this are doubles without rounding.
    const EXACT: u64 = 1 << 53;

    /// The cells of a column that are there, by the narrowest type that keeps each of them to the last digit.
    enum Values<'a> {
        Truths(Vec<bool>),
        Wholes(Vec<i64>),
        Numbers(Vec<f64>),
        Texts(Vec<&'a str>),
    }

    impl<'a> Values<'a> {
        fn of(column: &'a Column<'_>) -> Self {
            let all = || column.cells.iter().flatten().map(AsRef::as_ref);
            let whole = |text: &str| text.parse().ok().filter(|whole: &i64| whole.to_string() == text);
            let number = |text: &str| {
                let exact =
                    || whole(text).filter(|whole| whole.unsigned_abs() <= EXACT).map(|whole| whole as f64);
                let same =
                    |number: &f64| Number::from_f64(*number).is_some_and(|own| own.to_string() == text);
                text.parse().ok().filter(same).or_else(exact)
            };
            let none = all().next().is_none();
            None.or_else(|| none.then(|| Self::Texts(vec![])))
                .or_else(|| all().map(|text| text.parse().ok()).collect::<Option<_>>().map(Self::Truths))
                .or_else(|| all().map(whole).collect::<Option<_>>().map(Self::Wholes))
                .or_else(|| all().map(number).collect::<Option<_>>().map(Self::Numbers))
                .unwrap_or_else(|| Self::Texts(all().collect()))
        }

        fn physical(&self) -> Physical {
            match self {
                Self::Truths(_) => Physical::BOOLEAN,
                Self::Wholes(_) => Physical::INT64,
                Self::Numbers(_) => Physical::DOUBLE,
                Self::Texts(_) => Physical::BYTE_ARRAY,
            }
        }
    }

    /// The columns as a file: each is of truth values, of 64-bit whole numbers, of doubles or of text, whichever keeps all its cells to the last digit; a
    /// cell that is not there is null.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn parquet(columns: &[Column<'_>]) -> Result<Vec<u8>> {
        written(columns).map_err(|error| Error::numerical("Parquet", error, "columns that can be written"))
    }

    fn written(columns: &[Column<'_>]) -> std::result::Result<Vec<u8>, ParquetError> {
        let values: Vec<Values<'_>> = columns.iter().map(Values::of).collect();
        let field = |(column, values): (&Column<'_>, &Values<'_>)| {
            let text = matches!(values, Values::Texts(_)).then_some(LogicalType::String);
            let field = Type::primitive_type_builder(column.name, values.physical());
            field.with_repetition(Repetition::OPTIONAL).with_logical_type(text).build().map(Arc::new)
        };
        let fields = columns.iter().zip(&values).map(field).collect::<std::result::Result<_, _>>()?;
        let schema = Arc::new(Type::group_type_builder("runs").with_fields(fields).build()?);
        let by = concat!("hinf ", env!("CARGO_PKG_VERSION")).to_owned();
        let properties = Arc::new(WriterProperties::builder().set_created_by(by).build());
        let mut file = SerializedFileWriter::new(vec![], schema, properties)?;
        let mut rows = file.next_row_group()?;
        for (column, values) in columns.iter().zip(&values) {
            let Some(mut writer) = rows.next_column()? else { break };
            let there: Vec<i16> = column.cells.iter().map(|cell| i16::from(cell.is_some())).collect();
            match (writer.untyped(), values) {
                (ColumnWriter::BoolColumnWriter(out), Values::Truths(all)) => {
                    out.write_batch(all, Some(&there), None)?
                }
                (ColumnWriter::Int64ColumnWriter(out), Values::Wholes(all)) => {
                    out.write_batch(all, Some(&there), None)?
                }
                (ColumnWriter::DoubleColumnWriter(out), Values::Numbers(all)) => {
                    out.write_batch(all, Some(&there), None)?
                }
                (ColumnWriter::ByteArrayColumnWriter(out), Values::Texts(all)) => {
                    let bytes: Vec<ByteArray> = all.iter().map(|text| ByteArray::from(*text)).collect();
                    out.write_batch(&bytes, Some(&there), None)?
                }
                // The schema has the types of the values.
                _ => 0,
            };
            writer.close()?;
        }
        rows.close()?;
        file.into_inner()
    }

    #[cfg(test)]
    mod tests {
        use super::*;
        use parquet::{
            file::reader::{FileReader, SerializedFileReader},
            record::Field,
        };
        use std::io::Write;

        #[test]
        fn columns_come_back_with_their_types_and_every_digit() {
            let column = |name, cells: &[&'static str]| Column {
                name,
                cells: cells.iter().map(|cell| (!cell.is_empty()).then(|| (*cell).into())).collect(),
            };
            let columns = [
                column("whole", &["-3", "", "9007199254740993"]),
                column("number", &["0.1", "2", "1e-300"]),
                column("truth", &["true", "", "false"]),
                // More digits than a double has, and a fraction.
                column("digits", &["0.3333333333333333333333", "0.5", ""]),
                column("text", &["1/3", "ä", ""]),
                column("none", &["", "", ""]),
            ];
            let mut file = tempfile::tempfile().unwrap();
            file.write_all(&parquet(&columns).unwrap()).unwrap();
            let reader = SerializedFileReader::new(file).unwrap();
            let rows: Vec<Vec<Field>> = reader
                .get_row_iter(None)
                .unwrap()
                .map(|row| row.unwrap().get_column_iter().map(|(_, field)| field.clone()).collect())
                .collect();
            let text = |text: &str| Field::Str(text.into());
            let expected = [
                vec![
                    Field::Long(-3),
                    Field::Double(0.1),
                    Field::Bool(true),
                    text("0.3333333333333333333333"),
                    text("1/3"),
                    Field::Null,
                ],
                vec![Field::Null, Field::Double(2.0), Field::Null, text("0.5"), text("ä"), Field::Null],
                vec![
                    Field::Long(9_007_199_254_740_993),
                    Field::Double(1e-300),
                    Field::Bool(false),
                    Field::Null,
                    Field::Null,
                    Field::Null,
                ],
            ];
            assert_eq!(rows, expected);
        }
    }
}
