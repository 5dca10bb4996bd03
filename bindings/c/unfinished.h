/* What is unfinished: in the library's journal, and in the till's own book. */
#ifndef UNFINISHED_H
#define UNFINISHED_H

#include "sale.h"

/* What the library's journal holds that is not finished. Nothing is sent for this. */
int unfinished_show(const struct till *till);

/* The sales of the book that are not registered: one line each, as they stand now. */
int unfinished_show_book(const struct till *till);

#endif
