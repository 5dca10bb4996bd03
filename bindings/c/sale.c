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
 * in the library's journal, and a sale can be taken up again at any of its steps by hand.
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

enum entry { SELL, PENDING, FORM, CONFIRM, SET_REF };

struct till {
    sq_client *client;
    sale_order order;
    enum entry entry;
    const char *program;
    const char *config;
    const char *order_file;    /* NULL: none given */
    const char *product;
    const char *book;          /* the file, see book.h */
    char *ticket;              /* becomes seQura's order_ref_1; NULL: the book's, or a new one */
    char *url;                 /* the order at seQura */
    int ref_first;             /* the ticket number goes with the order, not after the confirmation */
    int asks;                  /* there is an operator at the till */
    int quick;
};

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

static int exit_status(sq_status status)
{
    switch (sq_status_class(status)) {
    case 0: return SALE_DONE;
    case 1: return SALE_NOT_SENT;
    case 2: return SALE_REFUSED;
    case 3: return SALE_NO_ANSWER;
    default: return SALE_MACHINE;
    }
}

/* How the operator takes the sale up again later. */
static void say_how_to_go_on(const struct till *till, const char *option, const char *more)
{
    const char *slash = strrchr(till->url, '/');
    const char *uuid = slash == NULL ? till->url : slash + 1;
    char *command = text_join(option, " ", uuid);

    command = text_and(command, " ", *more ? text_copy(more, strlen(more)) : NULL);
    text_say_with("to go on", "till CONFIG %s", command);
    free(command);
}

/* ---- the till's own book ---------------------------------------------------------------------- */

static int record(const struct till *till, const char *state, const char *amount, const char *currency)
{
    if (book_add(till->book, state, till->ticket, amount, currency, till->url)) {
        char *line = text_join(till->ticket, " is now ", state);

        text_say("book", line);
        free(line);
        return 1;
    }
    fprintf(stderr, "%s: cannot write %s\n", till->program, till->book);
    return 0;
}

/* The order in an answer, recorded in the book. */
static int record_answer(struct till *till, const char *state, const sq_buffer *answer)
{
    char *amount = answer_get(answer, "/order/amount");
    char *currency = answer_get(answer, "/order/currency");
    char *url = answer_get(answer, "/order/url");
    int done;

    if (url != NULL) {      /* the operator may have given the bare uuid */
        free(till->url);
        till->url = url;
    }
    done = record(till, state, amount != NULL ? amount : "?", currency != NULL ? currency : "?");
    free(amount);
    free(currency);
    return done;
}

/*
 * A sale that is taken up again has its URL and ticket number from the book. What the command line
 * says goes before it, and a sale that the book does not know can still be finished: the library's
 * journal has it.
 */
static int look_up(struct till *till)
{
    struct book_sale *sales, *known;

    if (!book_read(till->book, &sales)) {
        fprintf(stderr, "%s: cannot read %s\n", till->program, till->book);
        return 0;
    }
    known = book_find(sales, till->url);
    if (known != NULL) {
        free(till->url);
        till->url = text_copy(known->url, strlen(known->url));
        if (till->ticket == NULL)
            till->ticket = text_copy(known->ticket, strlen(known->ticket));
    }
    book_free(sales);
    return 1;
}

/* A real till takes the next number of its counter. */
static char *new_ticket(void)
{
    char number[sizeof "T-20250301-172003" + 8] = "T-1";
    time_t now = time(NULL);

    strftime(number, sizeof number, "T-%Y%m%d-%H%M%S", localtime(&now));
    return text_copy(number, strlen(number));
}

/* Ticket numbers go into the order, the book and the screen as they are. */
static int is_ticket(const char *text)
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
        if (answer == NULL || is_ticket(answer))
            break;
        free(answer);
    }
    if (answer == NULL)
        return 0;
    free(till->ticket);
    till->ticket = answer;
    return 1;
}

/* ---- what is unfinished ------------------------------------------------------------------------ */

/* The money at risk in this order's currency, at its merchant; said once for each such pair. */
static void show_at_risk(const sq_buffer *answer, unsigned long order)
{
    char *currency = answer_get_at(answer, "/data/orders/", order, "/currency");
    char *merchant = answer_get_at(answer, "/data/orders/", order, "/merchant_id");
    unsigned long i;
    int said = currency == NULL || merchant == NULL;

    for (i = 0; i < order && !said; i++) {
        char *other = answer_get_at(answer, "/data/orders/", i, "/currency");
        char *another = answer_get_at(answer, "/data/orders/", i, "/merchant_id");

        said = other != NULL && another != NULL && strcmp(currency, other) == 0
               && strcmp(merchant, another) == 0;
        free(other);
        free(another);
    }
    if (!said) {
        char *place = text_join(currency, "/", merchant);
        char *pointer = text_join("/data/at_risk/", place, "");
        char *cents = answer_get(answer, pointer);

        if (cents != NULL) {
            char *sum = text_price(cents, currency);

            text_say_with("at risk", "%s", sum);
            free(sum);
        }
        free(place);
        free(pointer);
        free(cents);
    }
    free(currency);
    free(merchant);
}

/* What the library's journal holds that is not finished. Nothing is sent for this. */
static int show_pending(struct till *till)
{
    sq_buffer *answer = NULL;
    sq_status status = sq_pending(till->client, &answer);
    unsigned long count = 0, i;
    char *missing;

    if (status != SQ_OK)
        answer_show("pending", answer);
    for (; (missing = answer_get_at(answer, "/data/orders/", count, "/missing")) != NULL; count++) {
        char *line = answer_get_at(answer, "/data/orders/", count, "/uuid");
        char *cents = answer_get_at(answer, "/data/orders/", count, "/amount");
        char *currency = answer_get_at(answer, "/data/orders/", count, "/currency");

        if (line == NULL)
            line = text_copy("(its order URL has not come yet)", 32);
        if (cents != NULL && currency != NULL)
            line = text_and(line, " ", text_price(cents, currency));
        line = text_and(line, " ", answer_get_at(answer, "/data/orders/", count, "/state"));
        line = text_and(line, ": needs ", missing);
        text_say("pending", line);
        free(line);
        free(cents);
        free(currency);
    }
    for (i = 0; i < count; i++)
        show_at_risk(answer, i);
    if (status == SQ_OK && count == 0)
        text_say("pending", "nothing: every sale with seQura is finished");
    sq_buffer_free(answer);
    return exit_status(status);
}

/* The sales of the book that are not registered: one line each, as they stand now. */
static int show_unregistered(const struct till *till)
{
    struct book_sale *sales, *sale;

    if (!book_read(till->book, &sales)) {
        fprintf(stderr, "%s: cannot read %s\n", till->program, till->book);
        return SALE_USAGE;
    }
    for (sale = sales; sale != NULL; sale = sale->next) {
        char *sum;

        if (strcmp(sale->state, "registered") == 0)
            continue;
        sum = text_price(sale->amount, sale->currency);
        printf("  %-*s%s %s %s\n", TEXT_INDENT - 2, "book", sale->ticket, sum, sale->state);
        free(sum);
    }
    book_free(sales);
    return SALE_DONE;
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

/* Step 3 of the manual: seQura learns the ticket number. Without it, it never pays the shop. */
static int set_reference(struct till *till)
{
    for (;;) {
        sq_buffer *answer = NULL;
        sq_status status = sq_set_order_ref(till->client, till->url, till->ticket, NULL, &answer);
        int taken = status == SQ_DUPLICATE_ORDER_REF;
        int unpaid = answer_is(answer, "/order/state", "confirmed") || answer_is(answer, "/order/state", "referencing")
                     || answer_is(answer, "/order/state", "ref_conflicted");

        answer_show("reference", answer);
        if (status == SQ_OK) {
            int recorded = record_answer(till, "registered", answer);

            if (recorded)
                print_receipt(till, answer);
            sq_buffer_free(answer);
            return recorded ? SALE_DONE : SALE_USAGE;
        }
        sq_buffer_free(answer);
        if (taken && another_ticket(till))
            continue;
        if (!unpaid)
            return exit_status(status);
        text_say("", "The sale stands and seQura has no ticket number for it: keep the goods until it has.");
        say_how_to_go_on(till, "--set-ref", taken ? "ANOTHER-NUMBER" : till->ticket);
        return SALE_NO_REFERENCE;
    }
}

/* Only after SQ_OK is the sale completed in the till's book: step 2 of the manual. */
static int complete(struct till *till, const sq_buffer *answer)
{
    char *registered = answer_get(answer, "/order/order_ref_1");
    int settled = answer_is(answer, "/order/state", "settled");

    if (settled && registered != NULL) {
        /* seQura's word on the ticket number counts: this sale may have been settled long ago. */
        free(till->ticket);
        till->ticket = registered;
    } else {
        free(registered);
        if (till->ticket == NULL)
            till->ticket = new_ticket();
    }
    if (!record_answer(till, "completed", answer))
        return SALE_USAGE;      /* the order waits, confirmed, for the book to be writable again */
    if (!settled)
        return set_reference(till);
    if (!record_answer(till, "registered", answer))
        return SALE_USAGE;
    print_receipt(till, answer);
    return SALE_DONE;
}

/* The shopper says "approved": 1; not yet: 0. */
static int is_approved(const struct till *till)
{
    char *answer;
    int yes;

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
static int confirm(struct till *till)
{
    for (;;) {
        sq_buffer *answer = NULL;
        sq_status status;
        char *order = NULL;
        int result, early, taken;

        if (till->order_file != NULL || till->entry == SELL) {
            order = till->order(till->order_file, till->ref_first ? till->ticket : NULL);
            if (order == NULL)
                return SALE_USAGE;
        }
        status = sq_confirm(till->client, till->url, order, &answer);
        free(order);
        answer_show("confirm", answer);
        if (status == SQ_OK) {
            result = complete(till, answer);
            sq_buffer_free(answer);
            return result;
        }
        early = answer_is(answer, "/errors/0/code", "not_approved");
        taken = status == SQ_DUPLICATE_ORDER_REF && till->ref_first;
        sq_buffer_free(answer);
        if (early && till->asks && is_approved(till))
            continue;
        if (taken && another_ticket(till))
            continue;

        result = early ? SALE_WAITING : exit_status(status);
        if (result == SALE_NO_ANSWER) {
            text_say("", "Nothing is completed and nothing is off: keep the goods, take no other payment.");
            say_how_to_go_on(till, "--confirm", "");
        } else if (early || taken) {
            say_how_to_go_on(till, "--confirm", taken ? "--ref-first --ref ANOTHER-NUMBER" : "");
        } else if (result == SALE_REFUSED) {
            text_say("", "Nothing is completed and no ticket number is sent: this sale does not take place.");
        }
        return result;
    }
}

static int wait_and_confirm(struct till *till)
{
    if (is_approved(till))
        return confirm(till);
    text_say("", "The sale is left open; nothing is sold.");
    say_how_to_go_on(till, "--confirm", "");
    return SALE_WAITING;
}

/* The link to seQura's form goes to the shopper's mobile. The shopper fills it in, never the staff. */
static int send_form(struct till *till)
{
    sq_buffer *answer = NULL;
    sq_status status = sq_send_form(till->client, till->url, till->product, NULL, &answer);

    answer_show("form", answer);
    sq_buffer_free(answer);
    if (exit_status(status) == SALE_NO_ANSWER || status == SQ_RATE_LIMITED)
        say_how_to_go_on(till, "--form", "");
    if (status != SQ_OK)
        return exit_status(status);
    return wait_and_confirm(till);
}

static int start(struct till *till)
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
        return status == SQ_OK ? SALE_MACHINE : exit_status(status);
    }
    /* Before anything reaches the shopper, the till knows where the order is. */
    recorded = record_answer(till, "started", answer);
    sq_buffer_free(answer);
    return recorded ? send_form(till) : SALE_USAGE;
}

/*
 * Not needed for each sale (--quick leaves it out): does seQura know this shop, and what may its
 * shoppers choose from?
 */
static int check_account(struct till *till)
{
    sq_buffer *answer = NULL;
    sq_status status = sq_check_credentials(till->client, &answer);
    unsigned long i;
    char *value, *line;

    answer_show("credentials", answer);
    line = NULL;
    for (i = 0; status == SQ_OK && (value = answer_get_at(answer, "/data/merchants/", i, "/id")) != NULL; i++) {
        value = text_and(value, " in ", answer_get_at(answer, "/data/merchants/", i, "/country"));
        line = line == NULL ? value : text_and(line, ", ", value);
    }
    if (line != NULL)
        text_say("merchants", line);
    free(line);
    sq_buffer_free(answer);
    if (status != SQ_OK)
        return exit_status(status);

    status = sq_payment_methods(till->client, NULL, &answer);
    if (status != SQ_OK)
        answer_show("methods", answer);
    line = NULL;
    for (i = 0; status == SQ_OK && (value = answer_get_at(answer, "/data/methods/", i, "/product")) != NULL; i++) {
        char *least = answer_get_at(answer, "/data/methods/", i, "/min_amount");
        char *most = answer_get_at(answer, "/data/methods/", i, "/max_amount");

        value = text_and(value, " ", answer_get_at(answer, "/data/methods/", i, "/title"));
        value = text_and(value, ", from ", least != NULL ? text_money(least) : NULL);
        value = text_and(value, ", up to ", most != NULL ? text_money(most) : NULL);
        line = line == NULL ? value : text_and(line, "; ", value);
        free(least);
        free(most);
    }
    if (line != NULL)
        text_say("methods", line);
    free(line);
    sq_buffer_free(answer);
    return exit_status(status);
}

/* ---- the program ------------------------------------------------------------------------------- */

static int usage(const char *program, int order_is_a_file)
{
    const char *order = order_is_a_file ? " ORDER.json" : "";
    const char *perhaps = order_is_a_file ? " [ORDER.json]" : "";

    fprintf(stderr, "usage: %s CONFIG%s            sell it\n", program, order);
    fprintf(stderr, "       %s CONFIG --pending              what is unfinished\n", program);
    fprintf(stderr, "       %s CONFIG%s --form ORDER-URL     go on with the form\n", program, perhaps);
    fprintf(stderr, "       %s CONFIG%s --confirm ORDER-URL  go on with the confirmation\n", program, perhaps);
    fprintf(stderr, "       %s CONFIG --set-ref ORDER-URL NUMBER    go on with the reference\n", program);
    if (!order_is_a_file)
        fprintf(stderr, "       %s --print-order                 the order as JSON\n", program);
    fputs("options:\n"
          "  --ref NUMBER     the ticket number, seQura's order_ref_1 (default: made of the time)\n"
          "  --ref-first      send it with the order: the confirmation then settles the sale\n", stderr);
    fputs("  --product CODE   seQura's product for the form (default: pp3)\n"
          "  --sales FILE     the till's own book (default: sales.txt)\n"
          "  --yes            do not ask the operator: the shopper is approved\n"
          "  --quick          without looking at the account and its payment methods first\n", stderr);
    fputs("exit status: 0 done; 1 usage or a file; 2 nothing sent; 3 refused; 4 no answer, ask again;\n"
          "  5 this machine; 6 confirmed without its reference; 7 not approved yet\n", stderr);
    return SALE_USAGE;
}

/* Reads the command line into the till; 0 if it makes no sense. */
static int read_options(struct till *till, int argc, char **argv, int order_is_a_file)
{
    int i;

    if (argc < 2 || argv[1][0] == '-')
        return 0;
    till->config = argv[1];
    for (i = 2; i < argc; i++) {
        const char *word = argv[i];
        const char *value = i + 1 < argc ? argv[i + 1] : NULL;
        enum entry entry = SELL;

        if (strcmp(word, "--yes") == 0) {
            till->asks = 0;
        } else if (strcmp(word, "--quick") == 0) {
            till->quick = 1;
        } else if (strcmp(word, "--ref-first") == 0) {
            till->ref_first = 1;
        } else if (strcmp(word, "--pending") == 0) {
            if (till->entry != SELL)
                return 0;
            till->entry = PENDING;
        } else if (word[0] != '-') {
            if (!order_is_a_file || till->order_file != NULL)
                return 0;
            till->order_file = word;
        } else {
            if (value == NULL)
                return 0;
            i++;
            if (strcmp(word, "--product") == 0)
                till->product = value;
            else if (strcmp(word, "--sales") == 0)
                till->book = value;
            else if (strcmp(word, "--ref") == 0) {
                free(till->ticket);
                till->ticket = text_copy(value, strlen(value));
            } else if (strcmp(word, "--form") == 0)
                entry = FORM;
            else if (strcmp(word, "--confirm") == 0)
                entry = CONFIRM;
            else if (strcmp(word, "--set-ref") == 0)
                entry = SET_REF;
            else
                return 0;
        }
        if (entry != SELL) {
            if (till->entry != SELL)
                return 0;
            till->entry = entry;
            till->url = text_copy(value, strlen(value));
        }
        if (entry == SET_REF) {
            if (++i == argc)
                return 0;
            free(till->ticket);
            till->ticket = text_copy(argv[i], strlen(argv[i]));
        }
    }
    if (till->ticket != NULL && !is_ticket(till->ticket))
        return 0;
    return till->entry != SELL || !order_is_a_file || till->order_file != NULL;
}

static int run(struct till *till)
{
    sq_buffer *answer = NULL;
    sq_status status = sq_client_open_file(till->config, &till->client, &answer);
    int result;

    if (status != SQ_OK)
        answer_show("open", answer);
    else
        answer_show_list(answer, "/warnings/", "warning");
    sq_buffer_free(answer);
    if (status != SQ_OK)
        return exit_status(status);

    result = SALE_DONE;
    if (till->entry == PENDING || !till->quick)
        result = show_pending(till);
    if (result == SALE_DONE && till->url != NULL && !look_up(till))
        result = SALE_USAGE;
    if (result == SALE_DONE) {
        switch (till->entry) {
        case PENDING:
            result = show_unregistered(till);
            break;
        case SELL:
            if (!till->quick)
                result = check_account(till);
            if (result == SALE_DONE)
                result = start(till);
            break;
        case FORM:
            result = send_form(till);
            break;
        case CONFIRM:
            result = confirm(till);
            break;
        case SET_REF:
            result = set_reference(till);
            break;
        }
    }
    sq_client_close(till->client);
    return result;
}

int sale_main(int argc, char **argv, sale_order order, int order_is_a_file)
{
    struct till till;
    int result;

    memset(&till, 0, sizeof till);
    till.order = order;
    till.program = argc > 0 ? argv[0] : "till";
    till.product = "pp3";
    till.book = "sales.txt";
    till.asks = 1;
    if (sq_abi_version() != SQ_ABI_VERSION) {
        fputs("the library is not the one this program was compiled for\n", stderr);
        return SALE_MACHINE;
    }
    if (read_options(&till, argc, argv, order_is_a_file))
        result = run(&till);
    else
        result = usage(till.program, order_is_a_file);
    free(till.ticket);
    free(till.url);
    return result;
}
