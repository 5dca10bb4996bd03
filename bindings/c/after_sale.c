/*
 * After the sale; see after_sale.h.
 *
 *     book: changing ---> the call ---> what does the library's journal say? ---> book
 *
 * The book is written before the change is asked for and after it, as the library does it in its
 * journal. A till that dies in between finds "changing" in its book when it is started again, and
 * does the last two steps: it needs not know how far it had come.
 */
#include "after_sale.h"

#include "answer.h"
#include "book.h"
#include "text.h"

#include <sequra_pos.h>
#include <stdlib.h>
#include <string.h>

/* ---- what the sale has come to ----------------------------------------------------------------- */

/* In the words of the book, see book.h. */
static const char *state_of(const sq_buffer *info)
{
    if (answer_is(info, "/order/state", "cancelled"))
        return "cancelled";
    if (answer_is(info, "/data/amounts/delivery", "unshipped"))
        return "registered";
    if (answer_is(info, "/data/amounts/delivery", "partly_shipped"))
        return "partly_shipped";
    if (answer_is(info, "/data/amounts/delivery", "refunded"))
        return "refunded";
    return answer_is(info, "/data/amounts/refunded", "0") ? "shipped" : "partly_refunded";
}

/* One of the amounts, to be freed; NULL when there is none. */
static char *amount_of(const sq_buffer *info, const char *name)
{
    char *pointer = text_join("/data/amounts/", name, "");
    char *cents = answer_get(info, pointer);
    char *money = cents != NULL ? text_money(cents) : NULL;

    free(pointer);
    free(cents);
    return money;
}

/* The totals of both carts, and what the shopper owes of what was sold. */
static void show_totals(const sq_buffer *info)
{
    char *line = text_copy("", 0);

    line = text_and(line, "unshipped ", amount_of(info, "unshipped"));
    line = text_and(line, ", shipped ", amount_of(info, "shipped"));
    line = text_and(line, "; owed ", amount_of(info, "owed"));
    line = text_and(line, " of ", amount_of(info, "approved"));
    line = text_and(line, " ", answer_get(info, "/order/currency"));
    text_say("carts", line);
    free(line);
}

int after_sale_record(struct till *till)
{
    sq_buffer *info = NULL;
    sq_status status = sq_order_info(till->client, till->url, &info);
    int result = sale_exit_status(status);

    if (status != SQ_OK) {
        answer_show("info", info);
    } else if (answer_is(info, "/next", "recover")) {
        text_say("to go on", "till CONFIG --recover; or the same change again; or the next one, which takes it along");
        result = SALE_NO_ANSWER;
    } else {
        show_totals(info);
        if (!sale_record(till, state_of(info), info))
            result = SALE_USAGE;
    }
    sq_buffer_free(info);
    return result;
}

/* ---- changing it -------------------------------------------------------------------------------- */

/* sq_ship, sq_refund, sq_cancel and sq_update_order. */
typedef sq_status (SQ_CALL *change_call)(sq_client *, const char *, const char *, sq_buffer **);

/* The sale as it is called at seQura and in the book. */
static void take(struct till *till, const sq_buffer *answer)
{
    free(till->url);
    free(till->ticket);
    till->url = answer_get(answer, "/order/url");
    till->ticket = answer_get(answer, "/order/order_ref_1");
}

static int change(struct till *till, const char *label, change_call call, const char *sale, const char *asked)
{
    sq_buffer *before = NULL, *answer = NULL;
    int settled, result, became;
    sq_status status;

    /* Only a settled order can be changed. Of any other, the call itself says why not. */
    sq_order_info(till->client, sale, &before);
    settled = answer_is(before, "/order/state", "settled");
    if (settled)
        take(till, before);
    if (settled && !sale_record(till, "changing", before)) {
        sq_buffer_free(before);
        return SALE_USAGE;
    }
    sq_buffer_free(before);

    status = call(till->client, settled ? till->url : sale, asked, &answer);
    answer_show(label, answer);
    if (!settled && status == SQ_OK)
        take(till, answer);      /* it was cancelled before, and may not be in the book yet */
    sq_buffer_free(answer);
    result = sale_exit_status(status);
    became = settled || status == SQ_OK ? after_sale_record(till) : SALE_DONE;
    return result == SALE_DONE ? became : result;
}

/* ---- what is asked for, as JSON: the builder of orders writes any -------------------------------- */

int after_sale_is_item(const char *word)
{
    const char *equals = strrchr(word, '=');

    return *word != '\0' && (equals == NULL || (equals != word && text_is_number(equals + 1)));
}

static sq_status add_item(sq_order *builder, unsigned long place, const char *item)
{
    const char *equals = strrchr(item, '=');
    char *reference = text_copy(item, equals == NULL ? strlen(item) : (size_t)(equals - item));
    char *number = text_number(place);
    char *to_reference = text_join("/items/", number, "/reference");
    char *to_quantity = text_join("/items/", number, "/quantity");
    sq_status status = sq_order_set_text(builder, to_reference, reference);

    if (status == SQ_OK && equals != NULL)
        status = sq_order_set_int(builder, to_quantity, strtol(equals + 1, NULL, 10));
    free(reference);
    free(number);
    free(to_reference);
    free(to_quantity);
    return status;
}

/* The JSON at this place of what was built, to be freed; NULL, and said why, if that failed. */
static char *built(sq_order *builder, sq_status status, const char *pointer)
{
    sq_buffer *json = NULL;
    char *text = NULL;

    if (status == SQ_OK)
        status = sq_order_json(builder, &json);
    if (status == SQ_OK)
        text = answer_get(json, pointer);
    if (text == NULL)
        fprintf(stderr, "what is asked for cannot be written: %s\n", sq_status_name(status));
    sq_buffer_free(json);
    sq_order_free(builder);
    return text;
}

/* {"items":[{"reference":...,"quantity":...}, ...]}, or what stands at this place in it. */
static char *items_as_json(const struct till *till, char **items, int count, const char *pointer)
{
    sq_order *builder = NULL;
    sq_status status = sq_order_new(till->client, &builder);
    int i;

    for (i = 0; i < count && status == SQ_OK; i++)
        status = add_item(builder, (unsigned long)i, items[i]);
    return built(builder, status, pointer);
}

/* The change with this JSON, which it frees. */
static int change_as(struct till *till, const char *label, change_call call, const char *sale, char *json)
{
    int result = json != NULL ? change(till, label, call, sale, json) : SALE_USAGE;

    free(json);
    return result;
}

int after_sale_ship(struct till *till, const char *sale, char **items, int count)
{
    if (count == 0)
        return change(till, "ship", sq_ship, sale, NULL);
    return change_as(till, "ship", sq_ship, sale, items_as_json(till, items, count, "/items"));
}

int after_sale_refund(struct till *till, const char *sale, char **items, int count)
{
    if (count == 0)
        return change(till, "refund", sq_refund, sale, NULL);
    return change_as(till, "refund", sq_refund, sale, items_as_json(till, items, count, ""));
}

int after_sale_refund_amount(struct till *till, const char *sale, const char *cents, const char *reason)
{
    sq_order *builder = NULL;
    sq_status status = sq_order_new(till->client, &builder);

    if (status == SQ_OK)
        status = sq_order_set_int(builder, "/amount", strtol(cents, NULL, 10));
    if (status == SQ_OK && reason != NULL)
        status = sq_order_set_text(builder, "/reason", reason);
    return change_as(till, "refund", sq_refund, sale, built(builder, status, ""));
}

int after_sale_cancel(struct till *till, const char *sale, const char *reason)
{
    return change(till, "cancel", sq_cancel, sale, reason);
}

int after_sale_update(struct till *till, const char *sale, const char *file)
{
    char *update = text_file(file);

    if (update == NULL)
        fprintf(stderr, "cannot read %s\n", file);
    return change_as(till, "update", sq_update_order, sale, update);
}

/* ---- where it stands ---------------------------------------------------------------------------- */

/* What is in a cart: "1 BIC-20 349,00; ENV-01 12,90". */
static void show_cart(const sq_buffer *info, const char *label, const char *list)
{
    char *line = NULL, *total;
    unsigned long i;

    for (i = 0; (total = answer_get_at(info, list, i, "/total_with_tax")) != NULL; i++) {
        char *quantity = answer_get_at(info, list, i, "/quantity");
        char *item = answer_get_at(info, list, i, "/reference");

        if (item == NULL)
            item = answer_get_at(info, list, i, "/type");      /* fees may have no reference */
        if (quantity != NULL)
            item = text_and(quantity, " ", item);
        item = text_and(item, " ", text_money(total));
        line = line == NULL ? item : text_and(line, "; ", item);
        free(total);
    }
    text_say(label, line != NULL ? line : "nothing");
    free(line);
}

/* What was attempted with it, oldest first: the entries of the transaction log. */
static void show_history(const sq_buffer *info)
{
    static const char list[] = "/data/history/";
    unsigned long i;
    char *line;

    for (i = 0; (line = answer_get_at(info, list, i, "/at")) != NULL; i++) {
        line = text_and(line, " ", answer_get_at(info, list, i, "/operation"));
        line = text_and(line, " ", answer_get_at(info, list, i, "/status"));
        line = text_and(line, ", HTTP ", answer_get_at(info, list, i, "/http/status"));
        text_say(i == 0 ? "history" : "", line);
        free(line);
    }
}

static void show_sale(const sq_buffer *info)
{
    char *line = answer_get(info, "/order/order_ref_1");
    char *paid = amount_of(info, "paid");

    if (line == NULL)
        line = answer_get(info, "/order/uuid");
    if (line != NULL) {
        line = text_and(line, ", form ", answer_get(info, "/data/payment_method/product"));
        line = text_and(line, ", ", answer_get(info, "/order/portal_url"));
        text_say("sale", line);
    }
    if (paid != NULL) {      /* once it is confirmed */
        show_totals(info);
        show_cart(info, "unshipped", "/data/unshipped_cart/items/");
        show_cart(info, "shipped", "/data/shipped_cart/items/");
        paid = text_and(paid, " ", answer_get(info, "/order/currency"));
        text_say("paid out", paid);
    }
    show_history(info);
    free(line);
    free(paid);
}

int after_sale_info(const struct till *till, const char *sale)
{
    sq_buffer *info = NULL;
    sq_status status = sq_order_info(till->client, sale, &info);

    answer_show("info", info);
    if (status == SQ_OK)
        show_sale(info);
    sq_buffer_free(info);
    return sale_exit_status(status);
}
