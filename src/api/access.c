// SPDX-License-Identifier: MIT
#include "api/access.h"

#include <inttypes.h>
#include <pwd.h>
#include <stdio.h>
#include <unistd.h>

#include "util/text.h"

/* The last answer is kept: looking a user up reads files or asks a directory service, and a
 * scheduler mostly has one user. */
const char *access_user_name(uint32_t uid)
{
    static char name[256];
    static uint32_t name_uid;
    if (name[0] && name_uid == uid)
        return name;
    const struct passwd *pw = getpwuid(uid);
    if (pw && pw->pw_name[0])
        text_copy(name, sizeof name, pw->pw_name);
    else
        snprintf(name, sizeof name, "%" PRIu32, uid);
    name_uid = uid;
    return name;
}

int access_check_all(const struct api_caller *who, const char *act, struct err *e)
{
    if (who->uid == 0 || who->uid == geteuid())
        return 0;
    return err_set(e, ERR_DENIED, "only %s or root can %s", access_user_name(geteuid()), act);
}

int access_check(const struct api_caller *who, const struct job_record *r, const char *act,
                 struct err *e)
{
    if (who->uid == 0 || who->uid == r->job.uid)
        return 0;
    const char *owner = r->user ? r->user : access_user_name(r->job.uid);
    char job[JOB_LABEL];
    return err_set(e, ERR_DENIED, "job %s belongs to %s: only %s or root can %s it",
                   job_label(&r->job, job), owner, owner, act);
}
