//! Who imports whom. The rules keep the checks honest: a measurement that reads a prediction confirms nothing.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// Module and what it may use, in the order of the flow.
const MAY_USE: [(&str, &[&str]); 16] = [
    ("error", &[]),
    ("progress", &["error"]),
    ("files", &["error", "progress"]),
    ("optimizer", &["error"]),
    ("math", &["error"]),
    ("network", &["error", "math"]),
    ("kernel", &["error", "math", "network"]),
    ("spectrum", &["error", "progress", "math", "kernel"]),
    ("dynamics", &["error", "optimizer", "math", "kernel", "spectrum"]),
    ("sample", &["error", "progress", "math"]),
    ("gram", &["error", "progress", "math", "kernel", "sample"]),
    ("train", &["error", "progress", "optimizer", "math", "network", "kernel", "sample"]),
    (
        "compare",
        &[
            "error",
            "progress",
            "optimizer",
            "math",
            "kernel",
            "spectrum",
            "dynamics",
            "sample",
            "gram",
            "train",
        ],
    ),
    (
        "experiment",
        &[
            "error",
            "progress",
            "optimizer",
            "files",
            "math",
            "network",
            "kernel",
            "spectrum",
            "dynamics",
            "sample",
            "gram",
            "train",
            "compare",
        ],
    ),
    ("report", &["error", "files", "math", "compare", "experiment"]),
    ("cli", &["error", "progress", "optimizer", "files", "math", "experiment", "report"]),
];

/// Source files of a module, with their text but for its tests.
fn sources(module: &str) -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut pending = vec![root.join(module), root.join(format!("{module}.rs"))];
    let mut found = Vec::new();
    while let Some(path) = pending.pop() {
        if path.file_stem().is_some_and(|name| name == "tests") {
            continue;
        }
        if path.is_dir() {
            pending.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|e| e == "rs") && path.exists() {
            let text = fs::read_to_string(&path).unwrap();
            found.push((path, without_tests(&text)));
        }
    }
    found
}

/// The text without what stands under `#[cfg(test)]`; what comes after that is read again.
fn without_tests(text: &str) -> String {
    let Some((before, rest)) = text.split_once("#[cfg(test)]") else { return text.to_owned() };
    let mut depth = 0;
    let end = rest.char_indices().find_map(|(at, c)| {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        (depth == 0 && (c == '}' || c == ';')).then_some(at + 1)
    });
    before.to_owned() + &without_tests(&rest[end.unwrap_or(rest.len())..])
}

#[test]
fn only_tests_are_passed_over() {
    let text = "use a;\n#[cfg(test)]\nmod tests {\n    fn f() { g(); }\n}\nfn later() {}\n#[cfg(test)]\nmod more;\nuse b;";
    assert_eq!(without_tests(text), "use a;\n\nfn later() {}\n\nuse b;");
}

/// The modules named after `crate::` in `code`, comments left out, groups opened.
fn used(code: &str) -> Vec<String> {
    let lines: Vec<&str> = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let code = lines.join("\n");
    let mut names = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        if let Some(group) = rest.strip_prefix('{') {
            let (mut depth, mut start_of_item) = (1, true);
            let mut name = String::new();
            for c in group.chars() {
                match c {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    _ => {}
                }
                if depth == 0 {
                    break;
                }
                if depth == 1 && c == ',' {
                    start_of_item = true;
                } else if depth == 1 && start_of_item && (c.is_alphanumeric() || c == '_') {
                    name.push(c);
                } else if !name.is_empty() {
                    names.push(std::mem::take(&mut name));
                    start_of_item = false;
                }
            }
            if !name.is_empty() {
                names.push(name);
            }
        } else {
            names.push(rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
        }
    }
    names
}

#[test]
fn groups_and_paths_are_both_seen() {
    let code = "use crate::{\n    error::{Error, Result},\n    gram,\n};\nlet x = crate::train::run();\n// crate::cli";
    assert_eq!(used(code), ["error", "gram", "train"]);
}

#[test]
fn data_flows_one_way() {
    let known: Vec<&str> = MAY_USE.iter().map(|(name, _)| *name).collect();
    for (module, allowed) in MAY_USE {
        for (path, code) in sources(module) {
            for name in used(&code).iter().filter(|name| known.contains(&name.as_str())) {
                let fine = name == module || allowed.contains(&name.as_str());
                assert!(fine, "{} uses {name}, and {module} may use only {allowed:?}", path.display());
            }
        }
    }
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).unwrap();
    for line in text.lines().filter_map(|line| line.strip_prefix("pub mod ")) {
        let name = line.trim_end_matches([';', '{', ' ']);
        assert!(
            known.contains(&name) || ["theory", "findings", "guide"].contains(&name),
            "no rule for module {name}"
        );
    }
}

/// The routes to a number check one another only if none of them calls another. Each is a file of its name, or a folder.
#[test]
fn the_routes_do_not_use_one_another() {
    let routes = ["exact", "formula", "series", "asymptotic", "precise", "fast"];
    for (path, code) in sources("spectrum") {
        let stem = |part: &std::ffi::OsStr| part.to_string_lossy().trim_end_matches(".rs").to_owned();
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/spectrum");
        let parts: Vec<String> = path.strip_prefix(root).unwrap().iter().map(stem).collect();
        let Some(route) = routes.iter().find(|route| parts.iter().any(|part| part == **route)) else {
            continue;
        };
        for other in routes.iter().filter(|other| *other != route) {
            let imports = code.lines().filter(|line| !line.trim_start().starts_with("//"));
            let hit = imports.clone().any(|line| line.contains(&format!("{other}::")));
            assert!(!hit, "{} uses {other}", path.display());
        }
    }
}

/// Below `cli` nothing prints, reads the clock or the environment, or draws an unseeded random number.
#[test]
fn the_library_is_quiet_and_deterministic() {
    let forbidden = [
        "println!",
        "eprintln!",
        "print!(",
        "Instant::now",
        "SystemTime",
        "env::var",
        "thread_rng",
        "rand::rng()",
        "from_os_rng",
    ];
    for (module, _) in MAY_USE.iter().filter(|(name, _)| !["experiment", "cli"].contains(name)) {
        for (path, code) in sources(module) {
            for word in forbidden {
                let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
                assert!(!lines.clone().any(|line| line.contains(word)), "{} has {word}", path.display());
            }
        }
    }
}

/// Paths in `code` that start with `crate` or `super`, groups opened: `super::a::{b, c}` is `super::a::b` and `super::a::c`.
fn paths(code: &str) -> Vec<Vec<String>> {
    let lines: Vec<&str> = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let code = lines.join("\n");
    let starts = code.match_indices("crate::").chain(code.match_indices("super::"));
    let alone = |at: &usize| {
        let before = code[..*at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':')
    };
    starts.filter(|(at, _)| alone(at)).flat_map(|(at, _)| opened(&code[at..])).collect()
}

/// The paths of one tree of them, at the start of `text`.
fn opened(text: &str) -> Vec<Vec<String>> {
    let name: String = text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    let rest = &text[name.len()..];
    let Some(below) = rest.strip_prefix("::") else { return vec![vec![name]] };
    let tails = match below.strip_prefix('{') {
        None => opened(below),
        Some(group) => parts(group).into_iter().flat_map(|part| opened(part.trim())).collect(),
    };
    tails.into_iter().map(|tail| [vec![name.clone()], tail].concat()).collect()
}

/// The parts of a group, between commas, as far as its end.
fn parts(group: &str) -> Vec<&str> {
    let (mut depth, mut start, mut found) = (0, 0, vec![]);
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => {
                found.push(&group[start..at]);
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                found.push(&group[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    found.retain(|part| !part.trim().is_empty());
    found
}

/// Every source file by its place in the tree of modules: `gram/dense.rs` is `gram`, `dense`.
fn files() -> BTreeMap<Vec<String>, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut pending = vec![root.clone()];
    let mut found = BTreeMap::new();
    while let Some(path) = pending.pop() {
        if path.is_dir() {
            pending.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|end| end == "rs") {
            let place = path.strip_prefix(&root).unwrap().with_extension("");
            let mut place: Vec<String> =
                place.iter().map(|part| part.to_string_lossy().into_owned()).collect();
            place.retain(|part| part != "mod");
            found.insert(place, without_tests(&fs::read_to_string(&path).unwrap()));
        }
    }
    found
}

/// The files that one file names: of each path the deepest module that is a file of its own.
fn named(files: &BTreeMap<Vec<String>, String>, place: &[String]) -> BTreeSet<Vec<String>> {
    let resolved = |path: Vec<String>| {
        let mut at = if path[0] == "crate" { vec![] } else { place.to_vec() };
        for (index, part) in path.iter().enumerate() {
            match part.as_str() {
                "crate" if index == 0 => {}
                "super" => drop(at.pop()),
                "self" => {}
                _ if files.contains_key(&[at.clone(), vec![part.clone()]].concat()) => at.push(part.clone()),
                _ => break,
            }
        }
        at
    };
    let mut all: BTreeSet<Vec<String>> = paths(&files[place]).into_iter().map(resolved).collect();
    all.remove(place);
    all
}

/// Files that are in a circle today: none may come to them.
const IN_A_CIRCLE: [&str; 10] = [
    "experiment/choices",
    "experiment/model",
    "experiment/train/cost",
    "experiment/train/predict",
    "experiment/train/run",
    "experiment/train/store",
    "kernel/domain",
    "kernel/expression",
    "spectrum/estimate",
    "spectrum/precise",
];

/// Files that use one another in a circle are one file in several. A folder's `mod.rs`, which names its files and gives them what they share, is
/// left out.
#[test]
fn no_files_go_in_a_circle() {
    let files = files();
    let folder =
        |place: &Vec<String>| files.keys().any(|other| other.len() > place.len() && other.starts_with(place));
    let leaves: Vec<&Vec<String>> = files.keys().filter(|place| !folder(place)).collect();
    let mut below: BTreeMap<&Vec<String>, BTreeSet<Vec<String>>> =
        leaves.iter().map(|place| (*place, named(&files, place))).collect();
    let known: BTreeSet<Vec<String>> = leaves.into_iter().cloned().collect();
    below.values_mut().for_each(|used| used.retain(|place| known.contains(place)));
    let reached = |from: &Vec<String>| {
        let (mut seen, mut pending) = (BTreeSet::new(), vec![from]);
        while let Some(place) = pending.pop() {
            pending.extend(below[place].iter().filter(|next| seen.insert(next.join("/"))));
        }
        seen
    };
    let in_circles = below.keys().filter(|place| reached(place).contains(&place.join("/")));
    let circles: Vec<String> = in_circles
        .map(|place| place.join("/"))
        .filter(|file| !IN_A_CIRCLE.contains(&file.as_str()))
        .collect();
    assert!(circles.is_empty(), "these files use themselves, by way of others: {circles:?}");
}
/// The command line joins nothing: below `experiment` it names no stage. It stays small.
#[test]
fn the_command_line_is_a_front() {
    let stages = ["network", "kernel", "spectrum", "dynamics", "sample", "gram", "train", "compare"];
    let mut lines = 0;
    for (place, code) in files().iter().filter(|(place, _)| place[0] == "cli") {
        lines += code.lines().count();
        for path in paths(code).iter().filter(|path| path[0] == "crate") {
            assert!(!stages.contains(&path[1].as_str()), "{} names {}", place.join("/"), path.join("::"));
        }
    }
    assert!(lines < 3500, "the command line has {lines} lines");
}
