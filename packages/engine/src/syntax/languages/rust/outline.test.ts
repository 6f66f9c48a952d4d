import { expect, test } from 'vitest';
import { outlineText } from '../../testing/outline-text.ts';

const sample = `//! Module doc
use std::x;
/// Doc of Foo
/// more
#[derive(Debug)]
#[serde(
    rename = "x"
)]
pub struct Foo<T> { pub a: T, b: u32 }
struct Unit;
struct Tup(u32);
/// E
pub enum E { A, B(u32), C { x: u32 } }
impl<T> Foo<T> where T: Clone {
    pub const X: u32 = 1;
    /// new
    pub fn new(a: T) -> Self { Foo { a, b: 1 } }
    #[inline]
    pub async fn go(&self) -> Result<(), Error>
    where
        T: Send,
    {
        fn nested() {}
    }
}
impl fmt::Display for Foo<u32> { fn fmt(&self) {} }
impl<'a> From<&'a str> for crate::Bar { }
pub trait Shape: Base { type Out; const N: usize; fn area(&self) -> f64; fn d(&self) {} }
mod inner { pub(crate) fn f() {} }
mod tests;
macro_rules! my { ($x:expr) => { $x }; }
static S: u32 = 1;
const fn cf() {}
type Alias = Vec<u32>;
extern "C" { fn ext(x: i32); }
union U { a: u32 }
#[cfg(test)]
mod tests2 {
    #[test]
    fn it_works() { }
    #[tokio::test(flavor = "multi_thread")]
    #[ignore]
    async fn waits() { }
    #[test_helper]
    fn helps() { }
}
cfg_rt! {
    /// hidden
    pub fn in_macro() {}
    impl Foo { fn m() {} }
}
`;

test('Rust: every definition with its lines, header, doc and parent', async () => {
  expect(await outlineText('rust', sample)).toMatchInlineSnapshot(`
    "
    struct Foo@9 5-9 doc 3-4
    field a 9-9 in Foo
    field b 9-9 in Foo
    struct Unit 10-10
    struct Tup 11-11
    enum E 13-13 doc 12-12
    constant A 13-13 in E
    constant B 13-13 in E
    constant C 13-13 in E
    implementation Foo 14-25 head 14
    constant X 15-15 in Foo
    constructor new 17-17 doc 16-16 in Foo
    method go@19 18-24 head 21 in Foo
    implementation Foo 26-26
    method fmt 26-26 in Foo
    implementation Bar 27-27
    trait Shape 28-28
    type Out 28-28 in Shape
    constant N 28-28 in Shape
    method area 28-28 in Shape
    method d 28-28 in Shape
    module inner 29-29
    function f 29-29 in inner
    module tests 30-30
    macro my 31-31
    variable S 32-32
    function cf 33-33
    type Alias 34-34
    function ext 35-35
    struct U 36-36
    field a 36-36 in U
    module tests2@38 37-46 head 38
    test it_works@40 39-40 in tests2
    test waits@43 41-43 in tests2
    function helps@45 44-45 in tests2
    function in_macro 49-49 doc 48-48
    implementation Foo 50-50
    method m 50-50 in Foo
    "
  `);
});
