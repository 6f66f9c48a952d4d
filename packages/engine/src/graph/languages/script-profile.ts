/** JavaScript and TypeScript for the resolver. */
import { methodsOf, type Profile } from './profile.ts';

const any = 'toString toLocaleString valueOf hasOwnProperty propertyIsEnumerable isPrototypeOf';
const tables =
  'get set has add delete clear forEach entries keys values union intersection difference isSubsetOf isSupersetOf';
const scriptMethods: readonly (readonly [types: string, methods: string])[] = [
  [
    'string',
    `${any} at charAt charCodeAt codePointAt concat endsWith includes indexOf lastIndexOf localeCompare match matchAll normalize padEnd
    padStart repeat replace replaceAll search slice split startsWith substring substr toLocaleLowerCase toLocaleUpperCase
    toLowerCase toUpperCase trim trimEnd trimStart`,
  ],
  ['number', `${any} toFixed toPrecision toExponential`],
  ['boolean object', any],
  [
    'array',
    `${any} at concat copyWithin entries every fill filter find findIndex findLast findLastIndex flat flatMap forEach includes indexOf
    join keys lastIndexOf map pop push reduce reduceRight reverse shift slice some sort splice toReversed toSorted toSpliced
    unshift values with next return throw ${tables}`,
  ],
  ['map', `${any} ${tables}`],
  // What a promise gives is followed: any other name is of that.
  ['Promise', `${any} then catch finally`],
  ['Error TypeError RangeError SyntaxError ReferenceError EvalError URIError AggregateError', any],
  ['RegExp', `${any} exec test compile`],
];

export const scriptProfile: Profile = {
  constructorName: 'constructor',
  hasReceiverParameter: false,
  keysAreNames: true,
  trustsTypes: true,
  capitalsAreBuiltin: true,
  resultsAreBuiltin: true,
  textType: 'string',
  numberType: 'number',
  builtins: new Set(
    `%getter import.meta __dirname __filename Promise.then Promise.catch Promise.finally undefined globalThis window self document navigator location history screen
    console process global require module exports performance crypto caches localStorage sessionStorage indexedDB customElements
    setTimeout setInterval setImmediate clearTimeout clearInterval clearImmediate queueMicrotask requestAnimationFrame
    cancelAnimationFrame requestIdleCallback structuredClone fetch alert confirm prompt atob btoa eval isNaN isFinite parseInt
    parseFloat encodeURI encodeURIComponent decodeURI decodeURIComponent escape unescape getComputedStyle matchMedia
    addEventListener removeEventListener dispatchEvent postMessage importScripts scrollTo open close reportError
    describe it test suite expect expectTypeOf assertType vi jest before after beforeEach afterEach beforeAll afterAll bench`
      .trim()
      .split(/\s+/),
  ),
  methods: methodsOf(scriptMethods),
  types: new Set(['String', 'Number', 'Boolean']),
  callers: new Map(
    'setTimeout setInterval setImmediate queueMicrotask requestAnimationFrame Promise process.nextTick process.on Array.from'
      .split(' ')
      .map((name) => [name, 'results'] as const),
  ),
  containers: new Map([
    ['Map', 'map'],
    ['WeakMap', 'map'],
    ['Set', 'array'],
    ['Array', 'array'],
  ]),
  passing: new Set(
    'Object.freeze Object.seal Object.assign Promise.resolve Promise.all Array.from Array.of structuredClone Object.defineProperty'.split(
      ' ',
    ),
  ),
};
