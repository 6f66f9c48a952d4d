import { expect, test } from 'vitest';
import { callsText } from './testing/calls-text.ts';

test('Rust: modules in files, in folders, in place and by path, and the ways of naming what is in them', async () => {
  const files = {
    'src/main.rs': `
mod kitchen;
#[path = "odd/place.rs"]
mod far;
mod inner {
    pub fn cut() { self::deep::slice(); }
    pub mod deep { pub fn slice() { super::cut(); super::super::main(); crate::far::go(); } }
}
use inner::deep::slice as cut_thin;
use kitchen::{self, oven::*, pot::{Pot as Kettle, boil}};
pub use self::kitchen::oven;
fn main() {
    inner::cut();
    cut_thin();
    kitchen::start();
    bake();
    boil();
    Kettle::fill();
    oven::bake();
    far::go();
    unknown();
}
`,
    'src/kitchen/mod.rs': `
pub mod oven;
pub mod pot;
pub use pot::boil as start;
`,
    'src/kitchen/oven.rs': 'pub fn bake() { super::pot::boil(); crate::kitchen::start(); }',
    'src/kitchen/pot.rs': `
mod lid;
pub struct Pot;
impl Pot { pub fn fill() { lid::close() } }
pub fn boil() {}
`,
    'src/kitchen/pot/lid.rs': 'pub fn close() {}',
    'src/odd/place.rs': 'pub fn go() {}',
  };
  expect(await callsText(files)).toMatchInlineSnapshot(`
    "
    src.kitchen.oven.bake -> src.kitchen.pot.boil src/kitchen/oven.rs:1
    src.kitchen.pot.Pot.fill -> src.kitchen.pot.lid.close src/kitchen/pot.rs:4
    src.main.inner.cut -> src.main.inner.deep.slice src/main.rs:6
    src.main.inner.deep.slice -> src.main.inner.cut src/main.rs:7
    src.main.inner.deep.slice -> src.main.main src/main.rs:7
    src.main.inner.deep.slice -> src.odd.place.go src/main.rs:7
    src.main.main -> ? unknown src/main.rs:21
    src.main.main -> src.kitchen.oven.bake src/main.rs:16
    src.main.main -> src.kitchen.oven.bake src/main.rs:19
    src.main.main -> src.kitchen.pot.Pot.fill src/main.rs:18
    src.main.main -> src.kitchen.pot.boil src/main.rs:15
    src.main.main -> src.kitchen.pot.boil src/main.rs:17
    src.main.main -> src.main.inner.cut src/main.rs:13
    src.main.main -> src.main.inner.deep.slice src/main.rs:14
    src.main.main -> src.odd.place.go src/main.rs:20
    "
  `);
});

test('Rust: crates of a workspace by their manifests, renamed ones, and what lies outside', async () => {
  const files = {
    'Cargo.toml': '[workspace]\nmembers = ["tea-core", "app"]\n',
    'tea-core/Cargo.toml': '[package]\nname = "tea-core"\n',
    'tea-core/src/lib.rs': 'mod leaf;\npub mod prelude { pub use crate::leaf::*; }\npub use leaf::pick;',
    'tea-core/src/leaf.rs': 'pub fn pick() {}\npub fn dry() {}',
    'tea-core/tests/all.rs': 'use tea_core::prelude::*;\n#[test]\nfn all() { dry(); tea_core::pick(); }',
    'app/Cargo.toml': `[package]
name = "app"
[dependencies]
leaves = { package = "tea-core", path = "../tea-core" }
serde_json = "1"
`,
    'app/src/lib.rs': 'pub fn lib_side() {}',
    'app/src/bin/tool.rs': 'fn main() { app::lib_side(); leaves::pick(); serde_json::to_string(1); }',
  };
  expect(await callsText(files)).toMatchInlineSnapshot(`
    "
    app.src.bin.tool.main -> <external>.serde_json.to_string app/src/bin/tool.rs:1
    app.src.bin.tool.main -> app.src.lib.lib_side app/src/bin/tool.rs:1
    app.src.bin.tool.main -> tea-core.src.leaf.pick app/src/bin/tool.rs:1
    tea-core.tests.all.all -> tea-core.src.leaf.dry tea-core/tests/all.rs:3
    tea-core.tests.all.all -> tea-core.src.leaf.pick tea-core/tests/all.rs:3
    "
  `);
});

test('Rust: inherent methods, associated functions, Self, fields, tuple structs and enums', async () => {
  const text = `
struct Cup { size: u32, lid: Lid }
struct Lid(Knob);
struct Knob;
enum Drink { Water, Tea(Leaf), Mix { a: Leaf, b: Box<Drink> } }
struct Leaf;
impl Leaf { fn soak(&self) {} }
impl Knob { const DEFAULT: Knob = Knob; fn turn(&self) -> &Self { self } }
impl Cup {
    fn new() -> Self { Self { size: 1, lid: Lid(Knob) } }
    fn open(&self) { self.lid.0.turn().turn(); Self::check(self); }
    fn check(cup: &Cup) { cup.open() }
}
impl Drink {
    fn sip(&self) {
        match self {
            Drink::Tea(leaf) => leaf.soak(),
            Self::Mix { a, b } => { a.soak(); b.sip(); }
            Drink::Water => {}
        }
        if let Drink::Tea(l) | Drink::Mix { a: l, .. } = self { l.soak() }
    }
}
fn main() {
    let cup = Cup::new();
    cup.open();
    Cup::open(&cup);
    Drink::Tea(Leaf).sip();
    let Cup { lid, .. } = cup;
    lid.0.turn();
    Knob::DEFAULT.turn();
    Drink::Water.sip();
}
`;
  expect(await callsText({ 'cup.rs': text })).toMatchInlineSnapshot(`
    "
    cup.Cup.check -> cup.Cup.open cup.rs:12
    cup.Cup.open -> cup.Cup.check cup.rs:11
    cup.Cup.open -> cup.Knob.turn cup.rs:11
    cup.Drink.sip -> cup.Drink.sip cup.rs:18
    cup.Drink.sip -> cup.Leaf.soak cup.rs:17
    cup.Drink.sip -> cup.Leaf.soak cup.rs:18
    cup.Drink.sip -> cup.Leaf.soak cup.rs:21
    cup.main -> cup.Cup.new cup.rs:25
    cup.main -> cup.Cup.open cup.rs:26
    cup.main -> cup.Cup.open cup.rs:27
    cup.main -> cup.Drink.sip cup.rs:28
    cup.main -> cup.Drink.sip cup.rs:32
    cup.main -> cup.Knob.turn cup.rs:30
    cup.main -> cup.Knob.turn cup.rs:31
    "
  `);
});

test('Rust: traits, defaults, dyn, impl, bounds, supertraits, blanket implementations and types of the language', async () => {
  const text = `
trait Named { fn name(&self) -> String; fn hello(&self) { self.name(); } fn make() -> Self where Self: Sized; }
trait Loud: Named { fn shout(&self) { self.hello() } }
struct Cat;
struct Dog;
impl Named for Cat { fn name(&self) -> String { String::new() } fn make() -> Self { Cat } }
impl Named for Dog { fn name(&self) -> String { String::new() } fn hello(&self) {} fn make() -> Self { Dog } }
impl Loud for Cat {}
fn by_dyn(x: &dyn Named) { x.name(); }
fn by_impl(x: impl Named) { x.hello(); }
fn by_bound<T: Named>(x: T) { x.name(); }
fn by_where<T>(x: &T) where T: Loud { x.shout(); x.name(); }
fn never_called(x: Box<dyn Named>) { x.name(); }
fn made<T: Named>() -> T { T::make() }
trait Twice { fn twice(&self); }
impl<T: Named> Twice for T { fn twice(&self) { self.name(); } }
trait Ext { fn up(&self); }
impl Ext for str { fn up(&self) {} }
impl Ext for i32 { fn up(&self) {} }
impl Ext for Vec<i32> { fn up(&self) {} }
fn main() {
    by_dyn(&Cat);
    by_impl(Dog);
    by_bound(Cat);
    by_where(&Cat);
    Cat.twice();
    "a".up();
    1.up();
    vec![1].up();
    <Dog as Named>::make().hello();
    Named::hello(&Cat);
}
`;
  expect(await callsText({ 'zoo.rs': text })).toMatchInlineSnapshot(`
    "
    zoo.Cat.name -> <builtin>.String.new zoo.rs:6
    zoo.Dog.name -> <builtin>.String.new zoo.rs:7
    zoo.Loud.shout -> zoo.Named.hello zoo.rs:3
    zoo.Named.hello -> zoo.Cat.name zoo.rs:2
    zoo.T.twice -> zoo.Cat.name zoo.rs:16
    zoo.by_bound -> zoo.Cat.name zoo.rs:11
    zoo.by_dyn -> zoo.Cat.name zoo.rs:9
    zoo.by_impl -> zoo.Dog.hello zoo.rs:10
    zoo.by_where -> zoo.Cat.name zoo.rs:12
    zoo.by_where -> zoo.Loud.shout zoo.rs:12
    zoo.made -> zoo.Cat.make zoo.rs:14 inferred
    zoo.made -> zoo.Dog.make zoo.rs:14 inferred
    zoo.main -> <builtin>.vec! zoo.rs:29
    zoo.main -> zoo.Dog.hello zoo.rs:30
    zoo.main -> zoo.Dog.make zoo.rs:30
    zoo.main -> zoo.Named.hello zoo.rs:31
    zoo.main -> zoo.T.twice zoo.rs:26
    zoo.main -> zoo.Vec.up zoo.rs:29
    zoo.main -> zoo.by_bound zoo.rs:24
    zoo.main -> zoo.by_dyn zoo.rs:22
    zoo.main -> zoo.by_impl zoo.rs:23
    zoo.main -> zoo.by_where zoo.rs:25
    zoo.main -> zoo.i32.up zoo.rs:28
    zoo.main -> zoo.str.up zoo.rs:27
    zoo.never_called -> zoo.Cat.name zoo.rs:13 inferred
    zoo.never_called -> zoo.Dog.name zoo.rs:13 inferred
    "
  `);
});

test('Rust: closures, function pointers, callbacks and what adapters of iterators call', async () => {
  const text = `
struct Job { run: fn(u32) -> u32, done: Box<dyn Fn()> }
fn one(x: u32) -> u32 { x }
fn two(x: u32) -> u32 { x }
fn finish() {}
fn call<F>(f: F) where F: FnOnce() { f() }
fn pick(b: bool) -> fn(u32) -> u32 { if b { one } else { two } }
fn adder() -> impl Fn(u32) -> u32 { |x| one(x) }
struct Item;
impl Item { fn new() -> Item { Item } fn ok(&self) -> bool { true } fn next(self) -> Other { Other } }
struct Other;
impl Other { fn end(&self) {} }
fn main() {
    let job = Job { run: one, done: Box::new(|| finish()) };
    (job.run)(1);
    (job.done)();
    call(finish);
    call(|| two(1).min(2).into());
    pick(true)(2);
    adder()(3);
    let table = [one, two];
    table[0](1);
    let items = vec![Item::new(), Item::new()];
    items.into_iter().filter(|i| i.ok()).map(|i| i.next()).for_each(|o| o.end());
    let made: Vec<Item> = (0..3).map(|_| Item::new()).collect();
    made.iter().map(Item::ok).count();
    let f = &one;
    f(4);
}
`;
  expect(await callsText({ 'job.rs': text })).toMatchInlineSnapshot(`
    "
    job.adder.<anonymous:8> -> job.one job.rs:8
    job.call -> job.finish job.rs:6 inferred
    job.call -> job.main.<anonymous:18> job.rs:6 inferred
    job.main -> <builtin>.Box.new job.rs:14
    job.main -> <builtin>.Range.map job.rs:25 inferred
    job.main -> <builtin>.Vec.collect job.rs:25
    job.main -> <builtin>.Vec.count job.rs:26
    job.main -> <builtin>.Vec.filter job.rs:24 inferred
    job.main -> <builtin>.Vec.for_each job.rs:24 inferred
    job.main -> <builtin>.Vec.into_iter job.rs:24
    job.main -> <builtin>.Vec.iter job.rs:26
    job.main -> <builtin>.Vec.map job.rs:24 inferred
    job.main -> <builtin>.Vec.map job.rs:26 inferred
    job.main -> <builtin>.vec! job.rs:23
    job.main -> job.Item.new job.rs:23
    job.main -> job.Item.ok job.rs:26 inferred
    job.main -> job.adder job.rs:20
    job.main -> job.adder.<anonymous:8> job.rs:20
    job.main -> job.call job.rs:17
    job.main -> job.call job.rs:18
    job.main -> job.main.<anonymous:14> job.rs:16
    job.main -> job.main.<anonymous:24:2> job.rs:24 inferred
    job.main -> job.main.<anonymous:24:3> job.rs:24 inferred
    job.main -> job.main.<anonymous:24> job.rs:24 inferred
    job.main -> job.main.<anonymous:25> job.rs:25 inferred
    job.main -> job.one job.rs:15
    job.main -> job.one job.rs:19 inferred
    job.main -> job.one job.rs:22 inferred
    job.main -> job.one job.rs:28
    job.main -> job.pick job.rs:19
    job.main -> job.two job.rs:19 inferred
    job.main -> job.two job.rs:22 inferred
    job.main.<anonymous:14> -> job.finish job.rs:14
    job.main.<anonymous:18> -> <builtin>.i32.into job.rs:18 inferred
    job.main.<anonymous:18> -> <builtin>.i32.min job.rs:18 inferred
    job.main.<anonymous:18> -> <builtin>.u32.into job.rs:18 inferred
    job.main.<anonymous:18> -> <builtin>.u32.min job.rs:18 inferred
    job.main.<anonymous:18> -> job.two job.rs:18
    job.main.<anonymous:24:2> -> job.Item.next job.rs:24
    job.main.<anonymous:24:3> -> job.Other.end job.rs:24
    job.main.<anonymous:24> -> job.Item.ok job.rs:24
    job.main.<anonymous:25> -> job.Item.new job.rs:25
    "
  `);
});

test('Rust: wrappers and collections stand for what they hold', async () => {
  const text = `
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::{Arc, Mutex};
struct Node { next: Option<Box<Node>>, kids: Vec<Rc<Node>> }
struct Error;
impl Error { fn show(&self) {} }
impl Node {
    fn visit(&self) -> Result<&Node, Error> { Ok(self) }
    fn walk(&self) -> Result<(), Error> {
        if let Some(n) = &self.next { n.visit()?.visit()?; }
        for kid in &self.kids { kid.visit()?; }
        self.kids.first().unwrap().visit().map_err(|e| e.show());
        self.next.as_ref().map(|n| n.visit());
        Ok(())
    }
}
struct Shared { state: Arc<Mutex<Node>>, by_name: HashMap<String, Node> }
impl Shared {
    async fn go(&mut self) {
        let guard = self.state.lock().unwrap();
        guard.visit();
        let again = Arc::clone(&self.state);
        again.lock().unwrap().walk();
        match self.by_name.get("a") { Some(n) => n.walk(), None => Ok(()) };
        for (name, node) in self.by_name.iter() { node.walk(); }
        self.later().await.visit();
        while let Some(n) = self.pop() { n.walk(); }
        let (first, second) = pair();
        first.visit();
        second.show();
        if let Err(e) = first.walk() { e.show(); }
        let Some(x) = self.pop() else { return };
        x.visit();
        for (i, n) in vec![x].iter().enumerate() { n.walk(); }
    }
    async fn later(&self) -> Node { todo!() }
    fn pop(&self) -> Option<Node> { None }
}
fn pair() -> (Node, Error) { unimplemented!() }
`;
  expect(await callsText({ 'node.rs': text })).toMatchInlineSnapshot(`
    "
    node.Node.walk -> <builtin>.Option.as_ref node.rs:14
    node.Node.walk -> <builtin>.Option.map node.rs:14 inferred
    node.Node.walk -> <builtin>.Result.map_err node.rs:13 inferred
    node.Node.walk -> <builtin>.Vec.first node.rs:13
    node.Node.walk -> <builtin>.Vec.unwrap node.rs:13
    node.Node.walk -> node.Node.visit node.rs:11
    node.Node.walk -> node.Node.visit node.rs:12
    node.Node.walk -> node.Node.visit node.rs:13
    node.Node.walk -> node.Node.walk.<anonymous:13> node.rs:13 inferred
    node.Node.walk -> node.Node.walk.<anonymous:14> node.rs:14 inferred
    node.Node.walk.<anonymous:13> -> node.Error.show node.rs:13
    node.Node.walk.<anonymous:14> -> node.Node.visit node.rs:14
    node.Shared.go -> <builtin>.HashMap.get node.rs:25
    node.Shared.go -> <builtin>.HashMap.iter node.rs:26
    node.Shared.go -> <builtin>.Vec.enumerate node.rs:35
    node.Shared.go -> <builtin>.Vec.iter node.rs:35
    node.Shared.go -> <builtin>.lock node.rs:21
    node.Shared.go -> <builtin>.lock node.rs:24
    node.Shared.go -> <builtin>.unwrap node.rs:21
    node.Shared.go -> <builtin>.unwrap node.rs:24
    node.Shared.go -> <builtin>.vec! node.rs:35
    node.Shared.go -> <external>.std.sync.Arc.clone node.rs:23
    node.Shared.go -> node.Error.show node.rs:31
    node.Shared.go -> node.Error.show node.rs:32
    node.Shared.go -> node.Node.visit node.rs:22
    node.Shared.go -> node.Node.visit node.rs:27
    node.Shared.go -> node.Node.visit node.rs:30
    node.Shared.go -> node.Node.visit node.rs:34
    node.Shared.go -> node.Node.walk node.rs:24
    node.Shared.go -> node.Node.walk node.rs:25
    node.Shared.go -> node.Node.walk node.rs:26
    node.Shared.go -> node.Node.walk node.rs:28
    node.Shared.go -> node.Node.walk node.rs:32
    node.Shared.go -> node.Node.walk node.rs:35
    node.Shared.go -> node.Shared.later node.rs:27
    node.Shared.go -> node.Shared.pop node.rs:28
    node.Shared.go -> node.Shared.pop node.rs:33
    node.Shared.go -> node.pair node.rs:29
    node.Shared.later -> <builtin>.todo! node.rs:37
    node.pair -> <builtin>.unimplemented! node.rs:40
    "
  `);
});

test('Rust: operators, iterators, Deref, Drop and Default of the workspace', async () => {
  const text = `
use std::ops::{Add, Index, Deref, AddAssign, Neg};
#[derive(Default, Clone)]
struct V(i32);
impl Add for V { type Output = V; fn add(self, o: V) -> V { o } }
impl AddAssign for V { fn add_assign(&mut self, o: V) {} }
impl Neg for V { type Output = V; fn neg(self) -> V { self } }
impl PartialEq for V { fn eq(&self, o: &V) -> bool { true } }
impl V { fn len(&self) {} }
struct List { items: Vec<V> }
impl Index<usize> for List { type Output = V; fn index(&self, i: usize) -> &V { &self.items[i] } }
struct Count;
impl Iterator for Count { type Item = V; fn next(&mut self) -> Option<V> { None } }
struct Guard(V);
impl Deref for Guard { type Target = V; fn deref(&self) -> &V { &self.0 } }
impl Drop for Guard { fn drop(&mut self) { close() } }
fn close() {}
fn main() {
    let mut a = V(1) + V(2);
    a += V(3);
    let b = -a.clone();
    if a == b { a.len(); }
    let list = List { items: vec![] };
    list[0].len();
    for v in Count { v.len(); }
    Guard(V(1)).len();
    V::default().len();
    drop(Guard(V(2)));
}
`;
  expect(await callsText({ 'ops.rs': text })).toMatchInlineSnapshot(`
    "
    ops.Guard.drop -> ops.close ops.rs:16
    ops.main -> <builtin>.clone ops.rs:21
    ops.main -> <builtin>.default ops.rs:27
    ops.main -> <builtin>.drop ops.rs:28
    ops.main -> <builtin>.vec! ops.rs:23
    ops.main -> ops.Count.next ops.rs:25
    ops.main -> ops.Guard.drop ops.rs:28
    ops.main -> ops.List.index ops.rs:24
    ops.main -> ops.V.add ops.rs:19
    ops.main -> ops.V.add_assign ops.rs:20
    ops.main -> ops.V.eq ops.rs:22
    ops.main -> ops.V.len ops.rs:22
    ops.main -> ops.V.len ops.rs:24
    ops.main -> ops.V.len ops.rs:25
    ops.main -> ops.V.len ops.rs:26
    ops.main -> ops.V.len ops.rs:27
    ops.main -> ops.V.neg ops.rs:21
    "
  `);
});

test('Rust: calls in the arguments of macros, items in macros, macros of the workspace, tests in place', async () => {
  const text = `
macro_rules! twice { ($e:expr) => { $e; $e } }
cfg_rt! {
    /// Hidden.
    pub fn hidden() { shown() }
    pub mod deep { pub fn down() {} }
}
fn shown() -> u32 { 1 }
fn main() {
    println!("{} {}", shown(), vec![shown()].len());
    assert_eq!(shown(), 1, "why {}", shown());
    twice!(shown());
    custom! { a => shown(), b: self::hidden() }
    hidden();
    deep::down();
    log::info!("x {}", shown());
    // println!("{}", commented());
    let text = "println!(inside())";
}
#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn works() { assert!(shown() == helper()); }
    fn helper() -> u32 { super::shown() }
}
`;
  expect(await callsText({ 'mac.rs': text })).toMatchInlineSnapshot(`
    "
    mac.hidden -> mac.shown mac.rs:5
    mac.main -> <builtin>.Vec.len mac.rs:10
    mac.main -> <builtin>.assert_eq! mac.rs:11
    mac.main -> <builtin>.println! mac.rs:10
    mac.main -> <builtin>.vec! mac.rs:10
    mac.main -> <external>.log.info! mac.rs:16
    mac.main -> ? custom! mac.rs:13
    mac.main -> ? twice! mac.rs:12
    mac.main -> mac.deep.down mac.rs:15
    mac.main -> mac.hidden mac.rs:13
    mac.main -> mac.hidden mac.rs:14
    mac.main -> mac.shown mac.rs:10
    mac.main -> mac.shown mac.rs:11
    mac.main -> mac.shown mac.rs:12
    mac.main -> mac.shown mac.rs:13
    mac.main -> mac.shown mac.rs:16
    mac.tests.helper -> mac.shown mac.rs:25
    mac.tests.works -> <builtin>.assert! mac.rs:24
    mac.tests.works -> mac.shown mac.rs:24
    mac.tests.works -> mac.tests.helper mac.rs:24
    "
  `);
});

test('Rust: generics carry what they are given, aliases and associated types mean their types', async () => {
  const text = `
struct Stack<T> { items: Vec<T> }
impl<T> Stack<T> {
    fn new() -> Self { Stack { items: Vec::new() } }
    fn push(&mut self, t: T) { self.items.push(t); }
    fn pop(&mut self) -> Option<T> { self.items.pop() }
}
struct Plate;
impl Plate { fn wash(&self) {} }
type Plates = Stack<Plate>;
trait Store { type Item; fn get(&self) -> Self::Item; }
struct Shelf;
impl Store for Shelf { type Item = Plate; fn get(&self) -> Self::Item { Plate } }
fn same<T>(t: T) -> T { t }
static GLOBAL: Plate = Plate;
const TABLE: &[(&str, fn())] = &[("a", first)];
fn first() {}
fn main() {
    let mut s = Plates::new();
    s.push(Plate);
    s.pop().unwrap().wash();
    Shelf.get().wash();
    same(Plate).wash();
    GLOBAL.wash();
    for (name, f) in TABLE { f(); }
    let p: Plate = std::mem::take(&mut other());
    p.wash();
}
fn other() -> Plate { Plate }
impl From<u32> for Plate { fn from(x: u32) -> Self { Plate } }
fn made() { Plate::from(1).wash(); let p: Plate = 1u32.into(); p.wash(); }
`;
  expect(await callsText({ 'stack.rs': text })).toMatchInlineSnapshot(`
    "
    stack.Stack.new -> <builtin>.Vec.new stack.rs:4
    stack.Stack.pop -> <builtin>.Vec.pop stack.rs:6
    stack.Stack.push -> <builtin>.Vec.push stack.rs:5
    stack.made -> <builtin>.i32.into stack.rs:31
    stack.made -> stack.Plate.from stack.rs:31
    stack.made -> stack.Plate.wash stack.rs:31
    stack.main -> <builtin>.Option.unwrap stack.rs:21 inferred
    stack.main -> <builtin>.Vec.unwrap stack.rs:21 inferred
    stack.main -> <external>.std.mem.take stack.rs:26
    stack.main -> stack.Plate.wash stack.rs:21
    stack.main -> stack.Plate.wash stack.rs:22
    stack.main -> stack.Plate.wash stack.rs:23
    stack.main -> stack.Plate.wash stack.rs:24
    stack.main -> stack.Plate.wash stack.rs:27
    stack.main -> stack.Shelf.get stack.rs:22
    stack.main -> stack.Stack.new stack.rs:19
    stack.main -> stack.Stack.pop stack.rs:21
    stack.main -> stack.Stack.push stack.rs:20
    stack.main -> stack.first stack.rs:25
    stack.main -> stack.other stack.rs:26
    stack.main -> stack.same stack.rs:23
    "
  `);
});
