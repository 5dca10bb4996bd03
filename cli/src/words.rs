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
    LastCheckpoint: "Según el último punto de control: el archivo vino sin su -wal y puede ser antiguo.",
        "As of the last checkpoint: the file came without its -wal, and may be old.",
        "Selon le dernier point de contrôle : le fichier est venu sans son -wal et peut être ancien.",
        "Secondo l'ultimo punto di controllo: il file è arrivato senza il suo -wal e può essere vecchio.",
        "Segundo o último ponto de controlo: o ficheiro veio sem o seu -wal e pode ser antigo.";
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
