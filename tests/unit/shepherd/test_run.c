// SPDX-License-Identifier: MIT
/* Starting a job: what it gets, where its output goes, and what is written down about its end. */
#include "fixture.h"

#include "os/clock.h"
#include "os/file.h"
#include "tap.h"

static void test_exit_code(void)
{
    struct attempt a;
    attempt_new(&a, "exit 3");
    attempt_run(&a);
    is_int(a.exit_status, 0, "the shepherd ends well");
    is_int(a.status.phase, PHASE_ENDED, "the attempt is over");
    is_int(a.status.outcome, OUTCOME_EXITED, "it ended by itself");
    is_int(a.status.exit_code, 3, "with its exit code");
    is_int(a.status.signal, 0, "by no signal");
    ok(a.status.started_us > 0 && a.status.ended_us >= a.status.started_us, "it has both times");
    is_str(a.status.boot_id, clock_boot_id(), "and this boot's id");
    is_int(a.status.shepherd, a.shepherd, "and its shepherd's pid");
    ok(access(in_dir(&a, "1.1.claimed"), F_OK) != 0, "and no draft of its record is left");
    attempt_end(&a);
}

static void test_signal(void)
{
    struct attempt a;
    attempt_new(&a, "kill -SEGV $$");
    attempt_run(&a);
    is_int(a.status.outcome, OUTCOME_EXITED, "a job that crashes ended by itself");
    is_int(a.status.signal, SIGSEGV, "with its signal");
    is_int(a.status.exit_code, 0, "and no exit code");
    attempt_end(&a);
}

static void test_surroundings(void)
{
    struct attempt a;
    attempt_new(&a, "pwd; umask; echo $GREETING; cat; ls /proc/self/fd | wc -l; "
                    "grep SigBlk /proc/self/status; test -t 0 || echo no terminal");
    a.spec.umask = 027;
    attempt_run(&a);
    char wanted[512];
    snprintf(wanted, sizeof wanted, "%s\n0027\nhello\n4\nSigBlk:\t0000000000000000\nno terminal\n",
             a.dir);
    is_str(contents(&a, "out"), wanted,
           "a job has its directory, umask, environment, an empty input, no other descriptors, no "
           "blocked signals");
    struct stat st = {0};
    stat(in_dir(&a, "out"), &st);
    is_int(st.st_mode & 0777, 0640, "its output is made with its umask");
    attempt_end(&a);
}

static void test_session(void)
{
    struct attempt a;
    attempt_new(&a, "echo $$; cut -d' ' -f6 /proc/$$/stat");
    attempt_run(&a);
    long pid = 0, session = 0;
    const char *text = contents(&a, "out");
    ok(text && sscanf(text, "%ld %ld", &pid, &session) == 2 && pid == session,
       "a job has a session of its own");
    attempt_end(&a);
}

static void test_output(void)
{
    struct attempt a;
    attempt_new(&a, "echo one; echo two >&2; echo three");
    FILE *f = fopen(in_dir(&a, "out"), "w");
    if (!f || fputs("was here\n", f) < 0 || fclose(f) != 0)
        cannot("out");
    attempt_run(&a);
    is_str(contents(&a, "out"), "was here\none\ntwo\nthree\n",
           "output is appended, in order where both streams are one file");
    attempt_end(&a);

    attempt_new(&a, "echo one; echo two >&2");
    set_text(&a.spec.stderr_path, in_dir(&a, "err"));
    attempt_run(&a);
    is_str(contents(&a, "out"), "one\n", "standard output alone");
    is_str(contents(&a, "err"), "two\n", "standard error alone");
    attempt_end(&a);
}

static void not_started(struct attempt *a, const char *reason, int code)
{
    attempt_run(a);
    is_int(a->status.outcome, OUTCOME_NOT_STARTED, "it is not started");
    has_str(a->status.reason, reason, "and the reason says why");
    is_int(a->status.exit_code, code, "with the exit code of a shell");
    is_int(a->status.started_us, 0, "and no start");
    attempt_end(a);
}

static void test_not_started(void)
{
    struct attempt a;
    attempt_new(&a, "");
    set_argv(&a, WORDS("nosuchprog"));
    not_started(&a, "nosuchprog: program not found in PATH", 127);

    attempt_new(&a, "");
    set_argv(&a, WORDS("./nosuchprog"));
    not_started(&a, "./nosuchprog: no such program", 127);

    attempt_new(&a, "");
    set_argv(&a, WORDS("/etc/passwd"));
    not_started(&a, "cannot execute /etc/passwd: Permission denied", 126);

    attempt_new(&a, "true");
    set_text(&a.spec.stdout_path, in_dir(&a, "no/such/file"));
    not_started(&a, "no/such/file: No such file or directory", 126);

    attempt_new(&a, "true");
    set_text(&a.spec.stdout_path, a.dir);
    not_started(&a, "cannot write standard output /tmp/", 126);

    attempt_new(&a, "true");
    set_text(&a.spec.stderr_path, "/nonexistent/err");
    not_started(&a, "cannot write standard error /nonexistent/err: No such file", 126);

    attempt_new(&a, "true");
    set_text(&a.spec.cwd, "/nonexistent");
    not_started(&a, "cannot enter directory /nonexistent: No such file", 126);
}

static void write_program(const struct attempt *a, const char *name, const char *text)
{
    int fd = open(in_dir(a, name), O_WRONLY | O_CREAT | O_CLOEXEC, 0700);
    if (fd < 0 || file_write_all(fd, text, strlen(text)) != 0 || close(fd) != 0)
        cannot(name);
}

static void test_interpreters(void)
{
    struct attempt a;
    attempt_new(&a, "");
    write_program(&a, "prog", "#!/no/such/interpreter\n");
    set_argv(&a, WORDS("./prog"));
    not_started(&a, "./prog: its interpreter", 127);

    attempt_new(&a, "");
    write_program(&a, "prog", "echo by sh\n");
    set_argv(&a, WORDS("./prog"));
    attempt_run(&a);
    is_str(contents(&a, "out"), "by sh\n", "a script without a #! line is run by sh");
    attempt_end(&a);
}

static void test_long_arguments(void)
{
    struct attempt a;
    size_t len = 300000;
    char *word = malloc(len + 1);
    if (!word)
        cannot("memory");
    memset(word, 'x', len);
    word[len] = '\0';
    attempt_new(&a, "");
    set_argv(&a, WORDS("/bin/echo", word));
    not_started(&a, "longer than the kernel allows", 126);
    free(word);
}

static void test_script(void)
{
    struct attempt a;
    attempt_new(&a, "");
    size_t len = 1 << 20;
    char *script = malloc(len + 64);
    if (!script)
        cannot("memory");
    /* One megabyte, of which the shell reads every byte. */
    memset(script, '#', len);
    strcpy(script + len, "\necho \"$0\"; exit 7\n");
    set_text(&a.spec.script, script);
    free(script);
    set_argv(&a, WORDS("/bin/sh"));
    attempt_run(&a);
    is_int(a.status.exit_code, 7, "a script of 1 MB runs");
    char name[64];
    snprintf(name, sizeof name, "%lld.1.script", (long long)a.spec.job);
    has_str(contents(&a, "out"), name, "from a file of the attempt");
    ok(access(in_dir(&a, name), F_OK) != 0, "which is removed at its end");
    attempt_end(&a);
}

static void test_user(void)
{
    if (geteuid() != 0) {
        skip("only root can run jobs of others");
        return;
    }
    struct attempt a;
    attempt_new(&a, "id -u; id -g; id -G; echo no > ../forbidden");
    if (chmod(a.dir, 0777) != 0)
        cannot("chmod");
    a.spec.uid = 65534;
    a.spec.gid = 65533;
    if (strz_from(WORDS("65533", "100"), &a.spec.groups) != 0)
        cannot("memory");
    set_text(&a.spec.stderr_path, "/dev/null");
    attempt_run(&a);
    is_str(contents(&a, "out"), "65534\n65533\n65533 100\n",
           "a job runs as its user, with his groups");
    struct stat st = {0};
    stat(in_dir(&a, "out"), &st);
    is_int(st.st_uid, 65534, "his output is his");
    attempt_end(&a);

    attempt_new(&a, "true");
    a.spec.uid = 65534;
    a.spec.gid = 65534;
    set_text(&a.spec.cwd, "/");
    not_started(&a, "out: Permission denied", 126);
}

static void test_bad_spec(void)
{
    struct attempt a;
    attempt_new(&a, "true");
    free(a.spec.argv.data);
    a.spec.argv = (struct strz){0};
    attempt_run(&a);
    ok(WIFEXITED(a.exit_status) && WEXITSTATUS(a.exit_status) == 1,
       "a shepherd refuses a spec without a command");
    has_str(contents(&a, "log"), "spec is damaged", "and says so");
    attempt_end(&a);
}

/* What the first leaves (a limit, a signal that came while it waited, its memory) is not the
 * next one's. */
static void test_one_after_the_other(void)
{
    struct attempt a, b, c;
    struct stat st;
    attempt_new(&a, "echo $MARK; dd if=/dev/zero of=/dev/null bs=40M count=1 2>/dev/null; exit 3");
    a.stay = true;
    a.spec.limit_us = 20000000;
    attempt_start(&a);
    attempt_await_over(&a, &a);
    is_int(a.status.exit_code, 3, "a shepherd says when an attempt is over");
    ok(fstat(a.spec_fd, &st) == 0 && st.st_size == 0, "it does not keep the spec");

    attempt_new(&b, "echo $MARK; exit 4");
    attempt_run_by(&b, &a);
    is_int(b.status.exit_code, 4, "it runs another");
    is_int(b.status.shepherd, a.shepherd, "itself");
    is_int(b.status.outcome, OUTCOME_EXITED, "without the limit of the first");
    ok(b.status.usage.mem_peak_kb < a.status.usage.mem_peak_kb, "nor its usage");

    attempt_new(&c, "true");
    set_text(&c.spec.cwd, "/no/such/directory");
    attempt_run_by(&c, &a);
    is_int(c.status.outcome, OUTCOME_NOT_STARTED, "also when one can't be started");
    set_text(&b.spec.cwd, "/");
    b.spec.attempt = 2;
    attempt_run_by(&b, &a);
    is_int(b.status.exit_code, 4, "it goes on");

    kill(a.shepherd, SIGTERM);
    attempt_wait(&a);
    is_int(a.exit_status, 0, "SIGTERM ends one that waits");
    close(a.channel);
    close(a.spec_fd);
    attempt_end(&a);
    attempt_end(&b);
    attempt_end(&c);
}

int main(void)
{
    test_one_after_the_other();
    test_exit_code();
    test_signal();
    test_surroundings();
    test_session();
    test_output();
    test_not_started();
    test_interpreters();
    test_long_arguments();
    test_script();
    test_user();
    test_bad_spec();
    return done_testing();
}
