// SPDX-License-Identifier: MIT
#include "sim/decimal.h"
#include "tap.h"

/* The number in millionths, if the word is one and nothing else; NOT and FAR if not. */
#define NOT INT64_MIN
#define FAR INT64_MAX

static int64_t value(const char *word)
{
    char line[200];
    snprintf(line, sizeof line, "%s\n", word);
    const char *end = line;
    int64_t n = 0;
    enum decimal found = decimal_parse(&end, &n);
    if (found != DECIMAL_OK) {
        ok(end == line, "what is no number is not passed: %s", word);
        return found == DECIMAL_RANGE ? FAR : NOT;
    }
    return *end == '\n' ? n : NOT;
}

static const struct {
    const char *word;
    int64_t millionths;
    const char *what;
} cases[] = {
    {"0", 0, "nothing"},
    {"-0", 0, "nothing, with a sign"},
    {"7", 7000000, "a whole number"},
    {"-1", -1000000, "a negative one"},
    {"+3", 3000000, "a sign that changes nothing"},
    {"007", 7000000, "zeros before it"},
    {"00000000000000000000000000000005", 5000000, "many zeros before it"},
    {"999999999999", 999999999999000000, "twelve digits"},
    {"999999999999.999999", 999999999999999999, "the largest there is"},
    {"-999999999999.999999", -999999999999999999, "the smallest"},
    {"1000000000000", FAR, "thirteen digits"},
    {"-1000000000000", FAR, "thirteen digits below zero"},
    {"999999999999.9999999", FAR, "rounded to thirteen digits"},
    {"18446744073709551616", FAR, "more than 64 bits"},
    {"99999999999999999999999999999999999999", FAR, "far more"},
    {"81.19", 81190000, "a fraction"},
    {"1.00", 1000000, "a fraction of nothing"},
    {"5.", 5000000, "nothing behind the point"},
    {".5", 500000, "nothing before it"},
    {"-.25", -250000, "nothing between sign and point"},
    {"0.0000004", 0, "below half a millionth"},
    {"0.0000005", 1, "half a millionth is rounded up"},
    {"-0.0000005", -1, "or down below zero"},
    {"0.00000049999999999999999999", 0, "once, not digit by digit"},
    {"2.71828182845904523536028747135266249775724709", 2718282, "more digits than matter"},
    {"1e3", 1000000000, "an exponent"},
    {"1.5E+05", 150000000000, "a fraction with one"},
    {"25e-1", 2500000, "a negative one"},
    {"3e-400", 0, "one that leaves nothing"},
    {"0e999999999999999999999", 0, "nothing, many times"},
    {"1e12", FAR, "an exponent too large"},
    {"1e999999999999999999999", FAR, "one beyond all numbers"},
    {"1000000000000000000000e-18", 1000000000, "an exponent that makes it small again"},
    {"", NOT, "no word"},
    {"-", NOT, "a sign alone"},
    {".", NOT, "a point alone"},
    {"-.", NOT, "both"},
    {"e5", NOT, "an exponent alone"},
    {"1e", NOT, "an exponent that is not there"},
    {"1e+", NOT, "of which only the sign is"},
    {"--1", NOT, "two signs"},
    {"1.2.3", NOT, "two points"},
    {"1,5", NOT, "a comma"},
    {"0x10", NOT, "hexadecimal"},
    {"nan", NOT, "not a number, as it says"},
    {"inf", NOT, "infinity"},
    {"12abc", NOT, "letters behind it"},
};

int main(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        is_int(value(cases[i].word), cases[i].millionths, cases[i].what);
    return done_testing();
}
