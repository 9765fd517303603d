/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The floor: what a page costs before anybody has done anything for it. Two processes with libfcgi that send
 * the statements of the recipe of the page asked for, prepared and with the same values as the program sent them,
 * take every row, and answer with the bytes the program answered. No rights, no model, no renderer.
 *     floor SOCKET RECIPES DB_SOCKET PASSWORD PROCESSES
 * RECIPES (recipe.py): "P keylen statements answerlen\n" key answer, then for each statement "S sqllen values\n"
 * sql and for each value "V type length\n" bytes; type: i (a number), t (bytes), n (NULL). The key is the
 * URI, a blank and "json" or "html". */
#include <assert.h>
#include <fcgiapp.h>
#include <mysql.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    PAGES_MAX = 256,
    STATEMENTS_MAX = 32,
    VALUES_MAX = 32,
    COLUMNS_MAX = 64,
    COLUMN_SIZE = 4096,
    PREPARED_MAX = 256,
    PROCESSES_MAX = 16
};

struct statement {
    char *sql;
    size_t values_n;
    long long numbers[VALUES_MAX];
    unsigned long lengths[VALUES_MAX];
    MYSQL_BIND values[VALUES_MAX];
    MYSQL_STMT *handle;
};

static struct page {
    char *key, *answer;
    size_t answer_n, statements_n;
    struct statement statements[STATEMENTS_MAX];
} pages[PAGES_MAX];
static size_t pages_n;

static MYSQL *db;
static struct {
    const char *sql;
    MYSQL_STMT *handle;
} prepared[PREPARED_MAX];
static size_t prepared_n;
static MYSQL_BIND columns[COLUMNS_MAX];
static char column_bytes[COLUMNS_MAX][COLUMN_SIZE];

static void die(const char *what, const char *why)
{
    fprintf(stderr, "floor: %s: %s\n", what, why);
    exit(1);
}

static char *take(FILE *f, size_t n)
{
    char *bytes = calloc(1, n + 1);
    if (bytes == NULL || fread(bytes, 1, n, f) != n)
        die("recipes", "too short");
    return bytes;
}

static void read_value(FILE *f, struct statement *s, size_t i)
{
    char type;
    size_t n;
    if (fscanf(f, "V %c %zu", &type, &n) != 2 || fgetc(f) != '\n')
        die("recipes", "no value");
    char *bytes = take(f, n);
    s->lengths[i] = n;
    s->numbers[i] = atoll(bytes);
    s->values[i].buffer_type = type == 'i'   ? MYSQL_TYPE_LONGLONG
                               : type == 't' ? MYSQL_TYPE_STRING
                                             : MYSQL_TYPE_NULL;
    s->values[i].buffer = type == 'i' ? (void *)&s->numbers[i] : bytes;
    s->values[i].buffer_length = n;
    s->values[i].length = &s->lengths[i];
}

static void read_recipes(const char *path)
{
    FILE *f = fopen(path, "rb");
    size_t key_n, statements_n, answer_n, sql_n, values_n;
    if (f == NULL)
        die("recipes", path);
    while (fscanf(f, "P %zu %zu %zu", &key_n, &statements_n, &answer_n) == 3 && fgetc(f) == '\n') {
        assert(pages_n < PAGES_MAX && statements_n <= STATEMENTS_MAX);
        struct page *p = &pages[pages_n++];
        p->key = take(f, key_n);
        p->answer = take(f, answer_n);
        p->answer_n = answer_n;
        p->statements_n = statements_n;
        for (size_t i = 0; i < statements_n; i++) {
            struct statement *s = &p->statements[i];
            if (fscanf(f, "S %zu %zu", &sql_n, &values_n) != 2 || fgetc(f) != '\n' ||
                values_n > VALUES_MAX)
                die("recipes", "no statement");
            s->sql = take(f, sql_n);
            s->values_n = values_n;
            for (size_t v = 0; v < values_n; v++)
                read_value(f, s, v);
        }
    }
    fclose(f);
}

static void join(const char *socket, const char *password)
{
    db = mysql_init(NULL);
    mysql_options(db, MYSQL_SET_CHARSET_NAME, "utf8mb4");
    if (mysql_real_connect(db, NULL, "mailadmin", password, "mailboy", 0, socket, 0) == NULL)
        die("connect", mysql_error(db));
    static const char *const session[] = {"SET NAMES utf8mb4 COLLATE utf8mb4_bin",
                                          "SET SESSION time_zone = '+00:00'",
                                          "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED"};
    for (size_t i = 0; i < sizeof session / sizeof *session; i++)
        if (mysql_query(db, session[i]) != 0)
            die(session[i], mysql_error(db));
    for (size_t i = 0; i < COLUMNS_MAX; i++)
        columns[i] = (MYSQL_BIND){.buffer_type = MYSQL_TYPE_STRING,
                                  .buffer = column_bytes[i],
                                  .buffer_length = COLUMN_SIZE};
}

static MYSQL_STMT *prepare(const char *sql)
{
    for (size_t i = 0; i < prepared_n; i++)
        if (strcmp(prepared[i].sql, sql) == 0)
            return prepared[i].handle;
    assert(prepared_n < PREPARED_MAX);
    MYSQL_STMT *handle = mysql_stmt_init(db);
    if (mysql_stmt_prepare(handle, sql, strlen(sql)) != 0)
        die(sql, mysql_stmt_error(handle));
    prepared[prepared_n].sql = sql;
    prepared[prepared_n++].handle = handle;
    return handle;
}

static void run(struct statement *s)
{
    if (s->handle == NULL)
        s->handle = prepare(s->sql);
    if ((s->values_n > 0 && mysql_stmt_bind_param(s->handle, s->values) != 0) ||
        mysql_stmt_execute(s->handle) != 0)
        die(s->sql, mysql_stmt_error(s->handle));
    if (mysql_stmt_field_count(s->handle) == 0)
        return;
    assert(mysql_stmt_field_count(s->handle) <= COLUMNS_MAX);
    mysql_stmt_bind_result(s->handle, columns);
    if (mysql_stmt_store_result(s->handle) != 0)
        die(s->sql, mysql_stmt_error(s->handle));
    int end;
    while ((end = mysql_stmt_fetch(s->handle)) == 0 || end == MYSQL_DATA_TRUNCATED)
        ;
    mysql_stmt_free_result(s->handle);
}

static void answer(FCGX_Request *r)
{
    const char *uri = FCGX_GetParam("REQUEST_URI", r->envp),
               *accept = FCGX_GetParam("HTTP_ACCEPT", r->envp);
    char key[2048];
    snprintf(key, sizeof key, "%s %s", uri ? uri : "",
             accept && strstr(accept, "json") ? "json" : "html");
    for (size_t i = 0; i < pages_n; i++) {
        if (strcmp(pages[i].key, key) != 0)
            continue;
        for (size_t s = 0; s < pages[i].statements_n; s++)
            run(&pages[i].statements[s]);
        FCGX_PutStr(pages[i].answer, (int)pages[i].answer_n, r->out);
        return;
    }
    FCGX_PutS("Status: 404 Not Found\r\n\r\n", r->out);
}

static int work(int door, char **argv)
{
    FCGX_Request r;
    join(argv[3], argv[4]);
    FCGX_InitRequest(&r, door, 0);
    while (FCGX_Accept_r(&r) >= 0) {
        answer(&r);
        FCGX_Finish_r(&r);
    }
    return 0;
}

int main(int argc, char **argv)
{
    if (argc != 6)
        die("usage", "floor SOCKET RECIPES DB_SOCKET PASSWORD PROCESSES");
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    read_recipes(argv[2]);
    FCGX_Init();
    int door = FCGX_OpenSocket(argv[1], 511), n = atoi(argv[5]);
    for (int i = 0; i < n && i < PROCESSES_MAX; i++) {
        if (fork() == 0) {
            prctl(PR_SET_PDEATHSIG, SIGTERM);
            return work(door, argv);
        }
    }
    while (wait(NULL) > 0)
        ;
    return 0;
}
