/** Every form in which a language names a type is a reference to it: signatures, fields, casts, patterns, handlers, annotations. */
import { describe, expect, it } from 'vitest';
import { resolveGraph } from '../graph/resolving/resolve.ts';
import { languageOf } from '../syntax/registry.ts';
import { readFacts } from './call-graph.ts';

/** Lines with `@form` name the class P, the exception E or the annotation A of the same repository. */
const SOURCES = {
  'a.php': `<?php
namespace App;
use Lib\\E;//@use import
use Lib\\A;//@use import attr
class P { const K = 1; public static $s = 1; public static function f() {} }
enum Suit { case Hearts; }
interface HasP { public function g(P $p): ?P; } //@sig param+return
class User {
  private P $field; //@property type
  private int|P $either; //@union property
  public function __construct(private P $promoted) {} //@promoted
  public function run(P $p) { //@param
    return 1;
  }
  public function give(): P { //@return
    return null;
  }
  public function vari(P ...$all) {} //@variadic
  /** @var P $doc */ //@docblock var
  public $doc;
  /**
   * @param P $x //@docblock param
   * @return P //@docblock return
   * @throws E //@docblock throws
   */
  public function docs($x) {}
  public function body($x, $cls) {
    try { $x->go(); }
    catch (E $e) { throw $e; } //@catch
    if ($x instanceof P) return 1; //@instanceof
    $c = P::class; //@class literal
    $k = P::K; //@constant access
    P::f(); //@static call
    $n = new P; //@new
    $h = Suit::Hearts;
    $fn = fn(P $q): P => $q; //@closure param
    $m = match(true) { $x instanceof P => 1, default => 2 }; //@match instanceof
  }
  #[A(P::class)] //@attribute
  public function attr() {}
}
function ff(P|E $x = null): void {} //@function union
`,
  'A.php': `<?php\nnamespace Lib;\nclass E extends \\Exception {}\nclass A {}\n`,
  'a.ts': `class P { static k = 1; static f() {} }
class E extends Error {}
interface Box<T> { v: T }
function deco(x: any) { return x; }
function run(p: P): void {} //@param
function give(): P { return null as any; } //@return
const v: P | undefined = undefined; //@variable
class User { field: P; //@field
  constructor(private p: P) {} //@ctor param
}
type Alias = Box<P>; //@type alias generic
function body(x: any) {
  try { x(); } catch (e) { if (e instanceof E) throw e; } //@instanceof
  const a = x as P; //@cast
  const b = <P>x; //@cast2
  const g = new Map<string, P>(); //@generic arg
  const k = P.k; //@static access
  const c = P; //@class value
  const s = x satisfies P; //@satisfies
  return typeof P; //@typeof
}
function isP(x: any): x is P { return true; } //@predicate
class D<T extends P> {} //@bound
const f = (q: P) => q; //@arrow param
let fn: (p: P) => void; //@fn type
@deco class Q {}
}
`,
  'a.py': `class P:
    K = 1
    @staticmethod
    def f(): pass
class E(Exception): pass
def deco(fn): return fn
def run(p: P): #@param
    pass
def give() -> P: #@return
    pass
v: P = None #@variable
def gen(x: list[P]) -> dict[str, P]: #@generic
    pass
def opt(x: "P"): #@string annotation
    pass
def un(x: P | None): #@union
    pass
class User:
    field: P #@field
def body(x):
    try:
        x()
    except E as e: #@except
        raise
    try:
        x()
    except (E, ValueError): #@except tuple
        pass
    if isinstance(x, P): #@isinstance
        pass
    k = P.K #@attr access
    c = P #@value
    match x:
        case P(): #@match
            pass
def cast2(x):
    return cast(P, x) #@cast
`,
  'a.go': `package a
type P struct { K int }
type E struct {}
func (e *E) Error() string { return "" }
type I interface { Do(p P) P } //@interface sig
type User struct {
	field P //@field
	ptr *P //@pointer field
	m map[string]P //@map field
}
func run(p P) {} //@param
func give() *P { return nil } //@return
var v P //@var
var vv = map[string]*P{} //@map literal
func gen[T any](x T) {}
func body(x any) {
	var e *E //@local var
	_ = e
	switch x.(type) {
	case P: //@type switch
	}
	_, _ = x.(P) //@assertion
	_ = P{K: 1} //@composite
	_ = new(P) //@new
	_ = []P{} //@slice
	gen[P](P{}) //@generic
	_ = make(chan P) //@chan
	f := func(q P) {} //@func literal
	_ = f
}
type Al = P //@alias
type D P //@derived
func (u User) m(p []P) {} //@method param
`,
  'a/A.java': `package a;
import java.util.*;
class P { static int K = 1; static void f() {} }
class E extends Exception {}
@interface An { Class<?> value(); }
interface I { P m(P p); } //@sig
class User {
  P field; //@field
  List<P> list; //@generic field
  User(P p) {} //@ctor
  void run(P p) {} //@param
  P give() { return null; } //@return
  void th() throws E {} //@throws
  @An(P.class) //@annotation
  void an() {}
  <T extends P> void b(T t) {} //@bound
  void body(Object x) throws Exception {
    try { run(null); } catch (E e) { } //@catch
    try { run(null); } catch (RuntimeException | E e) { } //@multi catch
    if (x instanceof P) {} //@instanceof
    if (x instanceof P q) {} //@instanceof pattern
    P p = null; //@local
    Object o = (P) x; //@cast
    Class<?> c = P.class; //@class literal
    int k = P.K; //@static access
    P.f(); //@static call
    List<P> l = new ArrayList<P>(); //@generic local
    Object s = switch (x) { case P pp -> 1; default -> 2; }; //@switch pattern
    java.util.function.Function<P, P> f = (P z) -> z; //@lambda
    for (P it : l) {} //@for each
  }
}
`,
  'a/A.cs': `namespace N;
class P { public const int K = 1; public static void F() {} }
class E : System.Exception {}
class AnAttribute : System.Attribute { public AnAttribute(System.Type t) {} }
interface I { P M(P p); } //@sig
class User {
  P field; //@field
  List<P> list; //@generic
  public P Prop { get; set; } //@property
  P? maybe; //@nullable
  User(P p) {} //@ctor
  void Run(P p) {} //@param
  P Give() { return null; } //@return
  [An(typeof(P))] //@attribute typeof
  void Attr() {}
  void B<T>(T t) where T : P {} //@constraint
  void Body(object x) {
    try { Run(null); } catch (E e) { } //@catch
    if (x is P) {} //@is
    if (x is P q) {} //@is pattern
    P p = null; //@local
    var o = (P)x; //@cast
    var a = x as P; //@as
    var t = typeof(P); //@typeof
    var k = P.K; //@static access
    P.F(); //@static call
    var l = new List<P>(); //@generic new
    switch (x) { case P z: break; } //@switch
    var w = x switch { P y => 1, _ => 2 }; //@switch expr
    System.Func<P, P> f = (P z2) => z2; //@lambda
    var nm = nameof(P); //@nameof
    foreach (P it in l) {} //@foreach
    var d = default(P); //@default
  }
}
`,
  'a/A.kt': `package a
import kotlin.reflect.KClass
open class P { companion object { val K = 1; fun f() {} } }
class E : Exception()
annotation class An(val v: KClass<*>)
interface I { fun m(p: P): P } //@sig
class User(val promoted: P) { //@ctor
  val field: P? = null //@field
  val list: List<P> = listOf() //@generic
  fun run(p: P) {} //@param
  fun give(): P = P() //@return
  @An(P::class) //@annotation
  fun an() {}
  fun <T : P> b(t: T) {} //@bound
  fun body(x: Any) {
    try { run(P()) } catch (e: E) { } //@catch
    if (x is P) {} //@is
    val p: P? = null //@local
    val o = x as P //@cast
    val oo = x as? P //@safe cast
    val c = P::class //@class literal
    val k = P.K //@static access
    P.f() //@static call
    val l = mutableListOf<P>() //@generic call
    when (x) { is P -> 1 } //@when
    val f = { z: P -> z } //@lambda
    for (it: P in list) {} //@for
  }
  fun P.ext() {} //@receiver
}
typealias Al = List<P> //@alias
`,
  'a/lib.rs': `pub struct P { pub k: i32 }
impl P { pub const K: i32 = 1; pub fn f() {} }
pub enum E { A, B }
trait I { fn m(&self, p: P) -> P; } //@sig
struct User {
  field: P, //@field
}
enum V { One(P) } //@variant payload
fn run(p: P) {} //@param
fn give() -> P { P { k: 1 } } //@return
fn res() -> Result<P, E> { Err(E::A) } //@result
static S: Option<P> = None; //@static
type Al = P; //@alias
fn gen<T: Into<P>>(t: T) {} //@bound
fn wh<T>(t: T) where T: Into<P> {} //@where
fn body(x: E, a: &dyn std::any::Any) {
  let p: Option<P> = None; //@local
  match x {
    E::A => {} //@match arm
    E::B => {} //@match arm2
  }
  let k = P::K; //@assoc const
  P::f(); //@assoc call
  let z = a.downcast_ref::<P>(); //@turbofish
  let q = P { k: 1 }; //@struct literal
  let P { k } = q; //@pattern
  let f = |w: P| w; //@closure
  let c = 1 as u8;
  if let E::B = x {} //@if let
  let s = matches!(x, E::A | E::B); //@matches
  let ve: Vec<E> = Vec::new(); //@vec
}
impl I for P { fn m(&self, p: P) -> P { p } } //@impl
impl From<P> for E { fn from(p: P) -> E { E::A } } //@impl generic
`,
  'a.rb': `class P
  K = 1
  def self.f; end
end
class E < StandardError; end
class User
  def body(x)
    begin
      x.go
    rescue E => e #@rescue
      raise E #@raise
    end
    x.is_a?(P) #@is_a
    P === x #@case eq
    case x
    when P then 1 #@when
    end
    k = P::K #@const access
    P.f #@static call
    c = P #@value
    y = { P => 1 } #@hash key
    raise E, "x" #@raise with message
    rescue_from E #@arg
  end
  LIST = [P, E] #@list
end
`,
  'a.cpp': `struct P { static int K; static void f(); int x; };
struct E {};
template <class T> struct Box { T v; };
struct User {
  P field; //@field
  Box<P> box; //@generic
  User(P p); //@ctor
};
void run(P p) {} //@param
P give() { return P(); } //@return
P global; //@global
using Al = P; //@using
typedef P Td; //@typedef
void body(void *x) {
  try { run(P()); } catch (E &e) { } //@catch
  P p; //@local
  P *q = (P *)x; //@cast
  auto r = static_cast<P *>(x); //@static_cast
  auto d = dynamic_cast<P *>(q); //@dynamic_cast
  int k = P::K; //@static access
  P::f(); //@static call
  Box<P> b; //@generic local
  auto n = new P(); //@new
  auto l = [](P z) { return z; }; //@lambda
}
`,
  'b.c': `struct P { int x; };
typedef struct P PT;
struct User {
  struct P field; //@field
};
void run(struct P *p) {} //@param
struct P *give(void) { return 0; } //@return
struct P global; //@global
void body(void *x) {
  struct P p; //@local
  struct P *q = (struct P *)x; //@cast
  int s = sizeof(struct P); //@sizeof
  struct P z = { 1 }; //@init
}
`,
};

type Path = keyof typeof SOURCES;

/** Forms at whose line no edge leads to one of the three types; none where all are references. */
async function missing(paths: readonly Path[]): Promise<readonly string[]> {
  const files = await Promise.all(
    paths.map(async (path) => {
      const bytes = new TextEncoder().encode(SOURCES[path]);
      const { facts } = await readFacts(path, bytes, languageOf(path), 2 ** 20);
      if (facts === undefined) throw new Error(`no facts of ${path}`);
      return { path, facts };
    }),
  );
  const { ids, edges } = resolveGraph(files);
  const named = new Set<number>();
  edges.to.forEach((to, i) => {
    if (edges.file[i] === 0 && /(^|\.)[PEA](\.f)?$/.test(ids[to] as string))
      named.add(edges.line[i] as number);
  });
  return SOURCES[paths[0] as Path].split('\n').flatMap((line, i) => {
    const form = /(?:\/\/|#)@(.*)$/.exec(line)?.[1];
    return form === undefined || named.has(i + 1) ? [] : [form];
  });
}

describe('types are references wherever they are named', () => {
  it.each([
    ['PHP', ['a.php', 'A.php']],
    ['TypeScript', ['a.ts']],
    ['Python', ['a.py']],
    ['Go', ['a.go']],
    ['Java', ['a/A.java']],
    ['C#', ['a/A.cs']],
    ['Kotlin', ['a/A.kt']],
    ['Rust', ['a/lib.rs']],
    ['Ruby', ['a.rb']],
    ['C++', ['a.cpp']],
    ['C', ['b.c']],
  ] as const)('in %s', async (_, paths) => {
    expect(await missing(paths)).toEqual([]);
  });
});
