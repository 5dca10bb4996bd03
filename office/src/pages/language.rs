//! What the pages can be read in: words, amounts, numbers and times as people write them.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Both texts stand side by side wherever one is shown, so that none is forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    English,
    Spanish,
}

const MINUTE: i64 = 60_000;
const NOT_YET: i64 = -MINUTE;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

impl Language {
    pub const ALL: [Language; 2] = [Language::English, Language::Spanish];

    pub fn code(self) -> &'static str {
        self.of("en", "es")
    }

    pub fn name(self) -> &'static str {
        self.of("English", "Español")
    }

    pub fn of<T>(self, english: T, spanish: T) -> T {
        match self {
            Language::English => english,
            Language::Spanish => spanish,
        }
    }

    pub fn from_code(code: &str) -> Option<Language> {
        Language::ALL.into_iter().find(|one| one.code() == code)
    }

    /// The first that the browser's user reads, by `Accept-Language`; English for all others.
    pub fn accepted(list: &str) -> Language {
        let mut best = (Language::English, 0.0);
        for one in list.split(',') {
            let mut parts = one.split(';').map(str::trim);
            let tag = parts.next().unwrap_or_default().to_ascii_lowercase();
            let weight = parts.find_map(|part| part.strip_prefix("q="));
            let weight = weight.map_or(1.0, |text| text.parse().unwrap_or(0.0));
            let language = Language::from_code(tag.split('-').next().unwrap_or_default());
            if let Some(language) = language
                && weight > best.1
            {
                best = (language, weight);
            }
        }
        best.0
    }

    /// A whole number, its thousands set apart.
    pub fn number(self, number: i64) -> String {
        let group = self.of(',', '.');
        let digits = number.unsigned_abs().to_string();
        let mut whole = String::new();
        for (i, digit) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i).is_multiple_of(3) {
                whole.push(group);
            }
            whole.push(digit);
        }
        let sign = if number < 0 { "−" } else { "" };
        format!("{sign}{whole}")
    }

    /// An amount as it is written in this language.
    pub fn money(self, cents: i64, currency: &str) -> String {
        let point = self.of('.', ',');
        let sign = if cents < 0 { "−" } else { "" };
        let rest = cents.unsigned_abs() % 100;
        let whole = self.number((cents.unsigned_abs() / 100) as i64);
        let currency = if currency == "EUR" { "€" } else { currency };
        format!("{sign}{whole}{point}{rest:02}\u{a0}{currency}")
    }

    /// How long something took or has been going on.
    pub fn span(self, ms: i64) -> String {
        let ms = ms.max(0);
        let (count, one, many) = match ms {
            ..MINUTE => (ms / 1000, ("second", "segundo"), ("seconds", "segundos")),
            MINUTE..HOUR => (ms / MINUTE, ("minute", "minuto"), ("minutes", "minutos")),
            HOUR..172_800_000 => (ms / HOUR, ("hour", "hora"), ("hours", "horas")),
            _ => (ms / DAY, ("day", "día"), ("days", "días")),
        };
        let (english, spanish) = if count == 1 { one } else { many };
        format!("{} {}", self.number(count), self.of(english, spanish))
    }

    /// How long ago a moment is, as one would say it; the exact one belongs beside it ([`exact`]).
    pub fn ago(self, at: i64, now: i64) -> String {
        let ago = now.saturating_sub(at);
        match ago {
            ..=NOT_YET => {
                let span = self.span(-ago);
                self.of(format!("in {span}"), format!("dentro de {span}"))
            }
            _ if ago < MINUTE => self.of("just now", "ahora mismo").to_owned(),
            _ if ago < 14 * DAY => {
                let span = self.span(ago);
                self.of(format!("{span} ago"), format!("hace {span}"))
            }
            _ => self.date(at),
        }
    }

    /// The day of a moment, in the time zone of the office.
    pub fn date(self, at: i64) -> String {
        const ENGLISH: [&str; 12] = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ];
        const SPANISH: [&str; 12] = [
            "ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic",
        ];
        let Some(zoned) = zoned(at) else {
            return at.to_string();
        };
        let month = usize::from(zoned.month().unsigned_abs()) - 1;
        let month = self.of(ENGLISH[month], SPANISH[month]);
        format!("{} {month} {}", zoned.day(), zoned.year())
    }
}

fn zoned(at: i64) -> Option<jiff::Zoned> {
    let at = Timestamp::from_millisecond(at).ok()?;
    Some(at.to_zoned(TimeZone::system()))
}

/// A moment to the second, with what it is ahead of UTC: `2026-11-27 21:45:10 +01:00`.
pub fn exact(at: i64) -> String {
    zoned(at).map_or_else(
        || at.to_string(),
        |at| at.strftime("%Y-%m-%d %H:%M:%S %:z").to_string(),
    )
}

/// A moment for machines.
pub fn machine_readable(at: i64) -> String {
    Timestamp::from_millisecond(at).map_or_else(|_| String::new(), |at| at.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_the_one_that_is_read_best() {
        for (list, code) in [
            ("", "en"),
            ("es-ES,es;q=0.9,en;q=0.8", "es"),
            ("ca,es;q=0.7,en;q=0.3", "es"),
            ("de, ES-mx;q=0.1", "es"),
            ("fr,de;q=0.5", "en"),
            ("es;q=nonsense", "en"),
        ] {
            assert_eq!(Language::accepted(list).code(), code, "{list}");
        }
    }

    #[test]
    fn amounts_and_spans_are_written_as_people_do() {
        let (english, spanish) = (Language::English, Language::Spanish);
        assert_eq!(spanish.money(123_456_789, "EUR"), "1.234.567,89\u{a0}€");
        assert_eq!(
            english.money(i64::MIN, "USD"),
            "−92,233,720,368,547,758.08\u{a0}USD"
        );
        let now = 1_800_000_000_000;
        for (ago, in_english, in_spanish) in [
            (0, "just now", "ahora mismo"),
            (-30_000, "just now", "ahora mismo"),
            (-3 * HOUR, "in 3 hours", "dentro de 3 horas"),
            (MINUTE, "1 minute ago", "hace 1 minuto"),
            (47 * HOUR, "47 hours ago", "hace 47 horas"),
            (13 * DAY, "13 days ago", "hace 13 días"),
        ] {
            assert_eq!(english.ago(now - ago, now), in_english);
            assert_eq!(spanish.ago(now - ago, now), in_spanish);
        }
        // Whatever a till's clock says.
        for at in [i64::MIN, i64::MAX] {
            assert!(!english.ago(at, now).is_empty() && !exact(at).is_empty());
            assert!(!english.span(at).is_empty() && machine_readable(at).is_empty());
        }
    }
}
