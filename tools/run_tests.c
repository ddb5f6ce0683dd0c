// run_tests [-j JOBS] [-t] [-x LIST] COMMAND... -- PROGRAM...
//
// Runs all tests of the programs, which are those of tests/kit/test.h: without
// an argument a program prints the list of its tests, and with the name of a
// test it runs that one. Each test is a process of its own, "COMMAND... PROGRAM
// NAME". The command is time_limit, which kills a test that takes too long,
// with an emulator behind it if there is one; so a hang or a crash fails that
// test alone. JOBS of them run at once, 2 unless -j says how many.
//
// Shows each test that failed, with all that it printed, and each that was
// skipped (status 77), with the reason; with -t also how long each took. With
// -x a test that has a line "test PROGRAM NAME: REASON" in the list is left
// out, and that line is shown. When all tests of a program have ended, a line
// says so. The last line is "N passed, N failed", or "N passed, N failed, N
// skipped".

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    MOST_JOBS = 64,
    MOST_WORDS = 32,
    MOST_TESTS = 20000,
    MOST_LEFT_OUT = 200
};

typedef struct Program {
    const char *path;
    int tests, ended;
} Program;

typedef struct Test {
    Program *program;
    char *name;   // NULL: this one asks the program for its list
    char *words;  // a sentence that says what is tested
} Test;

// A test that runs, or nothing where pid is 0.
typedef struct Job {
    pid_t pid;
    Test test;
    FILE *output;  // a temporary file, deleted when it is closed
    struct timespec begun;
} Job;

// A line of the list of tests that are left out.
typedef struct LeftOut {
    char program[100], name[100], reason[200];
    bool found;
} LeftOut;

static LeftOut left_out[MOST_LEFT_OUT];
static int left_out_count;
static char **command;  // ends with NULL
static bool show_times;
static Test tests[MOST_TESTS];
static int count;
static Job jobs[MOST_JOBS];
static int running, passed, failed, skipped;

static _Noreturn void fail(const char *words)
{
    perror(words);
    exit(125);
}

static double seconds_since(struct timespec begun)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - begun.tv_sec) +
           (double)(now.tv_nsec - begun.tv_nsec) / 1e9;
}

// Running

// In the child: runs the test in its place, with the output in the file.
static _Noreturn void become(const Test *test, int output)
{
    char *words[MOST_WORDS + 3];
    int n = 0;
    for (; command[n]; n++)
        words[n] = command[n];
    words[n++] = (char *)test->program->path;
    words[n++] = test->name;
    words[n] = NULL;
    if (!freopen("/dev/null", "r", stdin) || dup2(output, STDOUT_FILENO) < 0 ||
        dup2(output, STDERR_FILENO) < 0)
        _exit(125);
    execvp(words[0], words);
    perror(words[0]);
    _exit(127);
}

static void start(Job *job, Test test)
{
    *job = (Job){ .test = test, .output = tmpfile() };
    if (!job->output)
        fail("tmpfile");
    clock_gettime(CLOCK_MONOTONIC, &job->begun);
    fflush(NULL);
    job->pid = fork();
    if (job->pid < 0)
        fail("fork");
    if (job->pid == 0)
        become(&test, fileno(job->output));
    running++;
}

// Waits for a test to end. Returns its job, with pid 0, and its status in
// *status.
static Job *finish(int *status)
{
    for (;;) {
        pid_t pid = wait(status);
        if (pid < 0 && errno != EINTR)
            fail("wait");
        for (Job *job = jobs; pid > 0 && job < jobs + MOST_JOBS; job++) {
            if (job->pid == pid) {
                job->pid = 0;
                running--;
                rewind(job->output);
                *status = WIFEXITED(*status) ? WEXITSTATUS(*status)
                                             : 128 + WTERMSIG(*status);
                return job;
            }
        }
    }
}

// Reporting

static void show_output(FILE *output)
{
    char line[4096];
    while (fgets(line, sizeof line, output))
        printf("    %s%s", line, strchr(line, '\n') ? "" : "\n");
}

static const char *file_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static void show(const char *verdict, const Job *job)
{
    printf("%s ", verdict);
    if (show_times)
        printf("%6.2f s ", seconds_since(job->begun));
    printf("%s %s: %s\n", file_name(job->test.program->path), job->test.name,
           job->test.words);
}

static void report(Job *job, int status)
{
    if (status == 0) {
        passed++;
        if (show_times)
            show("ok  ", job);
    } else if (status == 77) {
        skipped++;
        show("skip", job);
        show_output(job->output);
    } else {
        failed++;
        show("FAIL", job);
        show_output(job->output);
        printf("    status %d\n", status);
    }
    fclose(job->output);
}

static void report_next(void)
{
    int status;
    Job *job = finish(&status);
    report(job, status);
    Program *program = job->test.program;
    if (++program->ended == program->tests)
        printf("     %s: %d tests\n", file_name(program->path), program->tests);
}

// The list of tests

static void read_left_out(const char *path)
{
    char line[500];
    FILE *file = fopen(path, "r");
    if (!file)
        fail(path);
    while (left_out_count < MOST_LEFT_OUT && fgets(line, sizeof line, file)) {
        LeftOut *next = &left_out[left_out_count];
        left_out_count += sscanf(line, "test %99s %99[^:]: %199[^\n]",
                                 next->program, next->name, next->reason) == 3;
    }
    fclose(file);
}

static bool is_left_out(const Program *program, const char *name)
{
    for (LeftOut *one = left_out; one < left_out + left_out_count; one++) {
        if (strcmp(one->program, file_name(program->path)) != 0 ||
            strcmp(one->name, name) != 0)
            continue;
        one->found = true;
        printf("left out: %s %s: %s\n", one->program, one->name, one->reason);
        return true;
    }
    return false;
}

// A line of the list that fits no test of this program is out of date.
static void check_left_out(const Program *program)
{
    for (LeftOut *one = left_out; one < left_out + left_out_count; one++)
        if (!one->found && strcmp(one->program, file_name(program->path)) == 0)
            exit((fprintf(stderr, "%s has no test %s to leave out\n",
                          one->program, one->name),
                  125));
}

static void add(Program *program, char *line)
{
    char *tab = strchr(line, '\t');
    if (!tab || count == MOST_TESTS)
        exit(
            (fprintf(stderr, "%s: %s is no test\n", program->path, line), 125));
    *tab = '\0';
    tab[1 + strcspn(tab + 1, "\n")] = '\0';
    if (is_left_out(program, line))
        return;
    program->tests++;
    tests[count++] = (Test){ .program = program,
                             .name = strdup(line),
                             .words = strdup(tab + 1) };
}

// A program without tests, or one that cannot list them, counts as a test that
// failed.
static void list(Program *program)
{
    int status, before = count;
    start(&jobs[0], (Test){ .program = program });
    Job *job = finish(&status);
    char line[4096];
    while (status == 0 && fgets(line, sizeof line, job->output))
        add(program, line);
    if (count == before) {
        rewind(job->output);
        job->test.name = job->test.words = "has no tests";
        report(job, status ? status : 1);
    } else {
        fclose(job->output);
    }
    check_left_out(program);
}

static Job *free_job(void)
{
    Job *job = jobs;
    while (job->pid)
        job++;
    return job;
}

static int usage(void)
{
    fprintf(stderr, "usage: run_tests [-j JOBS] [-t] [-x LIST] COMMAND... -- "
                    "PROGRAM...\n");
    return 125;
}

int main(int argc, char *argv[])
{
    int at_once = 2, option;
    while ((option = getopt(argc, argv, "+j:tx:")) != -1)
        if (option == 'j')
            at_once = atoi(optarg);
        else if (option == 't')
            show_times = true;
        else if (option == 'x')
            read_left_out(optarg);
        else
            return usage();
    command = argv + optind;
    char **programs = command;
    while (*programs && strcmp(*programs, "--") != 0)
        programs++;
    if (programs == command || !*programs || programs - command > MOST_WORDS ||
        at_once < 1 || at_once > MOST_JOBS)
        return usage();
    *programs++ = NULL;

    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
    Program *all = calloc((size_t)argc, sizeof *all);
    if (!all)
        fail("calloc");
    for (int i = 0; programs[i]; i++) {
        all[i].path = programs[i];
        list(&all[i]);
    }
    for (int i = 0; i < count; i++) {
        if (running == at_once)
            report_next();
        start(free_job(), tests[i]);
    }
    while (running)
        report_next();
    free(all);

    printf("%d passed, %d failed", passed, failed);
    printf(skipped ? ", %d skipped\n" : "\n", skipped);
    return failed || !passed;
}
