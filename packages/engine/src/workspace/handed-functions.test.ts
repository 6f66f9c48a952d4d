/** Who depends on a function that is handed to a helper: those who hand it over, not all who call the helper. Text in, answers out. */
import { expect, it } from 'vitest';
import type { Workspace } from '../engine.ts';
import { indexed } from '../testing/open-workspace.ts';

interface Case {
  readonly files: Readonly<Record<string, string>>;
  readonly target: string;
  /** Names of all dependents, sorted. */
  readonly dependents: readonly string[];
}

/** In each: `useA` and `useB` hand something to `helper`; the change is what `useA` hands. `startA` and `startB` call these. */
const CASES: Readonly<Record<string, Case>> = {
  'TypeScript: closures, handed on by another closure': {
    files: {
      'helper.ts': `export function helper<T>(value: T, fn: (value: T) => void): T {
  const callback = fn ?? (() => {});
  [1].forEach((_) => callback(value));
  return value;
}
`,
      'a.ts': `import { helper } from './helper.ts';
import { target } from './target.ts';
export function useA() { return helper(1, (one) => { target(one); }); }
export function startA() { useA(); }
`,
      'target.ts': 'export function target(one: number) { return one; }\n',
      'b.ts': `import { helper } from './helper.ts';
export function useB() { return helper(2, (two) => { console.log(two); }); }
export function startB() { useB(); }
`,
    },
    target: 'target',
    dependents: ['startA', 'useA'],
  },
  'TypeScript: what is changed hands over a closure itself': {
    files: {
      'all.ts': `export function helper(fn: () => void) { fn(); }
export function target() { helper(() => { console.log(1); }); }
export function useA() { target(); }
export function useB() { helper(() => { console.log(2); }); }
`,
    },
    target: 'target',
    dependents: ['helper', 'useA'],
  },
  'TypeScript: a wrapper stands for what it wraps, in the files that can see it': {
    files: {
      'wrap.ts': 'export function wrap(fn: () => void) { return () => { fn(); }; }\n',
      'a.ts': `import { wrap } from './wrap.ts';
function target() {}
export const wrapped = wrap(target);
`,
      'useA.ts': "import { wrapped } from './a.ts';\nexport function startA() { wrapped(); }\n",
      'b.ts': `import { wrap } from './wrap.ts';
function other() {}
const also = wrap(other);
export function startB() { also(); }
`,
    },
    target: 'target',
    dependents: ['a', 'startA', 'wrap'],
  },
  'TypeScript: a named function in an object, and one that is kept in a field': {
    files: {
      'all.ts': `class Job {
  constructor(private done: () => void, private options: { onFail: () => void }) {}
  run() { this.done(); this.options.onFail(); }
}
function target() {}
function work(job: Job) { job.run(); }
export function useA() { work(new Job(() => { target(); }, { onFail: target })); }
export function startA() { useA(); }
const job = (done: () => void, fail: () => void) => new Job(done, { onFail: fail });
function one() {}
function two() {}
function three() {}
export function useB() { work(job(() => {}, one)); work(job(() => { one(); }, two)); work(job(() => { two(); }, three)); }
`,
    },
    target: 'target',
    dependents: ['run', 'startA', 'useA'],
  },
  'PHP: closures': {
    files: {
      'all.php': `<?php
function tap($value, $callback) { $callback($value); return $value; }
class A {
  public function target() { return 1; }
  public function useA() { return tap($this, function ($a) { $this->target(); }); }
  public function startA() { return $this->useA(); }
}
class B {
  public function useB() { return tap($this, fn ($b) => 2); }
}
`,
    },
    target: 'target',
    dependents: ['startA', 'useA'],
  },
  'Go: a literal and a function': {
    files: {
      'go.mod': 'module example.com/x\n',
      'f/filter.go': `package f

func Filter(in []int, f func(int) bool) []int {
	for _, v := range in {
		if f(v) { return in }
	}
	return nil
}
`,
      'a/a.go': `package a

import "example.com/x/f"

func target(v int) bool { return v > 0 }
func useA() { f.Filter(nil, func(v int) bool { return target(v) }) }
func startA() { useA() }
func useNamed() { f.Filter(nil, target) }
`,
      'b/b.go': `package b

import "example.com/x/f"

func useB() { f.Filter(nil, func(v int) bool { return v == 0 }) }
`,
    },
    target: 'target',
    dependents: ['Filter', 'startA', 'useA', 'useNamed'],
  },
  'Python: a lambda and a decorator': {
    files: {
      'help.py': `import functools

def helper(fn):
    return fn(1)

def retry(fn):
    @functools.wraps(fn)
    def wrapper(*args):
        return fn(*args)
    return wrapper
`,
      'a.py': `from help import helper, retry

@retry
def target(x):
    return x

def use_a():
    return helper(lambda x: target(x))

def start_a():
    return use_a()
`,
      'b.py': `from help import helper, retry

@retry
def other(x):
    return x

def use_b():
    return helper(lambda x: other(x))
`,
    },
    target: 'a.target',
    dependents: ['start_a', 'use_a', 'wrapper'],
  },
  'Java: a lambda and a reference': {
    files: {
      'Helper.java':
        'import java.util.function.*;\nclass Helper {\n  static int help(Function<Integer, Integer> f) { return f.apply(1); }\n}\n',
      'A.java': `class A {
  static int target(int x) { return x; }
  static int useA() { return Helper.help(x -> target(x)); }
  static int startA() { return useA(); }
  static int useRef() { return Helper.help(A::target); }
}
`,
      'B.java': 'class B {\n  static int useB() { return Helper.help(x -> 2); }\n}\n',
    },
    target: 'target',
    dependents: ['help', 'startA', 'useA', 'useRef'],
  },
  'Ruby: blocks': {
    files: {
      'all.rb': `def helper
  yield 1
end

def target(x)
  x
end

def use_a
  helper { |x| target(x) }
end

def start_a
  use_a
end

def use_b
  helper { |x| x }
end
`,
    },
    target: 'target',
    dependents: ['start_a', 'use_a'],
  },
  'C: a pointer to a function': {
    files: {
      'all.c': `typedef int (*fn)(int);
static int helper(fn f) { return f(1); }
static int target(int x) { return x; }
static int other(int x) { return x + 1; }
int useA(void) { return helper(target); }
int startA(void) { return useA(); }
int useB(void) { return helper(other); }
`,
    },
    target: 'target',
    dependents: ['helper', 'startA', 'useA'],
  },
};

/** A table of operations is no argument: who calls over it depends on what stands in it. */
const TABLE = `struct conn;
struct ops { int (*write)(struct conn *c); };
struct conn { struct ops *ops; };
static int target(struct conn *c) { return 1; }
static int other(struct conn *c) { return 2; }
static struct ops one = { .write = target };
static struct ops two = { .write = other };
void init(struct conn *c, struct ops *o) { c->ops = o; }
void start(struct conn *c) { init(c, &one); init(c, &two); }
int send(struct conn *c) { return c->ops->write(c); }
int caller(struct conn *c) { return send(c); }
`;

it('C: what is called over a table of an object depends on what the table has', async () => {
  const workspace = await indexed({ 'all.c': TABLE });
  const answer = await fresh(workspace, 'target');
  expect(answer.dependents.map(({ symbol }) => lastOf(symbol)).sort()).toEqual(['all', 'caller', 'send']);
});

const lastOf = (id: string) => id.slice(id.lastIndexOf('.') + 1);

it.each(Object.entries(CASES))('%s', async (_, { files, target, dependents }) => {
  const workspace = await indexed(files);
  const answer = await fresh(workspace, target);
  expect([answer.state, answer.dependents.map(({ symbol }) => lastOf(symbol)).sort()]).toEqual([
    'found',
    [...dependents].sort(),
  ]);
});

const GO = CASES['Go: a literal and a function']?.files ?? {};

it('callers of callers of what is handed over are those who hand it over; what a helper calls is what it was given on the way', async () => {
  const workspace = await indexed(GO);
  await fresh(workspace, 'target');
  const found = async (relation: 'callers' | 'callees', name: string) =>
    (await workspace.relations({ relation, name, depth: 4 })).items.map(
      ({ symbol, depth, kind, isGiven }) => `${depth} ${kind} ${lastOf(symbol)}${isGiven ? ' given' : ''}`,
    );
  expect(await found('callers', 'target')).toEqual([
    '1 calls <anonymous:6>',
    '1 calls Filter given',
    '2 calls startA',
    '2 uses useNamed',
  ]);
  expect(await found('callees', 'startA')).toEqual([
    '1 calls useA',
    '2 calls Filter',
    '3 calls <anonymous:6> given',
    '4 calls target',
  ]);
});

async function fresh(workspace: Workspace, target: string) {
  for (;;) {
    const answer = await workspace.impact({ target });
    if (answer.freshness.state === 'fresh') return answer;
  }
}
