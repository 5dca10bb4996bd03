/* What is unfinished, in the library's journal and in the till's own book. */
#ifndef UNFINISHED_H
#define UNFINISHED_H

#include "book.h"
#include "sale.h"

/* What the library's journal holds that is not finished. Nothing is sent for this. */
int unfinished_show(const struct till *till);

/* What is sold and still to be shipped, by the library's journal: seQura pays what was shipped. Nothing is sent. */
int unfinished_show_unshipped(const struct till *till);

/* The sales of the book that something is due for: one line each, as they stand now. */
int unfinished_show_book(const struct till *till);

/* The shopper left: gives up the order at till->url. */
int unfinished_abandon(struct till *till);

/* An order of an answer's list as one line, to be freed: its uuid and its price. */
char *unfinished_order_line(const sq_buffer *answer, unsigned long place);

/* A sale of the book in one line: its ticket number, its price, and what is said of it. */
void unfinished_say_sale(const char *label, const struct book_sale *sale, const char *words);

#endif
