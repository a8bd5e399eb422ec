//! A run as bytes, so that it can be stopped and taken up again to the bit.
//!
//! `hinf.checkpoint/3`, a line break, the request as a line of JSON, what is kept in the form of postcard, and a CRC-32 of all before it, least byte
//! first.

use crate::error::{Error, Result};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

/// The schema, with its number at the end.
const SCHEMA: &str = "hinf.checkpoint/";
const VERSION: &str = "3";
const CHECKSUM: usize = 4;

/// The bytes of the file of a run: of the request `identity`, with what is kept of it, and the state of the network, empty once the run has ended.
///
/// # Errors
/// When `kept` cannot be serialised.
pub fn encode(identity: &Value, kept: &impl Serialize, state: &[u8]) -> Result<Vec<u8>> {
    let mut bytes = format!("{SCHEMA}{VERSION}\n{identity}\n").into_bytes();
    let body = postcard::to_stdvec(&(kept, state));
    bytes.extend(body.map_err(|e| Error::numerical("checkpoint", e, "a run that can be kept"))?);
    bytes.extend(crc32fast::hash(&bytes).to_le_bytes());
    Ok(bytes)
}

/// What was kept of a run, and the state of its network; the run must be of the request `identity`.
///
/// # Errors
/// When the bytes are no checkpoint, of another version, torn or altered, or of another request: says which.
pub fn decode<T: DeserializeOwned>(bytes: &[u8], identity: &Value) -> Result<(T, Vec<u8>)> {
    let wrong = |what: &str, expected: &str| {
        Error::invalid("checkpoint", what, format!("{expected}; remove it to start that run again"))
    };
    let Some(rest) = bytes.strip_prefix(SCHEMA.as_bytes()) else {
        return Err(wrong("a file of another kind", "one that this program kept"));
    };
    let mut lines = rest.splitn(3, |byte| *byte == b'\n');
    let version = lines.next().unwrap_or_default();
    if version != VERSION.as_bytes() {
        let version: String =
            String::from_utf8_lossy(version).chars().filter(char::is_ascii_digit).take(9).collect();
        return Err(wrong(
            &format!("a checkpoint of version {version}"),
            &format!("version {VERSION}, which this program keeps"),
        ));
    }
    let torn = || wrong("a torn or altered checkpoint", "the whole of it");
    let (Some(found), Some(body)) = (lines.next(), lines.next()) else { return Err(torn()) };
    let (body, _) = body.split_last_chunk::<CHECKSUM>().ok_or_else(torn)?;
    let (whole, sum) = bytes.split_last_chunk::<CHECKSUM>().ok_or_else(torn)?;
    if *sum != crc32fast::hash(whole).to_le_bytes() {
        return Err(torn());
    }
    let asked = identity.to_string();
    if found != asked.as_bytes() {
        let read = |text: &[u8]| serde_json::from_slice(text).map_err(|_| torn());
        let (own, asked) = differing(&read(found)?, &read(asked.as_bytes())?);
        return Err(Error::invalid("checkpoint", format!("a run of {own}"), format!("one of {asked}")));
    }
    postcard::from_bytes(body).map_err(|_| torn())
}

/// The fields in which two requests differ, as in either.
fn differing(found: &Value, asked: &Value) -> (String, String) {
    let names = [found, asked].into_iter().filter_map(Value::as_object).flat_map(|map| map.keys());
    let mut unlike: Vec<&String> = names.filter(|name| found.get(name) != asked.get(name)).collect();
    let mut seen = std::collections::HashSet::new();
    unlike.retain(|name| seen.insert(*name));
    let shown = |of: &Value| {
        let field = |name: &&String| match of.get(name) {
            None => format!("no {name}"),
            Some(Value::String(text)) => format!("{name}={text}"),
            Some(value) => format!("{name}={value}"),
        };
        unlike.iter().map(field).collect::<Vec<_>>().join(" ")
    };
    (shown(found), shown(asked))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_kept_comes_back_and_nothing_else_is_taken() {
        let identity = json!({"points": 5, "width": 8, "seed": 1, "lr": 0.1});
        let kept = (vec![Some(1u64), None], vec![0.1f64, -0.0, f64::INFINITY]);
        let read = |bytes: &[u8], identity: &Value| decode::<(Vec<Option<u64>>, Vec<f64>)>(bytes, identity);
        let bytes = encode(&identity, &kept, &[7; 100]).unwrap();
        let (found, state) = read(&bytes, &identity).unwrap();
        assert_eq!((found.0, state), (kept.0.clone(), vec![7; 100]));
        assert_eq!(
            found.1.iter().map(|x| x.to_bits()).collect::<Vec<_>>(),
            kept.1.iter().map(|x| x.to_bits()).collect::<Vec<_>>()
        );
        let other = json!({"points": 5, "width": 9, "seed": 1, "lr": 0.1, "batch": 4});
        let refused = read(&bytes, &other).unwrap_err().to_string();
        assert_eq!(refused, "checkpoint: got 'a run of width=8 no batch', expected one of width=9 batch=4");
        for length in 0..bytes.len() {
            assert!(read(&bytes[..length], &identity).is_err(), "{length}");
            for bit in 0..8 {
                let mut altered = bytes.clone();
                altered[length] ^= 1 << bit;
                assert!(read(&altered, &identity).is_err(), "{length} {bit}");
            }
        }
    }

    #[test]
    fn other_versions_are_refused_by_their_number() {
        let bytes = encode(&json!({}), &0u8, &[]).unwrap();
        let text = String::from_utf8_lossy(&bytes).replacen("checkpoint/3", "checkpoint/4", 1);
        let refused = decode::<u8>(text.as_bytes(), &json!({})).unwrap_err().to_string();
        assert!(refused.contains("a checkpoint of version 4") && refused.contains("version 3"), "{refused}");
        let first = decode::<u8>(b"hinf.checkpoint/1\n\0\0", &json!({})).unwrap_err().to_string();
        assert!(first.contains("version 1"), "{first}");
        let foreign = decode::<u8>(b"PK", &json!({})).unwrap_err().to_string();
        assert!(foreign.contains("another kind"), "{foreign}");
    }
}
