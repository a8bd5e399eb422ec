//! Degrees of harmonics: a list that is rising, without repeats and never empty, whatever it was made from.

use crate::error::{Error, Result};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{fmt, ops::RangeInclusive, str::FromStr};

/// A list of degrees `k`: rising, each once, at least one, none above [`Degrees::MAX`], no more than [`Degrees::LONGEST`].
///
/// Parsed from numbers and inclusive ranges, as in `0..6,9`; prints back in that form, which is also how it is serialised. It is deserialised from such a
/// text, from one whole number, or from a list of them.
///
/// ```
/// use hinf::math::degrees::Degrees;
///
/// let degrees: Degrees = "9, 2..4, 3".parse()?;
/// assert_eq!(degrees.as_slice(), [2, 3, 4, 9]);
/// assert_eq!(degrees.to_string(), "2..4,9");
/// assert!("0..1000000000000".parse::<Degrees>().is_err());
/// # Ok::<(), hinf::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Degrees(Vec<u64>);

impl Degrees {
    /// The largest degree, `10^12 + 1`: both parities reach `10^12`.
    pub const MAX: u64 = 1_000_000_000_001;
    /// The most degrees that one list holds.
    pub const LONGEST: usize = 200_000;

    /// The list of `degrees`, sorted, each once.
    ///
    /// # Errors
    /// When there is none, one is above [`Degrees::MAX`], or they are more than [`Degrees::LONGEST`].
    pub fn new<T: Into<u64>>(degrees: impl IntoIterator<Item = T>) -> Result<Self> {
        // One more than allowed shows that there are too many, without taking them all.
        let all: Vec<u64> = degrees.into_iter().take(Self::LONGEST + 1).map(Into::into).collect();
        if all.len() > Self::LONGEST {
            return Err(too_many(format!("more than {}", Self::LONGEST)));
        }
        if let Some(above) = all.iter().find(|k| **k > Self::MAX) {
            return Err(Error::invalid("degrees", above, expected()));
        }
        Self::sorted(all).ok_or_else(|| Error::invalid("degrees", "", "at least one degree"))
    }

    /// The degrees of an inclusive range.
    ///
    /// # Errors
    /// As [`Degrees::new`]; nothing is allocated for a range that is too long.
    pub fn range(range: RangeInclusive<u64>) -> Result<Self> {
        let (first, last) = range.into_inner();
        if first > last || last > Self::MAX {
            return Err(Error::invalid("degrees", format!("{first}..{last}"), expected()));
        }
        match last - first + 1 {
            count if count > Self::LONGEST as u64 => Err(too_many(count)),
            _ => Self::new(first..=last),
        }
    }

    /// The degrees from 0 to `top`.
    ///
    /// # Errors
    /// As [`Degrees::range`].
    pub fn up_to(top: impl Into<u64>) -> Result<Self> {
        Self::range(0..=top.into())
    }

    fn sorted(mut all: Vec<u64>) -> Option<Self> {
        all.sort_unstable();
        all.dedup();
        (!all.is_empty()).then_some(Self(all))
    }

    /// The degrees, rising.
    pub fn as_slice(&self) -> &[u64] {
        &self.0
    }

    /// The degrees one after the other, rising.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = u64> + ExactSizeIterator + '_ {
        self.0.iter().copied()
    }

    /// How many there are; at least 1.
    #[allow(clippy::len_without_is_empty, reason = "it never is")]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The largest.
    pub fn top(&self) -> u64 {
        self.0.last().copied().unwrap_or(0)
    }

    /// Those that `keep` holds of, if there are any.
    pub fn filtered(&self, mut keep: impl FnMut(u64) -> bool) -> Option<Self> {
        Self::sorted(self.iter().filter(|k| keep(*k)).collect())
    }

    /// The same list, where none is above `most`.
    ///
    /// # Errors
    /// Names the largest when it is above.
    pub fn within(self, most: u64) -> Result<Self> {
        if self.top() > most {
            return Err(Error::invalid("degrees", self.top(), format!("degrees of at most {most}")));
        }
        Ok(self)
    }
}

fn expected() -> String {
    format!("whole numbers from 0 to {}, such as 3 or 1,2,5..8", Degrees::MAX)
}

fn too_many(count: impl fmt::Display) -> Error {
    Error::too_large(
        "degrees",
        format!("{count} of them"),
        format!("at most {} in one list", Degrees::LONGEST),
    )
}

impl FromStr for Degrees {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let number = |part: &str| {
            let part = part.trim();
            let digits = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
            let value = part.parse::<u64>().ok().filter(|k| digits && *k <= Self::MAX);
            value.ok_or_else(|| Error::invalid("degrees", part, expected()))
        };
        let mut all = Vec::new();
        for item in text.split(',') {
            let (first, last) = match item.split_once("..") {
                None => (number(item)?, number(item)?),
                Some((first, last)) => (number(first)?, number(last)?),
            };
            if first > last {
                let swapped = format!("the smaller number first, as in {last}..{first}");
                return Err(Error::invalid("degrees", item.trim(), swapped));
            }
            let count = last - first + 1;
            if all.len() as u64 + count > Self::LONGEST as u64 {
                return Err(too_many(all.len() as u64 + count));
            }
            all.extend(first..=last);
        }
        Self::new(all)
    }
}

impl fmt::Display for Degrees {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let runs = self.0.chunk_by(|a, b| a + 1 == *b);
        for (at, run) in runs.enumerate() {
            let comma = if at == 0 { "" } else { "," };
            match run {
                [first, .., last] if run.len() > 2 => write!(f, "{comma}{first}..{last}")?,
                [first, last] => write!(f, "{comma}{first},{last}")?,
                _ => write!(f, "{comma}{}", run[0])?,
            }
        }
        Ok(())
    }
}

impl Serialize for Degrees {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Degrees {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Written;

        impl<'de> de::Visitor<'de> for Written {
            type Value = Degrees;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(
                    "degrees as a text such as \"0..6,9\", a whole number, or a list of whole numbers",
                )
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Degrees, E> {
                text.parse().map_err(E::custom)
            }

            fn visit_u64<E: de::Error>(self, degree: u64) -> Result<Degrees, E> {
                Degrees::new([degree]).map_err(E::custom)
            }

            fn visit_i64<E: de::Error>(self, degree: i64) -> Result<Degrees, E> {
                match u64::try_from(degree) {
                    Ok(degree) => self.visit_u64(degree),
                    Err(_) => Err(E::custom(Error::invalid("degrees", degree, expected()))),
                }
            }

            fn visit_seq<A: de::SeqAccess<'de>>(self, mut list: A) -> Result<Degrees, A::Error> {
                let mut all = Vec::new();
                while let Some(degree) = list.next_element::<u64>()? {
                    if all.len() == Degrees::LONGEST {
                        return Err(de::Error::custom(too_many(format!("more than {}", all.len()))));
                    }
                    all.push(degree);
                }
                Degrees::new(all).map_err(de::Error::custom)
            }
        }

        deserializer.deserialize_any(Written)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn read(text: &str) -> Option<Vec<u64>> {
        text.parse::<Degrees>().ok().map(|degrees| degrees.0)
    }

    #[test]
    fn lists_and_ranges_are_inclusive_and_sorted() {
        assert_eq!(read("0..3"), Some(vec![0, 1, 2, 3]));
        assert_eq!(read("7, 1..2,2"), Some(vec![1, 2, 7]));
        assert_eq!(read("999999999999..1000000000000"), Some(vec![999_999_999_999, 1_000_000_000_000]));
        for wrong in [
            "",
            "3..1",
            "-1",
            "+1",
            "1..",
            "..",
            "1...3",
            "1000000000002",
            "a",
            "1,,2",
            "0x1",
            "1e3",
            "99999999999999999999",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
        assert_eq!(Degrees::new([6u32, 4, 2, 4]).unwrap().as_slice(), [2, 4, 6]);
        assert!(Degrees::new(Vec::<u64>::new()).is_err());
        assert!(Degrees::new([Degrees::MAX + 1]).is_err());
    }

    #[test]
    fn a_list_that_is_too_long_is_refused_with_the_limit() {
        for error in [
            "0..1000000000000".parse::<Degrees>().unwrap_err(),
            Degrees::up_to(Degrees::MAX).unwrap_err(),
            Degrees::new(0u64..).unwrap_err(),
            "0..199999,500000".parse::<Degrees>().unwrap_err(),
        ] {
            assert_eq!(error.kind(), crate::ErrorKind::TooLarge);
            assert!(error.to_string().contains("200000"), "{error}");
        }
        assert_eq!(Degrees::up_to(199_999u64).unwrap().len(), Degrees::LONGEST);
    }

    #[test]
    fn serde_reads_text_numbers_and_lists_and_writes_text() {
        let degrees: Degrees = "0..6,9".parse().unwrap();
        assert_eq!(serde_json::to_value(&degrees).unwrap(), json!("0..6,9"));
        for (written, all) in
            [(json!("0..2"), vec![0, 1, 2]), (json!(7), vec![7]), (json!([6, 4, 2]), vec![2, 4, 6])]
        {
            assert_eq!(serde_json::from_value::<Degrees>(written).unwrap().0, all);
        }
        for wrong in [json!(-1), json!(1.5), json!([]), json!(null), json!("x"), json!([1, -1])] {
            assert!(serde_json::from_value::<Degrees>(wrong.clone()).is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_list_that_prints_back_or_an_error(text in "[0-9.,+ -]{0,20}|\\PC{0,12}") {
            if let Ok(degrees) = text.parse::<Degrees>() {
                prop_assert!(degrees.0.windows(2).all(|pair| pair[0] < pair[1]) && degrees.len() >= 1);
                prop_assert_eq!(degrees.to_string().parse::<Degrees>().unwrap(), degrees);
            }
        }
    }

    #[test]
    fn two_in_a_row_are_no_range() {
        for text in ["1,2", "1..3", "0,1,4..7,9"] {
            assert_eq!(text.parse::<Degrees>().unwrap().to_string(), text);
        }
    }
}
