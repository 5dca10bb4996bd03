//! What seQura's order consists of, as tables.
//!
//! A row says a field's name, whether it must be there, what it holds, and where we know that from:
//! [`D`]ocumented by seQura, seen in the [`C`]ode of its public integrations, or [`I`]nferred by
//! us. `check.rs` walks an order along these tables; what spans several fields is in `rules.rs`.

use super::rules;
use super::schema::Kind::*;
use super::schema::Need::*;
use super::schema::Source::*;
use super::schema::{Block, Length, Sign, Types, block, open, personal, row, with_rule};
use crate::vocabulary::ErrorCode;

pub(super) static ORDER: Block = with_rule(
    &[
        row("state", May, Anything, D), // the library sets it
        row("merchant", Must, Object(&MERCHANT), D),
        row("merchant_reference", May, Object(&MERCHANT_REFERENCE), D),
        row("cart", OneCart, Object(&CART), D),
        row("unshipped_cart", TwoCarts, Object(&PART_CART), D),
        row("shipped_cart", TwoCarts, Object(&PART_CART), D),
        row("trackings", May, ListByType(&TRACKINGS, Length::Any), D),
        row(
            "delivery_method",
            DeliveryMethod,
            Object(&DELIVERY_METHOD),
            D,
        ),
        row("delivery_address", Address, Object(&ADDRESS), D),
        row("invoice_address", Address, Object(&INVOICE_ADDRESS), D),
        row("customer", Must, Object(&CUSTOMER), D),
        row("instore", May, Object(&INSTORE), C),
        row("gui", Must, Object(&GUI), D),
        row("platform", Must, Object(&PLATFORM), D),
        row("first_charge_date", May, Date, D),
    ],
    rules::order,
);

static MERCHANT: Block = block(&[
    row("id", Must, MerchantId, D),
    row("notify_url", May, Callback, D),
    row("notification_parameters", May, Parameters, D),
    row("return_url", May, Callback, D),
    row("approved_callback", May, Callback, D),
    row("edit_url", May, Callback, D),
    row("abort_url", May, Callback, D),
    row("rejected_callback", May, Callback, D),
    row("partpayment_details_getter", May, Callback, D),
    row("approved_url", May, Callback, D),
    row("store_ref", May, Ref, D),
    row("operator_ref", May, Ref, D),
    row("tag_ref", May, Ref, D),
    row("garage_chain", May, Ref, D),
    row("options", May, Object(&OPTIONS), D),
    row("events_webhook", May, Object(&EVENTS_WEBHOOK), D),
    row("timeout", May, Object(&TIMEOUT), D),
]);

static OPTIONS: Block = block(&[
    row("has_jquery", May, Flag, D),
    row("uses_shipped_cart", May, Flag, D),
    row("addresses_may_be_missing", May, Flag, D),
    row("immutable_customer_data", May, Flag, D),
    row("desired_first_charge_on", May, Moment, C),
]);

static EVENTS_WEBHOOK: Block = block(&[
    row("url", May, Callback, D),
    row("parameters", May, Parameters, D),
]);

static TIMEOUT: Block = block(&[
    row("timeout_at", May, Moment, C),
    row("timeout_url", May, Callback, C),
]);

static MERCHANT_REFERENCE: Block = block(&[
    row("order_ref_1", MustMayBeEmpty, Ref, D),
    row("order_ref_2", May, Ref, D),
    row("subscription_ref_1", May, Ref, D),
]);

/// An order's cart: not empty, and coming to more than nothing, as every integration sees to [C].
static CART: Block = with_rule(
    &[
        row("currency", Must, Currency, D),
        row("gift", Must, Flag, D),
        row("order_total_with_tax", Must, Cents(Sign::Positive), D),
        row("items", Must, ListByType(&ITEMS, Length::NotEmpty), D),
        row("cart_ref", May, Ref, D),
        row("created_at", May, Moment, D),
        row("updated_at", May, Moment, D),
        row("delivery_method", May, Object(&DELIVERY_METHOD), C),
        row("subscription_period", May, Anything, C),
        row("subscription_total_price", May, Cents(Sign::Any), C),
    ],
    rules::cart,
);

/// One of the two carts: nothing may be in it [I], as long as there is something in the other.
static PART_CART: Block = with_rule(
    &[
        row("currency", Must, Currency, D),
        row("gift", Must, Flag, D),
        row("order_total_with_tax", Must, Cents(Sign::NotNegative), D),
        row("items", Must, ListByType(&ITEMS, Length::Any), D),
        row("cart_ref", May, Ref, D),
        row("created_at", May, Moment, D),
        row("updated_at", May, Moment, D),
        row("delivery_method", May, Object(&DELIVERY_METHOD), C),
        row("subscription_period", May, Anything, C),
        row("subscription_total_price", May, Cents(Sign::Any), C),
    ],
    rules::cart,
);

pub(super) static ITEMS: Types = Types {
    default: Some("product"),
    blocks: &[
        ("product", &PRODUCT),
        ("service", &SERVICE),
        ("handling", &HANDLING),
        ("discount", &DISCOUNT),
        ("invoice_fee", &INVOICE_FEE),
        ("other_payment", &NAMED_REDUCTION),
        ("registration", &NAMED_AMOUNT),
        ("subscriber_fee", &SUBSCRIBER_FEE),
    ],
    unknown: &UNKNOWN_ITEM,
    unknown_code: ErrorCode::UnknownItemType,
};

/// No shop sells a thousand million of anything at once.
const MOST: i64 = 1_000_000_000;

/// Goods without an article number come without a reference [C].
static PRODUCT: Block = with_rule(
    &[
        row("type", May, Anything, D),
        row("reference", MustSayMore, Ref, D),
        row("name", Must, Text, D),
        row("price_with_tax", Must, Cents(Sign::Any), D),
        row("quantity", Must, Whole(1, MOST), D),
        row("total_with_tax", Must, Cents(Sign::Any), D),
        row("downloadable", Must, Flag, D),
        row("perishable", May, Flag, D),
        row("personalized", May, Flag, D),
        row("restockable", May, Flag, D),
        row("category", May, Text, D),
        row("description", May, Text, D),
        row("manufacturer", May, Text, D),
        row("supplier", May, Text, D),
        row("product_id", May, Ref, D),
        row("url", May, Url, D),
        row("tracking_reference", May, Ref, D),
        row("subscription_period", May, Anything, C),
        row("subscription_price_per_item", May, Cents(Sign::Any), C),
        row("subscription_price", May, Cents(Sign::Any), C),
    ],
    rules::line,
);

static SERVICE: Block = with_rule(
    &[
        row("type", May, Anything, D),
        row("reference", MustSayMore, Ref, D),
        row("name", Must, Text, D),
        row("ends_on", May, Date, D),
        row("ends_in", May, Duration, D),
        row("price_with_tax", Must, Cents(Sign::Any), D),
        row("quantity", Must, Whole(1, MOST), D),
        row("total_with_tax", Must, Cents(Sign::Any), D),
        row("downloadable", Must, Flag, D),
        row("supplier", May, Text, D),
        row("rendered", May, Flag, D),
    ],
    rules::service,
);

/// Fees and discounts: clients that correct a total send them without a reference, and vouchers have no name [C].
static HANDLING: Block = block(&[
    row("type", May, Anything, D),
    row("reference", MustSayMore, Ref, D),
    row("name", Must, Text, D),
    row("total_with_tax", Must, Cents(Sign::Any), D),
]);

static DISCOUNT: Block = block(&[
    row("type", May, Anything, D),
    row("reference", MustSayMore, Ref, D),
    row("name", MustSayMore, Text, D),
    row("total_with_tax", Must, Cents(Sign::NotPositive), D),
]);

static NAMED_AMOUNT: Block = block(&[
    row("type", May, Anything, D),
    row("reference", Must, Ref, D),
    row("name", Must, Text, D),
    row("total_with_tax", Must, Cents(Sign::Any), D),
]);

/// Money that was paid by other means.
static NAMED_REDUCTION: Block = block(&[
    row("type", May, Anything, D),
    row("reference", Must, Ref, D),
    row("name", Must, Text, D),
    row("total_with_tax", Must, Cents(Sign::NotPositive), D),
]);

static INVOICE_FEE: Block = block(&[
    row("type", May, Anything, D),
    row("total_with_tax", Must, Cents(Sign::Any), D),
]);

static SUBSCRIBER_FEE: Block = block(&[
    row("type", May, Anything, C),
    row("name", Must, Text, C),
    row("reference", May, Ref, I),
    row("total_with_tax", Must, Cents(Sign::Any), C),
]);

static UNKNOWN_ITEM: Block = open(&[row("total_with_tax", Must, Cents(Sign::Any), I)]);

static TRACKINGS: Types = Types {
    default: None,
    blocks: &[
        ("pickup_store", &PICKUP),
        ("pickup_point", &PICKUP),
        ("postal", &POSTAL),
    ],
    unknown: &UNKNOWN_TRACKING,
    unknown_code: ErrorCode::InvalidValue,
};

static PICKUP: Block = block(&[
    row("type", Must, Anything, D),
    row("reference", Must, Ref, D),
    row("operator_ref", May, Ref, D),
    row("store_ref", May, Ref, D),
    row("tracking_number", May, Text, D),
    row("available_at", May, Moment, D),
    row("delivered_at", May, Moment, D),
    row("address_line_1", May, Text, D),
    row("address_line_2", May, Text, D),
    row("postal_code", May, Text, D),
    row("city", May, Text, D),
    row("state", May, Text, D),
    row("country_code", May, Country, D),
]);

static POSTAL: Block = block(&[
    row("type", Must, Anything, D),
    row("reference", Must, Ref, D),
    row("carrier", Must, Text, D),
    row("tracking_number", May, Text, D),
    row("tracking_url", May, Url, D),
    row("delivered_at", May, Moment, D),
]);

static UNKNOWN_TRACKING: Block = open(&[row("reference", Must, Ref, I)]);

static DELIVERY_METHOD: Block = block(&[
    row("name", MustSayMore, Text, D),
    row("days", May, Ref, D), // "2", or "¡Entrega día siguiente!"
    row("provider", May, Text, D),
    row("home_delivery", May, Flag, D),
]);

static ADDRESS: Block = personal(&[
    row("given_names", Should, Text, D),
    row("surnames", Should, Text, D),
    row("company", MustMayBeEmpty, Text, D),
    row("address_line_1", Must, Text, D),
    row("address_line_2", MustMayBeEmpty, Text, D),
    row("postal_code", Must, Text, D),
    row("city", Must, Text, D),
    row("country_code", Must, Country, D),
    row("phone", May, Text, D),
    row("mobile_phone", May, Text, D),
    row("state", May, Text, D),
    row("extra", May, Text, D),
    row("vat_number", May, Text, D),
]);

/// seQura's own test order has nothing in it but who, and which country [C].
static INVOICE_ADDRESS: Block = personal(&[
    row("given_names", Should, Text, D),
    row("surnames", Should, Text, D),
    row("company", MustMayBeEmpty, Text, D),
    row("address_line_1", MustSayMore, Text, D),
    row("address_line_2", MustMayBeEmpty, Text, D),
    row("postal_code", MustSayMore, Text, D),
    row("city", MustSayMore, Text, D),
    row("country_code", Must, Country, D),
    row("phone", May, Text, D),
    row("mobile_phone", May, Text, D),
    row("state", May, Text, D),
    row("extra", May, Text, D),
    row("vat_number", May, Text, D),
]);

static CUSTOMER: Block = personal(&[
    row("given_names", Should, Text, D),
    row("surnames", Should, Text, D),
    row("email", Must, Email, D),
    row("logged_in", Must, FlagOrUnknown, D),
    row("language_code", Must, Language, D),
    row("ip_number", MustSayMore, IpAddress, D),
    row("user_agent", MustMayBeNull, Text, D),
    row("title", May, Text, D), // mr, ms, mrs, miss, mx, or the shop's own
    row("ref", May, Ref, D),
    row("date_of_birth", May, Date, D),
    row("nin", May, Text, D),
    row("company", May, Text, D),
    row("vat_number", May, Text, D),
    row("created_at", May, Moment, D),
    row("updated_at", May, Moment, D),
    row("rating", May, Whole(0, 100), D),
    row("nin_control", May, Text, D), // multistore merchants and physical stores must give it
    row("previous_orders", May, List(&PREVIOUS_ORDER), D),
    row("vehicle", May, Object(&VEHICLE), D),
]);

static PREVIOUS_ORDER: Block = personal(&[
    row("created_at", MustSayMore, Moment, D),
    row("amount", Must, Cents(Sign::Any), D),
    row("currency", Must, Currency, D),
    row("raw_status", May, Text, D),
    row(
        "status",
        May,
        Usually(&["processing", "shipped", "cancelled"]),
        D,
    ),
    row("payment_method_raw", May, Text, D),
    row("payment_method", May, PaymentMethod, D),
    row("postal_code", May, Text, D),
    row("country_code", May, Country, D),
]);

static VEHICLE: Block = personal(&[
    row("plaque", Must, Text, D),
    row("brand", May, Text, D),
    row("model", May, Text, D),
    row("frame", May, Text, D),
    row("first_registration_date", May, Date, D),
]);

static INSTORE: Block = block(&[row("code", May, Ref, C)]);

/// The documentation and the integration core know two layouts; the PHP client sends `mobile` [C].
static GUI: Block = block(&[row(
    "layout",
    Must,
    OneOf(&["desktop", "smartphone", "mobile"]),
    D,
)]);

static PLATFORM: Block = block(&[
    row("name", Must, Text, D),
    row("version", Must, Text, D),
    row("uname", Must, Text, D),
    row("db_name", Must, Text, D),
    row("db_version", Must, Text, D),
    row("plugin_version", May, Text, D),
    row("php_version", May, Text, D),
]);
