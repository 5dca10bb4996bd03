//! Spanish.

use super::amount::{Currency, Money};
use super::field::{Field, Place};
use super::label::Label;
use super::phrases::{Done, Goods, Help, Phrases, Texts};
use crate::lifecycle::State;
use crate::status::Status;
use crate::vocabulary::{ErrorCode, Next};

pub(super) struct Spanish;

impl Phrases for Spanish {
    fn test(&self) -> &'static str {
        "PRUEBA"
    }

    fn receipt(&self, label: Label) -> &'static str {
        match label {
            Label::Sold => "Importe de la venta",
            Label::Refunded => "Devuelto",
            Label::Total => "TOTAL",
            Label::Paid => "Pagado con seQura",
            Label::Pending => "Pendiente de referencia",
            Label::NothingLeft => "Devuelto por completo",
            Label::Reference => "Referencia",
            Label::Conditions => {
                "seQura envía al cliente las condiciones del crédito por correo electrónico."
            }
            Label::PayTo => "Lo que queda por pagar se paga a seQura, no a la tienda.",
            Label::ToRegister => "La tienda aún tiene que registrar esta venta en seQura.",
            Label::ChangeOpen => "Un cambio de esta venta espera la respuesta de seQura.",
            Label::ToClear => "La tienda debe aclarar esta venta con seQura.",
            Label::Fee => "Gastos",
            Label::Refund => "Devolución",
            Label::NotFiscal => "No es un documento fiscal",
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
            false => "{count} pagos de {each}; total {total}; TAE {apr} %",
            true => "{count} pago de {each}; total {total}; TAE {apr} %",
        }
    }

    fn done(&self, done: Done) -> Texts {
        match done {
            Done::SolicitationReceived => {
                "La solicitud de financiación de {amount} ha llegado a seQura.\n\
                 La solicitud de financiación ha llegado a seQura."
            }
            Done::FormSent => "El formulario de seQura se ha enviado al móvil del cliente.",
            Done::FormMailed => {
                "El formulario de seQura se ha enviado al cliente por correo electrónico."
            }
            Done::Held => "La solicitud queda en espera mientras seQura la revisa.",
            Done::Confirmed => {
                "La venta de {amount} está confirmada con seQura.\n\
                 La venta está confirmada con seQura."
            }
            Done::ConfirmedAndSettled => {
                "La venta de {amount} está confirmada con seQura y el ticket {order_ref_1} ha quedado registrado.\n\
                 La venta de {amount} está confirmada y registrada en seQura.\n\
                 La venta está confirmada y registrada en seQura."
            }
            Done::ReferenceRegistered => {
                "El ticket {order_ref_1} ha quedado registrado en seQura y la venta de {amount} está completa.\n\
                 El ticket {order_ref_1} ha quedado registrado en seQura y la venta está completa.\n\
                 El número de ticket ha quedado registrado en seQura y la venta está completa."
            }
            Done::Standing(state) => self.standing(state),
            Done::Updated => "Los cambios de la venta han quedado registrados en seQura.",
            Done::Shipped => "La entrega de la mercancía ha quedado registrada en seQura.",
            Done::Refunded => {
                "La devolución de {given_back} ha quedado registrada en seQura.\n\
                 La devolución ha quedado registrada en seQura."
            }
            Done::RefundPreviewed => {
                "Se devolverían {given_back}; todavía no se ha hecho nada.\n\
                 No habría nada que devolver y no se ha hecho nada."
            }
            Done::Cancelled => "La venta ha quedado anulada en seQura.",
            Done::HandedOver => "La venta queda cedida a otra caja.",
            Done::AtOffice => "La central termina esta venta.",
            Done::TakenOver => "La venta se ha tomado de otra caja.",
            Done::DeliveryReported => "El informe de entregas se ha enviado a seQura.",
            Done::Ready => "La caja está preparada para vender con seQura.",
            Done::CredentialsAccepted => {
                "Las claves de la tienda son correctas y seQura las acepta."
            }
            Done::SelfTested => "La comprobación de la caja con seQura ha terminado.",
            Done::PaymentMethods => "Las formas de pago de seQura ya están disponibles.",
            Done::CreditAgreements => {
                "Con seQura, según dijo hace {age}: {offers}.\n\
                 Con seQura: {offers}.\n\
                 No hay pagos a plazos de seQura que se puedan anunciar con todo su coste para este importe."
            }
            Done::Checked => "Los datos de la venta están completos.",
            Done::Disbursements => "Los pagos de seQura a la tienda ya están disponibles.",
            Done::Figures => "Las cifras de las ventas con seQura ya están disponibles.",
            Done::Receipt => "El comprobante para el cliente está listo.",
            Done::Pending => "La lista de ventas con seQura sin terminar ya está disponible.",
            Done::Recovered => "La comprobación de las ventas sin terminar ha acabado.",
            Done::Reconciled => "Las ventas se han comparado con los pagos de seQura.",
            Done::Log => "El historial de operaciones con seQura ya está disponible.",
            Done::LogDismissed => "El aviso queda marcado como resuelto.",
            Done::Echo => "La prueba de textos ha salido bien.",
        }
    }

    fn standing(&self, state: State) -> Texts {
        match state {
            State::Soliciting => {
                "Falta la respuesta de seQura y no se sabe si la solicitud de financiación ha llegado."
            }
            State::Solicited => {
                "La solicitud está en seQura, pero el cliente aún no tiene el formulario."
            }
            State::FormSent => "El cliente tiene el formulario y la venta aún no está confirmada.",
            State::Held => "La solicitud está en espera mientras seQura la revisa.",
            State::Confirming => {
                "Falta la respuesta de seQura y no se sabe si la venta de {amount} ha quedado confirmada.\n\
                 Falta la respuesta de seQura y no se sabe si la venta ha quedado confirmada."
            }
            State::Confirmed => {
                "La venta está confirmada, pero su número de ticket no está registrado en seQura."
            }
            State::Referencing => {
                "La venta está confirmada, pero no se sabe si seQura ha registrado el ticket {order_ref_1}.\n\
                 La venta está confirmada, pero no se sabe si seQura ha registrado el número de ticket."
            }
            State::Settled => "La venta está confirmada y registrada en seQura.",
            State::Conflicted => "La venta no ha sido aceptada por seQura y no está confirmada.",
            State::RefConflicted => {
                "La venta está confirmada, pero seQura no puede pagarla porque el ticket {order_ref_1} ya se usó en otra venta.\n\
                 La venta está confirmada, pero seQura no puede pagarla porque su número de ticket ya se usó en otra venta."
            }
            State::Cancelled => "La venta está anulada en seQura.",
            State::Abandoned => "La solicitud de esta venta se abandonó sin confirmar.",
        }
    }

    fn impossible(&self) -> &'static str {
        "Ahora no se puede hacer esto: "
    }

    fn status(&self, status: Status) -> Texts {
        match status {
            Status::Ok => "La operación ha salido bien.",
            Status::InvalidArgument => {
                "La caja ha pedido la operación de forma incorrecta y no se ha enviado nada."
            }
            Status::InvalidHandle => {
                "La conexión de la caja con seQura está cerrada y no se ha enviado nada."
            }
            Status::InvalidText => {
                "Un texto tiene letras que no se pueden leer y no se ha enviado nada."
            }
            Status::InvalidJson => "La caja ha preparado mal los datos y no se ha enviado nada.",
            Status::InvalidConfig => {
                "La configuración de la caja para seQura no es correcta ({pointer}).\n\
                 La configuración de la caja para seQura no es correcta."
            }
            Status::InvalidOrder => {
                "Los datos de la venta no son correctos y no se ha enviado nada a seQura."
            }
            Status::ForeignUrl => {
                "Esta venta no es del servicio de seQura que usa la caja y no se ha enviado nada."
            }
            Status::UnknownOrder => "La caja no tiene apuntada esta venta con seQura.",
            Status::TakenOver => "Otra caja sigue con esta venta, así que no se ha enviado nada.",
            Status::WrongState => "Esta venta no está en el punto en que se puede hacer esto.",
            Status::BufferTooSmall => {
                "El programa de la caja no ha podido leer la respuesta completa."
            }
            Status::Conflict => "La venta no ha sido aceptada por seQura tal como está.",
            Status::DuplicateOrderRef => {
                "El número de ticket {order_ref_1} ya se usó en otra venta con seQura.\n\
                 El número de ticket ya se usó en otra venta con seQura."
            }
            Status::Unauthorized => "Las claves de la tienda no han sido aceptadas por seQura.",
            Status::Forbidden => {
                "La cuenta de la tienda no tiene permiso de seQura para hacer esto."
            }
            Status::NotFound => "Lo que pide la caja no se encuentra en seQura.",
            Status::Gone => "Esta solicitud ya no se puede usar en seQura.",
            Status::RateLimited => "Se ha intentado demasiadas veces en poco tiempo.",
            Status::Refused => "La operación ha sido rechazada por seQura.",
            Status::Unreachable => "No se ha podido conectar con seQura y no se ha enviado nada.",
            Status::OutcomeUnknown => {
                "Falta la respuesta de seQura y no se sabe si la operación se ha hecho."
            }
            Status::Tls => "La conexión con seQura no es segura y no se ha enviado nada.",
            Status::BadResponse => "La respuesta de seQura no se entiende.",
            Status::ServerError => "El servicio de seQura tiene un fallo en este momento.",
            Status::Journal => "La caja no ha podido apuntar la operación y no se ha enviado nada.",
            Status::Busy => "Otra caja u otro programa está trabajando con esta venta.",
            Status::Internal => "El programa de seQura de esta caja ha tenido un fallo.",
        }
    }

    fn unsaid(&self) -> Texts {
        "La respuesta de seQura no dice si un intento anterior llegó a hacerse."
    }

    fn rejected(&self) -> Texts {
        "seQura ha rechazado esta compra."
    }

    fn form_may_ask(&self) -> Texts {
        "Faltan datos del cliente, como {field}; el formulario de seQura puede pedírselos.\n\
             Faltan datos del cliente; el formulario de seQura puede pedírselos."
    }

    fn error(&self, code: ErrorCode, confirmed: bool) -> Texts {
        match code {
            ErrorCode::NullArgument => "A la operación le falta un dato y no se ha enviado nada.",
            ErrorCode::ArgumentOutOfRange => {
                "La caja ha dado un dato imposible y no se ha enviado nada."
            }
            ErrorCode::InvalidHandle => self.status(Status::InvalidHandle),
            ErrorCode::PoisonedHandle => {
                "La conexión de la caja con seQura se ha parado por un fallo anterior."
            }
            ErrorCode::InvalidText => self.status(Status::InvalidText),
            ErrorCode::InvalidJson => self.status(Status::InvalidJson),
            ErrorCode::DuplicateKey => {
                "La venta tiene un dato repetido: {field}.\n\
                 La venta tiene un dato repetido."
            }
            ErrorCode::TooLarge => {
                "La venta tiene más de lo que se puede enviar a seQura: {field}.\n\
                 La venta tiene más de lo que se puede enviar a seQura."
            }
            ErrorCode::MoreErrors => "Hay más errores de los que se pueden mostrar.",
            ErrorCode::DoubtfulSetting => {
                "Un dato de la configuración de la caja probablemente no es el que se quería."
            }
            ErrorCode::UnknownKey => {
                "La configuración de la caja tiene un dato que no se conoce ({pointer}).\n\
                 La configuración de la caja tiene un dato que no se conoce."
            }
            ErrorCode::FileUnreadable => {
                "La caja no puede leer lo que nombra su configuración para seQura ({pointer}).\n\
                 La caja no puede leer su configuración para seQura."
            }
            ErrorCode::AmbiguousPath => {
                "Un archivo que nombra la configuración de la caja está en dos sitios."
            }
            ErrorCode::OtherFolder => {
                "Un archivo que nombra la configuración de la caja no estaba en su sitio y se ha encontrado en otro."
            }
            ErrorCode::InsecureUrl => {
                "La configuración de la caja usa una conexión que no es segura."
            }
            ErrorCode::MissingField | ErrorCode::EmptyText => {
                "Falta un dato de la venta: {field}.\n\
                 Falta un dato de la venta."
            }
            ErrorCode::WrongType
            | ErrorCode::NotAnInteger
            | ErrorCode::InvalidValue
            | ErrorCode::InvalidDuration
            | ErrorCode::InvalidLanguage
            | ErrorCode::InvalidIpAddress
            | ErrorCode::InvalidUrl => {
                "Un dato de la venta no es correcto: {field}.\n\
                 Un dato de la venta no es correcto."
            }
            ErrorCode::OutOfRange => {
                "Un número de la venta es demasiado grande o demasiado pequeño: {field}.\n\
                 Un número de la venta es demasiado grande o demasiado pequeño."
            }
            ErrorCode::InvalidDate => {
                "Una fecha de la venta no es correcta: {field}.\n\
                 Una fecha de la venta no es correcta."
            }
            ErrorCode::InvalidCountry => "El país que figura en la venta no es correcto.",
            ErrorCode::CountryUnderstood => {
                "El país que figura en la venta se ha entendido, aunque no está escrito con su código de dos letras."
            }
            ErrorCode::InvalidCurrency => "La moneda de la venta no es correcta.",
            ErrorCode::InvalidEmail => "El correo electrónico del cliente no es correcto.",
            ErrorCode::InvalidPhone => "El número de teléfono del cliente no es correcto.",
            ErrorCode::MutuallyExclusive => {
                "La venta tiene datos que se contradicen o a los que les falta uno: {field}.\n\
                 La venta tiene datos que se contradicen o a los que les falta uno."
            }
            ErrorCode::ForbiddenField => {
                "La venta tiene un dato que sobra: {field}.\n\
                 La venta tiene un dato que sobra."
            }
            ErrorCode::CallbackNotAllowed => {
                "La caja ha preparado la venta como si fuera de internet, y así no se puede enviar."
            }
            ErrorCode::UnknownItemType => {
                "La cesta tiene un artículo de un tipo que seQura no conoce: {field}.\n\
                 La cesta tiene un artículo de un tipo que seQura no conoce."
            }
            ErrorCode::CartTotalMismatch => {
                "El total de la cesta es {actual} y sus artículos suman {expected}: hay {difference} de diferencia.\n\
                 El total de la cesta no coincide con la suma de sus artículos."
            }
            ErrorCode::CurrencyMismatch => "La venta tiene importes en monedas distintas.",
            ErrorCode::MobilePhoneRequired => {
                "Falta el móvil del cliente, al que se envía el formulario de seQura."
            }
            ErrorCode::NotAMobile => {
                "El teléfono del cliente no es un móvil, y el formulario de seQura se envía a un móvil."
            }
            ErrorCode::ForeignMobile => {
                "El móvil del cliente es de otro país; puede que no le llegue el mensaje con el formulario."
            }
            ErrorCode::ProductNotOffered => {
                "Esta venta no se puede pagar con el producto de seQura elegido: el total es {actual} y el límite es {expected}.\n\
                 Esta venta no se puede pagar con el producto de seQura elegido."
            }
            ErrorCode::ProductUnchecked => {
                "No se sabe si esta venta se puede pagar con el producto de seQura elegido."
            }
            ErrorCode::NoMerchantForCountry => {
                "Esta caja no puede vender con seQura en el país de la venta."
            }
            ErrorCode::MerchantMismatch => "La tienda de esta venta no es la que le corresponde.",
            ErrorCode::UnknownField => {
                "La venta tiene un dato que seQura no conoce: {field}.\n\
                 La venta tiene un dato que seQura no conoce."
            }
            ErrorCode::ExcludedItem => "Hay un artículo que esta tienda no vende con seQura.",
            ErrorCode::ClockSkew => "El reloj de la caja no va bien y hay que ponerlo en hora.",
            ErrorCode::ClockDoubtful => {
                "Puede que el reloj de la caja no vaya bien: hay que comprobar la fecha y la hora."
            }
            ErrorCode::RoundingLine => {
                "La cesta lleva una línea de redondeo de {actual}.\n\
                 La cesta lleva una línea de redondeo."
            }
            ErrorCode::NoSuchLine => "No queda ningún artículo así en esta venta.",
            ErrorCode::AmbiguousLine => {
                "Hay varios artículos con el mismo código y la caja no ha dicho cuál."
            }
            ErrorCode::MoreThanThereIs => "Se ha pedido más de lo que queda en esta venta.",
            ErrorCode::NegativeTotal => {
                "Una parte de la venta, o lo que se devuelve, quedaría por debajo de cero."
            }
            ErrorCode::LineTotalDiffers => {
                "El total de un artículo es {actual} y su precio por la cantidad da {expected}.\n\
                 El total de un artículo no coincide con su precio por la cantidad."
            }
            ErrorCode::FiguresIncomplete => "Las cifras del día no están completas.",
            ErrorCode::ForeignUrl => self.status(Status::ForeignUrl),
            ErrorCode::UnknownOrder => self.status(Status::UnknownOrder),
            ErrorCode::WrongState => self.status(Status::WrongState),
            ErrorCode::TakenOver => self.status(Status::TakenOver),
            ErrorCode::TakenByOffice => {
                "La central termina esta venta, así que no se ha enviado nada."
            }
            ErrorCode::NotHandedOver => {
                "Puede que otra caja siga cambiando esta venta, porque no la ha cedido."
            }
            ErrorCode::TakenOverTwice => {
                "Dos cajas se han hecho cargo de esta venta, así que no se ha cambiado nada."
            }
            ErrorCode::InvalidDocument => {
                "Lo que otra caja escribió de esta venta está dañado o cambiado, así que no se ha tomado la venta."
            }
            ErrorCode::OrderBusy => self.status(Status::Busy),
            ErrorCode::CartChanged => "La cesta no es la misma que aprobó seQura.",
            ErrorCode::AddressChanged => "La dirección no es la misma que aprobó seQura.",
            ErrorCode::CustomerChanged => {
                "Los datos del cliente no son los mismos que aprobó seQura."
            }
            ErrorCode::AmountAboveApproved => {
                "El total de la venta es {actual} y seQura aprobó solo {expected}.\n\
                 El total de la venta es mayor que el importe que aprobó seQura."
            }
            ErrorCode::DuplicateOrderRef if confirmed => self.standing(State::RefConflicted),
            ErrorCode::DuplicateOrderRef => self.status(Status::DuplicateOrderRef),
            ErrorCode::NotApproved => "La financiación de esta venta todavía no está aprobada.",
            ErrorCode::AccessDenied => self.status(Status::Unauthorized),
            ErrorCode::BadMerchantId => {
                "El código de tienda no es de la cuenta que usa la caja en seQura."
            }
            ErrorCode::BadOrderId => {
                "Esta venta no se encuentra en seQura con la cuenta que usa la caja."
            }
            ErrorCode::NoAccessToUrl => self.status(Status::Forbidden),
            ErrorCode::NotFound => self.status(Status::NotFound),
            ErrorCode::Gone => self.status(Status::Gone),
            ErrorCode::RateLimited => self.status(Status::RateLimited),
            ErrorCode::Unrecognised => {
                "La operación ha sido rechazada por seQura por un motivo que la caja no conoce."
            }
            ErrorCode::NameNotResolved | ErrorCode::ConnectionFailed => {
                "No se ha podido conectar con seQura; quizá la tienda no tenga internet."
            }
            ErrorCode::ProxyFailed => "La red de la tienda no deja conectar con seQura.",
            ErrorCode::TlsFailed => self.status(Status::Tls),
            ErrorCode::TimedOut => "La respuesta de seQura no ha llegado a tiempo.",
            ErrorCode::ConnectionLost => {
                "La conexión se ha cortado antes de recibir la respuesta de seQura."
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
                "Algo entre la caja y seQura ha respondido en su lugar y no se sabe si la operación se ha hecho."
            }
            ErrorCode::JournalFull => "El disco de la caja está lleno y no se ha enviado nada.",
            ErrorCode::JournalReadOnly => {
                "La caja no tiene permiso para apuntar las ventas y no se ha enviado nada."
            }
            ErrorCode::JournalCorrupt => {
                "El archivo donde la caja apunta las ventas con seQura está dañado."
            }
            ErrorCode::JournalSetAside => {
                "El archivo donde la caja apuntaba las ventas con seQura estaba dañado, se ha apartado y se ha empezado otro."
            }
            ErrorCode::JournalStrange => {
                "Otro programa ha cambiado el archivo donde la caja apunta las ventas con seQura."
            }
            ErrorCode::JournalIsACopy => {
                "El archivo donde la caja apunta las ventas con seQura es una copia, y con una copia no se vende."
            }
            ErrorCode::JournalRestored => {
                "La caja trabaja con una copia de su archivo y no se sabe qué se hizo después con esta venta."
            }
            ErrorCode::JournalTooNew => {
                "El archivo donde la caja apunta las ventas con seQura es de una versión más nueva del programa."
            }
            ErrorCode::JournalLost => {
                "El archivo donde la caja apunta las ventas con seQura se ha movido, borrado o cambiado por otro y no se ha enviado nada."
            }
            ErrorCode::JournalRemote => {
                "El archivo donde la caja apunta las ventas con seQura está en otro ordenador y no se ha enviado nada."
            }
            ErrorCode::JournalSynchronised => {
                "El archivo donde la caja apunta las ventas con seQura está en una carpeta que se copia a otros ordenadores."
            }
            ErrorCode::JournalReadable => {
                "Otras personas pueden leer el archivo donde la caja apunta las ventas con seQura."
            }
            ErrorCode::JournalLocked => {
                "Otro programa está usando el archivo donde la caja apunta las ventas con seQura."
            }
            ErrorCode::JournalFailed => self.status(Status::Journal),
            ErrorCode::OutcomeNotRecorded => {
                "La respuesta de seQura ha llegado, pero la caja no ha podido apuntarla."
            }
            ErrorCode::NotShipped => {
                "La venta está hecha, pero seQura aún no sabe que la mercancía se ha entregado."
            }
            ErrorCode::ForwardingLags => {
                "Lo que vende esta caja no llega a la central desde hace un rato."
            }
            ErrorCode::OtherEndpoint => {
                "Quedan ventas sin terminar de otra configuración de seQura."
            }
            ErrorCode::Internal => self.status(Status::Internal),
        }
    }

    fn goods(&self, goods: Goods) -> &'static str {
        match goods {
            Goods::HandOver => "Ya puede entregar la mercancía.",
            Goods::NotYet => "No entregue todavía la mercancía.",
            Goods::No => "No complete la venta ni entregue la mercancía.",
        }
    }

    fn next(&self, next: Next) -> &'static str {
        match next {
            Next::None => "",
            Next::SendForm => "Envíe ahora el formulario al cliente.",
            Next::Confirm => {
                "Cuando el cliente le diga que seQura lo ha aprobado, confirme la venta en la caja."
            }
            Next::SetOrderRef => "Registre ahora en seQura el número de ticket de esta venta.",
            Next::Ship => {
                "Comunique más tarde a seQura, desde la caja, que la mercancía se ha entregado."
            }
            Next::ChooseAnotherRef => {
                "Dé otro número de ticket a esta venta y vuelva a intentarlo."
            }
            Next::FixOrder => {
                "Corrija la venta y vuelva a intentarlo; si no puede, avise al servicio técnico de la caja."
            }
            Next::RestartCheckout => "Empiece de nuevo en la caja la venta con seQura.",
            Next::CallAgain => "Vuelva a intentarlo dentro de un momento.",
            Next::Recover => "Compruebe desde la caja cómo ha quedado la venta antes de repetirla.",
            Next::FixConfiguration => {
                "Avise al servicio técnico de la caja para que revise la configuración."
            }
            Next::ContactSequra => "Póngase en contacto con seQura.",
        }
    }

    fn help(&self, help: Help) -> &'static str {
        match help {
            Help::CallSupport => "Avise al servicio técnico de la caja.",
            Help::RestartTill => {
                "Cierre el programa de la caja y vuelva a abrirlo; si se repite, avise al servicio técnico."
            }
            Help::LookInPortal => {
                "Mire en el portal de seQura cómo ha quedado la venta e indíquelo en la caja."
            }
            Help::PayOtherwise => "Ofrezca al cliente otra forma de pago.",
            Help::RecoverPending => {
                "Compruebe desde la caja cómo han quedado las ventas sin terminar."
            }
        }
    }

    fn field(&self, field: Field) -> &'static str {
        match field {
            Field::MobilePhone => "el móvil",
            Field::Phone => "el teléfono",
            Field::Email => "el correo electrónico",
            Field::GivenNames => "el nombre",
            Field::Surnames => "los apellidos",
            Field::BirthDate => "la fecha de nacimiento",
            Field::IdNumber => "el número del DNI o NIE",
            Field::IdControlCode => "el código de control del DNI o NIE",
            Field::Company => "la empresa",
            Field::TaxNumber => "el NIF",
            Field::Customer => "los datos del cliente",
            Field::AddressLine => "la calle y el número",
            Field::PostalCode => "el código postal",
            Field::City => "la población",
            Field::Country => "el país",
            Field::DeliveryAddress => "la dirección de entrega",
            Field::InvoiceAddress => "la dirección de facturación",
            Field::DeliveryMethod => "la forma de entrega",
            Field::Cart => "la cesta",
            Field::CartTotal => "el total de la cesta",
            Field::Items => "los artículos",
            Field::ItemReference => "la referencia",
            Field::ItemName => "la descripción",
            Field::ItemPrice => "el precio",
            Field::ItemQuantity => "la cantidad",
            Field::ItemTotal => "el importe",
            Field::ServiceEnd => "el fin del servicio",
            Field::Currency => "la moneda",
            Field::Amount => "el importe de la devolución",
            Field::OrderRef => "el número de ticket",
            Field::Shop => "el código de la tienda",
            Field::Other => "el campo {pointer}",
        }
    }

    fn missing(&self, is_many: bool) -> &'static str {
        match is_many {
            false => "Falta {field}.",
            true => "Faltan {field}.",
        }
    }

    fn is_many(&self, field: Field) -> bool {
        matches!(
            field,
            Field::Surnames | Field::Customer | Field::Items | Field::AddressLine
        )
    }

    fn place(&self, place: Place) -> &'static str {
        match place {
            Place::Item(_) => "del artículo {number}",
            Place::Customer => "del cliente",
            Place::DeliveryAddress => "de la dirección de entrega",
            Place::InvoiceAddress => "de la dirección de facturación",
        }
    }

    fn one_more(&self) -> &'static str {
        " (y hay un error más)"
    }

    fn many_more(&self) -> &'static str {
        " (y hay {count} errores más)"
    }
}
