//! A report as one page that needs nothing else: no network, no script.

use super::{
    grid::{Column, Grid},
    manifest::Manifest,
    markup::{self, escaped},
    palette,
    plot::Plot,
    svg, write,
};
use crate::error::{Error, Result};
use std::{fs, path::Path};

/// How a claim came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Measured as expected.
    Holds,
    /// Not as expected.
    Fails,
    /// Not measured this time.
    Skipped,
}

impl Status {
    /// The status as one word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::Fails => "fails",
            Self::Skipped => "skipped",
        }
    }

    /// A sign, so that colour is not needed.
    fn sign(self) -> &'static str {
        match self {
            Self::Holds => "\u{2713}",
            Self::Fails => "\u{2717}",
            Self::Skipped => "\u{2013}",
        }
    }
}

/// A claim against a measurement.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// Its name, of lower-case letters, digits and dashes: links lead to it.
    pub name: String,
    /// What is claimed, in a sentence.
    pub claim: String,
    /// The value or range that theory gives.
    pub expected: String,
    /// What was found.
    pub measured: String,
    /// How it came out.
    pub status: Status,
    /// The commands that remake the measurement.
    pub commands: Vec<String>,
}

/// A part of a section.
#[derive(Clone, Debug)]
pub enum Block {
    /// A paragraph.
    Text(String),
    /// Claims, one a row.
    Claims(Vec<Claim>),
    /// A table.
    Table(Grid),
    /// A plot with its data; the name is that of its files, of lower-case letters, digits and dashes.
    Figure {
        /// The name of the files `data/NAME.csv`, `data/NAME.json` and `figures/NAME.svg`.
        name: String,
        /// The plot.
        plot: Plot,
    },
}

/// A section.
#[derive(Clone, Debug)]
pub struct Section {
    /// Its heading.
    pub heading: String,
    /// Its parts.
    pub blocks: Vec<Block>,
}

/// A page.
#[derive(Clone, Debug)]
pub struct Page {
    /// Its title.
    pub title: String,
    /// What it is about, in a sentence or two.
    pub lead: String,
    /// Its sections.
    pub sections: Vec<Section>,
    /// How it was made.
    pub manifest: Manifest,
}

impl Page {
    fn blocks(&self) -> impl Iterator<Item = &Block> {
        self.sections.iter().flat_map(|section| &section.blocks)
    }

    fn claims(&self) -> impl Iterator<Item = &Claim> {
        self.blocks().flat_map(|block| if let Block::Claims(claims) = block { &claims[..] } else { &[] })
    }

    fn figures(&self) -> impl Iterator<Item = (&str, &Plot)> {
        self.blocks().filter_map(|block| match block {
            Block::Figure { name, plot } => Some((name.as_str(), plot)),
            _ => None,
        })
    }

    /// The page as HTML.
    ///
    /// # Errors
    /// When a figure shows nothing, or its name is not fit for a file or comes twice.
    pub fn html(&self) -> Result<String> {
        self.check_names()?;
        let mut body = String::new();
        for (section, number) in self.sections.iter().zip(1..) {
            body.push_str(&format!(
                "<section aria-labelledby=\"s{number}\">\n<h2 id=\"s{number}\">{}</h2>\n",
                escaped(&section.heading)
            ));
            for block in &section.blocks {
                body.push_str(&render(block)?);
            }
            body.push_str("</section>\n");
        }
        let contents: String = self
            .sections
            .iter()
            .zip(1..)
            .map(|(section, number)| {
                format!("<li><a href=\"#s{number}\">{}</a></li>\n", escaped(&section.heading))
            })
            .collect();
        let facts: String = self
            .manifest
            .facts()
            .into_iter()
            .map(|(name, value)| {
                format!("<tr><th scope=\"row\">{name}</th><td><code>{}</code></td></tr>\n", escaped(&value))
            })
            .collect();
        Ok(format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n<title>{title}</title>\n\
             <link rel=\"icon\" href=\"data:,\"/>\n<style>\n{page_style}{plot_style}\n</style>\n</head>\n<body>\n\
             <a class=\"skip\" href=\"#main\">Skip to the results</a>\n<header>\n<h1>{title}</h1>\n<p>{lead}</p>\n{verdict}\
             <nav aria-label=\"Contents\">\n<ol>\n{contents}</ol>\n</nav>\n</header>\n<main id=\"main\">\n{body}</main>\n\
             <footer>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"How this page was made\">\n<table>\n\
             <caption>How this page was made</caption>\n<tbody>\n{facts}</tbody>\n</table>\n</div>\n</footer>\n</body>\n</html>\n",
            title = escaped(&self.title),
            lead = escaped(&self.lead),
            page_style = include_str!("style.css"),
            plot_style = palette::style(),
            verdict = self.verdict(),
        ))
    }

    fn verdict(&self) -> String {
        let count = |status| self.claims().filter(|claim| claim.status == status).count();
        let (holds, fails, skipped) = (count(Status::Holds), count(Status::Fails), count(Status::Skipped));
        if holds + fails + skipped == 0 {
            return String::new();
        }
        let class = if fails > 0 { "verdict bad" } else { "verdict" };
        let left = if skipped > 0 { format!("; {skipped} not measured") } else { String::new() };
        format!("<p class=\"{class}\">{holds} of {} claims hold{left}.</p>\n", holds + fails)
    }

    fn check_names(&self) -> Result<()> {
        let mut seen = std::collections::HashSet::new();
        for (name, _) in self.figures() {
            let fit = !name.is_empty()
                && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
            if !fit || !seen.insert(name) {
                let expected = "a name of its own, of lower-case letters, digits and dashes";
                return Err(Error::invalid("figure", name, expected));
            }
        }
        Ok(())
    }

    /// Writes `index.html`, `manifest.json`, and each figure's data and drawing into `folder`, which is made if it is missing. The
    /// page comes last: where it is, everything it links to is.
    ///
    /// # Errors
    /// As [`Page::html`], and when a file cannot be written.
    pub fn write(&self, folder: &Path) -> Result<()> {
        let page = self.html()?;
        for part in [folder.to_owned(), folder.join("data"), folder.join("figures")] {
            fs::create_dir_all(&part).map_err(|e| Error::io("cannot make the folder", &part, e))?;
        }
        for (name, plot) in self.figures() {
            write(&folder.join(format!("data/{name}.csv")), plot.csv())?;
            write(&folder.join(format!("data/{name}.json")), format!("{:#}\n", plot.json()))?;
            write(&folder.join(format!("figures/{name}.svg")), svg::standalone(plot)?)?;
        }
        write(&folder.join("manifest.json"), self.manifest.json()?)?;
        write(&folder.join("index.html"), page)
    }
}

fn render(block: &Block) -> Result<String> {
    Ok(match block {
        Block::Text(text) => format!("<p>{}</p>\n", escaped(text)),
        Block::Claims(claims) => claims_table(claims),
        Block::Table(grid) => grid_table(grid),
        Block::Figure { name, plot } => figure(name, plot)?,
    })
}

/// What scrolls by itself when the page is narrow, and can be reached by the keyboard.
fn scrolling(label: &str, content: &str) -> String {
    let label = escaped(&markup::plain(label));
    format!("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{label}\">\n{content}</div>\n")
}

fn claims_table(claims: &[Claim]) -> String {
    const HEADS: [&str; 4] = ["claim", "expected", "measured", "status"];
    let row = |claim: &Claim| {
        let commands: Vec<String> = claim.commands.iter().map(|command| code(command)).collect();
        format!(
            "<tbody id=\"claim-{}\">\n<tr><th scope=\"row\">{}</th><td data-head=\"{}\">{}</td><td data-head=\"{}\">{}</td>\
             <td class=\"status {}\">{} {}</td></tr>\n<tr class=\"made\"><td colspan=\"4\">{}</td></tr>\n</tbody>\n",
            claim.name,
            escaped(&claim.claim),
            HEADS[1],
            escaped(&claim.expected),
            HEADS[2],
            escaped(&claim.measured).replace(" = ", "\u{a0}=\u{a0}"),
            claim.status.name(),
            claim.status.sign(),
            claim.status.name(),
            commands.join("<br/>")
        )
    };
    let heads = HEADS.map(|head| format!("<th scope=\"col\">{head}</th>")).concat();
    let rows: String = claims.iter().map(row).collect();
    format!(
        "<table class=\"claims\">\n<caption>Claim by claim, each with the command that remakes it</caption>\n\
         <thead><tr>{heads}</tr></thead>\n{rows}</table>\n"
    )
}

/// A command, which breaks between its options where it can.
fn code(command: &str) -> String {
    let parts: Vec<String> = command
        .split(" --")
        .enumerate()
        .map(|(i, part)| format!("<span>{}{}</span>", if i > 0 { "--" } else { "" }, escaped(part)))
        .collect();
    format!("<code>{}</code>", parts.join(" "))
}

fn grid_table(grid: &Grid) -> String {
    let class = |column: Column| if column == Column::Right { " class=\"number\"" } else { "" };
    let heads: String = grid
        .columns
        .iter()
        .map(|(head, column)| format!("<th scope=\"col\"{}>{}</th>", class(*column), escaped(head)))
        .collect();
    let row = |cells: &Vec<String>| {
        let cells = cells.iter().zip(&grid.columns);
        let cells: String = cells
            .map(|(cell, (_, column))| format!("<td{}>{}</td>", class(*column), escaped(cell)))
            .collect();
        format!("<tr>{cells}</tr>\n")
    };
    let rows: String = grid.rows.iter().map(row).collect();
    let notes: String = grid.captions.iter().map(|note| format!("<li>{}</li>\n", escaped(note))).collect();
    let notes = if notes.is_empty() { notes } else { format!("<ul class=\"notes\">\n{notes}</ul>\n") };
    let caption = markup::html(&grid.title);
    let table = format!(
        "<table>\n<caption>{caption}</caption>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n"
    );
    scrolling(&grid.title, &table) + &notes
}

fn figure(name: &str, plot: &Plot) -> Result<String> {
    Ok(format!(
        "<figure id=\"{name}\">\n<p class=\"figure-title\">{}</p>\n{}<figcaption>{} Data: <a href=\"data/{name}.csv\">CSV</a>, \
         <a href=\"data/{name}.json\">JSON</a>; drawing: <a href=\"figures/{name}.svg\">SVG</a>.</figcaption>\n</figure>\n",
        markup::html(&plot.title),
        scrolling(&plot.title, &svg::inline(plot, name)?),
        markup::html(&plot.full_caption()),
    ))
}
