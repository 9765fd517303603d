/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines of the log as they reach standard error: their shape, what is left out, what cannot be
 * written. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/log.h"

static int stderr_kept, ends[2];

static int catch_stderr(void **state)
{
    (void)state;
    stderr_kept = dup(STDERR_FILENO);
    if (pipe2(ends, O_NONBLOCK) != 0 || dup2(ends[1], STDERR_FILENO) < 0)
        return 1;
    log_process("worker 3");
    log_request(NULL);
    log_threshold(LOG_INFO_LEVEL);
    return 0;
}

static int give_stderr_back(void **state)
{
    (void)state;
    dup2(stderr_kept, STDERR_FILENO);
    close(stderr_kept);
    close(ends[0]);
    close(ends[1]);
    return 0;
}

/* What was written since the last call. */
static const char *told(void)
{
    static char text[128 * 1024];
    ssize_t n = read(ends[0], text, sizeof text - 1);
    text[n > 0 ? n : 0] = '\0';
    return text;
}

static void test_shape(void **state)
{
    (void)state;
    log_warn("store", "%s is away since %d s", "the database", 7);
    assert_string_equal(told(), "warn worker 3 store: the database is away since 7 s\n");
    log_request("abc123def456");
    log_error("pages", "x");
    assert_string_equal(told(), "error worker 3 abc123def456 pages: x\n");
    log_request(NULL);
    log_info("pages", "y");
    assert_string_equal(told(), "info worker 3 pages: y\n");
}

static void test_threshold(void **state)
{
    (void)state;
    static const struct {
        enum log_level least;
        const char *lines;
    } rows[] = {{LOG_DEBUG_LEVEL, "debug info warn error "},
                {LOG_INFO_LEVEL, "info warn error "},
                {LOG_WARN_LEVEL, "warn error "},
                {LOG_ERROR_LEVEL, "error "}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char got[64] = "", word[16];
        log_threshold(rows[i].least);
        log_debug("a", "b");
        log_info("a", "b");
        log_warn("a", "b");
        log_error("a", "b");
        for (const char *at = told(); sscanf(at, "%15s", word) == 1; at = strchr(at, '\n') + 1)
            snprintf(got + strlen(got), sizeof got - strlen(got), "%s ", word);
        assert_string_equal(got, rows[i].lines);
    }
}

static void test_nothing_forges_a_line(void **state)
{
    (void)state;
    log_warn("auth", "%s", "a\nerror worker 3 auth: forged\r\x1b[31m\x7f\xc2\x85\xff\xc3\xbc%n");
    assert_string_equal(told(),
                        "warn worker 3 auth: a\\x0aerror worker 3 auth: forged\\x0d\\x1b[31m"
                        "\\x7f\\xc2\\x85\\xff\xc3\xbc%n\n");
}

static void test_long_lines_end(void **state)
{
    (void)state;
    static char text[40000];
    memset(text, '\x01', sizeof text - 1);
    log_warn("auth", "%s", text);
    const char *line = told();
    size_t n = strlen(line);
    assert_true(n > 1000 && n <= 8192 && line[n - 1] == '\n');
    assert_null(memchr(line, '\n', n - 1));
}

/* A reader that hangs holds nobody up; how much it missed is told when it is there again. */
static void test_lost_lines_are_counted(void **state)
{
    (void)state;
    static char text[1000];
    unsigned long lost = 0, heard = 0;
    memset(text, 'x', sizeof text - 1);
    for (int i = 0; i < 200; i++)
        log_warn("a", "%s", text);
    for (const char *at = told(); (at = strchr(at, '\n')) != NULL; at++)
        heard++;
    assert_true(heard > 0 && heard < 200);
    log_warn("a", "b");
    const char *line = told();
    assert_int_equal(sscanf(line, "warn worker 3 log: %lu lines were lost\n", &lost), 1);
    assert_int_equal(lost + heard, 200);
    assert_string_equal(strchr(line, '\n') + 1, "warn worker 3 a: b\n");
    log_warn("a", "c");
    assert_string_equal(told(), "warn worker 3 a: c\n");
}

static void test_fatal_ends(void **state)
{
    (void)state;
    int status = 0;
    pid_t pid = fork();
    if (pid == 0)
        log_fatal("store", "no %s", "memory");
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 70);
    assert_string_equal(told(), "error worker 3 store: no memory\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_shape, catch_stderr, give_stderr_back),
        cmocka_unit_test_setup_teardown(test_threshold, catch_stderr, give_stderr_back),
        cmocka_unit_test_setup_teardown(test_nothing_forges_a_line, catch_stderr, give_stderr_back),
        cmocka_unit_test_setup_teardown(test_long_lines_end, catch_stderr, give_stderr_back),
        cmocka_unit_test_setup_teardown(test_lost_lines_are_counted, catch_stderr,
                                        give_stderr_back),
        cmocka_unit_test_setup_teardown(test_fatal_ends, catch_stderr, give_stderr_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
