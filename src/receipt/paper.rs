//! Lines for a printer that prints so many columns, and no line wider.

use super::printable::{self, printable};
use crate::text_encoding::TextEncoding;

/// What is printed, line by line.
pub(super) struct Paper {
    columns: usize,
    encoding: TextEncoding,
    lines: Vec<String>,
}

impl Paper {
    pub(super) fn new(columns: usize, encoding: TextEncoding) -> Paper {
        Paper {
            columns,
            encoding,
            lines: Vec::new(),
        }
    }

    pub(super) fn into_lines(self) -> Vec<String> {
        self.lines
    }

    /// Whether there is anything in a text to print.
    pub(super) fn prints(&self, text: &str) -> bool {
        !printable(text, self.encoding).is_empty()
    }

    fn width(&self, text: &str) -> usize {
        printable::width(text, self.encoding)
    }

    /// From one side to the other.
    pub(super) fn rule(&mut self) {
        self.lines.push("-".repeat(self.columns));
    }

    /// As many lines as it takes.
    pub(super) fn text(&mut self, text: &str) {
        let lines = self.wrapped(text, self.columns);
        self.lines.extend(lines);
    }

    /// The same, in the middle.
    pub(super) fn centred(&mut self, text: &str) {
        for line in self.wrapped(text, self.columns) {
            let left = (self.columns - self.width(&line)) / 2;
            self.lines.push(format!("{}{line}", " ".repeat(left)));
        }
    }

    /// What it is on the left, and on the right what it comes to: beside its last line, or below it.
    pub(super) fn row(&mut self, label: &str, value: &str) {
        let mut lines = self.wrapped(label, self.columns);
        let value = printable(value, self.encoding);
        let last = lines.pop().unwrap_or_default();
        self.lines.append(&mut lines);
        let used = self.width(&last) + self.width(&value);
        if used < self.columns || last.is_empty() && used <= self.columns {
            let gap = " ".repeat(self.columns - used);
            self.lines.push(format!("{last}{gap}{value}"));
            return;
        }
        self.lines
            .extend(Some(last).filter(|last| !last.is_empty()));
        for part in self.wrapped(&value, self.columns) {
            let left = self.columns - self.width(&part);
            self.lines.push(format!("{}{part}", " ".repeat(left)));
        }
    }

    /// The text in lines of at most so many columns, parted between its words; a word that is longer than a line is cut.
    fn wrapped(&self, text: &str, most: usize) -> Vec<String> {
        let text = printable(text, self.encoding);
        let wide = |c| printable::columns(c, self.encoding);
        let mut lines: Vec<String> = Vec::new();
        let mut line = String::new();
        let mut used = 0;
        for word in text.split(' ').filter(|word| !word.is_empty()) {
            let word_width = self.width(word);
            if used > 0 && used + 1 + word_width <= most {
                line.push(' ');
                used += 1;
            } else if used > 0 {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            for c in word.chars() {
                if used + wide(c) > most {
                    lines.push(std::mem::take(&mut line));
                    used = 0;
                }
                line.push(c);
                used += wide(c);
            }
        }
        lines.extend(Some(line).filter(|line| !line.is_empty()));
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(columns: usize, print: impl Fn(&mut Paper)) -> Vec<String> {
        let mut paper = Paper::new(columns, TextEncoding::default());
        print(&mut paper);
        paper.into_lines()
    }

    #[test]
    fn rows_are_right_aligned_or_go_below() {
        let row = |label, value| printed(24, |paper| paper.row(label, value));
        assert_eq!(row("TOTAL", "72,00 €"), ["TOTAL            72,00 €"]);
        assert_eq!(row("", "72,00"), ["                   72,00"]);
        assert_eq!(
            row("Pagado con seQura", "72,00"),
            ["Pagado con seQura  72,00"]
        );
        // There is a blank between the two.
        assert_eq!(
            row("Pagado con seQura!!", "72,00"),
            ["Pagado con seQura!!", "                   72,00"]
        );
        assert_eq!(
            row("Camisa de algodón azul con bolsillo", "1.234,00"),
            ["Camisa de algodón azul", "con bolsillo    1.234,00"]
        );
        assert_eq!(
            row("", "-92.233.720.368.547.758,07 €"),
            ["-92.233.720.368.547.758,", "                    07 €"]
        );
        assert_eq!(row("日本の傘", "5,00"), ["日本の傘            5,00"]);
    }

    #[test]
    fn no_line_is_wider_than_the_paper() {
        let texts = [
            "",
            "a",
            "Donaudampfschifffahrtsgesellschaftskapitänsmütze",
            "日本語の長い商品名は二つの列を取ります😀😀😀",
            "x 日本語の長い商品名は二つの列を取りますx y",
            "uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece",
        ];
        for columns in 24..=80 {
            for text in texts {
                for value in ["", "1,00", "-92.233.720.368.547.758,07 €"] {
                    let lines = printed(columns, |paper| {
                        paper.row(text, value);
                        paper.text(text);
                        paper.centred(text);
                        paper.rule();
                    });
                    for line in &lines {
                        assert!(
                            printable::width(line, TextEncoding::default()) <= columns,
                            "{columns}: {line:?}"
                        );
                    }
                    // Nothing is lost.
                    let all = |text: &str| text.replace(' ', "");
                    assert_eq!(
                        all(&lines.concat()),
                        all(&format!("{text}{value}{text}{text}{}", "-".repeat(columns)))
                    );
                }
            }
        }
    }
}
