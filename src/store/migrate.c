// SPDX-License-Identifier: MIT
#include "store/migrate.h"

#include <stdio.h>

#include "store/backup.h"
#include "store/db.h"
#include "store/original.h"
#include "store/predictions.h"
#include "store/schema.h"

static const char HAS_OBJECTS[] = "SELECT count(*) FROM sqlite_master";
#define LOG_UPGRADE                                                                                \
    "INSERT INTO events (time, type, detail)"                                                      \
    " SELECT (julianday('now') - 2440587.5) * 86400, 'UPGRADE',"                                   \
    " json_object('from', %lld, 'to', %d, 'jobs', coalesce(sum(jobs), 0)) FROM counts"

/* Elastic jobs came with a database of the Python mini-slurm. One that has not run yet gets its
 * files beside its output. */
static const char COMPLETE_ELASTIC[] =
    "UPDATE jobs SET control_file = substr(stdout_path, 1, length(stdout_path) - 3) || 'control',"
    " ack_file = substr(stdout_path, 1, length(stdout_path) - 3) || 'ack'"
    " WHERE status = 'PENDING' AND is_elastic";

static int refuse_newer(struct store *s, int64_t version, struct err *e)
{
    return err_set(e, ERR_NEWER,
                   "%s was written by a newer mini-slurm: its schema is version %lld, this program "
                   "knows version %d",
                   s->path, (long long)version, SCHEMA_VERSION);
}

/* The tables are this version's now. */
static int finish(struct store *s, int64_t from, struct err *e)
{
    char log[sizeof LOG_UPGRADE + 64];
    snprintf(log, sizeof log, LOG_UPGRADE, (long long)from, SCHEMA_VERSION);
    if (from < SCHEMA_WITH_PREDICTIONS && prediction_learn_history(s, e) < 0)
        return -1;
    if (from < SCHEMA_WITH_ELASTIC && db_exec(s, COMPLETE_ELASTIC, e) < 0)
        return -1;
    return db_exec(s, log, e);
}

static int extend(struct store *s, int64_t from, struct err *e)
{
    if (backup_make(s, from, e) < 0 || schema_create(s, from, e) < 0)
        return -1;
    return finish(s, from, e);
}

/* A file without our mark: new, or the original's. */
static int adopt(struct store *s, struct err *e)
{
    int64_t objects = 0;
    if (db_number(s, HAS_OBJECTS, &objects, e) < 0)
        return -1;
    if (objects == 0)
        return schema_create(s, 0, e);
    if (original_check(s, e) < 0 || backup_make(s, 0, e) < 0 || original_import(s, e) < 0)
        return -1;
    return finish(s, 0, e);
}

static int upgrade(struct store *s, struct err *e)
{
    int64_t application = 0, version = 0;
    if (db_number(s, "PRAGMA application_id", &application, e) < 0 ||
        db_number(s, "PRAGMA user_version", &version, e) < 0)
        return -1;
    if (application != SCHEMA_APPLICATION_ID)
        return adopt(s, e);
    if (version > SCHEMA_VERSION)
        return refuse_newer(s, version, e);
    if (version < 1)
        return err_set(e, ERR_CORRUPT, "%s is damaged: there is no schema version %lld", s->path,
                       (long long)version);
    return version < SCHEMA_VERSION ? extend(s, version, e) : 0;
}

int migrate(struct store *s, struct err *e)
{
    if (store_begin(s, e) < 0)
        return -1;
    if (upgrade(s, e) < 0) {
        store_rollback(s);
        return -1;
    }
    return store_commit(s, e);
}
