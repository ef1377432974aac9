// SPDX-License-Identifier: MIT
#include "cli/environment.h"

#include <stdlib.h>
#include <string.h>

#include "util/cleanup.h"
#include "util/text.h"

extern char **environ;

/* Borrowed strings NAME=value, each name once; NULL-terminated. */
struct environment {
    char **vars;
    size_t n;
};

static void set(struct environment *env, char *var)
{
    size_t name = strcspn(var, "=") + 1;
    for (size_t i = 0; i < env->n; i++)
        if (strncmp(env->vars[i], var, name) == 0) {
            env->vars[i] = var;
            return;
        }
    env->vars[env->n++] = var;
}

/* Takes a variable over from ours, if we have it. */
static void take(struct environment *env, const char *name)
{
    size_t len = strlen(name);
    for (char **v = environ; *v; v++)
        if (strncmp(*v, name, len) == 0 && (*v)[len] == '=')
            set(env, *v);
}

static void take_all(struct environment *env)
{
    /* Ours is a set already, unless somebody made it by hand: looking for doubles is not worth the
     * time of every submission. Entries that are not NAME=value no shell would pass on. */
    for (char **v = environ; *v; v++)
        if (**v != '=' && strchr(*v, '='))
            env->vars[env->n++] = *v;
}

static void take_none(struct environment *env)
{
    static const char *const names[] = {"HOME", "USER", "LOGNAME", "SHELL"};
    static char path[] = "PATH=/usr/local/bin:/usr/bin:/bin";
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        take(env, names[i]);
    set(env, path);
}

static bool is_name(const char *s)
{
    return *s && !(*s >= '0' && *s <= '9') &&
           !s[strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")];
}

/* Borrows the items: the list is cut in place. */
static int take_list(struct environment *env, char *list, struct err *e)
{
    for (char *item; (item = strsep(&list, ","));) {
        char shown[64];
        if (strcmp(item, "ALL") == 0 || strcmp(item, "NONE") == 0)
            continue;
        if (text_assignment(item))
            set(env, item);
        else if (is_name(item))
            take(env, item);
        else
            return err_set(e, ERR_USAGE,
                           "--export %s: not a variable (use ALL, NONE, NAME or NAME=value)",
                           text_brief(item, shown, sizeof shown));
    }
    return 0;
}

static bool lists_all(const char *list)
{
    for (const char *item = list; item; item = strchr(item, ',')) {
        item += *item == ',';
        if (strncmp(item, "ALL", 3) == 0 && (!item[3] || item[3] == ','))
            return true;
    }
    return false;
}

static size_t count_commas(const char *s)
{
    size_t n = 0;
    for (; (s = strchr(s, ',')); s++)
        n++;
    return n;
}

int environment_build(const char *export, char *const assignments[], size_t nassign,
                      struct strz *out, struct err *e)
{
    _cleanup_free_ char *list = strdup(export ? export : "ALL");
    if (!list)
        return err_nomem(e);
    size_t room = 8 + nassign + count_commas(list);
    for (char **v = environ; *v; v++)
        room++;
    _cleanup_free_ char **vars = calloc(room, sizeof *vars);
    if (!vars)
        return err_nomem(e);
    struct environment env = {.vars = vars};
    if (lists_all(list))
        take_all(&env);
    else
        take_none(&env);
    if (take_list(&env, list, e) < 0)
        return -1;
    for (size_t i = 0; i < nassign; i++)
        set(&env, assignments[i]);
    return strz_from(vars, out) < 0 ? err_nomem(e) : 0;
}
