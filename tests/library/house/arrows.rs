//! What leads from where to where, and whether it leads back.

use super::source::{Source, Token, is_name};
use std::collections::{BTreeMap, BTreeSet};

/// From one room or file to another, and the files that lead there.
pub type Arrows = BTreeMap<String, BTreeMap<String, BTreeSet<String>>>;

/// A path that a file names, from the crate's root, and whether it only gives it on.
struct Named {
    path: Vec<String>,
    as_name: String,
    is_given_on: bool,
}

/// Which room a source file is of; `None`: it is the map of the whole.
fn room(source: &Source) -> Option<&str> {
    source.module.first().map(String::as_str)
}

/// The paths of a file into this crate.
fn named(source: &Source, modules: &BTreeSet<Vec<String>>) -> Vec<Named> {
    let text = |at: usize| {
        source
            .tokens
            .get(at)
            .map_or("", |token| token.text.as_str())
    };
    let mut found = Vec::new();
    // Modules that are written out inside of the file, and the depth at which each ends.
    let (mut inside, mut depth) = (Vec::new(), 0);
    let mut at = 0;
    while at < source.tokens.len() {
        let begins = at == 0 || (text(at - 1) != ":" && text(at - 1) != ".");
        match text(at) {
            "{" => depth += 1,
            "}" => {
                depth -= 1;
                if inside.last() == Some(&depth) {
                    inside.pop();
                }
            }
            "mod" if text(at + 2) == "{" => inside.push(depth),
            "in" if text(at - 1) == "(" => {
                while text(at) != ")" {
                    at += 1;
                }
            }
            "use" => {
                let end = after_use(&source.tokens, at);
                // `pub use`, `pub(crate) use`
                let is_given_on = at > 0 && ["pub", ")"].contains(&text(at - 1));
                let mut leaves = Vec::new();
                tree(&source.tokens[at + 1..end], &mut Vec::new(), &mut leaves);
                for (path, as_name) in leaves {
                    let path = from_root(path, source, inside.len(), modules);
                    found.extend(path.map(|path| Named {
                        path,
                        as_name,
                        is_given_on,
                    }));
                }
                at = end;
            }
            word if begins && (text(at + 1), text(at + 2)) == (":", ":") && is_name(word) => {
                let mut path = vec![word.to_owned()];
                while (text(at + 1), text(at + 2)) == (":", ":") && is_name(text(at + 3)) {
                    path.push(text(at + 3).to_owned());
                    at += 3;
                }
                let as_name = String::new();
                let path = from_root(path, source, inside.len(), modules);
                found.extend(path.map(|path| Named {
                    path,
                    as_name,
                    is_given_on: false,
                }));
            }
            _ => {}
        }
        at += 1;
    }
    found
}

fn after_use(tokens: &[Token], from: usize) -> usize {
    let end = tokens[from..].iter().position(|token| token.text == ";");
    from + end.expect("a use ends")
}

/// The paths of a `use`, and the name that each has from then on.
fn tree(tokens: &[Token], before: &mut Vec<String>, leaves: &mut Vec<(Vec<String>, String)>) {
    let above = before.len();
    let mut at = 0;
    let mut as_name = None;
    while at < tokens.len() {
        match tokens[at].text.as_str() {
            "{" => {
                let (mut depth, mut begin) = (0, at + 1);
                for (end, token) in tokens.iter().enumerate().skip(at + 1) {
                    match token.text.as_str() {
                        "{" => depth += 1,
                        "}" if depth > 0 => depth -= 1,
                        "," | "}" if depth == 0 => {
                            if begin < end {
                                tree(&tokens[begin..end], before, leaves);
                            }
                            begin = end + 1;
                        }
                        _ => {}
                    }
                }
                before.truncate(above);
                return;
            }
            "as" => {
                as_name = Some(tokens[at + 1].text.clone());
                break;
            }
            ":" => {}
            // `b::{self}` is `b`.
            "self" if !before.is_empty() => {}
            name => before.push(name.to_owned()),
        }
        at += 1;
    }
    let name = as_name.or_else(|| before.last().cloned());
    leaves.push((before.clone(), name.unwrap_or_default()));
    before.truncate(above);
}

/// The path from the crate's root; `None`: it is into another crate, or of this file's own.
fn from_root(
    path: Vec<String>,
    source: &Source,
    inside: usize,
    modules: &BTreeSet<Vec<String>>,
) -> Option<Vec<String>> {
    let mut here = source.module.clone();
    let mut steps = path.into_iter().peekable();
    match steps.peek()?.as_str() {
        "crate" => {
            steps.next();
            here.clear();
        }
        "self" => _ = steps.next(),
        "super" => {
            let mut up = 0;
            while steps.next_if(|step| step == "super").is_some() {
                up += 1;
            }
            for _ in inside..up {
                here.pop()?;
            }
            if up <= inside {
                return None;
            }
        }
        first => {
            let mut child = here.clone();
            child.push(first.to_owned());
            if !modules.contains(&child) {
                return None;
            }
        }
    }
    here.extend(steps);
    Some(here)
}

/// The file that a path leads to in the end.
fn file_of(
    path: &[String],
    modules: &BTreeSet<Vec<String>>,
    signposts: &BTreeMap<Vec<String>, Vec<String>>,
) -> Vec<String> {
    let mut path = path.to_vec();
    // As many signposts as there could be one behind the other.
    for _ in 0..8 {
        let known = (0..=path.len())
            .rev()
            .find(|length| modules.contains(&path[..*length]))
            .unwrap_or_default();
        let next = (path.len() > known).then(|| signposts.get(&path[..known + 1]));
        match next.flatten() {
            Some(target) => path = [target, &path[known + 1..]].concat(),
            None => {
                path.truncate(known);
                break;
            }
        }
    }
    path
}

/// What leads from where to where: between rooms, and among the files of each.
pub fn arrows(sources: &[Source]) -> (Arrows, Arrows) {
    let modules: BTreeSet<Vec<String>> = sources.iter().map(|one| one.module.clone()).collect();
    let named: Vec<Vec<Named>> = sources.iter().map(|one| named(one, &modules)).collect();
    let uses_itself = |source: &Source, name: &str| {
        let mut seen = source.tokens.iter().filter(|token| token.text == name);
        seen.nth(1).is_some()
    };
    let mut signposts = BTreeMap::new();
    for (source, named) in sources.iter().zip(&named) {
        for one in named.iter().filter(|one| one.is_given_on) {
            let place = [&source.module[..], std::slice::from_ref(&one.as_name)].concat();
            signposts.insert(place, one.path.clone());
        }
    }
    let files: BTreeMap<&Vec<String>, &Source> =
        sources.iter().map(|one| (&one.module, one)).collect();
    let (mut rooms, mut inside) = (Arrows::new(), Arrows::new());
    for (source, named) in sources.iter().zip(&named) {
        for one in named {
            let Some(target) = files.get(&file_of(&one.path, &modules, &signposts)) else {
                continue;
            };
            let (Some(from), Some(to)) = (room(source), room(target)) else {
                continue;
            };
            if from != to {
                let to = rooms
                    .entry(from.to_owned())
                    .or_default()
                    .entry(to.to_owned());
                to.or_default().insert(source.file.clone());
            } else if source.file != target.file
                && (!one.is_given_on || uses_itself(source, &one.as_name))
            {
                let to = inside.entry(source.file.clone()).or_default();
                to.entry(target.file.clone())
                    .or_default()
                    .insert(one.path.join("::"));
            }
        }
    }
    (rooms, inside)
}

/// A way back to where it began, where there is one.
pub fn circle(arrows: &Arrows) -> Option<Vec<String>> {
    fn walk(arrows: &Arrows, way: &mut Vec<String>, left: &mut BTreeSet<String>) -> bool {
        let here = way.last().expect("it begins somewhere").clone();
        for next in arrows.get(&here).into_iter().flat_map(BTreeMap::keys) {
            if let Some(begin) = way.iter().position(|room| room == next) {
                way.drain(..begin);
                way.push(next.clone());
                return true;
            }
            if left.contains(next) {
                continue;
            }
            way.push(next.clone());
            if walk(arrows, way, left) {
                return true;
            }
            way.pop();
        }
        left.insert(here);
        false
    }
    let mut left = BTreeSet::new();
    arrows.keys().find_map(|room| {
        let mut way = vec![room.clone()];
        (!left.contains(room) && walk(arrows, &mut way, &mut left)).then_some(way)
    })
}

pub fn told(way: &[String], arrows: &Arrows) -> String {
    let steps = way.windows(2).map(|step| {
        let by: Vec<&str> = arrows[&step[0]][&step[1]]
            .iter()
            .map(String::as_str)
            .collect();
        format!("{} -> {} ({})", step[0], step[1], by.join(", "))
    });
    steps.collect::<Vec<_>>().join("\n")
}
