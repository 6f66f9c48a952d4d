/**
 * A table that is looked up by words of code, of questions or of requests. Without a prototype: a plain object has an entry for
 * "constructor" and "toString", which any class or question may be about.
 */
export function textTable<Value>(entries: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> {
  return Object.assign(Object.create(null) as Record<string, Value>, entries);
}
