//! What a validation shows: the page, and the summary on the terminal.

use super::{
    Run,
    claims::{self, SECTIONS, Size},
    figures,
};
use crate::{
    cli::plots,
    error::Result,
    report::{
        Report,
        grid::{Column, Grid},
        html::{Block, Claim, Page, Section, Status},
        manifest::Manifest,
    },
};
use serde_json::{Value, json};
use std::path::Path;

/// The sections, each with its claims and figures.
pub fn sections(
    size: Size,
    rows: &[(&'static str, Claim)],
    run: &Run<'_>,
    results: &Path,
) -> Result<Vec<Section>> {
    let all = claims::claims(size);
    let command = |start: &str| {
        all.iter()
            .flat_map(|claim| &claim.commands)
            .find(|command| command.starts_with(start))
            .cloned()
            .unwrap_or_default()
    };
    let mut sections: Vec<Section> = SECTIONS
        .iter()
        .map(|heading| {
            let claims = rows
                .iter()
                .filter(|(section, _)| section == heading)
                .map(|(_, claim)| claim.clone())
                .collect();
            Section { heading: (*heading).into(), blocks: vec![Block::Claims(claims)] }
        })
        .collect();
    let circle = command("train --model two-layer --bias --dim 1 --degrees");
    let sphere = command("train --model two-layer --bias --dim 2");
    let figure = |name: &str, plot| Block::Figure { name: name.into(), plot };
    sections[0].blocks.push(figure("eigenvalues", figures::eigenvalues(run)?));
    sections[1].blocks.push(figure(
        "clusters",
        plots::clusters(&run(&command("gram --kernel two-layer:bias=true --dim 2 --degrees"))?),
    ));
    sections[2].blocks.push(figure("steps", plots::steps(&[(run(&circle)?, "S^1"), (run(&sphere)?, "S^2")])));
    let mixture = command("train --model two-layer --bias --dim 1 --target");
    sections[2].blocks.push(figure("mixture", figures::mixture(run, &mixture, results)?));
    let noisy = command("train --model two-layer --bias --dim 1 --degrees 3 --noise");
    sections[2].blocks.push(figure("early-stopping", figures::early_stopping(run, &noisy)?));
    Ok(sections)
}

/// The page.
pub fn page(sections: Vec<Section>, manifest: Manifest) -> Page {
    Page {
        title: "Spectral bias of wide networks: theory against measurement".into(),
        lead: "What follows from the exact spectrum of the neural tangent kernel, beside what samples and real training showed on this \
               machine. No constant is fitted to a measurement."
            .into(),
        sections,
        manifest,
    }
}

/// The claims as JSON and a table.
pub fn summary(rows: &[(&'static str, Claim)], folder: &Path) -> Report {
    let failed = rows.iter().filter(|(_, claim)| claim.status == Status::Fails).count();
    let json_rows: Vec<Value> = rows
        .iter()
        .map(|(section, claim)| {
            json!({
                "name": claim.name,
                "section": section,
                "claim": claim.claim,
                "expected": claim.expected,
                "measured": claim.measured,
                "status": claim.status.name(),
                "command": claim.commands.join("; "),
            })
        })
        .collect();
    let columns = ["claim", "expected", "measured", "status"];
    let grid = Grid {
        title: format!("{} claims: {} hold, {failed} fail", rows.len(), rows.len() - failed),
        captions: vec![format!("report: {}", folder.join("index.html").display())],
        columns: columns.iter().map(|head| ((*head).to_owned(), Column::Wrapped)).collect(),
        rows: rows
            .iter()
            .map(|(_, claim)| {
                vec![
                    claim.claim.clone(),
                    claim.expected.clone(),
                    claim.measured.clone(),
                    claim.status.name().into(),
                ]
            })
            .collect(),
    };
    let json = json!({"schema": "hinf.validate/1", "report": folder.join("index.html").display().to_string(), "rows": json_rows});
    Report { json, grids: vec![grid] }
}
