// Runs a scenario again and again, each time with another call failing: fault
// injection by exhaustion (faults.h). Every run is a child process with a
// deadline; its verdict is its status and the one sentence that it prints.

#include "faults.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fail_nth.h"
#include "os/os_has.h"

// ThreadSanitizer takes ten times as long, and is here for what happens in
// other threads when one meets a fault: there every third use fails.
enum { SECONDS = 15, MOST_USES = 5000, STEP = THREAD_SANITIZER ? 3 : 1 };

typedef struct Run {
    void (*scenario)(void);
    FaultOptions options;
    FaultPlan plan;
    FaultReport *report;
    int status;
    char said[4096];
} Run;

// In the child.

static Run run;
static bool second_round;

bool fault_struck(void)
{
    return atomic_load(&run.report->struck) > 0 && !second_round;
}

bool fault_lasts(void)
{
    return fault_struck() && run.plan.used_up;
}

int fault_error(void)
{
    return fail_nth_error();
}

void let_calls_fail(bool fail)
{
    fail_nth_arm(fail && !second_round);
}

pthread_t start_thread(void *(*start)(void *), void *arg)
{
    return fail_nth_thread(start, arg);
}

void join_thread(pthread_t thread)
{
    fail_nth_join(thread);
}

void wait_for_sleepers(unsigned count)
{
    while (fail_nth_asleep() < count)
        sched_yield();
}

static char printed[4096];

FILE *paper_new(void)
{
    memset(printed, 0, sizeof printed);
    return fmemopen(printed, sizeof printed, "w");
}

const char *paper_read(FILE *paper)
{
    fflush(paper);
    return printed;
}

void paper_end(FILE *paper)
{
    fclose(paper);
}

// The last thing that is done at exit, because it was asked for first: what the
// library does at exit has been done.
static void look_for_leftovers(void)
{
    char text[400];
    if (fail_nth_leftovers(run.options.kept_blocks, text, sizeof text)) {
        fprintf(stderr, "left over: %s\n", text);
        _Exit(EXIT_FAILURE);
    }
}

static void *run_scenario(void *unused)
{
    run.scenario();
    return unused;
}

// In a thread, so that what the library keeps for each thread is given back.
static _Noreturn void be_child(int says)
{
    dup2(says, STDERR_FILENO);
    close(says);
    alarm(SECONDS);
    atexit(look_for_leftovers);

    fail_nth_arm(true);
    join_thread(start_thread(run_scenario, NULL));
    fail_nth_arm(false);
    second_round = true;
    join_thread(start_thread(run_scenario, NULL));
    fail_nth_arm(!run.options.in_another_process);
    exit(EXIT_SUCCESS);
}

// In the parent.

static void read_all(int from)
{
    size_t length = 0;
    ssize_t got = 0;
    while (length + 1 < sizeof run.said &&
           (got = read(from, run.said + length, sizeof run.said - 1 - length)) >
               0)
        length += (size_t)got;
    run.said[length] = '\0';
}

static void run_child(FaultPlan plan)
{
    int ends[2];
    fflush(NULL);
    CHECK(pipe(ends) == 0);
    memset(run.report, 0, sizeof *run.report);
    run.plan = plan;
    fail_nth_prepare(plan, run.report);
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        close(ends[0]);
        be_child(ends[1]);
    }
    close(ends[1]);
    read_all(ends[0]);
    close(ends[0]);
    CHECK(waitpid(child, &run.status, 0) == child);
}

static const char *const kinds[KINDS + 1] = {
    [MEMORY] = "memory",         [SPACE] = "address-space",
    [THREADS] = "threads",       [FILES] = "files",
    [RELEASES] = "releases",     [LOCKS] = "locks",
    [CONDITIONS] = "conditions", [SLEEPS] = "sleeps",
    [HOOKS] = "hooks",           [PRINTING] = "printing",
    [SYSTEM] = "system",         [KINDS] = "everything",
};

static _Noreturn void complain(const char *what)
{
    const FaultPlan *plan = &run.plan;
    const char *call = plan->id < FAULT_IDS ? faults[plan->id].call : "nothing";
    fprintf(stderr, "%s, use %u%s: %s: status %#x, said: %s\n",
            plan->used_up ? kinds[plan->kind] : call, plan->nth,
            plan->used_up ? " and all later ones" : "", what,
            (unsigned)run.status, run.said);
    exit(EXIT_FAILURE);
}

static bool may_go_on(void)
{
    const FaultPlan *plan = &run.plan;
    if (plan->used_up && plan->kind == THREADS)
        return run.options.threads_may_fail;
    if (plan->id == FAULT_MAP)
        return run.options.maps_may_fail;
    return plan->used_up ? plan->kind != MEMORY
                         : faults[plan->id].outcome == GOES_ON;
}

static bool may_die(void)
{
    return !may_go_on() || (run.plan.used_up && run.plan.kind != THREADS);
}

// Runs that went on, and runs that died.
typedef struct Tally {
    unsigned died, went_on;
} Tally;

// Returns whether the call was used that often, and failed.
static bool try_fault(FaultPlan plan, Tally *tally)
{
    run_child(plan);
    bool struck = atomic_load(&run.report->struck) > 0;
    bool silent = run.said[0] == '\0';
    bool has_died = struck && !silent;
    int expected = has_died && !run.options.in_another_process ? 1 : 0;
    if (!WIFEXITED(run.status) || WEXITSTATUS(run.status) != expected)
        complain("ended badly");
    if (!silent && (!struck || !fail_says_why(run.said, run.options.inside,
                                              run.options.says)))
        complain("did not say what it should");
    if (has_died && !may_die())
        complain("should have gone on");
    if (struck && !has_died && !may_go_on())
        complain("should have died");
    tally->died += has_died;
    tally->went_on += struck && !has_died;
    return struck;
}

static Tally try_every_use(FaultPlan plan)
{
    Tally tally = { 0, 0 };
    for (plan.nth = 1; try_fault(plan, &tally); plan.nth += STEP)
        if (plan.nth > MOST_USES)
            complain("there is no end of it");
    return tally;
}

static void print(const char *call, const char *kind, Tally tally)
{
    if (tally.died + tally.went_on > 0)
        printf("%-30s %-14s %5u died %5u went on\n", call, kind, tally.died,
               tally.went_on);
}

static void prepare(void (*scenario)(void), FaultOptions options)
{
    const char *emulator = getenv("RUNNER");
    if (emulator && *emulator)
        test_skip("a child process cannot start threads in this emulator");
    run.scenario = scenario;
    run.options = options;
    run.report = mmap(NULL, sizeof *run.report, PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(run.report != MAP_FAILED);
}

// Each call alone.
static unsigned try_calls(void)
{
    unsigned total = 0;
    bool used[FAULT_IDS];
    for (int i = 0; i < FAULT_IDS; i++)
        used[i] = run.report->uses[i] > 0;
    used[FAULT_MENDING] = used[FAULT_OWNER_DIED];
#ifdef PRINTF_CANNOT_FAIL  // as the compiler sees it, with these formats
    printf("vsnprintf is not tried in this build\n");
    used[FAULT_FORMAT] = false;
#endif
    for (FaultId id = 0; id < FAULT_IDS; id++) {
        if (!used[id])
            continue;
        Tally tally = try_every_use((FaultPlan){ .id = id });
        print(faults[id].call, kinds[faults[id].kind], tally);
        total += tally.died + tally.went_on;
    }
    return total;
}

static void use_up(FaultKind kind)
{
    FaultPlan plan = { .id = FAULT_IDS, .used_up = true, .kind = kind };
    char words[40];
    snprintf(words, sizeof words, "used-up:%s", kinds[kind]);
    print(words, "used-up", try_every_use(plan));
}

void try_faults(void (*scenario)(void), FaultOptions options)
{
    Tally none = { 0, 0 };
    prepare(scenario, options);
    CHECK(!try_fault((FaultPlan){ .id = FAULT_IDS }, &none));
    if (!OS_HAS_GETENTROPY && run.report->uses[FAULT_OPEN_FILE] > 0)
        test_skip("random numbers come from a file here: other calls fail");
    CHECK(try_calls() > 0);
    for (FaultKind kind = 0; kind <= CAN_BE_USED_UP; kind++)
        use_up(kind);
    use_up(KINDS);
}
