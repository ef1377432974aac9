// SPDX-License-Identifier: MIT
#include "util/signals.h"

#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <strings.h>

#include "util/number.h"
#include "util/text.h"

/* sigabbrev_np(3) is not everywhere. */
const char *signal_name(int signal)
{
    static const char *const names[] = {
        [SIGHUP] = "HUP",       [SIGINT] = "INT",   [SIGQUIT] = "QUIT",   [SIGILL] = "ILL",
        [SIGTRAP] = "TRAP",     [SIGABRT] = "ABRT", [SIGBUS] = "BUS",     [SIGFPE] = "FPE",
        [SIGKILL] = "KILL",     [SIGUSR1] = "USR1", [SIGSEGV] = "SEGV",   [SIGUSR2] = "USR2",
        [SIGPIPE] = "PIPE",     [SIGALRM] = "ALRM", [SIGTERM] = "TERM",   [SIGCHLD] = "CHLD",
        [SIGCONT] = "CONT",     [SIGSTOP] = "STOP", [SIGTSTP] = "TSTP",   [SIGTTIN] = "TTIN",
        [SIGTTOU] = "TTOU",     [SIGURG] = "URG",   [SIGXCPU] = "XCPU",   [SIGXFSZ] = "XFSZ",
        [SIGVTALRM] = "VTALRM", [SIGPROF] = "PROF", [SIGWINCH] = "WINCH", [SIGIO] = "IO",
        [SIGSYS] = "SYS",
    };
    return signal > 0 && (size_t)signal < sizeof names / sizeof *names ? names[signal] : NULL;
}

char *signal_format(int signal, char *buf, size_t len)
{
    if (signal_name(signal))
        snprintf(buf, len, "%s", signal_name(signal));
    else
        snprintf(buf, len, "%d", signal);
    return buf;
}

/* -1 if it is none. */
static int find(const char *text)
{
    int64_t number;
    if (number_parse("signal", text, 1, NSIG - 1, &number, NULL) == 0)
        return (int)number;
    const char *name = strncasecmp(text, "SIG", 3) == 0 ? text + 3 : text;
    for (int s = 1; s < NSIG; s++)
        if (signal_name(s) && strcasecmp(signal_name(s), name) == 0)
            return s;
    return -1;
}

bool signal_is_notice(int signal)
{
#ifdef SIGRTMIN
    if (signal >= SIGRTMIN && signal <= SIGRTMAX)
        return true;
#endif
    return signal == SIGUSR1 || signal == SIGUSR2 || signal == SIGHUP || signal == SIGWINCH;
}

int signal_parse(const char *what, const char *text, int *signal, struct err *e)
{
    char shown[64];
    int found = find(text);
    if (found < 0)
        return err_set(e, ERR_INVALID,
                       "%s %s: not a signal (a name such as USR1 or SIGTERM, or a number)", what,
                       text_brief(text, shown, sizeof shown));
    *signal = found;
    return 0;
}

int signal_parse_notice(const char *what, const char *text, int *signal, struct err *e)
{
    char shown[64];
    int parsed = strcasecmp(text, "none") == 0 ? 0 : find(text);
    if (parsed == 0 || signal_is_notice(parsed)) {
        *signal = parsed;
        return 0;
    }
    text_brief(text, shown, sizeof shown);
    return err_set(e, ERR_INVALID,
                   "%s %s: %s (use USR1, USR2, HUP, WINCH, the number of a real-time signal, or "
                   "none)",
                   what, shown,
                   parsed < 0 ? "not a signal" : "it means something else to programs");
}
