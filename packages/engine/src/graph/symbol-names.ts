/** How a person names a definition, and which ids that may mean. */

/** `Store#publish()`, `Store::publish` and `Store->publish` as ids write them. */
export function idAsWritten(name: string): string {
  return name
    .trim()
    .replace(/\(.*\)$/, '')
    .replace(/(?<=[^.])#|::|->/g, '.')
    .replace(/^\.+/, '');
}

/** The last name of an id. */
export function bareName(id: string): string {
  return id.slice(id.lastIndexOf('.') + 1);
}

/** 0: the id; 1: its end; 2: its end but for the case of letters. undefined: no match. */
export function matchOf(id: string, wanted: string): number | undefined {
  if (id === wanted) return 0;
  if (id.endsWith(`.${wanted}`)) return 1;
  const small = id.toLowerCase();
  const other = wanted.toLowerCase();
  return small === other || small.endsWith(`.${other}`) ? 2 : undefined;
}
