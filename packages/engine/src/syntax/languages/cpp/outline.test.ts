import { expect, test } from 'vitest';
import { outlineText } from '../../testing/outline-text.ts';

const sample = `#pragma once

namespace absl {
ABSL_NAMESPACE_BEGIN

enum class Color : int { Red, Green = 2 };

// A container.
//
// Thread-safe.
template <typename T>
class ABSL_EXPORT Foo final : public Base<T> {
 public:
  Foo();
  explicit Foo(int a) : a_(a) {}
  ~Foo() override;
  static constexpr int kMax = 3;
  int get() const ABSL_LOCKS_EXCLUDED(mu_) { return a_; }
  virtual void pure(int x) = 0;
  bool operator==(const Foo& o) const;
  using type = T;
  std::vector<int> *list_, b_;
  struct Inner {
    int x;
  };

 private:
  int a_ ABSL_GUARDED_BY(mu_) = 0;
};

template <typename T>
void Foo<T>::method(int a) const {
  int local = 1;
}

Foo::Foo() : a_(1) {}
Foo::~Foo() {}

std::ostream& operator<<(std::ostream& os, const Foo& f) { return os; }

ABSL_MUST_USE_RESULT static inline int* helper(char* s, int (*cb)(int));
using Alias = Foo<int>;
template <typename T>
concept Addable = requires(T a) { a + a; };
constexpr auto lambda = [](int x) { return x; };

namespace {
TEST(FooTest, Works) {
  EXPECT_EQ(1, 1);
}
TEST_F(FooTest, WorksToo) {
}
}  // namespace

extern "C" {
void cfun(void);
}

ABSL_NAMESPACE_END
}  // namespace absl
`;

test('C++: every definition with its lines, header, doc and parent', async () => {
  expect(await outlineText('cpp', sample)).toMatchInlineSnapshot(`
    "
    namespace absl 3-60 head 3
    enum Color 6-6 in absl
    constant Red 6-6 in Color
    constant Green 6-6 in Color
    class Foo@12 11-29 head 12 doc 8-10 in absl
    constructor Foo 14-14 in Foo
    method Foo 15-15 in Foo
    method ~Foo 16-16 in Foo
    field kMax 17-17 in Foo
    method get 18-18 in Foo
    method pure 19-19 in Foo
    method operator== 20-20 in Foo
    type type 21-21 in Foo
    field list_ 22-22 in Foo
    field b_ 22-22 in Foo
    struct Inner 23-25 head 23 in Foo
    field x 24-24 in Inner
    field a_ 28-28 in Foo
    method method@32 31-34 head 32 in absl
    constructor Foo 36-36 in absl
    method ~Foo 37-37 in absl
    function operator<< 39-39 in absl
    function helper 41-41 in absl
    type Alias 42-42 in absl
    type Addable@44 43-44 in absl
    constant lambda 45-45 in absl
    test FooTest.Works 48-50 head 48 in absl
    test FooTest.WorksToo 51-52 head 51 in absl
    function cfun 56-56 in absl
    "
  `);
});
