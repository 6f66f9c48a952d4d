import { expect, test } from 'vitest';
import { resolveGraph } from '../graph/resolving/resolve.ts';
import { GRAPH_EDGE_KINDS } from '../model/code-graph.ts';
import type { FilePath } from '../model/file.ts';
import { languageOf } from '../syntax/registry.ts';
import { readFacts } from './call-graph.ts';

/** `kind from -> to:line` of every edge but calls, or of calls alone. */
async function edgesOf(path: FilePath, text: string, kinds: RegExp): Promise<string[]> {
  const { facts } = await readFacts(path, new TextEncoder().encode(text), languageOf(path), 2 ** 20);
  if (facts === undefined) throw new Error('no facts');
  const { ids, edges } = resolveGraph([{ path, facts }]);
  return Array.from(
    edges.kind,
    (kind, i) =>
      `${GRAPH_EDGE_KINDS[kind & 7]} ${ids[edges.from[i] as number]} -> ${ids[edges.to[i] as number]}:${edges.line[i]}`,
  ).filter((edge) => kinds.test(edge));
}

test('TypeScript: types are used where they stand in type arguments, and in types of functions', async () => {
  const text = `interface Opt { a: number }
class Plain {}
class Box<T> { get(): T { return null as any; } }
const box = new Box<Opt>();
function run(f: (o: Opt) => void): Promise<Box<Plain>> {
  return null as any as Promise<Box<Plain>>;
}
`;
  expect(await edgesOf('c.ts', text, /^uses/)).toEqual([
    'uses c -> c.Opt:4',
    'uses c.run -> c.Box:5',
    'uses c.run -> c.Opt:5',
    'uses c.run -> c.Plain:5',
    'uses c.run -> c.Box:6',
    'uses c.run -> c.Plain:6',
  ]);
});

test('Java: a method of a class in a long package has its name; a type is none of what a foreign base may have; a method reference is a use', async () => {
  const text = `import com.google.common.base.Objects;
import java.util.*;
class Sub implements Comparable<Sub> {
  public int compareTo(Sub o) { return Objects.equal(this, o) ? 0 : 1; }
  void go() { new HashMap<>(); take(this::rest); }
  void rest() {}
  void take(Runnable r) {}
}
`;
  expect(await edgesOf('Sub.java', text, /^(calls|uses) Sub.Sub/)).toEqual([
    'calls Sub.Sub.compareTo -> <external>.com.google.common.base.Objects.equal:4',
    'uses Sub.Sub.compareTo -> Sub.Sub:4',
    'calls Sub.Sub.go -> <external>.java.util.HashMap:5',
    'calls Sub.Sub.go -> Sub.Sub.take:5',
    'uses Sub.Sub.go -> Sub.Sub.rest:5',
  ]);
});

test('Rust: variants are no subclasses', async () => {
  const text = `struct P;
trait Area { fn area(&self) -> u8; }
enum Shape { Circle(P), Dot }
impl Area for Shape { fn area(&self) -> u8 { 1 } }
fn make() { let s = Shape::Circle(P); s.area(); }
`;
  const edges = await edgesOf('b.rs', text, /^(inherits|calls)/);
  expect(edges).toContain('calls b.make -> b.Shape.area:5');
  expect(edges.filter((edge) => edge.startsWith('inherits'))).toEqual([]);
});

test('Ruby: a bare name that is called is no use beside the call; a method that is handed over is', async () => {
  const text = `class A
  def run
    stop(1)
    stop
    method(:stop)
  end
  def stop(x = 0); end
end
`;
  expect(await edgesOf('a.rb', text, /A\.stop/)).toEqual([
    'calls a.A.run -> a.A.stop:3',
    'calls a.A.run -> a.A.stop:4',
    'uses a.A.run -> a.A.stop:5',
  ]);
});
