// Numbers: setting them, and getting them without an allocation. The type and
// the number are read in one critical section: between two of them another
// thread could store a text.
#include "base/base.h"

#include "plain_map.h"

bool shared_map_set_int(SharedMap *map, const char *key, long long integer)
{
    return shared_map_set(map, key, value_int(integer));
}

bool shared_map_set_real(SharedMap *map, const char *key, double real)
{
    return shared_map_set(map, key, value_real(real));
}

bool shared_map_set_bool(SharedMap *map, const char *key, bool boolean)
{
    return shared_map_set(map, key, value_bool(boolean));
}

// The value, if it is one of this type: a number, so there is nothing to copy.
static bool get_number(SharedMap *map, const char *key, ValueType type,
                       Value *value)
{
    map_lock(map);
    const Entry *entry = map_find(map, key, strlen(key));
    bool found = entry && entry->value.type == type;
    if (found)
        *value = entry->value;
    map_unlock(map);
    return found;
}

bool shared_map_get_int(SharedMap *map, const char *key, long long *integer)
{
    Value value;
    bool found = get_number(map, key, VALUE_INT, &value);
    if (found)
        *integer = value.integer;
    return found;
}

bool shared_map_get_real(SharedMap *map, const char *key, double *real)
{
    Value value;
    bool found = get_number(map, key, VALUE_REAL, &value);
    if (found)  // as bytes: x87 registers change signalling NaNs
        memcpy(real, &value.integer, sizeof *real);
    return found;
}

bool shared_map_get_bool(SharedMap *map, const char *key, bool *boolean)
{
    Value value;
    bool found = get_number(map, key, VALUE_BOOL, &value);
    if (found)
        *boolean = value.boolean;
    return found;
}
