//! Italian.

use super::amount::{Currency, Money};
use super::field::{Field, Place};
use super::label::Label;
use super::phrases::{Done, Goods, Help, Phrases, Texts};
use crate::lifecycle::State;
use crate::status::Status;
use crate::vocabulary::{ErrorCode, Next};

pub(super) struct Italian;

impl Phrases for Italian {
    fn test(&self) -> &'static str {
        "PROVA"
    }

    fn receipt(&self, label: Label) -> &'static str {
        match label {
            Label::Sold => "Importo della vendita",
            Label::Refunded => "Rimborsato",
            Label::Total => "TOTALE",
            Label::Paid => "Pagato con seQura",
            Label::Pending => "In attesa di riferimento",
            Label::NothingLeft => "Rimborsato per intero",
            Label::Reference => "Riferimento",
            Label::Conditions => "seQura invia al cliente le condizioni del credito per e-mail.",
            Label::PayTo => "Quanto resta da pagare si paga a seQura, non al negozio.",
            Label::ToRegister => "Il negozio deve ancora registrare questa vendita presso seQura.",
            Label::ChangeOpen => "Una modifica di questa vendita attende la risposta di seQura.",
            Label::ToClear => "Il negozio deve chiarire questa vendita con seQura.",
            Label::Fee => "Spese",
            Label::Refund => "Rimborso",
            Label::NotFiscal => "Non è un documento fiscale",
        }
    }

    fn money(&self) -> Money {
        Money {
            decimal: ',',
            group: '.',
            currency: Currency::After(' '),
        }
    }

    fn offer(&self, is_one: bool) -> &'static str {
        match is_one {
            false => "{count} rate da {each}; totale {total}; TAEG {apr} %",
            true => "{count} rata da {each}; totale {total}; TAEG {apr} %",
        }
    }

    fn done(&self, done: Done) -> Texts {
        match done {
            Done::SolicitationReceived => {
                "La richiesta di finanziamento di {amount} è arrivata a seQura.\n\
                 La richiesta di finanziamento è arrivata a seQura."
            }
            Done::FormSent => "Il modulo di seQura è stato inviato al cellulare del cliente.",
            Done::FormMailed => "Il modulo di seQura è stato inviato al cliente per e-mail.",
            Done::Held => "La richiesta è in attesa mentre seQura la esamina.",
            Done::Confirmed => {
                "La vendita di {amount} è confermata con seQura.\n\
                 La vendita è confermata con seQura."
            }
            Done::ConfirmedAndSettled => {
                "La vendita di {amount} è confermata con seQura e lo scontrino {order_ref_1} è registrato.\n\
                 La vendita di {amount} è confermata e registrata presso seQura.\n\
                 La vendita è confermata e registrata presso seQura."
            }
            Done::ReferenceRegistered => {
                "Lo scontrino {order_ref_1} è registrato presso seQura e la vendita di {amount} è completa.\n\
                 Lo scontrino {order_ref_1} è registrato presso seQura e la vendita è completa.\n\
                 Il numero di scontrino è registrato presso seQura e la vendita è completa."
            }
            Done::Standing(state) => self.standing(state),
            Done::Updated => "Le modifiche della vendita sono registrate presso seQura.",
            Done::Shipped => "La consegna della merce è registrata presso seQura.",
            Done::Refunded => {
                "Il rimborso di {given_back} è registrato presso seQura.\n\
                 Il rimborso è registrato presso seQura."
            }
            Done::RefundPreviewed => {
                "Il rimborso sarebbe di {given_back}; non è stato ancora fatto nulla.\n\
                 Non ci sarebbe nulla da rimborsare e non è stato fatto nulla."
            }
            Done::Cancelled => "La vendita è stata annullata presso seQura.",
            Done::HandedOver => "La vendita è ceduta a un'altra cassa.",
            Done::AtOffice => "La sede termina questa vendita.",
            Done::TakenOver => "La vendita è stata presa in carico da un'altra cassa.",
            Done::DeliveryReported => "Il rapporto delle consegne è stato inviato a seQura.",
            Done::Ready => "La cassa è pronta per vendere con seQura.",
            Done::CredentialsAccepted => "Le chiavi del negozio sono corrette e seQura le accetta.",
            Done::SelfTested => "Il controllo della cassa con seQura è terminato.",
            Done::PaymentMethods => "I metodi di pagamento di seQura sono disponibili.",
            Done::CreditAgreements => {
                "A rate con seQura, come detto {age} fa: {offers}.\n\
                 A rate con seQura: {offers}.\n\
                 Non ci sono rate di seQura che si possano annunciare con tutto il loro costo per questo importo."
            }
            Done::Checked => "I dati della vendita sono completi.",
            Done::Disbursements => "I pagamenti di seQura al negozio sono disponibili.",
            Done::Figures => "Le cifre delle vendite con seQura sono disponibili.",
            Done::Receipt => "La ricevuta per il cliente è pronta.",
            Done::Pending => "L'elenco delle vendite con seQura non concluse è disponibile.",
            Done::Recovered => "Il controllo delle vendite non concluse è terminato.",
            Done::Reconciled => "Le vendite sono state confrontate con i pagamenti di seQura.",
            Done::Log => "Lo storico delle operazioni con seQura è disponibile.",
            Done::LogDismissed => "L'avviso è segnato come risolto.",
            Done::Echo => "La prova dei testi è riuscita.",
        }
    }

    fn standing(&self, state: State) -> Texts {
        match state {
            State::Soliciting => {
                "Manca la risposta di seQura e non si sa se la richiesta di finanziamento è arrivata."
            }
            State::Solicited => {
                "La richiesta è presso seQura, ma il cliente non ha ancora il modulo."
            }
            State::FormSent => "Il cliente ha il modulo e la vendita non è ancora confermata.",
            State::Held => "La richiesta è in attesa mentre seQura la esamina.",
            State::Confirming => {
                "Manca la risposta di seQura e non si sa se la vendita di {amount} è confermata.\n\
                 Manca la risposta di seQura e non si sa se la vendita è confermata."
            }
            State::Confirmed => {
                "La vendita è confermata, ma il suo numero di scontrino non è registrato presso seQura."
            }
            State::Referencing => {
                "La vendita è confermata, ma non si sa se seQura ha registrato lo scontrino {order_ref_1}.\n\
                 La vendita è confermata, ma non si sa se seQura ha registrato il numero di scontrino."
            }
            State::Settled => "La vendita è confermata e registrata presso seQura.",
            State::Conflicted => "La vendita non è stata accettata da seQura e non è confermata.",
            State::RefConflicted => {
                "La vendita è confermata, ma seQura non può pagarla perché lo scontrino {order_ref_1} è già stato usato per un'altra vendita.\n\
                 La vendita è confermata, ma seQura non può pagarla perché il suo numero di scontrino è già stato usato per un'altra vendita."
            }
            State::Cancelled => "La vendita è annullata presso seQura.",
            State::Abandoned => {
                "La richiesta per questa vendita è stata abbandonata senza conferma."
            }
        }
    }

    fn impossible(&self) -> &'static str {
        "Ora non è possibile farlo: "
    }

    fn status(&self, status: Status) -> Texts {
        match status {
            Status::Ok => "L'operazione è riuscita.",
            Status::InvalidArgument => {
                "La cassa ha chiesto l'operazione in modo sbagliato e non è stato inviato nulla."
            }
            Status::InvalidHandle => {
                "Il collegamento della cassa con seQura è chiuso e non è stato inviato nulla."
            }
            Status::InvalidText => {
                "Un testo ha lettere che non si possono leggere e non è stato inviato nulla."
            }
            Status::InvalidJson => "La cassa ha preparato male i dati e non è stato inviato nulla.",
            Status::InvalidConfig => {
                "Le impostazioni della cassa per seQura non sono corrette ({pointer}).\n\
                 Le impostazioni della cassa per seQura non sono corrette."
            }
            Status::InvalidOrder => {
                "I dati della vendita non sono corretti e non è stato inviato nulla a seQura."
            }
            Status::ForeignUrl => {
                "Questa vendita non è del servizio seQura usato dalla cassa e non è stato inviato nulla."
            }
            Status::UnknownOrder => "La cassa non ha traccia di questa vendita con seQura.",
            Status::TakenOver => {
                "Un'altra cassa prosegue questa vendita, quindi non è stato inviato nulla."
            }
            Status::WrongState => "Questa vendita non è al punto in cui si può fare.",
            Status::BufferTooSmall => {
                "Il programma della cassa non ha potuto leggere tutta la risposta."
            }
            Status::Conflict => "La vendita così com'è non è stata accettata da seQura.",
            Status::DuplicateOrderRef => {
                "Il numero di scontrino {order_ref_1} è già stato usato per un'altra vendita con seQura.\n\
                 Il numero di scontrino è già stato usato per un'altra vendita con seQura."
            }
            Status::Unauthorized => "Le chiavi del negozio non sono state accettate da seQura.",
            Status::Forbidden => "L'account del negozio non ha il permesso di seQura per farlo.",
            Status::NotFound => "Quello che chiede la cassa non si trova presso seQura.",
            Status::Gone => "Questa richiesta non si può più usare presso seQura.",
            Status::RateLimited => "Ci sono stati troppi tentativi in poco tempo.",
            Status::Refused => "L'operazione è stata rifiutata da seQura.",
            Status::Unreachable => {
                "La cassa non è riuscita a collegarsi con seQura e non è stato inviato nulla."
            }
            Status::OutcomeUnknown => {
                "Manca la risposta di seQura e non si sa se l'operazione è stata fatta."
            }
            Status::Tls => "Il collegamento con seQura non è sicuro e non è stato inviato nulla.",
            Status::BadResponse => "La risposta di seQura non si capisce.",
            Status::ServerError => "Il servizio di seQura ha un guasto in questo momento.",
            Status::Journal => {
                "La cassa non ha potuto annotare l'operazione e non è stato inviato nulla."
            }
            Status::Busy => "Un'altra cassa o un altro programma sta lavorando su questa vendita.",
            Status::Internal => "Il programma di seQura su questa cassa ha avuto un guasto.",
        }
    }

    fn unsaid(&self) -> Texts {
        "La risposta di seQura non dice se un tentativo precedente è riuscito."
    }

    fn rejected(&self) -> Texts {
        "seQura ha rifiutato questo acquisto."
    }

    fn form_may_ask(&self) -> Texts {
        "Mancano alcuni dati del cliente, come {field}; il modulo di seQura può chiederglieli.\n\
             Mancano alcuni dati del cliente; il modulo di seQura può chiederglieli."
    }

    fn error(&self, code: ErrorCode, confirmed: bool) -> Texts {
        match code {
            ErrorCode::NullArgument => "All'operazione manca un dato e non è stato inviato nulla.",
            ErrorCode::ArgumentOutOfRange => {
                "La cassa ha dato un valore impossibile e non è stato inviato nulla."
            }
            ErrorCode::InvalidHandle => self.status(Status::InvalidHandle),
            ErrorCode::PoisonedHandle => {
                "Il collegamento della cassa con seQura si è fermato per un guasto precedente."
            }
            ErrorCode::InvalidText => self.status(Status::InvalidText),
            ErrorCode::InvalidJson => self.status(Status::InvalidJson),
            ErrorCode::DuplicateKey => {
                "La vendita contiene un dato ripetuto: {field}.\n\
                 La vendita contiene un dato ripetuto."
            }
            ErrorCode::TooLarge => {
                "La vendita contiene più di quanto si possa inviare a seQura: {field}.\n\
                 La vendita contiene più di quanto si possa inviare a seQura."
            }
            ErrorCode::MoreErrors => "Ci sono più errori di quanti se ne possano mostrare.",
            ErrorCode::DoubtfulSetting => {
                "Un'impostazione della cassa probabilmente non è quella voluta."
            }
            ErrorCode::UnknownKey => {
                "Le impostazioni della cassa hanno un dato sconosciuto ({pointer}).\n\
                 Le impostazioni della cassa hanno un dato sconosciuto."
            }
            ErrorCode::FileUnreadable => {
                "La cassa non può leggere ciò che indicano le sue impostazioni per seQura ({pointer}).\n\
                 La cassa non può leggere le sue impostazioni per seQura."
            }
            ErrorCode::AmbiguousPath => {
                "Un file indicato nelle impostazioni della cassa si trova in due posti."
            }
            ErrorCode::OtherFolder => {
                "Un file indicato nelle impostazioni della cassa non era al suo posto ed è stato trovato altrove."
            }
            ErrorCode::InsecureUrl => {
                "Le impostazioni della cassa usano un collegamento che non è sicuro."
            }
            ErrorCode::MissingField | ErrorCode::EmptyText => {
                "Manca un dato della vendita: {field}.\n\
                 Manca un dato della vendita."
            }
            ErrorCode::WrongType
            | ErrorCode::NotAnInteger
            | ErrorCode::InvalidValue
            | ErrorCode::InvalidDuration
            | ErrorCode::InvalidLanguage
            | ErrorCode::InvalidIpAddress
            | ErrorCode::InvalidUrl => {
                "Un dato della vendita non è corretto: {field}.\n\
                 Un dato della vendita non è corretto."
            }
            ErrorCode::OutOfRange => {
                "Un numero della vendita è troppo grande o troppo piccolo: {field}.\n\
                 Un numero della vendita è troppo grande o troppo piccolo."
            }
            ErrorCode::InvalidDate => {
                "Una data della vendita non è corretta: {field}.\n\
                 Una data della vendita non è corretta."
            }
            ErrorCode::InvalidCountry => "Il paese indicato nella vendita non è corretto.",
            ErrorCode::CountryUnderstood => {
                "Il paese della vendita è stato capito, anche se non è scritto con il suo codice di due lettere."
            }
            ErrorCode::InvalidCurrency => "La valuta della vendita non è corretta.",
            ErrorCode::InvalidEmail => "L'indirizzo e-mail del cliente non è corretto.",
            ErrorCode::InvalidPhone => "Il numero di telefono del cliente non è corretto.",
            ErrorCode::MutuallyExclusive => {
                "La vendita ha dati che si contraddicono, oppure ne manca uno: {field}.\n\
                 La vendita ha dati che si contraddicono, oppure ne manca uno."
            }
            ErrorCode::ForbiddenField => {
                "La vendita ha un dato di troppo: {field}.\n\
                 La vendita ha un dato di troppo."
            }
            ErrorCode::CallbackNotAllowed => {
                "La cassa ha preparato la vendita come se fosse su internet, e così non si può inviare."
            }
            ErrorCode::UnknownItemType => {
                "Il carrello ha un articolo di un tipo che seQura non conosce: {field}.\n\
                 Il carrello ha un articolo di un tipo che seQura non conosce."
            }
            ErrorCode::CartTotalMismatch => {
                "Il totale del carrello è {actual} e la somma degli articoli è {expected}: la differenza è di {difference}.\n\
                 Il totale del carrello non corrisponde alla somma degli articoli."
            }
            ErrorCode::CurrencyMismatch => "La vendita ha importi in valute diverse.",
            ErrorCode::MobilePhoneRequired => {
                "Manca il cellulare del cliente, a cui si invia il modulo di seQura."
            }
            ErrorCode::NotAMobile => {
                "Il numero del cliente non è un cellulare, e il modulo di seQura viene inviato a un cellulare."
            }
            ErrorCode::ForeignMobile => {
                "Il cellulare del cliente è di un altro paese; il messaggio con il modulo potrebbe non arrivare."
            }
            ErrorCode::ProductNotOffered => {
                "Questa vendita non si può pagare con il prodotto di seQura scelto: il totale è {actual} e il limite è {expected}.\n\
                 Questa vendita non si può pagare con il prodotto di seQura scelto."
            }
            ErrorCode::ProductUnchecked => {
                "Non si sa se questa vendita si può pagare con il prodotto di seQura scelto."
            }
            ErrorCode::NoMerchantForCountry => {
                "Questa cassa non può vendere con seQura nel paese della vendita."
            }
            ErrorCode::MerchantMismatch => "Il negozio di questa vendita non è quello giusto.",
            ErrorCode::UnknownField => {
                "La vendita ha un dato che seQura non conosce: {field}.\n\
                 La vendita ha un dato che seQura non conosce."
            }
            ErrorCode::ExcludedItem => "C'è un articolo che questo negozio non vende con seQura.",
            ErrorCode::ClockSkew => "L'orologio della cassa è sbagliato e va regolato.",
            ErrorCode::ClockDoubtful => {
                "L'orologio della cassa potrebbe essere sbagliato: bisogna controllare la data e l'ora."
            }
            ErrorCode::RoundingLine => {
                "Il carrello ha una riga di arrotondamento di {actual}.\n\
                 Il carrello ha una riga di arrotondamento."
            }
            ErrorCode::NoSuchLine => "In questa vendita non resta nessun articolo del genere.",
            ErrorCode::AmbiguousLine => {
                "Più articoli hanno lo stesso codice e la cassa non ha detto quale."
            }
            ErrorCode::MoreThanThereIs => "È stato chiesto più di quanto resta in questa vendita.",
            ErrorCode::NegativeTotal => {
                "Una parte della vendita, o quanto viene rimborsato, scenderebbe sotto zero."
            }
            ErrorCode::LineTotalDiffers => {
                "Il totale di un articolo è {actual} e il prezzo per la quantità dà {expected}.\n\
                 Il totale di un articolo non corrisponde al prezzo per la quantità."
            }
            ErrorCode::FiguresIncomplete => "Le cifre del giorno non sono complete.",
            ErrorCode::ForeignUrl => self.status(Status::ForeignUrl),
            ErrorCode::UnknownOrder => self.status(Status::UnknownOrder),
            ErrorCode::WrongState => self.status(Status::WrongState),
            ErrorCode::TakenOver => self.status(Status::TakenOver),
            ErrorCode::TakenByOffice => {
                "La sede termina questa vendita, quindi non è stato inviato nulla."
            }
            ErrorCode::NotHandedOver => {
                "Forse un'altra cassa modifica ancora questa vendita, perché non l'ha ceduta."
            }
            ErrorCode::TakenOverTwice => {
                "Due casse hanno preso in carico questa vendita, quindi non è stato cambiato nulla."
            }
            ErrorCode::InvalidDocument => {
                "Ciò che un'altra cassa ha scritto di questa vendita è danneggiato o modificato, quindi la vendita non è stata presa in carico."
            }
            ErrorCode::OrderBusy => self.status(Status::Busy),
            ErrorCode::CartChanged => "Il carrello non è quello che seQura ha approvato.",
            ErrorCode::AddressChanged => "L'indirizzo non è quello che seQura ha approvato.",
            ErrorCode::CustomerChanged => {
                "I dati del cliente non sono quelli che seQura ha approvato."
            }
            ErrorCode::AmountAboveApproved => {
                "Il totale della vendita è {actual} e seQura ha approvato solo {expected}.\n\
                 Il totale della vendita supera l'importo che seQura ha approvato."
            }
            ErrorCode::DuplicateOrderRef if confirmed => self.standing(State::RefConflicted),
            ErrorCode::DuplicateOrderRef => self.status(Status::DuplicateOrderRef),
            ErrorCode::NotApproved => "Il finanziamento di questa vendita non è ancora approvato.",
            ErrorCode::AccessDenied => self.status(Status::Unauthorized),
            ErrorCode::BadMerchantId => {
                "Il codice del negozio non è del conto che la cassa usa presso seQura."
            }
            ErrorCode::BadOrderId => {
                "Questa vendita non si trova presso seQura con il conto che la cassa usa."
            }
            ErrorCode::NoAccessToUrl => self.status(Status::Forbidden),
            ErrorCode::NotFound => self.status(Status::NotFound),
            ErrorCode::Gone => self.status(Status::Gone),
            ErrorCode::RateLimited => self.status(Status::RateLimited),
            ErrorCode::Unrecognised => {
                "L'operazione è stata rifiutata da seQura per un motivo che la cassa non conosce."
            }
            ErrorCode::NameNotResolved | ErrorCode::ConnectionFailed => {
                "La cassa non è riuscita a collegarsi con seQura; forse il negozio è senza internet."
            }
            ErrorCode::ProxyFailed => {
                "La rete del negozio non lascia la cassa collegarsi con seQura."
            }
            ErrorCode::TlsFailed => self.status(Status::Tls),
            ErrorCode::TimedOut => "La risposta di seQura non è arrivata in tempo.",
            ErrorCode::ConnectionLost => {
                "Il collegamento si è interrotto prima della risposta di seQura."
            }
            ErrorCode::ServerError => self.status(Status::ServerError),
            ErrorCode::MissingLocation
            | ErrorCode::ForeignLocation
            | ErrorCode::Redirected
            | ErrorCode::NotHttp
            | ErrorCode::AnswerTooLarge
            | ErrorCode::UnreadableAnswer
            | ErrorCode::UnexpectedStatus => self.status(Status::BadResponse),
            ErrorCode::NotSequrasAnswer => {
                "Qualcosa tra la cassa e seQura ha risposto al suo posto e non si sa se l'operazione è stata fatta."
            }
            ErrorCode::JournalFull => "Il disco della cassa è pieno e non è stato inviato nulla.",
            ErrorCode::JournalReadOnly => {
                "La cassa non ha il permesso di annotare le vendite e non è stato inviato nulla."
            }
            ErrorCode::JournalCorrupt => {
                "Il file in cui la cassa annota le vendite con seQura è danneggiato."
            }
            ErrorCode::JournalSetAside => {
                "Il file in cui la cassa annota le vendite con seQura era danneggiato, è stato messo da parte e ne è stato iniziato uno nuovo."
            }
            ErrorCode::JournalStrange => {
                "Un altro programma ha modificato il file in cui la cassa annota le vendite con seQura."
            }
            ErrorCode::JournalIsACopy => {
                "Il file in cui la cassa annota le vendite con seQura è una copia e con una copia non si vende."
            }
            ErrorCode::JournalRestored => {
                "La cassa lavora con una copia del suo file e non si sa che cosa è stato fatto dopo con questa vendita."
            }
            ErrorCode::JournalTooNew => {
                "Il file in cui la cassa annota le vendite con seQura è di una versione più nuova del programma."
            }
            ErrorCode::JournalLost => {
                "Il file in cui la cassa annota le vendite con seQura è stato spostato, cancellato o sostituito e non è stato inviato nulla."
            }
            ErrorCode::JournalRemote => {
                "Il file in cui la cassa annota le vendite con seQura è su un altro computer e non è stato inviato nulla."
            }
            ErrorCode::JournalSynchronised => {
                "Il file in cui la cassa annota le vendite con seQura è in una cartella che viene copiata su altri computer."
            }
            ErrorCode::JournalReadable => {
                "Altre persone possono leggere il file in cui la cassa annota le vendite con seQura."
            }
            ErrorCode::JournalLocked => {
                "Un altro programma sta usando il file in cui la cassa annota le vendite con seQura."
            }
            ErrorCode::JournalFailed => self.status(Status::Journal),
            ErrorCode::OutcomeNotRecorded => {
                "La risposta di seQura è arrivata, ma la cassa non ha potuto annotarla."
            }
            ErrorCode::NotShipped => {
                "La vendita è fatta, ma seQura non sa ancora che la merce è stata consegnata."
            }
            ErrorCode::ForwardingLags => {
                "Quello che vende questa cassa non arriva alla sede da un po'."
            }
            ErrorCode::OtherEndpoint => {
                "Restano vendite non concluse, fatte con altre impostazioni di seQura."
            }
            ErrorCode::Internal => self.status(Status::Internal),
        }
    }

    fn goods(&self, goods: Goods) -> &'static str {
        match goods {
            Goods::HandOver => "Ora può consegnare la merce.",
            Goods::NotYet => "Non consegni ancora la merce.",
            Goods::No => "Non concluda la vendita e non consegni la merce.",
        }
    }

    fn next(&self, next: Next) -> &'static str {
        match next {
            Next::None => "",
            Next::SendForm => "Invii ora il modulo al cliente.",
            Next::Confirm => {
                "Quando il cliente le dice che seQura ha approvato, confermi la vendita alla cassa."
            }
            Next::SetOrderRef => {
                "Registri ora presso seQura il numero di scontrino di questa vendita."
            }
            Next::Ship => {
                "Comunichi più tardi a seQura, alla cassa, che la merce è stata consegnata."
            }
            Next::ChooseAnotherRef => {
                "Dia un altro numero di scontrino a questa vendita e riprovi."
            }
            Next::FixOrder => {
                "Corregga la vendita e riprovi; se non è possibile, chiami l'assistenza della cassa."
            }
            Next::RestartCheckout => "Ricominci alla cassa la vendita con seQura.",
            Next::CallAgain => "Riprovi tra un momento.",
            Next::Recover => "Controlli alla cassa com'è finita la vendita prima di ripeterla.",
            Next::FixConfiguration => {
                "Chieda all'assistenza della cassa di controllare le impostazioni."
            }
            Next::ContactSequra => "Si metta in contatto con seQura.",
        }
    }

    fn help(&self, help: Help) -> &'static str {
        match help {
            Help::CallSupport => "Chiami l'assistenza della cassa.",
            Help::RestartTill => {
                "Chiuda il programma della cassa e lo riapra; se si ripete, chiami l'assistenza della cassa."
            }
            Help::LookInPortal => {
                "Guardi nel portale di seQura com'è finita la vendita e lo indichi alla cassa."
            }
            Help::PayOtherwise => "Proponga al cliente un altro modo di pagare.",
            Help::RecoverPending => {
                "Controlli alla cassa come sono finite le vendite non concluse."
            }
        }
    }

    fn field(&self, field: Field) -> &'static str {
        match field {
            Field::MobilePhone => "il cellulare",
            Field::Phone => "il telefono",
            Field::Email => "l'indirizzo e-mail",
            Field::GivenNames => "il nome",
            Field::Surnames => "il cognome",
            Field::BirthDate => "la data di nascita",
            Field::IdNumber => "il codice fiscale",
            Field::IdControlCode => "il codice di controllo del documento",
            Field::Company => "l'azienda",
            Field::TaxNumber => "la partita IVA",
            Field::Customer => "i dati del cliente",
            Field::AddressLine => "la via e il numero",
            Field::PostalCode => "il CAP",
            Field::City => "la città",
            Field::Country => "il paese",
            Field::DeliveryAddress => "l'indirizzo di consegna",
            Field::InvoiceAddress => "l'indirizzo di fatturazione",
            Field::DeliveryMethod => "il modo di consegna",
            Field::Cart => "il carrello",
            Field::CartTotal => "il totale del carrello",
            Field::Items => "gli articoli",
            Field::ItemReference => "il codice",
            Field::ItemName => "la descrizione",
            Field::ItemPrice => "il prezzo",
            Field::ItemQuantity => "la quantità",
            Field::ItemTotal => "l'importo",
            Field::ServiceEnd => "la fine del servizio",
            Field::Currency => "la valuta",
            Field::Amount => "l'importo da rimborsare",
            Field::OrderRef => "il numero di scontrino",
            Field::Shop => "il codice del negozio",
            Field::Other => "il campo {pointer}",
        }
    }

    fn missing(&self, is_many: bool) -> &'static str {
        match is_many {
            false => "Manca {field}.",
            true => "Mancano {field}.",
        }
    }

    fn place(&self, place: Place) -> &'static str {
        match place {
            Place::Item(_) => "dell'articolo {number}",
            Place::Customer => "del cliente",
            Place::DeliveryAddress => "dell'indirizzo di consegna",
            Place::InvoiceAddress => "dell'indirizzo di fatturazione",
        }
    }

    fn one_more(&self) -> &'static str {
        " (e c'è un altro errore)"
    }

    fn many_more(&self) -> &'static str {
        " (e ci sono altri {count} errori)"
    }
}
