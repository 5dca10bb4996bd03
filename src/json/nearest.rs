//! A misspelt name is best answered with the name that was meant.

use std::borrow::Borrow;

/// The candidate that `word` most likely stands for, or `None` when none is near enough to be worth
/// naming. Capitals, underscores and hyphens do not count, so `orderRef1` finds `order_ref_1`.
pub fn nearest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item: Borrow<&'a str>>,
) -> Option<&'a str> {
    let word = plain(word);
    let mut best: Option<(usize, &'a str)> = None;
    for candidate in candidates {
        let candidate: &'a str = candidate.borrow();
        let other = plain(candidate);
        // A third of the letters may be wrong, and never more than three of them.
        let limit = (word.len().max(other.len()) / 3).min(3);
        let limit = best.map_or(limit, |(distance, _)| limit.min(distance.saturating_sub(1)));
        if word.len().abs_diff(other.len()) > limit {
            continue;
        }
        let distance = distance(&word, &other);
        if distance <= limit && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// The letters and digits of a name.
fn plain(name: &str) -> Vec<char> {
    name.chars()
        .filter(|c| !matches!(c, '_' | '-'))
        .flat_map(char::to_lowercase)
        .collect()
}

/// How many letters must be put in, left out, changed, or swapped with their neighbour.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let changed = above[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = changed.min(above[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(before[j - 2] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut above, row);
    }
    above[b.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn finds_what_was_meant() {
        let names = [
            "order_ref_1",
            "order_ref_2",
            "given_names",
            "id",
            "nin",
            "nin_control",
        ];
        for (word, meant) in [
            ("order_ref1", Some("order_ref_1")),
            ("orderRef2", Some("order_ref_2")),
            ("givne_names", Some("given_names")),
            ("nim", Some("nin")),
            ("ID", Some("id")),
            ("ninControl", Some("nin_control")),
            ("favourite_colour", None),
            ("xx", None),
            ("", None),
        ] {
            assert_eq!(nearest(word, names), meant, "{word}");
        }
    }

    #[test]
    fn a_very_long_word_costs_nothing() {
        assert_eq!(nearest(&"x".repeat(1_000_000), ["city"]), None);
    }
}
