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
