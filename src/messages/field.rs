//! From a JSON pointer to a thing that a shop assistant has a word for.
//!
//! `/delivery_address/postal_code` is for programmers; the assistant can correct "the postcode
//! (delivery address)". Fields that only the till's program knows (platform, layout, …) have no
//! such word and keep their pointer, for the support to read.

macro_rules! fields {
    ($($name:ident),+ $(,)?) => {
        /// A field of the sale, as people speak of it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Field { $($name),+ }

        #[cfg(test)]
        impl Field {
            pub(super) const ALL: &'static [Field] = &[$(Field::$name),+];
        }
    };
}

fields! {
    MobilePhone, Phone, Email, GivenNames, Surnames, BirthDate, IdNumber, IdControlCode,
    Company, TaxNumber, Customer,
    AddressLine, PostalCode, City, Country, DeliveryAddress, InvoiceAddress, DeliveryMethod,
    Cart, CartTotal, Items, ItemReference, ItemName, ItemPrice, ItemQuantity, ItemTotal, ServiceEnd,
    Currency, Amount, OrderRef, Shop, Other,
}

/// Where the field is, when its name alone does not say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// The item with this index, from 0.
    Item(usize),
    Customer,
    DeliveryAddress,
    InvoiceAddress,
}

/// What a pointer into an order (with or without `/order` in front) is about.
pub(super) fn parse(pointer: &str) -> (Field, Option<Place>) {
    let pointer = pointer
        .strip_prefix("/order/")
        .or(pointer.strip_prefix('/'))
        .unwrap_or(pointer);
    let segments: Vec<&str> = pointer.split('/').collect();
    match segments.as_slice() {
        ["cart" | "unshipped_cart" | "shipped_cart"] => (Field::Cart, None),
        ["cart" | "unshipped_cart" | "shipped_cart", rest @ ..] => in_cart(rest),
        ["items", rest @ ..] => in_items(rest),
        // `sq_ship` takes a bare list of items.
        [index, rest @ ..] if index.parse::<usize>().is_ok() => {
            (item_field(rest), index.parse().ok().map(Place::Item))
        }
        ["customer"] => (Field::Customer, None),
        ["customer", name] => (person_field(name), Some(Place::Customer)),
        ["delivery_address"] => (Field::DeliveryAddress, None),
        ["delivery_address", name] => (person_field(name), Some(Place::DeliveryAddress)),
        ["invoice_address"] => (Field::InvoiceAddress, None),
        ["invoice_address", name] => (person_field(name), Some(Place::InvoiceAddress)),
        ["delivery_method", ..] => (Field::DeliveryMethod, None),
        ["merchant_reference", ..] | ["order_ref_1" | "order_ref_2"] => (Field::OrderRef, None),
        ["merchant"] | ["merchant", "id" | "store_ref"] => (Field::Shop, None),
        ["amount"] => (Field::Amount, None),
        _ => (Field::Other, None),
    }
}

fn in_cart(segments: &[&str]) -> (Field, Option<Place>) {
    match segments {
        ["order_total_with_tax"] => (Field::CartTotal, None),
        ["currency"] => (Field::Currency, None),
        ["items", rest @ ..] => in_items(rest),
        _ => (Field::Other, None),
    }
}

fn in_items(segments: &[&str]) -> (Field, Option<Place>) {
    match segments {
        [] => (Field::Items, None),
        [index, rest @ ..] => (item_field(rest), index.parse().ok().map(Place::Item)),
    }
}

fn item_field(segments: &[&str]) -> Field {
    match segments {
        [] => Field::Items,
        ["reference"] => Field::ItemReference,
        ["name"] => Field::ItemName,
        ["price_with_tax"] => Field::ItemPrice,
        ["quantity"] => Field::ItemQuantity,
        ["total_with_tax"] => Field::ItemTotal,
        ["ends_on" | "ends_in"] => Field::ServiceEnd,
        _ => Field::Other,
    }
}

fn person_field(name: &str) -> Field {
    match name {
        "mobile_phone" => Field::MobilePhone,
        "phone" => Field::Phone,
        "email" => Field::Email,
        "given_names" => Field::GivenNames,
        "surnames" => Field::Surnames,
        "date_of_birth" => Field::BirthDate,
        "nin" => Field::IdNumber,
        "nin_control" => Field::IdControlCode,
        "company" => Field::Company,
        "vat_number" => Field::TaxNumber,
        "address_line_1" | "address_line_2" => Field::AddressLine,
        "postal_code" => Field::PostalCode,
        "city" => Field::City,
        "country_code" => Field::Country,
        _ => Field::Other,
    }
}

/// A pointer that is nothing but field names, short enough for a till. The keys of an order are
/// whatever the till's program wrote, so others do not go on the screen.
pub(super) fn is_plain(pointer: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'_' | b'-');
    pointer.len() > 1
        && pointer.len() <= 60
        && pointer.starts_with('/')
        && pointer.bytes().all(plain)
}
