/*
 * What the C programs of this folder have in common: checks that count failures and go on, the
 * last answer of the library, and a line protocol to the Rust test that started the program.
 *
 * stdout carries the protocol only, stderr only what went wrong; so the test sees at once when the
 * library itself prints something.
 */

#ifndef CHECK_H
#define CHECK_H

#include "sequra_pos.h"

/* Counts a failure, and says where, if a condition does not hold. */
#define CHECK(condition) check_that((condition) != 0, __FILE__, __LINE__, #condition)

/* The same, with a word on which of many cases it was. */
#define CHECK_CASE(condition, which) check_case((condition) != 0, __FILE__, __LINE__, #condition, which)

/*
 * Calls a function and checks its status: CALL(SQ_OK, sq_client_close, (client)). Each pair of
 * function and status is told to the test, which looks it up in the header's comments.
 */
#define CALL(wanted, function, arguments) \
    status_is(__FILE__, __LINE__, #function, #arguments, (function)arguments, (wanted))

/*
 * The same for a function that fills a buffer: give it &answer. The buffer must come, whatever the
 * status, and must say the same status. It stays in `answer` until the next ANSWER.
 */
#define ANSWER(wanted, function, arguments) \
    (before_answer(), CALL(wanted, function, arguments), after_answer(__FILE__, __LINE__, #function))

/* One value of the last answer. */
#define VALUE_IS(pointer, wanted) value_is(__FILE__, __LINE__, pointer, wanted)

extern sq_buffer *answer;

void check_that(int holds, const char *file, int line, const char *what);
void check_case(int holds, const char *file, int line, const char *what, const char *which);
int status_is(const char *file, int line, const char *function, const char *arguments,
              sq_status got, sq_status wanted);
void before_answer(void);
void after_answer(const char *file, int line, const char *function);
void drop_answer(void);
void value_is(const char *file, int line, const char *pointer, const char *wanted);

/* One value of the last answer, "" where there is none; valid until the next call. */
const char *value(const char *pointer);
/* The same, copied. */
void copy_value(char *dst, uint32_t room, const char *pointer);

/*
 * Says a line to the test and waits for its reply, which is returned without its "ok ". Commands:
 * "approve UUID" (and review, reject, cancel, expire), "fault JSON", "requests" (how many there
 * were), "events UUID" (what seQura's ledger says of an order), "wire" (the last request's body).
 */
const char *ask(const char *command, const char *argument);
/* Says a line and waits for nothing. */
void tell(const char *word, const char *text);

/*
 * Unmasks floating-point exceptions for the rest of the program. Each CALL and ANSWER checks that the
 * library has left the settings as they are.
 */
void like_delphi(void);

/* Ends the program: 0 if every check held. Checks that no handle is left. */
int finish(void);

/* A configuration for the simulator. `more` is "" or further keys, with a comma in front. */
void write_config(char *dst, const char *base_url, const char *folder, const char *journal,
                  const char *more);
/* A complete order of 50.97 EUR. order_ref_1 may be NULL; item makes it differ from others. */
void write_order(char *dst, const char *order_ref_1, const char *item);
/* Room for either. */
#define ROOM 4096

#endif
