import { expect, test } from 'vitest';
import { callsText } from './testing/calls-text.ts';

test('C++: classes over files, virtual calls, smart pointers, containers, templates, lambdas, operators', async () => {
  const files = {
    'shapes.h': `
#pragma once
#include <memory>
#include <vector>
namespace geo {
class Shape { public: virtual ~Shape() {} virtual double area() const = 0; double scaled(double k) const { return k * area(); } static Shape* make(int k); };
class Circle : public Shape { public: explicit Circle(double r) : r_(r) {} double area() const override { return sq(r_); } private: double sq(double x) const; double r_; };
class Square final : public Shape { public: Square() {} double area() const override; };
template <typename T> T biggest(const std::vector<T>& all) { T best = all[0]; for (const auto& x : all) if (x.area() > best.area()) best = x; return best; }
inline int over(int a) { return a; }
inline int over(int a, int b) { return over(a); }
}
`,
    'shapes.cc': `
#include "shapes.h"
namespace geo {
namespace { int hidden() { return 1; } }
double Circle::sq(double x) const { return x * x + hidden(); }
double Square::area() const { return over(1, 2); }
Shape* Shape::make(int k) { if (k) return new Circle(k); return new Square(); }
}
`,
    'main.cpp': `
#include "shapes.h"
using namespace geo;
struct Visitor { void operator()(const Shape& s) { s.area(); } };
struct Vec { Vec operator+(const Vec& o) const { return *this; } Vec& operator+=(const Vec& o) { return *this; } };
template <class F> void each(F f) { f(Circle(1)); }
double total(const std::vector<std::unique_ptr<Shape>>& all) { double t = 0; for (auto& s : all) t += s->area(); return t; }
int main() {
  Circle c(2);
  c.area();
  c.scaled(3);
  auto s = std::make_unique<Square>();
  s->area();
  Shape* p = Shape::make(1);
  p->area();
  std::vector<std::unique_ptr<Shape>> v;
  v.push_back(std::make_unique<Circle>(1));
  total(v);
  each([](const Circle& c) { c.area(); });
  Vec a, b; a = a + b; a += b;
  Visitor()(c);
  geo::over(1); over(1, 2);
  auto f = &geo::Circle::area;
  (c.*f)();
  std::for_each(v.begin(), v.end(), [](auto& x) { x->area(); });
  std::function<int(int)> g = [](int x) { return over(x); };
  g(1);
  delete p;
  biggest<Circle>({c});
}
`,
  };
  expect(await callsText(files)).toMatchInlineSnapshot(`
    "
    main.Visitor.operator() -> shapes.Circle.area main.cpp:4
    main.each -> main.main.<anonymous:19> main.cpp:6
    main.each -> shapes.Circle.Circle main.cpp:6
    main.main -> <builtin>.vector.begin main.cpp:25
    main.main -> <builtin>.vector.end main.cpp:25
    main.main -> <builtin>.vector.push_back main.cpp:17
    main.main -> <external>.std.for_each main.cpp:25 inferred
    main.main -> main.Vec.operator+ main.cpp:20
    main.main -> main.Vec.operator+= main.cpp:20
    main.main -> main.Visitor.operator() main.cpp:21
    main.main -> main.each main.cpp:19
    main.main -> main.main.<anonymous:25> main.cpp:25 inferred
    main.main -> main.main.<anonymous:26> main.cpp:27
    main.main -> main.total main.cpp:18
    main.main -> shapes.Circle.Circle main.cpp:17
    main.main -> shapes.Circle.Circle main.cpp:9
    main.main -> shapes.Circle.area main.cpp:10
    main.main -> shapes.Circle.area main.cpp:15 inferred
    main.main -> shapes.Circle.area main.cpp:24
    main.main -> shapes.Shape.make main.cpp:14
    main.main -> shapes.Shape.scaled main.cpp:11
    main.main -> shapes.Shape.~Shape main.cpp:28
    main.main -> shapes.Square.Square main.cpp:12
    main.main -> shapes.Square.area main.cpp:13
    main.main -> shapes.Square.area main.cpp:15 inferred
    main.main -> shapes.biggest main.cpp:29
    main.main -> shapes.over main.cpp:22
    main.main.<anonymous:19> -> shapes.Circle.area main.cpp:19
    main.main.<anonymous:25> -> ? x->area main.cpp:25
    main.main.<anonymous:26> -> shapes.over main.cpp:26
    main.total -> shapes.Circle.area main.cpp:7
    shapes.Circle.area -> shapes.Circle.sq shapes.h:7
    shapes.Circle.sq -> shapes.hidden shapes.cc:5
    shapes.Shape.make -> shapes.Circle.Circle shapes.cc:7
    shapes.Shape.make -> shapes.Square.Square shapes.cc:7
    shapes.Shape.scaled -> shapes.Circle.area shapes.h:6
    shapes.Square.area -> shapes.over shapes.cc:6
    shapes.biggest -> shapes.Circle.area shapes.h:9
    shapes.over -> shapes.over shapes.h:11
    "
  `);
});

test('C++: namespaces, bases, nested classes, factories, overloads, casts, tests by macro', async () => {
  const files = {
    'a.cpp': `
#include <map>
#include <string>
namespace a { namespace b { void deep(); void deep() {} } namespace c = b; inline namespace v1 { void inlined() {} } }
namespace ab = a::b;
class Base { public: Base() { init(); } virtual void run() = 0; virtual ~Base() = default; protected: void init() {} int *p = nullptr; };
class Mid : public Base { public: void run() override { step(); Base::init(); } virtual void step() {} };
class Leaf : public Mid { public: Leaf() : Mid(), helper_(this) {} void step() override { Mid::step(); this->own(); } void own() { helper_.help(); } struct Helper { Helper(Leaf* l) : l_(l) {} void help() { l_->own(); } Leaf* l_; }; private: Helper helper_; };
class Registry { public: using Factory = Base* (*)(); static Registry& Get() { static Registry r; return r; } void Add(const std::string& n, Factory f) { map_[n] = f; } Base* Make(const std::string& n) { return map_[n](); } private: std::map<std::string, Factory> map_; };
Base* makeLeaf() { return new Leaf; }
#define REGISTER(name, fn) static bool reg_##name = (Registry::Get().Add(#name, fn), true)
#define CHECK(x) do { if (!(x)) fail(#x); } while (0)
void fail(const char* s) {}
void drive(Base& b) { b.run(); }
template <typename T> class Box { public: Box(T t) : t_(t) {} T get() const { return t_; } T* operator->() { return &t_; } private: T t_; };
void over(int) {}
void over(const char*, int) {}
void over(int a, int b, int c = 3) {}
enum class Color { Red }; 
Color pick() { return Color::Red; }
int globalCount = compute();
int compute() { return 1; }
extern "C" { void cfun(void) { over(1); } }
struct Ops { void (*start)(int); void (*stop)(); };
static void s1(int) {} static void s2() {}
Ops ops = { s1, s2 };
Ops more[] = { { s1, s2 }, { nullptr, s2 } };
int main() {
  a::b::deep(); ab::deep(); a::c::deep(); a::inlined();
  Leaf leaf; drive(leaf);
  Registry::Get().Add("leaf", makeLeaf); Registry::Get().Add("l2", &makeLeaf);
  Base* b = Registry::Get().Make("leaf"); b->run();
  CHECK(b != nullptr);
  Box<Leaf> box(leaf); box.get().own(); box->own();
  over(1); over("a", 2); over(1, 2, 3);
  ops.start(1); more[0].stop(); 
  pick(); cfun();
  try { throw Leaf(); } catch (const Base& e) { const_cast<Base&>(e).run(); }
  auto lam = [&](auto f) { return f(); };
  lam([] { return pick(); });
  auto* l = dynamic_cast<Leaf*>(b); l->own();
  if (auto* m = static_cast<Mid*>(b)) m->step();
  switch (1) { case 1: pick(); break; default: fail(""); }
  int (*fp)(int) = nullptr;
  for (auto& [k, v] : std::map<std::string, Leaf>{}) v.own();
  delete b;
}

TEST(Suite, Runs) { pick(); }
TEST_F(Leaf, Steps) { step(); }
`,
  };
  expect(await callsText(files)).toMatchInlineSnapshot(`
    "
    a -> a.compute a.cpp:21
    a.Base.Base -> a.Base.init a.cpp:6
    a.Leaf.Helper.help -> a.Leaf.own a.cpp:8
    a.Leaf.Leaf -> a.Base.Base a.cpp:8
    a.Leaf.Leaf -> a.Leaf.Helper.Helper a.cpp:8
    a.Leaf.Steps -> a.Leaf.step a.cpp:50
    a.Leaf.own -> a.Leaf.Helper.help a.cpp:8
    a.Leaf.step -> a.Leaf.own a.cpp:8
    a.Leaf.step -> a.Mid.step a.cpp:8
    a.Mid.run -> a.Base.init a.cpp:7
    a.Mid.run -> a.Leaf.step a.cpp:7 inferred
    a.Mid.run -> a.Mid.step a.cpp:7 inferred
    a.Registry.Make -> a.makeLeaf a.cpp:9
    a.Suite.Runs -> a.pick a.cpp:49
    a.cfun -> a.over a.cpp:23
    a.drive -> a.Mid.run a.cpp:14
    a.main -> ? a::c::deep a.cpp:29
    a.main -> a.Base.~Base a.cpp:46
    a.main -> a.Box.Box a.cpp:34
    a.main -> a.Box.get a.cpp:34
    a.main -> a.Box.operator-> a.cpp:34
    a.main -> a.Leaf.Leaf a.cpp:30
    a.main -> a.Leaf.Leaf a.cpp:38
    a.main -> a.Leaf.own a.cpp:34
    a.main -> a.Leaf.own a.cpp:41
    a.main -> a.Leaf.own a.cpp:45
    a.main -> a.Leaf.step a.cpp:42 inferred
    a.main -> a.Mid.run a.cpp:32
    a.main -> a.Mid.run a.cpp:38 inferred
    a.main -> a.Mid.step a.cpp:42 inferred
    a.main -> a.Registry.Add a.cpp:31
    a.main -> a.Registry.Get a.cpp:31
    a.main -> a.Registry.Get a.cpp:32
    a.main -> a.Registry.Make a.cpp:32
    a.main -> a.cfun a.cpp:37
    a.main -> a.deep a.cpp:29
    a.main -> a.drive a.cpp:30
    a.main -> a.fail a.cpp:33
    a.main -> a.fail a.cpp:43
    a.main -> a.inlined a.cpp:29
    a.main -> a.main.<anonymous:39> a.cpp:40
    a.main -> a.over a.cpp:35
    a.main -> a.pick a.cpp:37
    a.main -> a.pick a.cpp:43
    a.main -> a.s1 a.cpp:36
    a.main -> a.s2 a.cpp:36
    a.main.<anonymous:39> -> a.main.<anonymous:40> a.cpp:39
    a.main.<anonymous:40> -> a.pick a.cpp:40
    a.makeLeaf -> a.Leaf.Leaf a.cpp:10
    "
  `);
});
