import { expect, test } from 'vitest';
import { outlineText } from '../../testing/outline-text.ts';

const sample = `package a.b;
/**
 * Doc.
 */
@Foo
@Bar(x = 1)
public abstract class User<T> extends Base implements I {
    private static final int MAX = 1, MIN = 2;
    /** f */
    @Inject String name;
    public User(int a) { }
    // one
    @Override
    public String foo(
        int a,
        int b) throws X
    {
        Runnable r = new Runnable() { public void run() {} };
        return "";
    }
    abstract void abs();
    enum Kind { A, B(1) { void f() {} }; void g() {} }
    record Point(int x, int y) { Point { } }
    interface Inner { int X = 1; void m(); default void d() {} }
    @interface Ann { String value() default ""; }
    static { init(); }
}
`;

test('Java: every definition with its lines, header, doc and parent', async () => {
  expect(await outlineText('java', sample)).toMatchInlineSnapshot(`
    "
    class User@7 5-27 head 7 doc 2-4
    constant MAX 8-8 in User
    constant MIN 8-8 in User
    field name 10-10 doc 9-9 in User
    constructor User 11-11 in User
    method foo@14 13-20 head 16 doc 12-12 in User
    method abs 21-21 in User
    enum Kind 22-22 in User
    constant A 22-22 in Kind
    constant B 22-22 in Kind
    method f 22-22 in B
    method g 22-22 in Kind
    class Point 23-23 in User
    constructor Point 23-23 in Point
    interface Inner 24-24 in User
    constant X 24-24 in Inner
    method m 24-24 in Inner
    method d 24-24 in Inner
    interface Ann 25-25 in User
    method value 25-25 in Ann
    "
  `);
});
