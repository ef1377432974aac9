// SPDX-License-Identifier: MIT
/* The header's layout: https://www.sqlite.org/fileformat.html, section 1.3. */
#include "store/identity.h"

#include <string.h>

#include "store/db.h"
#include "store/schema.h"
#include "util/text.h"

#define HEADER_LEN     100
#define MAGIC          "SQLite format 3" /* with its NUL */
#define AT_WRITE_MODE  18                /* 2: WAL */
#define AT_APPLICATION 68

static uint32_t big_endian(const unsigned char *b)
{
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

/* Through SQLite's own descriptor: closing another one on the same file would drop the locks that
 * the process holds on it (that is how POSIX locks work). */
static int read_header(struct store *s, unsigned char *header, sqlite3_int64 *size, struct err *e)
{
    sqlite3_file *file = NULL;
    sqlite3_file_control(s->db, "main", SQLITE_FCNTL_FILE_POINTER, &file);
    if (!file || !file->pMethods)
        return err_set(e, ERR_SYSTEM, "%s can't be read", s->path);
    int rc = file->pMethods->xFileSize(file, size);
    if (rc == SQLITE_OK)
        rc = file->pMethods->xRead(file, header, HEADER_LEN, 0);
    if (rc != SQLITE_OK && rc != SQLITE_IOERR_SHORT_READ)
        return err_set(e, ERR_SYSTEM, "%s can't be read: %s", s->path, sqlite3_errstr(rc));
    return 0;
}

static int refuse_garbage(struct store *s, const unsigned char *header, struct err *e)
{
    char start[17], shown[80];
    memcpy(start, header, 16);
    start[16] = '\0';
    return err_set(e, ERR_CORRUPT, "%s is not a database: it begins with %s", s->path,
                   text_brief(start, shown, sizeof shown));
}

int identity_read(struct store *s, enum identity *id, bool *wal, struct err *e)
{
    unsigned char header[HEADER_LEN] = {0};
    sqlite3_int64 size = 0;
    if (read_header(s, header, &size, e) < 0)
        return -1;
    *wal = false;
    *id = IDENTITY_EMPTY;
    if (size == 0)
        return 0;
    static const unsigned char nothing[HEADER_LEN];
    bool blank = memcmp(header, nothing, HEADER_LEN) == 0;
    if (!blank && memcmp(header, MAGIC, sizeof MAGIC) != 0)
        return refuse_garbage(s, header, e);
    uint32_t application = big_endian(header + AT_APPLICATION);
    if (application && application != SCHEMA_APPLICATION_ID)
        return err_set(e, ERR_CORRUPT,
                       "%s is another program's database: its application id is 0x%08x", s->path,
                       application);
    /* Blank: perhaps the power failed while it was made, and its journal says how to undo that. */
    *id = application ? IDENTITY_OURS : IDENTITY_UNMARKED;
    *wal = header[AT_WRITE_MODE] == 2;
    return 0;
}
