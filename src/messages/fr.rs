//! French. A no-break space stands before colon and semicolon, and inside amounts.

use super::amount::{Currency, Money};
use super::field::{Field, Place};
use super::label::Label;
use super::phrases::{Done, Goods, Help, Phrases, Texts};
use crate::lifecycle::State;
use crate::status::Status;
use crate::vocabulary::{ErrorCode, Next};

pub(super) struct French;

impl Phrases for French {
    fn test(&self) -> &'static str {
        "TEST"
    }

    fn receipt(&self, label: Label) -> &'static str {
        match label {
            Label::Sold => "Montant de la vente",
            Label::Refunded => "Remboursé",
            Label::Total => "TOTAL",
            Label::Paid => "Payé avec seQura",
            Label::Pending => "En attente de référence",
            Label::NothingLeft => "Remboursé en totalité",
            Label::Reference => "Référence",
            Label::Conditions => "seQura envoie au client les conditions du crédit par courriel.",
            Label::PayTo => "Ce qui reste à payer se paie à seQura, et non au magasin.",
            Label::ToRegister => "Le magasin doit encore enregistrer cette vente chez seQura.",
            Label::ChangeOpen => "Une modification de cette vente attend la réponse de seQura.",
            Label::ToClear => "Le magasin doit clarifier cette vente avec seQura.",
            Label::Fee => "Frais",
            Label::Refund => "Remboursement",
            Label::NotFiscal => "Ceci n'est pas un document fiscal",
        }
    }

    fn money(&self) -> Money {
        Money {
            decimal: ',',
            group: '\u{a0}',
            currency: Currency::After('\u{a0}'),
        }
    }

    fn offer(&self, is_one: bool) -> &'static str {
        match is_one {
            false => "{count} paiements de {each} ; total {total} ; TAEG {apr}\u{a0}%",
            true => "{count} paiement de {each} ; total {total} ; TAEG {apr}\u{a0}%",
        }
    }

    fn done(&self, done: Done) -> Texts {
        match done {
            Done::SolicitationReceived => {
                "La demande de financement de {amount} est bien arrivée chez seQura.\n\
                 La demande de financement est bien arrivée chez seQura."
            }
            Done::FormSent => "Le formulaire seQura a été envoyé sur le mobile du client.",
            Done::FormMailed => {
                "Le formulaire seQura a été envoyé au client par courrier électronique."
            }
            Done::Held => "La demande est en attente pendant que seQura l'examine.",
            Done::Confirmed => {
                "La vente de {amount} est confirmée avec seQura.\n\
                 La vente est confirmée avec seQura."
            }
            Done::ConfirmedAndSettled => {
                "La vente de {amount} est confirmée avec seQura et le ticket {order_ref_1} est enregistré.\n\
                 La vente de {amount} est confirmée et enregistrée chez seQura.\n\
                 La vente est confirmée et enregistrée chez seQura."
            }
            Done::ReferenceRegistered => {
                "Le ticket {order_ref_1} est enregistré chez seQura et la vente de {amount} est complète.\n\
                 Le ticket {order_ref_1} est enregistré chez seQura et la vente est complète.\n\
                 Le numéro de ticket est enregistré chez seQura et la vente est complète."
            }
            Done::Standing(state) => self.standing(state),
            Done::Updated => "Les modifications de la vente sont enregistrées chez seQura.",
            Done::Shipped => "La livraison de la marchandise est enregistrée chez seQura.",
            Done::Refunded => {
                "Le remboursement de {given_back} est enregistré chez seQura.\n\
                 Le remboursement est enregistré chez seQura."
            }
            Done::RefundPreviewed => {
                "Le remboursement serait de {given_back} ; rien n'a encore été fait.\n\
                 Il n'y aurait rien à rembourser et rien n'a été fait."
            }
            Done::Cancelled => "La vente a été annulée chez seQura.",
            Done::HandedOver => "La vente est cédée à une autre caisse.",
            Done::AtOffice => "Le siège termine cette vente.",
            Done::TakenOver => "La vente est reprise d'une autre caisse.",
            Done::DeliveryReported => "Le rapport de livraison a été envoyé à seQura.",
            Done::Ready => "La caisse est prête à vendre avec seQura.",
            Done::CredentialsAccepted => {
                "Les identifiants du magasin sont corrects et seQura les accepte."
            }
            Done::SelfTested => "La vérification de la caisse avec seQura est terminée.",
            Done::PaymentMethods => "Les moyens de paiement seQura sont disponibles.",
            Done::CreditAgreements => {
                "Avec seQura, comme annoncé il y a {age} : {offers}.\n\
                 Avec seQura : {offers}.\n\
                 Il n'y a pas de paiement échelonné de seQura qui puisse être annoncé avec tout son coût pour ce montant."
            }
            Done::Checked => "Les données de la vente sont complètes.",
            Done::Disbursements => "Les versements de seQura au magasin sont disponibles.",
            Done::Figures => "Les chiffres des ventes avec seQura sont disponibles.",
            Done::Receipt => "Le justificatif pour le client est prêt.",
            Done::Pending => "La liste des ventes seQura non terminées est disponible.",
            Done::Recovered => "La vérification des ventes non terminées est finie.",
            Done::Reconciled => "Les ventes ont été comparées aux versements de seQura.",
            Done::Log => "L'historique des opérations avec seQura est disponible.",
            Done::LogDismissed => "L'avis est marqué comme traité.",
            Done::Echo => "Le test de texte a réussi.",
        }
    }

    fn standing(&self, state: State) -> Texts {
        match state {
            State::Soliciting => {
                "Sans réponse de seQura, on ne sait pas si la demande de financement est arrivée."
            }
            State::Solicited => {
                "La demande est chez seQura, mais le client n'a pas encore le formulaire."
            }
            State::FormSent => "Le client a le formulaire et la vente n'est pas encore confirmée.",
            State::Held => "La demande est en attente pendant que seQura l'examine.",
            State::Confirming => {
                "Sans réponse de seQura, on ne sait pas si la vente de {amount} est confirmée.\n\
                 Sans réponse de seQura, on ne sait pas si la vente est confirmée."
            }
            State::Confirmed => {
                "La vente est confirmée, mais son numéro de ticket n'est pas enregistré chez seQura."
            }
            State::Referencing => {
                "La vente est confirmée, mais on ne sait pas si seQura a enregistré le ticket {order_ref_1}.\n\
                 La vente est confirmée, mais on ne sait pas si seQura a enregistré le numéro de ticket."
            }
            State::Settled => "La vente est confirmée et enregistrée chez seQura.",
            State::Conflicted => "La vente n'a pas été acceptée par seQura et n'est pas confirmée.",
            State::RefConflicted => {
                "La vente est confirmée, mais seQura ne peut pas la payer car le ticket {order_ref_1} a déjà servi pour une autre vente.\n\
                 La vente est confirmée, mais seQura ne peut pas la payer car son numéro de ticket a déjà servi pour une autre vente."
            }
            State::Cancelled => "La vente est annulée chez seQura.",
            State::Abandoned => "La demande pour cette vente a été abandonnée sans confirmation.",
        }
    }

    fn impossible(&self) -> &'static str {
        "Ce n'est pas possible maintenant\u{a0}: "
    }

    fn status(&self, status: Status) -> Texts {
        match status {
            Status::Ok => "L'opération a réussi.",
            Status::InvalidArgument => {
                "La caisse a mal demandé l'opération et rien n'a été envoyé."
            }
            Status::InvalidHandle => {
                "La connexion de la caisse avec seQura est fermée et rien n'a été envoyé."
            }
            Status::InvalidText => {
                "Un texte contient des lettres illisibles et rien n'a été envoyé."
            }
            Status::InvalidJson => "La caisse a mal préparé les données et rien n'a été envoyé.",
            Status::InvalidConfig => {
                "Les réglages de la caisse pour seQura ne sont pas corrects ({pointer}).\n\
                 Les réglages de la caisse pour seQura ne sont pas corrects."
            }
            Status::InvalidOrder => {
                "Les données de la vente ne sont pas correctes et rien n'a été envoyé à seQura."
            }
            Status::ForeignUrl => {
                "Cette vente n'est pas du service seQura qu'utilise la caisse et rien n'a été envoyé."
            }
            Status::UnknownOrder => "La caisse n'a aucune trace de cette vente avec seQura.",
            Status::TakenOver => "Une autre caisse poursuit cette vente, rien n'a donc été envoyé.",
            Status::WrongState => "Cette vente n'en est pas au point où l'on peut faire cela.",
            Status::BufferTooSmall => "Le programme de la caisse n'a pas pu lire toute la réponse.",
            Status::Conflict => "La vente n'a pas été acceptée par seQura telle qu'elle est.",
            Status::DuplicateOrderRef => {
                "Le numéro de ticket {order_ref_1} a déjà servi pour une autre vente avec seQura.\n\
                 Le numéro de ticket a déjà servi pour une autre vente avec seQura."
            }
            Status::Unauthorized => {
                "Les identifiants du magasin n'ont pas été acceptés par seQura."
            }
            Status::Forbidden => "Le compte du magasin n'est pas autorisé par seQura à faire cela.",
            Status::NotFound => "Ce que demande la caisse est introuvable chez seQura.",
            Status::Gone => "Cette demande n'est plus utilisable chez seQura.",
            Status::RateLimited => "Il y a eu trop d'essais en peu de temps.",
            Status::Refused => "L'opération a été refusée par seQura.",
            Status::Unreachable => "La caisse n'a pas pu joindre seQura et rien n'a été envoyé.",
            Status::OutcomeUnknown => {
                "Sans réponse de seQura, on ne sait pas si l'opération a été faite."
            }
            Status::Tls => "La connexion avec seQura n'est pas sûre et rien n'a été envoyé.",
            Status::BadResponse => "La réponse de seQura est incompréhensible.",
            Status::ServerError => "Le service de seQura est en panne en ce moment.",
            Status::Journal => "La caisse n'a pas pu noter l'opération et rien n'a été envoyé.",
            Status::Busy => "Une autre caisse ou un autre programme travaille sur cette vente.",
            Status::Internal => "Le programme seQura de cette caisse a eu une panne.",
        }
    }

    fn unsaid(&self) -> Texts {
        "La réponse de seQura ne dit pas si une tentative précédente a abouti."
    }

    fn rejected(&self) -> Texts {
        "seQura a refusé cet achat."
    }

    fn form_may_ask(&self) -> Texts {
        "Il manque des données du client, comme {field}\u{a0}; le formulaire seQura peut les lui demander.\n\
             Il manque des données du client\u{a0}; le formulaire seQura peut les lui demander."
    }

    fn error(&self, code: ErrorCode, confirmed: bool) -> Texts {
        match code {
            ErrorCode::NullArgument => "Il manque une donnée à l'opération et rien n'a été envoyé.",
            ErrorCode::ArgumentOutOfRange => {
                "La caisse a donné une valeur impossible et rien n'a été envoyé."
            }
            ErrorCode::InvalidHandle => self.status(Status::InvalidHandle),
            ErrorCode::PoisonedHandle => {
                "La connexion de la caisse avec seQura s'est arrêtée à cause d'une panne précédente."
            }
            ErrorCode::InvalidText => self.status(Status::InvalidText),
            ErrorCode::InvalidJson => self.status(Status::InvalidJson),
            ErrorCode::DuplicateKey => {
                "La vente contient une donnée en double\u{a0}: {field}.\n\
                 La vente contient une donnée en double."
            }
            ErrorCode::TooLarge => {
                "La vente contient plus que ce qui peut être envoyé à seQura\u{a0}: {field}.\n\
                 La vente contient plus que ce qui peut être envoyé à seQura."
            }
            ErrorCode::MoreErrors => "Il y a plus d'erreurs que l'on ne peut en montrer.",
            ErrorCode::DoubtfulSetting => {
                "Un réglage de la caisse n'est probablement pas celui qui était voulu."
            }
            ErrorCode::UnknownKey => {
                "Les réglages de la caisse contiennent une donnée inconnue ({pointer}).\n\
                 Les réglages de la caisse contiennent une donnée inconnue."
            }
            ErrorCode::FileUnreadable => {
                "La caisse ne peut pas lire ce que nomment ses réglages pour seQura ({pointer}).\n\
                 La caisse ne peut pas lire ses réglages pour seQura."
            }
            ErrorCode::AmbiguousPath => {
                "Un fichier que nomment les réglages de la caisse se trouve à deux endroits."
            }
            ErrorCode::OtherFolder => {
                "Un fichier que nomment les réglages de la caisse n'était pas à sa place et a été trouvé ailleurs."
            }
            ErrorCode::InsecureUrl => {
                "Les réglages de la caisse utilisent une connexion qui n'est pas sûre."
            }
            ErrorCode::MissingField | ErrorCode::EmptyText => {
                "Il manque une donnée de la vente\u{a0}: {field}.\n\
                 Il manque une donnée de la vente."
            }
            ErrorCode::WrongType
            | ErrorCode::NotAnInteger
            | ErrorCode::InvalidValue
            | ErrorCode::InvalidDuration
            | ErrorCode::InvalidLanguage
            | ErrorCode::InvalidIpAddress
            | ErrorCode::InvalidUrl => {
                "Une donnée de la vente n'est pas correcte\u{a0}: {field}.\n\
                 Une donnée de la vente n'est pas correcte."
            }
            ErrorCode::OutOfRange => {
                "Un nombre de la vente est trop grand ou trop petit\u{a0}: {field}.\n\
                 Un nombre de la vente est trop grand ou trop petit."
            }
            ErrorCode::InvalidDate => {
                "Une date de la vente n'est pas correcte\u{a0}: {field}.\n\
                 Une date de la vente n'est pas correcte."
            }
            ErrorCode::InvalidCountry => "Le pays indiqué dans la vente n'est pas correct.",
            ErrorCode::CountryUnderstood => {
                "Le pays de la vente a été compris, bien qu'il ne soit pas écrit avec son code de deux lettres."
            }
            ErrorCode::InvalidCurrency => "La monnaie de la vente n'est pas correcte.",
            ErrorCode::InvalidEmail => "L'adresse électronique du client n'est pas correcte.",
            ErrorCode::InvalidPhone => "Le numéro de téléphone du client n'est pas correct.",
            ErrorCode::MutuallyExclusive => {
                "La vente contient des données qui se contredisent, ou il en manque une\u{a0}: {field}.\n\
                 La vente contient des données qui se contredisent, ou il en manque une."
            }
            ErrorCode::ForbiddenField => {
                "La vente contient une donnée de trop\u{a0}: {field}.\n\
                 La vente contient une donnée de trop."
            }
            ErrorCode::CallbackNotAllowed => {
                "La caisse a préparé la vente comme une vente sur internet, et elle ne peut pas partir ainsi."
            }
            ErrorCode::UnknownItemType => {
                "Le panier contient un article d'un type que seQura ne connaît pas\u{a0}: {field}.\n\
                 Le panier contient un article d'un type que seQura ne connaît pas."
            }
            ErrorCode::CartTotalMismatch => {
                "Le total du panier est de {actual} et la somme des articles de {expected}\u{a0}: il y a {difference} d'écart.\n\
                 Le total du panier ne correspond pas à la somme des articles."
            }
            ErrorCode::CurrencyMismatch => {
                "La vente contient des montants dans des monnaies différentes."
            }
            ErrorCode::MobilePhoneRequired => {
                "Il manque le numéro de mobile du client, où le formulaire seQura est envoyé."
            }
            ErrorCode::NotAMobile => {
                "Le numéro du client n'est pas un mobile, et le formulaire seQura est envoyé à un mobile."
            }
            ErrorCode::ForeignMobile => {
                "Le mobile du client est d'un autre pays\u{a0}; le message avec le formulaire n'arrivera peut-être pas."
            }
            ErrorCode::ProductNotOffered => {
                "Cette vente ne peut pas être payée avec le produit seQura choisi\u{a0}: le total est de {actual} et la limite de {expected}.\n\
                 Cette vente ne peut pas être payée avec le produit seQura choisi."
            }
            ErrorCode::ProductUnchecked => {
                "On ne sait pas si cette vente peut être payée avec le produit seQura choisi."
            }
            ErrorCode::NoMerchantForCountry => {
                "Cette caisse ne peut pas vendre avec seQura dans le pays de la vente."
            }
            ErrorCode::MerchantMismatch => "Le magasin de cette vente n'est pas le bon.",
            ErrorCode::UnknownField => {
                "La vente contient une donnée que seQura ne connaît pas\u{a0}: {field}.\n\
                 La vente contient une donnée que seQura ne connaît pas."
            }
            ErrorCode::ExcludedItem => "Il y a un article que ce magasin ne vend pas avec seQura.",
            ErrorCode::ClockSkew => {
                "L'horloge de la caisse n'est pas à l'heure et doit être réglée."
            }
            ErrorCode::ClockDoubtful => {
                "L'horloge de la caisse n'est peut-être pas à l'heure : il faut vérifier la date et l'heure."
            }
            ErrorCode::RoundingLine => {
                "Le panier comporte une ligne d'arrondi de {actual}.\n\
                 Le panier comporte une ligne d'arrondi."
            }
            ErrorCode::NoSuchLine => "Il ne reste aucun article de ce genre dans cette vente.",
            ErrorCode::AmbiguousLine => {
                "Plusieurs articles ont le même code et la caisse n'a pas dit lequel."
            }
            ErrorCode::MoreThanThereIs => "La demande dépasse ce qui reste dans cette vente.",
            ErrorCode::NegativeTotal => {
                "Une partie de la vente, ou ce qui est remboursé, passerait en dessous de zéro."
            }
            ErrorCode::LineTotalDiffers => {
                "Le total d'un article est de {actual} et son prix multiplié par la quantité donne {expected}.\n\
                 Le total d'un article ne correspond pas à son prix multiplié par la quantité."
            }
            ErrorCode::FiguresIncomplete => "Les chiffres du jour ne sont pas complets.",
            ErrorCode::ForeignUrl => self.status(Status::ForeignUrl),
            ErrorCode::UnknownOrder => self.status(Status::UnknownOrder),
            ErrorCode::WrongState => self.status(Status::WrongState),
            ErrorCode::TakenOver => self.status(Status::TakenOver),
            ErrorCode::TakenByOffice => "Le siège termine cette vente, rien n'a donc été envoyé.",
            ErrorCode::NotHandedOver => {
                "Une autre caisse modifie peut-être encore cette vente, car elle ne l'a pas cédée."
            }
            ErrorCode::TakenOverTwice => {
                "Deux caisses ont repris cette vente, rien n'a donc été modifié."
            }
            ErrorCode::InvalidDocument => {
                "Ce qu'une autre caisse a écrit de cette vente est abîmé ou a été modifié, la vente n'a donc pas été reprise."
            }
            ErrorCode::OrderBusy => self.status(Status::Busy),
            ErrorCode::CartChanged => "Le panier n'est pas celui que seQura a approuvé.",
            ErrorCode::AddressChanged => "L'adresse n'est pas celle que seQura a approuvée.",
            ErrorCode::CustomerChanged => {
                "Les données du client ne sont pas celles que seQura a approuvées."
            }
            ErrorCode::AmountAboveApproved => {
                "Le total de la vente est de {actual} et seQura n'a approuvé que {expected}.\n\
                 Le total de la vente dépasse le montant que seQura a approuvé."
            }
            ErrorCode::DuplicateOrderRef if confirmed => self.standing(State::RefConflicted),
            ErrorCode::DuplicateOrderRef => self.status(Status::DuplicateOrderRef),
            ErrorCode::NotApproved => "Le financement de cette vente n'est pas encore approuvé.",
            ErrorCode::AccessDenied => self.status(Status::Unauthorized),
            ErrorCode::BadMerchantId => {
                "Le code du magasin n'est pas du compte que la caisse utilise chez seQura."
            }
            ErrorCode::BadOrderId => {
                "Cette vente est introuvable chez seQura avec le compte que la caisse utilise."
            }
            ErrorCode::NoAccessToUrl => self.status(Status::Forbidden),
            ErrorCode::NotFound => self.status(Status::NotFound),
            ErrorCode::Gone => self.status(Status::Gone),
            ErrorCode::RateLimited => self.status(Status::RateLimited),
            ErrorCode::Unrecognised => {
                "L'opération a été refusée par seQura pour une raison que la caisse ne connaît pas."
            }
            ErrorCode::NameNotResolved | ErrorCode::ConnectionFailed => {
                "La caisse n'a pas pu joindre seQura\u{a0}; le magasin n'a peut-être pas d'internet."
            }
            ErrorCode::ProxyFailed => {
                "Le réseau du magasin ne laisse pas la caisse joindre seQura."
            }
            ErrorCode::TlsFailed => self.status(Status::Tls),
            ErrorCode::TimedOut => "La réponse de seQura n'est pas arrivée à temps.",
            ErrorCode::ConnectionLost => "La connexion a été coupée avant la réponse de seQura.",
            ErrorCode::ServerError => self.status(Status::ServerError),
            ErrorCode::MissingLocation
            | ErrorCode::ForeignLocation
            | ErrorCode::Redirected
            | ErrorCode::NotHttp
            | ErrorCode::AnswerTooLarge
            | ErrorCode::UnreadableAnswer
            | ErrorCode::UnexpectedStatus => self.status(Status::BadResponse),
            ErrorCode::NotSequrasAnswer => {
                "Autre chose que seQura a répondu à sa place et on ne sait pas si l'opération a été faite."
            }
            ErrorCode::JournalFull => "Le disque de la caisse est plein et rien n'a été envoyé.",
            ErrorCode::JournalReadOnly => {
                "La caisse n'a pas le droit de noter les ventes et rien n'a été envoyé."
            }
            ErrorCode::JournalCorrupt => {
                "Le fichier où la caisse note les ventes seQura est endommagé."
            }
            ErrorCode::JournalSetAside => {
                "Le fichier où la caisse note les ventes seQura était endommagé, il a été mis de côté et un nouveau a été commencé."
            }
            ErrorCode::JournalStrange => {
                "Un autre programme a modifié le fichier où la caisse note les ventes seQura."
            }
            ErrorCode::JournalIsACopy => {
                "Le fichier où la caisse note les ventes seQura est une copie et on ne vend pas avec une copie."
            }
            ErrorCode::JournalRestored => {
                "La caisse travaille avec une copie de son fichier et on ne sait pas ce qui a été fait ensuite de cette vente."
            }
            ErrorCode::JournalTooNew => {
                "Le fichier où la caisse note les ventes seQura vient d'une version plus récente du programme."
            }
            ErrorCode::JournalLost => {
                "Le fichier où la caisse note les ventes seQura a été déplacé, supprimé ou remplacé et rien n'a été envoyé."
            }
            ErrorCode::JournalRemote => {
                "Le fichier où la caisse note les ventes seQura est sur un autre ordinateur et rien n'a été envoyé."
            }
            ErrorCode::JournalSynchronised => {
                "Le fichier où la caisse note les ventes seQura est dans un dossier qui est copié vers d'autres ordinateurs."
            }
            ErrorCode::JournalReadable => {
                "D'autres personnes peuvent lire le fichier où la caisse note les ventes seQura."
            }
            ErrorCode::JournalLocked => {
                "Un autre programme utilise le fichier où la caisse note les ventes seQura."
            }
            ErrorCode::JournalFailed => self.status(Status::Journal),
            ErrorCode::OutcomeNotRecorded => {
                "La réponse de seQura est arrivée, mais la caisse n'a pas pu la noter."
            }
            ErrorCode::NotShipped => {
                "La vente est faite, mais seQura ne sait pas encore que la marchandise a été remise."
            }
            ErrorCode::ForwardingLags => {
                "Ce que vend cette caisse n'arrive plus au siège depuis un moment."
            }
            ErrorCode::OtherEndpoint => {
                "Il reste des ventes non terminées, faites avec d'autres réglages de seQura."
            }
            ErrorCode::Internal => self.status(Status::Internal),
        }
    }

    fn goods(&self, goods: Goods) -> &'static str {
        match goods {
            Goods::HandOver => "Vous pouvez remettre la marchandise au client.",
            Goods::NotYet => "Ne remettez pas encore la marchandise.",
            Goods::No => "Ne terminez pas la vente et ne remettez pas la marchandise.",
        }
    }

    fn next(&self, next: Next) -> &'static str {
        match next {
            Next::None => "",
            Next::SendForm => "Envoyez maintenant le formulaire au client.",
            Next::Confirm => {
                "Quand le client vous dit que seQura a approuvé, confirmez la vente à la caisse."
            }
            Next::SetOrderRef => {
                "Enregistrez maintenant chez seQura le numéro de ticket de cette vente."
            }
            Next::Ship => {
                "Signalez plus tard à seQura, à la caisse, que la marchandise a été remise."
            }
            Next::ChooseAnotherRef => {
                "Donnez un autre numéro de ticket à cette vente et réessayez."
            }
            Next::FixOrder => {
                "Corrigez la vente et réessayez\u{a0}; si c'est impossible, appelez l'assistance de la caisse."
            }
            Next::RestartCheckout => "Recommencez à la caisse la vente avec seQura.",
            Next::CallAgain => "Réessayez dans un instant.",
            Next::Recover => "Vérifiez à la caisse ce qu'est devenue la vente avant de la refaire.",
            Next::FixConfiguration => {
                "Demandez à l'assistance de la caisse de vérifier les réglages."
            }
            Next::ContactSequra => "Veuillez contacter seQura.",
        }
    }

    fn help(&self, help: Help) -> &'static str {
        match help {
            Help::CallSupport => "Appelez l'assistance de la caisse.",
            Help::RestartTill => {
                "Fermez le programme de la caisse et rouvrez-le\u{a0}; si cela se répète, appelez l'assistance."
            }
            Help::LookInPortal => {
                "Regardez sur le portail de seQura ce qu'est devenue la vente et indiquez-le à la caisse."
            }
            Help::PayOtherwise => "Proposez au client un autre moyen de paiement.",
            Help::RecoverPending => {
                "Vérifiez à la caisse ce que sont devenues les ventes non terminées."
            }
        }
    }

    fn field(&self, field: Field) -> &'static str {
        match field {
            Field::MobilePhone => "le numéro de mobile",
            Field::Phone => "le numéro de téléphone",
            Field::Email => "l'adresse électronique",
            Field::GivenNames => "le prénom",
            Field::Surnames => "le nom de famille",
            Field::BirthDate => "la date de naissance",
            Field::IdNumber => "le numéro de la pièce d'identité",
            Field::IdControlCode => "le code de contrôle de la pièce d'identité",
            Field::Company => "l'entreprise",
            Field::TaxNumber => "le numéro de TVA",
            Field::Customer => "les données du client",
            Field::AddressLine => "la rue et le numéro",
            Field::PostalCode => "le code postal",
            Field::City => "la ville",
            Field::Country => "le pays",
            Field::DeliveryAddress => "l'adresse de livraison",
            Field::InvoiceAddress => "l'adresse de facturation",
            Field::DeliveryMethod => "le mode de livraison",
            Field::Cart => "le panier",
            Field::CartTotal => "le total du panier",
            Field::Items => "les articles",
            Field::ItemReference => "la référence",
            Field::ItemName => "la désignation",
            Field::ItemPrice => "le prix",
            Field::ItemQuantity => "la quantité",
            Field::ItemTotal => "le montant",
            Field::ServiceEnd => "la fin du service",
            Field::Currency => "la monnaie",
            Field::Amount => "le montant à rembourser",
            Field::OrderRef => "le numéro de ticket",
            Field::Shop => "le code du magasin",
            Field::Other => "le champ {pointer}",
        }
    }

    fn missing(&self, _: bool) -> &'static str {
        "Il manque {field}."
    }

    fn place(&self, place: Place) -> &'static str {
        match place {
            Place::Item(_) => "de l'article {number}",
            Place::Customer => "du client",
            Place::DeliveryAddress => "de l'adresse de livraison",
            Place::InvoiceAddress => "de l'adresse de facturation",
        }
    }

    fn one_more(&self) -> &'static str {
        " (et il y a une autre erreur)"
    }

    fn many_more(&self) -> &'static str {
        " (et il y a {count} autres erreurs)"
    }
}
