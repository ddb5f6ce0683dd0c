#!/usr/bin/env bats
# The events that make trace records: programs of this file, in a copy of the
# project. How it is drawn is another test's matter.
# shellcheck disable=SC2030,SC2031  # each test has its own $events

# ROUNDS: how often what depends on the order is repeated.
: "${ROUNDS:=10}"

setup_file() {
    ROOT=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
    COPY=$BATS_FILE_TMPDIR/copy
    export ROOT COPY
    mkdir -p "$COPY/3_workers_communication" "$COPY/programs"
    cp -R "$ROOT/common" "$ROOT/tools" "$ROOT/trace" "$COPY"
    cp "$ROOT"/3_workers_communication/*.[ch] \
        "$ROOT"/3_workers_communication/Makefile "$COPY/3_workers_communication"
    cd "$COPY/programs" || exit
    write_programs
    {
        echo "EXTRAS = $(echo *.c | sed 's/main\.c//; s/\.c//g')"
        echo 'ROOT := ..'
        # shellcheck disable=SC2016
        echo 'include $(ROOT)/tools/make/lesson.mk'
    } >Makefile
    limited make --silent SAN=trace programs
    limited make --silent -C .. -f tools/make/library.mk draw
}

setup() {
    cd "$COPY/programs" || exit
    events=
}

path=$(tr : '\n' <<<"$PATH" | grep -v bats-core | paste -sd : -)

# As in make.bats: a fresh environment, and an outside deadline.
limited() {
    # shellcheck disable=SC2153
    env -i PATH="$path" HOME="$HOME" LC_ALL="${LC_ALL-}" "${LIMIT% *}" 120 "$@"
}

write_programs() {
    echo 'int main(void) { return 0; }' >main.c
    cat >died.c <<'END'
#include "worker_threads.h"
static void idle(WorkerContext *self)
{
    Message msg;
    while (port_receive(self->parent_port, &msg))
        continue;
}
int main(void)
{
    Worker *worker = worker_start(idle, NULL);
    port_post(worker->port, "one");
    port_close(&worker->port);
    port_post(worker->port, "two");
}
END
    cat >forks.c <<'END'
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "shared_map.h"
#include "worker_threads.h"
static SharedMap *map;
static atomic_bool enough;
static void count(WorkerContext *self)
{
    (void)self;
    while (!atomic_load(&enough))
        shared_map_add(map, "n", 1, NULL);
}
static void use_own_map(void)
{
    SharedMap *own = shared_map_new();
    alarm(5);
    shared_map_add(own, "in a child", 1, NULL);
    shared_map_free(&own);
    exit(0);
}
int main(void)
{
    int failed = 0, status;
    map = shared_map_new();
    Worker *worker = worker_start(count, NULL);
    for (int i = 0; i < 10; i++) {
        if (fork() == 0)
            use_own_map();
        wait(&status);
        failed += status != 0;
    }
    atomic_store(&enough, true);
    worker_join(&worker);
    shared_map_free(&map);
    return failed;
}
END
    cat >exits.c <<'END'
#include <stdlib.h>

#include "worker_threads.h"
static void leave(WorkerContext *self)
{
    port_post(self->parent_port, "bye");
    exit(7);
}
int main(void)
{
    Worker *worker = worker_start(leave, NULL);
    Message msg;
    port_receive(worker->port, &msg);
    worker_join(&worker);
}
END
    cat >odd.c <<'END'
#include "worker_threads.h"
int main(void)
{
    Port *near, *far;
    Message msg;
    channel_open(&near, &far);
    port_post(near, "tab\there, line\nend, back\\slash \x01\x7f");
    port_post(near, "no UTF-8: \xff \xc3( \xed\xa0\x80, but \xc3\xa4 and \xe2\x82\xac");
    port_post_bytes(near, "a\0b", 3);
    port_postf(near, "%5000d", 1);
    port_post(near, "");
    for (int i = 0; i < 5; i++)
        port_receive(far, &msg);
    port_close(&far);
    port_postf(near, "a %s", "refused one");
    port_post(near, "and another");
    port_close(&near);
}
END
    cat >moved.c <<'END'
#include "worker_threads.h"
static void answer(WorkerContext *self)
{
    Message msg;
    port_receive(self->parent_port, &msg);
    Port *line = port_move(&msg.port);
    port_post(line, "got it");
    port_close(&line);
}
int main(void)
{
    Port *mine, *yours;
    Message msg;
    channel_open(&mine, &yours);
    Worker *worker = worker_start(answer, NULL);
    port_post_port(worker->port, &yours, "take this");
    port_receive(mine, &msg);
    worker_join(&worker);
    port_close(&mine);
}
END
    cat >pingpong.c <<'END'
#include "worker_threads.h"
static void echo(WorkerContext *self)
{
    Message msg;
    while (port_receive(self->parent_port, &msg))
        port_post(self->parent_port, msg.text);
}
int main(void)
{
    Worker *workers[3];
    Port *ports[3];
    Message msg;
    for (int i = 0; i < 3; i++) {
        workers[i] = worker_start(echo, NULL);
        ports[i] = workers[i]->port;
        for (int j = 0; j < 100; j++)
            port_postf(ports[i], "%d", j);
    }
    for (int i = 0; i < 300; i++)
        port_select(ports, 3, &msg);
    for (int i = 0; i < 3; i++)
        worker_join(&workers[i]);
}
END
    cat >tasks.c <<'END'
#include <pthread.h>

#include "atomics.h"
#include "pool.h"
#include "queue.h"
#include "shared_map.h"
#include "worker_threads.h"
static _Atomic int32_t word;
static void square(Task *self)
{
    long long n = *(const int *)self->args;
    task_return(self, value_int(n * n));
}
static void fail(Task *self)
{
    task_return_error(self, "on purpose");
}
static void leave(Task *self)
{
    (void)self;
    pthread_exit(NULL);
}
static void wait_on(WorkerContext *self)
{
    (void)self;
    while (atomic_load(&word) == 0)
        atomics_wait(&word, 0);
    atomics_wait_until(&word, 1, deadline_in_ms(1));
    worker_fail(self, "as was said");
}
static void send(WorkerContext *self)
{
    queue_send(self->worker_data, "x");
    queue_close(self->worker_data);
}
static void count(WorkerContext *self)
{
    for (int i = 0; i < 100; i++)
        shared_map_add(self->worker_data, "count", 1, NULL);
}
static void use_futures(void)
{
    Future *futures[] = { future_start(square, &(int){ 99 }, sizeof(int)),
                          future_start(fail, NULL, 0),
                          future_start(leave, NULL, 0) };
    Value last = future_await_all(futures, 3, NULL);
    last = future_await_any(futures, 3, NULL);
    last = future_await(futures[2]);
    if (last.type != VALUE_NONE)
        abort();
    future_join_all(futures, 3);
}
static void use_pool(void)
{
    Pool *pool = pool_new(2);
    Future *futures[50];
    for (int i = 0; i < 50; i++)
        futures[i] = pool_start(pool, square, &i, sizeof i);
    future_cancel(futures[49]);
    for (int i = 0; i < 50; i++)
        if (future_await(futures[i]).type == VALUE_NONE)
            abort();
    future_join_all(futures, 50);
    pool_join(&pool);
}
static void use_map(void)
{
    SharedMap *map = shared_map_new();
    Worker *one = worker_start(count, shared_map_buffer(map));
    Worker *two = worker_start(count, shared_map_buffer(map));
    worker_join(&one);
    worker_join(&two);
    shared_map_set_text(map, "name", "a\tb");
    shared_map_compare_and_set(map, "count", value_int(200), value_none());
    shared_map_clear(map);
    shared_map_free(&map);
}
int main(void)
{
    use_futures();
    use_pool();
    use_map();
    Worker *worker = worker_start(wait_on, NULL);
    atomic_store(&word, 1);
    atomics_notify(&word, 1);
    Queue *queue = queue_new(0, 1);
    Worker *sender = worker_start(send, queue);
    char item;
    while (queue_receive(queue, &item))
        continue;
    worker_join(&sender);
    queue_free(&queue);
    worker_join(&worker);
}
END
    cat >stuck.c <<'END'
#include "worker_threads.h"
static void wait_too(WorkerContext *self)
{
    Message msg;
    port_receive(self->parent_port, &msg);
}
int main(void)
{
    Worker *worker = worker_start(wait_too, NULL);
    Message msg;
    port_receive(worker->port, &msg);
    worker_join(&worker);
}
END
}

# trace PROGRAM STATUS: runs it; the events are in $events, and are sound.
trace() {
    events=build/trace/$1.events
    run limited make trace PROGRAM="$1"
    echo "$output"
    [ "$status" -eq "$2" ]
    awk -f "$ROOT/tests/pictures/trace_check.awk" "$events"
}

# has N KIND PLACE OBJECT TEXT MORE: there are so many such events. An empty
# field is one that does not matter; - is an empty one.
has() {
    local found
    found=$(awk -F '\t' -v kind="$2" -v place="$3" -v object="$4" \
        -v text="${5//\\/\\\\}" -v more="${6//\\/\\\\}" '
        function is(field, wanted) {
            return wanted == "" || field == wanted || (wanted == "-" && field == "")
        }
        $4 == kind && is($6, place) && is($7, object) && is($8, text) &&
            is($9, more)' "$events" | wc -l)
    [ "$found" -eq "$1" ] || { cat "$events"; echo "$found times: $*"; false; }
}

@test "trace: example 3 says who told whom what, where" {
    cd ../3_workers_communication
    events=build/trace/main.events
    run limited make trace
    echo "$output"
    [ "$status" -eq 0 ]
    [ "${lines[0]}" = "W1 received from M: Hello from Main thread!" ]
    awk -f "$ROOT/tests/pictures/trace_check.awk" "$events"
    has 1 start main.c:8 worker_1 - port1
    has 1 start main.c:9 worker_2 - port2
    has 3 post "" "" "" -
    has 1 post main.c:11 "worker1->port" "Hello from Main thread!" -
    has 1 receive worker_1.c:14 parent_port "Hello from Main thread!" -
    has 1 post worker_1.c:17 port1 "You done w/ the laundry?" -
    has 1 receive worker_2.c:10 port2 "You done w/ the laundry?" -
    has 1 post worker_2.c:12 port2 "No, not yet!" -
    has 1 receive worker_1.c:14 port1 "No, not yet!" -
    has 1 close worker_1.c:25 port1 - -
    has 1 join main.c:13 worker_1 - -
    has 3 end - - - -
}

@test "trace: a normal build has nothing of it" {
    limited make --silent programs
    for program in build/died $(find ../build/objects -name "*.o"); do
        if nm "$program" | grep ' common_traced_'; then return 1; fi
    done
    limited make --silent SAN=trace programs
    nm build/trace/died | grep -q ' common_traced_post$'
}

@test "trace: a program that dies is drawn, and make says that it failed" {
    trace died 2
    [[ "$output" = *"died.c:13: port_post: this port was closed or moved away"* ]]
    has 1 died died.c:13 - "port_post: this port was closed or moved away" -
    has 1 close died.c:12 "worker->port" - -
    # Main's last words; it has no other end.
    [ "$(awk -F '\t' '$3 == 1 { last = $4 } END { print last }' "$events")" = died ]
}

@test "trace: an exit in a thread is its end" {
    trace exits 2
    has 1 post exits.c:6 parent_port bye -
    # Main may be at its own words at the same time.
    [ "$(awk -F '\t' '$3 == 2 { last = $4 } END { print last }' "$events")" = end ]
    has 1 end "" "" "" ""
}

@test "trace: the children of a program that forks go on, and are not drawn" {
    trace forks 0
    if grep -q 'in a child' "$events"; then return 1; fi
    has 2 end "" "" "" ""
}

@test "trace: a program that is stuck is drawn as far as it came" {
    trace stuck 2
    [[ "$output" = *"Stuck: all threads wait"* ]]
    [[ "$output" = *"Error 3"* ]]
    has 1 wait stuck.c:11 - "for a message on worker->port" -
    has 1 wait stuck.c:5 - "for a message on parent_port" -
    has 0 wake "" "" "" ""
}

@test "trace: odd bytes are written so that a line is an event" {
    trace odd 0
    has 1 post odd.c:7 near 'tab\x09here, line\x0Aend, back\x5Cslash \x01\x7F' -
    has 1 receive odd.c:13 far 'tab\x09here, line\x0Aend, back\x5Cslash \x01\x7F' -
    has 1 post odd.c:8 near 'no UTF-8: \xFF \xC3( \xED\xA0\x80, but ä and €' -
    has 1 post odd.c:9 near 'a\x00b' -
    has 1 post odd.c:11 near - -
    # A long one is cut.
    [ "$(awk -F '\t' '$8 ~ /^  .*\.\.\.$/' "$events" | wc -l)" -eq 2 ]
}

@test "trace: what was refused is no message on its way" {
    trace odd 0
    has 1 refused odd.c:15 near "a refused one" -
    has 1 refused odd.c:16 near "and another" -
    has 5 post "" "" "" ""
    has 5 receive "" "" "" ""
}

@test "trace: a port that moves is known at both ends" {
    trace moved 0
    has 1 post moved.c:16 "worker->port" "take this" yours
    has 1 receive moved.c:5 parent_port "take this" yours
    has 1 post moved.c:7 line "got it" -
    has 1 close moved.c:8 line - -
    has 1 receive moved.c:17 mine "got it" -
}

@test "trace: no message is received before it is posted, in any run" {
    trace pingpong 0
    for ((i = 0; i < ROUNDS; i++)); do
        TRACE_FILE=$PWD/pingpong.events limited env \
            TRACE_FILE="$PWD/pingpong.events" build/trace/pingpong
        awk -f "$ROOT/tests/pictures/trace_check.awk" pingpong.events
        events=pingpong.events
        has 600 receive "" "" "" ""
    done
}

@test "trace: futures, pools, words, queues and maps, in any run" {
    trace tasks 0
    for ((i = 0; i < ROUNDS; i++)); do
        limited env TRACE_FILE="$PWD/tasks.events" build/trace/tasks
        events=tasks.events
        awk -f "$ROOT/tests/pictures/trace_check.awk" $events
        has 1 start tasks.c:43 square - -
        has 1 start tasks.c:44 fail - -
        has 1 settle tasks.c:12 square 9801 -
        has 1 settle tasks.c:16 fail "on purpose" -
        has 1 join tasks.c:51 leave - -
        has 50 post tasks.c:58 pool square -
        [ "$(awk -F '\t' '$4 == "await"' $events | wc -l)" -ge 53 ]
        has 1 close tasks.c:34 worker_data - -
        has 1 join tasks.c:93 "wait_on" "as was said" -
        has 1 map tasks.c:73 map "set name" 'a\x09b'
        # Each adds to what is there: the sums are in the order of the events.
        awk -F '\t' '$8 == "add 1 to count" && $9 != ++sum { bad = 1 }
            END { exit bad || sum != 200 }' $events
    done
}

@test "trace: a packed folder can draw itself" {
    cd ../3_workers_communication
    : >README.md
    touch test.bats expected.txt
    cp "$ROOT/LICENSE" .
    limited make --silent pack
    tar -xzf 3_workers_communication.tar.gz -C "$BATS_TEST_TMPDIR"
    cd "$BATS_TEST_TMPDIR/3_workers_communication"
    run limited make trace
    echo "$output"
    [ "$status" -eq 0 ]
    [[ "$output" = *"W1 received from W2: No, not yet!"* ]]
    [ -s trace.mmd ]
    run limited make help
    [[ "$output" = *"make trace "* ]]
    limited make clean
    [ ! -e trace.mmd ] && [ ! -e trace.html ] && [ ! -e trace.json ]
}
