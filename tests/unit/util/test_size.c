// SPDX-License-Identifier: MIT
#include "tap.h"
#include "util/size.h"

static const struct {
    const char *text;
    int64_t mb;
} sizes[] = {
    {"512", 512},  {"512M", 512},   {"512MB", 512}, {"512mb", 512},  {"1G", 1024},
    {"0.5g", 512}, {"1.5GB", 1536}, {".5G", 512},   {"1T", 1 << 20}, {"1024K", 1},
    {"1025K", 2},  {"1kB", 1},      {"0.001", 1},   {"0.1G", 103},   {"1048576T", 1LL << 40},
    {"007", 7},
};

static const struct {
    const char *text, *why;
} refused[] = {
    {"8XB", "--mem 8XB: not a size (use K, M, G or T, e.g. 8G)"},
    {"0", "--mem 0: must be more than zero"},
    {"0.0G", "--mem 0.0G: must be more than zero"},
    {"", "--mem '': not a size (use K, M, G or T, e.g. 8G)"},
    {"-1", "--mem -1: not a size (use K, M, G or T, e.g. 8G)"},
    {"1048577T", "--mem 1048577T: more than 1048576T"},
    {"99999999999999999999999999", "--mem 99999999999999999999999999: more than 1048576T"},
};
static const char *const nonsense[] = {"M",   "GB",   "+1", " 1",   "1 ",     "1 G",
                                       "1GG", "1MBB", "1B", "1e3",  "1.2.3G", "nan",
                                       "inf", "0x10", ".",  "1,5G", "--1",    "8\xff"};

int main(void)
{
    struct err e;
    int64_t mb;
    char buf[32];

    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        mb = -1;
        ok(size_parse_mb("--mem", sizes[i].text, &mb, &e) == 0, "%s is a size", sizes[i].text);
        is_int(mb, sizes[i].mb, "of so many MB, rounded up");
    }
    mb = 77;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        is_int(size_parse_mb("--mem", refused[i].text, &mb, &e), -1, "refused");
        is_str(e.text, refused[i].why, "and why");
        is_int(e.code, ERR_INVALID, "as wrong input");
    }
    for (size_t i = 0; i < sizeof nonsense / sizeof *nonsense; i++)
        ok(size_parse_mb("--mem", nonsense[i], &mb, &e) == -1, "refused: \"%s\"", nonsense[i]);
    is_int(mb, 77, "a refusal leaves the result alone");

    is_str(size_format_mb(512, buf, sizeof buf), "512 MB", "megabytes");
    is_str(size_format_mb(1536, buf, sizeof buf), "1.5 GB", "gigabytes with a decimal");
    is_str(size_format_mb(16384, buf, sizeof buf), "16 GB", "none where it would be 0");
    is_str(size_format_mb(3 << 20, buf, sizeof buf), "3 TB", "terabytes");
    return done_testing();
}
