// SPDX-License-Identifier: MIT
#include "cli/retry.h"

#include <string.h>
#include <strings.h>

#include "cli/ask.h"
#include "util/number.h"
#include "util/text.h"
#include "util/times.h"

#define FACTOR_MAX 1000.0

static const char *known(const char *word, size_t len)
{
    static const char *const words[] = {"fail", "timeout", "oom", "node", NULL};
    for (size_t i = 0; words[i]; i++)
        if (strlen(words[i]) == len && strncasecmp(words[i], word, len) == 0)
            return words[i];
    return NULL;
}

int retry_add_on(struct frame *request, const char *what, const char *text, struct err *e)
{
    char shown[64];
    json_t *list = json_array();
    if (ask_set(request, "retry_on", list, e) < 0)
        return -1;
    for (const char *word = text;; word++) {
        size_t len = strcspn(word, ",");
        const char *name = known(word, len);
        if (!name)
            return err_set(e, ERR_USAGE, "%s %s: not a list of fail, timeout, oom, node", what,
                           text_brief(text, shown, sizeof shown));
        if (json_array_append_new(list, json_string(name)) < 0)
            return err_nomem(e);
        word += len;
        if (!*word)
            return 0;
    }
}

static int add_factor(struct frame *request, const char *key, const char *what, const char *text,
                      double least, struct err *e)
{
    double factor;
    if (number_parse_decimal(what, text, least, FACTOR_MAX, &factor, e) < 0)
        return -1;
    return ask_set(request, key, json_real(factor), e);
}

int retry_add_delay(struct frame *request, const char *what, const char *text, struct err *e)
{
    char delay[64], named[64];
    int64_t us;
    const char *times = strchr(text, '*');
    size_t len = times ? (size_t)(times - text) : strlen(text);
    text_copy(delay, len < sizeof delay ? len + 1 : sizeof delay, text);
    if (delay_parse_us(what, delay, &us, e) < 0 ||
        ask_set(request, "retry_delay", json_integer(us / US_PER_SEC), e) < 0)
        return -1;
    snprintf(named, sizeof named, "%s: the factor", what);
    return times ? add_factor(request, "retry_factor", named, times + 1, 1, e) : 0;
}

int retry_add_mem(struct frame *request, const char *what, const char *text, struct err *e)
{
    char shown[64];
    if (*text != 'x')
        return err_set(e, ERR_USAGE, "%s %s: not of the form x1.5", what,
                       text_brief(text, shown, sizeof shown));
    return add_factor(request, "retry_mem", what, text + 1, 1.01, e);
}
