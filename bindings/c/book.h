/*
 * The till's own database, as small as one can be: a text file to which one line is added for each
 * step of a sale. Nothing in it is ever changed; the last line of a sale is what it has come to.
 *
 *     started          R-100  38290 EUR  2025-03-01T17:20:03  http://127.0.0.1:8080/orders/5a1c...
 *     completed        R-100  38290 EUR  2025-03-01T17:24:41  http://127.0.0.1:8080/orders/5a1c...
 *     registered       R-100  38290 EUR  2025-03-01T17:24:42  http://127.0.0.1:8080/orders/5a1c...
 *
 * started: seQura has the order, nothing is sold yet. completed: seQura has confirmed it, the sale
 * stands. registered: seQura knows the ticket number too; only now may the goods go. Of what is
 * started, not all becomes a sale. refused: seQura has said no. abandoned: the shopper left.
 *
 * After the sale the amount is what the shopper still owes. changing: a change is asked for, and what
 * came of it is not known here yet. Then, in this order of a sale's life: registered (nothing has
 * gone), partly_shipped, shipped, partly_refunded (all has gone, and some was paid back), refunded
 * (all was). cancelled: nothing of it takes place.
 *
 * A real till has a table for this. What matters is when it is written, see sale.c.
 */
#ifndef BOOK_H
#define BOOK_H

struct book_sale {
    char *state;     /* one of the words above */
    char *ticket;    /* the order_ref_1 that is seQura's, or is to be */
    char *amount;    /* cents, in decimal: a till that only prints them needs no 64-bit integers */
    char *currency;
    char *time;
    char *url;       /* the order at seQura */
    struct book_sale *next;
};

/*
 * Adds a line and has it on the disk before it returns. 0 if that failed: then the sale must not
 * go on as if it had been recorded.
 */
int book_add(const char *file, const char *state, const char *ticket, const char *amount,
             const char *currency, const char *url);

/*
 * Reads every sale as it stands now, oldest first. 0 if the file cannot be read; a file that does
 * not exist is an empty book. Free the sales with book_free.
 */
int book_read(const char *file, struct book_sale **sales);

/* The sale with this order URL, or with this uuid at its end; NULL if there is none. */
struct book_sale *book_find(struct book_sale *sales, const char *url_or_uuid);

/* Is something due for it? Started, completed and not registered yet, or changing. */
int book_is_open(const struct book_sale *sale);

void book_free(struct book_sale *sales);

#endif
