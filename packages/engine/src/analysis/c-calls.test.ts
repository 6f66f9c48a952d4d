import { expect, test } from 'vitest';
import { callGraphOf, callsText } from './testing/calls-text.ts';

test('C: functions of a file and of all, tables and structs of functions, pointers passed on, macros, the library', async () => {
  const files = {
    'main.c': `
#include "list.h"
#include <stdio.h>
#define CALL(x) helper(x)
#define ALIAS helper
typedef int (*op_fn)(int);
typedef struct command { const char *name; op_fn proc; int arity; } command;
static int helper(int x) { return x + 1; }
int twice(int x) { return helper(helper(x)); }
static int getCommand(int x) { return twice(x); }
static int setCommand(int x) { return CALL(x); }
command table[] = {
  {"get", getCommand, 1},
  {.name = "set", .proc = setCommand, .arity = 2},
};
typedef struct vtable { void (*open)(void); void (*close)(void); } vtable;
static void fileOpen(void) { printf("x"); }
static void fileClose(void) { free(0); }
static const vtable fileOps = { .open = fileOpen, .close = fileClose };
struct conn { const vtable *ops; struct list *items; };
static void use(struct conn *c) { c->ops->open(); c->ops->close(); listEach(c->items, fileOpen); }
static command *lookup(const char *name) { for (int i = 0; i < 2; i++) if (table[i].arity) return &table[i]; return 0; }
int apply(op_fn f, int v) { return f(v); }
int main(int argc, char **argv) {
  command *c = lookup(argv[1]);
  c->proc(1);
  struct conn cn; cn.ops = &fileOps;
  use(&cn);
  op_fn f = argc > 1 ? getCommand : setCommand;
  f(2);
  apply(&twice, 3);
  (*f)(3);
  ALIAS(1);
  qsort(argv, 1, 1, cmp);
  unknown_fn(1);
  return 0;
}
`,
    'list.h': `
#ifndef LIST_H
#define LIST_H
typedef struct list { int n; void (*free)(void *); } list;
void listEach(list *l, void (*f)(void));
static inline int listSize(list *l) { return l->n; }
#endif
`,
    'list.c': `
#include "list.h"
static int helper(void) { return 0; }
int cmp(const void *a, const void *b) { return 0; }
void listEach(list *l, void (*f)(void)) { helper(); f(); if (l->free) l->free(l); listSize(l); }
list *listNew(void) { list *l = malloc(sizeof(*l)); l->free = destroy; return l; }
void destroy(void *x) {}
`,
  };
  expect(await callsText(files)).toMatchInlineSnapshot(`
    "
    list.listEach -> list.destroy list.c:5
    list.listEach -> list.helper list.c:5
    list.listEach -> list.listSize list.c:5
    list.listEach -> main.fileOpen list.c:5
    list.listNew -> <builtin>.malloc list.c:6
    main.apply -> main.twice main.c:23
    main.fileClose -> <builtin>.free main.c:18
    main.fileOpen -> <builtin>.printf main.c:17
    main.getCommand -> main.twice main.c:10
    main.main -> <external>.unknown_fn main.c:35
    main.main -> list.cmp main.c:34 inferred
    main.main -> main.apply main.c:31
    main.main -> main.getCommand main.c:26 inferred
    main.main -> main.getCommand main.c:30 inferred
    main.main -> main.getCommand main.c:32 inferred
    main.main -> main.helper main.c:33
    main.main -> main.lookup main.c:25
    main.main -> main.setCommand main.c:26 inferred
    main.main -> main.setCommand main.c:30 inferred
    main.main -> main.setCommand main.c:32 inferred
    main.main -> main.use main.c:28
    main.setCommand -> main.helper main.c:11
    main.twice -> main.helper main.c:9
    main.use -> list.listEach main.c:21
    main.use -> main.fileClose main.c:21
    main.use -> main.fileOpen main.c:21
    "
  `);
});

test('C: which of several definitions of one name: of the file, of the folder, of one program among others', async () => {
  const files = {
    'lib/log.h': 'void log_it(int);\nextern int (*hook)(int);\n',
    'lib/log.c':
      'static void write_it(void) {}\nvoid log_it(int x) { write_it(); if (hook) hook(x); }\nint (*hook)(int);\n',
    'lib/set.c': '#include "log.h"\nstatic int mine(int x) { return x; }\nvoid set(void) { hook = mine; }\n',
    'a/main.c':
      'static void write_it(void) {}\nvoid usage(void) { write_it(); }\nint main(void) { usage(); log_it(1); set(); }\n',
    'b/main.c': 'void usage(void) {}\nint main(void) { usage(); outside(); }\n',
  };
  expect(await callsText(files)).toMatchInlineSnapshot(`
    "
    a.main.main -> a.main.usage a/main.c:3
    a.main.main -> lib.log.log_it a/main.c:3
    a.main.main -> lib.set.set a/main.c:3
    a.main.usage -> a.main.write_it a/main.c:2
    b.main.main -> <external>.outside b/main.c:2
    b.main.main -> b.main.usage b/main.c:2
    lib.log.log_it -> lib.log.write_it lib/log.c:2
    lib.log.log_it -> lib.set.mine lib/log.c:2
    "
  `);
});

test('C: hostile source ends: macros in a circle, structs that hold themselves, lists in lists, deep nesting', async () => {
  const files = {
    'a.c': `
#define A(x) B(x)
#define B(x) A(x)
#define BOTH(x) do { A(x); f(x); BOTH(x); } while (0)
struct s { struct s *next; void (*go)(struct s *); struct s inner[2]; };
static void f(int x) { A(1); BOTH(2); }
struct s all = { &all, 0, { { &all, g, { { { { { { 0 } } } } } } }, {} } };
void g(struct s *s) { s->go(s); s->next->next->inner[0].go(s); (*(&g))(s); ((void (*)(int))0)(1); }
`,
    'b.c': `int x = ${'('.repeat(3_000)}f()${')'.repeat(3_000)};\n`,
    'c.c': 'int main( { f(; }\nint ok(void) { return ok(); }\n',
    'd.h': '#define X \\\n',
    'e.cc':
      'namespace a { namespace b = a; } using namespace a::b; struct T : T { T() : T() {} }; T t; void h() { T::T::h(); a::b::b::q(); }\n',
  };
  expect(await callsText(files)).toMatchInlineSnapshot(`
    "
    (b.c: minified)
    (c.c: syntax_errors)
    a.f -> ? A a.c:6
    a.f -> a.f a.c:6
    a.g -> ? (void (*)(int))0 a.c:8
    a.g -> a.g a.c:8
    c -> <external>.ok c.c:2
    e -> e.T.T e.cc:1
    e.T.T -> e.T.T e.cc:1
    e.h -> <external>.a.b.b.q e.cc:1
    e.h -> ? T::T::h e.cc:1
    "
  `);
});

test('C: a table of thousands of functions, and code through which everything flows', async () => {
  const count = 3_000;
  const all = Array.from({ length: count }, (_, i) => `static void *f${i}(void *x) { return pass(x); }\n`);
  const text = `
static void *pass(void *x) { return x; }
${all.join('')}
struct entry { const char *name; void *(*run)(void *); } table[] = { ${all.map((_, i) => `{ "f${i}", f${i} }`).join(', ')} };
void *go(int i) { void *x = table[i].run(&table[i]); return pass(x); }
`;
  const { edges, isPartial } = await callGraphOf({ 'table.c': text });
  expect(edges.filter(({ from, to }) => from === 'table.go' && /\.f\d+$/.test(to)).length).toBeGreaterThan(
    500,
  );
  expect(edges.filter(({ to }) => to === 'table.pass')).toHaveLength(count + 1);
  expect(isPartial).toBe(true);
});
