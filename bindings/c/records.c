/* The transaction log, the payouts, the delivery report, the self-test; see records.h. */
#include "records.h"

#include "answer.h"
#include "text.h"

#include <sequra_pos.h>
#include <stdlib.h>
#include <string.h>

/* ---- the transaction log ------------------------------------------------------------------------ */

static const char entries[] = "/data/entries/";

/* What can be done about an entry: a word of /next, and to dismiss it. */
static void show_actions(const sq_buffer *log, unsigned long place)
{
    char *number = text_number(place), *end = text_join(number, "/actions/", "");
    char *list = text_join(entries, end, "");
    char *line = NULL, *action;
    unsigned long i;

    for (i = 0; (action = answer_get_at(log, list, i, "")) != NULL; i++) {
        if (strcmp(action, "dismiss") == 0) {
            free(action);
            action = text_and(text_copy("--dismiss", 9), " ", answer_get_at(log, entries, place, "/id"));
        }
        line = line == NULL ? action : text_and(line, ", or ", action);
    }
    if (line != NULL)
        text_say_with("", "to do: %s", line);
    free(number);
    free(end);
    free(list);
    free(line);
}

/* By its ticket number, or by its uuid while it has none. A delivery report is about no order. */
static char *order_of(const sq_buffer *log, unsigned long place)
{
    char *name = answer_get_at(log, entries, place, "/order/order_ref_1");

    return name != NULL ? name : answer_get_at(log, entries, place, "/order/uuid");
}

int records_show_log(const struct till *till, const char *sale)
{
    sq_order *query = NULL;
    sq_buffer *json = NULL, *log = NULL;
    sq_status status = sq_order_new(till->client, &query);
    unsigned long i;
    char *line;

    /* A query is JSON too, and the builder of orders writes any. */
    if (status == SQ_OK)
        status = sq_order_set_int(query, "/limit", 20);
    if (status == SQ_OK && sale != NULL)
        status = sq_order_set_text(query, "/order", sale);
    if (status == SQ_OK)
        status = sq_order_json(query, &json);
    if (status == SQ_OK)
        status = sq_log(till->client, sq_buffer_text(json), &log);
    if (status != SQ_OK)
        answer_show("log", log);
    for (i = 0; (line = answer_get_at(log, entries, i, "/id")) != NULL; i++) {
        int wanting = answer_is_at(log, entries, i, "/needs_attention", "true");

        line = text_and(line, " ", order_of(log, i));
        line = text_and(line, " ", answer_get_at(log, entries, i, "/operation"));
        line = text_and(line, " ", answer_get_at(log, entries, i, "/status"));
        line = text_and(line, ", HTTP ", answer_get_at(log, entries, i, "/http/status"));
        text_say(wanting ? "attention" : "log", line);
        free(line);
        line = answer_get_at(log, entries, i, "/description");
        if (line != NULL)
            text_say("", line);
        free(line);
        if (wanting)
            show_actions(log, i);
    }
    if (status == SQ_OK && i == 0)
        text_say("log", "nothing");
    sq_buffer_free(log);
    sq_buffer_free(json);
    sq_order_free(query);
    return sale_exit_status(status);
}

int records_dismiss(const struct till *till, const char *entry)
{
    sq_buffer *answer = NULL;
    sq_status status = sq_log_dismiss(till->client, strtol(entry, NULL, 10), &answer);

    answer_show("dismiss", answer);
    sq_buffer_free(answer);
    return sale_exit_status(status);
}

/* ---- the payouts -------------------------------------------------------------------------------- */

/* A sum of an entry of the reconciliation, with its currency; NULL when it is not there. */
static char *sum_of(const sq_buffer *answer, const char *list, unsigned long place, const char *field)
{
    char *cents = answer_get_at(answer, list, place, field);
    char *currency = answer_get_at(answer, list, place, "/currency");
    char *sum = cents != NULL && currency != NULL ? text_price(cents, currency) : NULL;

    free(cents);
    free(currency);
    return sum;
}

/* The entries of one kind, in one line: each with what is owed and, where it says so, what was paid. */
static void show_kind(const sq_buffer *answer, const char *label, const char *list, int owed, int paid)
{
    char *line = NULL, *entry;
    unsigned long i;

    for (i = 0; (entry = answer_get_at(answer, list, i, "/order_ref_1")) != NULL; i++) {
        if (owed)
            entry = text_and(entry, " ", sum_of(answer, list, i, "/amount"));
        if (paid)
            entry = text_and(entry, owed ? ", but paid " : " ", sum_of(answer, list, i, "/paid"));
        line = line == NULL ? entry : text_and(line, "; ", entry);
    }
    if (line != NULL)
        text_say(label, line);
    free(line);
}

int records_show_payouts(const struct till *till)
{
    sq_buffer *answer = NULL;
    sq_status status = sq_reconcile(till->client, &answer);

    answer_show("reconcile", answer);
    show_kind(answer, "paid", "/data/paid/", 1, 0);
    show_kind(answer, "differing", "/data/differing/", 1, 1);
    show_kind(answer, "not paid", "/data/not_yet_paid/", 1, 0);
    show_kind(answer, "unknown", "/data/unknown_here/", 0, 1);      /* paid, and sold by another till */
    sq_buffer_free(answer);
    return sale_exit_status(status);
}

/* ---- the delivery report ------------------------------------------------------------------------ */

int records_report(const struct till *till)
{
    static const char reports[] = "/data/reports/";
    sq_buffer *answer = NULL;
    sq_status status = sq_send_delivery_report(till->client, NULL, &answer);
    unsigned long i;
    char *line;

    answer_show("report", answer);
    for (i = 0; (line = answer_get_at(answer, reports, i, "/merchant_id")) != NULL; i++) {
        line = text_and(line, ", orders shipped: ", answer_get_at(answer, reports, i, "/orders"));
        line = text_and(line, ": ", answer_get_at(answer, reports, i, "/status"));
        text_say("told", line);
        free(line);
    }
    sq_buffer_free(answer);
    return sale_exit_status(status);
}

/* ---- how much a month ---------------------------------------------------------------------------- */

int records_instalments(const struct till *till, const char *cents, const char *country)
{
    sq_buffer *answer = NULL;
    sq_status status = sq_credit_agreements(till->client, country, (int64_t)strtol(cents, NULL, 10), NULL, &answer);

    answer_show("instalments", answer);
    if (answer_is(answer, "/data/from_cache", "true")) {
        char *as_of = answer_get(answer, "/data/as_of");

        text_say("as of", as_of);
        free(as_of);
    }
    sq_buffer_free(answer);
    return sale_exit_status(status);
}

/* ---- the self-test ------------------------------------------------------------------------------ */

int records_self_test(const struct till *till)
{
    static const char tests[] = "/data/tests/";
    sq_buffer *answer = NULL;
    sq_status status = sq_self_test(till->client, &answer);
    unsigned long i;
    char *row;

    answer_show("self-test", answer);      /* why a row failed is among the errors, or the warnings */
    for (i = 0; (row = answer_get_at(answer, tests, i, "/name")) != NULL; i++) {
        row = text_and(row, ", of ", answer_get_at(answer, tests, i, "/detail/host"));
        row = text_and(row, ", seconds fast: ", answer_get_at(answer, tests, i, "/detail/skew_s"));
        row = text_and(row, ", ms for a durable write: ", answer_get_at(answer, tests, i, "/detail/durable_write_ms"));
        text_say(answer_is_at(answer, tests, i, "/ok", "true") ? "well" : "NOT WELL", row);
        free(row);
    }
    sq_buffer_free(answer);
    return sale_exit_status(status);
}
