/** C# for the resolver: where the types of its class library are, and what of it calls what it is given. */
import { javaProfile } from './java-profile.ts';
import { methodsOf, type Profile } from './profile.ts';

const words = (list: string) => list.trim().split(/\s+/);

const outside = new Map<string, string>(
  (
    [
      [
        'System',
        `String Object Console Math Array Enum Guid DateTime DateTimeOffset TimeSpan Type Activator GC Environment EventArgs EventHandler
        Delegate Attribute Convert Random Uri Version Tuple ValueTuple Lazy Nullable IDisposable IAsyncDisposable IComparable IEquatable
        Exception ArgumentException ArgumentNullException ArgumentOutOfRangeException InvalidOperationException
        NotSupportedException NotImplementedException ObjectDisposedException OperationCanceledException TimeoutException
        AggregateException FormatException InvalidCastException StringComparison StringComparer BitConverter Buffer`,
      ],
      ['System.Threading.Tasks', 'Task ValueTask TaskCompletionSource Parallel TaskScheduler TaskFactory'],
      [
        'System.Threading',
        'CancellationToken CancellationTokenSource Interlocked Monitor Thread ThreadPool Volatile SemaphoreSlim',
      ],
      ['System.Linq', 'Enumerable Queryable'],
      [
        'System.IO',
        'File Directory Path Stream MemoryStream FileStream StreamReader StreamWriter TextReader TextWriter',
      ],
      ['System.Text', 'StringBuilder Encoding'],
      ['System.Collections', 'IEnumerable IEnumerator IDictionary IList ICollection ArrayList Hashtable'],
    ] as const
  ).flatMap(([namespace, names]) => words(names).map((name) => [name, `${namespace}.${name}`] as const)),
);

/** Full name of a type that no file declares; without its namespace where that is not known. */
export function csharpOutside(name: string): string {
  const bare = name.replace(/`\d+$/, '');
  return outside.get(bare) ?? bare;
}

export const csharpProfile: Profile = {
  ...javaProfile,
  invokers: new Set(words('Invoke DynamicInvoke BeginInvoke')),
  textType: 'System.String',
  builtins: new Set(['%getter']),
  methods: methodsOf([
    [
      'bool byte sbyte char decimal double float int uint long ulong short ushort nint nuint',
      'ToString Equals',
    ],
  ]),
  containers: new Map(
    words(
      `System.Linq.Enumerable.Empty System.Linq.Enumerable.Repeat System.Array.Empty System.Threading.Tasks.Task.WhenAll`,
    ).map((name) => [name, 'System.Collections.IEnumerable'] as const),
  ),
  callers: new Map(
    words(`System.Threading.Tasks.Task.Run System.Threading.Tasks.Task.ContinueWith System.Threading.Tasks.Task.Factory.StartNew System.Threading.Thread
      System.Threading.ThreadPool.QueueUserWorkItem System.Lazy System.Threading.Tasks.Parallel.ForEach System.Array.ForEach
      System.Threading.Tasks.Parallel.For System.Threading.Tasks.Parallel.Invoke System.Array.Sort`).map(
      (name) => [name, 'element'] as const,
    ),
  ),
  passing: new Set(
    words(
      'System.Threading.Tasks.Task.FromResult System.Threading.Tasks.ValueTask System.Threading.Tasks.ValueTask.FromResult',
    ),
  ),
};
