//! The experiments, by name.

use crate::{
    errors::raised,
    pools,
    work::{caught, watched},
};
use hinf::experiment;
use pyo3::prelude::*;

/// Run the experiment `name` on options in JSON; its report in JSON, and whether its checks held.
///
/// `watcher(done, total, note)` is called a few times a second from the calling thread, which also answers to Ctrl-C.
#[pyfunction]
#[pyo3(signature = (name, options, threads=None, watcher=None))]
pub fn call(
    py: Python<'_>,
    name: String,
    options: &str,
    threads: Option<&str>,
    watcher: Option<&Bound<'_, PyAny>>,
) -> PyResult<(String, bool)> {
    let given = serde_json::from_str(options)
        .map_err(|error| hinf::Error::invalid(format!("options of {name}"), error, "a map of fields"))
        .map_err(|error| raised(py, &error))?;
    pools::number(threads).map_err(|error| raised(py, &error))?;
    let at_once = || experiment::at_once(&name, &given, &experiment::Context::default()).transpose();
    if let Some(found) = caught(py, at_once)? {
        return Ok(found);
    }
    watched(py, threads, watcher, move |progress| {
        let (report, passed) = experiment::call(&name, given, &experiment::Context::watched(progress))?;
        Ok((report.to_string(), passed))
    })
}

/// The name of an option, what it says, and whether it is a switch.
type Flag = (String, String, bool);

/// The names of the experiments.
#[pyfunction]
pub fn commands() -> Vec<&'static str> {
    experiment::commands().collect()
}

/// What the experiment `name` does, and its options: the name of each, what it says, and whether it is a switch.
#[pyfunction]
pub fn described(name: &str) -> Option<(String, Vec<Flag>)> {
    let found = hinf::cli::described(name)?;
    let known = experiment::options(name);
    let flags = found.flags.into_iter().filter(|flag| known.contains(&flag.name));
    Some((found.about, flags.map(|flag| (flag.name, flag.help, flag.switch)).collect()))
}

/// Run the command line on `arguments`, the program's name first; the exit code.
#[pyfunction]
pub fn command(py: Python<'_>, arguments: Vec<String>) -> u8 {
    py.detach(|| hinf::cli::run(arguments.into_iter().map(Into::into)))
}
