/*
 * After the sale: goods go out, come back, are not wanted any more. seQura is always told the complete
 * present state of the order; the library computes it from its journal.
 */
#ifndef AFTER_SALE_H
#define AFTER_SALE_H

#include "sale.h"

/*
 * Changes of a sale, which is named by its ticket number (the order's URL or uuid will do). Each
 * answers with the exit status. An item is "REFERENCE=QUANTITY", or "REFERENCE" for all that is left
 * of it; no items: everything.
 */
int after_sale_ship(struct till *till, const char *sale, char **items, int count);
int after_sale_refund(struct till *till, const char *sale, char **items, int count);
int after_sale_refund_amount(struct till *till, const char *sale, const char *cents, const char *reason);
int after_sale_cancel(struct till *till, const char *sale, const char *reason);      /* NULL: not said */
int after_sale_update(struct till *till, const char *sale, const char *file);

/* Is it an item? */
int after_sale_is_item(const char *word);

/*
 * What has become of the sale at till->url, from the library's journal: says the totals of its carts
 * and writes it into the book. While a change of it has no answer, says so and leaves the book alone.
 */
int after_sale_record(struct till *till);

/* Where a sale stands, with its carts and what happened to it. Nothing is sent for this. */
int after_sale_info(const struct till *till, const char *sale);

#endif
