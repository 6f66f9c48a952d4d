/** Patterns with a criterion that the syntax decides. Each says what was seen, so that a reader can check it. */
import type { BehaviourClass, BehaviourFact, BehaviourFunction } from '../../model/behaviour.ts';
import type { BehaviourReader } from './behaviour-reader.ts';

interface Members {
  readonly owner: BehaviourClass;
  readonly index: number;
  readonly methods: readonly (BehaviourFunction & { readonly index: number })[];
}

export function findPatterns(reader: BehaviourReader): void {
  const owners = new Map(reader.classes.map((one) => [one.path, one]));
  for (const owner of owners.values()) {
    const methods = reader.functions.flatMap((one, index) =>
      one.owner === owner.path ? [{ ...one, index }] : [],
    );
    const [first] = methods;
    if (first === undefined) continue;
    const members: Members = { owner, index: first.index, methods };
    for (const find of [contextManager, iterator, visitor, observer, builder, singleton])
      find(reader, members);
  }
  factories(reader);
  generators(reader);
}

function add(
  reader: BehaviourReader,
  at: number,
  lines: { readonly start: number; readonly end: number },
  pattern: string,
  subject: string,
  why: string,
): void {
  const fact: BehaviourFact = {
    kind: 'pattern',
    pattern,
    subject,
    why,
    at,
    start: lines.start,
    end: lines.end,
  };
  reader.facts.push(fact);
}

const heads = (methods: Members['methods'], names: RegExp) => methods.filter(({ name }) => names.test(name));
const listed = (methods: Members['methods']) =>
  methods
    .slice(0, 4)
    .map(({ name }) => `\`${name}\``)
    .join(', ');

/** From the first to the last of the lines that show it. */
function span(methods: Members['methods']): { readonly start: number; readonly end: number } {
  return {
    start: Math.min(...methods.map(({ start }) => start)),
    end: Math.max(...methods.map(({ headEnd }) => headEnd)),
  };
}

function contextManager(reader: BehaviourReader, { owner, index, methods }: Members): void {
  const found = heads(methods, /^__a?(enter|exit)__$/);
  if (found.length >= 2)
    add(reader, index, span(found), 'context manager', owner.path, `it defines ${listed(found)}`);
}

function iterator(reader: BehaviourReader, { owner, index, methods }: Members): void {
  const found = heads(methods, /^(__a?iter__|__a?next__|hasNext)$/);
  const next = heads(methods, /^next$/);
  if (found.length >= 2 || (found.some(({ name }) => name === 'hasNext') && next.length > 0))
    add(
      reader,
      index,
      span([...found, ...next]),
      'iterator',
      owner.path,
      `it defines ${listed([...found, ...next.slice(0, 1)])}`,
    );
}

function visitor(reader: BehaviourReader, { owner, index, methods }: Members): void {
  const found = heads(methods, /^visit(_[a-zA-Z]|[A-Z])/);
  if (new Set(found.map(({ name }) => name)).size >= 3)
    add(reader, index, span(found), 'visitor', owner.path, `it has one method a kind: ${listed(found)}`);
}

function observer(reader: BehaviourReader, { owner, index, methods }: Members): void {
  const subscribing = heads(
    methods,
    /^(on|subscribe|addListener|addEventListener|add_listener|addObserver|add_observer|attach)$/,
  );
  const telling = heads(
    methods,
    /^(emit|notify|notifyAll|notify_all|notifyObservers|notify_observers|dispatch|dispatchEvent|publish|fire)$/,
  );
  if (subscribing.length > 0 && telling.length > 0) {
    const found = [...subscribing, ...telling];
    add(
      reader,
      index,
      span(found),
      'observer',
      owner.path,
      `it has ${listed(subscribing)} and ${listed(telling)}`,
    );
  }
}

function builder(reader: BehaviourReader, { owner, index, methods }: Members): void {
  const build = heads(methods, /^build$/);
  const chained = methods.filter((method) =>
    reader.facts.some(
      (fact) =>
        fact.kind === 'result' &&
        fact.at === method.index &&
        /^(self|this|s|b)$/.test(fact.text) &&
        isReceiverName(reader, fact.text),
    ),
  );
  if (build.length > 0 && chained.length >= 3)
    add(
      reader,
      index,
      span([...build, ...chained]),
      'builder',
      owner.path,
      `${listed(chained)} give the receiver back, and there is \`build\``,
    );
}

function isReceiverName(reader: BehaviourReader, text: string): boolean {
  return reader.language.receivers.has(text);
}

/** A class that keeps one of its own in a field of the class and gives it out. */
function singleton(reader: BehaviourReader, { owner, methods }: Members): void {
  const own = owner.path.slice(owner.path.lastIndexOf('.') + 1);
  const fields = reader.classScopes.get(owner.path)?.fields ?? new Map();
  const kept = [...fields].find(
    ([name, { type }]) =>
      /^(_?instance|INSTANCE|_instance|sInstance)$/i.test(name) &&
      type &&
      reader.text(type).replace(/\W/g, '') === own,
  );
  const getter = heads(methods, /^(getInstance|get_instance|instance|shared|__new__)$/)[0];
  if (kept && getter)
    add(
      reader,
      getter.index,
      { start: getter.start, end: getter.headEnd },
      'singleton',
      owner.path,
      `\`${getter.name}\` gives what the field \`${kept[0]}\` keeps`,
    );
}

/** A function that makes instances of two or more classes, whichever is wanted. */
function factories(reader: BehaviourReader): void {
  for (const [index, one] of reader.functions.entries()) {
    if (index === 0) continue;
    const made = new Map<string, BehaviourFact>();
    for (const fact of reader.facts) {
      if (fact.kind !== 'result' || fact.at !== index || fact.way !== 'returns') continue;
      const name = /^(?:await )?(?:new )?([A-Z]\w*)(?:::new)?\(/.exec(fact.text)?.[1];
      if (name !== undefined && isClassName(reader, name, fact.text)) made.set(name, fact);
    }
    if (made.size < 2) continue;
    const facts = [...made.values()];
    const names = [...made.keys()]
      .slice(0, 4)
      .map((name) => `\`${name}\``)
      .join(', ');
    add(
      reader,
      index,
      { start: Math.min(...facts.map(({ start }) => start)), end: Math.max(...facts.map(({ end }) => end)) },
      'factory',
      one.path,
      `it returns new instances of ${names}`,
    );
  }
}

/** A call with a capital is a class in Python where the file defines or imports it so; elsewhere `new` says it. */
function isClassName(reader: BehaviourReader, name: string, text: string): boolean {
  if (/^(?:await )?new /.test(text)) return true;
  if (reader.language.id !== 'python') return false;
  return reader.classes.some(({ path }) => path === name);
}

function generators(reader: BehaviourReader): void {
  for (const [index, one] of reader.functions.entries()) {
    const first = reader.facts.find(
      (fact) => fact.kind === 'result' && fact.way === 'yields' && fact.at === index,
    );
    if (index > 0 && first) add(reader, index, first, 'generator', one.path, 'it yields');
  }
}
