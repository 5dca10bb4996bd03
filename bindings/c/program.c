/* The program of both tills: its command line, and what comes before and after; see program.h. */
#include "program.h"

#include "after_sale.h"
#include "answer.h"
#include "book.h"
#include "records.h"
#include "recovery.h"
#include "text.h"
#include "unfinished.h"

#include <stdlib.h>
#include <string.h>

enum entry {
    SELL, FORM, CONFIRM, SET_REF, RECOVER,      /* what was left unfinished comes before these */
    PENDING, ABANDON, RESOLVE, SHIP, REFUND, CANCEL, UPDATE, INFO, LOG, DISMISS, RECONCILE, REPORT, INSTALMENTS,
    SELF_TEST
};

/* Each but SELL has its word on the command line, and so many words that must follow it. */
struct entry_word {
    enum entry entry;
    const char *word;
    int needs;
};

static const struct entry_word entry_words[] = {
    {FORM, "--form", 1},
    {CONFIRM, "--confirm", 1},
    {SET_REF, "--set-ref", 2},
    {RECOVER, "--recover", 0},
    {PENDING, "--pending", 0},
    {ABANDON, "--abandon", 1},
    {RESOLVE, "--resolve", 2},
    {SHIP, "--ship", 1},
    {REFUND, "--refund", 1},
    {CANCEL, "--cancel", 1},
    {UPDATE, "--update", 2},
    {INFO, "--info", 1},
    {LOG, "--log", 0},
    {DISMISS, "--dismiss", 1},
    {RECONCILE, "--reconcile", 0},
    {REPORT, "--report", 0},
    {INSTALMENTS, "--instalments", 1},
    {SELF_TEST, "--self-test", 0}
};

/* What the command line asks for, beside what it says of the till and its sale. */
struct command {
    enum entry entry;
    const char *config;
    int quick;
    const char *name;          /* the first word that the entry needs, and the second */
    const char *more;
    char **words;              /* those that may follow: items, or the sale whose log is meant */
    int count;
    const char *amount;
    const char *reason;
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
    static const char *const after[] = {
        "--ship NUMBER [ITEM[=QUANTITY] ...]     goods went out; none named: all that is left",
        "--refund NUMBER [ITEM[=QUANTITY] ...]   goods came back; none named: all that went out",
        "--refund NUMBER --amount CENTS [--reason TEXT]   so much is paid back",
        "--cancel NUMBER [--reason TEXT]         nothing of the sale takes place",
        "--update NUMBER CHANGES.json            carts, addresses, trackings",
        "--info NUMBER                   where the sale stands",
        "--log [NUMBER]                  what was asked of seQura; what needs attention first",
        "--dismiss ENTRY                 an entry of the log is seen to",
        "--reconcile                     the sales against seQura's payouts",
        "--report                        what was shipped since the last one; daily, even if nothing",
        "--instalments CENTS [COUNTRY]   how much a month? before anything is sold",
        "--self-test                     does everything work on this machine?"
    };
    const char *order = order_is_a_file ? " ORDER.json" : "";
    const char *perhaps = order_is_a_file ? " [ORDER.json]" : "";
    size_t i;

    fprintf(stderr, "usage: %s CONFIG%s            sell it\n", program, order);
    fprintf(stderr, "       %s CONFIG --recover              finish what was left unfinished\n", program);
    fprintf(stderr, "       %s CONFIG --pending              what is unfinished, or still to be shipped\n", program);
    fprintf(stderr, "       %s CONFIG%s --form ORDER-URL     go on with the form\n", program, perhaps);
    fprintf(stderr, "       %s CONFIG%s --confirm ORDER-URL  go on with the confirmation\n", program, perhaps);
    fprintf(stderr, "       %s CONFIG --set-ref ORDER-URL NUMBER    go on with the reference\n", program);
    fprintf(stderr, "       %s CONFIG --abandon ORDER-URL    the shopper left: give it up\n", program);
    fprintf(stderr, "       %s CONFIG --resolve ORDER-URL OUTCOME --reason TEXT   somebody looked in seQura's\n"
                    "              portal: confirmed, or not_confirmed\n", program);
    fputs("after the sale, which NUMBER names:\n", stderr);
    for (i = 0; i < sizeof after / sizeof after[0]; i++)
        fprintf(stderr, "       %s CONFIG %s\n", program, after[i]);
    if (!order_is_a_file)
        fprintf(stderr, "       %s --print-order                 the order as JSON\n", program);
    fputs("options:\n"
          "  --ref NUMBER     the ticket number, seQura's order_ref_1 (default: made of the time)\n"
          "  --ref-first      send it with the order: the confirmation then settles the sale\n", stderr);
    fputs("  --product CODE   seQura's product for the form (default: pp3)\n"
          "  --sales FILE     the till's own book (default: sales.txt)\n"
          "  --yes            do not ask the operator: the shopper is approved\n"
          "  --wait SECONDS   ask seQura again and again instead, for so long; seQura has to agree to it\n"
          "  --quick          without looking at the account and its payment methods first\n", stderr);
    fputs("exit status: 0 done; 1 usage or a file; 2 nothing sent; 3 refused; 4 no answer, ask again;\n"
          "  5 this machine; 6 confirmed without its reference; 7 not approved yet\n", stderr);
    return SALE_USAGE;
}

static const struct entry_word *find_entry(const char *word)
{
    size_t i;

    for (i = 0; i < sizeof entry_words / sizeof entry_words[0]; i++)
        if (strcmp(word, entry_words[i].word) == 0)
            return &entry_words[i];
    return NULL;
}

/* Whether what was given goes with what is to be done. */
static int is_sensible(const struct command *command)
{
    int refunds_amount = command->entry == REFUND && command->amount != NULL;
    int i;

    if (command->amount != NULL && (!refunds_amount || command->count > 0 || !text_is_number(command->amount)))
        return 0;
    if (command->reason != NULL && !refunds_amount && command->entry != CANCEL && command->entry != RESOLVE)
        return 0;
    if (command->entry == RESOLVE && command->reason == NULL)
        return 0;
    for (i = 0; i < command->count && command->entry != LOG && command->entry != INSTALMENTS; i++)
        if (!after_sale_is_item(command->words[i]))
            return 0;
    if ((command->entry == LOG || command->entry == INSTALMENTS) && command->count > 1)
        return 0;
    return (command->entry != DISMISS && command->entry != INSTALMENTS) || text_is_number(command->name);
}

/* Reads the command line; 0 if it makes no sense. */
static int read_options(struct command *command, struct till *till, int argc, char **argv)
{
    const char *ticket = NULL;
    const char *wait = NULL;
    int i;

    if (argc < 2 || argv[1][0] == '-')
        return 0;
    command->config = argv[1];
    for (i = 2; i < argc; i++) {
        const char *word = argv[i];
        const char *value = i + 1 < argc ? argv[i + 1] : NULL;
        const struct entry_word *entry = find_entry(word);

        if (entry != NULL) {
            if (command->entry != SELL || i + entry->needs >= argc)
                return 0;
            command->entry = entry->entry;
            command->name = entry->needs > 0 ? argv[++i] : NULL;
            command->more = entry->needs > 1 ? argv[++i] : NULL;
        } else if (strcmp(word, "--yes") == 0) {
            till->asks = 0;
        } else if (strcmp(word, "--quick") == 0) {
            command->quick = 1;
        } else if (strcmp(word, "--ref-first") == 0) {
            till->ref_first = 1;
        } else if (word[0] != '-' && (command->entry == SHIP || command->entry == REFUND || command->entry == LOG
                                      || command->entry == INSTALMENTS)) {
            command->words[command->count++] = argv[i];
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
        } else if (strcmp(word, "--amount") == 0) {
            command->amount = argv[++i];
        } else if (strcmp(word, "--reason") == 0) {
            command->reason = argv[++i];
        } else if (strcmp(word, "--wait") == 0) {
            wait = argv[++i];
        } else {
            return 0;
        }
    }
    if (command->entry == SET_REF)
        ticket = command->more;
    if (wait != NULL && (!text_is_number(wait) || strlen(wait) > 5))
        return 0;
    till->wait.seconds = wait != NULL ? atol(wait) : 0;
    if (!is_sensible(command) || (ticket != NULL && !sale_is_ticket(ticket)))
        return 0;
    till->ticket = ticket != NULL ? text_copy(ticket, strlen(ticket)) : NULL;
    if (command->name != NULL
        && (command->entry < RECOVER || command->entry == ABANDON || command->entry == RESOLVE))
        till->url = text_copy(command->name, strlen(command->name));
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
    /*
     * A change after the sale takes along what has no answer of its own order. Were that recovered
     * first, a command that is given again for want of an answer would ship as many goods again.
     */
    int recovers = command->entry <= RECOVER;
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
    if (result == SALE_DONE && recovers) {
        int recovered = recovery_run(till, pending);

        if (command->entry == RECOVER)
            result = recovered;
    }
    if (lists || (recovers && !command->quick)) {
        int shown = unfinished_show(till);

        if (result == SALE_DONE)
            result = shown;
    }
    if (result == SALE_DONE) {
        switch (command->entry) {
        case PENDING:
            result = unfinished_show_unshipped(till);
            if (result == SALE_DONE)
                result = unfinished_show_book(till);
            break;
        case RECOVER:
            break;
        case ABANDON:
            result = unfinished_abandon(till);
            break;
        case RESOLVE:
            result = recovery_resolve(till, command->more, command->reason);
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
        case SHIP:
            result = after_sale_ship(till, command->name, command->words, command->count);
            break;
        case REFUND:
            if (command->amount != NULL)
                result = after_sale_refund_amount(till, command->name, command->amount, command->reason);
            else
                result = after_sale_refund(till, command->name, command->words, command->count);
            break;
        case CANCEL:
            result = after_sale_cancel(till, command->name, command->reason);
            break;
        case UPDATE:
            result = after_sale_update(till, command->name, command->more);
            break;
        case INFO:
            result = after_sale_info(till, command->name);
            break;
        case LOG:
            result = records_show_log(till, command->count > 0 ? command->words[0] : NULL);
            break;
        case DISMISS:
            result = records_dismiss(till, command->name);
            break;
        case RECONCILE:
            result = records_show_payouts(till);
            break;
        case REPORT:
            result = records_report(till);
            break;
        case INSTALMENTS:
            result = records_instalments(till, command->name, command->count > 0 ? command->words[0] : NULL);
            break;
        case SELF_TEST:
            result = records_self_test(till);
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
    command.words = (char **)text_memory(NULL, (size_t)(argc + 1) * sizeof *command.words);
    if (read_options(&command, &till, argc, argv))
        result = run(&command, &till);
    else
        result = usage(till.program, order_is_a_file);
    free(till.ticket);
    free(till.url);
    free(command.words);
    return result;
}
