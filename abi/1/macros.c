/*
 * Every macro of the header against the library, and against the table of the contract. The test
 * that runs this proves that no macro of the header is missing here.
 */

#include "check.h"

#include <stdio.h>
#include <string.h>

/* Decorations: SQ_API and SQ_CALL must be usable, SEQURA_POS_H must be defined. */
typedef sq_status (SQ_CALL *pending_function)(sq_client *client, sq_buffer **out);
SQ_API sq_status SQ_CALL sq_pending(sq_client *client, sq_buffer **out);

#ifndef SEQURA_POS_H
#error "the header's guard is not defined"
#endif

/* A macro must be a constant that the preprocessor can count with. */
#if SQ_ABI_VERSION != 1 || SQ_OK != 0 || SQ_INTERNAL != 9001
#error "the macros are not plain numbers"
#endif

static const struct {
    const char *name;
    sq_status macro;
    sq_status contract;
    int32_t status_class;
} statuses[] = {
#define ROW(name, number, class) {#name, name, number, class}
    ROW(SQ_OK, 0, 0),
    ROW(SQ_INVALID_ARGUMENT, 1001, 1),
    ROW(SQ_INVALID_HANDLE, 1002, 1),
    ROW(SQ_INVALID_TEXT, 1003, 1),
    ROW(SQ_INVALID_JSON, 1004, 1),
    ROW(SQ_INVALID_CONFIG, 1005, 1),
    ROW(SQ_INVALID_ORDER, 1006, 1),
    ROW(SQ_FOREIGN_URL, 1007, 1),
    ROW(SQ_UNKNOWN_ORDER, 1008, 1),
    ROW(SQ_WRONG_STATE, 1009, 1),
    ROW(SQ_BUFFER_TOO_SMALL, 1010, 1),
    ROW(SQ_CONFLICT, 2409, 2),
    ROW(SQ_DUPLICATE_ORDER_REF, 2001, 2),
    ROW(SQ_UNAUTHORIZED, 2401, 2),
    ROW(SQ_FORBIDDEN, 2403, 2),
    ROW(SQ_NOT_FOUND, 2404, 2),
    ROW(SQ_GONE, 2410, 2),
    ROW(SQ_RATE_LIMITED, 2429, 2),
    ROW(SQ_REFUSED, 2400, 2),
    ROW(SQ_UNREACHABLE, 3001, 3),
    ROW(SQ_OUTCOME_UNKNOWN, 3002, 3),
    ROW(SQ_SERVER_ERROR, 3500, 3),
    ROW(SQ_TLS, 3003, 3),
    ROW(SQ_BAD_RESPONSE, 3004, 3),
    ROW(SQ_JOURNAL, 4001, 4),
    ROW(SQ_BUSY, 4002, 4),
    ROW(SQ_INTERNAL, 9001, 9)
};

#define STATUSES ((int)(sizeof statuses / sizeof statuses[0]))

static int is_status(sq_status number)
{
    int i;

    for (i = 0; i < STATUSES; i++)
        if (statuses[i].contract == number)
            return 1;
    return 0;
}

int main(void)
{
    pending_function pending = sq_pending;
    sq_status number;
    int i;

    CHECK(pending(NULL, NULL) == SQ_INVALID_HANDLE);
    CHECK(sq_abi_version() == SQ_ABI_VERSION);
    for (i = 0; i < STATUSES; i++) {
        CHECK_CASE(statuses[i].macro == statuses[i].contract, statuses[i].name);
        CHECK_CASE(strcmp(sq_status_name(statuses[i].macro), statuses[i].name) == 0, statuses[i].name);
        CHECK_CASE(sq_status_class(statuses[i].macro) == statuses[i].status_class, statuses[i].name);
    }
    /* Another number is a status of a later version, or none: its class says which. */
    for (number = -10; number < 10100; number++) {
        int is_none = strcmp(sq_status_name(number), "SQ_UNKNOWN_STATUS") == 0;
        if (is_status(number))
            continue;
        CHECK((sq_status_class(number) == -1) == is_none);
        CHECK(is_none || sq_status_class(number) == number / 1000);
    }
    return finish();
}
