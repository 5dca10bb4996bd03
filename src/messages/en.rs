//! English.

use super::amount::{Currency, Money};
use super::field::{Field, Place};
use super::label::Label;
use super::phrases::{Done, Goods, Help, Phrases, Texts};
use crate::lifecycle::State;
use crate::status::Status;
use crate::vocabulary::{ErrorCode, Next};

pub(super) struct English;

impl Phrases for English {
    fn test(&self) -> &'static str {
        "TEST"
    }

    fn receipt(&self, label: Label) -> &'static str {
        match label {
            Label::Sold => "Sold for",
            Label::Refunded => "Refunded",
            Label::Total => "TOTAL",
            Label::Paid => "Paid with seQura",
            Label::Pending => "Awaiting its reference",
            Label::NothingLeft => "Refunded in full",
            Label::Reference => "Reference",
            Label::Conditions => "seQura e-mails the customer the conditions of the credit.",
            Label::PayTo => "What is still to be paid is paid to seQura, not to the shop.",
            Label::ToRegister => "The shop has still to register this sale with seQura.",
            Label::ChangeOpen => "A change of this sale awaits seQura's answer.",
            Label::ToClear => "The shop has to clear this sale up with seQura.",
            Label::Fee => "Fee",
            Label::Refund => "Refund",
            Label::NotFiscal => "Not a fiscal document",
        }
    }

    fn money(&self) -> Money {
        Money {
            decimal: '.',
            group: ',',
            currency: Currency::Before,
        }
    }

    fn offer(&self, is_one: bool) -> &'static str {
        match is_one {
            false => "{count} payments of {each}; total {total}; APR {apr}%",
            true => "{count} payment of {each}; total {total}; APR {apr}%",
        }
    }

    fn done(&self, done: Done) -> Texts {
        match done {
            Done::SolicitationReceived => {
                "The financing request for {amount} has reached seQura.\n\
                 The financing request has reached seQura."
            }
            Done::FormSent => "The seQura form has been sent to the customer's mobile phone.",
            Done::FormMailed => "The seQura form has been sent to the customer by e-mail.",
            Done::Held => "The request is on hold while seQura reviews it.",
            Done::Confirmed => {
                "The sale of {amount} is confirmed with seQura.\n\
                 The sale is confirmed with seQura."
            }
            Done::ConfirmedAndSettled => {
                "The sale of {amount} is confirmed with seQura and receipt {order_ref_1} is registered.\n\
                 The sale of {amount} is confirmed and registered with seQura.\n\
                 The sale is confirmed and registered with seQura."
            }
            Done::ReferenceRegistered => {
                "Receipt {order_ref_1} is registered with seQura and the sale of {amount} is complete.\n\
                 Receipt {order_ref_1} is registered with seQura and the sale is complete.\n\
                 The receipt number is registered with seQura and the sale is complete."
            }
            Done::Standing(state) => self.standing(state),
            Done::Updated => "The changes to the sale are registered with seQura.",
            Done::Shipped => "The delivery of the goods is registered with seQura.",
            Done::Refunded => {
                "The refund of {given_back} is registered with seQura.\n\
                 The refund is registered with seQura."
            }
            Done::RefundPreviewed => {
                "A refund of {given_back} would be made; nothing has been done yet.\n\
                 Nothing would be paid back, and nothing has been done."
            }
            Done::Cancelled => "The sale has been cancelled with seQura.",
            Done::HandedOver => "The sale is handed over to another till.",
            Done::AtOffice => "The office finishes this sale.",
            Done::TakenOver => "The sale is taken over from another till.",
            Done::DeliveryReported => "The delivery report has been sent to seQura.",
            Done::Ready => "The till is ready to sell with seQura.",
            Done::CredentialsAccepted => "The shop's keys are right and seQura accepts them.",
            Done::SelfTested => "The check of this till with seQura has finished.",
            Done::PaymentMethods => "The payment methods of seQura are available.",
            Done::CreditAgreements => {
                "With seQura, as it said {age} ago: {offers}.\n\
                 With seQura: {offers}.\n\
                 There are no instalments of seQura that can be advertised with their whole cost for this amount."
            }
            Done::Checked => "The details of the sale are complete.",
            Done::Disbursements => "The payments from seQura to the shop are available.",
            Done::Figures => "The figures of the sales with seQura are available.",
            Done::Receipt => "The receipt for the customer is ready.",
            Done::Pending => "The list of unfinished sales with seQura is available.",
            Done::Recovered => "The check of the unfinished sales has finished.",
            Done::Reconciled => "The sales have been compared with the payments from seQura.",
            Done::Log => "The history of operations with seQura is available.",
            Done::LogDismissed => "The notice is marked as dealt with.",
            Done::Echo => "The text test went well.",
        }
    }

    fn standing(&self, state: State) -> Texts {
        match state {
            State::Soliciting => {
                "There is no answer from seQura, so it is not known whether the financing request has arrived."
            }
            State::Solicited => {
                "The request is with seQura, but the customer does not have the form yet."
            }
            State::FormSent => "The customer has the form and the sale is not confirmed yet.",
            State::Held => "The request is on hold while seQura reviews it.",
            State::Confirming => {
                "There is no answer from seQura, so it is not known whether the sale of {amount} is confirmed.\n\
                 There is no answer from seQura, so it is not known whether the sale is confirmed."
            }
            State::Confirmed => {
                "The sale is confirmed, but its receipt number is not registered with seQura."
            }
            State::Referencing => {
                "The sale is confirmed, but it is not known whether seQura has registered receipt {order_ref_1}.\n\
                 The sale is confirmed, but it is not known whether seQura has registered the receipt number."
            }
            State::Settled => "The sale is confirmed and registered with seQura.",
            State::Conflicted => "The sale was not accepted by seQura and is not confirmed.",
            State::RefConflicted => {
                "The sale is confirmed, but seQura cannot pay for it because receipt {order_ref_1} was already used for another sale.\n\
                 The sale is confirmed, but seQura cannot pay for it because its receipt number was already used for another sale."
            }
            State::Cancelled => "The sale is cancelled with seQura.",
            State::Abandoned => "The request for this sale was abandoned without being confirmed.",
        }
    }

    fn impossible(&self) -> &'static str {
        "This cannot be done now: "
    }

    fn status(&self, status: Status) -> Texts {
        match status {
            Status::Ok => "The operation went well.",
            Status::InvalidArgument => {
                "The till asked for this in the wrong way, so nothing was sent."
            }
            Status::InvalidHandle => {
                "The till's connection with seQura is closed, so nothing was sent."
            }
            Status::InvalidText => "A text has letters that cannot be read, so nothing was sent.",
            Status::InvalidJson => {
                "The till did not prepare the data properly, so nothing was sent."
            }
            Status::InvalidConfig => {
                "The till's settings for seQura are not right ({pointer}).\n\
                 The till's settings for seQura are not right."
            }
            Status::InvalidOrder => {
                "The details of the sale are not right, so nothing was sent to seQura."
            }
            Status::ForeignUrl => {
                "This sale does not belong to the seQura service this till uses, so nothing was sent."
            }
            Status::UnknownOrder => "This till has no record of this sale with seQura.",
            Status::TakenOver => "Another till goes on with this sale, so nothing was sent.",
            Status::WrongState => "This sale is not at the point where this can be done.",
            Status::BufferTooSmall => "The till's program could not read the whole answer.",
            Status::Conflict => "The sale was not accepted by seQura as it is.",
            Status::DuplicateOrderRef => {
                "The receipt number {order_ref_1} was already used for another sale with seQura.\n\
                 The receipt number was already used for another sale with seQura."
            }
            Status::Unauthorized => "The shop's keys were not accepted by seQura.",
            Status::Forbidden => "The shop's account does not have seQura's permission to do this.",
            Status::NotFound => "What the till asks for cannot be found at seQura.",
            Status::Gone => "This request can no longer be used at seQura.",
            Status::RateLimited => "This was tried too many times in a short while.",
            Status::Refused => "The operation was refused by seQura.",
            Status::Unreachable => "The till could not reach seQura, so nothing was sent.",
            Status::OutcomeUnknown => {
                "There is no answer from seQura, so it is not known whether the operation was done."
            }
            Status::Tls => "The connection with seQura is not secure, so nothing was sent.",
            Status::BadResponse => "The answer from seQura cannot be understood.",
            Status::ServerError => "The seQura service has a fault at the moment.",
            Status::Journal => "The till could not record the operation, so nothing was sent.",
            Status::Busy => "Another till or another program is working on this sale.",
            Status::Internal => "The seQura program on this till had a fault.",
        }
    }

    fn unsaid(&self) -> Texts {
        "The answer from seQura does not tell whether an earlier attempt went through."
    }

    fn rejected(&self) -> Texts {
        "seQura has refused this purchase."
    }

    fn form_may_ask(&self) -> Texts {
        "Some of the customer's details are missing, such as {field}; the seQura form may ask the customer for them.\n\
             Some of the customer's details are missing; the seQura form may ask the customer for them."
    }

    fn error(&self, code: ErrorCode, confirmed: bool) -> Texts {
        match code {
            ErrorCode::NullArgument => {
                "Something that this operation needs is missing, so nothing was sent."
            }
            ErrorCode::ArgumentOutOfRange => {
                "The till gave an impossible value, so nothing was sent."
            }
            ErrorCode::InvalidHandle => self.status(Status::InvalidHandle),
            ErrorCode::PoisonedHandle => {
                "The till's connection with seQura has stopped because of an earlier fault."
            }
            ErrorCode::InvalidText => self.status(Status::InvalidText),
            ErrorCode::InvalidJson => self.status(Status::InvalidJson),
            ErrorCode::DuplicateKey => {
                "The sale has a detail twice: {field}.\n\
                 The sale has a detail twice."
            }
            ErrorCode::TooLarge => {
                "The sale has more in it than can be sent to seQura: {field}.\n\
                 The sale has more in it than can be sent to seQura."
            }
            ErrorCode::MoreErrors => "There are more errors than can be shown.",
            ErrorCode::DoubtfulSetting => {
                "A setting of the till for seQura is probably not meant like that."
            }
            ErrorCode::UnknownKey => {
                "The till's settings have an entry that is not known ({pointer}).\n\
                 The till's settings have an entry that is not known."
            }
            ErrorCode::FileUnreadable => {
                "The till cannot read what its settings for seQura name ({pointer}).\n\
                 The till cannot read its settings for seQura."
            }
            ErrorCode::AmbiguousPath => "A file that the till's settings name is there twice.",
            ErrorCode::OtherFolder => {
                "A file that the till's settings name was found in another place than where it belongs."
            }
            ErrorCode::InsecureUrl => "The till's settings use a connection that is not secure.",
            ErrorCode::MissingField | ErrorCode::EmptyText => {
                "A detail of the sale is missing: {field}.\n\
                 A detail of the sale is missing."
            }
            ErrorCode::WrongType
            | ErrorCode::NotAnInteger
            | ErrorCode::InvalidValue
            | ErrorCode::InvalidDuration
            | ErrorCode::InvalidLanguage
            | ErrorCode::InvalidIpAddress
            | ErrorCode::InvalidUrl => {
                "A detail of the sale is not right: {field}.\n\
                 A detail of the sale is not right."
            }
            ErrorCode::OutOfRange => {
                "A number in the sale is too large or too small: {field}.\n\
                 A number in the sale is too large or too small."
            }
            ErrorCode::InvalidDate => {
                "A date in the sale is not right: {field}.\n\
                 A date in the sale is not right."
            }
            ErrorCode::InvalidCountry => "The country given in the sale is not right.",
            ErrorCode::CountryUnderstood => {
                "The country of the sale was understood, although it is not written with its code of two letters."
            }
            ErrorCode::InvalidCurrency => "The currency of the sale is not right.",
            ErrorCode::InvalidEmail => "The customer's e-mail address is not right.",
            ErrorCode::InvalidPhone => "The customer's phone number is not right.",
            ErrorCode::MutuallyExclusive => {
                "The sale has details that contradict each other, or one of them is missing: {field}.\n\
                 The sale has details that contradict each other, or one of them is missing."
            }
            ErrorCode::ForbiddenField => {
                "The sale has a detail too many: {field}.\n\
                 The sale has a detail too many."
            }
            ErrorCode::CallbackNotAllowed => {
                "The till prepared the sale as if it were made on the internet, and it cannot be sent like that."
            }
            ErrorCode::UnknownItemType => {
                "The basket has an item of a kind that seQura does not know: {field}.\n\
                 The basket has an item of a kind that seQura does not know."
            }
            ErrorCode::CartTotalMismatch => {
                "The basket total is {actual} but its items add up to {expected}: a difference of {difference}.\n\
                 The basket total is not the sum of its items."
            }
            ErrorCode::CurrencyMismatch => "The sale has amounts in different currencies.",
            ErrorCode::MobilePhoneRequired => {
                "The customer's mobile number is missing; the seQura form is sent to it."
            }
            ErrorCode::NotAMobile => {
                "The customer's phone number is not a mobile; the seQura form is sent to a mobile."
            }
            ErrorCode::ForeignMobile => {
                "The customer's mobile number is of another country; the message with the form may not arrive."
            }
            ErrorCode::ProductNotOffered => {
                "This sale cannot be paid with the chosen seQura product: the total is {actual} and the limit is {expected}.\n\
                 This sale cannot be paid with the chosen seQura product."
            }
            ErrorCode::ProductUnchecked => {
                "It is not known whether this sale can be paid with the chosen seQura product."
            }
            ErrorCode::NoMerchantForCountry => {
                "This till cannot sell with seQura in the country of this sale."
            }
            ErrorCode::MerchantMismatch => "The shop of this sale is not the right one.",
            ErrorCode::UnknownField => {
                "The sale has a detail that seQura does not know: {field}.\n\
                 The sale has a detail that seQura does not know."
            }
            ErrorCode::ExcludedItem => "There is an item that this shop does not sell with seQura.",
            ErrorCode::ClockSkew => "The till's clock is wrong and must be set.",
            ErrorCode::ClockDoubtful => {
                "The till's clock may be wrong: its date and time must be checked."
            }
            ErrorCode::RoundingLine => {
                "The basket has a rounding line of {actual}.\n\
                 The basket has a rounding line."
            }
            ErrorCode::NoSuchLine => "There is no such item left in this sale.",
            ErrorCode::AmbiguousLine => {
                "Several items have the same code and the till has not said which one."
            }
            ErrorCode::MoreThanThereIs => "More was asked for than is left in this sale.",
            ErrorCode::NegativeTotal => {
                "A part of the sale, or what is given back, would come to less than zero."
            }
            ErrorCode::LineTotalDiffers => {
                "The total of an item is {actual} but its price times its quantity is {expected}.\n\
                 The total of an item is not its price times its quantity."
            }
            ErrorCode::FiguresIncomplete => "The figures of the day are not complete.",
            ErrorCode::ForeignUrl => self.status(Status::ForeignUrl),
            ErrorCode::UnknownOrder => self.status(Status::UnknownOrder),
            ErrorCode::WrongState => self.status(Status::WrongState),
            ErrorCode::TakenOver => self.status(Status::TakenOver),
            ErrorCode::TakenByOffice => "The office finishes this sale, so nothing was sent.",
            ErrorCode::NotHandedOver => {
                "Another till may still change this sale, since it has not handed it over."
            }
            ErrorCode::TakenOverTwice => {
                "Two tills have taken this sale over, so nothing was changed."
            }
            ErrorCode::InvalidDocument => {
                "What another till wrote about this sale is damaged or was changed, so the sale was not taken over."
            }
            ErrorCode::OrderBusy => self.status(Status::Busy),
            ErrorCode::CartChanged => "The basket is not the one that seQura approved.",
            ErrorCode::AddressChanged => "The address is not the one that seQura approved.",
            ErrorCode::CustomerChanged => {
                "The customer's details are not those that seQura approved."
            }
            ErrorCode::AmountAboveApproved => {
                "The total of the sale is {actual} but seQura approved only {expected}.\n\
                 The total of the sale is more than the amount that seQura approved."
            }
            ErrorCode::DuplicateOrderRef if confirmed => self.standing(State::RefConflicted),
            ErrorCode::DuplicateOrderRef => self.status(Status::DuplicateOrderRef),
            ErrorCode::NotApproved => "The financing of this sale is not approved yet.",
            ErrorCode::AccessDenied => self.status(Status::Unauthorized),
            ErrorCode::BadMerchantId => {
                "The shop code does not belong to the account that this till uses at seQura."
            }
            ErrorCode::BadOrderId => {
                "This sale cannot be found at seQura under the account that this till uses."
            }
            ErrorCode::NoAccessToUrl => self.status(Status::Forbidden),
            ErrorCode::NotFound => self.status(Status::NotFound),
            ErrorCode::Gone => self.status(Status::Gone),
            ErrorCode::RateLimited => self.status(Status::RateLimited),
            ErrorCode::Unrecognised => {
                "The operation was refused by seQura for a reason that this till does not know."
            }
            ErrorCode::NameNotResolved | ErrorCode::ConnectionFailed => {
                "The till could not reach seQura; perhaps the shop has no internet."
            }
            ErrorCode::ProxyFailed => "The shop's network does not let the till reach seQura.",
            ErrorCode::TlsFailed => self.status(Status::Tls),
            ErrorCode::TimedOut => "The answer from seQura did not come in time.",
            ErrorCode::ConnectionLost => "The connection broke before the answer from seQura came.",
            ErrorCode::ServerError => self.status(Status::ServerError),
            ErrorCode::MissingLocation
            | ErrorCode::ForeignLocation
            | ErrorCode::Redirected
            | ErrorCode::NotHttp
            | ErrorCode::AnswerTooLarge
            | ErrorCode::UnreadableAnswer
            | ErrorCode::UnexpectedStatus => self.status(Status::BadResponse),
            ErrorCode::NotSequrasAnswer => {
                "Something between the till and seQura answered in its place, so it is not known whether the operation was done."
            }
            ErrorCode::JournalFull => "The till's disk is full, so nothing was sent.",
            ErrorCode::JournalReadOnly => {
                "The till is not allowed to record its sales, so nothing was sent."
            }
            ErrorCode::JournalCorrupt => {
                "The file where the till records its seQura sales is damaged."
            }
            ErrorCode::JournalSetAside => {
                "The file where the till records its seQura sales was damaged, has been put aside, and a new one was begun."
            }
            ErrorCode::JournalStrange => {
                "Another program has changed the file where the till records its seQura sales."
            }
            ErrorCode::JournalIsACopy => {
                "The file where the till records its seQura sales is a copy, and nothing is sold with a copy."
            }
            ErrorCode::JournalRestored => {
                "The till works with a copy of its file, so it is not known what was done with this sale afterwards."
            }
            ErrorCode::JournalTooNew => {
                "The file where the till records its seQura sales is from a newer version of the program."
            }
            ErrorCode::JournalLost => {
                "The file where the till records its seQura sales was moved, deleted or replaced, so nothing was sent."
            }
            ErrorCode::JournalRemote => {
                "The file where the till records its seQura sales is on another computer, so nothing was sent."
            }
            ErrorCode::JournalSynchronised => {
                "The file where the till records its seQura sales is in a folder that is copied to other computers."
            }
            ErrorCode::JournalReadable => {
                "The file where the till records its seQura sales can be read by others."
            }
            ErrorCode::JournalLocked => {
                "Another program is using the file where the till records its seQura sales."
            }
            ErrorCode::JournalFailed => self.status(Status::Journal),
            ErrorCode::OutcomeNotRecorded => {
                "The answer from seQura has come, but the till could not record it."
            }
            ErrorCode::NotShipped => {
                "The sale is complete, but seQura does not know yet that the goods were handed over."
            }
            ErrorCode::ForwardingLags => {
                "What this till sells has not reached the office for a while."
            }
            ErrorCode::OtherEndpoint => {
                "There are unfinished sales made with other seQura settings."
            }
            ErrorCode::Internal => self.status(Status::Internal),
        }
    }

    fn goods(&self, goods: Goods) -> &'static str {
        match goods {
            Goods::HandOver => "You may hand over the goods.",
            Goods::NotYet => "Do not hand over the goods yet.",
            Goods::No => "Do not complete the sale or hand over the goods.",
        }
    }

    fn next(&self, next: Next) -> &'static str {
        match next {
            Next::None => "",
            Next::SendForm => "Now send the form to the customer.",
            Next::Confirm => {
                "When the customer tells you that seQura has approved it, confirm the sale at the till."
            }
            Next::SetOrderRef => "Now register this sale's receipt number with seQura.",
            Next::Ship => "Tell seQura at the till later that the goods were handed over.",
            Next::ChooseAnotherRef => "Give this sale another receipt number and try again.",
            Next::FixOrder => {
                "Correct the sale and try again; if you cannot, call the till's support."
            }
            Next::RestartCheckout => "Start the sale with seQura again at the till.",
            Next::CallAgain => "Try again in a moment.",
            Next::Recover => "Check at the till what became of the sale before you repeat it.",
            Next::FixConfiguration => "Ask the till's support to check the settings.",
            Next::ContactSequra => "Please contact seQura.",
        }
    }

    fn help(&self, help: Help) -> &'static str {
        match help {
            Help::CallSupport => "Call the till's support.",
            Help::RestartTill => {
                "Close the till's program and open it again; if it happens again, call the till's support."
            }
            Help::LookInPortal => {
                "Look in seQura's portal what became of the sale, and enter it at the till."
            }
            Help::PayOtherwise => "Offer the customer another way to pay.",
            Help::RecoverPending => "Check at the till what became of the unfinished sales.",
        }
    }

    fn field(&self, field: Field) -> &'static str {
        match field {
            Field::MobilePhone => "the mobile number",
            Field::Phone => "the phone number",
            Field::Email => "the e-mail address",
            Field::GivenNames => "the first name",
            Field::Surnames => "the surname",
            Field::BirthDate => "the date of birth",
            Field::IdNumber => "the identity card number",
            Field::IdControlCode => "the control code on the identity card",
            Field::Company => "the company",
            Field::TaxNumber => "the tax number",
            Field::Customer => "the customer's details",
            Field::AddressLine => "the street and number",
            Field::PostalCode => "the postcode",
            Field::City => "the town",
            Field::Country => "the country",
            Field::DeliveryAddress => "the delivery address",
            Field::InvoiceAddress => "the billing address",
            Field::DeliveryMethod => "the delivery method",
            Field::Cart => "the basket",
            Field::CartTotal => "the basket total",
            Field::Items => "the items",
            Field::ItemReference => "the item code",
            Field::ItemName => "the description",
            Field::ItemPrice => "the price",
            Field::ItemQuantity => "the quantity",
            Field::ItemTotal => "the total",
            Field::ServiceEnd => "the end of the service",
            Field::Currency => "the currency",
            Field::Amount => "the amount to refund",
            Field::OrderRef => "the receipt number",
            Field::Shop => "the shop code",
            Field::Other => "the field {pointer}",
        }
    }

    fn missing(&self, is_many: bool) -> &'static str {
        match is_many {
            false => "{field} is missing.",
            true => "{field} are missing.",
        }
    }

    fn place(&self, place: Place) -> &'static str {
        match place {
            Place::Item(_) => "of item {number}",
            Place::Customer => "of the customer",
            Place::DeliveryAddress => "of the delivery address",
            Place::InvoiceAddress => "of the billing address",
        }
    }

    fn one_more(&self) -> &'static str {
        " (and there is one more error)"
    }

    fn many_more(&self) -> &'static str {
        " (and there are {count} more errors)"
    }
}
