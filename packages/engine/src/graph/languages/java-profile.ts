/** Java for the resolver: types that need no import, and methods of its library that call what they are given. */
import type { Profile } from './profile.ts';

const words = (list: string) => list.trim().split(/\s+/);

const lang = new Set(
  words(`Object String StringBuilder StringBuffer CharSequence Character Boolean Byte Short Integer Long Float Double Number Math
    StrictMath System Runtime Thread ThreadGroup ThreadLocal InheritableThreadLocal Runnable Class ClassLoader Module Package Process
    ProcessBuilder ProcessHandle Comparable Iterable Cloneable AutoCloseable Appendable Readable Enum Record Void StackTraceElement
    StackWalker Throwable Exception RuntimeException Error IllegalArgumentException IllegalStateException NullPointerException
    IndexOutOfBoundsException ArrayIndexOutOfBoundsException StringIndexOutOfBoundsException UnsupportedOperationException
    ClassCastException ClassNotFoundException NumberFormatException ArithmeticException ArrayStoreException InterruptedException
    CloneNotSupportedException NegativeArraySizeException NoSuchFieldException NoSuchMethodException SecurityException
    AssertionError OutOfMemoryError StackOverflowError LinkageError NoClassDefFoundError ExceptionInInitializerError
    InstantiationException IllegalAccessException ReflectiveOperationException IllegalMonitorStateException Override Deprecated
    SuppressWarnings FunctionalInterface SafeVarargs`),
);

/** Package of a type that needs no import. */
export const javaImplicit = (name: string): string | undefined => (lang.has(name) ? 'java.lang' : undefined);

const lists = `List ArrayList LinkedList Set HashSet LinkedHashSet TreeSet Map HashMap LinkedHashMap TreeMap Queue Deque ArrayDeque
  PriorityQueue Stack Vector Optional`;
const factories =
  words(`java.util.List.of java.util.Set.of java.util.Map.of java.util.List.copyOf java.util.Set.copyOf
  java.util.Map.copyOf java.util.Arrays.asList java.util.Arrays.stream java.util.Collections.singletonList
  java.util.Collections.singleton java.util.Collections.unmodifiableList java.util.Collections.unmodifiableSet
  java.util.Collections.unmodifiableMap java.util.Collections.unmodifiableCollection java.util.Collections.synchronizedList
  java.util.Collections.synchronizedMap java.util.Optional.of java.util.Optional.ofNullable java.util.stream.Stream.of
  java.util.stream.Stream.concat java.util.stream.StreamSupport.stream java.util.Collections.emptyList`);
const atomics = words(`java.util.concurrent.atomic.AtomicReference java.util.concurrent.ConcurrentHashMap
  java.util.concurrent.CopyOnWriteArrayList java.util.concurrent.ConcurrentLinkedQueue java.util.concurrent.LinkedBlockingQueue
  java.util.concurrent.ArrayBlockingQueue java.lang.ref.WeakReference java.lang.ref.SoftReference`);

export const javaProfile: Profile = {
  constructorName: '<init>',
  hasReceiverParameter: false,
  keysAreNames: false,
  trustsTypes: false,
  typed: 'nominal',
  capitalsAreBuiltin: false,
  resultsAreBuiltin: false,
  textType: 'java.lang.String',
  numberType: 'int',
  builtins: new Set(),
  methods: new Map(),
  types: new Set(),
  callers: new Map(
    words(`java.util.Arrays.sort java.util.Collections.sort java.util.Optional.orElseGet java.util.stream.Stream.generate
      java.util.stream.Stream.iterate java.util.stream.IntStream.forEach java.lang.Thread java.util.concurrent.CompletableFuture.supplyAsync
      java.util.concurrent.CompletableFuture.runAsync java.util.concurrent.ExecutorService.submit
      java.util.concurrent.ExecutorService.execute java.util.concurrent.Executor.execute
      java.util.concurrent.Executors.newFixedThreadPool.submit java.util.concurrent.Executors.newSingleThreadExecutor.submit
      java.util.concurrent.Executors.newFixedThreadPool.execute java.util.concurrent.Executors.newCachedThreadPool.submit
      java.lang.ThreadLocal.withInitial java.util.Objects.requireNonNullElseGet java.security.AccessController.doPrivileged`).map(
      (name) => [name, 'element'] as const,
    ),
  ),
  containers: new Map([
    ...words(lists).map((name) => [`java.util.${name}`, `java.util.${name}`] as const),
    ...factories.map((name) => [name, name.slice(0, name.lastIndexOf('.'))] as const),
    ...atomics.map((name) => [name, name] as const),
  ]),
  passing: new Set(['java.util.Objects.requireNonNull']),
};
