//! The contracts of a folder.

use std::path::{Path, PathBuf};

/// One contract.
#[derive(Debug, Clone)]
pub(super) struct Subject {
    /// Its path below the folder.
    pub(super) name: String,
    /// Where it is.
    pub(super) path: PathBuf,
    /// Its name as a folder and as a crate.
    pub(super) slug: String,
}

/// The longest slug; a crate's name has at most 64 characters.
const LONGEST: usize = 56;

impl Subject {
    fn new(root: &Path, path: PathBuf) -> Self {
        let name = path.strip_prefix(root).unwrap_or(&path).display().to_string();
        let plain = name.chars().map(|character| match character.to_ascii_lowercase() {
            plain if plain.is_ascii_alphanumeric() => plain,
            _ => '-',
        });
        // A name that starts with a letter is a crate's whatever the file is called.
        let slug: String = "of-".chars().chain(plain).collect();
        Self { name, path, slug }
    }
}

/// Finds every JSON and YAML file of a folder and the folders below it, in the order of their names.
pub(super) fn find(root: &Path, only: Option<&str>) -> std::io::Result<Vec<Subject>> {
    let mut paths = Vec::new();
    walk(root, &mut paths)?;
    paths.sort();
    let mut subjects: Vec<Subject> = Vec::new();
    for path in paths {
        let mut subject = Subject::new(root, path);
        if subject.slug.len() > LONGEST || subjects.iter().any(|other| other.slug == subject.slug) {
            let number = subjects.len().to_string();
            subject.slug.truncate(LONGEST - number.len());
            subject.slug.push_str(&number);
        }
        subjects.push(subject);
    }
    subjects.retain(|subject| only.is_none_or(|only| subject.name.contains(only)));
    Ok(subjects)
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        if entry.file_type()?.is_dir() {
            walk(&path, found)?;
        } else if path
            .extension()
            .is_some_and(|extension| ["json", "yaml", "yml"].iter().any(|known| extension == *known))
        {
            found.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_contract_has_a_slug_of_its_own_that_can_name_a_crate() {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir(root.path().join("3.0")).unwrap();
        let long = format!("{}.json", "long".repeat(20));
        let longer = format!("{}.yaml", "long".repeat(20));
        for name in ["A b.json", "a-b.json", "3.0/a.yml", "notes.txt", &long, &longer] {
            std::fs::write(root.path().join(name), "").unwrap();
        }
        let subjects = find(root.path(), None).unwrap();
        let names: Vec<_> = subjects.iter().map(|subject| subject.name.as_str()).collect();
        assert_eq!(names, ["3.0/a.yml", "A b.json", "a-b.json", &long, &longer]);
        let mut slugs: Vec<_> = subjects.iter().map(|subject| subject.slug.clone()).collect();
        assert_eq!(slugs[0], "of-3-0-a-yml");
        assert!(slugs.iter().all(|slug| slug.len() <= LONGEST));
        slugs.dedup();
        assert_eq!(slugs.len(), 5);
        assert_eq!(find(root.path(), Some("a-b")).unwrap().len(), 1);
    }
}
