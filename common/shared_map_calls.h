// Part of shared_map.h: every call notes where it was made (die.h).

#define shared_map_new(...) CALLED_FROM_HERE(shared_map_new(__VA_ARGS__))
#define shared_map_new_sized(...)                                              \
    CALLED_FROM_HERE(shared_map_new_sized(__VA_ARGS__))
#define shared_map_new_in(...) CALLED_FROM_HERE(shared_map_new_in(__VA_ARGS__))
#define shared_map_buffer(...) CALLED_FROM_HERE(shared_map_buffer(__VA_ARGS__))
#define shared_map_attach(...) CALLED_FROM_HERE(shared_map_attach(__VA_ARGS__))
#define shared_map_free(...) CALLED_FROM_HERE(shared_map_free(__VA_ARGS__))
#define shared_map_set_int(...)                                                \
    CALLED_FROM_HERE(shared_map_set_int(__VA_ARGS__))
#define shared_map_set_real(...)                                               \
    CALLED_FROM_HERE(shared_map_set_real(__VA_ARGS__))
#define shared_map_set_bool(...)                                               \
    CALLED_FROM_HERE(shared_map_set_bool(__VA_ARGS__))
#define shared_map_set_null(...)                                               \
    CALLED_FROM_HERE(shared_map_set_null(__VA_ARGS__))
#define shared_map_set_text(...)                                               \
    CALLED_FROM_HERE(shared_map_set_text(__VA_ARGS__))
#define shared_map_set_bytes(...)                                              \
    CALLED_FROM_HERE(shared_map_set_bytes(__VA_ARGS__))
#define shared_map_set(...) CALLED_FROM_HERE(shared_map_set(__VA_ARGS__))
#define shared_map_get_int(...)                                                \
    CALLED_FROM_HERE(shared_map_get_int(__VA_ARGS__))
#define shared_map_get_real(...)                                               \
    CALLED_FROM_HERE(shared_map_get_real(__VA_ARGS__))
#define shared_map_get_bool(...)                                               \
    CALLED_FROM_HERE(shared_map_get_bool(__VA_ARGS__))
#define shared_map_get_text(...)                                               \
    CALLED_FROM_HERE(shared_map_get_text(__VA_ARGS__))
#define shared_map_get(...) CALLED_FROM_HERE(shared_map_get(__VA_ARGS__))
#define shared_map_type(...) CALLED_FROM_HERE(shared_map_type(__VA_ARGS__))
#define shared_map_has(...) CALLED_FROM_HERE(shared_map_has(__VA_ARGS__))
#define shared_map_delete(...) CALLED_FROM_HERE(shared_map_delete(__VA_ARGS__))
#define shared_map_clear(...) CALLED_FROM_HERE(shared_map_clear(__VA_ARGS__))
#define shared_map_size(...) CALLED_FROM_HERE(shared_map_size(__VA_ARGS__))
#define shared_map_add(...) CALLED_FROM_HERE(shared_map_add(__VA_ARGS__))
#define shared_map_compare_and_set(...)                                        \
    CALLED_FROM_HERE(shared_map_compare_and_set(__VA_ARGS__))
#define shared_map_set_if_absent(...)                                          \
    CALLED_FROM_HERE(shared_map_set_if_absent(__VA_ARGS__))
#define shared_map_update(...) CALLED_FROM_HERE(shared_map_update(__VA_ARGS__))
#define shared_map_entries(...)                                                \
    CALLED_FROM_HERE(shared_map_entries(__VA_ARGS__))
#define shared_map_for_each(...)                                               \
    CALLED_FROM_HERE(shared_map_for_each(__VA_ARGS__))
#define shared_map_print(...) CALLED_FROM_HERE(shared_map_print(__VA_ARGS__))
#define shared_map_set_n(...) CALLED_FROM_HERE(shared_map_set_n(__VA_ARGS__))
#define shared_map_get_n(...) CALLED_FROM_HERE(shared_map_get_n(__VA_ARGS__))
#define shared_map_has_n(...) CALLED_FROM_HERE(shared_map_has_n(__VA_ARGS__))
#define shared_map_delete_n(...)                                               \
    CALLED_FROM_HERE(shared_map_delete_n(__VA_ARGS__))
#define shared_map_compare_and_set_n(...)                                      \
    CALLED_FROM_HERE(shared_map_compare_and_set_n(__VA_ARGS__))
#define shared_map_update_n(...)                                               \
    CALLED_FROM_HERE(shared_map_update_n(__VA_ARGS__))
