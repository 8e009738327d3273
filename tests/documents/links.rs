//! Links between the documents: each leads to a file, and to a heading in it.

use std::path::Path;

use super::{document, fail_on, pages, path_of, prose};

/// Where the links and pictures of a page lead.
fn targets(page: &str) -> Vec<String> {
    let text = prose(page);
    text.split("](").skip(1).map(|rest| rest.split(')').next().unwrap().to_owned()).collect()
}

/// What a link to this heading ends with, as GitHub makes it.
fn anchor(heading: &str) -> String {
    let kept = |letter: &char| letter.is_alphanumeric() || ['-', '_'].contains(letter);
    heading.trim().to_lowercase().replace(' ', "-").chars().filter(kept).collect()
}

fn has_heading(page: &str, wanted: &str) -> bool {
    let text = prose(page);
    text.lines().any(|line| line.starts_with('#') && anchor(line.trim_start_matches('#')) == wanted)
}

/// The path in the project that `target` means on the page `name`.
fn resolved(name: &str, target: &str) -> String {
    let folder = Path::new(name).parent().unwrap().join(target);
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.to_str().unwrap().split('/') {
        match part {
            ".." => drop(parts.pop()),
            "." | "" => {}
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[test]
fn every_link_leads_to_a_page_and_a_heading() {
    let (mut faults, mut count) = (Vec::new(), 0);
    for (name, page) in pages() {
        for target in targets(&page).into_iter().filter(|target| !target.starts_with("https://")) {
            count += 1;
            let (file, heading) = target.split_once('#').unwrap_or((&target, ""));
            let file = if file.is_empty() { name.clone() } else { resolved(&name, file) };
            if !path_of(&file).exists() {
                faults.push(format!("{name}: {target} leads to no file"));
            } else if !heading.is_empty() && !has_heading(&document(&file), heading) {
                faults.push(format!("{name}: {target} leads to no heading"));
            }
        }
    }
    assert!(count > 80, "{count}");
    fail_on(&faults);
}

#[test]
fn the_readme_leads_to_every_page() {
    let links: Vec<String> = targets(&document("README.md"));
    let names = pages().into_iter().map(|(name, _)| name).filter(|name| name.starts_with("docs/"));
    let missing: Vec<String> = names.filter(|name| !links.contains(name)).collect();
    fail_on(&missing);
}

/// They are read by people in a hurry, who may be on the wrong page.
#[test]
fn every_page_says_first_for_whom_it_is() {
    let says = |page: &str| {
        let first = page.lines().skip(1).find(|line| !line.is_empty()).unwrap_or_default();
        ["This page is for", "This page teaches you", "For "].iter().any(|start| first.starts_with(start))
    };
    let silent: Vec<String> = pages()
        .into_iter()
        .filter(|(name, page)| !name.starts_with("shows/") && !says(page))
        .map(|(name, _)| name)
        .collect();
    fail_on(&silent);
}
