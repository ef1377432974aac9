// SPDX-License-Identifier: MIT
#include "cli/metric.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/output.h"
#include "util/cleanup.h"
#include "util/text.h"

/* The word that the expression begins with, if it is meant literally. */
static void name_it(struct metric *m, const char *regex)
{
    size_t len = strspn(regex, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
    if (len && strchr("*+?{|", regex[len]) && regex[len])
        len = 0;
    if (len && len < sizeof m->name)
        snprintf(m->name, sizeof m->name, "%.*s", (int)len, regex);
    else
        snprintf(m->name, sizeof m->name, "metric");
}

int metric_open(struct metric *m, const char *regex, struct err *e)
{
    char shown[64], why[128];
    int rc = regcomp(&m->regex, regex, REG_EXTENDED);
    if (rc) {
        regerror(rc, &m->regex, why, sizeof why);
        return err_set(e, ERR_USAGE, "--metric %s: not an extended regular expression: %s",
                       text_brief(regex, shown, sizeof shown), why);
    }
    name_it(m, regex);
    return 0;
}

void metric_close(struct metric *m)
{
    regfree(&m->regex);
}

/* *found becomes the last match of the line, if there is any. */
static void search_line(const struct metric *m, const char *line, char **found)
{
    regmatch_t match[2];
    size_t group = m->regex.re_nsub > 0;
    for (int flags = 0; regexec(&m->regex, line, 2, match, flags) == 0; flags = REG_NOTBOL) {
        if (match[group].rm_so >= 0) {
            size_t len = (size_t)(match[group].rm_eo - match[group].rm_so);
            free(*found);
            *found = strndup(line + match[group].rm_so, len);
        }
        line += match[0].rm_eo;
        if (match[0].rm_eo == match[0].rm_so && !*line++)
            break;
    }
}

char *metric_find(const struct metric *m, const char *path)
{
    struct output o = {.fd = -1};
    char *found = NULL;
    _cleanup_free_ char *line = NULL;
    size_t cap = 0;
    if (output_open(&o, path, NULL) < 0)
        return NULL;
    FILE *file = fdopen(o.fd, "r");
    if (!file) {
        output_close(&o);
        return NULL;
    }
    for (ssize_t n; (n = getline(&line, &cap, file)) > 0;) {
        line[n - (line[n - 1] == '\n')] = '\0';
        search_line(m, line, &found);
    }
    fclose(file);
    return found;
}
