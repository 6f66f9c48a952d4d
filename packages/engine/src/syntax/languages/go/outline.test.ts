import { expect, test } from 'vitest';
import { outlineText } from '../../testing/outline-text.ts';

const sample = `package a

import "fmt"

// Max is the limit.
const Max = 3

const (
	// A is first.
	A = iota
	B
)

var x, y = 1, 2

var (
	z int
)

// User is one.
// Really.
type User struct {
	Name string \`json:"name"\`
	a, b int
	Embedded
	inner struct{ q int }
}

type (
	ID    int
	Shape interface {
		// Area in metres.
		Area() float64
		fmt.Stringer
	}
)

type Alias = User

// Foo does.
func (u *User[T]) Foo(
	a int,
) (err error) {
	f := func() {}
	return nil
}

func New[T any](x T) *User { return nil }

//go:generate stringer
func TestUser(t *testing.T) {
	t.Run("sub", func(t *testing.T) {})
}
`;

test('Go: every definition with its lines, header, doc and parent', async () => {
  expect(await outlineText('go', sample)).toMatchInlineSnapshot(`
    "
    constant Max 6-6 doc 5-5
    constant A 10-10 doc 9-9
    constant B 11-11
    variable x 14-14
    variable y 14-14
    variable z 17-17
    struct User 22-27 head 22 doc 20-21
    field Name 23-23 in User
    field a 24-24 in User
    field b 24-24 in User
    field inner 26-26 in User
    type ID 30-30
    interface Shape 31-35 head 31
    method Area 33-33 doc 32-32 in Shape
    type Alias 38-38
    method Foo 41-46 head 43 doc 40-40
    function New 48-48
    function TestUser 51-53 head 51 doc 50-50
    "
  `);
});
