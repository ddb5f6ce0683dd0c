// One run of the program: every room begins again, then main runs as thread 0.
//
// All state of a run is reset here and nowhere else, which makes the search
// stateless: a run depends only on its choices. A replay is the same run with
// the log of steps and the picture switched on, neither of which is a choice.

#include "run.h"

#include "base/give_up.h"
#include "drawing.h"
#include "model/history.h"
#include "model/program.h"
#include "model/shadow.h"
#include "model/sync.h"
#include "output.h"
#include "report.h"
#include "schedule/choice.h"
#include "schedule/point.h"
#include "schedule/steps.h"
#include "steps_print.h"

// choice_start comes after program_start, and output_start last: no choice may
// be used up, and no output captured, before main begins.
const char *run(void)
{
    finding_start();
    shadow_start();
    history_start();
    sync_start();
    program_start();
    choice_start();
    output_start();
    threads_run(program_main, NULL);
    return output_end();
}

static void replay_finding(const Finding *wrong)
{
    fputc('\n', report);
    report_finding(wrong);
}

static void replay(bool brief)
{
    steps_start(true);
    drawing_start(true);
    const char *output = run();
    steps_print(brief);
    if (!drawing_end())
        give_up("The events of the picture cannot be written to TRACE_FILE.");
    fprintf(report, "\nIt prints:\n%s", output);
    if (is_finding(&first_finding))
        replay_finding(&first_finding);
    if (is_finding(&finding))
        replay_finding(&finding);
}

void replay_seed(uint64_t seed, bool brief)
{
    choice_seed(seed, search_usual_length(run));
    replay(brief);
}

bool replay_schedule(const char *list, bool brief)
{
    if (!choice_given(list))
        return false;
    replay(brief);
    return true;
}
