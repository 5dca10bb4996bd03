/* The program of both tills: its command line, and what comes before and after; see program.h. */
#include "program.h"

#include "answer.h"
#include "book.h"
#include "recovery.h"
#include "text.h"
#include "unfinished.h"

#include <stdlib.h>
#include <string.h>

enum entry { SELL, FORM, CONFIRM, SET_REF, PENDING, RECOVER, ABANDON };

/* What the command line asks for, beside what it says of the till and its sale. */
struct command {
    enum entry entry;
    const char *config;
    int quick;
};

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
        return sale_exit_status(status);

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
    return sale_exit_status(status);
}

static int usage(const char *program, int order_is_a_file)
{
    const char *order = order_is_a_file ? " ORDER.json" : "";
    const char *perhaps = order_is_a_file ? " [ORDER.json]" : "";

    fprintf(stderr, "usage: %s CONFIG%s            sell it\n", program, order);
    fprintf(stderr, "       %s CONFIG --recover              finish what was left unfinished\n", program);
    fprintf(stderr, "       %s CONFIG --pending              what is unfinished\n", program);
    fprintf(stderr, "       %s CONFIG%s --form ORDER-URL     go on with the form\n", program, perhaps);
    fprintf(stderr, "       %s CONFIG%s --confirm ORDER-URL  go on with the confirmation\n", program, perhaps);
    fprintf(stderr, "       %s CONFIG --set-ref ORDER-URL NUMBER    go on with the reference\n", program);
    fprintf(stderr, "       %s CONFIG --abandon ORDER-URL    the shopper left: give it up\n", program);
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

/* What is done with one order: a word, and the order's URL. 0 if it is no such word. */
static int read_entry(struct command *command, const char *word)
{
    if (strcmp(word, "--form") == 0)
        command->entry = FORM;
    else if (strcmp(word, "--confirm") == 0)
        command->entry = CONFIRM;
    else if (strcmp(word, "--set-ref") == 0)
        command->entry = SET_REF;
    else if (strcmp(word, "--abandon") == 0)
        command->entry = ABANDON;
    else
        return 0;
    return 1;
}

/* Reads the command line; 0 if it makes no sense. */
static int read_options(struct command *command, struct till *till, int argc, char **argv)
{
    const char *ticket = NULL, *url = NULL;
    int i;

    if (argc < 2 || argv[1][0] == '-')
        return 0;
    command->config = argv[1];
    for (i = 2; i < argc; i++) {
        const char *word = argv[i];
        const char *value = i + 1 < argc ? argv[i + 1] : NULL;

        if (strcmp(word, "--yes") == 0) {
            till->asks = 0;
        } else if (strcmp(word, "--quick") == 0) {
            command->quick = 1;
        } else if (strcmp(word, "--ref-first") == 0) {
            till->ref_first = 1;
        } else if (strcmp(word, "--pending") == 0 || strcmp(word, "--recover") == 0) {
            if (command->entry != SELL)
                return 0;
            command->entry = strcmp(word, "--pending") == 0 ? PENDING : RECOVER;
        } else if (word[0] != '-') {
            if (!till->order_is_a_file || till->order_file != NULL)
                return 0;
            till->order_file = word;
        } else if (value == NULL) {
            return 0;
        } else if (strcmp(word, "--product") == 0) {
            till->product = argv[++i];
        } else if (strcmp(word, "--sales") == 0) {
            till->book = argv[++i];
        } else if (strcmp(word, "--ref") == 0) {
            ticket = argv[++i];
        } else if (command->entry == SELL && read_entry(command, word)) {
            url = argv[++i];
            if (command->entry == SET_REF && (ticket = argv[++i]) == NULL)
                return 0;
        } else {
            return 0;
        }
    }
    if (ticket != NULL && !sale_is_ticket(ticket))
        return 0;
    till->ticket = ticket != NULL ? text_copy(ticket, strlen(ticket)) : NULL;
    till->url = url != NULL ? text_copy(url, strlen(url)) : NULL;
    if (till->order_is_a_file && till->order_file == NULL)
        return command->entry != SELL && !till->ref_first;
    till->has_order = till->order_is_a_file || command->entry == SELL || till->ref_first;
    return 1;
}

static int run(const struct command *command, struct till *till)
{
    sq_buffer *answer = NULL;
    sq_status status = sq_client_open_file(command->config, &till->client, &answer);
    int lists = command->entry == PENDING || command->entry == RECOVER;
    int asks_sequra = command->entry != PENDING && command->entry != ABANDON;
    int pending, result;

    if (status != SQ_OK)
        answer_show("open", answer);
    else
        answer_show_list(answer, "/warnings/", "warning");
    pending = status == SQ_OK && !answer_is(answer, "/data/journal/pending", "0");
    sq_buffer_free(answer);
    if (status != SQ_OK)
        return sale_exit_status(status);

    result = till->url == NULL || look_up(till) ? SALE_DONE : SALE_USAGE;
    /* What was left unfinished comes first. Where it cannot be finished now, it stops no other sale. */
    if (result == SALE_DONE && asks_sequra) {
        int recovered = recovery_run(till, pending);

        if (command->entry == RECOVER)
            result = recovered;
    }
    if (lists || (asks_sequra && !command->quick)) {
        int shown = unfinished_show(till);

        if (result == SALE_DONE)
            result = shown;
    }
    if (result == SALE_DONE) {
        switch (command->entry) {
        case PENDING:
            result = unfinished_show_book(till);
            break;
        case RECOVER:
            break;
        case ABANDON:
            result = unfinished_abandon(till);
            break;
        case SELL:
            if (!command->quick)
                result = check_account(till);
            if (result == SALE_DONE)
                result = sale_start(till);
            break;
        case FORM:
            result = sale_send_form(till);
            break;
        case CONFIRM:
            result = sale_confirm(till);
            break;
        case SET_REF:
            result = sale_set_reference(till);
            break;
        }
    }
    sq_client_close(till->client);
    return result;
}

int program_run(int argc, char **argv, sale_order order, int order_is_a_file)
{
    struct command command;
    struct till till;
    int result;

    memset(&command, 0, sizeof command);
    command.entry = SELL;
    memset(&till, 0, sizeof till);
    till.order = order;
    till.order_is_a_file = order_is_a_file;
    till.program = argc > 0 ? argv[0] : "till";
    till.product = "pp3";
    till.book = "sales.txt";
    till.asks = 1;
    if (sq_abi_version() != SQ_ABI_VERSION) {
        fputs("the library is not the one this program was compiled for\n", stderr);
        return SALE_MACHINE;
    }
    if (read_options(&command, &till, argc, argv))
        result = run(&command, &till);
    else
        result = usage(till.program, order_is_a_file);
    free(till.ticket);
    free(till.url);
    return result;
}
