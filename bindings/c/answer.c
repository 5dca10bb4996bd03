/* Reading the library's results; see answer.h. */
#include "answer.h"

#include "text.h"

#include <stdlib.h>
#include <string.h>

/* sq_buffer_get is asked twice, for the size and then for the value: nothing can be too small. */
char *answer_get(const sq_buffer *answer, const char *pointer)
{
    uint32_t bytes = 0;
    char *value;

    if (sq_buffer_get(answer, pointer, NULL, &bytes) != SQ_BUFFER_TOO_SMALL)
        return NULL;
    value = (char *)text_memory(NULL, bytes);
    if (sq_buffer_get(answer, pointer, value, &bytes) != SQ_OK || strcmp(value, "null") == 0) {
        free(value);
        return NULL;
    }
    return value;
}

char *answer_get_at(const sq_buffer *answer, const char *list, unsigned long index, const char *field)
{
    char *number = text_number(index);
    char *pointer = text_join(list, number, field);
    char *value = answer_get(answer, pointer);

    free(number);
    free(pointer);
    return value;
}

/* Frees the value. */
static int is_just(char *value, const char *wanted)
{
    int same = value != NULL && strcmp(value, wanted) == 0;

    free(value);
    return same;
}

int answer_is(const sq_buffer *answer, const char *pointer, const char *wanted)
{
    return is_just(answer_get(answer, pointer), wanted);
}

int answer_is_at(const sq_buffer *answer, const char *list, unsigned long index, const char *field, const char *wanted)
{
    return is_just(answer_get_at(answer, list, index, field), wanted);
}

void answer_show_list(const sq_buffer *answer, const char *list, const char *label)
{
    unsigned long i;
    char *code;

    for (i = 0; (code = answer_get_at(answer, list, i, "/code")) != NULL; i++) {
        char *pointer = answer_get_at(answer, list, i, "/pointer");
        char *line = text_and(code, pointer != NULL && *pointer ? " at " : "", pointer);

        line = text_and(line, ": ", answer_get_at(answer, list, i, "/message"));
        text_say(label, line);
        free(line);
    }
}

void answer_show(const char *label, const sq_buffer *answer)
{
    char *line = answer_get(answer, "/status");
    char *http = answer_get(answer, "/http/status");
    char *message = answer_get(answer, "/operator_message");

    if (line == NULL)
        line = text_copy("no result", 9);      /* only when the library had no memory for one */
    line = text_and(line, http != NULL ? ", HTTP " : "", http);
    line = text_and(line, ": ", answer_get(answer, "/order/state"));
    line = text_and(line, "; next: ", answer_is(answer, "/next", "none") ? NULL : answer_get(answer, "/next"));
    text_say(label, line);
    answer_show_list(answer, "/errors/", "");
    answer_show_list(answer, "/warnings/", "warning");
    if (message != NULL && *message)
        text_say("operator >>", message);
    free(line);
    free(message);
}
