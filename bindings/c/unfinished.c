/* What is unfinished; see unfinished.h. */
#include "unfinished.h"

#include "answer.h"
#include "book.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

/* What `sums` has in the currency of this order of the list, at its merchant; said once for each such pair. */
static void show_sum(const char *label, const sq_buffer *answer, const char *sums, const char *list,
                     unsigned long order)
{
    char *currency = answer_get_at(answer, list, order, "/currency");
    char *merchant = answer_get_at(answer, list, order, "/merchant_id");
    unsigned long i;
    int said = currency == NULL || merchant == NULL;

    for (i = 0; i < order && !said; i++) {
        char *other = answer_get_at(answer, list, i, "/currency");
        char *another = answer_get_at(answer, list, i, "/merchant_id");

        said = other != NULL && another != NULL && strcmp(currency, other) == 0
               && strcmp(merchant, another) == 0;
        free(other);
        free(another);
    }
    if (!said) {
        char *place = text_join(currency, "/", merchant);
        char *pointer = text_join(sums, place, "");
        char *cents = answer_get(answer, pointer);

        if (cents != NULL) {
            char *sum = text_price(cents, currency);

            text_say_with(label, "%s", sum);
            free(sum);
        }
        free(place);
        free(pointer);
        free(cents);
    }
    free(currency);
    free(merchant);
}

char *unfinished_order_line(const sq_buffer *answer, unsigned long place)
{
    char *line = answer_get_at(answer, "/data/orders/", place, "/uuid");
    char *cents = answer_get_at(answer, "/data/orders/", place, "/amount");
    char *currency = answer_get_at(answer, "/data/orders/", place, "/currency");

    if (line == NULL)
        line = text_copy("(its order URL has not come yet)", 32);
    if (cents != NULL && currency != NULL)
        line = text_and(line, " ", text_price(cents, currency));
    free(cents);
    free(currency);
    return line;
}

void unfinished_say_sale(const char *label, const struct book_sale *sale, const char *state)
{
    char *line = text_join(sale->ticket, " ", "");

    line = text_and(line, "", text_price(sale->amount, sale->currency));
    line = text_and(line, " ", text_copy(state, strlen(state)));
    text_say(label, line);
    free(line);
}

int unfinished_show(const struct till *till)
{
    sq_buffer *answer = NULL;
    sq_status status = sq_pending(till->client, &answer);
    unsigned long count = 0, i;
    char *missing;

    if (status != SQ_OK)
        answer_show("pending", answer);
    for (; (missing = answer_get_at(answer, "/data/orders/", count, "/missing")) != NULL; count++) {
        char *line = unfinished_order_line(answer, count);

        line = text_and(line, " ", answer_get_at(answer, "/data/orders/", count, "/state"));
        line = text_and(line, ": needs ", missing);
        text_say("pending", line);
        free(line);
    }
    for (i = 0; i < count; i++)
        show_sum("at risk", answer, "/data/at_risk/", "/data/orders/", i);
    if (status == SQ_OK && count == 0)
        text_say("pending", "nothing: every sale with seQura is finished");
    sq_buffer_free(answer);
    return sale_exit_status(status);
}

int unfinished_show_unshipped(const struct till *till)
{
    sq_buffer *answer = NULL;
    sq_status status = sq_pending(till->client, &answer);
    unsigned long count = 0, i;
    char *cents;

    for (; (cents = answer_get_at(answer, "/data/unshipped/", count, "/unshipped")) != NULL; count++) {
        char *line = answer_get_at(answer, "/data/unshipped/", count, "/order_ref_1");
        char *currency = answer_get_at(answer, "/data/unshipped/", count, "/currency");

        line = text_and(line, " ", text_price(cents, currency));
        text_say("to ship", line);
        free(line);
        free(currency);
        free(cents);
    }
    for (i = 0; i < count; i++)
        show_sum("unshipped", answer, "/data/unshipped_total/", "/data/unshipped/", i);
    sq_buffer_free(answer);
    return sale_exit_status(status);
}

int unfinished_show_book(const struct till *till)
{
    struct book_sale *sales, *sale;

    if (!book_read(till->book, &sales)) {
        fprintf(stderr, "%s: cannot read %s\n", till->program, till->book);
        return SALE_USAGE;
    }
    for (sale = sales; sale != NULL; sale = sale->next)
        if (book_is_open(sale))
            unfinished_say_sale("book", sale, sale->state);
    book_free(sales);
    return SALE_DONE;
}

int unfinished_abandon(struct till *till)
{
    sq_buffer *answer = NULL;
    sq_status status = sq_abandon(till->client, till->url, &answer);
    int result = sale_exit_status(status);

    answer_show("abandon", answer);
    if (status == SQ_OK && till->ticket != NULL && !sale_record(till, "abandoned", answer))
        result = SALE_USAGE;
    sq_buffer_free(answer);
    return result;
}
