// SPDX-License-Identifier: MIT
#include "cli/states.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "util/cleanup.h"
#include "util/text.h"

/* Name, then code, in turn. */
static const char *const words[] = {
    "PENDING",   "PD", "RUNNING",   "R",  "SUSPENDED", "S",  "COMPLETED",     "CD",
    "FAILED",    "F",  "CANCELLED", "CA", "TIMEOUT",   "TO", "OUT_OF_MEMORY", "OOM",
    "NODE_FAIL", "NF", "DEADLINE",  "DL", NULL,
};

static const char *find(const char *word)
{
    for (size_t i = 0; words[i]; i++)
        if (strcasecmp(words[i], word) == 0)
            return words[i - i % 2];
    return NULL;
}

static int refuse(const char *what, const char *word, struct err *e)
{
    char shown[64];
    const char *near = text_nearest(word, words);
    text_brief(word, shown, sizeof shown);
    if (near)
        return err_set(e, ERR_USAGE, "%s %s: not a state (did you mean %s?)", what, shown, near);
    return err_set(e, ERR_USAGE, "%s %s: not a state (e.g. PENDING, RUNNING, FAILED)", what, shown);
}

json_t *states_parse(const char *what, const char *list, struct err *e)
{
    _cleanup_free_ char *copy = strdup(list);
    json_t *states = json_array();
    if (!copy || !states) {
        json_decref(states);
        err_nomem(e);
        return NULL;
    }
    char *rest = copy;
    for (const char *word; (word = strsep(&rest, ","));) {
        const char *name = find(word);
        if (name ? json_array_append_new(states, json_string(name)) < 0 : 1) {
            if (name)
                err_nomem(e);
            else
                refuse(what, word, e);
            json_decref(states);
            return NULL;
        }
    }
    return states;
}

bool states_runs(const json_t *object, const char *key)
{
    const char *state = json_string_value(json_object_get(object, key));
    return state && (strcmp(state, "RUNNING") == 0 || strcmp(state, "SUSPENDED") == 0);
}
