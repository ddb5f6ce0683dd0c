// An intrusive doubly linked list: the node is a member of the object that is
// listed, so that adding and removing allocate nothing, and take the same time
// in a list of any length. The lock of the object that has the list guards the
// list and the nodes on it. All zeros is an empty list.
//
//     for (ListNode *node = list.first; node; node = node->next)
//         use(LIST_OBJECT(node, Tracked, node));

#ifndef LIST_H
#define LIST_H

#include "names.h"

typedef struct ListNode {
    struct ListNode *next, *previous;
} ListNode;

typedef struct List {
    ListNode *first, *last;
} List;

// The object of this type that has the node as this member.
#define LIST_OBJECT(node, type, member)                                        \
    ((type *)((char *)(node)-offsetof(type, member)))

// Puts the node at the end.
static inline void list_append(List *list, ListNode *node)
{
    node->next = NULL;
    node->previous = list->last;
    *(node->previous ? &node->previous->next : &list->first) = node;
    list->last = node;
}

// Takes the node off the list, on which it must be.
static inline void list_remove(List *list, ListNode *node)
{
    *(node->previous ? &node->previous->next : &list->first) = node->next;
    *(node->next ? &node->next->previous : &list->last) = node->previous;
}

#endif
