import { expect, test } from 'vitest';
import { callsText } from './testing/calls-text.ts';

test('Go: packages, embedding, interfaces, function values, generics, channels and ranges over functions', async () => {
  const files = {
    'go.mod': `
module example.com/app
go 1.22
`,
    'main.go': `
package main

import (
	"fmt"
	"sort"
	sh "example.com/app/shapes"
	. "example.com/app/util"
)

type Base struct{ name string }

func (b *Base) Hello() { b.Inner() }
func (b *Base) Inner() {}

type Derived struct {
	*Base
	cb func(int) int
}

func (d *Derived) Inner() {}

type Op func(int) int

func (o Op) Apply(x int) int { return o(x) }

func double(x int) int { return x * 2 }
func triple(x int) int { return x * 3 }

func pair() (func(int) int, error) { return double, nil }

func apply(f func(int) int, x int) int { return f(x) }

func gen(yield func(int) bool) {
	yield(1)
}

func Map[T, U any](s []T, f func(T) U) []U {
	var out []U
	for _, v := range s {
		out = append(out, f(v))
	}
	return out
}

func main() {
	d := &Derived{Base: &Base{}, cb: triple}
	d.Hello()
	d.Inner()
	d.cb(1)
	f, err := pair()
	f(2)
	if err != nil {
		fmt.Println(err.Error())
	}
	var s sh.Shape = sh.Circle{R: 1}
	s.Area()
	Helper()
	Op(double).Apply(3)
	apply(func(i int) int { return double(i) }, 4)
	ops := map[string]func(int) int{"d": double, "t": triple}
	ops["t"](1)
	go double(1)
	defer triple(2)
	g := d.Hello
	g()
	h := (*Derived).Inner
	h(d)
	for x := range gen {
		_ = x
	}
	Map([]sh.Circle{{R: 2}}, func(c sh.Circle) float64 { return c.Area() })
	sort.Slice([]int{1}, func(i, j int) bool { return less(i, j) })
	var any interface{} = d
	switch v := any.(type) {
	case *Derived:
		v.Inner()
	case sh.Shape:
		v.Area()
	}
	ch := make(chan func(int) int, 1)
	ch <- double
	(<-ch)(1)
	other()
	total(s, sh.Square{})
}

func less(a, b int) bool { return a < b }

func total(shapes ...sh.Shape) {
	for _, s := range shapes {
		s.Area()
	}
}

func lib(s sh.Shape) { s.Area() }
`,
    'other.go': `
package main

func other() { counter.Inc() }

var counter = NewCounter()

type Counter struct{ n int }

func NewCounter() *Counter { return &Counter{} }
func init() { counter.Inc() }
`,
    'counter.go': `
package main

func (c *Counter) Inc() { c.n++ }
`,
    'util/util.go': `
package util

func Helper() { helper() }
func helper() {}
`,
    'shapes/shapes.go': `
package shapes

type Shape interface{ Area() float64 }
type Circle struct{ R float64 }
func (c Circle) Area() float64 { return c.R }
type Square struct{ S float64 }
func (s Square) Area() float64 { return s.S }
type NotShape struct{}
func (NotShape) Area(x int) {}
`,
  };
  expect(await callsText(files)).toMatchInlineSnapshot(`
    "
    main.Base.Hello -> main.Base.Inner main.go:13
    main.Map -> <builtin>.append main.go:41
    main.Map -> main.main.<anonymous:72> main.go:41
    main.Op.Apply -> main.double main.go:25
    main.apply -> main.main.<anonymous:60> main.go:32
    main.lib -> shapes.shapes.Circle.Area main.go:96 inferred
    main.lib -> shapes.shapes.Square.Area main.go:96 inferred
    main.main -> <builtin>.error.Error main.go:54
    main.main -> <builtin>.make main.go:81
    main.main -> <external>.fmt.Println main.go:54
    main.main -> <external>.sort.Slice main.go:73 inferred
    main.main -> main.Base.Hello main.go:48
    main.main -> main.Base.Hello main.go:66
    main.main -> main.Derived.Inner main.go:49
    main.main -> main.Derived.Inner main.go:68
    main.main -> main.Derived.Inner main.go:77
    main.main -> main.Map main.go:72
    main.main -> main.Op.Apply main.go:59
    main.main -> main.apply main.go:60
    main.main -> main.double main.go:52
    main.main -> main.double main.go:63
    main.main -> main.double main.go:83
    main.main -> main.gen main.go:69
    main.main -> main.main.<anonymous:73> main.go:73 inferred
    main.main -> main.pair main.go:51
    main.main -> main.total main.go:85
    main.main -> main.triple main.go:50
    main.main -> main.triple main.go:62
    main.main -> main.triple main.go:64
    main.main -> other.other main.go:84
    main.main -> shapes.shapes.Circle.Area main.go:57
    main.main -> shapes.shapes.Circle.Area main.go:79 inferred
    main.main -> shapes.shapes.Square.Area main.go:79 inferred
    main.main -> util.util.Helper main.go:58
    main.main.<anonymous:60> -> main.double main.go:60
    main.main.<anonymous:72> -> shapes.shapes.Circle.Area main.go:72
    main.main.<anonymous:73> -> main.less main.go:73
    main.total -> shapes.shapes.Circle.Area main.go:92 inferred
    main.total -> shapes.shapes.Square.Area main.go:92 inferred
    other -> other.NewCounter other.go:6
    other.init -> counter.Counter.Inc other.go:11
    other.other -> counter.Counter.Inc other.go:4
    util.util.Helper -> util.util.helper util/util.go:4
    "
  `);
});
