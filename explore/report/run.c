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
        give_up("What is to be drawn cannot be written.");
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
