// SPDX-License-Identifier: MIT
#include "util/notify.h"

#include <string.h>
#include <strings.h>

#include "util/text.h"

static const struct {
    enum notify_on event;
    const char *name;
} events[] = {{NOTIFY_START, "start"}, {NOTIFY_END, "end"}, {NOTIFY_FAIL, "fail"}};
enum { EVENTS = sizeof events / sizeof *events };

const char *notify_name(enum notify_on event)
{
    size_t i = 0;
    while (events[i].event != event)
        i++;
    return events[i].name;
}

/* 0 if it is none. */
static int find(const char *word, size_t len)
{
    for (size_t i = 0; i < EVENTS; i++)
        if (strlen(events[i].name) == len && strncasecmp(events[i].name, word, len) == 0)
            return (int)events[i].event;
    return 0;
}

int notify_parse(const char *what, const char *list, int *on, struct err *e)
{
    char shown[64];
    int all = 0;
    for (const char *word = list;; word++) {
        size_t len = strcspn(word, ",");
        int event = find(word, len);
        if (!event)
            return err_set(e, ERR_INVALID, "%s %s: not a list of start, end and fail", what,
                           text_brief(list, shown, sizeof shown));
        all |= event;
        word += len;
        if (!*word)
            break;
    }
    *on = all;
    return 0;
}

void notify_format(struct buf *out, int on)
{
    const char *before = "";
    for (size_t i = 0; i < EVENTS; i++)
        if (on & (int)events[i].event) {
            buf_printf(out, "%s%s", before, events[i].name);
            before = ",";
        }
}
