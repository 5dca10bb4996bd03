/*
 * Waiting for the shopper where the shop has agreed with seQura that the till may ask again and again
 * (--wait): a decent till begins with pauses of five seconds, makes them longer, and comes to an end.
 */
#ifndef WAIT_H
#define WAIT_H

#include <time.h>

/* Begins all zero, but for `seconds`. */
struct wait {
    long seconds;              /* how long in all; 0: the till does not ask by itself */
    time_t until;              /* 0: it has not begun */
    long pause;                /* before the next round */
};

/* Waits until the next round. 0: that was the last one, or the operator has pressed Enter. */
int wait_for_round(struct wait *wait);

#endif
