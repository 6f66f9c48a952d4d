/** Kotlin for the resolver: names of its library that need no import. */
import { javaImplicit, javaProfile } from './java-profile.ts';
import type { Profile } from './profile.ts';

const words = (list: string) => list.trim().split(/\s+/);
const collectionNames = `listOf mutableListOf arrayListOf emptyList listOfNotNull setOf mutableSetOf hashSetOf linkedSetOf emptySet mapOf
  mutableMapOf hashMapOf linkedMapOf emptyMap buildList buildMap buildSet`;
const outside = new Map<string, string>([
  ...words(`String Int Long Short Byte Double Float Boolean Char Unit Any Nothing Number Pair Triple Array IntArray LongArray ByteArray
    CharArray BooleanArray DoubleArray FloatArray Throwable Exception RuntimeException Error IllegalArgumentException IllegalStateException
    UnsupportedOperationException IndexOutOfBoundsException NullPointerException NoSuchElementException NumberFormatException
    Comparable CharSequence Enum Function Lazy Result run let also apply with takeIf takeUnless repeat lazy require requireNotNull
    check checkNotNull error TODO arrayOf arrayOfNulls intArrayOf emptyArray lazyOf runCatching synchronized`).map(
    (name) => [name, 'kotlin'] as const,
  ),
  ...words(`${collectionNames} List MutableList Set MutableSet Map MutableMap Collection MutableCollection Iterable Iterator ArrayList
    HashMap HashSet LinkedHashMap LinkedHashSet ArrayDeque`).map(
    (name) => [name, 'kotlin.collections'] as const,
  ),
  ...words('sequence sequenceOf generateSequence Sequence').map(
    (name) => [name, 'kotlin.sequences'] as const,
  ),
  ...words('println print readLine readln').map((name) => [name, 'kotlin.io'] as const),
  ...words('StringBuilder Regex buildString').map((name) => [name, 'kotlin.text'] as const),
]);

export const kotlinImplicit = (name: string): string | undefined => outside.get(name) ?? javaImplicit(name);

export const kotlinProfile: Profile = {
  ...javaProfile,
  textType: 'kotlin.String',
  builtins: new Set(['%getter']),
  containers: new Map([
    ...javaProfile.containers,
    ...words(collectionNames).map(
      (name) => [`kotlin.collections.${name}`, 'kotlin.collections.List'] as const,
    ),
    ...words('ArrayList HashMap HashSet LinkedHashMap LinkedHashSet ArrayDeque').map(
      (name) => [`kotlin.collections.${name}`, `kotlin.collections.${name}`] as const,
    ),
    ...words('arrayOf Pair Triple').map((name) => [`kotlin.${name}`, 'kotlin.Array'] as const),
    ...words('sequenceOf').map((name) => [`kotlin.sequences.${name}`, 'kotlin.sequences.Sequence'] as const),
  ]),
  callers: new Map([
    ...javaProfile.callers,
    ...words(`kotlin.run kotlin.lazy kotlin.repeat kotlin.runCatching kotlin.synchronized kotlin.require kotlin.check
      kotlin.collections.buildList kotlin.collections.buildMap kotlin.text.buildString kotlin.sequences.generateSequence
      kotlinx.coroutines.launch kotlinx.coroutines.async kotlinx.coroutines.runBlocking kotlinx.coroutines.withContext
      kotlinx.coroutines.coroutineScope kotlin.concurrent.thread`).map((name) => [name, 'results'] as const),
  ]),
};
