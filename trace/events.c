// The words for the kinds of events in a file of events (events.h). The
// recorder writes them and the drawing tool reads them, so both link this one
// table.

#include "events.h"

const char *const event_words[EVENT_KINDS] = {
    [EVENT_START] = "start",     [EVENT_BEGIN] = "begin",
    [EVENT_END] = "end",         [EVENT_JOIN] = "join",
    [EVENT_POST] = "post",       [EVENT_RECEIVE] = "receive",
    [EVENT_SETTLE] = "settle",   [EVENT_AWAIT] = "await",
    [EVENT_NOTIFY] = "notify",   [EVENT_NOTIFIED] = "notified",
    [EVENT_WAIT] = "wait",       [EVENT_WAKE] = "wake",
    [EVENT_REFUSED] = "refused", [EVENT_CLOSE] = "close",
    [EVENT_CANCEL] = "cancel",   [EVENT_MAP] = "map",
    [EVENT_DIED] = "died",
};
