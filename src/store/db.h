/* SPDX-License-Identifier: MIT */
/* db.h - the connection behind a struct store, and SQLite's errors in our terms. Private to store/.
 */
#pragma once

#include <sqlite3.h>
#include <stdbool.h>

#include "store/stmt.h"
#include "store/store.h"
#include "util/err.h"

/* When what stands in the write-ahead log is brought into the database. */
#define DB_CHECKPOINT_PAGES 1000

/* The environment that was interned last in this transaction; see environments.c. */
struct last_environment {
    char *data; /* NULL: there is none */
    size_t len;
    unsigned char key[16];
};

struct store {
    sqlite3 *db;
    char *path;
    bool relaxed;  /* commits do not wait for the disk */
    bool unsynced; /* the last one did not */
    bool begun;    /* between store_begin() and its end, even if SQLite itself rolled back since */
    struct last_environment env;
    sqlite3_stmt *stmts[STMT_COUNT]; /* prepared at first use, kept until the close */
};

/* Describes what just failed on the connection: *e gets the path, what it means, and SQLite's
 * words. Returns -1. */
int db_error(struct store *s, struct err *e);
/* The same for any connection to the file at path. */
int db_describe(sqlite3 *db, const char *path, struct err *e);
/* Runs SQL that needs no parameters and returns no rows. */
int db_exec(struct store *s, const char *sql, struct err *e);
/* The one whole number that the SQL returns. */
int db_number(struct store *s, const char *sql, int64_t *out, struct err *e);
/* A change outside of a transaction would be half done if the next one fails: refuse it. */
int db_in_transaction(struct store *s, struct err *e);
