// SPDX-License-Identifier: MIT
#include "store/migrate.h"

#include "store/backup.h"
#include "store/db.h"
#include "store/original.h"
#include "store/schema.h"

static const char HAS_OBJECTS[] = "SELECT count(*) FROM sqlite_master";

static int refuse_newer(struct store *s, int64_t version, struct err *e)
{
    return err_set(e, ERR_NEWER,
                   "%s was written by a newer mini-slurm: its schema is version %lld, this program "
                   "knows version %d",
                   s->path, (long long)version, SCHEMA_VERSION);
}

/* A file without our mark: new, or the original's. */
static int adopt(struct store *s, struct err *e)
{
    int64_t objects = 0;
    if (db_number(s, HAS_OBJECTS, &objects, e) < 0)
        return -1;
    if (objects == 0)
        return schema_create(s, e);
    if (original_check(s, e) < 0 || backup_make(s, 0, e) < 0)
        return -1;
    return original_import(s, e);
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
    if (version < SCHEMA_VERSION)
        return err_set(e, ERR_CORRUPT, "%s is damaged: there is no schema version %lld", s->path,
                       (long long)version);
    return 0;
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
