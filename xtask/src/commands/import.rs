//! `import`: vendor pages and documents to `specs/<api>/openapi.yaml`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use driftline_specs::import::{self, Imported, Options, Provenance};
use miette::{IntoDiagnostic, WrapErr};
use owo_colors::OwoColorize;

use super::{Outcome, write_whole};
use crate::{diagnostic, workspace};

/// How many notes are shown unless all are asked for.
const NOTICES: usize = 8;

/// Reads a vendor's pages or documents into the openapi.yaml of an API
///
/// A page is Markdown with OpenAPI fragments in fenced blocks; they are merged, and two that differ are an error
/// that names both. Descriptions that stand in openapi.yaml already are kept; the vendor's words are left out
/// unless asked for. Where the contract came from is recorded in api.toml. Exit status: 0 done, 2 the page is
/// wrong; nothing is written then.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The API: the folder in specs/, which is made when it is missing
    #[arg(long, value_name = "API")]
    api: String,

    /// Keeps the vendor's own words where openapi.yaml has none
    #[arg(long)]
    keep_vendor_text: bool,

    /// Shows what would be imported and writes nothing
    #[arg(long)]
    dry_run: bool,

    /// Shows every note
    #[arg(long)]
    verbose: bool,

    /// The pages and documents
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let name = &arguments.api;
    let starts = name.starts_with(|first: char| first.is_ascii_lowercase());
    if !starts
        || !name.chars().all(|next| next.is_ascii_lowercase() || next.is_ascii_digit() || "-_".contains(next))
    {
        return Err(diagnostic::message(
            format!("`{name}` cannot be the name of an API"),
            "use lower-case letters, digits, `-` and `_`, starting with a letter",
        ));
    }
    let folder = workspace::specs().join(name);
    let target = folder.join("openapi.yaml");
    let existing = import::existing(&target).map_err(|error| diagnostic::contract(&error))?;
    let options = Options { existing, keep_vendor_text: arguments.keep_vendor_text };
    let imported =
        import::from_files(&arguments.files, &options).map_err(|error| diagnostic::contract(&error))?;
    let settings = settings(arguments, &folder, &imported)?;

    for fragment in &imported.fragments {
        let heading = fragment.heading.as_deref().unwrap_or("the whole document");
        anstream::println!(
            "{:>3}  {}:{}  {heading}  {}",
            fragment.number,
            fragment.source,
            fragment.line,
            fragment.operations.join(", ").dimmed()
        );
    }
    let shown = if arguments.verbose { imported.notices.len() } else { NOTICES };
    for notice in imported.notices.iter().take(shown) {
        anstream::eprintln!("{} {notice}", "note:".yellow().bold());
    }
    if imported.notices.len() > shown {
        let more = imported.notices.len() - shown;
        anstream::eprintln!("{} {more} more like these; --verbose shows them", "note:".yellow().bold());
    }
    let text = import::to_yaml(&imported.document);
    if arguments.dry_run {
        anstream::println!(
            "{} {} lines for {}",
            "would write:".bold(),
            text.lines().count(),
            workspace::shown(&target)
        );
        return Ok(ExitCode::SUCCESS);
    }
    let unchanged = std::fs::read_to_string(&target).is_ok_and(|before| before == text);
    std::fs::create_dir_all(&folder).into_diagnostic()?;
    write_whole(&target, &text)
        .into_diagnostic()
        .wrap_err_with(|| format!("cannot write {}", target.display()))?;
    write_whole(&folder.join("api.toml"), &settings).into_diagnostic()?;
    anstream::println!(
        "{} {} fragments into {}{}",
        "imported:".green().bold(),
        imported.fragments.len(),
        workspace::shown(&target),
        if unchanged { ", which says the same as before" } else { "; run `cargo xtask regenerate`" }
    );
    Ok(ExitCode::SUCCESS)
}

/// The text of `api.toml` with the provenance of every file in it.
fn settings(arguments: &Arguments, folder: &Path, imported: &Imported) -> Result<String, miette::Report> {
    let path = folder.join("api.toml");
    let mut text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let title = imported.document.pointer("/info/title").and_then(serde_json::Value::as_str);
            format!(
                "name = \"{}\"\ntitle = {}\nstatus = \"documented\"\n",
                arguments.api,
                serde_json::Value::from(title.unwrap_or(&arguments.api)),
            )
        }
        Err(error) => {
            return Err(error).into_diagnostic().wrap_err_with(|| format!("cannot read {}", path.display()));
        }
    };
    let today = jiff::Zoned::now().date().to_string();
    for file in &arguments.files {
        let bytes = std::fs::read(file).into_diagnostic()?;
        let shown = file.display().to_string();
        let own = imported.fragments.iter().filter(|fragment| fragment.source == shown);
        let operations = own.map(|fragment| fragment.operations.len()).sum::<usize>();
        let covers = format!("{operations} operations and their components");
        let title = recorded_title(&text, file).unwrap_or_else(|| shown_name(file));
        let provenance = Provenance::of(&title, "page", &today, &covers, file, &bytes);
        // A file that is recorded with this content stays as people described it.
        if !text.contains(&provenance.sha256) {
            text = import::record(&path, &text, &provenance).map_err(|error| diagnostic::contract(&error))?;
        }
    }
    Ok(text)
}

/// The title under which a file of this name is recorded already.
fn recorded_title(settings: &str, file: &Path) -> Option<String> {
    let config = driftline_specs::ApiConfig::from_text(Path::new("api.toml"), settings).ok()?;
    let name = shown_name(file);
    config.sources.into_iter().find(|source| source.file.as_deref() == Some(&name)).map(|source| source.title)
}

fn shown_name(file: &Path) -> String {
    file.file_name().map_or_else(|| file.display().to_string(), |name| name.to_string_lossy().into_owned())
}
