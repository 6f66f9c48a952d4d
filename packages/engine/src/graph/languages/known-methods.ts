/** Methods that every promise, generator or function has, whatever the repository defines. A table. */

/** Methods of promises, which are taken for what they give. */
export const promiseMethods = new Set(['then', 'catch', 'finally']);
export const generatorMethods = new Set([
  'send',
  'next',
  '__next__',
  '__anext__',
  '__enter__',
  '__aenter__',
  'throw',
  'return',
]);
export const functionMethods = new Set(['call', 'apply', 'bind']);

const words = (list: string) => list.trim().split(/\s+/);
/** What gives a function made of others, on functions that stand for an interface of one method. */
export const combining = new Set(
  words('andThen compose negate and or not reversed thenComparing nullsFirst nullsLast'),
);
const object = 'getClass hashCode equals toString notify notifyAll wait clone finalize';
const csharpObject = 'ToString Equals GetHashCode GetType MemberwiseClone Finalize ReferenceEquals';
/** Classes that every class, or many, inherit from: they have these methods and no others. */
export const rootMethods: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['java.lang.Object', new Set(words(object))],
  [
    'java.lang.Enum',
    new Set(words(`${object} name ordinal compareTo getDeclaringClass valueOf describeConstable`)),
  ],
  ['java.lang.Record', new Set(words(object))],
  ['System.Object', new Set(words(csharpObject))],
  ['System.ValueType', new Set(words(csharpObject))],
  ['System.Enum', new Set(words(`${csharpObject} HasFlag CompareTo GetTypeCode`))],
  ['ArrayAccess', new Set(words('offsetGet offsetSet offsetExists offsetUnset'))],
  ['Countable', new Set(['count'])],
  ['IteratorAggregate', new Set(['getIterator'])],
  ['Iterator', new Set(words('current key next rewind valid'))],
  ['Traversable', new Set()],
  ['JsonSerializable', new Set(['jsonSerialize'])],
  ['Stringable', new Set(['__toString'])],
]);
