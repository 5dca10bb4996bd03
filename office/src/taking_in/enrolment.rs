//! How a journal gets to be known: by a code that is good for once, which a person makes and carries to the till.

use super::answer::{Answer, No, Said};
use super::body;
use super::caller::{Caller, Hash, hash};
use super::standing::{Fault, standing};
use crate::clock;
use crate::database::{Database, Error, Param, Retries, Transaction};
use crate::random;
use crate::state::State as Office;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use sequra_frames::enrolment::Enrolment;
use sequra_frames::frame::Stream;
use sequra_frames::refusal::Code;
use sequra_frames::standing::Standing;
use tokio_postgres::Row;
use tokio_postgres::types::Type;

const MAKE: &str = "INSERT INTO codes (code_hash, shop, till, made_by, made_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)";
const CODE: &str = "SELECT shop, till, expires_at, used_at, journal_id, token_hash FROM codes WHERE code_hash = $1 FOR UPDATE";
const USE: &str =
    "UPDATE codes SET used_at = $2, journal_id = $3, token_hash = $4 WHERE code_hash = $1";
const TILL: &str = "SELECT shop, till, revoked_at FROM tills WHERE journal_id = $1 FOR UPDATE";
const ENROL: &str = "INSERT INTO tills (journal_id, shop, till, machine, token_hash, enrolled_at) \
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (journal_id) DO UPDATE SET shop = excluded.shop, till = excluded.till, \
         machine = excluded.machine, token_hash = excluded.token_hash, enrolled_at = excluded.enrolled_at, \
         revoked_at = NULL, retired_at = NULL";
/// Another life of a journal; the same again is nothing.
pub const STREAM: &str = "INSERT INTO streams (journal_id, incarnation, parent, why, begun_at, entries) \
     VALUES ($1, $2, $3, $4, $5, 0) ON CONFLICT (journal_id, incarnation) DO NOTHING";
const REVOKE: &str =
    "UPDATE tills SET revoked_at = $2 WHERE journal_id = $1 AND revoked_at IS NULL";

/// An enrolment is no longer than this.
const MOST_BYTES: usize = 16 << 10;
/// Of a machine's name.
const MOST_LETTERS: usize = 200;
/// A code's letters: none that is taken for another. 20 of them have 100 bits.
const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const LENGTH: usize = 20;

/// A new code, for the till with this name in this shop; who gets to see it enrols.
pub async fn new_code(
    database: &Database,
    shop: &str,
    till: &str,
    made_by: &str,
    valid_ms: i64,
) -> Result<String, Error> {
    let drawn = random::bytes::<LENGTH>();
    let code: String = drawn
        .iter()
        .map(|byte| LETTERS[usize::from(byte % 32)] as char)
        .collect();
    let (code_hash, now) = (hash(&code), clock::now());
    let expires_at = now.saturating_add(valid_ms);
    let params: [Param; 6] = [
        (&&code_hash[..], Type::BYTEA),
        (&shop, Type::TEXT),
        (&till, Type::TEXT),
        (&made_by, Type::TEXT),
        (&now, Type::INT8),
        (&expires_at, Type::INT8),
    ];
    let transaction = database.begin().await?;
    transaction.run(MAKE, &params).await?;
    transaction.commit().await?;
    let groups: Vec<&str> = (0..LENGTH).step_by(5).map(|at| &code[at..at + 5]).collect();
    Ok(groups.join("-"))
}

/// The till's token is good for nothing from now on. Whether there was one that was.
pub async fn revoke(database: &Database, journal_id: &str) -> Result<bool, Error> {
    let now = clock::now();
    let params: [Param; 2] = [(&journal_id, Type::TEXT), (&now, Type::INT8)];
    let mut retries = Retries::default();
    loop {
        let transaction = database.begin().await?;
        let revoked = transaction.run(REVOKE, &params).await;
        let done = match revoked {
            Ok(count) => transaction.commit().await.map(|()| count == 1),
            Err(error) => Err(error),
        };
        match done {
            Err(error) if retries.again(&error).await => {}
            done => return done,
        }
    }
}

/// As it was made, however it was typed.
fn read_code(typed: &str) -> Hash {
    let letters = typed.chars().filter(char::is_ascii_alphanumeric);
    hash(&letters.collect::<String>().to_ascii_uppercase())
}

/// 32 hexadecimal digits, in lower case.
pub fn is_id(text: &str) -> bool {
    is_hex(text, 32)
}

fn is_hex(text: &str, length: usize) -> bool {
    let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    text.len() == length && text.bytes().all(is_digit)
}

/// `POST /api/1/enrolments`
pub async fn enrol(State(office): State<Office>, headers: HeaderMap, body: Body) -> Answer {
    if let Err(no) = body::length(&headers, MOST_BYTES) {
        return Err(body::refused(no, body).await);
    }
    let asked: Enrolment = body::read(body, MOST_BYTES).await?;
    if !is_id(&asked.journal_id) || !is_id(&asked.incarnation) || !is_hex(&asked.token, 64) {
        let text = "journal_id and incarnation have 32 hexadecimal digits, a token has 64";
        return Err(No::new(Code::Unreadable, text));
    }
    let mut retries = Retries::default();
    loop {
        match once(&office.database, &asked, &headers).await {
            Err(Fault::Database(error)) if retries.again(&error).await => {}
            done => return Ok(Said(done?)),
        }
    }
}

async fn once(
    database: &Database,
    asked: &Enrolment,
    headers: &HeaderMap,
) -> Result<Standing, Fault> {
    let caller = Caller::new(&asked.journal_id, hash(&asked.token), headers);
    let transaction = database.begin().await?;
    use_code(&transaction, asked, &caller).await?;
    let stream = Stream {
        journal_id: asked.journal_id.clone(),
        incarnation: asked.incarnation.clone(),
    };
    let standing = standing(database, &transaction, &caller, &stream).await?;
    transaction.commit().await?;
    Ok(standing)
}

async fn use_code(
    transaction: &Transaction,
    asked: &Enrolment,
    caller: &Caller,
) -> Result<(), Fault> {
    let code = read_code(&asked.code);
    let (code, token) = (&code[..], &caller.token[..]);
    let of_code: [Param; 1] = [(&code, Type::BYTEA)];
    let of_till: [Param; 1] = [(&asked.journal_id, Type::TEXT)];
    let found = transaction.rows(CODE, &of_code).await?;
    let refused = |text: &str| No::new(Code::CodeRefused, text);
    let row = found
        .first()
        .ok_or_else(|| refused("there is no such code"))?;
    let used: Option<i64> = row.get("used_at");
    if used.is_some() {
        let by: (Option<String>, Option<&[u8]>) = (row.get("journal_id"), row.get("token_hash"));
        let is_the_same = by == (Some(asked.journal_id.clone()), Some(token));
        return match is_the_same {
            true => Ok(()),
            false => Err(refused("the code is used up").into()),
        };
    }
    if row.get::<_, i64>("expires_at") <= clock::now() {
        return Err(refused("the code is too old").into());
    }
    let known = transaction.rows(TILL, &of_till).await?;
    if known.first().is_some_and(|known| is_anothers(known, row)) {
        let text = "the office knows this journal as another till's: make the code for that one, or revoke it first";
        return Err(refused(text).into());
    }
    enrol_till(transaction, asked, caller, row).await?;
    Ok(())
}

/// The code is used up, and the journal is the till that it was made for.
async fn enrol_till(
    transaction: &Transaction,
    asked: &Enrolment,
    caller: &Caller,
    row: &Row,
) -> Result<(), Error> {
    let now = clock::now();
    let code = read_code(&asked.code);
    let (code, token) = (&code[..], &caller.token[..]);
    let (shop, till): (String, String) = (row.get("shop"), row.get("till"));
    let machine: String = asked
        .machine
        .chars()
        .filter(|c| !c.is_control())
        .take(MOST_LETTERS)
        .collect();
    let (parent, why): (Option<String>, &str) = (None, "enrolled");
    let of_use: [Param; 4] = [
        (&code, Type::BYTEA),
        (&now, Type::INT8),
        (&asked.journal_id, Type::TEXT),
        (&token, Type::BYTEA),
    ];
    let of_enrolment: [Param; 6] = [
        (&asked.journal_id, Type::TEXT),
        (&shop, Type::TEXT),
        (&till, Type::TEXT),
        (&machine, Type::TEXT),
        (&token, Type::BYTEA),
        (&now, Type::INT8),
    ];
    let of_stream: [Param; 5] = [
        (&asked.journal_id, Type::TEXT),
        (&asked.incarnation, Type::TEXT),
        (&parent, Type::TEXT),
        (&why, Type::TEXT),
        (&now, Type::INT8),
    ];
    let written = async {
        tokio::try_join!(
            biased;
            transaction.execute_typed(USE, &of_use),
            transaction.execute_typed(ENROL, &of_enrolment),
            transaction.execute_typed(STREAM, &of_stream),
        )
    };
    transaction.within(written).await?;
    Ok(())
}

/// A journal that is enrolled stays the till that it is, whoever has a code for another one.
fn is_anothers(known: &Row, code: &Row) -> bool {
    let revoked: Option<i64> = known.get("revoked_at");
    let name = |row: &Row| -> (String, String) { (row.get("shop"), row.get("till")) };
    revoked.is_none() && name(known) != name(code)
}
