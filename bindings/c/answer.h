/*
 * Reading the library's results, value by value: no JSON library, and no buffer of a fixed size.
 */
#ifndef ANSWER_H
#define ANSWER_H

#include <sequra_pos.h>

/* One value, to be freed; NULL when it is not there, or null. */
char *answer_get(const sq_buffer *answer, const char *pointer);

/* The same in a list: answer_get_at(answer, "/errors/", 0, "/code"). */
char *answer_get_at(const sq_buffer *answer, const char *list, unsigned long index, const char *field);

/* Is it there, and just this? */
int answer_is(const sq_buffer *answer, const char *pointer, const char *wanted);
int answer_is_at(const sq_buffer *answer, const char *list, unsigned long index, const char *field, const char *wanted);

/* Shows "/errors/" or "/warnings/". */
void answer_show_list(const sq_buffer *answer, const char *list, const char *label);

/* Shows what came of a call: to the technician in a line, to the operator in the till's language. */
void answer_show(const char *label, const sq_buffer *answer);

#endif
