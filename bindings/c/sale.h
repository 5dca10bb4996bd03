/*
 * A sale paid with seQura, as a till without an address of its own sells: seQura cannot call it, so
 * the operator says when the shopper has been approved (the manual IPN workflow).
 *
 * till.c and till_builder.c differ only in where the order comes from; the sale is the same.
 */
#ifndef SALE_H
#define SALE_H

/* Exit statuses of both programs. */
#define SALE_DONE 0           /* sold: confirmed, completed, registered; or what was asked for is done */
#define SALE_USAGE 1          /* wrong command line, or a file of the till's own cannot be used */
#define SALE_NOT_SENT 2       /* the configuration or the order is wrong; nothing was sent (1xxx) */
#define SALE_REFUSED 3        /* seQura said no: nothing is sold (2xxx) */
#define SALE_NO_ANSWER 4      /* not known, or seQura was not reached: keep the goods, ask again (3xxx) */
#define SALE_MACHINE 5        /* this machine's journal, or a bug of the library (4xxx, 9xxx) */
#define SALE_NO_REFERENCE 6   /* confirmed, but seQura has no ticket number: keep the goods (any) */
#define SALE_WAITING 7        /* left open: the shopper has not been approved yet */

/*
 * Gives the order as it is at this moment, as JSON to be freed, with order_ref_1 in it unless that
 * is NULL. NULL if it cannot, and then it has said why on stderr. `file` is the command line's, or
 * NULL.
 */
typedef char *(*sale_order)(const char *file, const char *order_ref_1);

/* The whole program: reads the command line, does what it asks for, gives the exit status. */
int sale_main(int argc, char **argv, sale_order order, int order_is_a_file);

#endif
