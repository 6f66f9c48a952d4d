/** What happens outside the process, directly and through what is called, and which packages are used. */

import { profileOf } from '../../graph/languages/languages.ts';
import { addTo } from '../../model/add-to.ts';
import type { EffectKind } from '../../model/behaviour.ts';
import type { CodeGraph, GraphEdge } from '../../model/code-graph.ts';
import { effectOf } from '../../syntax/behaviour/read-behaviour.ts';
import { isHandedBy } from '../handed-functions.ts';
import {
  chainNote,
  isOfFirst,
  isShowAlone,
  isTestCode,
  nameOf,
  outsideName,
  ownIds,
  targetsAt,
} from './call-passes.ts';
import {
  type Analysis,
  type AnalyzedFile,
  type Cited,
  cite,
  citeEdge,
  code,
  type OwnFact,
  ownFacts,
  type Statement,
  together,
} from './context.ts';

const maxVisited = 400;
/** Ways to one kind of effect that are told. */
const maxWays = 4;
const maxLines = 5;
/** Definitions that one place may call, each of which is followed. */
const maxFew = 3;
/** `java.nio.file.Files.size`, `std.net.TcpStream.connect`. */
const maxParts = 6;
const maxMembers = 2;

const deeds: Readonly<Record<EffectKind, string>> = {
  network: 'uses the network',
  files: 'works with files',
  processes: 'starts, ends or signals processes',
  database: 'talks to a database',
  storage: 'uses the storage of the browser',
  logs: 'writes logs or warnings',
  metrics: 'works with metrics',
  output: 'writes to the output',
  input: 'reads input',
  time: 'depends on the clock',
  randomness: 'depends on randomness',
};

/** A URL of Java may be of a file: what is on the class path mostly is. */
const deedOf = (effect: EffectKind, callee: string) =>
  effect === 'network' && /\.open(Stream|Connection)$/.test(callee)
    ? 'opens a URL, of the network or of a file,'
    : deeds[effect];

/** What is done with a result, or with what came of it, is no effect of what gave it. */
const harmless =
  /\.(to\w*String|r?split|splitlines|[lr]?strip|r?partition|trim\w*|decode|encode|[se]\w+s[wW]ith|join|format|replace|lower|upper|map|flatMap|filter|forEach|includes|indexOf|some|every|reduce|sort|concat|items|keys|values|hex|isatty|fileno|Body\.Close|with_context|context|map_err|unwrap\w*|expect|ok|ok_or\w*|and_then|is_ok\w*|is_err|as_ref)(\.|$)/;

/** The end of a chain that says how a process will be started, and starts none. */
const prepares =
  /(\bCommand(::|\.)new|(\bCommand\b|\(\)).*\.(args?|envs?|env_remove|env_clear|current_dir|stdin|stdout|stderr|kill_on_drop))$/;
const isHarmless = (name: string) => harmless.test(name) || prepares.test(name);

export function sideEffects(analysis: Analysis): Statement[] {
  const facts = ownFacts(analysis, 'effect').filter(({ fact }) => !isHarmless(fact.callee));
  const direct = together(
    facts,
    ({ fact, owner }) => `${owner} ${deedOf(fact.effect, fact.callee)} by ${code(fact.callee)}.`,
    ({ fact }) => /([\p{L}\p{N}_$]+)\W*$/u.exec(fact.callee)?.[1],
    ({ fact }) => (fact.name === undefined ? 'inferred' : 'exact'),
  );
  return [...direct, ...outsideCalls(analysis, facts), ...indirect(analysis)];
}

/** Effects that only the graph knows, because the value comes from elsewhere. */
function outsideCalls(analysis: Analysis, known: readonly OwnFact<'effect'>[]): Statement[] {
  const { graph } = analysis;
  if (graph === undefined) return [];
  // Facts have the lines of a whole call; an edge that of the name, which may stand further down.
  const isKnown = ({ path, line }: GraphEdge, effect: EffectKind) =>
    known.some(
      ({ file, fact }) =>
        file.path === path &&
        (fact.start === line || (fact.effect === effect && fact.start < line && line <= fact.end)),
    );
  const found = new Map<string, GraphEdge[]>();
  for (const id of ownIds(analysis))
    for (const edge of graph.outgoing(id, 'calls')) {
      const effect = effectOfEdge(graph, edge);
      if (effect === undefined || edge.resolution !== 'exact' || isKnown(edge, effect)) continue;
      const text = `${code(nameOf(graph, id))} ${deedOf(effect, edge.to)} by ${code(edge.to.replace(outsideName, ''))}.`;
      addTo(found, text, edge);
    }
  return [...found].map(([text, edges]) => ({ text, evidence: edges.slice(0, maxLines).map(citeOutside) }));
}

/** The name of what is called must stand in the line: a value that comes from elsewhere may be called by another name. */
function citeOutside(edge: GraphEdge): Cited {
  const anchor = /([\p{L}\p{N}_$]+)!?$/u.exec(edge.to)?.[1];
  return { ...citeEdge(edge), ...(anchor !== undefined && { anchor }) };
}

function effectOfEdge(graph: CodeGraph, edge: GraphEdge): EffectKind | undefined {
  // `..` stands for what has no name.
  if (!outsideName.test(edge.to) || edge.to.includes('..')) return undefined;
  const language = graph.symbol(edge.from)?.language;
  if (language === undefined) return undefined;
  const name = edge.to.replace(outsideName, '').replace(/^node:(?!sqlite|test)/, '');
  // Far from a name that is known a value may be anything.
  return name.split('.').length > maxParts || isHarmless(name) ? undefined : effectOf(name, language);
}

/** Breadth first, so that the shortest way to each effect is told. */
function indirect(analysis: Analysis): Statement[] {
  const { graph } = analysis;
  if (graph === undefined) return [];
  const own = ownIds(analysis);
  const seen = new Set(own);
  const told = new Map<EffectKind, number>();
  const claims: Statement[] = [];
  let level: readonly (readonly GraphEdge[])[] = [...own].flatMap((id) =>
    stepsFrom(graph, id, seen, true).map((edge) => [edge]),
  );
  for (let step = 0; step < analysis.depth && seen.size < maxVisited; step++) {
    const next: (readonly GraphEdge[])[] = [];
    for (const way of level) {
      const at = way.at(-1)?.to ?? '';
      const kinds = new Set<EffectKind>();
      for (const edge of graph.outgoing(at, 'calls')) {
        const effect = effectOfEdge(graph, edge);
        if (
          effect === undefined ||
          edge.resolution !== 'exact' ||
          !isOfFirst(graph, edge) ||
          kinds.has(effect) ||
          (told.get(effect) ?? 0) >= maxWays
        )
          continue;
        kinds.add(effect);
        told.set(effect, (told.get(effect) ?? 0) + 1);
        claims.push(wayClaim(graph, [...way, edge], effect));
        analysis.notes.add(chainNote);
      }
      next.push(...stepsFrom(graph, at, seen, false).map((edge) => [...way, edge]));
    }
    level = next;
  }
  return claims;
}

/** The first step may be one of a few; further ones are exact, because what may run there depends on who called. */
function stepsFrom(graph: CodeGraph, id: string, seen: Set<string>, isFirst: boolean): GraphEdge[] {
  return graph.outgoing(id, 'calls').filter((edge) => {
    const { to } = edge;
    if (seen.has(to) || outsideName.test(to)) return false;
    if (!isFirst && !isOfFirst(graph, edge)) return false;
    // What others hand to a helper does not run for this one.
    if (!isFirst && !isHandedBy(graph, edge, seen)) return false;
    if (edge.resolution !== 'exact' && (!isFirst || targetsAt(graph, edge).length > maxFew)) return false;
    if (isTestCode(graph.symbol(to)) && !isTestCode(graph.symbol(id))) return false;
    if (isShowAlone(graph, id, to)) return false;
    seen.add(to);
    return true;
  });
}

function wayClaim(graph: CodeGraph, way: readonly GraphEdge[], effect: EffectKind): Statement {
  const [first] = way;
  const last = way.at(-1) as GraphEdge;
  const steps = way
    .slice(0, -1)
    .map(
      ({ from, to, resolution }) =>
        `${resolution === 'exact' ? 'calls' : 'may call'} ${nameOf(graph, from) === nameOf(graph, to) ? 'another ' : ''}${code(nameOf(graph, to))}`,
    );
  return {
    text: `${code(nameOf(graph, first?.from ?? ''))} ${steps.join(', which ')}, which ${deedOf(effect, last.to)} by ${code(last.to.replace(outsideName, ''))}.`,
    evidence: [...way.slice(0, -1).map(citeEdge), citeOutside(last)],
  };
}

export function dependencies(analysis: Analysis): Statement[] {
  return [...importClaims(analysis), ...packageClaims(analysis)];
}

function importClaims({ subjects, files }: Analysis): Statement[] {
  return subjects.flatMap((subject) => {
    const file = files.get(subject.path);
    if (!file?.behaviour || subject.kind !== 'file') return [];
    return file.behaviour.imports.map((one) => ({
      text: `${code(subject.path)} imports ${code(one.module)}.`,
      evidence: [cite(file, one, /[\p{L}\p{N}_]+/u.exec(one.module)?.[0])],
    }));
  });
}

/** What definitions call outside the workspace, by package: what the file imports under that name, else the first part. */
function packageClaims(analysis: Analysis): Statement[] {
  const { graph, files } = analysis;
  if (graph === undefined) return [];
  // The first call of each name is cited.
  const found = new Map<string, { readonly names: Map<string, GraphEdge>; readonly from: string }>();
  for (const id of ownIds(analysis))
    for (const edge of graph.outgoing(id, 'calls')) {
      const name = /^<external>\.(.+)$/.exec(edge.to)?.[1];
      if (name === undefined || edge.resolution !== 'exact' || name.includes('..')) continue;
      const file = files.get(edge.path);
      const module = moduleOf(name, file);
      const line = file?.lines[edge.line - 1] ?? '';
      if (!isShownBy(name.slice(module.length + 1), module, file?.language, line)) continue;
      // Members of what a package gives, and of these; what comes of that may be of any package.
      const members = name.slice(module.length + 1).split('.');
      if (members.length > maxMembers || isOfResult(members, file?.language, line)) continue;
      if (file?.language === 'rust' && isOfAnother(name, module, file, line)) continue;
      if (isOfLanguage(members, file?.language) || isHandedByTests(graph, id, module)) continue;
      const isItself = name === module && module.includes('.');
      const holder = isItself ? module.slice(0, module.lastIndexOf('.')) : module;
      const key = `${id}\0${holder}`;
      const known = found.get(key) ?? { names: new Map<string, GraphEdge>(), from: id };
      const member = name === module ? bareOf(name) : name.slice(module.length + 1);
      if (!known.names.has(member)) known.names.set(member, edge);
      found.set(key, known);
    }
  return [...found].map(([key, { names, from }]) => {
    const shown = [...names].slice(0, maxLines);
    return {
      text: `${code(nameOf(graph, from))} calls ${shown.map(([name]) => code(name)).join(', ')} of ${code(key.slice(key.indexOf('\0') + 1))}, which is outside the repository.`,
      evidence: shown.map(([, edge]) => citeOutside(edge)),
    };
  });
}

const scripts = /^(javascript|typescript|tsx)$/;
const methodsOf = (type: string) => [...(profileOf('javascript').methods.get(type) ?? [])];
/** Without those that tables have, too: many an object is used like one. */
const listsAndTexts = new Set([...methodsOf('array'), ...methodsOf('string')]);
for (const name of methodsOf('map')) listsAndTexts.delete(name);

/** A method that every list or text of a script has, called on what a member of a package's value holds: of what type that is nothing says. */
const isOfLanguage = (members: readonly string[], language = '') =>
  scripts.test(language) && members.length > 1 && listsAndTexts.has(members.at(-1) ?? '');

/** A package that tests alone import is what they hand in: elsewhere something else comes in. */
function isHandedByTests(graph: CodeGraph, id: string, module: string): boolean {
  if (isTestCode(graph.symbol(id))) return false;
  const importers = graph.incoming(`<external>.${module}`, 'imports');
  return importers.length > 0 && importers.every(({ from }) => isTestCode(graph.symbol(from)));
}

const bareOf = (name: string) => name.slice(name.lastIndexOf('.') + 1);

/** A method of what a function gave in this line: its type may be of any package. Making an instance is no such call. */
function isOfResult(members: readonly string[], language: string | undefined, line: string): boolean {
  const makers = /^(go|java)$/.test(language ?? '') ? /^\w/ : /^[a-z_]/;
  return members.slice(0, -1).some((part) => makers.test(part) && line.includes(`${part}(`));
}

/** A method of Rust on what a call gave is mostly of the standard library's `Result`; any may be of a trait that extends another's types. */
function isOfAnother(name: string, module: string, { behaviour }: AnalyzedFile, line: string): boolean {
  const called = name.slice(name.lastIndexOf('.') + 1);
  if (called.endsWith('!') || line.includes(`::${called}`) || !line.includes(`.${called}`)) return false;
  // What a macro gives a type of the workspace is of none of the traits that it implements.
  if (line.includes(`self.${called}`)) return true;
  const parts = name.slice(module.length + 1).split('.');
  const before = parts.at(-2) ?? module.slice(module.lastIndexOf('.') + 1);
  if (/^[a-z_]/.test(before)) return true;
  const [root = ''] = name.split('.');
  return (behaviour?.imports ?? []).some(
    (one) => /\w(Ext|Extension)\b/.test(one.module) && !one.module.startsWith(root),
  );
}

/** Every part of the name stands in the line; a class of Java too, or the value may be of another. */
function isShownBy(rest: string, module: string, language: string | undefined, line: string): boolean {
  if (!rest.split('.').every((part) => line.includes(part.replace(/!$/, '')))) return false;
  if (language !== 'java') return true;
  const own = module.slice(module.lastIndexOf('.') + 1);
  return rest === '' ? new RegExp(`\\bnew ${own}\\b`).test(line) : line.includes(own);
}

function moduleOf(name: string, file: AnalyzedFile | undefined): string {
  const bare = (module: string) =>
    module
      .replace(/^node:/, '')
      .replaceAll('::', '.')
      .replace(/\.?\{.*$/s, '');
  const modules = (file?.behaviour?.imports ?? [])
    .map(({ module }) => bare(module))
    .filter((module) => module !== '');
  const fitting = modules.filter((module) => name === module || name.startsWith(`${module}.`));
  const [longest] = fitting.sort((a, b) => b.length - a.length);
  // A class of Java's own is not imported.
  return (
    longest ??
    /^[a-z_]+(?:\.[a-z_]+)*\.[A-Z]\w*(?=\.|$)/.exec(name)?.[0] ??
    (/^[^.]+/.exec(name)?.[0] as string)
  );
}
