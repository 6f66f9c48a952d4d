import { expect, test } from 'vitest';
import { outlineText } from '../../testing/outline-text.ts';

const sample = `/* Licence. */

#ifndef SERVER_H
#define SERVER_H
#include <stdio.h>

#define MAX_CLIENTS 100
/* Smaller of two. */
#define min(a, b) \\
    ((a) < (b) ? (a) : (b))

typedef struct list_node {
    int value;
    struct list_node *next, *prev;
} list_node;

typedef struct {
    char *name;
    int (*compare)(const void *a, const void *b);
} dict_type;

typedef int (*callback)(int, char *);
typedef unsigned long long mstime_t;

enum state { IDLE, BUSY = 2 };

union number {
    int i;
    float f;
};

extern const char *names[];
static int counter = 0;
struct list_node *head;

int add(int a, int b);
static inline char *dup_string(const char *s, size_t (*length)(const char *));

#ifdef HAVE_EPOLL
/* Adds two.
 * Never fails. */
int add(int a, int b)
{
    int local = a;
    struct tmp { int x; } t;
    return local + b;
}
#else
static void fallback(void) {
}
#endif

REDIS_NO_SANITIZE("bounds")
void *(*find_handler(int kind))(void) {
    return NULL;
}

__attribute__((noreturn)) void die(void) { for (;;); }

#endif
`;

test('C: every definition with its lines, header, doc and parent', async () => {
  expect(await outlineText('c', sample)).toMatchInlineSnapshot(`
    "
    macro MAX_CLIENTS 7-7
    macro min 9-10 head 9 doc 8-8
    struct list_node 12-15 head 12
    field value 13-13 in list_node
    field next 14-14 in list_node
    field prev 14-14 in list_node
    struct dict_type@20 17-20 head 17
    field name 18-18 in dict_type
    field compare 19-19 in dict_type
    type callback 22-22
    type mstime_t 23-23
    enum state 25-25
    constant IDLE 25-25 in state
    constant BUSY 25-25 in state
    struct number 27-30 head 27
    field i 28-28 in number
    field f 29-29 in number
    constant names 32-32
    variable counter 33-33
    variable head 34-34
    function add 36-36
    function dup_string 37-37
    function add 42-47 head 42 doc 40-41
    function fallback 49-50 head 49
    function find_handler 54-56 head 54
    function die 58-58
    "
  `);
});
