/*
 * A sale paid with seQura, as a till without an address of its own sells: seQura cannot call it, so
 * the operator says when the shopper has been approved (the manual IPN workflow).
 */
#ifndef SALE_H
#define SALE_H

#include "wait.h"

#include <sequra_pos.h>

/* What became of it: the exit statuses of the program. */
#define SALE_DONE 0           /* sold: confirmed, completed, registered; or what was asked for is done */
#define SALE_USAGE 1          /* wrong command line, or a file of the till's own cannot be used */
#define SALE_NOT_SENT 2       /* the configuration, the order or the change is wrong; nothing was sent (1xxx) */
#define SALE_REFUSED 3        /* seQura said no: nothing is sold, or changed (2xxx) */
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

/* The till, and the sale that it is at. */
struct till {
    sq_client *client;
    const char *program;       /* its name */
    const char *book;          /* the till's own database: the file, see book.h */
    const char *product;       /* seQura's product for the form */
    sale_order order;
    int order_is_a_file;       /* or else the program makes it */
    const char *order_file;    /* NULL: none given */
    int has_order;             /* `order` can be asked; otherwise the order is as it was last sent */
    char *ticket;              /* becomes seQura's order_ref_1; NULL: the book's, or a new one */
    char *url;                 /* the order at seQura */
    int ref_first;             /* the ticket number goes with the order, not after the confirmation */
    int asks;                  /* there is an operator at the till */
    struct wait wait;          /* the till asks seQura itself whether the shopper is approved */
};

/*
 * The steps. Each goes on with those that come after it, and answers with the exit status; all but
 * the start are about the order at till->url.
 */
int sale_start(struct till *till);
int sale_send_form(struct till *till);
int sale_confirm(struct till *till);
int sale_set_reference(struct till *till);

/* What comes after a confirmation that went well; `answer` has the order, confirmed or settled. */
int sale_complete(struct till *till, const sq_buffer *answer);     /* not in the book yet */
int sale_register(struct till *till, const sq_buffer *answer);     /* completed in the book */

/* Writes into the book what the order in the answer has come to. 0 if it cannot, and has said so. */
int sale_record(struct till *till, const char *state, const sq_buffer *answer);

int sale_exit_status(sq_status status);

/* How the operator takes the sale up again later. */
void sale_say_how_to_go_on(const struct till *till, const char *option, const char *more);

/* The same where the ticket number that goes with the order is taken: the whole order, with another. */
void sale_say_another_number(const struct till *till);

/* Ticket numbers go into the order, the book and the screen as they are. */
int sale_is_ticket(const char *text);

#endif
