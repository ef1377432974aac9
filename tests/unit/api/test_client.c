// SPDX-License-Identifier: MIT
/* Asking over the socket: of schedulers that answer, go away, come late, or speak another language.
 */
#include "api/client.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>

#include "api/wire.h"
#include "os/clock.h"
#include "os/lock.h"
#include "world.h"

/* What a scheduler does with each of its connections in turn: */
enum behaviour {
    END,     /* no more: it goes away itself */
    ANSWER,  /* reads the request and answers with its id, until the client hangs up */
    DROP,    /* reads the request and hangs up */
    CUT,     /* sends half an answer and hangs up */
    REFUSE,  /* answers with an error before it has read */
    RUBBISH, /* answers with something else */
    NEWER,   /* answers in version 2 */
    SLOW,    /* answers once the file "go" is in its home */
};

static int listen_at(const char *path)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    snprintf(at.sun_path, sizeof at.sun_path, "%s", path);
    unlink(path);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    return bind(fd, (struct sockaddr *)&at, sizeof at) < 0 || listen(fd, 8) < 0 ? -1 : fd;
}

/* Reads one request; false at the end of the connection. */
static bool read_request(int fd, struct frame *request)
{
    _cleanup_buf_ struct buf in = {0};
    size_t total = 0;
    while (frame_size(in.data, in.len, &total, NULL) == 0 || in.len < total) {
        ssize_t n = read(fd, buf_reserve(&in, 4096), 4096);
        if (n <= 0)
            return false;
        in.len += (size_t)n;
    }
    return frame_decode(in.data, in.len, request, NULL) == 0;
}

static void send_reply(int fd, json_t *head, enum behaviour how)
{
    _cleanup_frame_ struct frame reply = {.head = head};
    _cleanup_buf_ struct buf out = {0};
    frame_encode(&reply, &out, NULL);
    send(fd, out.data, how == CUT ? out.len / 2 : out.len, MSG_NOSIGNAL);
}

static bool has_hung_up(int fd)
{
    char byte;
    return recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

static void serve_connection(int fd, enum behaviour how)
{
    if (how == REFUSE) {
        send_reply(fd,
                   json_pack("{s:i, s:{s:i, s:s}}", "v", 1, "error", "code", ERR_DENIED, "text",
                             "not you"),
                   how);
        return;
    }
    struct frame request = {0};
    while (read_request(fd, &request)) {
        const char *id = str(request.head, "id");
        while (how == SLOW && access("go", F_OK) < 0 && !has_hung_up(fd))
            nanosleep(&(struct timespec){.tv_nsec = 1000000L}, NULL);
        if (how == ANSWER || how == CUT || how == NEWER || how == SLOW)
            send_reply(fd,
                       json_pack("{s:i, s:b, s:s?}", "v", how == NEWER ? 2 : 1, "ok", 1, "id", id),
                       how);
        else if (how == RUBBISH)
            send(fd, "HTTP/1.1 400\r\n", 14, MSG_NOSIGNAL);
        frame_clear(&request);
        if (how != ANSWER && how != SLOW)
            return;
    }
}

/* A scheduler in a process of its own. It holds its lock before this returns, and listens
 * `delay_ms` later. */
static pid_t scheduler(const struct place *p, int delay_ms, const enum behaviour *script)
{
    int ready[2];
    char byte = 0;
    if (pipe(ready) < 0)
        return -1;
    fflush(stdout);
    pid_t pid = fork();
    if (pid != 0) {
        close(ready[1]);
        if (read(ready[0], &byte, 1) != 1)
            ok(false, "a scheduler starts");
        close(ready[0]);
        return pid;
    }
    int lock = lock_take(p->paths.lifetime, true, NULL);
    int fd = delay_ms ? -1 : listen_at(p->paths.socket);
    if (lock < 0 || lock_sign(lock, NULL) < 0 || write(ready[1], &byte, 1) != 1)
        _exit(1);
    if (delay_ms) {
        nanosleep(&(struct timespec){.tv_nsec = delay_ms * 1000000L}, NULL);
        fd = listen_at(p->paths.socket);
    }
    for (; *script != END; script++) {
        int peer = accept(fd, NULL, NULL);
        serve_connection(peer, *script);
        close(peer);
    }
    _exit(0);
}

static void end_scheduler(pid_t pid)
{
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

/* Asks for a cancel; 0 if the answer is to this very request. */
static int ask(struct client *c, struct err *e)
{
    _cleanup_frame_ struct frame request = {0}, reply = {0};
    client_request(&request, "cancel");
    json_object_set_new(request.head, "jobs", json_pack("[i]", 1));
    if (client_call(c, &request, &reply, e) < 0)
        return -1;
    const char *id = str(reply.head, "id");
    return id && strcmp(id, str(request.head, "id")) == 0 ? 0 : 1;
}

static void test_requests(void)
{
    _cleanup_frame_ struct frame a = {0}, b = {0};
    client_request(&a, "submit");
    client_request(&b, "submit");
    is_int(num(a.head, "v"), API_VERSION, "a request has the version");
    is_int(strlen(str(a.head, "id")), 32, "and an id");
    ok(strcmp(str(a.head, "id"), str(b.head, "id")) != 0, "of its own");
}

static void test_answers(struct place *p)
{
    static const enum behaviour script[] = {ANSWER, DROP, CUT, DROP, ANSWER, END};
    struct client c;
    struct err e = {0};
    world_client(&c);
    pid_t pid = scheduler(p, 0, script);
    is_int(ask(&c, &e), 0, "a scheduler that listens is asked");
    ok(!c.served_here, "over its socket");
    int fd = c.fd;
    ok(ask(&c, &e) == 0 && c.fd == fd, "the next call uses the same connection");
    client_close(&c);
    world_client(&c);
    is_int(ask(&c, &e), 0, "a lost connection, a cut answer: it is asked again, with the same id");
    end_scheduler(pid);

    ok(ask(&c, &e) == 1 && c.served_here, "once it is gone a server of its own answers");
    client_close(&c);
}

static void test_goes_away(struct place *p)
{
    static const enum behaviour always[] = {DROP, DROP, DROP, DROP, DROP,
                                            DROP, DROP, DROP, DROP, END};
    struct client c;
    struct err e = {0};
    world_client(&c);
    pid_t pid = scheduler(p, 0, always);
    is_int(ask(&c, &e), -1, "one that always hangs up is not asked for ever");
    is_int(e.code, ERR_GONE, "it is gone");
    has_str(e.text, "went away before it answered", "and the user is told");
    end_scheduler(pid);

    static const enum behaviour once[] = {DROP, END};
    pid = scheduler(p, 0, once);
    ok(ask(&c, &e) == 1 && c.served_here,
       "one that dies of the request: a server of its own answers");
    end_scheduler(pid);
    client_close(&c);
}

static void test_late(struct place *p)
{
    static const enum behaviour script[] = {ANSWER, END};
    struct client c;
    struct err e = {0};
    world_client(&c);
    pid_t pid = scheduler(p, 150, script);
    is_int(ask(&c, &e), 0, "one that has its lock, but does not listen yet, is waited for");
    ok(!c.served_here, "and not gone round");
    end_scheduler(pid);
    client_close(&c);
}

static bool is_for(const struct frame *reply, const struct frame *request)
{
    return reply->head && strcmp(str(reply->head, "id"), str(request->head, "id")) == 0;
}

static void test_await(struct place *p)
{
    static const enum behaviour script[] = {SLOW, ANSWER, END};
    _cleanup_frame_ struct frame request = {0}, again = {0}, reply = {0};
    struct client c;
    struct err e = {0};
    if (chdir(p->dir) < 0)
        ok(false, "its home is a directory");
    client_request(&request, "wait");
    client_request(&again, "wait");
    world_client(&c);
    pid_t pid = scheduler(p, 0, script);
    is_int(client_await(&c, &request, clock_boot_us() + 1000, &reply, &e), CLIENT_EARLY,
           "an answer that takes its time is not waited for longer than was said");
    is_int(client_await(&c, &request, clock_boot_us(), &reply, &e), CLIENT_EARLY, "nor again");
    close(creat("go", 0600));
    is_int(client_await(&c, &again, WIRE_FOREVER, &reply, &e), 0, "but as long as was said");
    ok(is_for(&reply, &request), "it is the answer to what was asked first");
    frame_clear(&reply);
    unlink("go");
    is_int(client_await(&c, &request, clock_boot_us(), &reply, &e), CLIENT_EARLY, "another one");
    close(creat("go", 0600));
    is_int(ask(&c, &e), 0, "is given up for a call, which gets its own answer");
    client_close(&c);
    end_scheduler(pid);
}

static void answers_with(struct place *p, enum behaviour how, const char *text, const char *name)
{
    enum behaviour script[] = {how, END};
    struct client c;
    struct err e = {0};
    world_client(&c);
    pid_t pid = scheduler(p, 0, script);
    is_int(ask(&c, &e), -1, name);
    has_str(e.text, text, "  ... and said");
    end_scheduler(pid);
    client_close(&c);
}

/* The answer comes, and the connection breaks, while the client still sends. */
static void test_refused_early(struct place *p)
{
    static const enum behaviour script[] = {REFUSE, END};
    _cleanup_frame_ struct frame request = {0}, reply = {0};
    struct client c;
    struct err e = {0};
    char *zeros = calloc(1, 8 << 20);
    world_client(&c);
    pid_t pid = scheduler(p, 0, script);
    client_request(&request, "submit");
    set_blob(&request, "env", zeros, 8 << 20);
    is_int(client_call(&c, &request, &reply, &e), -1, "who is refused in the middle of a sentence");
    is_str(e.text, "not you", "  ... hears why, and does not die of SIGPIPE");
    is_int(e.code, ERR_DENIED, "  ... by the scheduler's code");
    end_scheduler(pid);
    free(zeros);
    client_close(&c);
}

int main(void)
{
    struct place place;
    place_open(&place);
    alarm(120); /* a client that waits for ever fails the test, and does not hold it up */
    test_requests();
    test_answers(&place);
    test_goes_away(&place);
    test_await(&place);
    test_late(&place);
    answers_with(&place, RUBBISH, "not a message of mini-slurm", "rubbish is refused");
    answers_with(&place, NEWER, "answers in version 2", "so is another version");
    answers_with(&place, NEWER, "speaks version 1", "naming both");
    test_refused_early(&place);
    unlink(place.paths.socket);
    place_close(&place);
    return done_testing();
}
