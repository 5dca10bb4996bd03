/*
 * What a till's author would write without the library, and nothing besides: it parses the order, sets its state,
 * prints it and PUTs it over a kept connection; with a book, it commits what it is about to send before, and what came
 * of it after; and where the order is not to stay in the book, it empties that and its log, which makes three waits
 * for the disk of two. It checks nothing, logs nothing, and recovers nothing. Every ratio that is measured is against this:
 * whoever changes it makes every figure of before another.
 */
#include "bare.h"

#include <cjson/cJSON.h>
#include <curl/curl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char *const BOOK =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
    "CREATE TABLE IF NOT EXISTS intents (id INTEGER PRIMARY KEY, url TEXT, body TEXT, at INTEGER);"
    "CREATE TABLE IF NOT EXISTS outcomes (intent INTEGER PRIMARY KEY, status INTEGER, at INTEGER);";

struct bare {
    CURL *line;
    struct curl_slist *headers;
    sqlite3 *book;
    sqlite3_stmt *intent, *outcome;
    int forgets;
};

/* The order is overwritten in the commit that says what came of it, which waits for the disk with the checkpoint. */
static const char *const BEGIN_TO_FORGET = "PRAGMA secure_delete = ON; PRAGMA synchronous = NORMAL; BEGIN";
static const char *const FORGET =
    "UPDATE intents SET body = NULL WHERE id = (SELECT max(id) FROM intents); COMMIT;"
    "PRAGMA wal_checkpoint(TRUNCATE); PRAGMA synchronous = FULL";

static size_t ignore(char *bytes, size_t size, size_t count, void *unused)
{
    (void)bytes;
    (void)unused;
    return size * count;
}

static int open_line(bare *till)
{
    till->line = curl_easy_init();
    till->headers = curl_slist_append(till->headers, "Content-Type: application/json");
    till->headers = curl_slist_append(till->headers, "Accept: application/json");
    till->headers = curl_slist_append(till->headers, "Sequra-Merchant-Id: shop_es");
    if (till->line == NULL)
        return 0;
    curl_easy_setopt(till->line, CURLOPT_CUSTOMREQUEST, "PUT");
    curl_easy_setopt(till->line, CURLOPT_HTTPHEADER, till->headers);
    curl_easy_setopt(till->line, CURLOPT_USERPWD, "sandbox_key:sandbox_secret");
    curl_easy_setopt(till->line, CURLOPT_WRITEFUNCTION, ignore);
    curl_easy_setopt(till->line, CURLOPT_TIMEOUT_MS, 30000L);
    return 1;
}

static int open_book(bare *till, const char *book)
{
    return sqlite3_open(book, &till->book) == SQLITE_OK
        && sqlite3_exec(till->book, BOOK, NULL, NULL, NULL) == SQLITE_OK
        && sqlite3_prepare_v2(till->book, "INSERT INTO intents (url, body, at) VALUES (?1, ?2, ?3)", -1,
                              &till->intent, NULL) == SQLITE_OK
        && sqlite3_prepare_v2(till->book, "INSERT INTO outcomes (intent, status, at) VALUES (?1, ?2, ?3)", -1,
                              &till->outcome, NULL) == SQLITE_OK;
}

bare *bare_new(const char *book)
{
    bare *till = (bare *)calloc(1, sizeof *till);

    if (till != NULL && open_line(till) && (book == NULL || open_book(till, book)))
        return till;
    bare_free(till);
    return NULL;
}

bare *bare_open(const char *book)
{
    bare *till = (bare *)calloc(1, sizeof *till);

    if (till != NULL && sqlite3_open(book, &till->book) == SQLITE_OK
        && sqlite3_prepare_v2(till->book, "SELECT count(*) FROM sqlite_schema", -1, &till->outcome,
                              NULL) == SQLITE_OK
        && sqlite3_step(till->outcome) == SQLITE_ROW)
        return till;
    bare_free(till);
    return NULL;
}

void bare_free(bare *till)
{
    if (till == NULL)
        return;
    sqlite3_finalize(till->intent);
    sqlite3_finalize(till->outcome);
    sqlite3_close(till->book);
    curl_slist_free_all(till->headers);
    curl_easy_cleanup(till->line);
    free(till);
}

/* One commit: the statement is a transaction of its own. */
static int commit(sqlite3_stmt *statement)
{
    int done = sqlite3_step(statement) == SQLITE_DONE;

    return sqlite3_reset(statement) == SQLITE_OK && done;
}

static int intend(bare *till, const char *url, const char *body)
{
    sqlite3_bind_text(till->intent, 1, url, -1, SQLITE_STATIC);
    sqlite3_bind_text(till->intent, 2, body, -1, SQLITE_STATIC);
    sqlite3_bind_int64(till->intent, 3, time(NULL));
    return commit(till->intent);
}

static int conclude(bare *till, long status)
{
    sqlite3_bind_int64(till->outcome, 1, sqlite3_last_insert_rowid(till->book));
    sqlite3_bind_int64(till->outcome, 2, status);
    sqlite3_bind_int64(till->outcome, 3, time(NULL));
    if (!till->forgets)
        return commit(till->outcome);
    return sqlite3_exec(till->book, BEGIN_TO_FORGET, NULL, NULL, NULL) == SQLITE_OK && commit(till->outcome)
        && sqlite3_exec(till->book, FORGET, NULL, NULL, NULL) == SQLITE_OK;
}

static int send_it(bare *till, const char *url, const char *body)
{
    long status = 0;

    curl_easy_setopt(till->line, CURLOPT_URL, url);
    curl_easy_setopt(till->line, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(till->line, CURLOPT_POSTFIELDSIZE, (long)strlen(body));
    if (curl_easy_perform(till->line) != CURLE_OK)
        return 0;
    curl_easy_getinfo(till->line, CURLINFO_RESPONSE_CODE, &status);
    return (till->book == NULL || conclude(till, status)) && status == 200;
}

int bare_put(bare *till, const char *url, const char *order_json)
{
    cJSON *document = cJSON_Parse(order_json);
    cJSON *order = cJSON_GetObjectItemCaseSensitive(document, "order");
    char *body = NULL;
    int done = 0;

    cJSON_DeleteItemFromObjectCaseSensitive(order, "state");
    if (cJSON_AddStringToObject(order, "state", "confirmed") != NULL)
        body = cJSON_PrintUnformatted(document);
    if (body != NULL && (till->book == NULL || intend(till, url, body)))
        done = send_it(till, url, body);
    cJSON_free(body);
    cJSON_Delete(document);
    return done;
}

int bare_settle(bare *till, const char *url, const char *order_json)
{
    till->forgets = 1;
    return bare_put(till, url, order_json);
}
