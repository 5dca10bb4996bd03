/*
 * Texts of any length. Memory that runs out ends the program: whatever was under way is in the
 * library's journal and in the book by then, which is what they are for.
 */
#ifndef TEXT_H
#define TEXT_H

#include <stddef.h>
#include <stdio.h>

void *text_memory(void *old, size_t bytes);                      /* realloc that does not fail */
char *text_copy(const char *text, size_t bytes);
char *text_join(const char *a, const char *b, const char *c);
char *text_line(FILE *file, int *ended);       /* without its end; NULL: the file has ended */
char *text_file(const char *path);             /* the whole of it; NULL: it cannot be read */
char *text_number(unsigned long number);
int text_is_number(const char *text);          /* digits, and fewer than a long has room for */

/* Cents, in decimal, as people write them: "38290" is "382,90" and "-5" is "-0,05". */
char *text_money(const char *cents);

char *text_price(const char *cents, const char *currency);      /* "382,90 EUR" */

/* line + between + more; frees the line and what was added. The line as it was where more is NULL. */
char *text_and(char *line, const char *between, char *more);

/* Prints "label   text", broken at spaces into lines of at most TEXT_COLUMNS. */
void text_say(const char *label, const char *text);

/* The same, for a sentence in which %s stands for `with`. */
void text_say_with(const char *label, const char *sentence, const char *with);

#define TEXT_COLUMNS 100
#define TEXT_INDENT 14

#endif
