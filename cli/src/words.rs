//! The few words of tables, in each language. Sentences are the library's.

use sequra_pos::words::{Language, State};

macro_rules! words {
    ($($name:ident: $es:literal, $en:literal, $fr:literal, $it:literal, $pt:literal;)+) => {
        /// A word or two of a table.
        #[derive(Clone, Copy, Debug)]
        pub enum Word { $($name),+ }

        impl Word {
            /// In this language.
            pub fn in_language(self, language: Language) -> &'static str {
                match (self, language) {
                    $((Word::$name, Language::Es) => $es,
                    (Word::$name, Language::En) => $en,
                    (Word::$name, Language::Fr) => $fr,
                    (Word::$name, Language::It) => $it,
                    (Word::$name, Language::Pt) => $pt,)+
                }
            }

            /// The same, with what stands for its braces, in their order.
            pub fn with(self, language: Language, values: &[&str]) -> String {
                let mut parts = self.in_language(language).split("{}");
                let begin = parts.next().unwrap_or_default().to_owned();
                parts.zip(values).fold(begin, |text, (part, value)| text + value + part)
            }

            #[cfg(test)]
            const ALL: &[Word] = &[$(Word::$name),+];
        }
    };
}

words! {
    Order: "Venta", "Sale", "Vente", "Vendita", "Venda";
    State: "Estado", "State", "État", "Stato", "Estado";
    Age: "Hace", "Age", "Âge", "Da", "Há";
    Amount: "Importe", "Amount", "Montant", "Importo", "Valor";
    WhatToDo: "Qué hacer", "What to do", "À faire", "Che cosa fare", "O que fazer";
    When: "Cuándo", "When", "Quand", "Quando", "Quando";
    Operation: "Operación", "Operation", "Opération", "Operazione", "Operação";
    Result: "Resultado", "Result", "Résultat", "Esito", "Resultado";
    Said: "Respuesta", "Answer", "Réponse", "Risposta", "Resposta";
    Number: "N.º", "No.", "N°", "N.", "N.º";
    Merchant: "Comercio", "Merchant", "Commerçant", "Esercente", "Comerciante";
    Before: "Antes", "Before", "Avant", "Prima", "Antes";
    Now: "Ahora", "Now", "Maintenant", "Adesso", "Agora";
    What: "Qué", "What", "Quoi", "Che cosa", "O quê";
    Found: "Encontrado", "Found", "Constaté", "Trovato", "Encontrado";
    AtRisk: "En riesgo", "At risk", "En jeu", "A rischio", "Em risco";
    Unshipped: "Por entregar", "To be shipped", "À livrer", "Da consegnare", "Por entregar";
    Shipped: "Entregado", "Shipped", "Livré", "Consegnato", "Entregue";
    Refunded: "Devuelto", "Refunded", "Remboursé", "Rimborsato", "Devolvido";
    Paid: "Pagado por seQura", "Paid by seQura", "Payé par seQura", "Pagato da seQura", "Pago pela seQura";
    NotYetPaid: "Aún sin pagar", "Not paid yet", "Pas encore payé", "Non ancora pagato", "Ainda por pagar";
    Differing: "No coincide", "Differs", "Différent", "Non coincide", "Não coincide";
    UnknownHere: "Desconocido aquí", "Unknown here", "Inconnu ici", "Sconosciuto qui", "Desconhecido aqui";
    Orders: "Ventas", "Sales", "Ventes", "Vendite", "Vendas";
    NothingOpen: "No hay nada pendiente.", "Nothing is unfinished.", "Rien n'est en suspens.", "Non c'è nulla in sospeso.", "Não há nada pendente.";
    NothingThere: "No hay ninguna anotación.", "There is no entry.", "Il n'y a aucune note.", "Non c'è alcuna annotazione.", "Não há nenhum registo.";
    LastCheckpoint: "Según el último punto de control: junto al archivo no hay un -wal entero. Si la caja lo dejó así, no falta nada; una copia puede ser antigua.",
        "As of the last checkpoint: no whole -wal lies beside the file. Where the till left it so, nothing is missing; a copy may be old.",
        "Selon le dernier point de contrôle : il n'y a pas de -wal entier à côté du fichier. Si la caisse l'a laissé ainsi, rien ne manque ; une copie peut être ancienne.",
        "Secondo l'ultimo punto di controllo: accanto al file non c'è un -wal intero. Se la cassa lo ha lasciato così, non manca nulla; una copia può essere vecchia.",
        "Segundo o último ponto de controlo: não há um -wal inteiro junto ao ficheiro. Se a caixa o deixou assim, não falta nada; uma cópia pode ser antiga.";
    NameIt: "Indique el diario con --journal, o la configuración con --config.",
        "Name the journal with --journal, or the configuration with --config.",
        "Indiquez le journal avec --journal, ou la configuration avec --config.",
        "Indichi il giornale con --journal, o la configurazione con --config.",
        "Indique o diário com --journal, ou a configuração com --config.";
    NotThere: "No existe el archivo {}.", "There is no file {}.", "Le fichier {} n'existe pas.", "Il file {} non esiste.", "O ficheiro {} não existe.";
    NotAFile: "{} no es un archivo.", "{} is not a file.", "{} n'est pas un fichier.", "{} non è un file.", "{} não é um ficheiro.";
    MayNotRead: "Este usuario no puede leer {}: hágalo con el usuario de la caja.",
        "This user may not read {}: do it as the till's own user.",
        "Cet utilisateur n'a pas le droit de lire {} : faites-le avec l'utilisateur de la caisse.",
        "Questo utente non può leggere {}: lo faccia con l'utente della cassa.",
        "Este utilizador não pode ler {}: faça-o com o utilizador da caixa.";
    NoJournal: "{} no es un diario de ventas con seQura. Se ha dejado como estaba.",
        "{} is no journal of sales with seQura. It was left as it is.",
        "{} n'est pas un journal de ventes avec seQura. Il a été laissé tel quel.",
        "{} non è un giornale di vendite con seQura. È stato lasciato com'era.",
        "{} não é um diário de vendas com a seQura. Ficou como estava.";
    Damaged: "{} está dañado. Se ha dejado como estaba; guárdelo: lo que aún se pueda leer puede hacer falta.",
        "{} is damaged. It was left as it is; keep it: what can still be read of it may be needed.",
        "{} est abîmé. Il a été laissé tel quel ; gardez-le : ce qui peut encore être lu peut servir.",
        "{} è danneggiato. È stato lasciato com'era; lo conservi: ciò che si può ancora leggere può servire.",
        "{} está danificado. Ficou como estava; guarde-o: o que ainda se possa ler pode fazer falta.";
    AlreadyThere: "{} ya existe, y nunca se escribe encima de nada.", "{} exists, and nothing is ever written over.",
        "{} existe déjà, et rien n'est jamais écrasé.", "{} esiste già, e non si scrive mai sopra nulla.",
        "{} já existe, e nunca se escreve por cima de nada.";
    CouldNot: "No se ha podido hacer; el motivo está en la línea anterior.", "It could not be done; the line above says why.",
        "Cela n'a pas pu être fait ; la ligne précédente dit pourquoi.", "Non è stato possibile farlo; la riga precedente dice perché.",
        "Não foi possível fazê-lo; a linha anterior diz porquê.";
    Entries: "anotaciones {} a {}: del {} al {}", "entries {} to {}, {} to {}", "notes {} à {} : du {} au {}", "annotazioni da {} a {}: dal {} al {}", "registos {} a {}: de {} a {}";
    Removed: "las anotaciones hasta la {} se borraron por su antigüedad (log_retention_days)",
        "entries up to {} were removed because of their age (log_retention_days)",
        "les notes jusqu'à {} ont été supprimées en raison de leur âge (log_retention_days)",
        "le annotazioni fino alla {} sono state eliminate per la loro età (log_retention_days)",
        "os registos até {} foram apagados pela sua antiguidade (log_retention_days)";
    Reanchored: "las anotaciones hasta la {} son de una versión anterior del diario, cuyas sumas incluían las palabras de seQura; ahora se guardan aparte, y de esas anotaciones solo se han comprobado el orden y los enlaces",
        "entries up to {} are of an older version of the journal, whose hashes covered seQura's words; these are kept apart now, so of those entries only the order and the links were checked",
        "les notes jusqu'à {} sont d'une version antérieure du journal, dont les empreintes couvraient les mots de seQura ; ceux-ci sont maintenant à part, et de ces notes seuls l'ordre et les liens ont été vérifiés",
        "le annotazioni fino alla {} sono di una versione precedente del giornale, le cui impronte coprivano le parole di seQura; ora queste sono a parte, e di quelle annotazioni sono stati verificati solo l'ordine e i legami",
        "os registos até {} são de uma versão anterior do diário, cujos resumos cobriam as palavras da seQura; agora estas estão à parte, e desses registos só se verificaram a ordem e as ligações";
    LastHash: "última suma {}", "last hash {}", "dernière empreinte {}", "ultima impronta {}", "último resumo {}";
    EachFollows: "Cada anotación sigue a la anterior: nada está dañado ni editado a mano. Si alguien ha vuelto a escribir las sumas o ha cortado un extremo, solo se ve con una suma apuntada en otro lugar (--contains).",
        "Each entry follows from the one before: nothing was damaged, or edited by hand. Whether somebody has written the hashes anew, or cut off an end, shows only against a hash that was noted elsewhere (--contains).",
        "Chaque note découle de la précédente : rien n'a été abîmé ni modifié à la main. Si quelqu'un a réécrit les empreintes ou coupé une extrémité, seule une empreinte notée ailleurs le montre (--contains).",
        "Ogni annotazione segue dalla precedente: nulla è danneggiato o modificato a mano. Se qualcuno ha riscritto le impronte o tagliato un'estremità, lo mostra solo un'impronta annotata altrove (--contains).",
        "Cada registo segue do anterior: nada está danificado nem foi editado à mão. Se alguém reescreveu os resumos ou cortou uma ponta, só se vê com um resumo anotado noutro lugar (--contains).";
    Broken: "La cadena está rota en la anotación {}: ella, o lo que había antes, se ha editado, quitado o añadido.",
        "The chain is broken at entry {}: it, or what stood before it, was edited, removed or put in.",
        "La chaîne est rompue à la note {} : celle-ci, ou ce qui la précédait, a été modifié, retiré ou ajouté.",
        "La catena è interrotta all'annotazione {}: questa, o ciò che la precedeva, è stata modificata, tolta o aggiunta.",
        "A cadeia está quebrada no registo {}: este, ou o que estava antes dele, foi editado, retirado ou acrescentado.";
    NotedIs: "La suma apuntada es la de la anotación {}.", "The noted hash is that of entry {}.", "L'empreinte notée est celle de la note {}.", "L'impronta annotata è quella dell'annotazione {}.", "O resumo anotado é o do registo {}.";
    NotedIsNone: "Ninguna anotación tiene la suma apuntada: el registro se cortó antes, o la anotación se borró por su antigüedad.",
        "No entry has the noted hash: the log was cut off before it, or the entry was removed because of its age.",
        "Aucune note n'a l'empreinte notée : le registre a été coupé avant elle, ou la note a été supprimée en raison de son âge.",
        "Nessuna annotazione ha l'impronta annotata: il registro è stato tagliato prima, o l'annotazione è stata eliminata per la sua età.",
        "Nenhum registo tem o resumo anotado: foram cortados antes dele, ou foi apagado pela sua antiguidade.";
    IsOfACopy: "Este diario se restauró de una copia; lo que la caja anterior hizo después no está en él.",
        "This journal was restored from a copy; what the old till did after it is not in it.",
        "Ce journal a été restauré d'une copie ; ce que l'ancienne caisse a fait ensuite n'y est pas.",
        "Questo giornale è stato ripristinato da una copia; ciò che la vecchia cassa ha fatto dopo non vi è.",
        "Este diário foi restaurado de uma cópia; o que a caixa antiga fez depois não está nele.";
    IsACopy: "Esto es una copia; lo que se hizo después no está en ella.",
        "This is a copy; what was done since is not in it.",
        "Ceci est une copie ; ce qui a été fait depuis n'y est pas.",
        "Questa è una copia; ciò che è stato fatto dopo non vi si trova.",
        "Isto é uma cópia; o que se fez depois não está nela.";
    Configuration: "Configuración", "Configuration", "Configuration", "Configurazione", "Configuração";
    Endpoint: "Dirección de seQura", "seQura's address", "Adresse de seQura", "Indirizzo di seQura", "Endereço da seQura";
    Mode: "Modo", "Mode", "Mode", "Modalità", "Modo";
    Live: "REAL: se mueve dinero", "LIVE: money moves", "RÉEL : l'argent circule", "REALE: si muove denaro", "REAL: move-se dinheiro";
    Sandbox: "pruebas: no se mueve dinero", "sandbox: no money moves", "essais : aucun argent ne circule", "prove: non si muove denaro", "testes: não se move dinheiro";
    Simulator: "simulador de esta máquina: no se mueve dinero", "simulator of this machine: no money moves", "simulateur de cette machine : aucun argent ne circule", "simulatore di questa macchina: non si muove denaro", "simulador desta máquina: não se move dinheiro";
    OtherMode: "desconocido: la configuración no lo dice", "unknown: the configuration does not say", "inconnu : la configuration ne le dit pas", "sconosciuta: la configurazione non lo dice", "desconhecido: a configuração não o diz";
    Journal: "Diario", "Journal", "Journal", "Giornale", "Diário";
    WouldBeMade: "aún no existe; se creará", "not there yet; it will be made", "n'existe pas encore ; il sera créé", "non esiste ancora; verrà creato", "ainda não existe; será criado";
    FromOrder: "lo dice cada venta", "each sale names its own", "chaque vente le dit", "lo dice ogni vendita", "di-lo cada venda";
    NameResolution: "Nombre en la red", "Name resolution", "Résolution du nom", "Risoluzione del nome", "Resolução do nome";
    Connection: "Conexión y TLS", "Connection and TLS", "Connexion et TLS", "Connessione e TLS", "Ligação e TLS";
    Clock: "Reloj", "Clock", "Horloge", "Orologio", "Relógio";
    Credentials: "Claves y comercios", "Keys and merchants", "Clés et commerçants", "Chiavi ed esercenti", "Chaves e comerciantes";
    Writing: "Escritura segura", "Durable writing", "Écriture sûre", "Scrittura sicura", "Escrita segura";
    Office: "Copia en la central", "Copy at the office", "Copie au siège", "Copia in sede", "Cópia na central";
    Space: "Espacio libre", "Free space", "Espace libre", "Spazio libero", "Espaço livre";
    Test: "PRUEBA", "TEST", "TEST", "PROVA", "TESTE";
    Good: "bien", "good", "bien", "bene", "bem";
}

/// A state, as people call it.
pub fn state(language: Language, word: &str) -> &str {
    let Some(state) = State::from_word(word) else {
        return word;
    };
    let [es, en, fr, it, pt] = match state {
        State::Soliciting => [
            "solicitud sin respuesta",
            "start unanswered",
            "demande sans réponse",
            "richiesta senza risposta",
            "pedido sem resposta",
        ],
        State::Solicited => ["solicitada", "started", "demandée", "richiesta", "pedida"],
        State::FormSent => [
            "formulario enviado",
            "form sent",
            "formulaire envoyé",
            "modulo inviato",
            "formulário enviado",
        ],
        State::Held => [
            "en revisión",
            "under review",
            "en examen",
            "in revisione",
            "em revisão",
        ],
        State::Confirming => [
            "confirmación sin respuesta",
            "confirmation unanswered",
            "confirmation sans réponse",
            "conferma senza risposta",
            "confirmação sem resposta",
        ],
        State::Confirmed => [
            "confirmada sin ticket",
            "confirmed, no receipt",
            "confirmée sans ticket",
            "confermata senza scontrino",
            "confirmada sem talão",
        ],
        State::Referencing => [
            "ticket sin respuesta",
            "receipt unanswered",
            "ticket sans réponse",
            "scontrino senza risposta",
            "talão sem resposta",
        ],
        State::Settled => ["completa", "complete", "terminée", "completa", "completa"],
        State::Conflicted => ["rechazada", "refused", "refusée", "rifiutata", "recusada"],
        State::RefConflicted => [
            "ticket repetido",
            "receipt taken",
            "ticket déjà pris",
            "scontrino già usato",
            "talão repetido",
        ],
        State::Cancelled => ["anulada", "cancelled", "annulée", "annullata", "anulada"],
        State::Abandoned => [
            "abandonada",
            "abandoned",
            "abandonnée",
            "abbandonata",
            "abandonada",
        ],
    };
    match language {
        Language::Es => es,
        Language::En => en,
        Language::Fr => fr,
        Language::It => it,
        Language::Pt => pt,
    }
}

/// Cents, as they are written.
pub fn money(language: Language, cents: i64, currency: &str) -> String {
    // No line ends between a number and its currency.
    let sign = if cents < 0 { "-" } else { "" };
    let cents = cents.unsigned_abs();
    let decimal = if matches!(language, Language::En) {
        '.'
    } else {
        ','
    };
    let number = format!("{sign}{}{decimal}{:02}", cents / 100, cents % 100);
    match (currency, language) {
        ("EUR", Language::En) => format!("{sign}€{}", number.trim_start_matches('-')),
        ("EUR", _) => format!("{number}\u{a0}€"),
        _ => format!("{number}\u{a0}{currency}"),
    }
}

/// How long ago, roughly.
pub fn age(seconds: i64) -> String {
    match seconds {
        ..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min", seconds / 60),
        3_600..172_800 => format!("{} h", seconds / 3_600),
        _ => format!("{} d", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_there_in_every_language_and_fits_old_consoles() {
        let old = |c: char| u32::from(c) < 0x100;
        for word in Word::ALL {
            for language in Language::ALL {
                let text = word.in_language(*language);
                assert!(
                    !text.is_empty() && text.chars().all(old),
                    "{word:?}: {text}"
                );
                let places = |language| word.in_language(language).matches("{}").count();
                assert_eq!(places(*language), places(Language::En), "{word:?}");
            }
        }
    }

    #[test]
    fn money_and_ages_are_written_as_people_write_them() {
        assert_eq!(money(Language::Es, 5097, "EUR"), "50,97\u{a0}€");
        assert_eq!(money(Language::En, -5, "EUR"), "-€0.05");
        assert_eq!(money(Language::Pt, 100, "USD"), "1,00\u{a0}USD");
        assert_eq!(
            money(Language::Es, i64::MIN, "EUR"),
            "-92233720368547758,08\u{a0}€"
        );
        assert_eq!(
            [age(5), age(65), age(7200), age(172_800)],
            ["5 s", "1 min", "2 h", "2 d"]
        );
    }
}
