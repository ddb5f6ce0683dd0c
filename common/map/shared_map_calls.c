// The calls of shared_map.h that only make other calls of it shorter: keys that
// end with a NUL, values of one type, the usual size.
#include "base/base.h"

#include "shared_map.h"

// With addresses of 32 bits there is room for a hundred maps, too.
enum { DEFAULT_BYTES = SIZE_MAX > UINT32_MAX ? 64 << 20 : 16 << 20 };

SharedMap *shared_map_new(void)
{
    return shared_map_new_sized(DEFAULT_BYTES);
}

bool shared_map_set(SharedMap *map, const char *key, Value value)
{
    return shared_map_set_n(map, key, strlen(key), value);
}

bool shared_map_set_null(SharedMap *map, const char *key)
{
    return shared_map_set(map, key, value_null());
}

bool shared_map_set_text(SharedMap *map, const char *key, const char *text)
{
    return shared_map_set(map, key, value_text(text));
}

bool shared_map_set_bytes(SharedMap *map, const char *key, const void *bytes,
                          size_t size)
{
    return shared_map_set(map, key, value_bytes(bytes, size));
}

bool shared_map_get(SharedMap *map, const char *key, Value *value)
{
    return shared_map_get_n(map, key, strlen(key), value);
}

bool shared_map_get_text(SharedMap *map, const char *key, char *buffer,
                         size_t size)
{
    Value value = value_none();
    shared_map_get(map, key, &value);
    bool found = value.type == VALUE_TEXT && value.size < size;
    if (found)
        memcpy(buffer, value.text, value.size + 1);
    value_free(&value);
    return found;
}

bool shared_map_has(SharedMap *map, const char *key)
{
    return shared_map_has_n(map, key, strlen(key));
}

bool shared_map_delete(SharedMap *map, const char *key)
{
    return shared_map_delete_n(map, key, strlen(key));
}

MapResult shared_map_compare_and_set(SharedMap *map, const char *key,
                                     Value expected, Value desired)
{
    return shared_map_compare_and_set_n(map, key, strlen(key), expected,
                                        desired);
}

MapResult shared_map_set_if_absent(SharedMap *map, const char *key, Value value)
{
    if (value.type == VALUE_NONE)
        die("shared_map_set_if_absent: there is no value to set; VALUE_NONE "
            "stands for a missing key");
    if (value.type == VALUE_ERROR)
        die("shared_map_set_if_absent: a value of this type cannot be stored; "
            "look for VALUE_ERROR first");
    return shared_map_compare_and_set(map, key, value_none(), value);
}

MapResult shared_map_update(SharedMap *map, const char *key, MapChange *change,
                            void *context)
{
    return shared_map_update_n(map, key, strlen(key), change, context);
}
