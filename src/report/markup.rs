//! Text in plots and pages: subscripts, superscripts, and what XML must not see.

use std::fmt::Write;

/// Where a piece of text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Script {
    /// On the line.
    Line,
    /// Below it: after `_`.
    Below,
    /// Above it: after `^`.
    Above,
}

/// The pieces of a text in which `_` and `^` lower and raise the next character or `{group}`.
pub fn pieces(text: &str) -> Vec<(Script, &str)> {
    let mut found = vec![];
    let mut rest = text;
    while let Some(at) = rest.find(['_', '^']) {
        let (before, after) = rest.split_at(at);
        found.push((Script::Line, before));
        let script = if after.starts_with('_') { Script::Below } else { Script::Above };
        let after = &after[1..];
        let end = match after.strip_prefix('{').and_then(|group| group.find('}')) {
            Some(end) => end + 2,
            None => after.chars().next().map_or(0, char::len_utf8),
        };
        let (piece, next) = after.split_at(end);
        found.push((script, piece.strip_prefix('{').and_then(|s| s.strip_suffix('}')).unwrap_or(piece)));
        rest = next;
    }
    found.push((Script::Line, rest));
    found.retain(|(_, piece)| !piece.is_empty());
    found
}

/// The text for SVG, set at `size` pixels.
pub fn svg(text: &str, size: f64) -> String {
    let mut out = String::new();
    let mut height = 0.0;
    for (script, piece) in pieces(text) {
        let (target, scale) = match script {
            Script::Line => (0.0, 1.0),
            Script::Below => (0.25 * size, 0.75),
            Script::Above => (-0.36 * size, 0.75),
        };
        let (shift, size, piece) = (target - height, scale * size, escaped(piece));
        // Writing to a string cannot fail.
        let _ = match (shift == 0.0, script) {
            (true, Script::Line) => write!(out, "{piece}"),
            (_, Script::Line) => write!(out, "<tspan dy=\"{shift:.1}\">{piece}</tspan>"),
            _ => write!(out, "<tspan dy=\"{shift:.1}\" font-size=\"{size:.1}\">{piece}</tspan>"),
        };
        height = target;
    }
    out
}

/// The text for HTML.
pub fn html(text: &str) -> String {
    let set = |(script, piece): (Script, &str)| match script {
        Script::Line => escaped(piece),
        Script::Below => format!("<sub>{}</sub>", escaped(piece)),
        Script::Above => format!("<sup>{}</sup>", escaped(piece)),
    };
    pieces(text).into_iter().map(set).collect()
}

/// The text without groups' braces, for readers of plain text.
pub fn plain(text: &str) -> String {
    text.replace(['{', '}'], "")
}

/// Text with the characters that mean something to XML replaced; control characters become spaces.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// `text` in lines of at most `limit` characters, broken at spaces.
pub fn wrapped(text: &str, limit: usize) -> Vec<String> {
    let mut lines: Vec<String> = vec![];
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= limit => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
/// A number in few characters.
pub fn number(value: f64) -> String {
    if value == 0.0 || (1e-3..1e6).contains(&value.abs()) {
        format!("{value:.6}").trim_end_matches('0').trim_end_matches('.').into()
    } else {
        format!("{value:.3e}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_are_set_and_everything_is_escaped() {
        assert_eq!(html("k^{-(d+1)} & \u{3bb}_k < 1"), "k<sup>-(d+1)</sup> &amp; \u{3bb}<sub>k</sub> &lt; 1");
        assert_eq!(
            svg("S^2 a", 10.0),
            "S<tspan dy=\"-3.6\" font-size=\"7.5\">2</tspan><tspan dy=\"3.6\"> a</tspan>"
        );
        assert_eq!(plain("S^{12}"), "S^12");
        for odd in ["^", "_", "a^{", "^_^", "^{}", "_\u{e9}", "a\u{0}b"] {
            assert!(!html(odd).contains('\0'), "{odd}");
            svg(odd, 10.0);
        }
    }
}
