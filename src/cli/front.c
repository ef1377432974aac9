// SPDX-License-Identifier: MIT
#include "cli/front.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/tty.h"
#include "os/clock.h"
#include "util/cleanup.h"

#define ROOM ((size_t)64 * 1024) /* what we hold of its output before we read more */
/* A reader that is ready takes so much at once, pipes and terminals at least: PIPE_BUF. */
#define WRITE_MAX 4096
#define BEHIND_US INT64_C(1000000)

enum { FD_SHEPHERD, FD_IN, FD_OUT, FD_ERR, FDS };

/* A stream of ours, and what is still to be written to it. */
struct stream {
    int fd; /* -1: nobody reads it any more */
    enum console_word word;
    size_t at_once;
    struct buf bytes;
};

struct sitting {
    const struct front *front;
    struct tty tty;
    struct buf in, out;       /* from and to the shepherd */
    struct stream streams[2]; /* standard output and error */
    bool input;               /* there may be more */
    bool terminal;            /* it is one, and we may not always be in front of it */
    size_t on_its_way;        /* input that the job has not taken */
    int last;                 /* once its shepherd has said all: FRONT_EXIT, FRONT_CUT; else -1 */
    int end;                  /* an enum front_end; -1: go on */
    struct attempt_status *how;
};

static const int signals_wanted[] = {SIGINT,  SIGTERM, SIGHUP,   SIGQUIT, SIGUSR1,
                                     SIGUSR2, SIGCONT, SIGWINCH, 0};

static uint64_t bit(int signal)
{
    return UINT64_C(1) << signal;
}

/* nohup, and shells for what they start in the background, want some to be ignored. */
static bool is_ignored(int signal)
{
    struct sigaction action;
    return sigaction(signal, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

int front_open(struct waiter *w, struct err *e)
{
    sigset_t stops;
    int signals[sizeof signals_wanted / sizeof *signals_wanted] = {0}, n = 0;
    for (const int *s = signals_wanted; *s; s++)
        if (!is_ignored(*s))
            signals[n++] = *s;
    if (waiter_open(w, signals, e) != 0)
        return -1;
    sigemptyset(&stops);
    sigaddset(&stops, SIGTSTP);
    sigaddset(&stops, SIGTTIN);
    sigaddset(&stops, SIGTTOU);
    sigprocmask(SIG_UNBLOCK, &stops, NULL);
    return 0;
}

bool front_is_end(uint64_t signals)
{
    return signals & (bit(SIGINT) | bit(SIGTERM) | bit(SIGHUP) | bit(SIGQUIT));
}

int front_signal(uint64_t signals)
{
    const int *s = signals_wanted;
    while (*s && !(signals & bit(*s)))
        s++;
    return *s;
}

int front_exit_status(const struct attempt_status *how)
{
    int status = how->signal ? 128 + how->signal : how->exit_code;
    return status || how->outcome == OUTCOME_EXITED ? status : 1;
}

/* --- to the job ------------------------------------------------------------------------------- */

static void flush(struct sitting *s)
{
    while (s->out.len) {
        ssize_t n = send(s->front->fd, s->out.data, s->out.len, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n < 0 && (errno == EAGAIN || errno == EINTR))
            return;
        if (n < 0)
            s->out.len = 0; /* gone: what it said last is still to be read */
        else
            buf_drop(&s->out, (size_t)n);
    }
}

static void pass_on(struct sitting *s, const char *bytes, size_t len)
{
    const char *leave = NULL;
    if (s->front->attached && s->tty.raw)
        leave = memchr(bytes, FRONT_LEAVE, len);
    if (leave) {
        s->end = FRONT_LEFT;
        len = (size_t)(leave - bytes);
    }
    if (len)
        console_put(&s->out, CONSOLE_IN, bytes, len);
    s->on_its_way += len;
}

/* Who has attached himself leaves the input of the job open. */
static void end_input(struct sitting *s)
{
    s->input = false;
    if (s->tty.raw)
        s->end = FRONT_HUNG_UP;
    else if (!s->front->attached)
        console_put(&s->out, CONSOLE_END, "", 0);
}

static void read_input(struct sitting *s)
{
    char bytes[CONSOLE_DATA_MAX];
    size_t want = CONSOLE_WINDOW - s->on_its_way;
    ssize_t n = read(STDIN_FILENO, bytes, want < sizeof bytes ? want : sizeof bytes);
    if (n > 0)
        pass_on(s, bytes, (size_t)n);
    else if (n == 0 || (errno != EAGAIN && errno != EINTR))
        end_input(s);
}

static void tell_size(struct sitting *s, enum console_word word)
{
    struct terminal_size size = tty_size();
    console_put_size(&s->out, word, &size);
}

static void take_signals(struct sitting *s, uint64_t signals)
{
    if (signals & bit(SIGCONT) && s->tty.raw)
        tty_raw(&s->tty); /* who stopped us may have changed it */
    if (signals & (bit(SIGWINCH) | bit(SIGCONT)) && s->front->pty)
        tell_size(s, CONSOLE_SIZE);
    signals &= ~(bit(SIGWINCH) | bit(SIGCONT));
    if (s->front->attached && front_is_end(signals)) {
        s->end = FRONT_LEFT;
        return;
    }
    for (const int *sig = signals_wanted; *sig && !s->front->attached; sig++)
        if (signals & bit(*sig))
            console_put_number(&s->out, CONSOLE_SIGNAL, (uint32_t)*sig);
}

/* --- from the job ----------------------------------------------------------------------------- */

static void show(struct sitting *s, const struct console_frame *f)
{
    struct stream *to = &s->streams[f->word == CONSOLE_ERR];
    if (to->fd >= 0)
        buf_add(&to->bytes, f->bytes, f->len);
}

/* Nobody reads that any more, and the job is to know. */
static void shut(struct sitting *s, struct stream *stream)
{
    stream->fd = -1;
    buf_free(&stream->bytes);
    if (s->front->pty)
        s->end = FRONT_HUNG_UP;
    else
        console_put_number(&s->out, CONSOLE_SHUT, stream->word);
}

static void write_some(struct sitting *s, struct stream *stream)
{
    size_t len = stream->bytes.len < stream->at_once ? stream->bytes.len : stream->at_once;
    ssize_t n = write(stream->fd, stream->bytes.data, len);
    if (n >= 0)
        buf_drop(&stream->bytes, (size_t)n);
    else if (errno != EAGAIN && errno != EINTR)
        shut(s, stream);
}

static int nonsense(struct err *e)
{
    return err_set(e, ERR_INVALID,
                   "what its shepherd says is not understood: is it of another "
                   "version of mini-slurm?");
}

static int obey(struct sitting *s, const struct console_frame *f, struct err *e)
{
    uint32_t taken;
    switch (f->word) {
    case CONSOLE_OUT:
    case CONSOLE_ERR:
        show(s, f);
        return 0;
    case CONSOLE_TAKEN:
        if (console_get_number(f, &taken) != 0)
            return nonsense(e);
        /* The end of our input is typed at a terminal: that is one more than we sent. */
        s->on_its_way -= taken < s->on_its_way ? taken : s->on_its_way;
        return 0;
    case CONSOLE_EXIT:
        s->last = FRONT_EXIT;
        return console_get_exit(f, s->how) == 0 ? 0 : nonsense(e);
    default:
        return nonsense(e);
    }
}

static int hear(struct sitting *s, struct err *e)
{
    struct console_frame f;
    size_t at = 0;
    int r;
    char *to = buf_reserve(&s->in, CONSOLE_DATA_MAX);
    ssize_t n = to ? recv(s->front->fd, to, CONSOLE_DATA_MAX, MSG_DONTWAIT) : 0;
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return 0;
    if (n <= 0) {
        s->last = FRONT_CUT;
        return 0;
    }
    s->in.len += (size_t)n;
    while ((r = console_next(&s->in, &at, &f)) > 0)
        if (obey(s, &f, e) != 0)
            return -1;
    buf_drop(&s->in, at);
    return r < 0 ? nonsense(e) : 0;
}

/* --- the loop --------------------------------------------------------------------------------- */

static bool has_room(const struct sitting *s)
{
    return s->streams[0].bytes.len + s->streams[1].bytes.len < ROOM;
}

/* In the background it is others who read from the terminal. */
static bool is_behind(const struct sitting *s)
{
    return s->input && s->terminal && tty_is_behind();
}

static void prepare(const struct sitting *s, struct pollfd fds[FDS])
{
    bool over = s->last >= 0;
    short shepherd = (short)((has_room(s) && !over ? POLLIN : 0) | (s->out.len ? POLLOUT : 0));
    bool input = s->input && !over && s->on_its_way < CONSOLE_WINDOW && !is_behind(s);
    fds[FD_SHEPHERD] = (struct pollfd){.fd = shepherd ? s->front->fd : -1, .events = shepherd};
    fds[FD_IN] = (struct pollfd){.fd = input ? STDIN_FILENO : -1, .events = POLLIN};
    for (int i = 0; i < 2; i++)
        fds[FD_OUT + i] = (struct pollfd){.fd = s->streams[i].bytes.len ? s->streams[i].fd : -1,
                                          .events = POLLOUT};
}

static int turn(struct sitting *s, struct waiter *w, struct err *e)
{
    uint64_t signals;
    struct pollfd fds[FDS];
    prepare(s, fds);
    /* Nothing tells who is brought to the front. */
    int64_t until_us = is_behind(s) ? clock_boot_us() + BEHIND_US : 0;
    if (waiter_wait(w, fds, FDS, until_us, &signals, e) != 0)
        return -1;
    take_signals(s, signals);
    if (fds[FD_IN].revents)
        read_input(s);
    for (int i = 0; i < 2; i++)
        if (fds[FD_OUT + i].revents)
            write_some(s, &s->streams[i]);
    flush(s);
    if (fds[FD_SHEPHERD].revents & ~POLLOUT && hear(s, e) != 0)
        return -1;
    if (s->last >= 0 && s->end < 0 && !s->streams[0].bytes.len && !s->streams[1].bytes.len)
        s->end = s->last;
    return s->in.failed || s->out.failed || s->streams[0].bytes.failed || s->streams[1].bytes.failed
               ? err_nomem(e)
               : 0;
}

static struct stream stream_of(int fd, enum console_word word)
{
    struct stat st;
    bool file = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
    return (struct stream){.fd = fd, .word = word, .at_once = file ? ROOM : WRITE_MAX};
}

int front_sit(const struct front *f, struct waiter *w, struct attempt_status *how, struct err *e)
{
    struct sitting s = {
        .front = f,
        .how = how,
        .input = true,
        .terminal = isatty(STDIN_FILENO),
        .last = -1,
        .end = -1,
        .streams = {stream_of(STDOUT_FILENO, CONSOLE_OUT), stream_of(STDERR_FILENO, CONSOLE_ERR)},
    };
    int r = 0;
    tell_size(&s, CONSOLE_READY);
    flush(&s);
    if (f->pty)
        tty_raw(&s.tty);
    while (r == 0 && s.end < 0)
        r = turn(&s, w, e);
    tty_restore(&s.tty);
    buf_free(&s.in);
    buf_free(&s.out);
    buf_free(&s.streams[0].bytes);
    buf_free(&s.streams[1].bytes);
    return r < 0 ? -1 : s.end;
}
