//! Tables for people: as wide as the terminal.

use crate::console::{Console, wrapped};
use comfy_table::{
    CellAlignment, ColumnConstraint, ContentArrangement, Table, TableComponent, Width, presets,
};

/// Longer ones (a uuid, an address) are broken where there is no room.
const LONGEST_WORD: u16 = 14;
/// Where there is, a uuid is not.
const UUID: u16 = 36;
const WIDE: u16 = 110;
/// A table whose words are broken after fewer letters is none that anybody reads.
const SHORTEST_WORD: u16 = 9;
/// Of a column, on both sides together; between two of them stands one more.
const PADDING: u16 = 2;

/// Draws one. `to_the_right`: the columns with figures.
pub fn drawn(
    console: &Console,
    head: &[&str],
    to_the_right: &[usize],
    rows: Vec<Vec<String>>,
) -> String {
    let rows: Vec<Vec<String>> = rows
        .into_iter()
        .map(|row| row.iter().map(|text| console.legible(text)).collect())
        .collect();
    let words = words(head, &rows);
    let room = console.width().saturating_sub(1);
    let needed = |longest: u16| -> u16 {
        let columns = words.iter().map(|word| word.min(&longest) + PADDING + 1);
        columns.fold(0, u16::saturating_add).saturating_sub(1)
    };
    let longest = match console.width() < WIDE {
        true => LONGEST_WORD,
        false => UUID,
    };
    let mut fitting = (SHORTEST_WORD..=longest).rev();
    let Some(longest) = fitting.find(|longest| needed(*longest) <= room) else {
        return one_below_the_other(console, head, rows);
    };
    let mut table = Table::new();
    let line = if console.draws() { '─' } else { '-' };
    table
        .load_preset(presets::NOTHING)
        .set_style(TableComponent::HeaderLines, line)
        .set_style(TableComponent::MiddleHeaderIntersections, line)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(room);
    if !head.is_empty() {
        table.set_header(head.to_vec());
    }
    for row in rows {
        table.add_row(row.into_iter().map(|text| text.replace('\n', " ")));
    }
    for column in table.column_iter_mut() {
        let word = words.get(column.index).copied().unwrap_or_default();
        let least = Width::Fixed(word.min(longest) + PADDING);
        column.set_constraint(ColumnConstraint::LowerBoundary(least));
    }
    for column in to_the_right {
        if let Some(column) = table.column_mut(*column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    // What comfy-table pads the lines with at their ends is nobody's.
    let lines = table.lines().map(|line| line.trim_end().to_owned());
    lines.collect::<Vec<_>>().join("\n") + "\n"
}

/// Where there is no room beside each other: each row by itself, a line for each of its columns.
fn one_below_the_other(console: &Console, head: &[&str], rows: Vec<Vec<String>>) -> String {
    let wide = usize::from(console.width().saturating_sub(1).max(1));
    let lines = |row: Vec<String>| -> String {
        let named = head.iter().map(|name| format!("{name}: "));
        let named = named.chain(std::iter::repeat(String::new()));
        let cells = named.zip(row).filter(|(_, text)| !text.is_empty());
        cells
            .map(|(name, text)| wrapped(&format!("{name}{text}"), wide))
            .collect()
    };
    rows.into_iter().map(lines).collect::<Vec<_>>().join("\n")
}

/// The longest word of each column: no word is broken for want of a letter or two.
fn words(head: &[&str], rows: &[Vec<String>]) -> Vec<u16> {
    let mut longest: Vec<u16> = Vec::new();
    let head = std::iter::once(
        head.iter()
            .map(|text| (*text).to_owned())
            .collect::<Vec<_>>(),
    );
    for row in head.chain(rows.iter().cloned()) {
        longest.resize(longest.len().max(row.len()), 0);
        for (longest, text) in longest.iter_mut().zip(&row) {
            let words = text.split(' ');
            let word = words.map(|word| word.chars().count()).max().unwrap_or(0);
            *longest = (*longest).max(u16::try_from(word).unwrap_or(u16::MAX));
        }
    }
    longest
}
