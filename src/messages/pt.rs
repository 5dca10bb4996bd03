//! Portuguese, as in Portugal: "talão", "telemóvel", "registado".

use super::amount::{Currency, Money};
use super::field::{Field, Place};
use super::label::Label;
use super::phrases::{Done, Goods, Help, Phrases, Texts};
use crate::lifecycle::State;
use crate::status::Status;
use crate::vocabulary::{ErrorCode, Next};

pub(super) struct Portuguese;

impl Phrases for Portuguese {
    fn test(&self) -> &'static str {
        "TESTE"
    }

    fn receipt(&self, label: Label) -> &'static str {
        match label {
            Label::Sold => "Valor da venda",
            Label::Refunded => "Devolvido",
            Label::Total => "TOTAL",
            Label::Paid => "Pago com a seQura",
            Label::Pending => "A aguardar referência",
            Label::NothingLeft => "Devolvido na totalidade",
            Label::Reference => "Referência",
            Label::Conditions => {
                "A seQura envia ao cliente as condições do crédito por correio eletrónico."
            }
            Label::PayTo => "O que falta pagar paga-se à seQura, não à loja.",
            Label::ToRegister => "A loja ainda tem de registar esta venda na seQura.",
            Label::ChangeOpen => "Uma alteração desta venda aguarda a resposta da seQura.",
            Label::ToClear => "A loja tem de esclarecer esta venda com a seQura.",
            Label::Fee => "Despesas",
            Label::Refund => "Reembolso",
            Label::NotFiscal => "Não é um documento fiscal",
        }
    }

    fn money(&self) -> Money {
        // Portugal sets thousands apart with a space (Brazil uses the full stop).
        Money {
            decimal: ',',
            group: '\u{a0}',
            currency: Currency::After(' '),
        }
    }

    fn offer(&self, is_one: bool) -> &'static str {
        match is_one {
            false => "{count} pagamentos de {each}; total {total}; TAEG {apr} %",
            true => "{count} pagamento de {each}; total {total}; TAEG {apr} %",
        }
    }

    fn done(&self, done: Done) -> Texts {
        match done {
            Done::SolicitationReceived => {
                "O pedido de financiamento de {amount} chegou à seQura.\n\
                 O pedido de financiamento chegou à seQura."
            }
            Done::FormSent => "O formulário da seQura foi enviado para o telemóvel do cliente.",
            Done::FormMailed => "O formulário da seQura foi enviado ao cliente por e-mail.",
            Done::Held => "O pedido fica em espera enquanto a seQura o analisa.",
            Done::Confirmed => {
                "A venda de {amount} está confirmada com a seQura.\n\
                 A venda está confirmada com a seQura."
            }
            Done::ConfirmedAndSettled => {
                "A venda de {amount} está confirmada com a seQura e o talão {order_ref_1} ficou registado.\n\
                 A venda de {amount} está confirmada e registada na seQura.\n\
                 A venda está confirmada e registada na seQura."
            }
            Done::ReferenceRegistered => {
                "O talão {order_ref_1} ficou registado na seQura e a venda de {amount} está completa.\n\
                 O talão {order_ref_1} ficou registado na seQura e a venda está completa.\n\
                 O número do talão ficou registado na seQura e a venda está completa."
            }
            Done::Standing(state) => self.standing(state),
            Done::Updated => "As alterações da venda ficaram registadas na seQura.",
            Done::Shipped => "A entrega da mercadoria ficou registada na seQura.",
            Done::Refunded => {
                "O reembolso de {given_back} ficou registado na seQura.\n\
                 O reembolso ficou registado na seQura."
            }
            Done::RefundPreviewed => {
                "O reembolso seria de {given_back}; ainda não se fez nada.\n\
                 Não haveria nada a reembolsar e não se fez nada."
            }
            Done::Cancelled => "A venda foi anulada na seQura.",
            Done::HandedOver => "A venda fica cedida a outra caixa.",
            Done::AtOffice => "A central termina esta venda.",
            Done::TakenOver => "A venda foi assumida de outra caixa.",
            Done::DeliveryReported => "O relatório de entregas foi enviado à seQura.",
            Done::Ready => "A caixa está pronta para vender com a seQura.",
            Done::CredentialsAccepted => "As chaves da loja estão corretas e a seQura aceita-as.",
            Done::SelfTested => "A verificação da caixa com a seQura terminou.",
            Done::PaymentMethods => "Os meios de pagamento da seQura já estão disponíveis.",
            Done::CreditAgreements => {
                "Com a seQura, como disse há {age}: {offers}.\n\
                 Com a seQura: {offers}.\n\
                 Não há prestações da seQura que se possam anunciar com todo o seu custo para este montante."
            }
            Done::Checked => "Os dados da venda estão completos.",
            Done::Disbursements => "Os pagamentos da seQura à loja já estão disponíveis.",
            Done::Figures => "Os números das vendas com a seQura já estão disponíveis.",
            Done::Receipt => "O comprovativo para o cliente está pronto.",
            Done::Pending => "A lista de vendas com a seQura por terminar já está disponível.",
            Done::Recovered => "A verificação das vendas por terminar acabou.",
            Done::Reconciled => "As vendas foram comparadas com os pagamentos da seQura.",
            Done::Log => "O histórico de operações com a seQura já está disponível.",
            Done::LogDismissed => "O aviso fica marcado como resolvido.",
            Done::Echo => "O teste de textos correu bem.",
        }
    }

    fn standing(&self, state: State) -> Texts {
        match state {
            State::Soliciting => {
                "Falta a resposta da seQura e não se sabe se o pedido de financiamento chegou."
            }
            State::Solicited => {
                "O pedido está na seQura, mas o cliente ainda não tem o formulário."
            }
            State::FormSent => "O cliente tem o formulário e a venda ainda não está confirmada.",
            State::Held => "O pedido está em espera enquanto a seQura o analisa.",
            State::Confirming => {
                "Falta a resposta da seQura e não se sabe se a venda de {amount} ficou confirmada.\n\
                 Falta a resposta da seQura e não se sabe se a venda ficou confirmada."
            }
            State::Confirmed => {
                "A venda está confirmada, mas o número do talão não está registado na seQura."
            }
            State::Referencing => {
                "A venda está confirmada, mas não se sabe se a seQura registou o talão {order_ref_1}.\n\
                 A venda está confirmada, mas não se sabe se a seQura registou o número do talão."
            }
            State::Settled => "A venda está confirmada e registada na seQura.",
            State::Conflicted => "A venda não foi aceite pela seQura e não está confirmada.",
            State::RefConflicted => {
                "A venda está confirmada, mas a seQura não a pode pagar porque o talão {order_ref_1} já foi usado noutra venda.\n\
                 A venda está confirmada, mas a seQura não a pode pagar porque o número do talão já foi usado noutra venda."
            }
            State::Cancelled => "A venda está anulada na seQura.",
            State::Abandoned => "O pedido desta venda foi abandonado sem confirmação.",
        }
    }

    fn impossible(&self) -> &'static str {
        "Agora não é possível fazer isto: "
    }

    fn status(&self, status: Status) -> Texts {
        match status {
            Status::Ok => "A operação correu bem.",
            Status::InvalidArgument => {
                "A caixa pediu a operação de forma incorreta e não foi enviado nada."
            }
            Status::InvalidHandle => {
                "A ligação da caixa à seQura está fechada e não foi enviado nada."
            }
            Status::InvalidText => {
                "Um texto tem letras que não se conseguem ler e não foi enviado nada."
            }
            Status::InvalidJson => "A caixa preparou mal os dados e não foi enviado nada.",
            Status::InvalidConfig => {
                "A configuração da caixa para a seQura não está correta ({pointer}).\n\
                 A configuração da caixa para a seQura não está correta."
            }
            Status::InvalidOrder => {
                "Os dados da venda não estão corretos e não foi enviado nada à seQura."
            }
            Status::ForeignUrl => {
                "Esta venda não é do serviço da seQura que a caixa usa e não foi enviado nada."
            }
            Status::UnknownOrder => "A caixa não tem registo desta venda com a seQura.",
            Status::TakenOver => "Outra caixa continua com esta venda, por isso nada foi enviado.",
            Status::WrongState => "Esta venda não está no ponto em que se pode fazer isto.",
            Status::BufferTooSmall => "O programa da caixa não conseguiu ler a resposta completa.",
            Status::Conflict => "A venda não foi aceite pela seQura tal como está.",
            Status::DuplicateOrderRef => {
                "O número de talão {order_ref_1} já foi usado noutra venda com a seQura.\n\
                 O número do talão já foi usado noutra venda com a seQura."
            }
            Status::Unauthorized => "As chaves da loja não foram aceites pela seQura.",
            Status::Forbidden => "A conta da loja não tem autorização da seQura para fazer isto.",
            Status::NotFound => "O que a caixa pede não se encontra na seQura.",
            Status::Gone => "Este pedido já não pode ser usado na seQura.",
            Status::RateLimited => "Houve demasiadas tentativas em pouco tempo.",
            Status::Refused => "A operação foi recusada pela seQura.",
            Status::Unreachable => "Não foi possível ligar à seQura e não foi enviado nada.",
            Status::OutcomeUnknown => {
                "Falta a resposta da seQura e não se sabe se a operação foi feita."
            }
            Status::Tls => "A ligação à seQura não é segura e não foi enviado nada.",
            Status::BadResponse => "A resposta da seQura não se entende.",
            Status::ServerError => "O serviço da seQura tem uma avaria neste momento.",
            Status::Journal => "A caixa não conseguiu anotar a operação e não foi enviado nada.",
            Status::Busy => "Outra caixa ou outro programa está a trabalhar nesta venda.",
            Status::Internal => "O programa da seQura nesta caixa teve uma falha.",
        }
    }

    fn unsaid(&self) -> Texts {
        "A resposta da seQura não diz se uma tentativa anterior chegou a ser feita."
    }

    fn rejected(&self) -> Texts {
        "A seQura recusou esta compra."
    }

    fn form_may_ask(&self) -> Texts {
        "Faltam dados do cliente, como {field}; o formulário da seQura pode pedir-lhos.\n\
             Faltam dados do cliente; o formulário da seQura pode pedir-lhos."
    }

    fn error(&self, code: ErrorCode, confirmed: bool) -> Texts {
        match code {
            ErrorCode::NullArgument => "Falta um dado à operação e não foi enviado nada.",
            ErrorCode::ArgumentOutOfRange => {
                "A caixa deu um valor impossível e não foi enviado nada."
            }
            ErrorCode::InvalidHandle => self.status(Status::InvalidHandle),
            ErrorCode::PoisonedHandle => {
                "A ligação da caixa à seQura parou por causa de uma falha anterior."
            }
            ErrorCode::InvalidText => self.status(Status::InvalidText),
            ErrorCode::InvalidJson => self.status(Status::InvalidJson),
            ErrorCode::DuplicateKey => {
                "A venda tem um dado repetido: {field}.\n\
                 A venda tem um dado repetido."
            }
            ErrorCode::TooLarge => {
                "A venda tem mais do que se pode enviar à seQura: {field}.\n\
                 A venda tem mais do que se pode enviar à seQura."
            }
            ErrorCode::MoreErrors => "Há mais erros do que os que se podem mostrar.",
            ErrorCode::DoubtfulSetting => {
                "Um dado da configuração da caixa provavelmente não é o que se queria."
            }
            ErrorCode::UnknownKey => {
                "A configuração da caixa tem um dado desconhecido ({pointer}).\n\
                 A configuração da caixa tem um dado desconhecido."
            }
            ErrorCode::FileUnreadable => {
                "A caixa não consegue ler o que a sua configuração para a seQura indica ({pointer}).\n\
                 A caixa não consegue ler a sua configuração para a seQura."
            }
            ErrorCode::AmbiguousPath => {
                "Um ficheiro indicado na configuração da caixa está em dois sítios."
            }
            ErrorCode::OtherFolder => {
                "Um ficheiro indicado na configuração da caixa não estava no seu lugar e foi encontrado noutro."
            }
            ErrorCode::InsecureUrl => "A configuração da caixa usa uma ligação que não é segura.",
            ErrorCode::MissingField | ErrorCode::EmptyText => {
                "Falta um dado da venda: {field}.\n\
                 Falta um dado da venda."
            }
            ErrorCode::WrongType
            | ErrorCode::NotAnInteger
            | ErrorCode::InvalidValue
            | ErrorCode::InvalidDuration
            | ErrorCode::InvalidLanguage
            | ErrorCode::InvalidIpAddress
            | ErrorCode::InvalidUrl => {
                "Um dado da venda não está correto: {field}.\n\
                 Um dado da venda não está correto."
            }
            ErrorCode::OutOfRange => {
                "Um número da venda é demasiado grande ou demasiado pequeno: {field}.\n\
                 Um número da venda é demasiado grande ou demasiado pequeno."
            }
            ErrorCode::InvalidDate => {
                "Uma data da venda não está correta: {field}.\n\
                 Uma data da venda não está correta."
            }
            ErrorCode::InvalidCountry => "O país indicado na venda não está correto.",
            ErrorCode::CountryUnderstood => {
                "O país da venda foi entendido, embora não esteja escrito com o seu código de duas letras."
            }
            ErrorCode::InvalidCurrency => "A moeda da venda não está correta.",
            ErrorCode::InvalidEmail => "O e-mail do cliente não está correto.",
            ErrorCode::InvalidPhone => "O número de telefone do cliente não está correto.",
            ErrorCode::MutuallyExclusive => {
                "A venda tem dados que se contradizem, ou falta um deles: {field}.\n\
                 A venda tem dados que se contradizem, ou falta um deles."
            }
            ErrorCode::ForbiddenField => {
                "A venda tem um dado a mais: {field}.\n\
                 A venda tem um dado a mais."
            }
            ErrorCode::CallbackNotAllowed => {
                "A caixa preparou a venda como se fosse pela internet, e assim não pode ser enviada."
            }
            ErrorCode::UnknownItemType => {
                "O cesto tem um artigo de um tipo que a seQura não conhece: {field}.\n\
                 O cesto tem um artigo de um tipo que a seQura não conhece."
            }
            ErrorCode::CartTotalMismatch => {
                "O total do cesto é {actual} e os artigos somam {expected}: há {difference} de diferença.\n\
                 O total do cesto não coincide com a soma dos artigos."
            }
            ErrorCode::CurrencyMismatch => "A venda tem valores em moedas diferentes.",
            ErrorCode::MobilePhoneRequired => {
                "Falta o telemóvel do cliente, para onde é enviado o formulário da seQura."
            }
            ErrorCode::NotAMobile => {
                "O telefone do cliente não é um telemóvel, e o formulário da seQura é enviado para um telemóvel."
            }
            ErrorCode::ForeignMobile => {
                "O telemóvel do cliente é de outro país; a mensagem com o formulário pode não chegar."
            }
            ErrorCode::ProductNotOffered => {
                "Esta venda não pode ser paga com o produto da seQura escolhido: o total é {actual} e o limite é {expected}.\n\
                 Esta venda não pode ser paga com o produto da seQura escolhido."
            }
            ErrorCode::ProductUnchecked => {
                "Não se sabe se esta venda pode ser paga com o produto da seQura escolhido."
            }
            ErrorCode::NoMerchantForCountry => {
                "Esta caixa não pode vender com a seQura no país da venda."
            }
            ErrorCode::MerchantMismatch => "A loja desta venda não é a certa.",
            ErrorCode::UnknownField => {
                "A venda tem um dado que a seQura não conhece: {field}.\n\
                 A venda tem um dado que a seQura não conhece."
            }
            ErrorCode::ExcludedItem => "Há um artigo que esta loja não vende com a seQura.",
            ErrorCode::ClockSkew => "O relógio da caixa está errado e tem de ser acertado.",
            ErrorCode::ClockDoubtful => {
                "O relógio da caixa pode estar errado: é preciso verificar a data e a hora."
            }
            ErrorCode::RoundingLine => {
                "O cesto tem uma linha de arredondamento de {actual}.\n\
                 O cesto tem uma linha de arredondamento."
            }
            ErrorCode::NoSuchLine => "Já não resta nenhum artigo assim nesta venda.",
            ErrorCode::AmbiguousLine => {
                "Vários artigos têm o mesmo código e a caixa não disse qual."
            }
            ErrorCode::MoreThanThereIs => "Foi pedido mais do que resta nesta venda.",
            ErrorCode::NegativeTotal => {
                "Uma parte da venda, ou o que é devolvido, ficaria abaixo de zero."
            }
            ErrorCode::LineTotalDiffers => {
                "O total de um artigo é {actual} e o preço vezes a quantidade dá {expected}.\n\
                 O total de um artigo não coincide com o preço vezes a quantidade."
            }
            ErrorCode::FiguresIncomplete => "Os números do dia não estão completos.",
            ErrorCode::ForeignUrl => self.status(Status::ForeignUrl),
            ErrorCode::UnknownOrder => self.status(Status::UnknownOrder),
            ErrorCode::WrongState => self.status(Status::WrongState),
            ErrorCode::TakenOver => self.status(Status::TakenOver),
            ErrorCode::TakenByOffice => "A central termina esta venda, por isso nada foi enviado.",
            ErrorCode::NotHandedOver => {
                "Talvez outra caixa ainda altere esta venda, porque não a cedeu."
            }
            ErrorCode::TakenOverTwice => {
                "Duas caixas assumiram esta venda, por isso nada foi alterado."
            }
            ErrorCode::InvalidDocument => {
                "O que outra caixa escreveu sobre esta venda está danificado ou foi alterado, por isso a venda não foi assumida."
            }
            ErrorCode::OrderBusy => self.status(Status::Busy),
            ErrorCode::CartChanged => "O cesto não é o mesmo que a seQura aprovou.",
            ErrorCode::AddressChanged => "A morada não é a mesma que a seQura aprovou.",
            ErrorCode::CustomerChanged => {
                "Os dados do cliente não são os mesmos que a seQura aprovou."
            }
            ErrorCode::AmountAboveApproved => {
                "O total da venda é {actual} e a seQura aprovou apenas {expected}.\n\
                 O total da venda é maior do que o valor que a seQura aprovou."
            }
            ErrorCode::DuplicateOrderRef if confirmed => self.standing(State::RefConflicted),
            ErrorCode::DuplicateOrderRef => self.status(Status::DuplicateOrderRef),
            ErrorCode::NotApproved => "O financiamento desta venda ainda não está aprovado.",
            ErrorCode::AccessDenied => self.status(Status::Unauthorized),
            ErrorCode::BadMerchantId => {
                "O código da loja não é da conta que a caixa usa na seQura."
            }
            ErrorCode::BadOrderId => {
                "Esta venda não se encontra na seQura com a conta que a caixa usa."
            }
            ErrorCode::NoAccessToUrl => self.status(Status::Forbidden),
            ErrorCode::NotFound => self.status(Status::NotFound),
            ErrorCode::Gone => self.status(Status::Gone),
            ErrorCode::RateLimited => self.status(Status::RateLimited),
            ErrorCode::Unrecognised => {
                "A operação foi recusada pela seQura por um motivo que a caixa não conhece."
            }
            ErrorCode::NameNotResolved | ErrorCode::ConnectionFailed => {
                "Não foi possível ligar à seQura; talvez a loja esteja sem internet."
            }
            ErrorCode::ProxyFailed => "A rede da loja não deixa a caixa ligar à seQura.",
            ErrorCode::TlsFailed => self.status(Status::Tls),
            ErrorCode::TimedOut => "A resposta da seQura não chegou a tempo.",
            ErrorCode::ConnectionLost => "A ligação foi cortada antes da resposta da seQura.",
            ErrorCode::ServerError => self.status(Status::ServerError),
            ErrorCode::MissingLocation
            | ErrorCode::ForeignLocation
            | ErrorCode::Redirected
            | ErrorCode::NotHttp
            | ErrorCode::AnswerTooLarge
            | ErrorCode::UnreadableAnswer
            | ErrorCode::UnexpectedStatus => self.status(Status::BadResponse),
            ErrorCode::NotSequrasAnswer => {
                "Algo entre a caixa e a seQura respondeu no seu lugar e não se sabe se a operação foi feita."
            }
            ErrorCode::JournalFull => "O disco da caixa está cheio e não foi enviado nada.",
            ErrorCode::JournalReadOnly => {
                "A caixa não tem autorização para anotar as vendas e não foi enviado nada."
            }
            ErrorCode::JournalCorrupt => {
                "O ficheiro onde a caixa anota as vendas com a seQura está danificado."
            }
            ErrorCode::JournalSetAside => {
                "O ficheiro onde a caixa anota as vendas com a seQura estava danificado, foi posto de lado e foi começado outro."
            }
            ErrorCode::JournalStrange => {
                "Outro programa alterou o ficheiro onde a caixa anota as vendas com a seQura."
            }
            ErrorCode::JournalIsACopy => {
                "O ficheiro onde a caixa anota as vendas com a seQura é uma cópia e com uma cópia não se vende."
            }
            ErrorCode::JournalRestored => {
                "A caixa trabalha com uma cópia do seu ficheiro e não se sabe o que foi feito depois com esta venda."
            }
            ErrorCode::JournalTooNew => {
                "O ficheiro onde a caixa anota as vendas com a seQura é de uma versão mais recente do programa."
            }
            ErrorCode::JournalLost => {
                "O ficheiro onde a caixa anota as vendas com a seQura foi movido, apagado ou substituído e não foi enviado nada."
            }
            ErrorCode::JournalRemote => {
                "O ficheiro onde a caixa anota as vendas com a seQura está noutro computador e não foi enviado nada."
            }
            ErrorCode::JournalSynchronised => {
                "O ficheiro onde a caixa anota as vendas com a seQura está numa pasta que é copiada para outros computadores."
            }
            ErrorCode::JournalReadable => {
                "Outras pessoas podem ler o ficheiro onde a caixa anota as vendas com a seQura."
            }
            ErrorCode::JournalLocked => {
                "Outro programa está a usar o ficheiro onde a caixa anota as vendas com a seQura."
            }
            ErrorCode::JournalFailed => self.status(Status::Journal),
            ErrorCode::OutcomeNotRecorded => {
                "A resposta da seQura chegou, mas a caixa não conseguiu anotá-la."
            }
            ErrorCode::NotShipped => {
                "A venda está feita, mas a seQura ainda não sabe que a mercadoria foi entregue."
            }
            ErrorCode::ForwardingLags => {
                "O que esta caixa vende não chega à central há algum tempo."
            }
            ErrorCode::OtherEndpoint => {
                "Há vendas por terminar, feitas com outra configuração da seQura."
            }
            ErrorCode::Internal => self.status(Status::Internal),
        }
    }

    fn goods(&self, goods: Goods) -> &'static str {
        match goods {
            Goods::HandOver => "Já pode entregar a mercadoria.",
            Goods::NotYet => "Não entregue ainda a mercadoria.",
            Goods::No => "Não conclua a venda nem entregue a mercadoria.",
        }
    }

    fn next(&self, next: Next) -> &'static str {
        match next {
            Next::None => "",
            Next::SendForm => "Envie agora o formulário ao cliente.",
            Next::Confirm => {
                "Quando o cliente lhe disser que a seQura aprovou, confirme a venda na caixa."
            }
            Next::SetOrderRef => "Registe agora na seQura o número do talão desta venda.",
            Next::Ship => "Comunique mais tarde à seQura, na caixa, que a mercadoria foi entregue.",
            Next::ChooseAnotherRef => "Dê outro número de talão a esta venda e tente novamente.",
            Next::FixOrder => {
                "Corrija a venda e tente novamente; se não conseguir, contacte a assistência da caixa."
            }
            Next::RestartCheckout => "Comece de novo na caixa a venda com a seQura.",
            Next::CallAgain => "Tente novamente dentro de momentos.",
            Next::Recover => "Verifique na caixa como ficou a venda antes de a repetir.",
            Next::FixConfiguration => "Peça à assistência da caixa que verifique a configuração.",
            Next::ContactSequra => "Entre em contacto com a seQura.",
        }
    }

    fn help(&self, help: Help) -> &'static str {
        match help {
            Help::CallSupport => "Contacte a assistência da caixa.",
            Help::RestartTill => {
                "Feche o programa da caixa e volte a abri-lo; se acontecer de novo, contacte a assistência da caixa."
            }
            Help::LookInPortal => {
                "Veja no portal da seQura como ficou a venda e indique-o na caixa."
            }
            Help::PayOtherwise => "Proponha ao cliente outra forma de pagamento.",
            Help::RecoverPending => "Verifique na caixa como ficaram as vendas por terminar.",
        }
    }

    fn field(&self, field: Field) -> &'static str {
        match field {
            Field::MobilePhone => "o telemóvel",
            Field::Phone => "o telefone",
            Field::Email => "o e-mail",
            Field::GivenNames => "o nome próprio",
            Field::Surnames => "o apelido",
            Field::BirthDate => "a data de nascimento",
            Field::IdNumber => "o número de identificação",
            Field::IdControlCode => "o código de controlo do documento de identificação",
            Field::Company => "a empresa",
            Field::TaxNumber => "o NIF",
            Field::Customer => "os dados do cliente",
            Field::AddressLine => "a rua e o número",
            Field::PostalCode => "o código postal",
            Field::City => "a localidade",
            Field::Country => "o país",
            Field::DeliveryAddress => "a morada de entrega",
            Field::InvoiceAddress => "a morada de faturação",
            Field::DeliveryMethod => "o modo de entrega",
            Field::Cart => "o cesto",
            Field::CartTotal => "o total do cesto",
            Field::Items => "os artigos",
            Field::ItemReference => "a referência",
            Field::ItemName => "a descrição",
            Field::ItemPrice => "o preço",
            Field::ItemQuantity => "a quantidade",
            Field::ItemTotal => "o valor",
            Field::ServiceEnd => "o fim do serviço",
            Field::Currency => "a moeda",
            Field::Amount => "o valor a reembolsar",
            Field::OrderRef => "o número do talão",
            Field::Shop => "o código da loja",
            Field::Other => "o campo {pointer}",
        }
    }

    fn missing(&self, is_many: bool) -> &'static str {
        match is_many {
            false => "Falta {field}.",
            true => "Faltam {field}.",
        }
    }

    fn place(&self, place: Place) -> &'static str {
        match place {
            Place::Item(_) => "do artigo {number}",
            Place::Customer => "do cliente",
            Place::DeliveryAddress => "da morada de entrega",
            Place::InvoiceAddress => "da morada de faturação",
        }
    }

    fn one_more(&self) -> &'static str {
        " (e há mais um erro)"
    }

    fn many_more(&self) -> &'static str {
        " (e há mais {count} erros)"
    }
}
