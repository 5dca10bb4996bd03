/*
 * A till that can be killed: it does what it is told line by line on stdin, and keeps a book of
 * what it asked of the library and what it was told, as the shop's people would remember it.
 *
 *     crash_till CONFIG_FILE BOOK_FILE < script
 *
 * Commands; NAME is the till's own name of a sale, of which the book knows the order's URL:
 *
 *     open                         close
 *     start NAME ORDER_FILE        form NAME PRODUCT
 *     hold NAME [ORDER_FILE]       confirm NAME [ORDER_FILE]
 *     ref NAME ORDER_REF_1         abandon NAME
 *     ship NAME [ITEMS]            refund NAME [REFUND]
 *     update NAME UPDATE_FILE      cancel NAME [REASON]
 *     recover [NAME]               pending
 *     log
 *     know NAME URL                another till of the shop tells this one of a sale
 *     peek FILE                    the host opens a file, reads it and closes it, as a backup does
 *     query FILE                   the host SELECTs from a file with its own SQLite, where it has one
 *     leave                        the host changes its working directory
 *     wait                         prints "ready" on stdout and waits for a line
 *
 * ITEMS and REFUND are JSON without spaces. Files are named relative to the configuration's folder,
 * wherever the program is.
 *
 * Lines of the book. TIME is in seconds since 1970; a value that is not there is "-"; no value has a
 * space in it:
 *
 *     TIME begun
 *     TIME asked VERB NAME ARGUMENT
 *     TIME saw VERB NAME STATUS STATE NEXT UUID URL ORDER_REF_1 WAS MISSING     one order of a list
 *     TIME saw log ID STATUS STATE OPERATION UUID REQUEST_ID ORDER_REF_1 HASH
 *     TIME told VERB NAME STATUS STATE NEXT UUID URL ORDER_REF_1 ERROR UNSHIPPED SHIPPED CREATED AT_RISK WARNINGS
 *     TIME known NAME URL
 *
 * UNSHIPPED and SHIPPED are what the two carts of a changed order come to, in cents. CREATED: whether
 * opening made the journal. AT_RISK: the money of the list of pending orders, in cents. WARNINGS: their
 * codes, with commas.
 * "asked" is on the disk before the library is called, "told" after it returned; what it saw and was
 * told goes to stdout too, without TIME. A command about a sale whose URL the till was never told is
 * "skipped", not called.
 */
#include "sequra_pos.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define WORD 300
#define LINE 4096
/* A till that takes longer hangs; seconds. */
#define PATIENCE 120
/* The end of a line that the process before died in: it counts as not written. */
#define TORN " (torn)\n"

typedef struct sale {
    char name[WORD];
    char url[WORD];
    struct sale *next;
} sale;

static const char *config_file;
static int book;
static sale *sales = NULL;
static sq_client *client = NULL;

static void fail(const char *what)
{
    fprintf(stderr, "crash_till: %s\n", what);
    exit(2);
}

/* ---- the book ---- */

/* One line, in one write. Where the machine tears it all the same, it ends in TORN. */
static void note(const char *text)
{
    char line[LINE + 64];
    struct timespec now;
    int length;

    clock_gettime(CLOCK_REALTIME, &now);
    length = sprintf(line, "%ld.%09ld %s\n", (long)now.tv_sec, (long)now.tv_nsec, text);
    if (write(book, line, (size_t)length) != length)
        fail("the book cannot be written");
}

/* The same, and on the disk when it returns, with every line before it. */
static void note_for_good(const char *text)
{
    note(text);
    if (fsync(book) != 0)
        fail("the book cannot be written");
}

static sale *find(const char *name)
{
    sale *one = sales;

    while (one != NULL && strcmp(one->name, name) != 0)
        one = one->next;
    return one;
}

static void remember(const char *name, const char *url)
{
    sale *one = find(name);

    if (strcmp(url, "-") == 0)
        return;
    if (one == NULL) {
        one = (sale *)calloc(1, sizeof *one);
        if (one == NULL)
            fail("no memory");
        one->next = sales;
        sales = one;
        strcpy(one->name, name);
    }
    strcpy(one->url, url);
}

/* What an earlier process of this till was told. */
static void read_book(const char *path)
{
    char line[LINE], name[WORD], url[WORD];
    FILE *file = fopen(path, "r");
    int torn = 0;

    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        torn = strchr(line, '\n') == NULL;
        if (!torn && strstr(line, TORN) == NULL
            && (sscanf(line, "%*s told start %299s SQ_OK %*s %*s %*s %299s", name, url) == 2
                || sscanf(line, "%*s known %299s %299s", name, url) == 2))
            remember(name, url);
    }
    if (file != NULL)
        fclose(file);
    book = open(path, O_WRONLY | O_APPEND | O_CREAT, 0600);
    if (book < 0 || (torn && write(book, TORN, strlen(TORN)) < 0))
        fail("the book cannot be opened");
    note_for_good("begun");
}

static void forget_all(void)
{
    sale *one;

    while ((one = sales) != NULL) {
        sales = one->next;
        free(one);
    }
}

/* ---- what the library said ---- */

/* One value of an answer; "-" where there is none. */
static const char *value(const sq_buffer *answer, const char *pointer, char *dst)
{
    uint32_t room = WORD;

    if (sq_buffer_get(answer, pointer, dst, &room) != SQ_OK || dst[0] == '\0'
        || strcmp(dst, "null") == 0)
        strcpy(dst, "-");
    return dst;
}

static const char *field(const sq_buffer *answer, const char *list, int at, const char *name,
                         char *dst)
{
    char pointer[WORD];

    sprintf(pointer, "/data/%s/%d/%s", list, at, name);
    return value(answer, pointer, dst);
}

/* Each order of recover and pending; each entry of the log. */
static void note_list(const char *verb, const sq_buffer *answer)
{
    static const char *const of_order[] = {"status", "state", "next", "uuid", "url",
                                           "order_ref_1", "was", "missing"};
    static const char *const of_entry[] = {"status", "order/state", "operation", "order/uuid",
                                           "http/request_id", "order/order_ref_1", "hash"};
    int is_log = strcmp(verb, "log") == 0;
    const char *list = is_log ? "entries" : "orders";
    const char *const *names = is_log ? of_entry : of_order;
    char line[LINE], word[WORD];
    sale *one;
    int at, i, length;

    for (at = 0; strcmp(field(answer, list, at, names[1], word), "-") != 0; at++) {
        if (is_log) {
            field(answer, list, at, "id", word);
        } else {
            field(answer, list, at, "url", word);
            for (one = sales; one != NULL && strcmp(one->url, word) != 0; one = one->next)
                ;
            strcpy(word, one == NULL ? "-" : one->name);
        }
        length = sprintf(line, "saw %s %s", verb, word);
        for (i = 0; i < (is_log ? 7 : 8); i++)
            length += sprintf(line + length, " %s", field(answer, list, at, names[i], word));
        note(line);
        puts(line);
    }
}

/* The codes of all warnings. */
static int warnings(const sq_buffer *answer, char *dst)
{
    char pointer[WORD], word[WORD];
    int at, length = 0;

    for (at = 0; at < 9; at++) {
        sprintf(pointer, "/warnings/%d/code", at);
        if (strcmp(value(answer, pointer, word), "-") == 0)
            break;
        length += sprintf(dst + length, "%s%s", at == 0 ? " " : ",", word);
    }
    return at == 0 ? sprintf(dst, " -") : length;
}

static void told(const char *verb, const char *name, sq_status status, sq_buffer *answer)
{
    static const char *const pointers[] = {"/order/state", "/next", "/order/uuid", "/order/url",
                                           "/order/order_ref_1", "/errors/0/code",
                                           "/data/amounts/unshipped", "/data/amounts/shipped",
                                           "/data/journal/created", "/data/at_risk/EUR/shop_es"};
    char line[LINE], word[WORD];
    int i, length;

    note_list(verb, answer);
    length = sprintf(line, "told %s %s %s", verb, name, sq_status_name(status));
    for (i = 0; i < 10; i++)
        length += sprintf(line + length, " %s", value(answer, pointers[i], word));
    warnings(answer, line + length);
    note_for_good(line);
    if (strcmp(verb, "start") == 0 && status == SQ_OK)
        remember(name, value(answer, "/order/url", word));
    sq_buffer_free(answer);
    puts(line);
    fflush(stdout);
}

/* ---- what the till does ---- */

/* A file of the configuration's folder; where that is given by its name alone, of the working directory. */
static const char *in_folder(const char *name)
{
    static char path[LINE];
    const char *end = strrchr(config_file, '/');
    int length = end == NULL ? 0 : (int)(end + 1 - config_file);

    if (strlen(config_file) + strlen(name) >= sizeof path)
        fail("the configuration's name is too long");
    sprintf(path, "%.*s%s", length, config_file, name);
    return path;
}

/* The whole file; freed by the caller. */
static char *read_file(const char *name)
{
    FILE *file = fopen(in_folder(name), "rb");
    char *text;
    long length;

    if (file == NULL || fseek(file, 0, SEEK_END) != 0 || (length = ftell(file)) < 0)
        fail("an order file cannot be read");
    rewind(file);
    text = (char *)malloc((size_t)length + 1);
    if (text == NULL || fread(text, 1, (size_t)length, file) != (size_t)length)
        fail("an order file cannot be read");
    text[length] = '\0';
    fclose(file);
    return text;
}

static int is(const char *verb, const char *other)
{
    return strcmp(verb, other) == 0;
}

/* A sale that another till began: this one can change it, too. */
static void know(const char *name, const char *url)
{
    char line[LINE];

    sprintf(line, "known %s %s", name, url);
    note_for_good(line);
    remember(name, url);
    puts(line);
    fflush(stdout);
}

/* ---- what the host does beside it ---- */

/* Closes what it has opened: so go all locks that this process has on the file. */
static void peek(const char *name)
{
    char piece[LINE];
    FILE *file = fopen(in_folder(name), "rb");

    while (file != NULL && fread(piece, 1, sizeof piece, file) > 0)
        ;
    if (file != NULL)
        fclose(file);
}

/* The same with a SQLite of its own, if there is one on this machine. */
static void query(const char *name)
{
    void *library = dlopen("libsqlite3.so.0", RTLD_NOW | RTLD_LOCAL);
    int (*open_it)(const char *, void **);
    int (*ask)(void *, const char *, void *, void *, char **);
    int (*close_it)(void *);
    void *database = NULL;

    if (library == NULL)
        return;
    /* So POSIX has it: ISO C knows no way from an object to a function. */
    *(void **)&open_it = dlsym(library, "sqlite3_open");
    *(void **)&ask = dlsym(library, "sqlite3_exec");
    *(void **)&close_it = dlsym(library, "sqlite3_close");
    if (open_it == NULL || ask == NULL || close_it == NULL)
        fail("the host's SQLite is none");
    if (access(in_folder(name), F_OK) == 0 && open_it(in_folder(name), &database) == 0)
        ask(database, "SELECT count(*) FROM orders", NULL, NULL, NULL);
    close_it(database);
}

/* Whether it was something that is none of the library's business. */
static int does_itself(const char *verb, const char *name, const char *argument)
{
    if (is(verb, "know"))
        know(name, argument);
    else if (is(verb, "peek"))
        peek(name);
    else if (is(verb, "query"))
        query(name);
    else if (!is(verb, "leave"))
        return 0;
    else if (chdir("/") != 0)
        fail("there is no root");
    return 1;
}

static void obey(const char *verb, const char *name, const char *argument)
{
    int takes_file = is(verb, "start") || is(verb, "hold") || is(verb, "confirm")
                     || is(verb, "update");
    const char *given = argument[0] == '-' ? NULL : argument;
    sale *one = find(name);
    const char *url = one == NULL ? NULL : one->url;
    char *order = NULL;
    sq_buffer *answer = NULL;
    sq_status status;
    char line[LINE];

    if (is(verb, "resolve"))
        url = name;                     /* whatever till began it */
    if (url == NULL && name[0] != '-' && !is(verb, "start")) {
        sprintf(line, "skipped %s %s %s", verb, name, argument);
        note_for_good(line);
        puts(line);
        fflush(stdout);
        return;
    }
    if (takes_file && given != NULL)
        order = read_file(given);
    sprintf(line, "asked %s %s %s", verb, name, argument);
    note_for_good(line);
    if (is(verb, "open"))
        status = sq_client_open_file(config_file, &client, &answer);
    else if (is(verb, "close"))
        status = sq_client_close(client);
    else if (is(verb, "start"))
        status = sq_start_solicitation(client, order, &answer);
    else if (is(verb, "form"))
        status = sq_send_form(client, url, argument, NULL, &answer);
    else if (is(verb, "hold"))
        status = sq_hold(client, url, order, &answer);
    else if (is(verb, "confirm"))
        status = sq_confirm(client, url, order, &answer);
    else if (is(verb, "ref"))
        status = sq_set_order_ref(client, url, argument, NULL, &answer);
    else if (is(verb, "ship"))
        status = sq_ship(client, url, given, &answer);
    else if (is(verb, "refund"))
        status = sq_refund(client, url, given, &answer);
    else if (is(verb, "cancel"))
        status = sq_cancel(client, url, given, &answer);
    else if (is(verb, "update"))
        status = sq_update_order(client, url, order, &answer);
    else if (is(verb, "abandon"))
        status = sq_abandon(client, url, &answer);
    else if (is(verb, "resolve"))
        status = sq_resolve(client, url, argument, "somebody looked in the portal", &answer);
    else if (is(verb, "recover"))
        status = sq_recover(client, url, &answer);
    else if (is(verb, "pending"))
        status = sq_pending(client, &answer);
    else if (is(verb, "log"))
        status = sq_log(client, "{\"limit\":1000}", &answer);
    else
        fail("a command that is none");
    free(order);
    told(verb, name, status, answer);
    if (is(verb, "close"))
        client = NULL;
}

int main(int argc, char **argv)
{
    char line[LINE], verb[WORD], name[WORD], argument[WORD];

    if (argc != 3)
        fail("usage: crash_till CONFIG_FILE BOOK_FILE < script");
    alarm(PATIENCE);
    config_file = argv[1];
    read_book(argv[2]);
    while (fgets(line, sizeof line, stdin) != NULL) {
        strcpy(name, "-");
        strcpy(argument, "-");
        if (sscanf(line, "%299s %299s %299s", verb, name, argument) < 1)
            continue;
        if (is(verb, "wait")) {
            puts("ready");
            fflush(stdout);
            if (fgets(line, sizeof line, stdin) == NULL)
                break;
            continue;
        }
        if (!does_itself(verb, name, argument))
            obey(verb, name, argument);
    }
    sq_client_close(client);
    forget_all();
    close(book);
    if (sq_live_handles() != 0)
        fail("a handle is left");
    return 0;
}
