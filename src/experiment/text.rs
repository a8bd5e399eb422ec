//! The value of an option as it was given.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;

/// The value of an option as it was given, from any front: text, or what text says it (a number, or a list of either).
///
/// It is read when the options are built into a request, so that each front gets the same errors.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Text(String);

impl Text {
    /// The text, without white space around it.
    pub fn as_str(&self) -> &str {
        self.0.trim()
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self(text)
    }
}

macro_rules! from_numbers {
    ($($number:ty),*) => {$(
        impl From<$number> for Text {
            /// The shortest text that reads back to the same number.
            fn from(number: $number) -> Self {
                Self(number.to_string())
            }
        }
    )*};
}

from_numbers!(u32, u64, usize, i32, i64, f64);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Visitor)
    }
}

/// A text as one word of a shell's command line.
pub(crate) fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./=+,:@%".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

struct Visitor;

impl<'de> de::Visitor<'de> for Visitor {
    type Value = Text;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text, a number, or a list of either")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Text, E> {
        Ok(text.into())
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Text, E> {
        Ok(number.into())
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Text, E> {
        Ok(number.into())
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Text, E> {
        Ok(number.into())
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, mut items: A) -> Result<Text, A::Error> {
        let mut all = Vec::new();
        while let Some(Text(item)) = items.next_element()? {
            all.push(item);
        }
        Ok(Text(all.join(",")))
    }
}

/// One or several values of an option that may be given more than once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts(Vec<Text>);

impl Texts {
    /// The values in the order in which they were given.
    pub fn iter(&self) -> impl Iterator<Item = &Text> {
        self.0.iter()
    }
}

impl From<Text> for Texts {
    fn from(one: Text) -> Self {
        Self(vec![one])
    }
}

impl From<&str> for Texts {
    fn from(one: &str) -> Self {
        Self(vec![one.into()])
    }
}

impl<T: Into<Text>> FromIterator<T> for Texts {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self(items.into_iter().map(Into::into).collect())
    }
}

impl Serialize for Texts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0[..] {
            [one] => one.serialize(serializer),
            several => several.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Texts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Given {
            Several(Vec<Text>),
            One(Text),
        }
        Ok(match Given::deserialize(deserializer)? {
            Given::Several(all) => Self(all),
            Given::One(text) => Self(vec![text]),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_one_word() {
        for (text, word) in
            [("runs/a-b.1", "runs/a-b.1"), ("my report", "'my report'"), ("it's", r"'it'\''s'"), ("", "''")]
        {
            assert_eq!(quoted(text), word);
        }
    }
}
