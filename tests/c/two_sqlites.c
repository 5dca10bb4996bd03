/*
 * A program that has a SQLite of its own, and a journal in the library's: each is asked for what only
 * it does. The library's has no JSON, and says of its version what sq_build_info says.
 *
 * Arguments: the simulator's URL, a folder for journals and databases.
 */

#include "check.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

static char config[ROOM];
static char order[ROOM];

/* What the program's own database says to a query: its first value. */
static int asks(sqlite3 *own, const char *query, char *dst, size_t room)
{
    sqlite3_stmt *statement = NULL;
    int done = 0;

    dst[0] = '\0';
    if (sqlite3_prepare_v2(own, query, -1, &statement, NULL) == SQLITE_OK
        && sqlite3_step(statement) == SQLITE_ROW) {
        strncat(dst, (const char *)sqlite3_column_text(statement, 0), room - 1);
        done = 1;
    }
    sqlite3_finalize(statement);
    return done;
}

int main(int argc, char **argv)
{
    char path[512];
    char said[512];
    char version[64];
    sqlite3 *own = NULL;
    sq_client *client = NULL;

    if (argc != 3)
        return 2;
    /* Compiled against the header of the one that it is to run with. */
    CHECK_CASE(strcmp(sqlite3_libversion(), SQLITE_VERSION) == 0, sqlite3_libversion());
    sprintf(version, "\"sqlite\":\"%.20s\"", sqlite3_libversion());
    CHECK_CASE(strstr(sq_build_info(), version) == NULL, "the two are alike: nothing is shown");

    sprintf(path, "%s/own.db", argv[2]);
    CHECK(sqlite3_open(path, &own) == SQLITE_OK);
    CHECK(sqlite3_exec(own, "CREATE TABLE ticket (text TEXT)", NULL, NULL, NULL) == SQLITE_OK);

    /* Both at work, in turns. */
    write_config(config, argv[1], argv[2], "two.journal", "");
    ANSWER(SQ_OK, sq_client_open, (config, &client, &answer));
    CHECK(sqlite3_exec(own, "INSERT INTO ticket VALUES ('{\"total\":5097}')", NULL, NULL, NULL) == SQLITE_OK);
    write_order(order, "R-1", "CAM-01");
    ANSWER(SQ_OK, sq_start_solicitation, (client, order, &answer));
    VALUE_IS("/order/state", "solicited");
    CHECK(asks(own, "SELECT json_extract(text, '$.total') FROM ticket", said, sizeof said));
    CHECK_CASE(strcmp(said, "5097") == 0, said);
    ANSWER(SQ_OK, sq_pending, (client, &answer));

    /* The library's journal is a database like any other, for whoever reads it. */
    sprintf(path, "ATTACH '%s/two.journal' AS journal", argv[2]);
    CHECK(sqlite3_exec(own, path, NULL, NULL, NULL) == SQLITE_OK);
    CHECK(asks(own, "SELECT count(*) FROM journal.sqlite_master WHERE type = 'table'", said, sizeof said));
    CHECK(sqlite3_exec(own, "DETACH journal", NULL, NULL, NULL) == SQLITE_OK);

    CALL(SQ_OK, sq_client_close, (client));
    CHECK(sqlite3_close(own) == SQLITE_OK);
    return finish();
}
