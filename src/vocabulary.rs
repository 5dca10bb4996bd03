//! The closed lists of words that a result buffer is made of: `errors[].code` and `next`.
//!
//! Tills compare these words, so they are part of the contract: words are added, never renamed.

macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[doc = $doc:literal])+ $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[doc = $doc])+ $variant),+ }

        impl $name {
            /// Every word of the list.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// The word as it stands in JSON and in the journal.
            pub const fn as_str(self) -> &'static str {
                match self { $($name::$variant => $word),+ }
            }

            /// What the word means, one sentence, as its documentation says it.
            pub const fn meaning(self) -> &'static str {
                match self { $($name::$variant => concat!($($doc),+)),+ }
            }

            /// The value of this word, if it is one of the list.
            pub fn from_word(word: &str) -> Option<$name> {
                $name::ALL.iter().copied().find(|value| value.as_str() == word)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
    };
}
pub(crate) use words;

words! {
    /// What went wrong, or in `warnings` what deserves a look: `errors[].code`.
    ErrorCode {
        // The call.
        /// An argument that must be given is NULL or empty.
        NullArgument = "null_argument",
        /// An argument is outside its range.
        ArgumentOutOfRange = "argument_out_of_range",
        /// The handle was never given out, or is closed or freed.
        InvalidHandle = "invalid_handle",
        /// A bug was caught in an earlier call on this handle; it can only be closed.
        PoisonedHandle = "poisoned_handle",
        /// Bytes that are not text in the agreed encoding; `actual` is the byte offset.
        InvalidText = "invalid_text",
        /// Not JSON; the message gives line and column.
        InvalidJson = "invalid_json",
        /// A key stands twice in one object of the JSON given.
        DuplicateKey = "duplicate_key",
        /// More than the library takes (docs/limits.md): `expected` is the limit, `actual` what it is.
        TooLarge = "too_large",
        /// Not one of its own, and always the last: `actual` more were found that are not listed.
        MoreErrors = "more_errors",

        // Configuration.
        /// A key the configuration does not have; the message names the nearest one.
        UnknownKey = "unknown_key",
        /// A file named in the configuration cannot be read, or holds nothing usable.
        FileUnreadable = "file_unreadable",
        /// A relative path of the configuration file leads to several files; the message names them.
        AmbiguousPath = "ambiguous_path",
        /// Warning: a relative path belongs to the configuration file's folder, and only the folder that the message
        /// names has such a file; that one is used.
        OtherFolder = "other_folder",
        /// An address that is not https; plain http is for loopback addresses only.
        InsecureUrl = "insecure_url",
        /// Warning: a setting that is allowed, and most likely not meant; the message says why.
        DoubtfulSetting = "doubtful_setting",

        // Fields of orders and of the configuration.
        /// A required field is not there, or is null.
        MissingField = "missing_field",
        /// A field has the wrong JSON type.
        WrongType = "wrong_type",
        /// An amount or a quantity is not an integer; money is integer cents.
        NotAnInteger = "not_an_integer",
        /// A number is outside its range.
        OutOfRange = "out_of_range",
        /// A text that must not be empty is empty.
        EmptyText = "empty_text",
        /// A value is not one of those allowed.
        InvalidValue = "invalid_value",
        /// Not an ISO 8601 date, or date and time.
        InvalidDate = "invalid_date",
        /// Not an ISO 8601 duration such as P3M15D.
        InvalidDuration = "invalid_duration",
        /// Not an ISO 3166 country code such as ES.
        InvalidCountry = "invalid_country",
        /// Not an ISO 4217 currency code such as EUR.
        InvalidCurrency = "invalid_currency",
        /// Not a language code such as es-ES.
        InvalidLanguage = "invalid_language",
        /// Not an e-mail address.
        InvalidEmail = "invalid_email",
        /// Not a telephone number that can receive the form.
        InvalidPhone = "invalid_phone",
        /// Not an IP address.
        InvalidIpAddress = "invalid_ip_address",
        /// Not a usable address of the web.
        InvalidUrl = "invalid_url",
        /// Of two fields exactly one must be given.
        MutuallyExclusive = "mutually_exclusive",
        /// A field that may not be given together with what else the order says.
        ForbiddenField = "forbidden_field",
        /// A URL or callback in the merchant block; seQura cannot call a till back.
        CallbackNotAllowed = "callback_not_allowed",
        /// An item type that seQura does not document.
        UnknownItemType = "unknown_item_type",
        /// A cart's total is not the sum of its items: `expected` is the sum, `actual` the declared total.
        CartTotalMismatch = "cart_total_mismatch",
        /// Two amounts of one order are in different currencies.
        CurrencyMismatch = "currency_mismatch",
        /// The form goes by SMS and no mobile number was given.
        MobilePhoneRequired = "mobile_phone_required",
        /// The form goes by SMS, and the order's number is no mobile's.
        NotAMobile = "not_a_mobile",
        /// The form goes by SMS, and seQura does not send it to this mobile. As a warning: it is one of another country; the
        /// message may not arrive.
        ForeignMobile = "foreign_mobile",
        /// By seQura's list for the order it cannot be paid with this product: not in the list, or `actual`, the order's
        /// amount, is not within its limits (`expected` is the one that is passed).
        ProductNotOffered = "product_not_offered",
        /// Warning: no list of seQura's for the order, not older than ten minutes, says whether it can have this product.
        ProductUnchecked = "product_unchecked",
        /// Warning: a country was written as its name or with three letters; `expected` is the code that is sent.
        CountryUnderstood = "country_understood",
        /// The configuration has no merchant for the order's country.
        NoMerchantForCountry = "no_merchant_for_country",
        /// An item that the configuration excludes from sales with seQura.
        ExcludedItem = "excluded_item",
        /// The merchant is not the one the order was started with; as a warning: not one the configuration
        /// names, or not one the account has.
        MerchantMismatch = "merchant_mismatch",
        /// Warning: a field that seQura does not document; it is passed on untouched.
        UnknownField = "unknown_field",
        /// Warning: a line's total is not quantity times price; seQura allows it for rounding.
        LineTotalDiffers = "line_total_differs",
        /// Warning: a line makes up for the few cents by which a cart's lines miss its total, as `rounding_line` of the
        /// configuration asks; `actual` is its cents.
        RoundingLine = "rounding_line",

        // Shipping and giving back.
        /// The cart has no such line, or none of it is left.
        NoSuchLine = "no_such_line",
        /// Several lines have this reference, or one is named twice: say which is meant.
        AmbiguousLine = "ambiguous_line",
        /// More was asked for than there is: `expected` is what there is, `actual` what was asked for.
        MoreThanThereIs = "more_than_there_is",
        /// A cart, or what a refund gives back, would come to less than nothing; `actual` is what it would come to, in
        /// cents.
        NegativeTotal = "negative_total",

        // The figures of a day.
        /// Warning: a figure is not known whole: it is more than can be counted, or some of it the journal does not
        /// have.
        FiguresIncomplete = "figures_incomplete",

        // The order's place in its life.
        /// The order URL is not on the configured endpoint.
        ForeignUrl = "foreign_url",
        /// The journal does not know this order.
        UnknownOrder = "unknown_order",
        /// The order's present state does not allow this.
        WrongState = "wrong_state",
        /// Another till's journal goes on with this order. As a warning: it was handed over before.
        TakenOver = "taken_over",
        /// The office has taken the order over and finishes it; `actual` is the `order_ref_1` that it gives it, where that is
        /// decided. As a warning: what is shown is how the order is here.
        TakenByOffice = "taken_by_office",
        /// The journal that has the order did not hand it over. As a warning: it was taken over by its carts alone, and a
        /// change there, from its older carts, undoes those made here.
        NotHandedOver = "not_handed_over",
        /// Two journals have taken one document over.
        TakenOverTwice = "taken_over_twice",
        /// No document of `sq_hand_over`, or not as it was written.
        InvalidDocument = "invalid_document",
        /// Another call is working on this order.
        OrderBusy = "order_busy",

        // What seQura said.
        /// The cart is not the one that was approved.
        CartChanged = "cart_changed",
        /// An address is not the one that was approved.
        AddressChanged = "address_changed",
        /// The customer is not the one that was approved.
        CustomerChanged = "customer_changed",
        /// The total is above the approved amount: `expected` is the approved amount, `actual` the total.
        AmountAboveApproved = "amount_above_approved",
        /// Another confirmed order of this merchant has this `order_ref_1`.
        DuplicateOrderRef = "duplicate_order_ref",
        /// The shopper has not finished the form, or seQura has not approved the order yet.
        NotApproved = "not_approved",
        /// seQura does not accept the account key and secret.
        AccessDenied = "access_denied",
        /// The account may not use this merchant id.
        BadMerchantId = "bad_merchant_id",
        /// seQura has no such order for this account: it no longer has it, or the order is another account's.
        BadOrderId = "bad_order_id",
        /// The account may not use this address of seQura's.
        NoAccessToUrl = "no_access_to_url",
        /// seQura knows nothing at this address.
        NotFound = "not_found",
        /// The order can no longer be used; `actual`, where seQura says it, is what became of it: rejected, cancelled or
        /// expired.
        Gone = "gone",
        /// Asked too often.
        RateLimited = "rate_limited",
        /// A refusal whose text the library does not know; `message` has it whole.
        Unrecognised = "unrecognised",

        // The line.
        /// The host's name could not be resolved.
        NameNotResolved = "name_not_resolved",
        /// No connection could be made.
        ConnectionFailed = "connection_failed",
        /// The proxy could not be used.
        ProxyFailed = "proxy_failed",
        /// The server's certificate or the TLS handshake was refused.
        TlsFailed = "tls_failed",
        /// The deadline passed before a complete answer came.
        TimedOut = "timed_out",
        /// The connection ended before a complete answer came.
        ConnectionLost = "connection_lost",
        /// seQura reported a fault of its own.
        ServerError = "server_error",
        /// The answer has no `Location` with the order's URL.
        MissingLocation = "missing_location",
        /// The answer's `Location` is no order's, or another sale's; as a warning: it shows another host (`actual`), and only its uuid was
        /// taken.
        ForeignLocation = "foreign_location",
        /// The answer is a redirect; none is followed.
        Redirected = "redirected",
        /// The answer is not HTTP.
        NotHttp = "not_http",
        /// The answer is larger than any answer of seQura's.
        AnswerTooLarge = "answer_too_large",
        /// The answer's body is not what was asked for.
        UnreadableAnswer = "unreadable_answer",
        /// A status that is no documented answer to this request.
        UnexpectedStatus = "unexpected_status",
        /// Somebody between this till and seQura has answered, or nobody can tell who.
        NotSequrasAnswer = "not_sequras_answer",

        // This machine.
        /// Warning: this machine's clock is wrong; `actual` is by how many seconds it is fast.
        ClockSkew = "clock_skew",
        /// Warning: this machine's clock may be wrong; `expected` is when the journal was last in use, `actual` what the
        /// clock says. As an error: not sent again, since nobody can tell whether it was asked for today.
        ClockDoubtful = "clock_doubtful",
        /// The journal cannot be written: the disk is full.
        JournalFull = "journal_full",
        /// The journal cannot be written: read-only file or folder.
        JournalReadOnly = "journal_read_only",
        /// The journal file is damaged, or is not a journal.
        JournalCorrupt = "journal_corrupt",
        /// Warning: the journal was damaged; it was put out of the way (`actual` says where), and a new one begun.
        JournalSetAside = "journal_set_aside",
        /// Another program has changed the journal's tables, or put something in that acts by itself.
        JournalStrange = "journal_strange",
        /// The file is a copy of a journal, which no till may sell with; `sequra restore` makes it the journal again, once the
        /// old one is gone.
        JournalIsACopy = "journal_is_a_copy",
        /// The journal was restored from a copy that this order is older than, and more may have been done with it since: look
        /// in seQura's portal, and first tell both its carts (`sq_update_order`). As a warning: that is still to be done.
        JournalRestored = "journal_restored",
        /// The journal was written by a newer version of the library.
        JournalTooNew = "journal_too_new",
        /// The journal's file was removed, replaced or cut while the client had it open; this client sends nothing any more.
        JournalLost = "journal_lost",
        /// The journal is on another machine's disk, where it cannot be kept whole.
        JournalRemote = "journal_remote",
        /// Warning: the journal is in a folder whose files a program synchronises with other machines; `actual` says which.
        JournalSynchronised = "journal_synchronised",
        /// Warning: others than its owner can read the journal or change it; `actual` says who.
        JournalReadable = "journal_readable",
        /// Another program holds the journal.
        JournalLocked = "journal_locked",
        /// The journal could not be opened, read or written for another reason.
        JournalFailed = "journal_failed",
        /// Warning: seQura answered, and the answer could not be recorded; recovery will ask again.
        OutcomeNotRecorded = "outcome_not_recorded",
        /// Warning: the sale is settled, and seQura does not know yet that its goods were shipped; the message says why.
        NotShipped = "not_shipped",
        /// Warning: changes of this journal have not reached the office for over an hour, or its forwarder has not been at
        /// work since; the message says since when.
        ForwardingLags = "forwarding_lags",
        /// Warning: the journal holds unfinished orders of another endpoint.
        OtherEndpoint = "other_endpoint",
        /// A bug in the library, caught.
        Internal = "internal",
    }
}

words! {
    /// What the till should do now: `next`.
    Next {
        /// Nothing; this order needs nothing more of the till.
        None = "none",
        /// Send the shopper the form (`sq_send_form`).
        SendForm = "send_form",
        /// Confirm the order (`sq_confirm`) once the shopper says that it was approved.
        Confirm = "confirm",
        /// Give the shop's order reference (`sq_set_order_ref`).
        SetOrderRef = "set_order_ref",
        /// Tell seQura that the goods were shipped (`sq_ship`, or `sq_recover`, which does it too).
        Ship = "ship",
        /// Give another reference: this one is taken.
        ChooseAnotherRef = "choose_another_ref",
        /// Correct the order and call again; the errors say what is wrong.
        FixOrder = "fix_order",
        /// Start again with `sq_start_solicitation`: this solicitation cannot be used any more.
        RestartCheckout = "restart_checkout",
        /// Call again, unchanged, later.
        CallAgain = "call_again",
        /// Call `sq_recover`: seQura may already have processed it.
        Recover = "recover",
        /// Correct the configuration, or the journal's place, and open the client again.
        FixConfiguration = "fix_configuration",
        /// Talk to seQura; the request id in the buffer tells them which request.
        ContactSequra = "contact_sequra",
    }
}
