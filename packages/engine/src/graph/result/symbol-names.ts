/** How a person names a definition, and which ids that may mean. */

/** `Store#publish()`, `Store::publish` and `Store->publish` as ids write them. */
export function idAsWritten(name: string): string {
  return (
    name
      .trim()
      .replace(/\([^()]*\)$/, '')
      // A receiver of Go, type arguments, an inner class of the JVM, a namespace of PHP.
      .replace(/\(\*?(\w{1,100})\)(?=\.)/g, '$1')
      .replace(/(?<=\w)(?:::)?<[^<>]{0,200}>/g, '')
      .replace(/(?<=\w)\$(?=[A-Z])|\\/g, '.')
      .replace(/(?<=[^.])#|::|->/g, '.')
      .replace(/^\.+/, '')
  );
}

/** The last name of an id, without the number of a second function of one name. */
export function bareName(id: string): string {
  return withoutNumber(id.slice(id.lastIndexOf('.') + 1));
}

const withoutNumber = (id: string) => id.replace(/:\d+$/, '');

/**
 * 0: the id; 1: its end; 2: its last name after others in their order, as packages, crates and modules are named whose
 * files and folders the id has, too; 3: its end but for the case of letters. undefined: no match.
 */
export function matchOf(id: string, wanted: string): number | undefined {
  if (id === wanted) return 0;
  const plain = withoutNumber(id);
  if (plain === wanted || plain.endsWith(`.${wanted}`) || id.endsWith(`.${wanted}`)) return 1;
  if (isPassedBy(plain.split('.'), wanted.split('.'))) return WITH_GAPS;
  const small = plain.toLowerCase();
  const other = wanted.toLowerCase();
  return small === other || small.endsWith(`.${other}`) ? 3 : undefined;
}

export const WITH_GAPS = 2;

/** Whether `names` are among those of the id, in order, with the last at its end. */
function isPassedBy(id: readonly string[], names: readonly string[]): boolean {
  if (names.length < 2 || id.at(-1) !== names.at(-1)) return false;
  let met = 0;
  for (const part of id) if (part === names[met]) met++;
  return met >= names.length;
}
