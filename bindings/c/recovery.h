/* What a till does first when it is started. */
#ifndef RECOVERY_H
#define RECOVERY_H

#include "sale.h"

/*
 * Goes on with what the till was killed in, or got no answer to, and writes into its book what came
 * of it: says what each order was and now is, and finishes each sale of the book that seQura has
 * confirmed. Asks the operator nothing; where the operator has to act, it says how. The order at
 * till->url, if there is one, is left to the entry that names it.
 *
 * pending: whether the library's journal has anything unfinished; if not, only the book is looked at.
 */
int recovery_run(const struct till *till, int pending);

/*
 * Somebody has looked in seQura's portal what became of the order at till->url, which nobody's answer
 * says: outcome is "confirmed" or "not_confirmed", reason for the log. Goes on from there.
 */
int recovery_resolve(const struct till *till, const char *outcome, const char *reason);

#endif
