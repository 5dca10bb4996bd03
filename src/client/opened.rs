//! What an opening says of itself.

use crate::shop::Shop;
use serde_json::{Value, json};

/// `data` of an opening.
pub(super) fn opened(shop: &Shop, pending: i64) -> Value {
    let journal = shop.journal();
    json!({
        "journal": {
            "path": journal.path().map(|path| path.to_string_lossy()),
            "created": journal.opening().created,
            "pending": pending,
        },
        "endpoint": shop.endpoint().as_str(),
        "mode": shop.config().mode(),
    })
}
