/*
 * Sales against the simulator, good and bad: what a till sees at each step.
 *
 * Arguments: the simulator's http URL, its https URL, the file with its CA, a folder for journals.
 */

#include "check.h"

#include <stdio.h>
#include <string.h>

static const char *http_url;
static const char *https_url;
static const char *ca_file;
static const char *folder;

static char config[ROOM];
static char order[ROOM];
static char url[512];
static char uuid[64];

static sq_client *open_till(const char *base_url, const char *journal, const char *more)
{
    sq_client *client = NULL;

    write_config(config, base_url, folder, journal, more);
    ANSWER(SQ_OK, sq_client_open, (config, &client, &answer));
    CHECK(client != NULL);
    return client;
}

/* Starts what is in `order`; url and uuid say which it is. */
static void start(sq_client *client)
{
    ANSWER(SQ_OK, sq_start_solicitation, (client, order, &answer));
    VALUE_IS("/order/state", "solicited");
    VALUE_IS("/next", "send_form");
    VALUE_IS("/order/amount", "5097");
    copy_value(url, sizeof url, "/order/url");
    copy_value(uuid, sizeof uuid, "/order/uuid");
}

static void start_and_approve(sq_client *client, const char *order_ref_1, const char *item)
{
    write_order(order, order_ref_1, item);
    start(client);
    ANSWER(SQ_OK, sq_send_form, (client, url, "pp3", NULL, &answer));
    VALUE_IS("/order/state", "form_sent");
    VALUE_IS("/next", "confirm");
    ask("approve", uuid);
}

static void account(sq_client *client)
{
    ANSWER(SQ_OK, sq_check_credentials, (client, &answer));
    VALUE_IS("/data/merchants/0/id", "shop_es");
    VALUE_IS("/data/merchants/0/configured", "true");
    ANSWER(SQ_OK, sq_payment_methods, (client, NULL, &answer));
    CHECK(value("/data/methods/0/product")[0] != '\0');
    VALUE_IS("/data/methods/0/merchant_id", "shop_es");
}

static void reference_later(sq_client *client)
{
    start_and_approve(client, NULL, "LATER");
    ANSWER(SQ_OK, sq_payment_methods, (client, url, &answer));
    CHECK(value("/data/methods/0/product")[0] != '\0');

    ANSWER(SQ_WRONG_STATE, sq_set_order_ref, (client, url, "R-LATER", NULL, &answer));
    VALUE_IS("/next", "confirm");

    ANSWER(SQ_OK, sq_confirm, (client, url, NULL, &answer));
    VALUE_IS("/order/state", "confirmed");
    VALUE_IS("/next", "set_order_ref");
    VALUE_IS("/http/status", "200");
    ANSWER(SQ_OK, sq_pending, (client, &answer));
    VALUE_IS("/data/orders/0/uuid", uuid);
    VALUE_IS("/data/orders/0/missing", "order_ref_1");
    VALUE_IS("/data/at_risk/EUR/shop_es", "5097");

    ANSWER(SQ_OK, sq_set_order_ref, (client, url, "R-LATER", "second", &answer));
    VALUE_IS("/order/state", "settled");
    VALUE_IS("/order/order_ref_1", "R-LATER");
    VALUE_IS("/order/order_ref_2", "second");
    VALUE_IS("/next", "none");

    /* Asked twice: the same answers, from the journal. */
    ANSWER(SQ_OK, sq_confirm, (client, url, NULL, &answer));
    VALUE_IS("/order/state", "settled");
    VALUE_IS("/http/attempts", "0");
    ANSWER(SQ_OK, sq_confirm, (client, uuid, order, &answer));
    VALUE_IS("/http/attempts", "0");
    ANSWER(SQ_OK, sq_set_order_ref, (client, uuid, "R-LATER", NULL, &answer));
    ANSWER(SQ_WRONG_STATE, sq_set_order_ref, (client, uuid, "R-OTHER", NULL, &answer));
    ANSWER(SQ_WRONG_STATE, sq_send_form, (client, uuid, "pp3", NULL, &answer));
    ANSWER(SQ_WRONG_STATE, sq_hold, (client, uuid, NULL, &answer));

    CHECK(strcmp(ask("events", uuid),
                 "solicited,form_delivered,approved,confirmed,reference_registered") == 0);
    ANSWER(SQ_OK, sq_pending, (client, &answer));
    VALUE_IS("/data/orders", "[]");
    VALUE_IS("/data/at_risk", "{}");
}

static void reference_first(sq_client *client)
{
    start_and_approve(client, "R-FIRST", "FIRST");
    VALUE_IS("/order/order_ref_1", "R-FIRST");
    ANSWER(SQ_OK, sq_confirm, (client, url, NULL, &answer));
    VALUE_IS("/order/state", "settled");
    VALUE_IS("/order/order_ref_1", "R-FIRST");
    VALUE_IS("/next", "none");
    CHECK(strcmp(ask("events", uuid), "solicited,form_delivered,approved,confirmed") == 0);
}

static void conflict(sq_client *client)
{
    char changed[ROOM];

    start_and_approve(client, NULL, "CONFLICT");
    /* Another cart than the approved one. */
    write_order(changed, NULL, "SOMETHING-ELSE");
    ANSWER(SQ_CONFLICT, sq_confirm, (client, url, changed, &answer));
    VALUE_IS("/order/state", "conflicted");
    VALUE_IS("/next", "restart_checkout");
    VALUE_IS("/errors/0/code", "cart_changed");
    VALUE_IS("/http/status", "409");
    ANSWER(SQ_WRONG_STATE, sq_set_order_ref, (client, url, "R-CONFLICT", NULL, &answer));
    CHECK(strcmp(ask("events", uuid), "solicited,form_delivered,approved") == 0);

    /* seQura's documented sentence, in the words of its documentation. */
    ask("fault", "{\"kind\":\"conflict\",\"method\":\"PUT\",\"errors\":[\"Invalid data: "
                 "items' total_with_tax add up to 5055 (5958+597+-1500) but order_total_with_tax is "
                 "5097. The diff is 42.\",\"Invalid data: something new\"]}");
    ANSWER(SQ_CONFLICT, sq_confirm, (client, url, order, &answer));
    VALUE_IS("/next", "fix_order");
    CHECK(strstr(value("/errors/0/message"), "(5958+597+-1500)") != NULL);
    VALUE_IS("/errors/0/code", "cart_total_mismatch");
    VALUE_IS("/errors/0/expected", "5055");
    VALUE_IS("/errors/0/actual", "5097");
    VALUE_IS("/errors/1/code", "unrecognised");
    CHECK(strstr(value("/errors/1/message"), "something new") != NULL);

    /* What never adds up is not even sent. */
    strcpy(changed, order);
    memcpy(strstr(changed, "5097"), "5096", 4);
    ANSWER(SQ_INVALID_ORDER, sq_confirm, (client, url, changed, &answer));
    VALUE_IS("/errors/0/code", "cart_total_mismatch");
    VALUE_IS("/errors/0/expected", "5097");
    VALUE_IS("/errors/0/actual", "5096");
    VALUE_IS("/http", "null");

    /* With the approved cart it is possible again. */
    ANSWER(SQ_OK, sq_confirm, (client, url, order, &answer));
    VALUE_IS("/order/state", "confirmed");
    ANSWER(SQ_OK, sq_set_order_ref, (client, url, "R-CONFLICT", NULL, &answer));
    VALUE_IS("/order/state", "settled");
}

static void not_approved(sq_client *client)
{
    write_order(order, "R-EARLY", "EARLY");
    start(client);
    ANSWER(SQ_CONFLICT, sq_confirm, (client, url, NULL, &answer));
    VALUE_IS("/errors/0/code", "not_approved");
    VALUE_IS("/order/state", "conflicted");
    ask("expire", uuid);
    ANSWER(SQ_GONE, sq_confirm, (client, url, NULL, &answer));
}

/* Another till, with a journal of its own, has taken the reference. */
static void duplicates(sq_client *client)
{
    sq_client *other = open_till(http_url, "other.journal", "");
    char taken[512];

    start_and_approve(client, "R-TAKEN", "TAKEN");
    ANSWER(SQ_OK, sq_confirm, (client, url, NULL, &answer));
    strcpy(taken, url);

    /* At the confirmation: the sale is not completed. */
    start_and_approve(other, "R-TAKEN", "LATE");
    ANSWER(SQ_DUPLICATE_ORDER_REF, sq_confirm, (other, url, NULL, &answer));
    VALUE_IS("/order/state", "conflicted");
    VALUE_IS("/next", "choose_another_ref");
    VALUE_IS("/http/status", "409");
    CHECK(strcmp(ask("events", uuid), "solicited,form_delivered,approved") == 0);
    write_order(order, "R-FREE-1", "LATE");
    ANSWER(SQ_OK, sq_confirm, (other, url, order, &answer));
    VALUE_IS("/order/state", "settled");
    VALUE_IS("/order/order_ref_1", "R-FREE-1");

    /* At the registration: confirmed, but stuck until another reference is given. */
    start_and_approve(other, NULL, "LATER-STILL");
    ANSWER(SQ_OK, sq_confirm, (other, url, NULL, &answer));
    ANSWER(SQ_DUPLICATE_ORDER_REF, sq_set_order_ref, (other, url, "R-TAKEN", NULL, &answer));
    VALUE_IS("/order/state", "ref_conflicted");
    VALUE_IS("/next", "choose_another_ref");
    ANSWER(SQ_OK, sq_pending, (other, &answer));
    VALUE_IS("/data/orders/0/state", "ref_conflicted");
    VALUE_IS("/data/at_risk/EUR/shop_es", "5097");
    ANSWER(SQ_OK, sq_set_order_ref, (other, url, "R-FREE-2", NULL, &answer));
    VALUE_IS("/order/state", "settled");

    /* What one's own journal knows to be taken is not sent. */
    write_order(order, "R-TAKEN", "KNOWN");
    ANSWER(SQ_DUPLICATE_ORDER_REF, sq_start_solicitation, (client, order, &answer));
    VALUE_IS("/http", "null");
    start_and_approve(client, NULL, "KNOWN-LATER");
    ANSWER(SQ_OK, sq_confirm, (client, url, NULL, &answer));
    ANSWER(SQ_DUPLICATE_ORDER_REF, sq_set_order_ref, (client, url, "R-TAKEN", NULL, &answer));
    VALUE_IS("/http", "null");
    VALUE_IS("/next", "choose_another_ref");
    ANSWER(SQ_OK, sq_set_order_ref, (client, url, "R-FREE-3", NULL, &answer));
    VALUE_IS("/order/state", "settled");

    CALL(SQ_OK, sq_client_close, (other));
}

static void unknown_outcome(sq_client *client)
{
    char refused[512];

    /* At the start. */
    write_order(order, NULL, "UNKNOWN");
    ask("fault", "{\"kind\":\"close_after\",\"method\":\"POST\",\"path\":\"/orders\"}");
    ANSWER(SQ_OUTCOME_UNKNOWN, sq_start_solicitation, (client, order, &answer));
    VALUE_IS("/order/state", "soliciting");
    start(client);
    ask("approve", uuid);

    /* At the confirmation: it is confirmed, and the till does not know. */
    ask("fault", "{\"kind\":\"close_after\",\"method\":\"PUT\",\"state\":\"confirmed\"}");
    ANSWER(SQ_OUTCOME_UNKNOWN, sq_confirm, (client, url, NULL, &answer));
    VALUE_IS("/order/state", "confirming");
    CHECK(strcmp(value("/next"), "call_again") == 0 || strcmp(value("/next"), "recover") == 0);
    ANSWER(SQ_OK, sq_pending, (client, &answer));
    VALUE_IS("/data/orders/0/missing", "answer");
    VALUE_IS("/data/at_risk/EUR/shop_es", "5097");
    ANSWER(SQ_WRONG_STATE, sq_set_order_ref, (client, url, "R-UNKNOWN", NULL, &answer));
    write_order(config, NULL, "OTHER-CONTENT");
    ANSWER(SQ_WRONG_STATE, sq_confirm, (client, url, config, &answer));
    ANSWER(SQ_OK, sq_confirm, (client, url, order, &answer));
    VALUE_IS("/order/state", "confirmed");

    /* At the registration. */
    ask("fault", "{\"kind\":\"close_after\",\"method\":\"PUT\",\"state\":\"\"}");
    ANSWER(SQ_OUTCOME_UNKNOWN, sq_set_order_ref, (client, url, "R-UNKNOWN", NULL, &answer));
    VALUE_IS("/order/state", "referencing");
    ANSWER(SQ_OK, sq_set_order_ref, (client, url, "R-UNKNOWN", NULL, &answer));
    VALUE_IS("/order/state", "settled");
    CHECK(strcmp(ask("events", uuid), "solicited,approved,confirmed,reference_registered") == 0);

    /* Nobody listens: surely not sent. */
    {
        sq_client *alone = open_till("http://127.0.0.1:1", "alone.journal", "");

        write_order(order, NULL, "ALONE");
        ANSWER(SQ_UNREACHABLE, sq_start_solicitation, (alone, order, &answer));
        VALUE_IS("/order/state", "soliciting");
        ANSWER(SQ_UNREACHABLE, sq_check_credentials, (alone, &answer));
        sprintf(refused, "http://127.0.0.1:1/orders/%s", uuid);
        write_order(order, NULL, "ALONE");
        ANSWER(SQ_UNREACHABLE, sq_confirm, (alone, refused, order, &answer));
        CALL(SQ_OK, sq_client_close, (alone));
    }
}

static void review(sq_client *client)
{
    write_order(order, "R-REVIEW", "REVIEW");
    start(client);
    ANSWER(SQ_OK, sq_send_form, (client, uuid, "pp3", NULL, &answer));
    ask("review", uuid);
    ANSWER(SQ_OK, sq_hold, (client, url, NULL, &answer));
    VALUE_IS("/order/state", "held");
    VALUE_IS("/next", "confirm");
    ask("approve", uuid);
    ANSWER(SQ_OK, sq_confirm, (client, url, NULL, &answer));
    VALUE_IS("/order/state", "settled");
    CHECK(strcmp(ask("events", uuid),
                 "solicited,form_delivered,needs_review,held,approved,confirmed") == 0);
}

#define SET(pointer, text) CALL(SQ_OK, sq_order_set_text, (built, pointer, text))

static void address(sq_order *built, const char *block)
{
    static const char *const fields[][2] = {
        {"given_names", "Jos\303\251"}, {"surnames", "Mu\303\261oz"}, {"company", ""},
        {"address_line_1", "C/ Mayor 1"}, {"address_line_2", ""}, {"postal_code", "28001"},
        {"city", "Madrid"}, {"country_code", "ES"}, {"mobile_phone", "612345678"}};
    char pointer[100];
    unsigned i;

    for (i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        sprintf(pointer, "/%s/%s", block, fields[i][0]);
        SET(pointer, fields[i][1]);
    }
}

/* The same kind of order without a JSON library. */
static void builder(sq_client *client)
{
    sq_order *built = NULL;
    sq_buffer *json = NULL;

    CALL(SQ_OK, sq_order_new, (client, &built));
    CALL(SQ_OK, sq_order_add_item, (built, NULL, "B1", "Camisa", 2, 3000, 6000));
    CALL(SQ_OK, sq_order_add_item, (built, "handling", "H1", "Env\303\255o", 0, 0, 597));
    CALL(SQ_OK, sq_order_add_item, (built, "discount", "D1", "Rebaja", 0, 0, -1500));
    SET("/cart/currency", "EUR");
    CALL(SQ_OK, sq_order_set_flag, (built, "/cart/gift", 0));
    CALL(SQ_OK, sq_order_set_int, (built, "/cart/order_total_with_tax", 5000));
    CALL(SQ_OK, sq_order_set_int, (built, "/cart/order_total_with_tax", 5097));
    SET("/delivery_method/name", "Recogida en tienda");
    address(built, "delivery_address");
    address(built, "invoice_address");
    SET("/customer/given_names", "Jos\303\251");
    SET("/customer/surnames", "Mu\303\261oz");
    SET("/customer/email", "jose@example.es");
    SET("/customer/logged_in", "unknown");
    SET("/customer/language_code", "es-ES");
    SET("/customer/ip_number", "127.0.0.1");
    SET("/customer/user_agent", "till/1");
    SET("/gui/layout", "desktop");
    SET("/platform/name", "till");
    SET("/platform/version", "1");
    SET("/platform/uname", "linux");
    SET("/platform/db_name", "none");
    SET("/platform/db_version", "0");
    SET("/merchant_reference/order_ref_1", "R-BUILT");

    CALL(SQ_OK, sq_order_json, (built, &json));
    CHECK(strlen(sq_buffer_text(json)) < ROOM);
    strcpy(order, sq_buffer_text(json));
    sq_buffer_free(json);
    sq_order_free(built);

    start(client);
    CHECK(strstr(ask("wire", ""), "Mu\303\261oz") != NULL);
    ANSWER(SQ_OK, sq_send_form, (client, url, "pp3", NULL, &answer));
    ask("approve", uuid);
    ANSWER(SQ_OK, sq_confirm, (client, url, order, &answer));
    VALUE_IS("/order/state", "settled");
}

/* What a lost answer left open is settled by the library itself. */
static void recovery(sq_client *client)
{
    start_and_approve(client, NULL, "RECOVER");
    ask("fault", "{\"kind\":\"close_after\",\"method\":\"PUT\",\"state\":\"confirmed\"}");
    ANSWER(SQ_OUTCOME_UNKNOWN, sq_confirm, (client, url, NULL, &answer));
    ask("fault", "{\"kind\":\"close_before\",\"method\":\"PUT\",\"state\":\"confirmed\"}");
    ANSWER(SQ_OUTCOME_UNKNOWN, sq_recover, (client, url, &answer));
    VALUE_IS("/data/remaining", "1");
    ANSWER(SQ_OK, sq_recover, (client, NULL, &answer));
    VALUE_IS("/data/remaining", "0");
    VALUE_IS("/data/orders/0/uuid", uuid);
    VALUE_IS("/data/orders/0/was", "confirming");
    VALUE_IS("/data/orders/0/now", "confirmed");
    VALUE_IS("/data/orders/0/status", "SQ_OK");
    ANSWER(SQ_OK, sq_set_order_ref, (client, url, "R-RECOVER", NULL, &answer));
    ANSWER(SQ_OK, sq_recover, (client, "R-RECOVER", &answer));
    VALUE_IS("/data/orders/0/now", "settled");
    CHECK(strcmp(ask("events", uuid),
                 "solicited,form_delivered,approved,confirmed,reference_registered") == 0);
}

/* A till of the nineties, over TLS. */
static void windows_1252(void)
{
    char more[ROOM];
    sq_client *client;
    char *name;

    sprintf(more, ",\"text_encoding\":\"windows-1252\",\"language\":\"en\",\"roots\":{\"file\":\"%s\"}",
            ca_file);
    client = open_till(https_url, "old.journal", more);
    ANSWER(SQ_OK, sq_echo, (client, "ma\361ana \200", &answer));
    VALUE_IS("/data/text", "ma\361ana \200");
    VALUE_IS("/data/bytes", "11");

    write_order(order, "R-1252-\361", "1252");
    name = strstr(order, "Mayor");
    memcpy(name, "Ma\361or", 5);
    /* That address is of the delivery; the invoice's may differ. */
    start(client);
    CHECK(strstr(ask("wire", ""), "Ma\303\261or") != NULL);
    VALUE_IS("/order/order_ref_1", "R-1252-\361");
    ANSWER(SQ_OK, sq_send_form, (client, url, "pp3", NULL, &answer));
    ask("approve", uuid);
    ANSWER(SQ_OK, sq_confirm, (client, url, NULL, &answer));
    VALUE_IS("/order/state", "settled");
    CALL(SQ_OK, sq_client_close, (client));

    /* Without that root the certificate is refused, and nothing is sent. */
    client = open_till(https_url, "no-root.journal", "");
    ANSWER(SQ_TLS, sq_check_credentials, (client, &answer));
    write_order(order, NULL, "TLS");
    ANSWER(SQ_TLS, sq_start_solicitation, (client, order, &answer));
    CALL(SQ_OK, sq_client_close, (client));
}

/* Whatever HTTP status comes: the right code, and one that the function's comment names. */
static void answers(sq_client *client)
{
    static const struct {
        int http;
        sq_status status;
    } rows[] = {
        {400, SQ_REFUSED}, {401, SQ_UNAUTHORIZED}, {403, SQ_FORBIDDEN}, {404, SQ_NOT_FOUND},
        {409, SQ_CONFLICT}, {410, SQ_GONE}, {422, SQ_REFUSED}, {429, SQ_RATE_LIMITED},
        {302, SQ_BAD_RESPONSE}, {500, SQ_SERVER_ERROR}, {503, SQ_SERVER_ERROR}};
    char fault[160];
    char item[20];
    unsigned i;
    int kept;

    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sprintf(fault,
                "{\"kind\":\"status\",\"status\":%d,\"times\":6,"
                "\"headers\":{\"X-Request-Id\":\"5a6b8f0e-1c7d-4e2f-9a3b-0d1c2e3f4a5b\"}}",
                rows[i].http);
        sprintf(item, "HTTP-%d", rows[i].http);
        write_order(order, NULL, item);
        start(client);
        ask("fault", fault);
        ANSWER(rows[i].status, sq_check_credentials, (client, &answer));
        /* What seQura said last is kept, for when it cannot say it now. */
        kept = rows[i].status == SQ_SERVER_ERROR;
        ANSWER(kept ? SQ_OK : rows[i].status, sq_payment_methods, (client, url, &answer));
        if (kept)
            VALUE_IS("/data/from_cache", "true");
        ANSWER(kept ? SQ_OK : rows[i].status, sq_payment_methods, (client, NULL, &answer));
        if (kept)
            VALUE_IS("/data/from_cache", "true");
        ANSWER(rows[i].status, sq_send_form, (client, url, "pp3", NULL, &answer));
        /* The confirmations that follow are of orders of their own: a 410 ends one. */
        write_order(order, NULL, "NEVER");
        ANSWER(rows[i].status, sq_start_solicitation, (client, order, &answer));
        {
            char other[64];

            sprintf(other, "00000000-0000-4000-8000-%012d", rows[i].http);
            ANSWER(rows[i].status, sq_confirm, (client, other, order, &answer));
        }
    }
}

int main(int argc, char **argv)
{
    sq_client *client;

    if (argc != 5)
        return 2;
    http_url = argv[1];
    https_url = argv[2];
    ca_file = argv[3];
    folder = argv[4];

    client = open_till(http_url, "till.journal", "");
    account(client);
    reference_later(client);
    reference_first(client);
    conflict(client);
    not_approved(client);
    duplicates(client);
    unknown_outcome(client);
    recovery(client);
    review(client);
    builder(client);
    answers(client);
    CALL(SQ_OK, sq_client_close, (client));

    /* Another day: the journal remembers. */
    client = open_till(http_url, "till.journal", "");
    ANSWER(SQ_OK, sq_pending, (client, &answer));
    CALL(SQ_OK, sq_client_close, (client));
    windows_1252();
    return finish();
}
