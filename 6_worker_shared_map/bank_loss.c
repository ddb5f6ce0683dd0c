#include "loss.h"

SharedMap *bank;

static void get_and_set(const char *name, long long amount)
{
    long long dollars;
    if (shared_map_get_int(bank, name, &dollars))
        shared_map_set_int(bank, name, dollars + amount);
}

static void add(const char *name, long long amount)
{
    shared_map_add(bank, name, amount, NULL);
}

static bool change_value(Value *dollars, void *amount)
{
    dollars->integer += *(const long long *)amount;
    return true;
}

static void update(const char *name, long long amount)
{
    shared_map_update(bank, name, change_value, &amount);
}

int main(void)
{
    bank = shared_map_new();

    print_loss("get and set", get_and_set);
    print_loss("add", add);
    print_loss("update", update);

    shared_map_free(&bank);
}
