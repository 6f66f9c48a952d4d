/** How a person names a definition, and which ids that may mean. */

/** `Store#publish()`, `Store::publish` and `Store->publish` as ids write them. */
export function idAsWritten(name: string): string {
  return name
    .trim()
    .replace(/\(.*\)$/, '')
    .replace(/(?<=[^.])#|::|->/g, '.')
    .replace(/^\.+/, '');
}

/** The last name of an id, without the number of a second function of one name. */
export function bareName(id: string): string {
  return withoutNumber(id.slice(id.lastIndexOf('.') + 1));
}

const withoutNumber = (id: string) => id.replace(/:\d+$/, '');

/** 0: the id; 1: its end; 2: its end but for the case of letters. undefined: no match. */
export function matchOf(id: string, wanted: string): number | undefined {
  if (id === wanted) return 0;
  const plain = withoutNumber(id);
  if (plain === wanted || plain.endsWith(`.${wanted}`) || id.endsWith(`.${wanted}`)) return 1;
  const small = plain.toLowerCase();
  const other = wanted.toLowerCase();
  return small === other || small.endsWith(`.${other}`) ? 2 : undefined;
}
