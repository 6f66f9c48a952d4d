import { expect, test } from 'vitest';
import { callsText } from './testing/calls-text.ts';

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
