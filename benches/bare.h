/* What a till's author would write without the library; see bare.c. Each function says by 1 that it went well. */

#ifndef BARE_H
#define BARE_H

typedef struct bare bare;

/* A line to seQura, and a book that commits each step; NULL: no book. NULL when there is no memory or no book. */
bare *bare_new(const char *book);
/* Confirms an order. */
int bare_put(bare *till, const char *url, const char *order_json);
/* The same, and nothing of the order is left in the book's files: what settles a sale has to see to that. */
int bare_settle(bare *till, const char *url, const char *order_json);
/* The book opened and asked once. */
bare *bare_open(const char *book);
void bare_free(bare *till);

#endif
