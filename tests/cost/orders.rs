//! Orders of any size.

use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};

/// What contest.c puts a sale's number in the place of.
const NUMBER: &str = "0000000000000";
/// What one item costs, cents.
pub const PRICE: i64 = 1000;

/// Writes the order with this many items to a file for contest.c.
pub fn of_lines(folder: &Path, items: usize) -> PathBuf {
    written(folder, &format!("{items}-lines"), &order(items))
}

/// Writes an order of so many bytes.
pub fn of_bytes(folder: &Path, bytes: usize) -> PathBuf {
    written(folder, &format!("{bytes}-bytes"), &sized(bytes))
}

/// The same that carries its reference too, so that its confirmation settles it.
pub fn with_reference(folder: &Path, bytes: usize) -> PathBuf {
    let mut order = sized(bytes);
    order["order"]["merchant_reference"] = json!({"order_ref_1": format!("R{NUMBER}")});
    written(folder, &format!("{bytes}-bytes-with-reference"), &order)
}

fn written(folder: &Path, name: &str, order: &Value) -> PathBuf {
    let file = folder.join(format!("{name}.json"));
    fs::write(&file, order.to_string()).expect("the folder is writable");
    file
}

/// As many items as have room, and the last one's name as long as it takes.
fn sized(bytes: usize) -> Value {
    let length = |items| order(items).to_string().len();
    let items = (bytes - length(1)) / (length(2) - length(1)) + 1;
    let mut order = order(items);
    let short = bytes - order.to_string().len();
    let name = &mut order["order"]["cart"]["items"][items - 1]["name"];
    *name = format!("{}{}", name.as_str().unwrap_or_default(), "o".repeat(short)).into();
    assert_eq!(order.to_string().len(), bytes);
    order
}

/// An order that lacks nothing. Its first item makes it another order in each sale.
fn order(items: usize) -> Value {
    let item = |line: usize| {
        let reference = match line {
            0 => format!("S{NUMBER}"),
            _ => format!("CAM-{line:010}"),
        };
        json!({
            "type": "product", "reference": reference, "name": "Camisa añil", "quantity": 1, "price_with_tax": PRICE,
            "total_with_tax": PRICE, "downloadable": false,
        })
    };
    let address = json!({
        "given_names": "José", "surnames": "Muñoz", "company": "", "address_line_1": "C/ Mayor 1", "address_line_2": "",
        "postal_code": "28001", "city": "Madrid", "country_code": "ES", "mobile_phone": "+34 612 345 678",
    });
    json!({"order": {
        "merchant": {"id": "shop_es"},
        "cart": {
            "currency": "EUR", "gift": false, "order_total_with_tax": PRICE * items as i64,
            "items": (0..items).map(item).collect::<Vec<_>>(),
        },
        "delivery_method": {"name": "Tienda"},
        "delivery_address": address,
        "invoice_address": address,
        "customer": {
            "given_names": "José", "surnames": "Muñoz", "email": "jose@example.es", "logged_in": "unknown",
            "language_code": "es-ES", "ip_number": "127.0.0.1", "user_agent": null,
        },
        "gui": {"layout": "desktop"},
        "platform": {"name": "till", "version": "1", "uname": "linux", "db_name": "none", "db_version": "0"},
    }})
}
