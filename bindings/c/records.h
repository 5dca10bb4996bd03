/*
 * What the shop's office and support look at and do: the transaction log, the payouts, the delivery
 * report, the self-test.
 */
#ifndef RECORDS_H
#define RECORDS_H

#include "sale.h"

/*
 * What was asked of seQura and what it said, of one sale or (NULL) of all: what needs attention
 * first, with seQura's words and what can be done, then the newest, 20 entries in all. Nothing is
 * sent for this.
 */
int records_show_log(const struct till *till, const char *sale);

/* An entry of the log has been seen to: it needs no attention any more. */
int records_dismiss(const struct till *till, const char *entry);

/* The settled sales, held against what seQura has paid out. */
int records_show_payouts(const struct till *till);

/* Tells seQura what was shipped since the last time: once a day, even if it is nothing. */
int records_report(const struct till *till);

/*
 * How much a month? Shown is the whole of an offer, with its cost, or nothing of it. country: NULL for every
 * configured merchant.
 */
int records_instalments(const struct till *till, const char *cents, const char *country);

/* Does everything that a sale needs work on this machine? */
int records_self_test(const struct till *till);

#endif
