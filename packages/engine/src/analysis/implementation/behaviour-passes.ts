/** Facts of behaviour as sentences. Each says no more than its lines show. */
import { addTo } from '../../model/add-to.ts';
import type { BehaviourFact, CatchOutcome } from '../../model/behaviour.ts';
import {
  type Analysis,
  type AnalyzedFile,
  cite,
  code,
  isInside,
  type OwnFact,
  ownFacts,
  type Statement,
  together,
} from './context.ts';

/** The identifier that a fact's text ends in: it must stand in the cited lines. */
const lastName = (text: string) => /([\p{L}\p{N}_$]+)\W*$/u.exec(text)?.[1];
const firstName = (text: string) => /[\p{L}_$][\p{L}\p{N}_$]*/u.exec(text)?.[0];

export function dataFlow(analysis: Analysis): Statement[] {
  return [...inputs(analysis), ...declaredResults(analysis), ...results(analysis)];
}

function inputs(analysis: Analysis): Statement[] {
  const byFunction = new Map<string, OwnFact<'parameter'>[]>();
  for (const own of ownFacts(analysis, 'parameter')) {
    const key = `${own.file.path}\0${own.fact.at}`;
    addTo(byFunction, key, own);
  }
  return [...byFunction.values()].flatMap((own) => {
    const [first] = own;
    if (first === undefined) return [];
    const words = own.map(({ fact: { name, type, standard } }) =>
      code(
        `${name}${type === undefined ? '' : `: ${type}`}${standard === undefined ? '' : ` = ${standard}`}`,
      ),
    );
    const evidence = own.map(({ file, fact }) => cite(file, fact, firstName(fact.name)));
    return [{ text: `${first.owner} takes ${words.join(', ')}.`, evidence: joined(evidence) }];
  });
}

/** Parameters of one header mostly stand on one line. */
function joined(evidence: readonly ReturnType<typeof cite>[]): ReturnType<typeof cite>[] {
  const kept: ReturnType<typeof cite>[] = [];
  for (const one of evidence) {
    const last = kept.at(-1);
    if (last === undefined || last.path !== one.path || one.start > last.end + 1) kept.push(one);
    else kept[kept.length - 1] = { ...last, end: Math.max(last.end, one.end) };
  }
  return kept;
}

function declaredResults({ subjects, files }: Analysis): Statement[] {
  return subjects.flatMap((subject) => {
    const file = files.get(subject.path);
    return (file?.behaviour?.functions ?? []).flatMap((one) => {
      if (!file || !one.result || one.path.includes('<anonymous') || !isInside(subject, one)) return [];
      const lines = { start: one.start, end: one.headEnd };
      return [
        {
          text: `${code(one.path)} is declared to give ${code(one.result)}.`,
          evidence: [cite(file, lines, lastName(one.result))],
        },
      ];
    });
  });
}

function results(analysis: Analysis): Statement[] {
  return ownFacts(analysis, 'result').map(({ file, fact, owner }) => {
    const steps = fact.steps.map(({ to, from }) => `${code(to)} from ${code(from)}`);
    const sources =
      fact.parameters.length > 0
        ? [
            `the ${fact.parameters.length > 1 ? 'parameters' : 'parameter'} ${fact.parameters.map(code).join(', ')}`,
          ]
        : [];
    const made = [...steps, ...sources];
    return {
      text: `${owner} ${fact.way} ${code(fact.text)}${made.length > 0 ? `, made of ${made.join(', ')}` : ''}.`,
      evidence: [
        cite(file, fact, firstName(fact.text)),
        ...fact.steps.map((step) => cite(file, step, firstName(step.from))),
      ],
    };
  });
}

const places = {
  field: 'the field',
  module: 'the variable of the module',
  closure: 'the variable of the function around it,',
  argument: 'the caller’s value through its parameter:',
} as const;

function placeOf({ of, target }: { readonly of: keyof typeof places; readonly target: string }): string {
  if (!target.startsWith('*') || of === 'argument') return `${places[of]} ${code(target)}`;
  const pointer = target.replace(/^\*+/, '');
  // `*u = v` of a method of Go: all that the receiver points to.
  return of === 'field' && !/\W/.test(pointer)
    ? `what it is called on, ${code(target)}`
    : `what ${places[of].replace(/[:,]$/, '')} ${code(pointer)} points to`;
}

export function state(analysis: Analysis): Statement[] {
  return together(
    ownFacts(analysis, 'write'),
    ({ fact, owner }) => {
      const verb = fact.isRemoved ? 'removes' : fact.isInitial ? 'initialises' : 'writes';
      return `${owner} ${verb} ${placeOf(fact)}.`;
    },
    ({ fact }) => firstName(fact.target),
  );
}

const outcomes: Readonly<Record<CatchOutcome, string>> = {
  swallowed: 'swallows it: the handler does nothing',
  logged: 'only reports it and goes on',
  rethrown: 'throws at the end of the handler',
  may_rethrow: 'handles it, and throws in some cases',
  retried: 'stays in the loop, so that it is tried again',
  ends: 'ends the process',
  returned: 'returns',
  continued: 'goes on with the loop or leaves it',
  handled: 'handles it',
};

const ways = {
  throws: 'throws',
  panics: 'panics or ends the process by',
  returns: 'returns the error',
  propagates: 'gives on the error of',
} as const;

export function errorHandling(analysis: Analysis): Statement[] {
  const raised = together(
    ownFacts(analysis, 'raise'),
    (own) => raiseText(own),
    ({ fact }) => lastName(fact.what.replace(/\(.*$/s, '')),
  );
  const caught = together(ownFacts(analysis, 'catch'), catchText, ({ fact }) =>
    firstName(fact.types[0] ?? ''),
  );
  return [...raised, ...caught];
}

function raiseText({ fact, owner, file }: OwnFact<'raise'>): string {
  if (fact.what === '') return `${owner} throws again what it caught.`;
  if (fact.way === 'panics' && /^\.(unwrap|expect)/.test(fact.what))
    return `${owner} panics where ${code(fact.what)} finds no value.`;
  if (fact.way === 'propagates' && file.language === 'rust' && givesNone(file, fact))
    return `${owner} gives back \`None\` where ${code(fact.what)} has no value.`;
  if (fact.way === 'propagates' && file.language === 'go')
    return `${owner} returns ${code(fact.what)} as its error.`;
  return `${owner} ${ways[fact.way]} ${code(fact.what)}.`;
}

/** `?` in a function that gives an Option, or of a Result whose error was dropped. */
function givesNone({ behaviour }: AnalyzedFile, { at, what }: OwnFact<'raise'>['fact']): boolean {
  const result = behaviour?.functions[at]?.result;
  return result === undefined ? /\.ok$/.test(what) : /^(?:(?:std|core)::option::)?Option\b/.test(result);
}

function catchText({ fact, owner }: OwnFact<'catch'>): string {
  const what = fact.types.length > 0 ? fact.types.map(code).join(', ') : 'anything thrown';
  if (fact.isTest && /^Err\(/.test(fact.types[0] ?? '')) {
    const outcome = fact.outcome === 'rethrown' ? 'gives an error back' : outcomes[fact.outcome];
    return `${owner}: where the result is ${what}, it ${outcome}.`;
  }
  return fact.isTest
    ? `${owner}: where ${what} is not nil, it ${outcomes[fact.outcome]}.`
    : `${owner} catches ${what} and ${outcomes[fact.outcome]}.`;
}

const sources = {
  environment: 'the environment variable',
  property: 'the property',
  flag: 'the command-line option',
  setting: 'the setting',
  feature: 'the build feature',
} as const;

export function configuration(analysis: Analysis): Statement[] {
  return together(
    ownFacts(analysis, 'config'),
    ({ fact, owner }) => {
      if (fact.source === 'feature')
        return `Whether a part is built depends on the feature ${code(fact.name ?? '')}.`;
      if (fact.source === 'flag')
        return `${owner} defines ${sources.flag} ${code(fact.name ?? '?')} by ${code(fact.callee)}.`;
      const verb = /set_var|setdefault|\.pop$/.test(fact.callee) ? 'uses' : 'reads';
      return fact.name === undefined
        ? `${owner} ${verb} ${fact.source === 'environment' ? 'the environment' : `a ${fact.source}`} by ${code(fact.callee)}, under a name that is no literal.`
        : `${owner} ${verb} ${sources[fact.source]} ${code(fact.name)} by ${code(fact.callee)}.`;
    },
    ({ fact }) => fact.name ?? lastName(fact.callee),
  );
}

type Concurrency = Extract<BehaviourFact, { readonly kind: 'concurrency' }>;

export function concurrency(analysis: Analysis): Statement[] {
  return together(
    ownFacts(analysis, 'concurrency'),
    ({ fact, owner }) => concurrencyText(fact, owner),
    ({ fact }) => firstName(fact.text.replace(/^(await|async|go|select)\b/, '')) ?? firstName(fact.text),
  );
}

function concurrencyText({ what, text }: Concurrency, owner: string): string {
  switch (what) {
    case 'async':
      return /^async\b/.test(text) ? `${owner} has an asynchronous block.` : `${owner} is asynchronous.`;
    case 'awaits':
      return `${owner} waits for ${code(text.replace(/^await\s+|\.await$/g, '').trim())}.`;
    case 'joins':
      return `${owner} waits for several at once or for others to end by ${code(text)}.`;
    case 'spawns':
      return `${owner} starts work that runs beside it: ${code(text)}.`;
    case 'schedules':
      return `${owner} has something run later by ${code(text)}.`;
    case 'locks':
      return `${owner} takes a lock: ${code(text)}.`;
    case 'sends':
      return `${owner} sends to a channel: ${code(text)}.`;
    case 'receives':
      return `${owner} receives from a channel: ${code(text)}.`;
    case 'selects':
      return `${owner} waits for the first of several channels.`;
    case 'synchronizes':
      return `${owner} shares a value between threads: ${code(text)}.`;
    case 'creates':
      return `${owner} makes something to synchronize or cancel by: ${code(text)}.`;
  }
}

export function patterns(analysis: Analysis): Statement[] {
  return ownFacts(analysis, 'pattern').map(({ file, fact }) => ({
    text: `${code(fact.subject)} has the form of ${/^[aio]/.test(fact.pattern) ? 'an' : 'a'} ${fact.pattern}: ${fact.why}.`,
    evidence: [cite(file, fact, undefined, 'inferred')],
  }));
}
