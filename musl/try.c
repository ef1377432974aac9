// SPDX-License-Identifier: MIT
/* Tried when the build is configured: does the distribution's jansson work in a program with musl?
 */
#include <string.h>

#include <jansson.h>

#include "fortify.c"

int main(void)
{
    static const char text[] = "{\"a\":[1,-2.5,\"\\u20ac\",true,null]}";
    json_error_t why;
    json_t *value = json_loads(text, 0, &why);
    char *again = value ? json_dumps(value, JSON_COMPACT | JSON_ENSURE_ASCII) : NULL;
    json_t *packed = json_pack("{s:i, s:f}", "n", 7, "x", 0.5);
    char *numbers = packed ? json_dumps(packed, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
    json_t *bad = json_loads("{\"a\":", 0, &why);
    return !(again && strcmp(again, "{\"a\":[1,-2.5,\"\\u20AC\",true,null]}") == 0 && numbers &&
             strcmp(numbers, "{\"n\":7,\"x\":0.5}") == 0 && !bad && why.text[0]);
}
