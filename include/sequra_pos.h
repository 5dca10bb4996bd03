/*
 * sequra-pos: sell with seQura from a till that seQura cannot call back.
 *
 * Generated from the library's sources. Rules that hold for every function:
 *
 * - Inputs first, outputs last. Money is integer cents. Plain C types only; cdecl.
 * - A function that can fail returns an sq_status: SQ_OK (0), or a number whose thousand says what
 *   kind it is (sq_status_class).
 * - Pointer-to-pointer means that you free: sq_client_close, sq_buffer_free, sq_order_free; NULL
 *   does nothing. A const char * argument is borrowed for the call. A const char * result is
 *   borrowed; its comment says for how long.
 * - An sq_buffer **out may be NULL. When it is not, it receives a buffer on success and on failure
 *   alike; what it held before is overwritten, not freed.
 * - Handles are checked, never trusted: NULL, closed, twice freed or made up gives
 *   SQ_INVALID_HANDLE, or a harmless value from a function without a status.
 * - Any function from any thread. Calls about different orders do not wait for each other; calls
 *   about the same order do. The library starts no thread.
 * - Text is UTF-8, or what the configuration's text_encoding says, in and out.
 * - Where a call takes an order (order, order_url, order_ref_1 as first text) it takes its URL or
 *   uuid, its order_ref_1, or the till's own key, cart.cart_ref, in this order; of a reference the
 *   order that is alive (not given up, not cancelled), or else the last. Two alive with one
 *   reference: SQ_INVALID_ARGUMENT names both with their URLs, and nothing is sent.
 * - A call that uses the network ends within timeouts.total_ms and 1 s.
 * - What is given has limits, far above what is needed (docs/limits.md); more is refused. JSON is
 *   read strictly: a key given twice, NUL, numbers with exponents or beyond 64 bits are errors.
 * - A thread needs 64 KiB of stack. After fork a client is its parent's: SQ_INVALID_HANDLE.
 * - What is said of seQura is [D] documented by it, [C] seen in its public clients, or [I] inferred
 *   (docs/sequra-api.md).
 * - Nothing is printed. A bug in the library becomes SQ_INTERNAL; the handle then answers
 *   SQ_INVALID_HANDLE until it is closed, and the program goes on.
 *
 * The result buffer. Fields that do not apply are null, never missing.
 *
 *   /status /code        name and number of the status
 *   /operation           the call, named like its function without sq_
 *   /order               url, uuid, state, shop_status, order_ref_1, order_ref_2, cart_ref,
 *                        merchant_id, amount (cents), currency, portal_url
 *   /http                status, request_id, attempts, elapsed_ms; null when nothing was sent
 *   /errors /warnings    lists of code, message, pointer, expected, actual
 *   /operator_message    for the person at the till, in the configured language
 *   /next                what the till should do: none, send_form, confirm, set_order_ref,
 *                        ship, choose_another_ref, fix_order, restart_checkout, call_again,
 *                        recover, fix_configuration, contact_sequra
 *   /data                what only that operation returns
 */

#ifndef SEQURA_POS_H
#define SEQURA_POS_H

#if defined(_MSC_VER) && _MSC_VER < 1600
/* Before Visual Studio 2010 there was no <stdint.h>. */
typedef __int32 int32_t;
typedef unsigned __int32 uint32_t;
typedef __int64 int64_t;
#else
#include <stdint.h>
#endif

/* cdecl, said aloud: some compilers are told to default to something else. */
#ifndef SQ_CALL
#if defined(_WIN32)
#define SQ_CALL __cdecl
#else
#define SQ_CALL
#endif
#endif

/* Define SQ_STATIC when you link the static library. */
#ifndef SQ_API
#if defined(_WIN32) && !defined(SQ_STATIC)
#define SQ_API __declspec(dllimport)
#else
#define SQ_API extern
#endif
#endif


/*
 * Version of the C ABI that this header describes: functions are added, nothing is changed or
 * removed within it.
 */
#define SQ_ABI_VERSION 1

/*
 * The result of a call: JSON text, owned by the caller. See "The result buffer" above.
 */
typedef struct sq_buffer sq_buffer;

/*
 * A till's connection to seQura and to its journal. Any number of threads may use one at once.
 */
typedef struct sq_client sq_client;

/*
 * An order being built.
 */
typedef struct sq_order sq_order;

/*
 * What a call returns: one of the SQ_... status codes.
 */
typedef int32_t sq_status;

/*
 * Done.
 */
#define SQ_OK 0

/*
 * A NULL or out-of-range argument. Nothing was sent.
 */
#define SQ_INVALID_ARGUMENT 1001

/*
 * No such handle: never given out, closed, freed, or poisoned by an earlier SQ_INTERNAL. Nothing
 * was sent.
 */
#define SQ_INVALID_HANDLE 1002

/*
 * Bytes that are not text in the agreed encoding; the buffer gives the byte offset. Nothing was
 * sent.
 */
#define SQ_INVALID_TEXT 1003

/*
 * Not JSON; the buffer gives line and column. Nothing was sent.
 */
#define SQ_INVALID_JSON 1004

/*
 * Configuration refused; the buffer lists every problem.
 */
#define SQ_INVALID_CONFIG 1005

/*
 * Order or update refused before sending; the buffer lists every problem, each with a JSON pointer.
 */
#define SQ_INVALID_ORDER 1006

/*
 * The order URL is not on the configured endpoint. Nothing was sent: credentials never leave for
 * another host.
 */
#define SQ_FOREIGN_URL 1007

/*
 * The journal knows no such order, and the call gave no data to go on. Nothing was sent.
 */
#define SQ_UNKNOWN_ORDER 1008

/*
 * Not allowed in the order's present state, e.g. a reference before the confirmation. Nothing was
 * sent.
 */
#define SQ_WRONG_STATE 1009

/*
 * The caller's memory is too small; nothing was written but the size needed.
 */
#define SQ_BUFFER_TOO_SMALL 1010

/*
 * Another till's journal, or the office, has taken the order over, and goes on with it there.
 * Nothing was sent.
 */
#define SQ_TAKEN_OVER 1011

/*
 * HTTP 409: seQura refuses the order as it is now. Do not complete the sale. To a confirmation, a
 * reference or a change after the sale this and every other 2xxx is seQura's own no, and not that
 * of somebody in between.
 */
#define SQ_CONFLICT 2409

/*
 * HTTP 409 because another confirmed order of this merchant has the same order_ref_1, or the
 * journal already knows it is taken.
 */
#define SQ_DUPLICATE_ORDER_REF 2001

/*
 * HTTP 401: seQura does not accept the account key and secret.
 */
#define SQ_UNAUTHORIZED 2401

/*
 * HTTP 403: this account may not use that merchant or that order.
 */
#define SQ_FORBIDDEN 2403

/*
 * HTTP 404: seQura knows nothing at this address.
 */
#define SQ_NOT_FOUND 2404

/*
 * HTTP 410: the order can no longer be used.
 */
#define SQ_GONE 2410

/*
 * HTTP 429: asked too often, e.g. too many SMS for one order.
 */
#define SQ_RATE_LIMITED 2429

/*
 * Any other HTTP 4xx.
 */
#define SQ_REFUSED 2400

/*
 * The request never reached seQura (name resolution, connection, proxy). Calling again is safe.
 */
#define SQ_UNREACHABLE 3001

/*
 * Sent, and no complete answer of seQura's came back, or one that may be the echo of an earlier
 * attempt: it may have been processed. Calling again is safe.
 */
#define SQ_OUTCOME_UNKNOWN 3002

/*
 * Certificate or handshake refused; nothing of the request was sent.
 */
#define SQ_TLS 3003

/*
 * An answer that breaks the protocol: no Location, a redirect, not HTTP, too large.
 */
#define SQ_BAD_RESPONSE 3004

/*
 * HTTP 5xx. Calling again is safe.
 */
#define SQ_SERVER_ERROR 3500

/*
 * The journal could not record it, so nothing was sent (disk full, read-only, corrupt, deleted or
 * replaced).
 */
#define SQ_JOURNAL 4001

/*
 * Another process or thread is working on this order and did not finish within the deadline.
 */
#define SQ_BUSY 4002

/*
 * A bug in the library, caught. The handle concerned is poisoned.
 */
#define SQ_INTERNAL 9001

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The ABI version of the loaded library; equals SQ_ABI_VERSION of the header it was built with.
 */
SQ_API uint32_t SQ_CALL sq_abi_version(void);

/*
 * The library's version, e.g. "1.2.3". Static.
 */
SQ_API const char *SQ_CALL sq_version(void);

/*
 * How the library was built, as JSON: version, abi, target, features, sqlite (its version), tls
 * (its provider). Static.
 */
SQ_API const char *SQ_CALL sq_build_info(void);

/*
 * The name of a status, e.g. "SQ_CONFLICT"; "SQ_UNKNOWN_STATUS" for a number that is none. Static.
 */
SQ_API const char *SQ_CALL sq_status_name(sq_status status);

/*
 * The class of a status: 0 done; 1 the call was wrong, nothing was sent; 2 seQura said no, asking
 * again unchanged will not help; 3 no final answer, calling again is safe; 4 this machine; 9 a bug
 * of the library. -1 for a number that is no status.
 */
SQ_API int32_t SQ_CALL sq_status_class(sq_status status);

/*
 * Gives a text back, for testing how a binding marshals: *out has it in /data/text, with its
 * length in UTF-8 bytes in /data/bytes.
 *
 * client: the text is in its encoding; NULL: UTF-8. The text may be empty.
 *
 * Returns SQ_OK; SQ_INVALID_ARGUMENT (text is NULL); SQ_INVALID_TEXT with the byte offset
 * in /errors/0/actual; SQ_INVALID_HANDLE; SQ_INTERNAL. Any thread.
 */
SQ_API sq_status SQ_CALL sq_echo(sq_client *client,
                                 const char *text,
                                 sq_buffer **out);

/*
 * The buffer's JSON, NUL-terminated, in the client's text encoding.
 *
 * Borrowed: it stays valid until sq_buffer_free. A NULL, freed or made-up buffer gives "".
 * Any thread.
 */
SQ_API const char *SQ_CALL sq_buffer_text(const sq_buffer *buffer);

/*
 * Length of the buffer's text in bytes, the terminating NUL not counted; 0 for a bad handle.
 * Any thread.
 */
SQ_API uint32_t SQ_CALL sq_buffer_len(const sq_buffer *buffer);

/*
 * One value of the buffer, so that a till needs no JSON parser.
 *
 * json_pointer (RFC 6901) says which: "/order/url", "/errors/0/code"; "" is the whole document.
 * A string is written bare, without quotes or escapes (a character the client's encoding lacks
 * becomes '?'); anything else is written as JSON: true, 5097, null, [...].
 *
 * *len goes in as the room at dst in bytes and comes out as the bytes needed, the terminating
 * NUL counted. When the room is too small nothing is written to dst. dst may be NULL to ask for
 * the size.
 *
 *     char url[300]; uint32_t room = sizeof url;
 *     if (sq_buffer_get(out, "/order/url", url, &room) == SQ_OK) puts(url);
 *
 * Returns SQ_OK; SQ_BUFFER_TOO_SMALL; SQ_INVALID_ARGUMENT (a pointer that finds nothing, or a
 * NULL argument); SQ_INVALID_TEXT; SQ_INVALID_HANDLE. Any thread.
 */
SQ_API sq_status SQ_CALL sq_buffer_get(const sq_buffer *buffer,
                                       const char *json_pointer,
                                       char *dst,
                                       uint32_t *len);

/*
 * Frees a buffer. NULL, or one that was freed before, does nothing. Any thread.
 */
SQ_API void SQ_CALL sq_buffer_free(sq_buffer *buffer);

/*
 * Opens a client with a configuration.
 *
 * config_json is one JSON object; its keys are listed in docs/configuration.md. Unknown keys are
 * refused. It is read as UTF-8, or, where its bytes are not UTF-8, in the text_encoding it names
 * itself.
 * No connection is made yet; the journal is opened, or made where there is none. It is a file on a
 * local disk, with one name; a relative path is the working directory's.
 *
 * *client receives the client, to be closed with sq_client_close; NULL on failure.
 * *out (may be NULL) receives a buffer: /data/journal/path (absolute, through no link),
 * /data/journal/created (true: this call made it, and it is empty), /data/journal/pending (how
 * many orders are unfinished), /data/endpoint (where seQura is), /data/mode ("live", "sandbox",
 * "simulator": the configuration's environment, or else what the host is known for, a loopback
 * address as a simulator; null for any other host. "sandbox" and "simulator" are only tries, and
 * every operator_message of the client says so first), /data/text_encoding (in ASCII: what this
 * buffer and all texts of the client are in, by its name in the Encoding Standard; not there where
 * the configuration was refused, whose buffer is UTF-8, in the language that it asks for);
 * /errors lists every problem of the configuration.
 * /warnings: a journal that was damaged and set aside (journal_set_aside, actual is where
 * it is now); one that others can read (journal_readable), or that lies in a folder which is
 * synchronised with other machines (journal_synchronised); a clock that may be wrong
 * (clock_doubtful: nothing is given up or removed by it); a setting that is allowed and most
 * likely not meant (doubtful_setting: a control character in a path, total_ms below a second,
 * blanks around the secret, a proxy for a loopback address, a path in a base_url that has none, an
 * environment that the host is known not to be, such as "live" for a loopback address: a gateway,
 * or a simulator that was left over), or a trace that cannot be written.
 * Where something has no answer yet, or money is at risk, /next is "recover": call sq_recover.
 *
 * Returns SQ_OK; SQ_INVALID_ARGUMENT; SQ_INVALID_TEXT; SQ_INVALID_JSON;
 * SQ_INVALID_CONFIG; SQ_JOURNAL; SQ_INTERNAL. Any thread.
 */
SQ_API sq_status SQ_CALL sq_client_open(const char *config_json,
                                        sq_client **client,
                                        sq_buffer **out);

/*
 * Opens a client with a configuration file.
 *
 * path is UTF-8, or else in the system's own encoding (Windows: read as Windows-1252). The file
 * is at most 1 MiB; UTF-8 with or without byte order mark, or in the text_encoding it names.
 * A relative journal, account_secret_file, roots.file or trace.file in it is relative to the
 * file's folder (of the file itself, where path is a link). Where only the working directory has
 * such a file, that one is used, with the warning other_folder; where both have one:
 * SQ_INVALID_CONFIG.
 *
 * Otherwise as sq_client_open; a file that cannot be read is SQ_INVALID_CONFIG.
 */
SQ_API sq_status SQ_CALL sq_client_open_file(const char *path,
                                             sq_client **client,
                                             sq_buffer **out);

/*
 * Closes a client. Calls that other threads have in progress on it end as usual. The journal stays;
 * buffers stay until they are freed. NULL does nothing.
 *
 * Returns SQ_OK; SQ_INVALID_HANDLE for one that is closed already, or that another process has,
 * from which this one was forked: its files are left alone. Any thread.
 */
SQ_API sq_status SQ_CALL sq_client_close(sq_client *client);

/*
 * Tries everything that a sale needs on this machine, for the till's set-up and for support.
 *
 * *out: /data/mode as sq_client_open says it; /data/tests/N with name, ok, message
 * (null when well) and detail, one row each:
 * "name_resolution", "connection" (with TLS), "clock" (/detail/skew_s: seconds fast; not ok
 * beyond 5 minutes, which is a warning), "credentials" (with the account's merchants; SQ_FORBIDDEN
 * where a configured one is not among them, a warning where one may sell in other countries only),
 * "journal" (a durable write, /detail/durable_write_ms), "free_space" (8 MiB beside the journal);
 * and where the journal is enrolled with an office "forwarding" (/detail as /data/forwarding of
 * sq_pending; what lags for an hour is a warning).
 *
 * Returns SQ_OK, or the status of the first row that failed: SQ_UNREACHABLE, SQ_TLS,
 * SQ_OUTCOME_UNKNOWN, SQ_BAD_RESPONSE, SQ_UNAUTHORIZED, SQ_FORBIDDEN, SQ_NOT_FOUND,
 * SQ_GONE, SQ_CONFLICT, SQ_RATE_LIMITED, SQ_REFUSED, SQ_SERVER_ERROR, SQ_JOURNAL;
 * SQ_INVALID_HANDLE; SQ_INTERNAL. Any thread.
 */
SQ_API sq_status SQ_CALL sq_self_test(sq_client *client,
                                      sq_buffer **out);

/*
 * Asks seQura whether it knows this account, and which merchants it has.
 *
 * *out: /data/merchants/N/... with id, name, country, allowed_countries, currency, realm, and
 * configured (true: the configuration names it). /warnings says what of the configuration
 * disagrees with the account: a merchant that it does not have, or a country of merchants in which
 * that merchant may not sell.
 *
 * Returns SQ_OK; SQ_INVALID_HANDLE; SQ_UNAUTHORIZED; SQ_FORBIDDEN; SQ_NOT_FOUND;
 * SQ_GONE; SQ_CONFLICT; SQ_RATE_LIMITED; SQ_REFUSED; SQ_UNREACHABLE; SQ_OUTCOME_UNKNOWN; SQ_TLS;
 * SQ_BAD_RESPONSE; SQ_SERVER_ERROR; SQ_INTERNAL. Any thread.
 */
SQ_API sq_status SQ_CALL sq_check_credentials(sq_client *client,
                                              sq_buffer **out);

/*
 * Lists payment methods.
 *
 * order_url: an order, by its URL, uuid, order_ref_1 or cart_ref, for the methods that it may
 * be paid with, with their costs; NULL for the methods of the configured merchants, with their
 * limits. *out: /data/methods/N/... as seQura gives them (product, campaign, title, cost,
 * min_amount and max_amount in cents, starts_at, ends_at, ...), each with its category, the title
 * of that group (category_title), merchant_id and fits (whether the order may be paid with
 * it; null without an order).
 *
 * When seQura cannot be reached, the merchant's methods that were last seen answer, held against
 * the order's amount: /data/from_cache is true then, /data/as_of says from when, and the
 * warnings why.
 *
 * Returns as sq_check_credentials; also SQ_INVALID_ARGUMENT, SQ_INVALID_TEXT,
 * SQ_FOREIGN_URL, SQ_UNKNOWN_ORDER, SQ_WRONG_STATE (its start has no answer yet),
 * SQ_JOURNAL; SQ_INVALID_CONFIG for NULL where the configuration names no
 * merchant. Any thread.
 */
SQ_API sq_status SQ_CALL sq_payment_methods(sq_client *client,
                                            const char *order_url,
                                            sq_buffer **out);

/*
 * "How much a month?": what an amount costs in instalments, before there is an order. No order
 * and no log entry comes of it.
 *
 * merchant_or_country: a merchant's id, or the country that it sells in ("ES"); NULL: every
 * configured merchant. An amount is asked for in a country: the one given here, that of merchants
 * in the configuration, or that of delivery_address.country_code in order_defaults.
 * total_cents: what is to be paid, 1 or more. currency: NULL: "EUR". Of both texts "" is NULL;
 * the codes of countries and currencies may be in small letters.
 *
 * *out: /data/agreements/N/... with merchant_id, country, currency, product, instalment_count,
 * total_with_tax, instalment_amount, instalment_fee, instalment_total, grand_total,
 * cost_of_credit, max_financed_amount (cents), apr and cost_of_credit_pct (hundredths of a per
 * cent); null where seQura does not say. /data/raw/N/answer is all that came.
 * /operator_message says number, amount, total and APR of an agreement, or nothing of it: an
 * instalment without its cost is advertising of credit. What the law wants beside it is the shop's.
 * An answer for another amount is SQ_BAD_RESPONSE; an agreement that says none, or whose figures
 * do not add up, is not said. Of several merchants each is said with its country.
 *
 * When seQura cannot be reached, what it last said of this amount answers, for 24 hours:
 * /data/from_cache is true then, /data/as_of says from when, and the warnings why. The last 100
 * answers are kept, as a convenience: a power cut may take them.
 *
 * Returns as sq_check_credentials; also SQ_INVALID_TEXT; SQ_INVALID_ARGUMENT for an amount
 * below 1, no country, or one in which nobody is configured to sell; SQ_INVALID_CONFIG where no
 * merchant is named. Any thread.
 */
SQ_API sq_status SQ_CALL sq_credit_agreements(sq_client *client,
                                              const char *merchant_or_country,
                                              int64_t total_cents,
                                              const char *currency,
                                              sq_buffer **out);

/*
 * Starts a solicitation: sends the order to seQura, which answers with its URL.
 *
 * order_json: the whole order, with or without the outer {"order": ...}; amounts are integer cents.
 * The configuration's order_defaults are merged under it, merchant.id is filled in where the
 * configuration decides it. No URL of the shop's may be in it: seQura cannot call a till back. An
 * order_ref_1 that is in it already makes the confirmation settle the order at once. A text that is
 * empty or blank counts as left out, and is sent as it came where nothing takes its place.
 *
 * One person and one address are written once: an invoice_address that is left out is the
 * delivery_address (and the other way round), names are taken from where they are, company and
 * address_line_2 are empty where they are missing. A country written as its name (in Spanish,
 * English, French, Italian or Portuguese) or with three letters is sent as its code, with the
 * warning country_understood. Nothing else that is given is changed.
 *
 * *out: /order/url is what the later calls take; keep it with the sale. /errors/N lists
 * every problem of the order, each with its JSON pointer; /warnings/N what is passed on
 * untouched although seQura does not document it, or documents it otherwise; /operator_message
 * says where the form may ask the shopper for what is missing. The same order started again while
 * its first start has no answer continues that one.
 *
 * Returns SQ_OK; nothing sent: SQ_INVALID_ARGUMENT, SQ_INVALID_HANDLE, SQ_INVALID_TEXT,
 * SQ_INVALID_JSON, SQ_INVALID_ORDER, SQ_DUPLICATE_ORDER_REF, SQ_JOURNAL, SQ_BUSY;
 * refused: SQ_CONFLICT, SQ_DUPLICATE_ORDER_REF, SQ_UNAUTHORIZED, SQ_FORBIDDEN,
 * SQ_NOT_FOUND, SQ_GONE, SQ_RATE_LIMITED, SQ_REFUSED; no final answer: SQ_UNREACHABLE,
 * SQ_OUTCOME_UNKNOWN, SQ_TLS, SQ_BAD_RESPONSE, SQ_SERVER_ERROR; SQ_INTERNAL. Any thread.
 */
SQ_API sq_status SQ_CALL sq_start_solicitation(sq_client *client,
                                               const char *order_json,
                                               sq_buffer **out);

/*
 * Says everything that is wrong with an order or missing in it. Asks only the journal; nothing is
 * recorded, and nothing sent.
 *
 * order: the whole order, or as much of it as the till has, as for sq_start_solicitation; what
 * is said is what that would say.
 *
 * *out: /errors/N and /warnings/N, what the shopper has to give first (customer,
 * delivery_address, invoice_address), each with its JSON pointer and an operator_message of
 * its own that names the field in the client's language: "The e-mail address of the customer is
 * missing.". A mobile number that is missing is a warning: the form may go by mail.
 *
 * Returns SQ_OK: it can be started; SQ_INVALID_ORDER; SQ_DUPLICATE_ORDER_REF;
 * SQ_INVALID_ARGUMENT; SQ_INVALID_TEXT; SQ_INVALID_JSON; SQ_JOURNAL; SQ_INVALID_HANDLE;
 * SQ_INTERNAL. Any thread.
 */
SQ_API sq_status SQ_CALL sq_check_order(sq_client *client,
                                        const char *order,
                                        sq_buffer **out);

/*
 * Has seQura send the link to its form to the shopper's mobile, by SMS.
 *
 * order_url: /order/url of the start, the uuid, its order_ref_1 or its cart_ref.
 * product_code: e.g. "pp3", from sq_payment_methods. campaign: NULL or blank, but for pp5.
 * The number is the order's mobile_phone; seQura sends to Spanish mobiles only. The shopper, not
 * the staff, fills in the form, and shows the operator that it was approved.
 *
 * Before it is sent: no number, or a landline's, is refused; a mobile of another country is a
 * warning. A product that seQura's list for the order (sq_payment_methods with order_url, within
 * the last ten minutes) does not have is refused; without such a list there is a warning, and no
 * request is made for it.
 *
 * Returns as sq_start_solicitation; also SQ_FOREIGN_URL, SQ_UNKNOWN_ORDER,
 * SQ_WRONG_STATE. SQ_RATE_LIMITED: too many SMS for this order. Any thread.
 */
SQ_API sq_status SQ_CALL sq_send_form(sq_client *client,
                                      const char *order_url,
                                      const char *product_code,
                                      const char *campaign,
                                      sq_buffer **out);

/*
 * Has seQura send the link to its form to the shopper by SMS or by e-mail.
 *
 * channel: "sms", which is sq_send_form, or "email", to the order's customer.email. The e-mail
 * is seen in public code, and whether seQura lets a POS shop use it is not documented: ask seQura
 * first. No mobile number is needed for it. All else is as in sq_send_form. The other
 * channel may be tried while the order waits for its shopper.
 *
 * Returns as sq_send_form. SQ_INVALID_ARGUMENT: also another channel, or none;
 * SQ_INVALID_ORDER: also no customer.email. Any thread.
 */
SQ_API sq_status SQ_CALL sq_send_form_by(sq_client *client,
                                         const char *order_url,
                                         const char *channel,
                                         const char *product_code,
                                         const char *campaign,
                                         sq_buffer **out);

/*
 * Acknowledges that seQura has the order under review. Confirm it once it is approved.
 *
 * order_url: its URL, uuid, order_ref_1 or cart_ref. order_json: the whole order as it is
 * now; NULL: as last sent. References that it leaves out are kept, as in sq_confirm.
 *
 * Returns as sq_confirm. Any thread.
 */
SQ_API sq_status SQ_CALL sq_hold(sq_client *client,
                                 const char *order_url,
                                 const char *order_json,
                                 sq_buffer **out);

/*
 * Confirms an order that the shopper says was approved.
 *
 * order_url: its URL, uuid, order_ref_1 or cart_ref. order_json: the whole order as it is
 * now; NULL: as last sent. Only after SQ_OK may the till mark the sale completed, and only when
 * /order/state is "settled" may the goods be handed over: the order then has its reference. State
 * "confirmed" means that the reference is still missing (/next is "set_order_ref"); without it
 * seQura never pays the shop. A reference that the order was given before and that order_json
 * leaves out is kept and sent. Where the configuration has goods_leave "after_the_sale", a call
 * that settles the order tells seQura at once that everything was shipped; where that fails, the
 * sale stands all the same: SQ_OK with the warning not_shipped, and /next is "ship" until seQura
 * knows it (sq_recover, or sq_ship).
 *
 * SQ_CONFLICT: do not complete the sale and do not send a reference. /errors/N/code says what
 * changed: cart_total_mismatch, cart_changed, address_changed, customer_changed,
 * amount_above_approved, not_approved (the shopper has not finished), unrecognised.
 * SQ_DUPLICATE_ORDER_REF: the order's own order_ref_1 is taken; the sale is not completed;
 * confirm again with another one.
 * SQ_OUTCOME_UNKNOWN: it may be confirmed. Call again with the same content, or sq_recover;
 * until then the sale is neither completed nor off. not_sequras_answer: somebody in between, such
 * as the shop's gateway, has answered, and the HTTP status is that one's. /next "contact_sequra":
 * seQura has refused what was sent again, perhaps because the first attempt was processed; look in
 * its portal, and say what is there (sq_resolve).
 *
 * The same content again gives the same answer as the first time, from the journal where that is
 * certain (/http/attempts is 0 then). An order of another journal may be confirmed with its URL
 * and the whole order.
 *
 * Returns as sq_start_solicitation; also SQ_FOREIGN_URL, SQ_UNKNOWN_ORDER,
 * SQ_WRONG_STATE. Any thread; calls about one order wait for each other.
 *
 *     sq_buffer *out = NULL;
 *     sq_status status = sq_confirm(client, url, NULL, &out);
 *     if (status == SQ_OK) complete_the_sale();
 *     else show_operator(sq_buffer_text(out));
 *     sq_buffer_free(out);
 */
SQ_API sq_status SQ_CALL sq_confirm(sq_client *client,
                                    const char *order_url,
                                    const char *order_json,
                                    sq_buffer **out);

/*
 * Registers the shop's reference of a confirmed order: without it seQura neither processes nor
 * pays the order.
 *
 * order_url: its URL, uuid or cart_ref (or the reference that it has).
 *
 * order_ref_1: the shop's own number of the sale, unique for each merchant. order_ref_2: NULL
 * or empty, or a second one of the shop's own. It may follow: of a settled order, with the same
 * order_ref_1, another one is told to seQura by an update of the order. What sq_confirm says
 * of goods that leave after the sale holds here, too.
 *
 * SQ_DUPLICATE_ORDER_REF: the reference is taken. The order stays confirmed and unpaid (state
 * "ref_conflicted", /next "choose_another_ref") until this is called with another one.
 * SQ_OUTCOME_UNKNOWN: as for sq_confirm. After an attempt without an answer "taken" may mean
 * taken by this order itself: it is no reason for another reference.
 *
 * Returns as sq_confirm; SQ_WRONG_STATE before the confirmation, or for another order_ref_1 of
 * a settled order. Any thread.
 */
SQ_API sq_status SQ_CALL sq_set_order_ref(sq_client *client,
                                          const char *order_url,
                                          const char *order_ref_1,
                                          const char *order_ref_2,
                                          sq_buffer **out);

/*
 * Gives up an order that will not become a sale: the shopper left, or paid in another way. Nothing
 * is asked for it any more, neither by the till nor by sq_recover, and its personal data is
 * removed from the journal. Asks only the journal: seQura has no way to withdraw a solicitation,
 * and one that nobody confirms comes to nothing.
 *
 * order: its URL, uuid, order_ref_1 or cart_ref. Given up already: SQ_OK again. Orders that
 * were never confirmed and lie untouched for abandon_after_days (default 30) are given up when a
 * client is opened, or when seQura's answer has shown that the clock is right.
 *
 * SQ_WRONG_STATE: seQura has confirmed it, or may have ("confirming": sq_recover finds out,
 * or somebody who looks in the portal and says so with sq_resolve). A "confirming" order of
 * which seQura itself says that it is gone (HTTP 410) can be given up: look in the portal first
 * whether it was confirmed. Of a settled order a change can be given up that has no answer but
 * seQura's HTTP 404 or 410: it has cancelled the order itself; it stays here as it was.
 *
 * Returns SQ_OK; SQ_UNKNOWN_ORDER; SQ_WRONG_STATE; SQ_BUSY; SQ_JOURNAL;
 * SQ_INVALID_ARGUMENT; SQ_INVALID_TEXT; SQ_INVALID_HANDLE; SQ_INTERNAL. Any thread.
 */
SQ_API sq_status SQ_CALL sq_abandon(sq_client *client,
                                    const char *order,
                                    sq_buffer **out);

/*
 * A person ends what nobody's answer ends, and says what seQura's portal shows of an order that is
 * at risk: where seQura cannot be asked, or where its answer to the same request again may be the
 * echo of the first. Asks only the journal; nothing is sent.
 *
 * order: its URL, uuid, order_ref_1 or cart_ref. outcome: "confirmed" (the portal shows it
 * as it was asked for: confirmed, and under this order's reference where it has one), or
 * "not_confirmed". reason: for the log, such as "portal, 12:40, Ana"; required; 300 characters of
 * it are kept, without what they say of the shopper.
 *
 * Only for what may have been processed and has no answer: a confirmation ("confirming"), a
 * reference ("referencing"), a change of a settled order. "confirmed" leads where seQura's yes
 * would have led; after "not_confirmed" the order is as it was before. Whatever seQura answers
 * later still counts, and so does a disbursement that names the order. The same said again:
 * SQ_OK again.
 *
 * SQ_WRONG_STATE: nothing about it is unknown, or what is open surely was not processed.
 *
 * Returns SQ_OK; SQ_UNKNOWN_ORDER; SQ_WRONG_STATE; SQ_BUSY; SQ_JOURNAL;
 * SQ_INVALID_ARGUMENT; SQ_INVALID_TEXT; SQ_INVALID_HANDLE; SQ_INTERNAL. Any thread.
 *
 *     sq_resolve(client, "R-100", "confirmed", "portal, 12:40, Ana", NULL);
 */
SQ_API sq_status SQ_CALL sq_resolve(sq_client *client,
                                    const char *order,
                                    const char *outcome,
                                    const char *reason,
                                    sq_buffer **out);

/*
 * Where an order stands, from the journal; nothing is sent (seQura documents no way to ask).
 *
 * order: its URL, uuid, order_ref_1 or cart_ref.
 *
 * *out: /order as ever; /data/amounts (cents): approved (when it was confirmed),
 * unshipped, shipped, refunded, owed (unshipped and shipped), paid (by the disbursements
 * that sq_reconcile has read), and delivery ("unshipped", "partly_shipped", "shipped",
 * "refunded"), null before the order has carts; /data/needs_review (true while seQura reviews
 * it); /data/payment_method (product and campaign of the form that was sent last; null: none
 * was); /data/unshipped_cart, /data/shipped_cart (as seQura was told them); /data/refusal
 * (what seQura last said no to: operation, status, errors with code, pointer, expected,
 * actual, without its words; null: nothing, or it was done after all); /data/handed_over (at
 * and document_id, once it was handed over to another till; null: it goes on here);
 * /data/taken_over (by, order_ref_1 (null: not decided yet) and at, once the office has
 * taken it over; null: it has not), and then /order/order_ref_1 of what is not settled here is the
 * one that the office gives;
 * /data/history/N, oldest first, as the entries of sq_log. /next and /operator_message say
 * what the last call about it said; /next is "recover" while something of it has no answer.
 *
 * Returns SQ_OK; SQ_UNKNOWN_ORDER; SQ_INVALID_ARGUMENT; SQ_INVALID_TEXT;
 * SQ_INVALID_HANDLE; SQ_JOURNAL; SQ_INTERNAL. Any thread.
 */
SQ_API sq_status SQ_CALL sq_order_info(sq_client *client,
                                       const char *order,
                                       sq_buffer **out);

/*
 * What a till prints for the shopper of a sale with seQura: as lines, and as fields. Made from the
 * journal; nothing is sent. It is no fiscal document, and says so.
 *
 * order: its URL, uuid, order_ref_1 or cart_ref. columns: how many characters a line has, 24
 * to 80 (paper of 58 mm: 32, of 80 mm: 48).
 *
 * *out: /data/lines/N, none wider than columns, in the client's language and text_encoding:
 * what is left of what was sold, what it was and what went back where something did, the total, how
 * it is paid, the reference, what the shopper does next. How it is paid: "Pagado con seQura" for
 * what is settled, "Pendiente de referencia" for what is only confirmed, "Devuelto por completo"
 * where everything went back. Names are printed as a receipt printer can: one line each, or more
 * where they are long; control characters and marks that print nothing are left out, and what the
 * encoding lacks is what comes nearest. An East Asian character takes two columns, and in an
 * encoding of East Asia each character as many as bytes. Where nothing of a name prints, it is the
 * reference, or "Gastos" for a fee that has none.
 *
 * /data/fields, the same for a till with its own layout: items/N (type, reference, name,
 * quantity, price and total in cents), currency, sold (what was confirmed), refunded,
 * total (what is left, cents) and total_text, payment, order_ref_1 (null before it is
 * registered), next_steps/N, not_fiscal, test. /data/mode as sq_client_open says it. In
 * "sandbox" and "simulator" the first and the last line, payment and test say PRUEBA; otherwise
 * test is null.
 *
 * SQ_WRONG_STATE: neither confirmed nor settled, or cancelled. SQ_TAKEN_OVER: another till's
 * journal or the office has it, and what became of it. A warning with next contact_sequra, and the
 * first of next_steps: the sale may be otherwise by now. The journal was restored from a copy
 * (journal_restored, until sq_update_order has told both carts), or seQura has said no to the last
 * change (its code).
 *
 * Returns SQ_OK; SQ_UNKNOWN_ORDER; SQ_WRONG_STATE; SQ_TAKEN_OVER; SQ_INVALID_ARGUMENT;
 * SQ_INVALID_TEXT; SQ_INVALID_HANDLE; SQ_JOURNAL; SQ_INTERNAL. Any thread.
 */
SQ_API sq_status SQ_CALL sq_receipt(sq_client *client,
                                    const char *order,
                                    int32_t columns,
                                    sq_buffer **out);

/*
 * Changes a settled order: carts, addresses, the customer, trackings. seQura is told the complete
 * present state of it [D]; what is left out stays as it is.
 *
 * order_ref_1: the shop's reference (the order's URL, uuid or cart_ref will do). update_json:
 * an object with any of unshipped_cart, shipped_cart (whole carts, each adding up),
 * delivery_address, invoice_address, customer, trackings, delivery_method, ...;
 * merchant_reference with an order_ref_2 gives the order this second reference of the shop's.
 *
 * A change that gets no answer is not lost: it is part of the next change of the order, and
 * sq_recover sends it. The same call again, while there is no answer, is the same change, also
 * after another one was asked for; in which order a call names items is all one.
 *
 * *out: /data/amounts as in sq_order_info.
 *
 * SQ_INVALID_ORDER: /errors lists every problem: totals that do not add up, another currency,
 * a wrong field. SQ_WRONG_STATE: not settled, or cancelled; or nothing would be left of an order
 * of which nothing was shipped (sq_cancel ends it). SQ_CONFLICT: seQura refuses it as it is;
 * nothing is changed.
 *
 * An order that was sold with another journal is taken over by sq_take_over; or, where that one is
 * lost, by an update with both its carts as they are: from then on this journal has it, and the
 * other calls take its reference. (merchant {"id":"shop_es"} too, where the configuration names
 * more than one.) The warning not_handed_over says that the other journal may still change it.
 *
 * Returns SQ_OK; SQ_INVALID_ARGUMENT; SQ_INVALID_JSON; SQ_INVALID_TEXT;
 * SQ_INVALID_ORDER; SQ_UNKNOWN_ORDER; SQ_WRONG_STATE; SQ_CONFLICT; SQ_UNAUTHORIZED;
 * SQ_FORBIDDEN; SQ_NOT_FOUND (seQura has no confirmed order of that reference); SQ_GONE;
 * SQ_RATE_LIMITED; SQ_REFUSED; SQ_DUPLICATE_ORDER_REF; SQ_UNREACHABLE;
 * SQ_OUTCOME_UNKNOWN; SQ_SERVER_ERROR; SQ_TLS; SQ_BAD_RESPONSE; SQ_JOURNAL; SQ_BUSY;
 * SQ_INVALID_HANDLE; SQ_INTERNAL. Any thread; calls about one order wait for each other.
 */
SQ_API sq_status SQ_CALL sq_update_order(sq_client *client,
                                         const char *order_ref_1,
                                         const char *update_json,
                                         sq_buffer **out);

/*
 * Goods of a settled order were handed over or sent.
 *
 * items_json: NULL (not an empty text) for all that is left, or a list:
 * [{"reference":"CAM-01","quantity":1}]. The quantity may be left out for all that is left of
 * the item; line (counted from 0, as it was sold) tells items with one reference apart. Some of
 * a line's goods go with their share of its total, the last with what is left, to the cent. A part
 * of goods that were weighed goes by amount, in cents, instead: {"reference":"Q1","amount":268}.
 * Discounts and vouchers go by the goods' share of the value, fees with the first goods; to say
 * otherwise name that line too, with the amount of cents that is to go (0: nothing).
 *
 * Everything shipped already, as with goods_leave "with_the_order": SQ_OK, and nothing is
 * sent. SQ_INVALID_ORDER with expected and actual: more than there is, no such item, an item
 * that is not clear, a cart below zero.
 *
 * Returns as sq_update_order, and what is said there of changes without an answer holds. Any
 * thread.
 *
 *     sq_ship(client, "R-100", NULL, NULL);
 *     sq_ship(client, "R-101", "[{\"reference\":\"CAM-01\",\"quantity\":1}]", NULL);
 */
SQ_API sq_status SQ_CALL sq_ship(sq_client *client,
                                 const char *order_ref_1,
                                 const char *items_json,
                                 sq_buffer **out);

/*
 * Goods that were shipped came back, or an amount is paid back.
 *
 * refund_json: NULL (not an empty text) for everything that was shipped;
 * {"items":[{"reference":"CAM-01","quantity":1}]}, items as in sq_ship (fees stay, unless they
 * are named); or {"amount":500,"reason":"..."}: so many cents of what was shipped, and the goods
 * stay with the shopper [C]. With both, {"items":[...],"amount":638}, the goods come back and are
 * worth what the till says: discounts and other payments go with them as far as they make up for
 * it, and what they do not becomes a line with the name reason. It is printed and kept: nothing of
 * the shopper belongs in it. Without it the line has the word of the client's language.
 *
 * With "preview": true nothing is recorded and nothing sent: /data says what would come of it.
 *
 * *out: /data/given_back: how many cents this call gives back, which /operator_message says
 * too; /data/amounts as in sq_order_info. Of a preview: both as they would be, and
 * /data/unshipped_cart, /data/shipped_cart, /data/preview (true).
 *
 * SQ_INVALID_ORDER with negative_total: a discount or another payment is named without the goods
 * that it goes with, so that the shopper would owe more.
 *
 * SQ_WRONG_STATE: nothing was shipped (sq_cancel ends such an order); or all of it would come
 * back before seQura has answered that any was shipped (sq_recover asks).
 *
 * Returns as sq_ship. Any thread.
 */
SQ_API sq_status SQ_CALL sq_refund(sq_client *client,
                                   const char *order_ref_1,
                                   const char *refund_json,
                                   sq_buffer **out);

/*
 * Cancels a settled order of which nothing was shipped: nothing of it is owed any more.
 *
 * reason: for seQura, such as "customer_cancel" [C]; NULL: "unspecified".
 *
 * Cancelled already: SQ_OK again. SQ_WRONG_STATE: a part was shipped (sq_refund), or the order
 * is not confirmed (sq_abandon).
 *
 * Returns as sq_update_order. Any thread.
 */
SQ_API sq_status SQ_CALL sq_cancel(sq_client *client,
                                   const char *order_ref_1,
                                   const char *reason,
                                   sq_buffer **out);

/*
 * Hands a settled order over to another till: writes what that till's journal needs, and closes the
 * order here. From then on every call that would change it here is SQ_TAKEN_OVER; sq_order_info
 * still shows it. Asks only the journal; nothing is sent.
 *
 * order: its order_ref_1, URL, uuid or cart_ref.
 *
 * *out: /data/document: a text, for sq_take_over there, as it is; it has nothing of the
 * shopper. /data/document_id and /data/at: which one it is, and when the order was handed over.
 * Asked again, after a lost answer or a power cut, it is the same document, with the warning
 * taken_over. Only one journal may take it over: two that do, and never hear of each other, nobody
 * can tell.
 *
 * SQ_WRONG_STATE: not settled, or cancelled; or something of it has no answer yet (sq_recover).
 *
 * Returns SQ_OK; SQ_UNKNOWN_ORDER; SQ_WRONG_STATE; SQ_BUSY; SQ_JOURNAL;
 * SQ_INVALID_ARGUMENT; SQ_INVALID_TEXT; SQ_INVALID_HANDLE; SQ_INTERNAL. Any thread.
 */
SQ_API sq_status SQ_CALL sq_hand_over(sq_client *client,
                                      const char *order,
                                      sq_buffer **out);

/*
 * Takes over an order that another till has handed over: it is known here from then on, with both
 * its carts as they were there, and changes go on from these. Asks only the journal; nothing is
 * sent.
 *
 * document: /data/document of sq_hand_over, as it is.
 *
 * *out: /order; /data/amounts as in sq_order_info; /data/document_id, /data/from_journal
 * and /data/at: which document it was, of which journal, and when. The same document again is the
 * same order: SQ_OK, and what was changed here since stays.
 *
 * SQ_INVALID_JSON, SQ_INVALID_ARGUMENT (invalid_document): cut, edited, or no document.
 * SQ_FOREIGN_URL: of another endpoint or environment. SQ_TAKEN_OVER: this journal has handed
 * the order on with this document, or after it: it comes back with the document of the journal that
 * goes on with it now. SQ_WRONG_STATE: this journal has the order and did not hand it over
 * (not_handed_over), or another journal has taken the same document over (taken_over_twice):
 * compare with seQura's portal.
 *
 * Returns SQ_OK; SQ_INVALID_ARGUMENT; SQ_INVALID_JSON; SQ_INVALID_TEXT; SQ_FOREIGN_URL;
 * SQ_TAKEN_OVER; SQ_WRONG_STATE; SQ_BUSY; SQ_JOURNAL; SQ_INVALID_HANDLE; SQ_INTERNAL.
 * Any thread.
 */
SQ_API sq_status SQ_CALL sq_take_over(sq_client *client,
                                      const char *document,
                                      sq_buffer **out);

/*
 * Tells seQura what was shipped: once a day, even if it is nothing [D].
 *
 * report_json: NULL: for each merchant, the orders of which something was shipped since the last
 * report that seQura has taken, each with what was delivered and kept (cart), what remains
 * (remaining_cart) and when (sent_at); an empty list where there is none. Or a report of the
 * till's own, {"orders":[...],"statistics":{"orders":[...]}} [D], checked like an order before it
 * is sent. What is left out of it is as with NULL: {"statistics":{"orders":[...]}} adds the shop's
 * sales of the last 7 days, whoever paid for them, to what the journal knows. merchant:
 * {"id":"shop_es"}, where the configuration names more than one. Orders that are given do not count
 * as reported by the journal.
 *
 * From the journal come platform and delivery_method; customer and statistics only from the till:
 * nothing of the shopper is kept, and statistics mean all the shop's sales.
 *
 * A report without an answer of seQura's stays in the journal: the next call sends it first, with
 * the same content, and so does sq_recover with NULL. The orders of one that seQura has refused go
 * into the next.
 *
 * *out: /data/reports/N of each report that was sent: merchant_id, orders (how many it told
 * of), status, errors. One merchant's failure does not keep the others' from being sent.
 *
 * Returns SQ_OK when seQura has taken all of them; otherwise the status of the first that failed:
 * SQ_INVALID_ORDER (nothing was sent); SQ_INVALID_JSON; SQ_INVALID_TEXT; SQ_INVALID_CONFIG
 * (no merchant configured); SQ_CONFLICT; SQ_UNAUTHORIZED; SQ_FORBIDDEN; SQ_NOT_FOUND;
 * SQ_GONE; SQ_RATE_LIMITED; SQ_REFUSED; SQ_UNREACHABLE; SQ_OUTCOME_UNKNOWN;
 * SQ_SERVER_ERROR; SQ_TLS; SQ_BAD_RESPONSE; SQ_JOURNAL; SQ_BUSY; SQ_INVALID_HANDLE;
 * SQ_INTERNAL. Any thread.
 *
 *     sq_send_delivery_report(client, NULL, NULL);
 */
SQ_API sq_status SQ_CALL sq_send_delivery_report(sq_client *client,
                                                 const char *report_json,
                                                 sq_buffer **out);

/*
 * Lists every unfinished order of this endpoint, oldest first. Asks only the journal; nothing is
 * sent.
 *
 * *out: /data/orders/N as /order of other buffers, with age_s (seconds since it was
 * begun), missing ("answer", "form", "confirmation", "order_ref_1", or "shipment" with
 * goods_leave "after_the_sale") and next ("recover" while something of it has no answer,
 * otherwise what the last call about it said, until something else happens to it; "ship" while
 * that shipment is not known to seQura); /data/at_risk: the money of orders that are confirmed,
 * or may be, without being settled, in cents by currency and merchant: {"EUR":{"shop_es":5097}};
 * /data/unshipped/N: the settled orders of which goods are still to be shipped (seQura pays what
 * was shipped), as /order of other buffers, with age_s, unshipped (what these goods come to,
 * cents) and next, those first that were begun first, 1000 at most; /data/unshipped_total:
 * what is to be shipped of all of them, as /data/at_risk; /data/open_reports/N: the merchants
 * whose delivery report has no answer; /data/forwarding, only where the journal is enrolled with
 * an office: journal_id (what the office knows it by), behind (changes that the office does not
 * have; null: nobody can tell), since (when the oldest of them happened; null: none),
 * acknowledged_at (when the office last took something), seen_at (when the forwarder was last at
 * work), trouble (what keeps it from it, or null). What the office has taken over is not listed.
 * /next is "recover" where something has no answer or money is at risk, otherwise "none": each
 * order says its own.
 *
 * Returns SQ_OK; SQ_INVALID_HANDLE; SQ_JOURNAL; SQ_INTERNAL. Any thread.
 */
SQ_API sq_status SQ_CALL sq_pending(sq_client *client,
                                    sq_buffer **out);

/*
 * Settles what a crash, a lost answer or a broken line left open: sends again, with the same
 * content, every step that has no final answer, and records what comes of it.
 *
 * order: one order, by URL, uuid, order_ref_1 or cart_ref; NULL: all of this endpoint. Call
 * it when the till starts, and from time to time while sq_pending lists orders whose next is
 * "recover". Several tills may do so at once: nothing is sent twice at the same time. An SMS is not
 * sent again unasked; the order then waits for sq_send_form. What stays in doubt because seQura's
 * answer may be the echo of the first attempt, a person ends (sq_resolve). A request that surely
 * never left and is a day old is not sent any more: its order goes back to where it was. Where the
 * clock is in doubt, seQura is asked what time it is; if it stays in doubt, such an order stays as
 * it is (SQ_UNREACHABLE, clock_doubtful).
 *
 * *out: /data/orders/N as in sq_pending, each with was and now (its states before and
 * after), status (of what was sent for it; null: nothing was to be sent, the till has to act:
 * next says how) and errors (as /errors: why, where it was refused or not answered).
 * /data/reports/N: the delivery reports that had no answer and were sent again, as in
 * sq_send_delivery_report. /data/remaining: how many orders and reports still wait for an answer.
 *
 * Of one order /next is the order's: what it needs where it stands. That something of it was
 * refused for a reason that is not its own (keys, too often, ...) is past once it is named here; a
 * conflict is not. Of all, /next is as in sq_pending.
 *
 * Returns SQ_OK when nothing waits for an answer any more (an order may have turned out to be
 * "conflicted": look at now); otherwise the status of the first that could not be settled, the
 * others settled all the same: SQ_UNREACHABLE, SQ_OUTCOME_UNKNOWN, SQ_TLS,
 * SQ_BAD_RESPONSE, SQ_SERVER_ERROR, SQ_UNAUTHORIZED, SQ_FORBIDDEN, SQ_NOT_FOUND,
 * SQ_GONE, SQ_RATE_LIMITED, SQ_REFUSED, SQ_BUSY, SQ_JOURNAL. Also SQ_UNKNOWN_ORDER,
 * SQ_INVALID_HANDLE, SQ_INVALID_ARGUMENT, SQ_INVALID_TEXT, SQ_INTERNAL. Any thread.
 */
SQ_API sq_status SQ_CALL sq_recover(sq_client *client,
                                    const char *order,
                                    sq_buffer **out);

/*
 * What seQura has paid out to the shop.
 *
 * path: NULL: the list, of every merchant that the configuration names; otherwise one of them
 * with its lines, by /data/disbursements/N/path of the list.
 *
 * *out of the list: /data/disbursements/N as seQura gives it, with merchant_id: reference,
 * issue_date, to_date, currency, disbursed_amount and adjustments_with_tax (cents),
 * path [D]. Of one: /data/disbursement the same, and /data/disbursement/lines/N with
 * order_ref_1, amount_with_tax (cents, what this disbursement adds; negative: taken back) and
 * maximum_amount_with_tax (the order's original amount) [D], as seQura wrote them; /warnings names
 * what of them cannot be read (unreadable_answer).
 *
 * Where one merchant's list cannot be had, the status says why, and /data has the others'.
 *
 * Returns SQ_OK; SQ_INVALID_ARGUMENT (no such path); SQ_FOREIGN_URL; SQ_INVALID_CONFIG (no
 * merchant configured); SQ_UNAUTHORIZED; SQ_FORBIDDEN; SQ_NOT_FOUND; SQ_UNREACHABLE;
 * SQ_OUTCOME_UNKNOWN; SQ_SERVER_ERROR; SQ_TLS; SQ_BAD_RESPONSE; SQ_RATE_LIMITED;
 * SQ_REFUSED; SQ_GONE; SQ_CONFLICT; SQ_INVALID_HANDLE; SQ_INVALID_TEXT; SQ_INTERNAL.
 * Any thread.
 */
SQ_API sq_status SQ_CALL sq_disbursements(sq_client *client,
                                          const char *path,
                                          sq_buffer **out);

/*
 * Holds the orders that were settled here against what seQura has paid out. Reads the
 * disbursements that are new since the last time, each once, and keeps them in the journal. An
 * order whose confirmation or reference is in doubt is settled by one that pays exactly its
 * amount under its reference.
 *
 * *out: /data/paid/N (paid in full, the last 1000), /data/not_yet_paid/N,
 * /data/differing/N (paid, but not what is owed: shipped or refunded in part, or wrong), each with
 * order_ref_1, merchant_id, uuid, currency, amount (owed) and paid (cents),
 * settled_at, portal_url, shop_url and payouts (reference, issue_date, path, amount
 * of each disbursement); /data/unknown_here/N: paid for a reference that no order of this journal
 * has in that currency, such as another till's. At most 1000 of each kind; /data/totals has the
 * count and the amount (cents) of all, by currency and merchant: paid_out, not_yet_paid,
 * differing (owed less paid), unknown_here. /data/read: how many disbursements were read now.
 *
 * A disbursement is read whole or not at all. What cannot be read (no order, an amount that is no
 * whole number of cents, no currency or another, a line twice, no such path) is in /warnings,
 * unreadable_answer with pointer and actual: nothing of it counts, and it is asked for again. What
 * version 0.1.0 has read is asked for once more.
 *
 * When seQura cannot be asked, the status says why, and /data compares with what was read before.
 *
 * Returns as sq_disbursements; also SQ_JOURNAL. Any thread.
 */
SQ_API sq_status SQ_CALL sq_reconcile(sq_client *client,
                                      sq_buffer **out);

/*
 * The transaction log: every request that changed or tried to change something at seQura, without
 * personal data. Asks only the journal.
 *
 * query_json: NULL, or an object of which every key is optional: order (URL, uuid,
 * order_ref_1 or cart_ref), state, since and until (a date, or a date and time),
 * attention (true: only what needs attention), limit (1 to 1000, default 100), after
 * (/data/after of the page before).
 *
 * *out: /data/entries/N, first those that need attention (the last word on an order was a
 * failure, and nobody has dismissed it; before them attempts at which a till died, of which there
 * is no entry yet), then the newest: id (of such an attempt below 0), at (UTC), operation, order
 * (uuid, url, order_ref_1, merchant_id, amount in cents, currency, state, portal_url, shop_url;
 * null for a delivery report), merchant_id, status, http (status, request_id, elapsed_ms),
 * errors (codes and fields of a failure, as in a result's /errors), description (seQura's words,
 * with what names the shopper taken out as well as can be; null once nobody needs them any more),
 * needs_attention, dismissed, actions (what can be done: a word of /next, "dismiss"), hash
 * (of the chain); /data/has_more, /data/after.
 *
 * An attempt without an entry has status "SQ_OUTCOME_UNKNOWN", no http and no hash, and cannot be
 * dismissed: it goes when it is asked again (sq_recover).
 *
 * seQura's words go when what they refused is done after all, when the order is finished, when the
 * entry is dismissed; those on a sold order after refusal_days (default 7).
 *
 * Entries older than log_retention_days are removed when a client is opened, or when an answer
 * of seQura's has shown that the clock is right.
 *
 * Returns SQ_OK; SQ_INVALID_ARGUMENT (/errors lists every problem of the query);
 * SQ_INVALID_JSON; SQ_INVALID_TEXT; SQ_INVALID_HANDLE; SQ_JOURNAL; SQ_INTERNAL. Any
 * thread.
 */
SQ_API sq_status SQ_CALL sq_log(sq_client *client,
                                const char *query_json,
                                sq_buffer **out);

/*
 * The figures between two moments: of a till's day, a shift, a month. Asks only the journal; works
 * for orders whose personal data is gone.
 *
 * since, until: dates and times with their offset, such as "2026-11-27T09:00:00+01:00"; what
 * happened at since counts, what happened at until no more. Both NULL: this machine's local day,
 * of 23 or 25 hours where its clocks change. since alone NULL: from the beginning of the local day
 * in which until ends; until alone NULL: to the end of the present local day. "" is NULL.
 *
 * *out: /data/since, /data/until (in UTC), and the figures, each by currency and merchant, in
 * cents (/data/sold/EUR/shop_es) and as a number (/data/counts/sold/EUR/shop_es):
 * - confirmed: what seQura confirmed, at the total that it had then;
 * - sold: what was settled, confirmed and its reference registered, at the total that it had then;
 * - shipped: the goods that seQura took as shipped, with the sale or after it (an update that takes
 *   some back, as not shipped, counts against it);
 * - refunded: by how much sold orders came to less when seQura took a refund, a cancellation or an
 *   update, whenever they were sold (an update by which one comes to more counts against it);
 * - at_risk: of what was confirmed, or may have been, between the two moments: what is now neither
 *   settled nor known not to be confirmed.
 *
 * Everything belongs to the moment at which this machine heard seQura's answer, by its clock then,
 * or a person said what the answer was (sq_resolve); in at_risk, without an answer, to that at
 * which seQura was asked. What did not happen is not there. Whoever sold an order has it among its
 * sales, whoever changed it has its changes, also after sq_hand_over.
 *
 * A warning, figures_incomplete: a sum that is null is more than can be counted, or an amount of it
 * is missing in a damaged journal; or the journal is
 * of an earlier version, which noted no figures before the moment that the message names; or it was
 * restored from a copy, and lacks what the old till did after that moment; or the office has taken
 * over what was, or may have been, confirmed between the two moments: whether it is at risk is
 * known there.
 *
 * Returns SQ_OK; SQ_INVALID_ARGUMENT (not a date and time with an offset, or until before
 * since); SQ_INVALID_TEXT; SQ_INVALID_HANDLE; SQ_JOURNAL; SQ_INTERNAL. Any thread.
 */
SQ_API sq_status SQ_CALL sq_day(sq_client *client,
                                const char *since,
                                const char *until,
                                sq_buffer **out);

/*
 * Marks an entry of the transaction log as seen to: it needs no attention any more. entry_id:
 * /data/entries/N/id of sq_log.
 *
 * Returns SQ_OK, also when it was marked before; SQ_INVALID_ARGUMENT (no such entry);
 * SQ_INVALID_HANDLE; SQ_JOURNAL; SQ_INTERNAL. Any thread.
 */
SQ_API sq_status SQ_CALL sq_log_dismiss(sq_client *client,
                                        int64_t entry_id,
                                        sq_buffer **out);

/*
 * Begins an order.
 *
 * client: texts given to this order are in its encoding; NULL: UTF-8. The decimal sign of
 * sq_order_add_measured is that of its language. The order does not depend on the client
 * otherwise. *order receives the order, to be freed with sq_order_free; NULL on failure.
 *
 * Returns SQ_OK; SQ_INVALID_ARGUMENT (order is NULL); SQ_INVALID_HANDLE. Any thread.
 */
SQ_API sq_status SQ_CALL sq_order_new(sq_client *client,
                                      sq_order **order);

/*
 * Sets a text at a JSON pointer; what the pointer leads through is made where it is not there.
 *
 * "/customer/email" sets a field; "/cart/items/0/category" one of the first item; "-" as an index
 * appends to a list. A call that fails changes nothing.
 *
 * Returns SQ_OK; SQ_INVALID_ARGUMENT (NULL, or a pointer that leads nowhere);
 * SQ_INVALID_TEXT; SQ_INVALID_HANDLE; SQ_INTERNAL. Any thread; calls on one order wait for
 * each other.
 */
SQ_API sq_status SQ_CALL sq_order_set_text(sq_order *order,
                                           const char *json_pointer,
                                           const char *text);

/*
 * Sets a whole number at a JSON pointer; amounts are in cents. Otherwise as sq_order_set_text.
 */
SQ_API sq_status SQ_CALL sq_order_set_int(sq_order *order,
                                          const char *json_pointer,
                                          int64_t value);

/*
 * Sets true (1) or false (0) at a JSON pointer; any other value is SQ_INVALID_ARGUMENT. Otherwise
 * as sq_order_set_text.
 */
SQ_API sq_status SQ_CALL sq_order_set_flag(sq_order *order,
                                           const char *json_pointer,
                                           int32_t value);

/*
 * Appends an item to "/cart/items".
 *
 * type: "product" (also for NULL), "service", "handling", "discount", "invoice_fee",
 * "other_payment", "registration", ...; reference and name may be NULL where the type needs
 * none. total_with_tax: cents, negative for discounts and other payments. quantity and
 * price_with_tax (cents) count for products and services only, which also get
 * downloadable: false; set that flag to change it. The cart's own total is never computed: set
 * "/cart/order_total_with_tax", and the start checks it against the items.
 *
 * Returns as sq_order_set_text.
 */
SQ_API sq_status SQ_CALL sq_order_add_item(sq_order *order,
                                           const char *type,
                                           const char *reference,
                                           const char *name,
                                           int64_t quantity,
                                           int64_t price_with_tax,
                                           int64_t total_with_tax);

/*
 * Appends goods that were weighed or measured to "/cart/items": seQura's quantities are whole
 * numbers, so they are one piece, the name with the measure, at what they come to.
 *
 * type: "product" (also for NULL) or "service". quantity: digits with a point or a comma,
 * "0.345" or "0,345"; at most 9 digits before it and 6 after it. unit: "kg", or another of at most
 * 20 characters. price_with_tax: of one unit, cents; negative for goods that come back. The line
 * gets quantity 1 and, as price and as total, quantity times price, rounded to the nearest cent, a
 * half up (away from zero), in whole numbers. Its name is "Queso 0,345 kg": with the digits as they
 * were given, and the decimal sign of the client's language, as tills print it (a point in English,
 * a comma in Spanish, French, Italian and Portuguese; of an order without a client a comma).
 *
 * A part of it goes by its amount: sq_ship, sq_refund.
 *
 * Returns as sq_order_set_text. SQ_INVALID_ARGUMENT: also a quantity that is empty, 0, negative
 * or no number (letters, an exponent, two signs, blanks inside) or has too many digits; a unit or a
 * name that is missing; another type; a total that no shop can mean.
 */
SQ_API sq_status SQ_CALL sq_order_add_measured(sq_order *order,
                                               const char *type,
                                               const char *reference,
                                               const char *name,
                                               const char *quantity,
                                               const char *unit,
                                               int64_t price_with_tax);

/*
 * The order as built so far: its JSON is the whole buffer, for sq_start_solicitation and
 * sq_confirm. It is not checked here.
 *
 * Returns SQ_OK; SQ_INVALID_HANDLE (the buffer then is a result like any other's);
 * SQ_INTERNAL. Any thread.
 */
SQ_API sq_status SQ_CALL sq_order_json(sq_order *order,
                                       sq_buffer **out);

/*
 * Frees an order. NULL, or one that was freed before, does nothing. Any thread.
 */
SQ_API void SQ_CALL sq_order_free(sq_order *order);

/*
 * How many clients, buffers and orders are given out and not freed: 0 when nothing leaked. Any
 * thread.
 */
SQ_API int64_t SQ_CALL sq_live_handles(void);

#ifdef __cplusplus
}
#endif

#endif  /* SEQURA_POS_H */
