//! Who may call: accounts, and the merchants each of them owns.
//!
//! seQura gives a shop one account (key and secret, sent as HTTP Basic) and one
//! merchant id for each country it sells in [D].

use serde::{Deserialize, Serialize};

/// One set of credentials and what it may be used for.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    pub key: String,
    pub secret: String,
    pub merchants: Vec<Merchant>,
}

/// A merchant id with the country it sells in.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Merchant {
    pub id: String,
    pub country: String,
    #[serde(default = "euro")]
    pub currency: String,
    /// The merchant's own country when left out.
    #[serde(default)]
    pub allowed_countries: Vec<String>,
    /// Who runs it: `sequra` or `svea`.
    #[serde(default = "sequra")]
    pub realm: String,
}

fn sequra() -> String {
    "sequra".into()
}

fn euro() -> String {
    "EUR".into()
}

impl Account {
    pub fn merchant(&self, id: &str) -> Option<&Merchant> {
        self.merchants.iter().find(|m| m.id == id)
    }
}

impl Merchant {
    fn new(id: &str, country: &str) -> Self {
        Merchant {
            id: id.into(),
            country: country.into(),
            currency: euro(),
            allowed_countries: vec![country.into()],
            realm: sequra(),
        }
    }
}

/// The accounts there are when nobody says otherwise.
pub fn default_accounts() -> Vec<Account> {
    let account = |key: &str, secret: &str, merchants: &[(&str, &str)]| Account {
        key: key.into(),
        secret: secret.into(),
        merchants: merchants
            .iter()
            .map(|(id, country)| Merchant::new(id, country))
            .collect(),
    };
    vec![
        account(
            "sandbox_key",
            "sandbox_secret",
            &[
                ("shop_es", "ES"),
                ("shop_fr", "FR"),
                ("shop_it", "IT"),
                ("shop_pt", "PT"),
            ],
        ),
        account("other_key", "other_secret", &[("other_es", "ES")]),
    ]
}

/// Reads `{"accounts": [{"key", "secret", "merchants": [{"id", "country", …}]}]}`.
pub fn read_accounts(text: &str) -> Result<Vec<Account>, String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct File {
        accounts: Vec<Account>,
    }
    let File { mut accounts } = serde_json::from_str(text).map_err(|e| e.to_string())?;
    for (i, account) in accounts.iter().enumerate() {
        // A colon would end the user name of HTTP Basic in the wrong place.
        if account.key.is_empty() || account.key.contains(':') {
            return Err(format!(
                "account key '{}' is empty or has a colon",
                account.key
            ));
        }
        if accounts[..i].iter().any(|a| a.key == account.key) {
            return Err(format!("account key '{}' is there twice", account.key));
        }
    }
    for merchant in accounts.iter_mut().flat_map(|a| &mut a.merchants) {
        if merchant.allowed_countries.is_empty() {
            merchant.allowed_countries = vec![merchant.country.clone()];
        }
    }
    Ok(accounts)
}
