//! A run as bytes, so that it can be stopped and taken up again to the bit.
//!
//! `hinf.checkpoint/1`, the length of the request and the request, the length of the words and the words, the length of the state and the
//! state, and a checksum of all before it; lengths and words are eight bytes, least first.

use crate::error::{Error, Result};

const MAGIC: &[u8] = b"hinf.checkpoint/1\n";
const CHECKSUM: usize = 8;

/// What is kept of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The request the run belongs to, as words of text: a run of another request is refused.
    pub request: String,
    /// Counters and measurements; reals by their bits.
    pub words: Vec<u64>,
    /// The state of the network; empty once the run has ended.
    pub state: Vec<u8>,
}

impl Checkpoint {
    /// The bytes of the file.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        let words: Vec<u8> = self.words.iter().flat_map(|word| word.to_le_bytes()).collect();
        for part in [self.request.as_bytes(), &words, &self.state] {
            bytes.extend((part.len() as u64).to_le_bytes());
            bytes.extend(part);
        }
        bytes.extend(checksum(&bytes).to_le_bytes());
        bytes
    }

    /// The checkpoint in the bytes of the file `name`, which must belong to `request`.
    ///
    /// # Errors
    /// When it is no checkpoint, of another version, torn or altered, or of another request: says which.
    pub fn decode(bytes: &[u8], name: &str, request: &str) -> Result<Self> {
        let wrong = |what: &str, expected: &str| Error::invalid(format!("--resume, {name}"), what, expected);
        let Some(body) = bytes.strip_prefix(MAGIC) else {
            let whole = "a checkpoint that starts with hinf.checkpoint/1";
            return Err(wrong("a file of another kind or version", whole));
        };
        let torn =
            || wrong("a torn or altered checkpoint", "the whole of it; remove it to start that run again");
        let split = bytes.len() - CHECKSUM;
        let body = body.len().checked_sub(CHECKSUM).map(|length| &body[..length]).ok_or_else(torn)?;
        if bytes[split..] != checksum(&bytes[..split]).to_le_bytes() {
            return Err(torn());
        }
        let mut rest = body;
        let mut part = || -> Option<&[u8]> {
            let (length, after) = rest.split_first_chunk::<8>()?;
            let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
            let (part, after) = after.split_at_checked(length)?;
            rest = after;
            Some(part)
        };
        let (Some(found), Some(words), Some(state)) = (part(), part(), part()) else { return Err(torn()) };
        if found != request.as_bytes() {
            let (own, asked) = differing(&String::from_utf8_lossy(found), request);
            return Err(wrong(&format!("a run of {own}"), &format!("one of {asked}")));
        }
        let words = words.as_chunks::<8>().0.iter().map(|word| u64::from_le_bytes(*word)).collect();
        Ok(Self { request: request.into(), words, state: state.to_vec() })
    }
}

/// The words in which two requests differ, of either.
fn differing(found: &str, asked: &str) -> (String, String) {
    let pairs = found.split(' ').zip(asked.split(' ')).filter(|(own, other)| own != other);
    let (own, other): (Vec<&str>, Vec<&str>) = pairs.unzip();
    (own.join(" "), other.join(" "))
}

/// FNV-1a of 64 bits.
fn checksum(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_comes_back_and_nothing_else_is_taken() {
        let kept = Checkpoint { request: "a".into(), words: vec![1, u64::MAX], state: vec![7; 100] };
        let bytes = kept.encode();
        assert_eq!(Checkpoint::decode(&bytes, "f", "a").unwrap(), kept);
        let other = Checkpoint { request: "points=5 width=8 seed=1".into(), ..kept.clone() }.encode();
        let refused = Checkpoint::decode(&other, "f", "points=5 width=9 seed=2").unwrap_err().to_string();
        assert_eq!(refused, "--resume, f: got 'a run of width=8 seed=1', expected one of width=9 seed=2");
        assert!(Checkpoint::decode(&bytes, "f", "b").is_err());
        for length in 0..bytes.len() {
            assert!(Checkpoint::decode(&bytes[..length], "f", "a").is_err(), "{length}");
            let mut altered = bytes.clone();
            altered[length] ^= 16;
            assert!(Checkpoint::decode(&altered, "f", "a").is_err(), "{length}");
        }
    }
}
