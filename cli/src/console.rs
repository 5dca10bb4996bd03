//! The terminal, or what stands in its place: how wide it is, whether it has colours, which letters it takes.

use crate::output::to_stdout;
use std::io::{self, IsTerminal, Write};

/// Where no terminal says it.
const WIDTH: u16 = 120;

/// Standard output and standard error.
pub struct Console {
    /// Somebody is looking, and wants it to move: both are a terminal.
    pub is_watched: bool,
    width: Option<u16>,
}

impl Console {
    /// As it is now.
    pub fn new() -> Console {
        let is_terminal = io::stdout().is_terminal();
        let is_plain = std::env::var_os("NO_COLOR").is_some_and(|set| !set.is_empty());
        let width = terminal_size::terminal_size().map(|(width, _)| width.0);
        Console {
            is_watched: is_terminal && io::stderr().is_terminal() && !is_plain,
            width: width.filter(|width| is_terminal && *width > 0),
        }
    }

    /// Whether standard output is a terminal.
    pub fn is_terminal(&self) -> bool {
        self.width.is_some()
    }

    /// How wide a table may be.
    pub fn width(&self) -> u16 {
        self.width.unwrap_or(WIDTH)
    }

    /// Whether lines may be drawn with other signs than those of ASCII.
    pub fn draws(&self) -> bool {
        self.width.is_some() && letters::are_unicode()
    }

    /// As it can be read there: before anything is measured, so that columns stay columns.
    pub fn legible(&self, text: &str) -> String {
        let text = visible(text);
        match self.width {
            Some(_) => text,
            None => letters::legible(&text),
        }
    }

    /// Writes a text for people to standard output.
    pub fn say(&self, text: &str) -> io::Result<()> {
        let text = &visible(text);
        match self.width {
            Some(width) => to_stdout(fitting(text, usize::from(width)).as_bytes()),
            None => to_stdout(&letters::for_a_pipe(text)),
        }
    }

    /// Writes a sentence for people to standard error.
    pub fn tell(&self, sentence: &str) {
        let line = format!("{}\n", visible(sentence));
        let mut stderr = io::stderr().lock();
        let _ = match stderr.is_terminal() {
            true => stderr.write_all(wrapped(&line, usize::from(self.width())).as_bytes()),
            false => stderr.write_all(&letters::for_a_pipe(&line)),
        };
    }
}

/// What others wrote cannot move the cursor, ring the bell, or turn round what stands behind it.
pub fn visible(text: &str) -> String {
    let is_command = |c: char| {
        let turns = matches!(c,
            '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
        turns || c.is_control() && c != '\n'
    };
    text.replace(is_command, " ")
}

/// With every line that is too long broken between words.
fn fitting(text: &str, width: usize) -> String {
    let line = |line: &str| match line.chars().count() > width {
        true => wrapped(line, width),
        false => format!("{line}\n"),
    };
    text.lines().map(line).collect()
}

/// Without breaking a word.
pub fn wrapped(text: &str, width: usize) -> String {
    let mut lines = String::new();
    let mut length = 0;
    for word in text.split_whitespace() {
        let more = word.chars().count();
        if length > 0 {
            let fits = length + 1 + more <= width;
            lines.push(if fits { ' ' } else { '\n' });
            length = if fits { length + 1 } else { 0 };
        }
        lines.push_str(word);
        length += more;
    }
    lines + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_of_others_reaches_the_terminal_as_a_command() {
        assert_eq!(visible("R-1\u{1b}[2J\u{7}\u{9b}m\n"), "R-1 [2J  m\n");
        assert_eq!(visible("a\u{202e}b\u{2066}c\u{200b}é€"), "a b c é€");
    }

    #[test]
    fn no_word_is_broken_at_the_end_of_a_line() {
        assert_eq!(wrapped("one two three", 7), "one two\nthree\n");
        assert_eq!(wrapped("abcdefgh ij", 3), "abcdefgh\nij\n");
    }
}

#[cfg(not(windows))]
mod letters {
    pub fn are_unicode() -> bool {
        let names = ["LC_ALL", "LC_CTYPE", "LANG"];
        let set = |name: &&str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let locale = names.iter().find_map(set);
        let locale = locale.unwrap_or_default().to_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    }

    pub fn legible(text: &str) -> String {
        text.to_owned()
    }

    pub fn for_a_pipe(text: &str) -> Vec<u8> {
        text.as_bytes().to_vec()
    }
}

#[cfg(any(windows, test))]
mod spelling;

#[cfg(windows)]
#[allow(unsafe_code)]
mod letters;
