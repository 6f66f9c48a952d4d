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
