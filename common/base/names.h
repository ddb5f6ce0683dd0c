// The library's own names, which a program does not see.
//
// A C program has one name space for the external functions and variables of
// all its files and libraries. So each one of the library that no public header
// declares gets the prefix common_ here, for the compiler, the linker and the
// debugger, and the sources stay readable. Every .c file and every private
// header of the library includes this file before all others; a public header
// never does. A test (tests/surface.bats) looks at what nm shows.

#ifndef COMMON_NAMES_H
#define COMMON_NAMES_H

// What a C library declares beyond C itself, also with -std=c11: glibc and
// musl, and macOS in a program that asks for POSIX alone.
#ifndef _DEFAULT_SOURCE
#define _DEFAULT_SOURCE
#endif
#ifndef _DARWIN_C_SOURCE
#define _DARWIN_C_SOURCE
#endif

#include "call_site.h"  // first: it says where the library cannot be compiled

// The types and the memory functions that the private headers use.
#include <stdalign.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

// channel.c
#define channel_open_for common_channel_open_for
#define port_claim common_port_claim
#define port_wake common_port_wake

// channel_report.c
#define report_open_channel common_report_open_channel
#define report_port_wait common_report_port_wait
#define report_unread common_report_unread

// deadlock.c
#define deadlock_join common_deadlock_join
#define deadlock_sleep common_deadlock_sleep
#define deadlock_thread_is common_deadlock_thread_is

// deadlock_report.c
#define place_name common_place_name
#define report_argument common_report_argument
#define report_begin common_report_begin
#define report_end common_report_end
#define report_format common_report_format
#define report_may_look common_report_may_look
#define report_paragraph common_report_paragraph
#define report_runner common_report_runner
#define report_thread common_report_thread
#define report_write common_report_write

// die.c
#define called_from common_called_from
#define die common_die
#define end_process common_end_process
#define error_text common_error_text
#define free_aligned common_free_aligned
#define must_be_zero common_must_be_zero
#define must_calloc common_must_calloc
#define must_calloc_aligned common_must_calloc_aligned
#define must_malloc common_must_malloc
#define must_print common_must_print
#define must_realloc common_must_realloc
#define write_to_stderr common_write_to_stderr

// fork.c
#define fork_count common_fork_count
#define fork_in_child common_fork_in_child
#define thread_is_gone common_thread_is_gone
#define track common_track
#define tracked_lock common_tracked_lock
#define tracked_unlock common_tracked_unlock
#define untrack common_untrack

// future.c
#define future_begin common_future_begin
#define future_end_early common_future_end_early
#define future_help common_future_help
#define future_leave common_future_leave
#define future_must_be_ours common_future_must_be_ours
#define future_new common_future_new
#define future_run common_future_run

// future_await.c
#define future_wait_for_end common_future_wait_for_end

// future_cache.c
#define future_allocate common_future_allocate
#define future_free common_future_free

// future_report.c
#define future_explain_task common_future_explain_task
#define future_explain_wait common_future_explain_wait
#define pool_explain_idle common_pool_explain_idle
#define pool_explain_unjoined common_pool_explain_unjoined

// future_waiters.c
#define future_tell common_future_tell
#define future_waiters_in_child common_future_waiters_in_child
#define await_group_note common_await_group_note
#define future_waiter_add common_future_waiter_add
#define future_waiter_remove common_future_waiter_remove

// message_chain.c
#define reader_free common_reader_free
#define reader_go_on common_reader_go_on
#define writer_grow common_writer_grow

// map_block.c
#define block_clear common_block_clear
#define block_freeze common_block_freeze
#define block_freeze_entry common_block_freeze_entry
#define block_thaw_entry common_block_thaw_entry
#define block_wait_at_most common_block_wait_at_most
#define block_init common_block_init
#define block_lock common_block_lock
#define block_look_kept common_block_look_kept
#define block_make_room common_block_make_room
#define block_mask common_block_mask
#define block_read common_block_read
#define block_recover common_block_recover
#define block_table_bytes common_block_table_bytes
#define block_thaw common_block_thaw
#define block_unlock common_block_unlock

// map_check.c
#define map_problem common_map_problem
#define map_sizes_fit common_map_sizes_fit

// map_index.c
#define entry_key common_entry_key
#define index_add common_index_add
#define index_bytes common_index_bytes
#define index_slots_for common_index_slots_for
#define index_start common_index_start
#define table_find common_table_find
#define table_recover common_table_recover

// map_key.c
#define key_init common_key_init

// atomic_words.c
#define words_equal common_words_equal
#define words_read common_words_read
#define words_write common_words_write

// map_space.c
#define chunk_add common_chunk_add
#define chunk_bytes common_chunk_bytes
#define chunk_look common_chunk_look
#define chunk_takes common_chunk_takes
#define chunk_write common_chunk_write
#define table_count_alive common_table_count_alive
#define table_is_full_for common_table_is_full_for
#define word_bytes common_word_bytes
#define key_bytes common_key_bytes
#define table_grow common_table_grow
#define table_need common_table_need
#define table_start common_table_start

// map_table.c
#define table_append common_table_append
#define table_change common_table_change
#define table_init common_table_init
#define table_next common_table_next
#define table_read common_table_read
#define table_value common_table_value

// os.c
#define lock_acquire common_lock_acquire
#define lock_release common_lock_release
#define lock_try common_lock_try
#define waiter_doze common_waiter_doze
#define waiter_is_woken common_waiter_is_woken
#define waiter_sleep common_waiter_sleep
#define waiter_spin common_waiter_spin
#define waiter_wake common_waiter_wake

// os_file.c
#define file_open common_file_open

// os_futex.c
#define futex_wait common_futex_wait
#define futex_wake common_futex_wake

// os_memory.c
#define memory_is_private common_memory_is_private
#define memory_release common_memory_release
#define memory_reserve common_memory_reserve
#define random_fill common_random_fill

// os_process.c
#define process_catches_signals common_process_catches_signals
#define process_on_quit common_process_on_quit
#define process_threads common_process_threads
#define signals_block common_signals_block
#define signals_restore common_signals_restore
#define thread_cores common_thread_cores
#define thread_must_start common_thread_must_start
#define thread_number common_thread_number
#define thread_number_next common_thread_number_next
#define thread_set_name common_thread_set_name
#define thread_set_number common_thread_set_number
#define thread_stack_size common_thread_stack_size
#define thread_start common_thread_start

// os_shared_lock.c
#define shared_lock_acquire common_shared_lock_acquire
#define shared_lock_destroy common_shared_lock_destroy
#define shared_lock_init common_shared_lock_init
#define shared_lock_is_robust common_shared_lock_is_robust
#define shared_lock_release common_shared_lock_release

// pool.c
#define pool_begin common_pool_begin
#define pool_end common_pool_end

// port_fork.c
#define channel_mend_in_child common_channel_mend_in_child

// queue_operation.c
#define operation_enlist common_operation_enlist
#define operation_leave_list common_operation_leave_list
#define operation_prepare_to_wait common_operation_prepare_to_wait
#define operation_try common_operation_try
#define operation_try_once common_operation_try_once
#define queue_lower_flags common_queue_lower_flags

// queue_report.c
#define operation_words common_operation_words
#define queue_explain_unfreed common_queue_explain_unfreed
#define queue_explain_wait common_queue_explain_wait

// queue_ring.c
#define ring_cells_size common_ring_cells_size
#define ring_close common_ring_close
#define ring_exchange common_ring_exchange
#define ring_init common_ring_init
#define ring_mend common_ring_mend
#define ring_oldest_is_whole common_ring_oldest_is_whole
#define ring_receive common_ring_receive
#define ring_send common_ring_send
#define ring_stored common_ring_stored

// shared_file.c
#define shared_file_lock common_shared_file_lock
#define shared_file_is_read_only common_shared_file_is_read_only
#define shared_file_look common_shared_file_look
#define shared_file_may_have common_shared_file_may_have
#define shared_file_map common_shared_file_map
#define shared_file_of common_shared_file_of
#define shared_file_open common_shared_file_open
#define shared_file_remove common_shared_file_remove
#define shared_file_reserve common_shared_file_reserve
#define shared_file_unmap common_shared_file_unmap

// shared_map.c
#define map_die common_map_die
#define map_file_is_read_only common_map_file_is_read_only
#define map_layout common_map_layout
#define map_magic common_map_magic
#define map_make common_map_make
#define map_mend_copy common_map_mend_copy
#define map_must_not_be_in common_map_must_not_be_in
#define map_set_identity common_map_set_identity
#define map_updates common_map_updates

// shared_map_updates.c
#define map_update_in_turn common_map_update_in_turn
#define change_locked common_change_locked

// shared_map_values.c
#define map_copy_value common_map_copy_value
#define map_look_again common_map_look_again
#define map_must_be_storable common_map_must_be_storable
#define map_read common_map_read

// siphash.c
#define siphash common_siphash

// spin.c
#define spin_end common_spin_end
#define spin_once common_spin_once
#define spin_pause common_spin_pause
#define spin_start common_spin_start
#define spin_yield common_spin_yield

// thread_cache.c
#define thread_cache_in_child common_thread_cache_in_child
#define thread_cache_run common_thread_cache_run

// text.c
#define text_add common_text_add
#define text_add_args common_text_add_args
#define text_add_bytes common_text_add_bytes
#define text_free common_text_free

// value.c
#define value_add_to_text common_value_add_to_text

// wait_list.c
#define wait_list_add common_wait_list_add
#define wait_list_dismiss common_wait_list_dismiss
#define wait_list_first common_wait_list_first
#define wait_list_remove common_wait_list_remove
#define wait_list_serve common_wait_list_serve
#define wait_list_wait common_wait_list_wait

#endif
