//! Ranks in two network namespaces of the test's own, joined by one cable, which is pulled.

use super::{TILED, alone, result, turn};
use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Command, Output, Stdio},
    time::{Duration, Instant},
};

/// Two machines, as far as their networks and names go; gone when dropped.
struct Machines {
    names: [String; 2],
}

/// Addresses of the test's own networks.
const ADDRESSES: [&str; 2] = ["10.213.77.1", "10.213.77.2"];

/// Runs a line of a shell, and says what it complained about.
fn shell(line: &str) -> Result<(), String> {
    let output = Command::new("sh").args(["-c", line]).output().map_err(|error| error.to_string())?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("`{line}`: {}", String::from_utf8_lossy(&output.stderr).trim()))
}

impl Machines {
    /// Two of them and a cable; the reason where this machine may not make them.
    fn new() -> Result<Self, String> {
        let names = ["a", "b"].map(|end| format!("hinf{}{end}", std::process::id()));
        let machines = Self { names };
        let [a, b] = &machines.names;
        shell(&format!(
            "ip netns add {a} && ip netns add {b} && ip link add {a} netns {a} type veth peer name {b} netns {b}"
        ))?;
        for (name, address) in machines.names.iter().zip(ADDRESSES) {
            shell(&format!(
                "ip -n {name} addr add {address}/24 dev {name} && ip -n {name} link set lo up && ip -n {name} link set {name} up"
            ))?;
        }
        shell(&format!("ip netns exec {a} unshare --uts true"))?;
        Ok(machines)
    }

    /// Pulls the cable, or plugs it in.
    fn plug(&self, state: &str) {
        shell(&format!("ip -n {0} link set {0} {state}", self.names[1])).unwrap();
    }

    /// What mpirun calls instead of a remote shell: a script that starts its second argument and all after it on the other machine.
    fn agent(&self, folder: &Path) -> String {
        let file = folder.join("agent.sh");
        let own = folder.join("b");
        fs::create_dir_all(&own).unwrap();
        let start = format!("hostname hinf-b; export TMPDIR={}; $*", own.display());
        let text = format!(
            "#!/bin/sh\nshift\nexec ip netns exec {} unshare --uts sh -c \"{start}\"\n",
            self.names[1]
        );
        fs::write(&file, text).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
        file.display().to_string()
    }

    /// `hinf` with a rank on each. A machine that is gone is noticed within seconds.
    fn hinf(&self, words: &[&str], folder: &Path) -> Command {
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &self.names[0], "unshare", "--uts", "sh", "-c"]);
        command.args([
            "hostname hinf-a; exec mpirun \"$@\"",
            "sh",
            "--allow-run-as-root",
            "--bind-to",
            "none",
            "-n",
            "2",
        ]);
        command.args(["--host", &ADDRESSES.map(|address| format!("{address}:1")).join(",")]);
        let network = "10.213.77.0/24";
        let options = [
            ("plm_rsh_agent", self.agent(folder)),
            ("btl", "tcp,self".into()),
            ("btl_tcp_if_include", network.into()),
            ("oob_tcp_if_include", network.into()),
            ("oob_tcp_keepalive_time", "2".into()),
            ("oob_tcp_keepalive_intvl", "1".into()),
            ("oob_tcp_keepalive_probes", "2".into()),
        ];
        command.args(options.iter().flat_map(|(name, value)| ["--mca", name, value]));
        command.arg(env!("CARGO_BIN_EXE_hinf")).args(words).args(["--threads", "1", "--patience", "30s"]);
        command
            .current_dir(folder)
            .env("OMPI_ALLOW_RUN_AS_ROOT", "1")
            .env("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1");
        command
    }
}

impl Drop for Machines {
    fn drop(&mut self) {
        self.names.iter().for_each(|name| drop(shell(&format!("ip netns del {name}"))));
    }
}

#[test]
fn a_rank_that_is_cut_off_ends_all_and_the_rest_is_made_after() {
    let _turn = turn();
    let machines = match Machines::new() {
        Ok(machines) => machines,
        Err(reason) => return println!("not tested, since no network namespaces can be made here: {reason}"),
    };
    let folder = tempfile::tempdir().unwrap();
    let expected = alone(TILED, folder.path());
    let kept = folder.path().join("kept");
    let kept_words = ["--format", "json", "--checkpoint", kept.to_str().unwrap(), "--resume"];
    let words = [TILED, &kept_words].concat();
    let mut child =
        machines.hinf(&words, folder.path()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let begun = Instant::now();
    while !kept.join("7.hinf-gram").exists() && child.try_wait().unwrap().is_none() {
        assert!(begun.elapsed() < Duration::from_secs(300));
        std::thread::sleep(Duration::from_millis(2));
    }
    machines.plug("down");
    let cut = Instant::now();
    let Output { status, stderr, .. } = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&stderr);
    // Either notices first: Open MPI, or the rank that waits.
    let clear = ["lost communication with a remote daemon", "another rank has not answered"];
    assert!(!status.success() && clear.iter().any(|line| said.contains(line)), "{status}: {said}");
    assert!(cut.elapsed() < Duration::from_secs(60), "{:?}", cut.elapsed());
    machines.plug("up");
    let output = machines.hinf(&words, folder.path()).output().unwrap();
    assert_eq!(result(&output).to_string(), expected.to_string());
}
