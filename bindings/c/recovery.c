/*
 * What a till was killed in, or got no answer to, is finished; see recovery.h.
 *
 * The library's journal knows what seQura was asked, and sq_recover asks again what has no answer.
 * The book knows what the shop has sold, and under which ticket number. Here the book is brought to
 * where the order is, with the same steps as in a sale that nothing went wrong in.
 */
#include "recovery.h"

#include "after_sale.h"
#include "answer.h"
#include "book.h"
#include "text.h"
#include "unfinished.h"

#include <stdlib.h>
#include <string.h>

/* The order's place in the list of what was recovered; 0 if it is not there. */
static int find(const sq_buffer *recovered, const char *url, unsigned long *place)
{
    for (*place = 0;; ++*place) {
        char *now = answer_get_at(recovered, "/data/orders/", *place, "/now");
        char *other = answer_get_at(recovered, "/data/orders/", *place, "/url");
        int there = now != NULL, found = other != NULL && strcmp(other, url) == 0;

        free(now);
        free(other);
        if (found || !there)
            return found;
    }
}

static int listed_is(const sq_buffer *list, unsigned long place, const char *field, const char *wanted)
{
    return answer_is_at(list, "/data/orders/", place, field, wanted);
}

/* What the operator has to do for the order, from /next. */
static void say_what_is_due(const struct till *one, const char *next)
{
    if (strcmp(next, "send_form") == 0)
        sale_say_how_to_go_on(one, "--form", "");
    else if (strcmp(next, "confirm") == 0 || strcmp(next, "fix_order") == 0)
        sale_say_how_to_go_on(one, "--confirm", "");
    else if (strcmp(next, "set_order_ref") == 0)
        sale_say_how_to_go_on(one, "--set-ref", "NUMBER");
    else if (strcmp(next, "choose_another_ref") == 0)
        sale_say_how_to_go_on(one, "--set-ref", "ANOTHER-NUMBER");
}

/* seQura's own words on what it refused: the library's log has them. */
static void say_why(const struct till *till, const sq_buffer *answer)
{
    char *uuid = answer_get(answer, "/order/uuid");
    char *query = text_join("{\"limit\":1,\"order\":\"", uuid != NULL ? uuid : "", "\"}");
    sq_buffer *log = NULL;
    char *words;

    sq_log(till->client, query, &log);
    words = answer_get(log, "/data/entries/0/description");
    if (words != NULL)
        text_say("", words);
    free(words);
    sq_buffer_free(log);
    free(query);
    free(uuid);
}

/*
 * An order that the book does not have. One whose start has just been answered is nobody's: its
 * form was never sent, and its basket is sold as a new order. Any other is for the operator.
 */
static void see_to_stranger(const struct till *till, const sq_buffer *recovered, unsigned long place)
{
    struct till one = *till;
    char *next = answer_get_at(recovered, "/data/orders/", place, "/next");

    one.url = answer_get_at(recovered, "/data/orders/", place, "/url");
    if (one.url != NULL && next != NULL) {
        if (listed_is(recovered, place, "/was", "soliciting") && listed_is(recovered, place, "/status", "SQ_OK")
            && sq_abandon(till->client, one.url, NULL) == SQ_OK)
            text_say("", "Nobody has its form: it is given up, and the basket is sold as a new order.");
        else
            say_what_is_due(&one, next);
    }
    free(one.url);
    free(next);
}

/* Says what each order was and is: of those that changed, or that somebody has to do something for. */
static void show_recovered(const struct till *till, struct book_sale *sales, const sq_buffer *recovered)
{
    unsigned long i;
    char *now;

    for (i = 0; (now = answer_get_at(recovered, "/data/orders/", i, "/now")) != NULL; i++) {
        char *was = answer_get_at(recovered, "/data/orders/", i, "/was");
        char *url = answer_get_at(recovered, "/data/orders/", i, "/url");
        int changed = was != NULL && strcmp(was, now) != 0;
        int named = till->url != NULL && (listed_is(recovered, i, "/url", till->url)
                                          || listed_is(recovered, i, "/uuid", till->url));
        struct book_sale *sale = url != NULL ? book_find(sales, url) : NULL;
        int changing = sale != NULL && strcmp(sale->state, "changing") == 0;

        if (changing && listed_is(recovered, i, "/next", "none")) {
            /* What came of the change is said when the book is brought up to date. */
        } else if (changed || (!named && !listed_is(recovered, i, "/next", "none"))) {
            char *state = changed ? text_join(was, ", now ", now)
                                  : text_join("still ", changing ? "changing" : now, "");

            if (sale != NULL) {
                unfinished_say_sale("recover", sale, state);
            } else {
                char *line = unfinished_order_line(recovered, i);

                line = text_and(line, " ", text_copy(state, strlen(state)));
                text_say("recover", line);
                free(line);
            }
            free(state);
            if (sale == NULL && !named)
                see_to_stranger(till, recovered, i);
        }
        free(was);
        free(url);
        free(now);
    }
}

/* What the library tells the person at the till. */
static void say_to_operator(const sq_buffer *answer)
{
    char *message = answer_get(answer, "/operator_message");

    if (message != NULL)
        text_say("operator >>", message);
    free(message);
}

/* The order is confirmed, and its ticket number is another sale's. */
static int choose_another(struct till *one, const struct book_sale *sale, const sq_buffer *answer)
{
    say_to_operator(answer);
    if (strcmp(sale->state, "started") == 0 && !sale_record(one, "completed", answer))
        return SALE_USAGE;
    say_what_is_due(one, "choose_another_ref");
    return SALE_NO_REFERENCE;
}

/* seQura has said no to what the till had no answer to. */
static int refuse(struct till *one, const sq_buffer *answer)
{
    say_why(one, answer);
    say_to_operator(answer);
    return sale_record(one, "refused", answer) ? SALE_DONE : SALE_USAGE;
}

/* Writes into the book what has become of the sale, and finishes it where seQura has confirmed it. */
static int bring_up_to_date(struct till *one, const struct book_sale *sale, const sq_buffer *recovered)
{
    sq_buffer *answer = NULL;
    unsigned long place;
    int listed = find(recovered, sale->url, &place);
    int result = SALE_DONE;
    sq_status status;
    char *state, *next;

    if (listed && listed_is(recovered, place, "/next", "recover"))
        return SALE_DONE;       /* still no answer: it has just been tried */
    /* By its name, for the whole order. Nothing of it waits for an answer now, so nothing is sent. */
    status = sq_recover(one->client, one->url, &answer);
    state = answer_get(answer, "/order/state");
    next = answer_get(answer, "/next");

    if (status == SQ_UNKNOWN_ORDER) {
        unfinished_say_sale("recover", sale, "is not in this journal");
    } else if (status != SQ_OK || state == NULL || next == NULL) {
        answer_show("recover", answer);
        result = sale_exit_status(status);
    } else if (strcmp(sale->state, "changing") == 0) {
        unfinished_say_sale("recover", sale, "was being changed");
        if (listed && !listed_is(recovered, place, "/status", "SQ_OK"))
            say_why(one, answer);
        result = after_sale_record(one);
    } else if (strcmp(state, "confirmed") == 0 || strcmp(state, "settled") == 0) {
        if (strcmp(state, "settled") == 0)
            say_to_operator(answer);
        if (strcmp(sale->state, "started") == 0)
            result = sale_complete(one, answer);
        else
            result = sale_register(one, answer);
    } else if (strcmp(state, "ref_conflicted") == 0) {
        result = choose_another(one, sale, answer);
    } else if (strcmp(state, "abandoned") == 0 || strcmp(state, "cancelled") == 0) {
        result = sale_record(one, state, answer) ? SALE_DONE : SALE_USAGE;
    } else if (listed && listed_is(recovered, place, "/status", "SQ_DUPLICATE_ORDER_REF")) {
        sale_say_another_number(one);
    } else if (listed && listed_is(recovered, place, "/status", "SQ_CONFLICT")) {
        result = refuse(one, answer);
    } else {
        unfinished_say_sale("waiting", sale, state);
        say_what_is_due(one, next);
    }
    sq_buffer_free(answer);
    free(state);
    free(next);
    return result;
}

/* The till at a sale of its book, alone: the operator has another shopper to serve. */
static int take_up(const struct till *till, const struct book_sale *sale, const sq_buffer *recovered)
{
    struct till one = *till;
    int result;

    one.order_file = NULL;
    one.has_order = one.ref_first = one.asks = 0;
    one.url = text_copy(sale->url, strlen(sale->url));
    one.ticket = text_copy(sale->ticket, strlen(sale->ticket));
    result = bring_up_to_date(&one, sale, recovered);
    free(one.url);
    free(one.ticket);
    return result;
}

int recovery_run(const struct till *till, int pending)
{
    struct book_sale *sales, *sale;
    sq_buffer *recovered = NULL;
    sq_status status = pending ? sq_recover(till->client, NULL, &recovered) : SQ_OK;
    int result = sale_exit_status(status);

    if (status != SQ_OK)
        answer_show("recover", recovered);
    if (!book_read(till->book, &sales)) {
        fprintf(stderr, "%s: cannot read %s\n", till->program, till->book);
        sq_buffer_free(recovered);
        return SALE_USAGE;
    }
    show_recovered(till, sales, recovered);
    /* The book too: the till may have been killed when the journal was done and the book was not. */
    for (sale = sales; sale != NULL; sale = sale->next) {
        if (book_is_open(sale) && (till->url == NULL || strcmp(till->url, sale->url) != 0)) {
            int finished = take_up(till, sale, recovered);

            if (result == SALE_DONE)
                result = finished;
        }
    }
    sq_buffer_free(recovered);
    book_free(sales);
    return result;
}

int recovery_resolve(const struct till *till, const char *outcome, const char *reason)
{
    struct till all = *till;
    sq_buffer *answer = NULL;
    sq_status status = sq_resolve(till->client, till->url, outcome, reason, &answer);

    answer_show("resolve", answer);
    sq_buffer_free(answer);
    all.url = NULL;
    return status == SQ_OK ? recovery_run(&all, 1) : sale_exit_status(status);
}
