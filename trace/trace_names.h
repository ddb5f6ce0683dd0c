// The prefix of the names that the recorder adds to a traced library. Its hooks
// are in common/base/trace_hooks.h; base/names.h says why there is a prefix.

#ifndef TRACE_NAMES_H
#define TRACE_NAMES_H

// events.c
#define event_words common_event_words

// record/record.c
#define record_call common_record_call
#define record_exit common_record_exit
#define record_here common_record_here
#define record_in common_record_in
#define record_main common_record_main
#define record_with common_record_with
#define record_words common_record_words
#define traced_begin common_traced_begin
#define traced_call common_traced_call
#define traced_close common_traced_close
#define traced_died common_traced_died
#define traced_end common_traced_end
#define traced_falls_asleep common_traced_falls_asleep
#define traced_join common_traced_join
#define traced_open common_traced_open
#define traced_post common_traced_post
#define traced_posted common_traced_posted
#define traced_receive common_traced_receive
#define traced_refuse common_traced_refuse
#define traced_start_worker common_traced_start_worker
#define traced_wait_for_end common_traced_wait_for_end
#define traced_wait_for_ports common_traced_wait_for_ports
#define traced_wake common_traced_wake

// record/record_events.c
#define record_copy common_record_copy
#define record_event common_record_event
#define record_event_at common_record_event_at
#define record_forget common_record_forget
#define record_last_of common_record_last_of
#define record_text common_record_text
#define record_write common_record_write

// record/record_names.c
#define call_argument common_call_argument
#define lane_begin common_lane_begin
#define lane_end common_lane_end
#define lane_forget common_lane_forget
#define lane_has_begun common_lane_has_begun
#define lane_has_ended common_lane_has_ended
#define lane_name common_lane_name
#define lane_new common_lane_new
#define lane_next common_lane_next
#define lane_of common_lane_of
#define names_forget common_names_forget
#define names_link common_names_link
#define port_name common_port_name
#define thing_forget common_thing_forget
#define thing_is_port common_thing_is_port
#define thing_name common_thing_name
#define thing_named common_thing_named
#define thing_note common_thing_note
#define thing_noted common_thing_noted
#define thing_receive common_thing_receive
#define thing_send common_thing_send
#define thing_unsend common_thing_unsend

// record/record_tasks.c
#define record_value common_record_value
#define traced_await common_traced_await
#define traced_cancel common_traced_cancel
#define traced_join_pool common_traced_join_pool
#define traced_join_task common_traced_join_task
#define traced_ran common_traced_ran
#define traced_run common_traced_run
#define traced_settle common_traced_settle
#define traced_start_in_pool common_traced_start_in_pool
#define traced_start_pool_thread common_traced_start_pool_thread
#define traced_start_task common_traced_start_task
#define traced_wait_for_futures common_traced_wait_for_futures
#define traced_wait_for_pool common_traced_wait_for_pool
#define traced_wait_for_task common_traced_wait_for_task

// record/record_threads.c
#define record_enter common_record_enter
#define record_leave common_record_leave
#define record_map_enter common_record_map_enter
#define record_map_leave common_record_map_leave
#define record_now common_record_now
#define record_steps common_record_steps
#define traced_write common_traced_write

// record/record_words.c
#define traced_add common_traced_add
#define traced_close_queue common_traced_close_queue
#define traced_free_map common_traced_free_map
#define traced_map common_traced_map
#define traced_map_call common_traced_map_call
#define traced_map_moment common_traced_map_moment
#define traced_notified common_traced_notified
#define traced_notify common_traced_notify
#define traced_notify_nobody common_traced_notify_nobody
#define traced_set common_traced_set
#define traced_share_map common_traced_share_map
#define traced_wait_for common_traced_wait_for
#define traced_wait_for_notify common_traced_wait_for_notify

#endif
