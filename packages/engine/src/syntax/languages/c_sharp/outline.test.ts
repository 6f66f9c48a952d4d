import { expect, test } from 'vitest';
import { outlineText } from '../../testing/outline-text.ts';

const sample = `using System;

namespace A.B;

/// <summary>
/// A user.
/// </summary>
[Serializable]
public class User<T> : Base, IShape where T : class
{
    private int _a = 1, _b;
    public const int Max = 3;
    public string Name { get; set; } = "";
    public event EventHandler Changed;
    public int this[int i] => 1;

    public User(int a)
    {
    }

    ~User() { }

    public static User operator +(User a, User b) => a;

    // Runs a test.
    [Test]
    public async Task<int> RunAsync(
        int a)
    {
        int Local() => 1;
        return 1;
    }

    public enum Kind { A, B = 2 }
    public delegate void Handler(int a);
    public static int Shout(this string s) => 1;
}

public record Person(string Name);
interface IShape
{
    double Area();
    int Edges { get; }
}
struct Point { public int X; }
`;

test('C#: every definition with its lines, header, doc and parent', async () => {
  expect(await outlineText('c_sharp', sample)).toMatchInlineSnapshot(`
    "
    namespace A.B 3-3
    class User@9 8-37 head 9 doc 5-7
    field _a 11-11 in User
    field _b 11-11 in User
    constant Max 12-12 in User
    property Name 13-13 in User
    property Changed 14-14 in User
    property this 15-15 in User
    constructor User 17-19 head 17 in User
    method ~User 21-21 in User
    method operator + 23-23 in User
    method RunAsync@27 26-32 head 28 doc 25-25 in User
    enum Kind 34-34 in User
    constant A 34-34 in Kind
    constant B 34-34 in Kind
    type Handler 35-35 in User
    method Shout 36-36 in User
    class Person 39-39
    interface IShape 40-44 head 40
    method Area 42-42 in IShape
    property Edges 43-43 in IShape
    struct Point 45-45
    field X 45-45 in Point
    "
  `);
});
