//! Lists and ranges of whole numbers, as in `1,2,5..8` (ranges are inclusive).

use crate::error::{Error, Result};

/// The numbers that `text` lists, rising and each once, all between `least` and `most`.
///
/// # Errors
/// Names `option` and what is wrong: not a number, reversed, outside the limits, or more than `longest` numbers.
pub fn parse(option: &str, text: &str, least: u32, most: u32, longest: usize) -> Result<Vec<u32>> {
    let expected = || format!("whole numbers from {least} to {most}, such as 3 or 1,2,5..8");
    let number = |part: &str| {
        part.trim()
            .parse::<u32>()
            .ok()
            .filter(|n| (least..=most).contains(n))
            .ok_or_else(|| Error::invalid(option, part.trim(), expected()))
    };
    let mut all = Vec::new();
    for item in text.split(',') {
        let (first, last) = match item.split_once("..") {
            None => (number(item)?, number(item)?),
            Some((first, last)) => (number(first)?, number(last)?),
        };
        if first > last {
            let swapped = format!("the smaller number first, as in {last}..{first}");
            return Err(Error::invalid(option, item.trim(), swapped));
        }
        let count = (last - first) as usize + 1;
        if all.len() + count > longest {
            return Err(Error::invalid(option, text.trim(), format!("at most {longest} numbers")));
        }
        all.extend(first..=last);
    }
    all.sort_unstable();
    all.dedup();
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Option<Vec<u32>> {
        parse("--degrees", text, 0, 100, 50).ok()
    }

    #[test]
    fn lists_and_ranges_are_inclusive_and_sorted() {
        assert_eq!(read("0..3"), Some(vec![0, 1, 2, 3]));
        assert_eq!(read("7, 1..2,2"), Some(vec![1, 2, 7]));
        for wrong in
            ["", "3..1", "-1", "1..", "..", "1...3", "101", "a", "0..99", "1,,2", "0x1", "99999999999"]
        {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_an_answer_or_an_error(text in "[0-9.,+ -]{0,20}|\\PC{0,12}") {
            if let Some(all) = read(&text) {
                prop_assert!(all.windows(2).all(|pair| pair[0] < pair[1]) && all.len() <= 50);
            }
        }
    }
}
