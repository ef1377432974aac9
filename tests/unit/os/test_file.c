// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/file.h"
#include "tap.h"

int main(void)
{
    char path[] = "/tmp/mini-slurm-test-XXXXXX", text[16];
    int fd = mkstemp(path);
    if (fd < 0) {
        printf("Bail out! mkstemp\n");
        return 1;
    }
    is_int(file_write(path, "0123456789"), 0, "a file is written");
    is_int(file_read(path, text, sizeof text), 10, "and read");
    is_str(text, "0123456789", "as it is");
    is_int(file_read(path, text, 5), 4, "or as much of it as there is room for");
    is_str(text, "0123", "with an end");
    is_int(file_read("/nonexistent", text, sizeof text), -1, "what is not there can't be read");
    is_int(errno, ENOENT, "and errno says so");
    is_int(file_write("/nonexistent/file", ""), -1, "nor written");

    const char *table = "Pss: 12 kB\nPss_Anon: 7 kB\noom 0\noom_kill 3\nlast -5";
    is_int(file_field(table, "Pss:"), 12, "a field is found by its whole key");
    is_int(file_field(table, "oom_kill"), 3, "on any line");
    is_int(file_field(table, "last"), -5, "the last one too");
    is_int(file_field(table, "kill"), -1, "a part of a key is none");
    is_int(file_field("", "kill"), -1, "nothing holds none");

    _cleanup_buf_ struct buf all = {0};
    is_int(file_read_all(fd, &all), 0, "a file is read to its end");
    is_int((intmax_t)all.len, 10, "whole");
    is_int(file_write_all(fd, "abc", 3), 0, "and written to");

    struct stat st = {0};
    is_int(file_reserve(fd, 65536), 0, "room is reserved");
    fstat(fd, &st);
    is_int(st.st_size, 65536, "so that the file has that size");
    ok(st.st_blocks >= 65536 / 512, "and that space");
    file_read(path, text, 5);
    is_str(text, "0123", "and its contents");
    is_str(file_network(path), NULL, "/tmp is no network file system");

    file_cloexec_from(fd);
    is_int(fcntl(fd, F_GETFD), FD_CLOEXEC, "descriptors are made to close on exec");
    is_int(fcntl(1, F_GETFD), 0, "from a given one on");
    close(fd);
    unlink(path);
    return done_testing();
}
