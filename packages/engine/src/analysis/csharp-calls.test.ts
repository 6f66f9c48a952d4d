import { expect, test } from 'vitest';
import { callsText } from './testing/calls-text.ts';

test('C#: namespaces around a type, used ones, aliases and static usings lead to its methods', async () => {
  const files = {
    'Core.cs': `namespace Shop.Core;
public static class Money { public static int Round(int x) => x; }
public class Till { public void Open() { } }`,
    'Util.cs': `namespace Shop.Core.Util { public static class Text { public static string Trim(string s) { return s; } } }`,
    'Main.cs': `using Shop.Core;
using static Shop.Core.Util.Text;
using Box = Shop.Core.Till;
namespace Shop.App
{
    class Main
    {
        void Run()
        {
            Money.Round(1);
            Trim("a");
            new Box().Open();
            Core.Util.Text.Trim("b");
            global::Shop.Core.Money.Round(2);
            System.IO.File.Delete("x");
        }
    }
}`,
  };
  expect(await callsText(files)).toMatchInlineSnapshot(`
    "
    Main.Main.Run -> <external>.System.IO.File.Delete Main.cs:15
    Main.Main.Run -> Core.Money.Round Main.cs:10
    Main.Main.Run -> Core.Money.Round Main.cs:14
    Main.Main.Run -> Core.Till.Open Main.cs:12
    Main.Main.Run -> Util.Text.Trim Main.cs:11
    Main.Main.Run -> Util.Text.Trim Main.cs:13
    "
  `);
});

test('C#: parts of a class are one class, whatever file they are in; types differ by their type arguments', async () => {
  const files = {
    'A.cs': `namespace N;
public partial class Job { public void Run() { Prepare(); _state.Load(); } }
public class Result { public void Show() { } }
public class Result<T> { public void Show() { } public T Get() => default; }`,
    'B.cs': `namespace N;
public partial class Job { private readonly State _state = new(); private void Prepare() { } }
public class State { public void Load() { } }`,
    'C.cs': `namespace N;
class Use { void All() { new Job().Run(); new Result().Show(); new Result<State>().Show(); Result<State> r = null; r.Get().Load(); } }`,
  };
  expect(await callsText(files)).toMatchInlineSnapshot(`
    "
    A.Job.Run -> B.Job.Prepare A.cs:2
    A.Job.Run -> B.State.Load A.cs:2
    C.Use.All -> ? r.Get().Load C.cs:2
    C.Use.All -> A.Job.Run C.cs:2
    C.Use.All -> A.Result.Get C.cs:2
    C.Use.All -> A.Result.Show C.cs:2
    "
  `);
});

test('C#: interfaces, overrides, base, constructors, overloads and optional arguments', async () => {
  const text = `
interface IShape { double Area(); }
abstract class Shape : IShape
{
    protected Shape(int sides) { Init(); }
    protected Shape() : this(0) { }
    public abstract double Area();
    public virtual void Init() { }
    public void Print() => Area();
}
class Square : Shape
{
    public Square(int side) : base(4) { }
    public override double Area() => Scale(1, factor: 2);
    public override void Init() { base.Init(); }
    double Scale(int x, int factor = 1, params int[] more) => x;
    double Scale(string text) => 0;
}
class Program
{
    static void Main(IShape any)
    {
        Shape s = new Square(3);
        s.Area();
        s.Print();
        any.Area();
    }
}`;
  expect(await callsText({ 'Shapes.cs': text })).toMatchInlineSnapshot(`
    "
    Shapes.Program.Main -> Shapes.Shape.Print Shapes.cs:25
    Shapes.Program.Main -> Shapes.Square.Area Shapes.cs:24
    Shapes.Program.Main -> Shapes.Square.Area Shapes.cs:26 inferred
    Shapes.Program.Main -> Shapes.Square.Square Shapes.cs:23
    Shapes.Shape.Print -> Shapes.Square.Area Shapes.cs:9
    Shapes.Shape.Shape -> Shapes.Shape.Init Shapes.cs:5 inferred
    Shapes.Shape.Shape -> Shapes.Shape.Shape Shapes.cs:6
    Shapes.Shape.Shape -> Shapes.Square.Init Shapes.cs:5 inferred
    Shapes.Square.Area -> Shapes.Square.Scale Shapes.cs:14
    Shapes.Square.Init -> Shapes.Shape.Init Shapes.cs:15
    Shapes.Square.Square -> Shapes.Shape.Shape Shapes.cs:13
    "
  `);
});

test('C#: properties, setters, indexers, events, operators and using run what is written for them', async () => {
  const text = `
using System;
class Meter : IDisposable
{
    private Probe _probe = new Probe();
    public Probe Probe { get { return _probe; } set { Check(value); _probe = value; } }
    public int Count => Read();
    public Probe this[int i] { get => _probe; set => Check(value); }
    public event Action Changed;
    public static Meter operator +(Meter a, Meter b) => a;
    int Read() => 1;
    void Check(Probe p) { p.Ping(); }
    public void Raise() { Changed?.Invoke(); Changed(); }
    public void Dispose() { }
}
class Probe { public void Ping() { } }
class Use
{
    void OnChanged() { }
    void All()
    {
        using var m = new Meter { Probe = new Probe() };
        m.Probe.Ping();
        var c = m.Count;
        m[0].Ping();
        m[1] = new Probe();
        m.Changed += OnChanged;
        m.Raise();
        var sum = m + m;
    }
}`;
  expect(await callsText({ 'Meter.cs': text })).toMatchInlineSnapshot(`
    "
    Meter.Meter.Check -> Meter.Probe.Ping Meter.cs:12
    Meter.Meter.Count -> Meter.Meter.Read Meter.cs:7
    Meter.Meter.Probe -> Meter.Meter.Check Meter.cs:6
    Meter.Meter.Raise -> Meter.Use.OnChanged Meter.cs:13
    Meter.Meter.this -> Meter.Meter.Check Meter.cs:8
    Meter.Use.All -> Meter.Meter.Count Meter.cs:24
    Meter.Use.All -> Meter.Meter.Dispose Meter.cs:22
    Meter.Use.All -> Meter.Meter.Probe Meter.cs:22
    Meter.Use.All -> Meter.Meter.Probe Meter.cs:23
    Meter.Use.All -> Meter.Meter.Raise Meter.cs:28
    Meter.Use.All -> Meter.Meter.op_+ Meter.cs:29
    Meter.Use.All -> Meter.Meter.this Meter.cs:25
    Meter.Use.All -> Meter.Meter.this Meter.cs:26
    Meter.Use.All -> Meter.Probe.Ping Meter.cs:23
    Meter.Use.All -> Meter.Probe.Ping Meter.cs:25
    "
  `);
});

test('C#: delegates, lambdas, local functions, extension methods, chains and queries over sequences, async', async () => {
  const text = `
using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
delegate void Handler(Order o);
class Order { public void Ship() { } public bool IsOpen() => true; public Order Next() => this; }
static class OrderExtensions
{
    public static Order Tagged(this Order order, string tag) { order.Ship(); return order; }
    public static IEnumerable<Order> Open(this IEnumerable<Order> orders) => orders.Where(o => o.IsOpen());
}
class Shop
{
    private readonly List<Order> _orders = new();
    private Handler _handler = Static;
    static void Static(Order o) { o.Ship(); }
    async Task<Order> Find(Func<Order, bool> test)
    {
        foreach (var order in _orders) if (test(order)) return order;
        return new Order();
    }
    async Task All()
    {
        _orders.Add(new Order());
        var found = await Find(o => o.IsOpen()).ConfigureAwait(false);
        found.Tagged("x").Next()?.Ship();
        OrderExtensions.Tagged(found, "y");
        _orders.Open().Select(o => o.Next()).First().Ship();
        var q = from o in _orders where o.IsOpen() select o.Next();
        foreach (var o in q) o.Ship();
        _handler(found);
        Order Local(Order o) => o.Next();
        Local(found).Ship();
        if (found is Order { } again) again.Ship();
        var t = found switch { Order o2 when o2.IsOpen() => o2.Next(), _ => null };
        t.Ship();
    }
}`;
  expect(await callsText({ 'Shop.cs': text })).toMatchInlineSnapshot(`
    "
    Shop -> <external>.System.Collections.Generic.List Shop.cs:15
    Shop.OrderExtensions.Open -> <external>.System.Collections.IEnumerable.Where Shop.cs:11 inferred
    Shop.OrderExtensions.Open -> <external>.System.Collections.List.Where Shop.cs:11 inferred
    Shop.OrderExtensions.Open -> Shop.OrderExtensions.Open.<anonymous:11> Shop.cs:11 inferred
    Shop.OrderExtensions.Open.<anonymous:11> -> Shop.Order.IsOpen Shop.cs:11
    Shop.OrderExtensions.Tagged -> Shop.Order.Ship Shop.cs:10
    Shop.Shop.All -> <external>.System.Collections.IEnumerable.First Shop.cs:29 inferred
    Shop.Shop.All -> <external>.System.Collections.IEnumerable.Select Shop.cs:29 inferred
    Shop.Shop.All -> <external>.System.Collections.List.Add Shop.cs:25
    Shop.Shop.All -> <external>.System.Collections.List.First Shop.cs:29 inferred
    Shop.Shop.All -> <external>.System.Collections.List.Select Shop.cs:29 inferred
    Shop.Shop.All -> <external>.System.Threading.Tasks.Task.ConfigureAwait Shop.cs:26
    Shop.Shop.All -> Shop.Order.IsOpen Shop.cs:30
    Shop.Shop.All -> Shop.Order.IsOpen Shop.cs:36
    Shop.Shop.All -> Shop.Order.Next Shop.cs:27
    Shop.Shop.All -> Shop.Order.Next Shop.cs:30
    Shop.Shop.All -> Shop.Order.Next Shop.cs:36
    Shop.Shop.All -> Shop.Order.Ship Shop.cs:27
    Shop.Shop.All -> Shop.Order.Ship Shop.cs:29
    Shop.Shop.All -> Shop.Order.Ship Shop.cs:31
    Shop.Shop.All -> Shop.Order.Ship Shop.cs:34
    Shop.Shop.All -> Shop.Order.Ship Shop.cs:35
    Shop.Shop.All -> Shop.Order.Ship Shop.cs:37
    Shop.Shop.All -> Shop.OrderExtensions.Open Shop.cs:29
    Shop.Shop.All -> Shop.OrderExtensions.Tagged Shop.cs:27
    Shop.Shop.All -> Shop.OrderExtensions.Tagged Shop.cs:28
    Shop.Shop.All -> Shop.Shop.All.<anonymous:29> Shop.cs:29 inferred
    Shop.Shop.All -> Shop.Shop.All.Local Shop.cs:34
    Shop.Shop.All -> Shop.Shop.Find Shop.cs:26
    Shop.Shop.All -> Shop.Shop.Static Shop.cs:32
    Shop.Shop.All.<anonymous:26> -> Shop.Order.IsOpen Shop.cs:26
    Shop.Shop.All.<anonymous:29> -> Shop.Order.Next Shop.cs:29
    Shop.Shop.All.Local -> Shop.Order.Next Shop.cs:33
    Shop.Shop.Find -> Shop.Shop.All.<anonymous:26> Shop.cs:20
    Shop.Shop.Static -> Shop.Order.Ship Shop.cs:17
    "
  `);
});

test('C#: records, primary constructors, nested types, generics with constraints, iterators', async () => {
  const text = `
using System.Collections.Generic;
record Point(int X, Part Inner) { public void Move() { Inner.Do(); } }
class Part { public void Do() { } }
class Service(Part part) { public void Run() => part.Do(); }
class Outer
{
    public class Nested { public void Hi() { } }
    IEnumerable<Part> Parts() { yield return new Part(); }
    T Make<T>() where T : Part, new() { var t = new T(); t.Do(); return t; }
    void All()
    {
        new Point(1, new Part()).Move();
        new Service(new Part()).Run();
        new Outer.Nested().Hi();
        foreach (var p in Parts()) p.Do();
        unknown.Call();
        Missing(1);
    }
}`;
  expect(await callsText({ 'More.cs': text })).toMatchInlineSnapshot(`
    "
    More.Outer.All -> ? Missing More.cs:18
    More.Outer.All -> ? unknown.Call More.cs:17
    More.Outer.All -> More.Outer.Nested.Hi More.cs:15
    More.Outer.All -> More.Outer.Parts More.cs:16
    More.Outer.All -> More.Part.Do More.cs:16
    More.Outer.All -> More.Point.Move More.cs:13
    More.Outer.All -> More.Service.Run More.cs:14
    More.Outer.Make -> More.Part.Do More.cs:10
    More.Point.Move -> More.Part.Do More.cs:3
    More.Service.Run -> More.Part.Do More.cs:5
    "
  `);
});

test('C#: static properties, properties below a declared type, operators with one side, tuples, what a base is given unwritten', async () => {
  const text = `
using System.Collections.Generic;
using System.Linq;
interface INamed { string Name { get; set; } }
class Base { public Base() { Note(); } void Note() { } }
class Item : Base, INamed
{
    public Item(int x) { }
    public string Name { get { return Read(); } set { Write(); } }
    public static Item First { get { return Make(); } }
    public int Count { get => 1; set { } }
    static Item Make() => new Item(1);
    string Read() => "";
    void Write() { }
    public void Open() { }
    public void Deconstruct(out int x, out int y) { x = y = 1; }
    public static Item operator -(Item one) => one;
    public static Item operator +(Item one, Item other) => one;
}
static class Extensions { public static void Open(this Item item) { } public static void Shut(this Item item) { } }
class Use
{
    (Item head, int size) Both() => (new Item(1), 2);
    void All(INamed named, Dictionary<string, Item> map, List<Item> list)
    {
        named.Name = named.Name;
        Item.First.Count++;
        var sum = -Item.First;
        sum += sum;
        sum.Open();
        sum.Shut();
        Both().head.Open();
        Both().Item1.Open();
        var (x, y) = sum;
        if (map.TryGetValue("a", out var found)) found.Open();
        foreach (var (key, value) in map) value.Open();
        list.GroupBy(one => one.Name).Select(group => group.First()).Last().Open();
        list.ToDictionary(one => one.Name)["a"].Open();
    }
}`;
  expect(await callsText({ 'Items.cs': text })).toMatchInlineSnapshot(`
    "
    Items.Base.Base -> Items.Base.Note Items.cs:5
    Items.Item.First -> Items.Item.Make Items.cs:10
    Items.Item.Item -> Items.Base.Base Items.cs:8
    Items.Item.Make -> Items.Item.Item Items.cs:12
    Items.Item.Name -> Items.Item.Read Items.cs:9
    Items.Item.Name -> Items.Item.Write Items.cs:9
    Items.Use.All -> <external>.System.Collections.Dictionary.TryGetValue Items.cs:35
    Items.Use.All -> <external>.System.Collections.List.GroupBy Items.cs:37 inferred
    Items.Use.All -> <external>.System.Collections.List.Last Items.cs:37
    Items.Use.All -> <external>.System.Collections.List.Select Items.cs:37 inferred
    Items.Use.All -> <external>.System.Collections.List.ToDictionary Items.cs:38 inferred
    Items.Use.All -> Items.Extensions.Shut Items.cs:31
    Items.Use.All -> Items.Item.Count Items.cs:27
    Items.Use.All -> Items.Item.Deconstruct Items.cs:34
    Items.Use.All -> Items.Item.First Items.cs:27
    Items.Use.All -> Items.Item.First Items.cs:28
    Items.Use.All -> Items.Item.Name Items.cs:26
    Items.Use.All -> Items.Item.Open Items.cs:30
    Items.Use.All -> Items.Item.Open Items.cs:32
    Items.Use.All -> Items.Item.Open Items.cs:33
    Items.Use.All -> Items.Item.Open Items.cs:35
    Items.Use.All -> Items.Item.Open Items.cs:36
    Items.Use.All -> Items.Item.Open Items.cs:37
    Items.Use.All -> Items.Item.Open Items.cs:38
    Items.Use.All -> Items.Item.op_+ Items.cs:29
    Items.Use.All -> Items.Item.op_- Items.cs:28
    Items.Use.All -> Items.Use.All.<anonymous:37:2> Items.cs:37 inferred
    Items.Use.All -> Items.Use.All.<anonymous:37> Items.cs:37 inferred
    Items.Use.All -> Items.Use.All.<anonymous:38> Items.cs:38 inferred
    Items.Use.All -> Items.Use.Both Items.cs:32
    Items.Use.All -> Items.Use.Both Items.cs:33
    Items.Use.All.<anonymous:37:2> -> <external>.System.Collections.List.First Items.cs:37
    Items.Use.All.<anonymous:37> -> Items.Item.Name Items.cs:37
    Items.Use.All.<anonymous:38> -> Items.Item.Name Items.cs:38
    Items.Use.Both -> Items.Item.Item Items.cs:23
    "
  `);
});
