// SPDX-License-Identifier: MIT
/* topology_conf.c - reads the lines. */
#include "core/topology_conf.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/topology_lines.h"
#include "util/array.h"
#include "util/hostlist.h"
#include "util/number.h"
#include "util/text.h"

#define SPACE    " \t\r\n\f\v"
#define KEYS_MAX 14
#define MEM_MAX  (INT64_C(1) << 40) /* MB */

struct topology_conf *topology_conf_create(struct err *e)
{
    struct topology_conf *c = calloc(1, sizeof *c);
    if (!c)
        err_nomem(e);
    return c;
}

void topology_conf_free(struct topology_conf *c)
{
    if (!c)
        return;
    free(c->switches);
    free(c->nodes);
    buf_free(&c->names);
    free(c);
}

/* --- what a line defines ---------------------------------------------------------------------- */

/* The names of a hostlist go where all names are: the first is at *at. Returns how many; -1. */
static long add_names(struct topology_conf *c, const char *key, const char *list, size_t *at,
                      struct err *e)
{
    struct strz names = {0};
    long n = hostlist_expand(list, HOSTLIST_MAX, &names, e);
    if (n < 0)
        return err_wrap(e, "%s", key);
    *at = c->names.len;
    buf_add(&c->names, names.data, names.len);
    free(names.data);
    return c->names.failed ? err_nomem(e) : n;
}

static size_t name_behind(const struct topology_conf *c, size_t name)
{
    return name + strlen(line_name(c, name)) + 1;
}

/* The values of a line, in the order of its keys; NULL: not there. */
typedef int add_line(struct topology_conf *c, const char *const values[], struct origin from,
                     struct err *e);

static const char *const plugin_keys[] = {"TopologyPlugin", NULL};

static int add_plugin(struct topology_conf *c, const char *const values[], struct origin from,
                      struct err *e)
{
    if (strcasecmp(values[0], "topology/tree") == 0)
        return 0;
    char shown[64];
    return err_set(e, ERR_INVALID, "TopologyPlugin=%s: only topology/tree is known",
                   text_brief(values[0], shown, sizeof shown));
}

enum { SWITCH_NAME, SWITCH_NODES, SWITCH_SWITCHES };
static const char *const switch_keys[] = {"SwitchName", "Nodes", "Switches", "LinkSpeed", NULL};

static int add_switches(struct topology_conf *c, const char *const values[], struct origin from,
                        struct err *e)
{
    const char *nodes = values[SWITCH_NODES], *switches = values[SWITCH_SWITCHES];
    struct switch_line line = {.of_nodes = nodes, .from = from};
    long n = add_names(c, switch_keys[SWITCH_NAME], values[SWITCH_NAME], &line.name, e);
    if (n < 0)
        return -1;
    if (!nodes == !switches)
        return err_set(e, ERR_INVALID, "switch %s has %s (use Nodes= or Switches=)",
                       values[SWITCH_NAME],
                       nodes ? "both nodes and switches" : "neither nodes nor switches");
    line.count = add_names(c, switch_keys[nodes ? SWITCH_NODES : SWITCH_SWITCHES],
                           nodes ? nodes : switches, &line.children, e);
    if (line.count < 0)
        return -1;
    struct switch_line *room =
        array_room(c->switches, &c->switches_cap, c->nswitches, (size_t)n, sizeof *room);
    if (!room)
        return err_nomem(e);
    c->switches = room;
    for (; n > 0; n--) {
        c->switches[c->nswitches++] = line;
        line.name = name_behind(c, line.name);
    }
    return 0;
}

enum { NODE_NAME, NODE_CPUS, NODE_MEMORY, NODE_SOCKETS, NODE_CORES, NODE_THREADS };

/* What stands behind the threads is what else Slurm knows of a node, and is ignored. */
static const char *const node_keys[] = {
    "NodeName",       "CPUs",     "RealMemory",   "Sockets", "CoresPerSocket",
    "ThreadsPerCore", "NodeAddr", "NodeHostname", "State",   "Weight",
    "Feature",        "Gres",     "TmpDisk",      "Port",    NULL};

/* The product of the last three, where CPUs are not given. */
static int read_cpus(const char *const values[], int64_t *cpus, struct err *e)
{
    *cpus = 0;
    if (values[NODE_CPUS])
        return number_parse(node_keys[NODE_CPUS], values[NODE_CPUS], 1, TOPOLOGY_CPUS_MAX, cpus, e);
    for (int i = NODE_SOCKETS; i <= NODE_THREADS; i++) {
        int64_t n;
        if (!values[i])
            continue;
        if (number_parse(node_keys[i], values[i], 1, TOPOLOGY_CPUS_MAX, &n, e) < 0)
            return -1;
        *cpus = *cpus ? *cpus * n : n;
        if (*cpus > TOPOLOGY_CPUS_MAX)
            return err_set(e, ERR_INVALID, "more than %d CPUs", TOPOLOGY_CPUS_MAX);
    }
    return 0;
}

static int add_nodes(struct topology_conf *c, const char *const values[], struct origin from,
                     struct err *e)
{
    struct node_line line = {.from = from};
    long n = add_names(c, node_keys[NODE_NAME], values[NODE_NAME], &line.name, e);
    if (n < 0)
        return -1;
    const char *memory = values[NODE_MEMORY];
    if (read_cpus(values, &line.cpus, e) < 0 ||
        (memory && number_parse(node_keys[NODE_MEMORY], memory, 1, MEM_MAX, &line.mem_mb, e) < 0))
        return err_wrap(e, "node %s", values[NODE_NAME]);
    struct node_line *room =
        array_room(c->nodes, &c->nodes_cap, c->nnodes, (size_t)n, sizeof *room);
    if (!room)
        return err_nomem(e);
    c->nodes = room;
    for (; n > 0; n--) {
        c->nodes[c->nnodes++] = line;
        line.name = name_behind(c, line.name);
    }
    return 0;
}

/* --- words ------------------------------------------------------------------------------------ */

static const struct line_kind {
    const char *const *keys; /* the first begins the line */
    add_line *add;
} kinds[] = {{plugin_keys, add_plugin}, {switch_keys, add_switches}, {node_keys, add_nodes}};
#define KINDS (sizeof kinds / sizeof *kinds)

static int unknown_key(const char *word, const char *const known[], struct err *e)
{
    char key[64], shown[64];
    size_t len = strcspn(word, "=");
    text_copy(key, len < sizeof key ? len + 1 : sizeof key, word);
    text_brief(key, shown, sizeof shown);
    const char *nearest = text_nearest(key, known);
    struct buf all _cleanup_buf_ = {0};
    for (const char *const *k = known; *k; k++)
        buf_printf(&all, k == known ? "%s" : ", %s", *k);
    return nearest ? err_set(e, ERR_INVALID, "unknown key %s (did you mean %s?)", shown, nearest)
                   : err_set(e, ERR_INVALID, "unknown key %s (use %s)", shown,
                             all.failed ? known[0] : all.data);
}

/* "Key=value": the key's place among the keys, and the value; -1 with *e. */
static int read_word(const char *word, const char *const keys[], const char **value, struct err *e)
{
    size_t len = strcspn(word, "=");
    char shown[64];
    for (int i = 0; keys[i]; i++) {
        if (strlen(keys[i]) != len || strncasecmp(word, keys[i], len) != 0)
            continue;
        if (!word[len] || !word[len + 1])
            return err_set(e, ERR_INVALID, "%s: a value is missing (write %s=...)",
                           text_brief(word, shown, sizeof shown), keys[i]);
        *value = word + len + 1;
        return i;
    }
    return unknown_key(word, keys, e);
}

static const struct line_kind *kind_of(const char *word, struct err *e)
{
    const char *first[KINDS + 1] = {NULL}, *value = NULL;
    for (size_t i = 0; i < KINDS; i++)
        first[i] = kinds[i].keys[0];
    int kind = read_word(word, first, &value, e);
    return kind < 0 ? NULL : &kinds[kind];
}

/* The word at *at, cut out of its line; *at is behind it then. NULL: there is none. */
static char *next_word(char **at)
{
    char *word = *at + strspn(*at, SPACE);
    char *end = word + strcspn(word, SPACE);
    *at = end + (*end != '\0');
    *end = '\0';
    return *word ? word : NULL;
}

static int read_words(struct topology_conf *c, char *line, struct origin from, struct err *e)
{
    const char *values[KEYS_MAX] = {NULL};
    const struct line_kind *kind = NULL;
    for (char *w; (w = next_word(&line));) {
        const char *value = NULL;
        if (!kind && !(kind = kind_of(w, e)))
            return -1;
        int key = read_word(w, kind->keys, &value, e);
        if (key < 0)
            return -1;
        if (values[key])
            return err_set(e, ERR_INVALID, "%s= stands twice in a line", kind->keys[key]);
        values[key] = value;
    }
    return kind ? kind->add(c, values, from, e) : 0;
}

/* --- lines ------------------------------------------------------------------------------------ */

static int read_at(struct topology_conf *c, char *line, struct origin from, struct err *e)
{
    char *comment = strchr(line, '#');
    if (comment)
        *comment = '\0';
    if (read_words(c, line, from, e) < 0)
        return err_wrap(e, "%s:%d", line_name(c, from.file), from.line);
    return 0;
}

/* Joins the lines from *text on that a backslash continues; *text is behind them then. Returns how
 * many, 0 at the end. */
static int join_lines(const char **text, struct buf *line)
{
    int lines = 0;
    for (bool more = true; more && **text; lines++) {
        size_t len = strcspn(*text, "\n"), keep = len;
        while (keep && strchr(SPACE, (*text)[keep - 1]))
            keep--;
        more = keep && (*text)[keep - 1] == '\\';
        buf_add(line, *text, more ? keep - 1 : len);
        buf_puts(line, " ");
        *text += len + ((*text)[len] == '\n');
    }
    return lines;
}

static int add_file(struct topology_conf *c, const char *file, struct origin *from, struct err *e)
{
    *from = (struct origin){.file = c->names.len, .line = 1};
    buf_add(&c->names, file, strlen(file) + 1);
    return c->names.failed ? err_nomem(e) : 0;
}

int topology_conf_read(struct topology_conf *c, const char *file, const char *text, struct err *e)
{
    struct origin from;
    if (add_file(c, file, &from, e) < 0)
        return -1;
    for (int lines = 1; lines > 0; from.line += lines) {
        struct buf line _cleanup_buf_ = {0};
        lines = join_lines(&text, &line);
        if (line.failed)
            return err_nomem(e);
        if (lines && read_at(c, line.data, from, e) < 0)
            return -1;
    }
    return 0;
}

int topology_conf_read_line(struct topology_conf *c, const char *file, int number, const char *text,
                            struct err *e)
{
    struct origin from;
    struct buf line _cleanup_buf_ = {0};
    buf_puts(&line, text);
    if (add_file(c, file, &from, e) < 0)
        return -1;
    from.line = number;
    return line.failed ? err_nomem(e) : read_at(c, line.data, from, e);
}
