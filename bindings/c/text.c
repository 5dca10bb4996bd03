/* Texts of any length; see text.h. */
#include "text.h"

#include <stdlib.h>
#include <string.h>

void *text_memory(void *old, size_t bytes)
{
    void *memory = realloc(old, bytes);

    if (memory == NULL) {
        fputs("out of memory\n", stderr);
        exit(EXIT_FAILURE);
    }
    return memory;
}

char *text_copy(const char *text, size_t bytes)
{
    char *copy = (char *)text_memory(NULL, bytes + 1);

    memcpy(copy, text, bytes);
    copy[bytes] = '\0';
    return copy;
}

char *text_join(const char *a, const char *b, const char *c)
{
    size_t a_bytes = strlen(a), b_bytes = strlen(b), c_bytes = strlen(c);
    char *joined = (char *)text_memory(NULL, a_bytes + b_bytes + c_bytes + 1);

    memcpy(joined, a, a_bytes);
    memcpy(joined + a_bytes, b, b_bytes);
    memcpy(joined + a_bytes + b_bytes, c, c_bytes + 1);
    return joined;
}

char *text_line(FILE *file, int *ended)
{
    size_t length = 0, room = 80;
    char *line;
    int byte = getc(file);

    *ended = 0;
    if (byte == EOF)
        return NULL;
    line = (char *)text_memory(NULL, room);
    for (; byte != EOF; byte = getc(file)) {
        if (byte == '\n') {
            *ended = 1;
            break;
        }
        if (byte == '\r')
            continue;
        if (length + 1 == room)
            line = (char *)text_memory(line, room *= 2);
        line[length++] = (char)byte;
    }
    line[length] = '\0';
    return line;
}

char *text_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    size_t length = 0, room = 4096, got;
    char *text;

    if (file == NULL)
        return NULL;
    text = (char *)text_memory(NULL, room);
    while ((got = fread(text + length, 1, room - length - 1, file)) > 0) {
        length += got;
        if (length + 1 == room)
            text = (char *)text_memory(text, room *= 2);
    }
    if (ferror(file)) {
        free(text);
        text = NULL;
    } else {
        text[length] = '\0';
    }
    fclose(file);
    return text;
}

char *text_number(unsigned long number)
{
    char digits[3 * sizeof number + 1];      /* a byte is less than three digits */

    sprintf(digits, "%lu", number);
    return text_copy(digits, strlen(digits));
}

int text_is_number(const char *text)
{
    size_t digits = strspn(text, "0123456789");

    return digits > 0 && digits < 10 && text[digits] == '\0';
}

char *text_money(const char *cents)
{
    const char *sign = *cents == '-' ? "-" : "";
    const char *digits = cents + strlen(sign);
    size_t length = strlen(digits), i;
    char *money, *to;

    if (length == 0 || strspn(digits, "0123456789") != length)
        return text_copy(cents, strlen(cents));     /* not cents: shown as it is */
    to = money = (char *)text_memory(NULL, 2 * length + 6);
    if (*sign)
        *to++ = '-';
    if (length < 3)
        *to++ = '0';
    for (i = 0; i + 2 < length; i++) {
        if (i > 0 && (length - 2 - i) % 3 == 0)
            *to++ = '.';
        *to++ = digits[i];
    }
    *to++ = ',';
    *to++ = length < 2 ? '0' : digits[length - 2];
    *to++ = digits[length - 1];
    *to = '\0';
    return money;
}

char *text_price(const char *cents, const char *currency)
{
    char *number = text_money(cents);
    char *whole = text_join(number, " ", currency);

    free(number);
    return whole;
}

char *text_and(char *line, const char *label, char *value)
{
    char *longer;

    if (value == NULL)
        return line;
    longer = text_join(line, label, value);
    free(line);
    free(value);
    return longer;
}

/* Columns of a piece of UTF-8: bytes that continue a character take none of their own. */
static int columns(const char *text, size_t bytes)
{
    int count = 0;

    while (bytes-- > 0)
        count += ((unsigned char)*text++ & 0xC0) != 0x80;
    return count;
}

void text_say(const char *label, const char *text)
{
    int column = printf("  %-*s", TEXT_INDENT - 2, label);

    while (*text) {
        size_t word = strcspn(text, " \n");
        int width = columns(text, word);

        if (column > TEXT_INDENT) {
            if (column + 1 + width > TEXT_COLUMNS)
                column = printf("\n%*s", TEXT_INDENT, "") - 1;
            else
                column += printf(" ");
        }
        printf("%.*s", (int)word, text);
        column += width;
        text += word;
        text += strspn(text, " \n");
    }
    printf("\n");
}

void text_say_with(const char *label, const char *sentence, const char *text)
{
    const char *here = strstr(sentence, "%s");
    char *before, *whole;

    if (here == NULL) {
        text_say(label, sentence);
        return;
    }
    before = text_copy(sentence, (size_t)(here - sentence));
    whole = text_join(before, text, here + 2);
    text_say(label, whole);
    free(before);
    free(whole);
}
