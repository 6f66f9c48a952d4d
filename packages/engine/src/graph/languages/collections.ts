/** What methods of collections, streams and optional values of compiled languages do, as their class libraries name them. */
import type { Access } from '../resolving/access.ts';
import type { Calls, PlacedArgument } from '../resolving/calls.ts';
import type { Place } from '../resolving/flow.ts';
import { anyKey, type CallSite, type State, type Where } from '../resolving/state.ts';
import type { Value } from '../resolving/values.ts';

const words = (list: string) => new Set(list.trim().split(/\s+/));

/** The last argument becomes an element. */
const putting =
  words(`add addFirst addLast addLast offer offerFirst offerLast push set put putIfAbsent putFirst putLast replace insert
  Add AddFirst AddLast Push Enqueue Insert TryAdd Set`);
/** Gives an element by its last argument. */
const handing = words('TryGetValue TryDequeue TryPop TryPeek TryTake TryRemove');
/** Elements of the result have the same elements. */
const grouping = words('GroupBy ToLookup Chunk groupBy windowed partition');
/** Elements of the arguments become elements. */
const merging = words('addAll putAll AddRange plusAssign plus');
/** Gives an element, or what is given for none. */
const taking =
  words(`get getFirst getLast remove removeFirst removeLast removeAt poll pollFirst pollLast peek peekFirst peekLast pop
  element first last next previous orElse orElseThrow orElseGet getOrDefault getValue take getAndSet getPlain elementAt
  firstOrNull lastOrNull single singleOrNull find getOrNull getOrElse getValue random component1 maxBy minBy maxByOrNull minByOrNull
  First FirstOrDefault Last LastOrDefault Single SingleOrDefault ElementAt Find Pop Peek Dequeue Min Max MaxBy MinBy GetValueOrDefault`);
/** Gives something with the same elements. */
const same =
  words(`iterator listIterator stream parallelStream values entrySet subList filter sorted distinct limit skip peek toList
  collect findFirst findAny min max boxed sequential parallel toArray reversed descendingIterator headMap tailMap takeWhile dropWhile
  unordered onClose or spliterator asIterable asSequence toMutableList toSet toTypedArray sortedBy sortedByDescending sortedWith drop take
  reversed shuffled distinctBy filterNot filterNotNull onEach withIndex entries chunked plus apply also
  Where OrderBy OrderByDescending ThenBy Take Skip Distinct Reverse ToList ToArray ToHashSet AsEnumerable AsQueryable Concat Union
  Intersect Except TakeWhile SkipWhile DefaultIfEmpty Append Prepend Cast OfType Values FindAll ToDictionary ToImmutableList
  ToImmutableArray DistinctBy ThenByDescending associateBy`);
/** Calls the functions it is given with elements. */
const calling =
  words(`forEach forEachOrdered removeIf anyMatch allMatch noneMatch ifPresent ifPresentOrElse takeWhile dropWhile filter peek
  sorted min max sort computeIfAbsent compute merge replaceAll computeIfPresent reduce orElseGet map flatMap mapToObj mapToInt mapToLong
  mapToDouble mapMulti updateAndGet getAndUpdate onEach forEachIndexed any all none count find first firstOrNull last sortedBy
  sortedByDescending sortedWith maxBy minBy maxByOrNull minByOrNull sumOf sumBy groupBy associateBy associateWith associate partition
  fold mapNotNull mapIndexed flatMapIndexed filterNot distinctBy joinToString getOrPut getOrElse takeIf removeAll retainAll
  let also apply run zip
  Where Select SelectMany Any All First FirstOrDefault Last LastOrDefault Single SingleOrDefault Count OrderBy OrderByDescending ThenBy
  Aggregate ForEach Sum Max Min MaxBy MinBy Average ToDictionary ToLookup GroupBy TakeWhile SkipWhile Find FindAll RemoveAll Exists
  GetOrAdd AddOrUpdate`);
/** Gives a collection of what those functions give. */
const mapping = words(`map flatMap mapToObj mapMulti mapNotNull mapIndexed Select SelectMany`);
/** What those functions give becomes an element, and the result. */
const computing = words(
  `computeIfAbsent compute merge replaceAll computeIfPresent getOrPut updateAndGet GetOrAdd AddOrUpdate`,
);
/** What those functions give is the result. */
const folding = words('reduce orElseGet fold getOrElse Aggregate let run');

/** Of what type the result is where it is not that of the receiver. */
const resultTypes: ReadonlyMap<string, string> = new Map([
  ['stream', 'java.util.stream.Stream'],
  ['parallelStream', 'java.util.stream.Stream'],
  ['toList', 'java.util.List'],
  ['collect', 'java.util.List'],
  ['iterator', 'java.util.Iterator'],
  ['listIterator', 'java.util.ListIterator'],
  ['values', 'java.util.Collection'],
  ['entrySet', 'java.util.Set'],
  ['findFirst', 'java.util.Optional'],
  ['findAny', 'java.util.Optional'],
]);

export interface CollectionTools {
  readonly state: State;
  readonly access: Access;
  readonly calls: Calls;
}

interface CollectionCall {
  readonly site: CallSite;
  readonly container: Value;
  readonly name: string;
  readonly args: readonly PlacedArgument[];
  readonly to: Place;
  readonly where: Where;
}

export function callCollection({ state, access, calls }: CollectionTools, call: CollectionCall): void {
  const { site, container, name, args, to, where } = call;
  const { flow, values } = state;
  const data = state.data(container);
  if (data.kind !== 'container') return;
  site.targets.add(`<external>.${data.type}.${name}`);
  const last = args.at(-1);
  const elements = state.field(container, anyKey);
  if (putting.has(name) && last !== undefined) flow.flow(last.value, elements);
  if (handing.has(name) && last !== undefined) flow.flow(state.every(container), last.value);
  if (merging.has(name))
    for (const arg of args) flow.on(arg.value, (value) => access.elements.each(value, elements, where));
  if (taking.has(name)) {
    flow.flow(state.every(container), to);
    if (/^(orElse|getOrDefault|GetValueOrDefault)$/.test(name) && last !== undefined)
      flow.flow(last.value, to);
  }
  if (same.has(name)) {
    const type = resultTypes.get(name);
    if (type === undefined || !data.type.startsWith('java.')) flow.add(to, container);
    else {
      const made = values.of({ kind: 'container', type, place: `${name} of ${data.place}` });
      flow.flow(state.every(container), state.field(made, anyKey));
      flow.add(to, made);
    }
  }
  if (grouping.has(name)) {
    const place = `${name} of ${data.place}`;
    const groups = values.of({ kind: 'container', type: data.type, place });
    flow.add(state.field(groups, anyKey), container);
    flow.add(to, groups);
  }
  if (name === 'flatten') {
    const flat = values.of({ kind: 'container', type: data.type, place: `${name} of ${data.place}` });
    flow.on(elements, (value) => access.elements.each(value, state.field(flat, anyKey), where));
    flow.add(to, flat);
  }
  if (!calling.has(name)) return;
  const results = flow.place();
  const items = state.every(container);
  const given = [{ value: items }, { value: /^(reduce|fold|Aggregate)$/.test(name) ? results : items }];
  for (const arg of args)
    flow.on(arg.value, (fn) => {
      const { kind } = state.data(fn);
      if (kind === 'function' || kind === 'bound' || kind === 'class')
        calls.apply(site, fn, given.slice(0, arityOf(state, fn)), results, where);
    });
  if (computing.has(name)) flow.flow(results, elements);
  if (computing.has(name) || folding.has(name)) flow.flow(results, to);
  if (!mapping.has(name) && !(name === 'ToDictionary' && args.length > 1)) return;
  const place = `mapped ${site.file.number} ${site.from} ${site.line} ${site.text}`;
  const made = values.of({ kind: 'container', type: data.type, place });
  flow.flow(results, state.field(made, anyKey));
  if (/^(flatMap|SelectMany|mapMulti)$/.test(name))
    flow.on(results, (value) => access.elements.each(value, state.field(made, anyKey), where));
  flow.add(to, made);
}

/** How many arguments a function takes; a method that is given its receiver takes one more. */
function arityOf(state: State, fn: Value): number {
  const data = state.data(fn);
  const target = data.kind === 'bound' ? state.data(data.fn) : data;
  if (target.kind !== 'function') return 1;
  const { facts } = state.functions[target.index] as State['functions'][number];
  return facts.parameters.length + (data.kind === 'function' && facts.receiver !== undefined ? 1 : 0);
}
