//! A person at a browser, without its looks: cookies, forms, and what is shown.

use super::office::Office;
use sequra_office::passwords;
use std::collections::BTreeMap;
use tokio_postgres::types::Type;

/// The password of everybody here.
pub const PASSWORD: &str = "correct horse battery";

/// An answer.
#[derive(Debug)]
pub struct Shown {
    pub status: u16,
    pub headers: BTreeMap<String, String>,
    pub text: String,
}

impl Shown {
    pub fn has(&self, text: &str) -> bool {
        self.text.contains(text)
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value)
    }

    /// The value of a hidden field.
    pub fn hidden(&self, name: &str) -> String {
        let begin = format!("name=\"{name}\" value=\"");
        let at = self.text.find(&begin).map(|at| at + begin.len());
        let value = at.and_then(|at| self.text[at..].split('"').next());
        value.unwrap_or_default().to_owned()
    }

    /// Where its links lead.
    pub fn links(&self) -> Vec<String> {
        let links = self.text.split("href=\"").skip(1);
        links
            .filter_map(|rest| rest.split('"').next())
            .map(|link| link.replace("&amp;", "&"))
            .collect()
    }
}

/// Somebody with a browser.
#[derive(Clone)]
pub struct Person {
    url: String,
    pub cookies: BTreeMap<String, String>,
    /// What is sent with everything.
    pub headers: Vec<(&'static str, String)>,
}

impl Office {
    /// Makes a user.
    pub fn user(&self, name: &str, role: &str) {
        let hash = passwords::hash(PASSWORD).expect("a hash");
        let now = sequra_office::clock::now();
        let made = async {
            let transaction = self.state.pages.begin().await?;
            const MAKE: &str = "INSERT INTO users (name, password, role, language, made_at) VALUES ($1, $2, $3, 'en', $4)";
            let given = [
                (&name as _, Type::TEXT),
                (&hash as _, Type::TEXT),
                (&role as _, Type::TEXT),
                (&now as _, Type::INT8),
            ];
            transaction.run(MAKE, &given).await?;
            transaction.commit().await
        };
        self.runtime.block_on(made).expect("a user");
    }

    /// Somebody who is logged in, with this role.
    pub fn person(&self, role: &str) -> Person {
        self.user(role, role);
        let mut person = Person::new(self);
        assert_eq!(person.log_in(role, PASSWORD).status, 303);
        person
    }
}

impl Person {
    pub fn new(office: &Office) -> Person {
        Person {
            url: office.url.clone(),
            cookies: BTreeMap::new(),
            headers: Vec::new(),
        }
    }

    pub fn get(&mut self, path: &str) -> Shown {
        self.ask("GET", path, None, Some(""))
    }

    /// Sends a form with what every form carries.
    pub fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Shown {
        let csrf = self.csrf();
        let mut all = vec![("csrf", &*csrf)];
        all.extend(fields);
        self.send(path, &all, None)
    }

    /// What forms carry for this person.
    pub fn csrf(&mut self) -> String {
        self.get("/account").hidden("csrf")
    }

    /// Sends a form as it is, from a page of ours or of somebody else's.
    pub fn send(&mut self, path: &str, fields: &[(&str, &str)], origin: Option<&str>) -> Shown {
        let own = self.url.clone();
        let encoded: Vec<String> = fields
            .iter()
            .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)))
            .collect();
        self.ask("POST", path, Some(encoded.join("&")), origin.or(Some(&own)))
    }

    pub fn ask(
        &mut self,
        method: &str,
        path: &str,
        body: Option<String>,
        origin: Option<&str>,
    ) -> Shown {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let mut request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.url))
            .header("Cookie", cookies.join("; "));
        if let Some(origin) = origin.filter(|origin| !origin.is_empty()) {
            request = request.header("Origin", origin);
        }
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        if body.is_some() {
            request = request.header("Content-Type", "application/x-www-form-urlencoded");
        }
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0);
        let agent: ureq::Agent = config.build().into();
        let request = request.body(body.unwrap_or_default()).expect("a request");
        let mut answer = agent.run(request).expect("an answer");
        for cookie in answer.headers().get_all("set-cookie") {
            let cookie = cookie
                .to_str()
                .expect("text")
                .split(';')
                .next()
                .unwrap_or_default();
            let (name, value) = cookie.split_once('=').expect("a cookie");
            match value.is_empty() {
                true => self.cookies.remove(name),
                false => self.cookies.insert(name.to_owned(), value.to_owned()),
            };
        }
        let headers = answer.headers().iter().map(|(name, value)| {
            (
                name.to_string(),
                String::from_utf8_lossy(value.as_bytes()).into_owned(),
            )
        });
        Shown {
            status: answer.status().as_u16(),
            headers: headers.collect(),
            text: answer.body_mut().read_to_string().expect("text"),
        }
    }

    /// By the page.
    pub fn log_in(&mut self, name: &str, password: &str) -> Shown {
        let csrf = self.get("/login").hidden("csrf");
        let fields = [
            ("csrf", &*csrf),
            ("next", "/"),
            ("name", name),
            ("password", password),
        ];
        self.send("/login", &fields, None)
    }
}

pub fn encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte.is_ascii_alphanumeric() {
            true => encoded.push(char::from(byte)),
            false => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}
