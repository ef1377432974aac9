// SPDX-License-Identifier: MIT
#include "tap.h"
#include "util/number.h"

static const char *const nonsense[] = {"",
                                       " 1",
                                       "1 ",
                                       "+1",
                                       "x",
                                       "1x",
                                       "0x10",
                                       "1e3",
                                       "--1",
                                       "-",
                                       "1.5",
                                       "\xff",
                                       "٣",
                                       "9223372036854775808",
                                       "99999999999999999999999999"};
static const char *const no_decimals[] = {"",    ".",  "1..2", "1.2.3", "1e3", "0x1p3", "inf",
                                          "nan", "+1", " 1",   "1 ",    "-",   "-.",    "1,5"};

int main(void)
{
    struct err e;
    int64_t n = 77;
    double d = 7.5;

    is_int(number_parse("--cpus", "8", 1, 65536, &n, &e), 0, "a number is read");
    is_int(n, 8, "it is that number");
    is_int(number_parse("--cpus", "007", 1, 65536, &n, &e), 0,
           "leading zeros do not make it octal");
    is_int(n, 7, "007 is 7");
    is_int(number_parse("--priority", "-5", -10, 10, &n, &e), 0, "a negative number is read");
    is_int(n, -5, "-5 is -5");
    number_parse("n", "9223372036854775807", INT64_MIN, INT64_MAX, &n, &e);
    is_int(n, INT64_MAX, "the largest");
    number_parse("n", "-9223372036854775808", INT64_MIN, INT64_MAX, &n, &e);
    is_int(n, INT64_MIN, "the smallest");

    n = 77;
    is_int(number_parse("--cpus", "0", 1, 65536, &n, &e), -1, "what is below the range is refused");
    is_str(e.text, "--cpus 0: not a whole number from 1 to 65536", "and named");
    is_int(number_parse("--cpus", "65537", 1, 65536, &n, &e), -1, "so is what is above it");
    is_int(number_parse("--cpus", "-1", 1, 65536, &n, &e), -1, "so is a negative number");
    for (size_t i = 0; i < sizeof nonsense / sizeof *nonsense; i++)
        ok(number_parse("n", nonsense[i], INT64_MIN, INT64_MAX, &n, &e) == -1, "refused: \"%s\"",
           nonsense[i]);
    is_int(n, 77, "a refusal leaves the result alone");
    number_parse("--cpus", "\x1b[2J", 1, 2, &n, &e);
    is_str(e.text, "--cpus \\x1B[2J: not a whole number from 1 to 2",
           "a message does not pass on what a terminal would act upon");

    is_int(number_parse_decimal("s", "0.5", 0, 3600, &d, &e), 0, "a decimal is read");
    ok(d == 0.5, "0.5 is 0.5");
    is_int(number_parse_decimal("s", ".5", 0, 3600, &d, &e), 0, "the zero may be missing");
    is_int(number_parse_decimal("s", "2.", 0, 3600, &d, &e), 0, "so may the fraction");
    ok(d == 2, "2. is 2");
    is_int(number_parse_decimal("s", "-0.25", -1, 1, &d, &e), 0, "a negative decimal is read");
    ok(d == -0.25, "-0.25 is -0.25");
    is_int(number_parse_decimal("--poll-interval", "-1", 0, 3600, &d, &e), -1,
           "what is out of range is refused");
    is_str(e.text, "--poll-interval -1: not a number from 0 to 3600", "and named");
    for (size_t i = 0; i < sizeof no_decimals / sizeof *no_decimals; i++)
        ok(number_parse_decimal("n", no_decimals[i], -1e9, 1e9, &d, &e) == -1, "refused: \"%s\"",
           no_decimals[i]);
    return done_testing();
}
