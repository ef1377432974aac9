// SPDX-License-Identifier: MIT
/* A job that somebody sits in front of: pipes and terminals, and what becomes of it when he does
 * not read, or goes. */
#include <poll.h>
#include <sys/socket.h>

#include "attempt/console.h"
#include "fixture.h"
#include "os/socket.h"
#include "tap.h"

#define CLIENT "client.1"

/* A client, and what its shepherd has said. */
struct client {
    int listener, fd;
    struct buf in;
    size_t at;
    struct buf out, err; /* the job's */
    size_t taken;
    bool over;                 /* it was told how the job ended */
    struct attempt_status how; /* so */
};

static void client_wait(struct attempt *a, struct client *c)
{
    struct err e;
    *c = (struct client){.fd = -1, .listener = socket_listen(a->dir, CLIENT, &e)};
    if (c->listener < 0)
        cannot(e.text);
    set_text(&a->spec.client, CLIENT);
    set_text(&a->spec.stdout_path, "");
    set_text(&a->spec.stderr_path, "");
}

static bool is_ready(int fd)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    return poll(&p, 1, 20000) == 1;
}

static void say(struct client *c, struct buf *frames)
{
    size_t sent = 0;
    while (sent < frames->len) {
        ssize_t n = send(c->fd, frames->data + sent, frames->len - sent, MSG_NOSIGNAL);
        if (n < 0 && errno != EAGAIN)
            cannot("the shepherd does not listen");
        if (n > 0)
            sent += (size_t)n;
        else
            tiny_sleep();
    }
    buf_free(frames);
}

static void say_number(struct client *c, enum console_word word, uint32_t number)
{
    struct buf b = {0};
    console_put_number(&b, word, number);
    say(c, &b);
}

static void say_bytes(struct client *c, enum console_word word, const char *bytes, size_t len)
{
    struct buf b = {0};
    console_put(&b, word, bytes, len);
    say(c, &b);
}

static void say_ready(struct client *c)
{
    struct buf b = {0};
    console_put_size(&b, CONSOLE_READY, &(struct terminal_size){.rows = 33, .columns = 77});
    say(c, &b);
}

static void client_answer(struct client *c)
{
    if (!is_ready(c->listener) || (c->fd = socket_accept(c->listener)) < 0)
        cannot("the shepherd does not call");
}

static void take(struct client *c, const struct console_frame *f)
{
    uint32_t number;
    if (f->word == CONSOLE_OUT)
        buf_add(&c->out, f->bytes, f->len);
    else if (f->word == CONSOLE_ERR)
        buf_add(&c->err, f->bytes, f->len);
    else if (f->word == CONSOLE_TAKEN && console_get_number(f, &number) == 0)
        c->taken += number;
    else if (f->word == CONSOLE_EXIT)
        c->over = console_get_exit(f, &c->how) == 0;
}

/* False once the connection has ended. */
static bool client_read(struct client *c)
{
    struct console_frame f;
    if (!is_ready(c->fd))
        cannot("the shepherd says nothing");
    char *to = buf_reserve(&c->in, 65536);
    ssize_t n = recv(c->fd, to, 65536, 0);
    if (n <= 0)
        return false;
    c->in.len += (size_t)n;
    while (console_next(&c->in, &c->at, &f) == 1)
        take(c, &f);
    return true;
}

static bool has_said(const struct client *c, const char *text)
{
    return c->out.data && strstr(c->out.data, text);
}

static void await_said(struct client *c, const char *text)
{
    while (!has_said(c, text))
        if (!client_read(c))
            cannot("the job never said it");
}

static void client_read_all(struct client *c)
{
    while (client_read(c))
        ;
}

static void client_end(struct client *c)
{
    if (c->fd >= 0)
        close(c->fd);
    if (c->listener >= 0)
        close(c->listener);
    buf_free(&c->in);
    buf_free(&c->out);
    buf_free(&c->err);
}

/* --- pipes ------------------------------------------------------------------------------------ */

static void test_pipes(void)
{
    struct attempt a;
    struct client c;
    attempt_new(&a, "cat; echo err >&2; test -t 0 || exit 3");
    client_wait(&a, &c);
    attempt_start(&a);
    client_answer(&c);
    say_ready(&c);
    say_bytes(&c, CONSOLE_IN, "a\0b", 3);
    say_bytes(&c, CONSOLE_END, "", 0);
    client_read_all(&c);
    ok(c.out.len == 3 && memcmp(c.out.data, "a\0b", 3) == 0, "input comes out as it went in");
    is_str(c.err.data, "err\n", "standard error comes apart from it");
    is_int((intmax_t)c.taken, 3, "what was taken is said");
    ok(c.over && c.how.outcome == OUTCOME_EXITED && c.how.exit_code == 3, "and how it ended");
    attempt_wait(&a);
    is_int(a.status.exit_code, 3, "which is written down as well");
    ok(access(in_dir(&a, "out"), F_OK) != 0, "there is no file of its output");
    client_end(&c);
    attempt_end(&a);
}

static void test_signal(void)
{
    struct attempt a;
    struct client c;
    attempt_new(&a, "trap 'echo told; exit 4' USR1; echo waits; sleep 60 & wait");
    client_wait(&a, &c);
    attempt_start(&a);
    client_answer(&c);
    say_ready(&c);
    await_said(&c, "waits");
    say_number(&c, CONSOLE_SIGNAL, SIGUSR1);
    client_read_all(&c);
    is_str(c.out.data, "waits\ntold\n", "a signal reaches the job");
    is_int(c.how.exit_code, 4, "which does as it likes");
    attempt_wait(&a);
    client_end(&c);
    attempt_end(&a);
}

static void test_shut(void)
{
    struct attempt a;
    struct client c;
    attempt_new(&a, "echo go; exec yes");
    client_wait(&a, &c);
    attempt_start(&a);
    client_answer(&c);
    say_ready(&c);
    await_said(&c, "go");
    say_number(&c, CONSOLE_SHUT, CONSOLE_OUT);
    client_read_all(&c);
    is_int(c.how.signal, SIGPIPE, "who writes where nobody reads any more gets SIGPIPE");
    attempt_wait(&a);
    client_end(&c);
    attempt_end(&a);
}

/* --- who does not read, and who goes ---------------------------------------------------------- */

static void test_slow_reader(void)
{
    struct attempt a;
    struct client c;
    attempt_new(&a, "timeout 1 head -c 8000000 /dev/zero; echo $? >how; echo end; exit 5");
    client_wait(&a, &c);
    attempt_start(&a);
    client_answer(&c);
    say_ready(&c);
    is_int(await_line(&a, "how", 1), 124, "a job waits for who does not read");
    client_read_all(&c);
    ok(c.out.len > 100000 && memcmp(c.out.data + c.out.len - 4, "end\n", 4) == 0,
       "who in the end gets what it wrote");
    ok(c.over && c.how.exit_code == 5, "and how it ended");
    attempt_wait(&a);
    client_end(&c);
    attempt_end(&a);
}

/* What fits into the pipe, the socket and the shepherd's buffer together, so that the job can end,
 * and into none of them alone. */
static void test_late_reader(void)
{
    struct attempt a;
    struct client c;
    attempt_new(&a, "dd if=/dev/zero bs=225000 count=1 2>/dev/null; exit 5");
    client_wait(&a, &c);
    attempt_start(&a);
    client_answer(&c);
    say_ready(&c);
    attempt_wait(&a);
    is_int(a.status.phase, PHASE_ENDED, "a job is over though its output was not read");
    client_read_all(&c);
    is_int((intmax_t)c.out.len, 225000, "which is there when it is read at last");
    ok(c.over && c.how.exit_code == 5, "with how it ended");
    client_end(&c);
    attempt_end(&a);
}

static void test_gone_before(void)
{
    struct attempt a;
    struct client c;
    attempt_new(&a, "echo ran >ran");
    client_wait(&a, &c);
    close(c.listener);
    c.listener = -1;
    attempt_run(&a);
    is_int(a.status.outcome, OUTCOME_CANCELLED, "a job whose client is gone is cancelled");
    is_str(a.status.reason, "its terminal is gone", "for that");
    is_int(a.status.started_us, 0, "it never began");
    ok(access(in_dir(&a, "ran"), F_OK) != 0, "and never ran");
    ok(access(in_dir(&a, CLIENT), F_OK) != 0, "the socket that the client left is removed");
    client_end(&c);
    attempt_end(&a);
}

static void test_gone_unready(void)
{
    struct attempt a;
    struct client c;
    attempt_new(&a, "echo ran >ran");
    client_wait(&a, &c);
    attempt_start(&a);
    client_answer(&c);
    close(c.fd);
    c.fd = -1;
    attempt_wait(&a);
    is_int(a.status.outcome, OUTCOME_CANCELLED, "one who goes before he is ready is gone too");
    ok(access(in_dir(&a, "ran"), F_OK) != 0, "and nothing ran");
    client_end(&c);
    attempt_end(&a);
}

static void test_gone_while_it_runs(void)
{
    struct attempt a;
    struct client c;
    attempt_new(&a, "trap 'echo hup >hup' HUP; trap 'echo term >term; exit 7' TERM; echo go; "
                    "while :; do sleep 0.05; done");
    a.spec.grace_us = 200000;
    client_wait(&a, &c);
    attempt_start(&a);
    client_answer(&c);
    say_ready(&c);
    await_said(&c, "go");
    close(c.fd);
    c.fd = -1;
    attempt_wait(&a);
    is_str(contents(&a, "hup"), "hup\n", "a job whose client goes gets SIGHUP");
    is_str(contents(&a, "term"), "term\n", "and SIGTERM, if that does not end it");
    is_int(a.status.outcome, OUTCOME_CANCELLED, "it is cancelled");
    is_str(a.status.reason, "its terminal is gone", "for that");
    is_int(a.status.exit_code, 7, "with its exit code");
    client_end(&c);
    attempt_end(&a);
}

static void test_nonsense(void)
{
    struct attempt a;
    struct client c;
    attempt_new(&a, "echo ran >ran");
    client_wait(&a, &c);
    attempt_start(&a);
    client_answer(&c);
    send(c.fd, "GET / HTTP/1.1\r\n", 16, MSG_NOSIGNAL);
    attempt_wait(&a);
    is_int(a.status.outcome, OUTCOME_CANCELLED, "who talks nonsense is no client");
    client_end(&c);
    attempt_end(&a);
}

/* Input is said to be taken; who sends more than may be on its way is let go. */
static void test_window(void)
{
    struct attempt a;
    struct client c;
    static char bytes[CONSOLE_DATA_MAX];
    attempt_new(&a, "exec sleep 60");
    a.spec.grace_us = 0;
    client_wait(&a, &c);
    attempt_start(&a);
    client_answer(&c);
    say_ready(&c);
    for (int i = 0; i < 16; i++) {
        struct buf b = {0};
        console_put(&b, CONSOLE_IN, bytes, sizeof bytes);
        send(c.fd, b.data, b.len, MSG_NOSIGNAL);
        buf_free(&b);
    }
    attempt_wait(&a);
    is_str(a.status.reason, "its terminal is gone", "too much input at once ends it");
    client_end(&c);
    attempt_end(&a);
}

/* --- terminals -------------------------------------------------------------------------------- */

static void test_terminal(void)
{
    struct attempt a;
    struct client c;
    attempt_new(&a, "trap 'over=1; echo interrupted' INT; tty >/dev/null && stty size; read line; "
                    "echo got $line; until test $over; do sleep 0.02; done; cat; exit 6");
    a.spec.pty = true;
    client_wait(&a, &c);
    attempt_start(&a);
    client_answer(&c);
    say_ready(&c);
    await_said(&c, "33 77");
    ok(true, "the terminal has the client's size from the beginning");
    say_bytes(&c, CONSOLE_IN, "word\r", 5);
    await_said(&c, "got word");
    ok(strstr(c.out.data, "word\r\ngot word\r\n"), "what is typed is echoed, and read");
    say_bytes(&c, CONSOLE_IN, "\3", 1);
    await_said(&c, "interrupted");
    ok(true, "Ctrl-C interrupts");
    say_bytes(&c, CONSOLE_END, "", 0);
    client_read_all(&c);
    is_int(c.how.exit_code, 6, "and the end of the input is one");
    attempt_wait(&a);
    client_end(&c);
    attempt_end(&a);
}

static bool client_attach(struct attempt *a, struct client *c)
{
    char name[CONSOLE_NAME_MAX];
    struct err e;
    *c = (struct client){.listener = -1, .fd = -1};
    console_name(name, a->spec.job, a->spec.attempt);
    for (int i = 0; i < 20000 && c->fd < 0; i++) {
        c->fd = socket_connect(a->dir, name, &e);
        if (c->fd < 0)
            tiny_sleep();
    }
    if (c->fd >= 0)
        say_ready(c);
    return c->fd >= 0;
}

static void test_watchers(void)
{
    struct attempt a;
    struct client one, other;
    attempt_new(&a, "echo first; read line; echo last $line; exit 2");
    a.spec.pty = true;
    attempt_start(&a);
    ok(client_attach(&a, &one), "who attaches finds the job");
    await_said(&one, "first\r\n");
    ok(client_attach(&a, &other), "and another one does");
    await_said(&other, "first\r\n");
    ok(true, "who is shown what he has missed");
    say_bytes(&one, CONSOLE_IN, "word\r", 5);
    client_read_all(&one);
    client_read_all(&other);
    ok(has_said(&one, "last word") && has_said(&other, "last word"), "both see what one types");
    ok(one.how.exit_code == 2 && other.how.exit_code == 2, "and the end");
    attempt_wait(&a);
    is_str(contents(&a, "out"), "first\r\nword\r\nlast word\r\n", "the log has it too");
    ok(access(in_dir(&a, "1.1.console"), F_OK) != 0, "its socket is removed");
    client_end(&one);
    client_end(&other);
    attempt_end(&a);
}

static bool log_grows_to(const struct attempt *a, off_t size)
{
    struct stat st = {0};
    for (int i = 0; i < 20000 && st.st_size < size; i++) {
        tiny_sleep();
        if (stat(in_dir(a, "out"), &st) != 0)
            st.st_size = 0;
    }
    return st.st_size == size;
}

/* A watcher who does not read holds nothing up; who leaves is not missed. */
static void test_idle_watcher(void)
{
    struct attempt a;
    struct client c, leaver;
    attempt_new(&a, "read line; head -c 2000000 /dev/zero | tr '\\0' x; read line; echo end");
    a.spec.pty = true;
    attempt_start(&a);
    ok(client_attach(&a, &c) && client_attach(&a, &leaver), "two attach themselves");
    say_bytes(&leaver, CONSOLE_IN, "\r", 1);
    while (!leaver.taken && client_read(&leaver))
        ;
    client_end(&leaver);
    ok(log_grows_to(&a, 2 + 2000000), "a job goes on, and has its log, though nobody reads");
    while (c.out.len < 250000 && client_read(&c))
        ;
    say_bytes(&c, CONSOLE_IN, "\r", 1);
    client_read_all(&c);
    ok(c.out.len < 1000000 && has_said(&c, "output was left out here"),
       "who did not read missed something, and is told");
    ok(has_said(&c, "end\r\n") && c.over, "and sees what comes then");
    attempt_wait(&a);
    client_end(&c);
    attempt_end(&a);
}

static void test_no_log(void)
{
    struct attempt a;
    attempt_new(&a, "echo ran >ran");
    a.spec.pty = true;
    set_text(&a.spec.stdout_path, in_dir(&a, "nowhere/out"));
    attempt_run(&a);
    is_int(a.status.outcome, OUTCOME_NOT_STARTED, "without its log a job is not started");
    has_str(a.status.reason, "cannot write standard output", "for that");
    ok(access(in_dir(&a, "ran"), F_OK) != 0, "and has not run");
    attempt_end(&a);
}

/* The shepherd is good for the next one. */
static void test_reuse(void)
{
    struct attempt a;
    struct client c;
    attempt_new(&a, "exit 0");
    a.stay = true;
    client_wait(&a, &c);
    attempt_start(&a);
    client_answer(&c);
    say_ready(&c);
    client_read_all(&c);
    attempt_await_over(&a, &a);
    is_int(a.status.outcome, OUTCOME_EXITED, "after a job with a client");
    client_end(&c);
    set_text(&a.spec.client, "");
    set_text(&a.spec.stdout_path, in_dir(&a, "out"));
    set_text(&a.spec.stderr_path, in_dir(&a, "out"));
    set_argv(&a, WORDS("/bin/sh", "-c", "cat; echo next"));
    a.spec.attempt = 2;
    attempt_run_by(&a, &a);
    is_str(contents(&a, "out"), "next\n", "the same shepherd runs one that has none");
    close(a.channel);
    close(a.spec_fd);
    attempt_wait(&a);
    attempt_end(&a);
}

int main(void)
{
    test_pipes();
    test_signal();
    test_shut();
    test_slow_reader();
    test_late_reader();
    test_gone_before();
    test_gone_unready();
    test_gone_while_it_runs();
    test_nonsense();
    test_window();
    test_terminal();
    test_watchers();
    test_idle_watcher();
    test_no_log();
    test_reuse();
    return done_testing();
}
