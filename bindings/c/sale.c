/*
 * A sale paid with seQura; see sale.h.
 *
 *     start ---> form ---> the operator: approved? ---> confirm ---> book ---> reference ---> receipt
 *                                                          1           2           3
 *
 * 1, 2 and 3 are seQura's own numbers. Two rules carry the whole of it:
 *
 *   - the sale is completed in the till's book only after the confirmation was answered with SQ_OK;
 *   - the goods go only when /order/state is "settled": confirmed, and its reference registered.
 *
 * Whatever happens in between, a power cut included, the order's URL is in the book and the order is
 * in the library's journal. From these two the till goes on when it is started again, see
 * recovery.h; and a sale can be taken up again at any of its steps by hand.
 */
#include "sale.h"

#include "answer.h"
#include "book.h"
#include "text.h"

#include <ctype.h>
#include <sequra_pos.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Asks the operator; an answer to be freed, or NULL when nobody is there. */
static char *ask(const struct till *till, const char *question)
{
    char *answer;
    int entered;

    if (!till->asks)
        return NULL;
    printf("  %-*s%s ", TEXT_INDENT - 2, "operator ?", question);
    fflush(stdout);
    answer = text_line(stdin, &entered);
    if (!entered)
        printf("\n");
    return answer;
}

int sale_exit_status(sq_status status)
{
    switch (sq_status_class(status)) {
    case 0: return SALE_DONE;
    case 1: return SALE_NOT_SENT;
    case 2: return SALE_REFUSED;
    case 3: return SALE_NO_ANSWER;
    default: return SALE_MACHINE;
    }
}

/* What has no answer yet is found out by the till itself, for all such orders at once. */
static void say_recover(void)
{
    text_say("to go on", "till CONFIG --recover; the next sale begins with it too");
}

void sale_say_how_to_go_on(const struct till *till, const char *option, const char *more)
{
    const char *slash = strrchr(till->url, '/');
    const char *uuid = slash == NULL ? till->url : slash + 1;
    char *command = text_join(option, " ", uuid);

    command = text_and(command, " ", *more ? text_copy(more, strlen(more)) : NULL);
    text_say_with("to go on", "till CONFIG %s", command);
    free(command);
}

void sale_say_another_number(const struct till *till)
{
    sale_say_how_to_go_on(till, "--confirm",
                          till->order_is_a_file ? "ORDER.json --ref-first --ref ANOTHER-NUMBER"
                                                : "--ref-first --ref ANOTHER-NUMBER");
}

/* ---- the till's own book ---------------------------------------------------------------------- */

int sale_record(struct till *till, const char *state, const sq_buffer *answer)
{
    char *amount = answer_get(answer, "/order/amount");
    char *currency = answer_get(answer, "/order/currency");
    char *url = answer_get(answer, "/order/url");
    int done;

    if (url != NULL) {      /* the operator may have given the bare uuid */
        free(till->url);
        till->url = url;
    }
    done = book_add(till->book, state, till->ticket, amount != NULL ? amount : "?",
                    currency != NULL ? currency : "?", till->url);
    if (done) {
        char *line = text_join(till->ticket, " is now ", state);

        text_say("book", line);
        free(line);
    } else {
        fprintf(stderr, "%s: cannot write %s\n", till->program, till->book);
    }
    free(amount);
    free(currency);
    return done;
}

/* A real till takes the next number of its counter. */
static char *new_ticket(void)
{
    char number[sizeof "T-20250301-172003" + 8] = "T-1";
    time_t now = time(NULL);

    strftime(number, sizeof number, "T-%Y%m%d-%H%M%S", localtime(&now));
    return text_copy(number, strlen(number));
}

int sale_is_ticket(const char *text)
{
    const char *at;

    for (at = text; *at; at++)
        if (!isgraph((unsigned char)*at) || *at == '"' || *at == '\\')
            return 0;
    return at != text;
}

/* Has the operator choose another ticket number. 0 if nobody does. */
static int another_ticket(struct till *till)
{
    char *answer;

    for (;;) {
        answer = ask(till, "another ticket number for this sale:");
        if (answer == NULL || sale_is_ticket(answer))
            break;
        free(answer);
    }
    if (answer == NULL)
        return 0;
    free(till->ticket);
    till->ticket = answer;
    return 1;
}

/* ---- the steps of a sale ----------------------------------------------------------------------- */

static void print_receipt(const struct till *till, const sq_buffer *answer)
{
    static const char rule[] = "-------------------------------------------------------";
    char *cents = answer_get(answer, "/order/amount");
    char *currency = answer_get(answer, "/order/currency");
    char *sum = text_price(cents != NULL ? cents : "?", currency != NULL ? currency : "");
    char *uuid = answer_get(answer, "/order/uuid");

    printf("%*s%s\n", TEXT_INDENT, "", rule);
    printf("%*sTicket %-20s %27s\n", TEXT_INDENT, "", till->ticket, sum);
    printf("%*sPagado con seQura   %35s\n", TEXT_INDENT, "", uuid != NULL ? uuid : "");
    printf("%*s%s\n", TEXT_INDENT, "", rule);
    free(cents);
    free(currency);
    free(sum);
    free(uuid);
}

/* A settled order has the ticket number that seQura has: it may have been settled long ago. */
static void adopt_ticket(struct till *till, const sq_buffer *answer)
{
    char *registered = answer_get(answer, "/order/order_ref_1");

    if (registered == NULL || !answer_is(answer, "/order/state", "settled")) {
        free(registered);
        return;
    }
    free(till->ticket);
    till->ticket = registered;
}

/* seQura has the ticket number: the end of the sale. */
static int settled(struct till *till, const sq_buffer *answer)
{
    adopt_ticket(till, answer);
    if (!sale_record(till, "registered", answer))
        return SALE_USAGE;
    print_receipt(till, answer);
    return SALE_DONE;
}

/* Step 3 of the manual: seQura learns the ticket number. Without it, it never pays the shop. */
int sale_set_reference(struct till *till)
{
    for (;;) {
        sq_buffer *answer = NULL;
        sq_status status = sq_set_order_ref(till->client, till->url, till->ticket, NULL, &answer);
        int taken = status == SQ_DUPLICATE_ORDER_REF;
        int unpaid = answer_is(answer, "/order/state", "confirmed") || answer_is(answer, "/order/state", "referencing")
                     || answer_is(answer, "/order/state", "ref_conflicted");

        answer_show("reference", answer);
        if (status == SQ_OK) {
            int result = settled(till, answer);

            sq_buffer_free(answer);
            return result;
        }
        sq_buffer_free(answer);
        if (taken && another_ticket(till))
            continue;
        if (!unpaid)
            return sale_exit_status(status);
        text_say("", "The sale stands and seQura has no ticket number for it: keep the goods until it has.");
        if (taken)
            sale_say_how_to_go_on(till, "--set-ref", "ANOTHER-NUMBER");
        else
            say_recover();
        return SALE_NO_REFERENCE;
    }
}

int sale_register(struct till *till, const sq_buffer *answer)
{
    return answer_is(answer, "/order/state", "settled") ? settled(till, answer) : sale_set_reference(till);
}

/* Only after SQ_OK is the sale completed in the till's book: step 2 of the manual. */
int sale_complete(struct till *till, const sq_buffer *answer)
{
    adopt_ticket(till, answer);
    if (till->ticket == NULL)
        till->ticket = new_ticket();
    if (!sale_record(till, "completed", answer))
        return SALE_USAGE;      /* the order waits, confirmed, for the book to be writable again */
    return sale_register(till, answer);
}

/* The shopper says "approved", or it is time to ask seQura again: 1; not yet: 0. */
static int is_approved(struct till *till)
{
    char *answer;
    int yes;

    if (till->wait.seconds > 0)
        return wait_for_round(&till->wait);
    if (!till->asks)
        return 1;       /* --yes */
    answer = ask(till, "does the shopper's phone say approved? [Enter = yes, n = no]");
    yes = answer != NULL && *answer != 'n' && *answer != 'N';
    free(answer);
    return yes;
}

/*
 * Step 1 of the manual: the whole order once more, as it is at this moment, for seQura to say
 * whether it is still the one that was approved. Taken up by hand without an order file, the order
 * is what it was when it was last sent.
 */
int sale_confirm(struct till *till)
{
    for (;;) {
        sq_buffer *answer = NULL;
        sq_status status;
        char *order = NULL;
        int result, early, taken, refused;

        if (till->has_order) {
            order = till->order(till->order_file, till->ref_first ? till->ticket : NULL);
            if (order == NULL)
                return SALE_USAGE;
        }
        status = sq_confirm(till->client, till->url, order, &answer);
        free(order);
        answer_show("confirm", answer);
        if (status == SQ_OK) {
            result = sale_complete(till, answer);
            sq_buffer_free(answer);
            return result;
        }
        early = answer_is(answer, "/errors/0/code", "not_approved")
                || (status == SQ_RATE_LIMITED && till->wait.seconds > 0);
        taken = status == SQ_DUPLICATE_ORDER_REF;
        refused = !early && !taken && answer_is(answer, "/order/state", "conflicted");
        if ((early && (till->asks || till->wait.seconds > 0) && is_approved(till)) || (taken && till->ref_first && another_ticket(till))) {
            sq_buffer_free(answer);
            continue;
        }

        result = early ? SALE_WAITING : sale_exit_status(status);
        if (result == SALE_NO_ANSWER) {
            text_say("", "Nothing is completed and nothing is off: keep the goods, take no other payment.");
            say_recover();
        } else if (early) {
            sale_say_how_to_go_on(till, "--confirm", "");
        } else if (taken) {
            sale_say_another_number(till);
        } else if (result == SALE_REFUSED) {
            text_say("", "Nothing is completed and no ticket number is sent: this sale does not take place.");
            if (refused && till->ticket != NULL && !sale_record(till, "refused", answer))
                result = SALE_USAGE;
        }
        sq_buffer_free(answer);
        return result;
    }
}

static int wait_and_confirm(struct till *till)
{
    if (is_approved(till))
        return sale_confirm(till);
    text_say("", "The sale is left open; nothing is sold. When the shopper leaves: --abandon instead.");
    sale_say_how_to_go_on(till, "--confirm", "");
    return SALE_WAITING;
}

/* The link to seQura's form goes to the shopper's mobile. The shopper fills it in, never the staff. */
int sale_send_form(struct till *till)
{
    sq_buffer *answer = NULL;
    sq_status status = sq_send_form(till->client, till->url, till->product, NULL, &answer);

    answer_show("form", answer);
    sq_buffer_free(answer);
    if (sale_exit_status(status) == SALE_NO_ANSWER || status == SQ_RATE_LIMITED)
        sale_say_how_to_go_on(till, "--form", "");
    if (status != SQ_OK)
        return sale_exit_status(status);
    return wait_and_confirm(till);
}

int sale_start(struct till *till)
{
    sq_buffer *answer = NULL;
    sq_status status;
    char *order;
    int recorded;

    if (till->ticket == NULL)
        till->ticket = new_ticket();
    order = till->order(till->order_file, till->ref_first ? till->ticket : NULL);
    if (order == NULL)
        return SALE_USAGE;
    status = sq_start_solicitation(till->client, order, &answer);
    free(order);
    answer_show("start", answer);
    if (status != SQ_OK || (till->url = answer_get(answer, "/order/url")) == NULL) {
        sq_buffer_free(answer);
        return status == SQ_OK ? SALE_MACHINE : sale_exit_status(status);
    }
    /* Before anything reaches the shopper, the till knows where the order is. */
    recorded = sale_record(till, "started", answer);
    sq_buffer_free(answer);
    return recorded ? sale_send_form(till) : SALE_USAGE;
}
