/** Names outside a workspace -> what they are: exact, then by the longest prefix. Knows no kind. */
import type { EffectKind } from '../../model/behaviour.ts';
import type { BehaviourLanguage, NameTable } from './behaviour-language.ts';

export interface Names<Kind extends string> {
  /**
   * With `typesAreNone` a name with a capital is found by itself alone: who makes a value of a type has done nothing with it yet.
   * `requests.Session.get` finds `requests.Session.get`, `requests.Session.*`, `requests.*`.
   */
  kindOf(name: string, typesAreNone?: boolean): Kind | undefined;
}

/** `pymongo.binary.Binary`, `net.Socket`; not `os.O_RDONLY`. */
const typeName = /(^|\.)_*[A-Z]\w*[a-z]\w*$/;

const made = new WeakMap<object, Names<string>>();

export function namesOf<Kind extends string>(table: NameTable<Kind>): Names<Kind> {
  let names = made.get(table) as Names<Kind> | undefined;
  if (names === undefined) {
    names = compile(table);
    made.set(table, names);
  }
  return names;
}

function compile<Kind extends string>(table: NameTable<Kind>): Names<Kind> {
  const exact = new Map<string, Kind | 'none'>();
  const below = new Map<string, Kind | 'none'>();
  for (const [kind, list] of Object.entries(table) as [Kind | 'none', string][]) {
    for (const name of list.split(/\s+/)) {
      if (name.endsWith('.*')) below.set(name.slice(0, -2), kind);
      else if (name !== '') exact.set(name, kind);
    }
  }
  const kindOf = (name: string, typesAreNone = false): Kind | undefined => {
    let found = exact.get(name);
    if (found === undefined && typesAreNone && typeName.test(name)) return undefined;
    for (
      let end = name.lastIndexOf('.');
      found === undefined && end > 0;
      end = name.lastIndexOf('.', end - 1)
    )
      found = below.get(name.slice(0, end));
    return found === 'none' ? undefined : found;
  };
  return { kindOf };
}

/** What a call of the name does outside the process. In Go a capital says that others see it, elsewhere that it is a type. */
export const effectNamed = ({ id, effects }: BehaviourLanguage, name: string): EffectKind | undefined =>
  namesOf(effects).kindOf(name, id !== 'go');

const lists = new Map<string, ReadonlySet<string>>();

export function ofList(list: string): ReadonlySet<string> {
  let found = lists.get(list);
  if (found === undefined) {
    found = new Set(list.split(/\s+/).filter((name) => name !== ''));
    lists.set(list, found);
  }
  return found;
}

const logLook =
  /(^|[.:])_?(log|logger|logging|slog|LOG|LOGGER|Log|Logger|_logger|_log)(\(\)|::)?[.:](trace|debug|info|warn|warning|error|exception|critical|fatal|log|Debugf?|Infof?|Warnf?|Warningf?|Errorf?|Printf|Println|Print)$/;

/** A logger is called so, whoever made it: the look of the callee is all that says it. */
export function isLogLook(written: string): boolean {
  return logLook.test(written);
}
