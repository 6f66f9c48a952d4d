import { expect, test } from 'vitest';
import { outlineText } from '../../testing/outline-text.ts';

const sample = `package a.b

import x._

/** A user. */
@deprecated
case class User(name: String, age: Int) extends Base {
  val first, second = 1
  var seen: Int = 2
  lazy val slow = compute()

  def greet(a: Int): String = {
    val local = 1
    "hello"
  }

  def area: Double
  type Out = Int
}

object Main extends App {
  def run(): Unit = {}

  case class Inner(a: Int)
}

sealed trait Shape {
  def area: Double
}

enum Color {
  case Red, Green
  case Blue(shade: Int)
}

given ordering: Ordering[Int] = ???

extension (s: String)
  def shout: String = s.toUpperCase

class UserSpec extends AnyFunSuite {
  test("greets") {
    assert(true)
  }
  describe("a user") {
    it("has a name") {
    }
  }
}

def topLevel(x: Int) = x
`;

test('Scala: every definition with its lines, header, doc and parent', async () => {
  expect(await outlineText('scala', sample)).toMatchInlineSnapshot(`
    "
    class User@7 6-19 head 7 doc 5-5
    field first 8-8 in User
    field second 8-8 in User
    field seen 9-9 in User
    field slow 10-10 in User
    method greet 12-15 head 12 in User
    method area 17-17 in User
    type Out 18-18 in User
    class Main 21-25 head 21
    method run 22-22 in Main
    class Inner 24-24 in Main
    trait Shape 27-29 head 27
    method area 28-28 in Shape
    enum Color 31-34 head 31
    constant Red 32-32 in Color
    constant Green 32-32 in Color
    constant Blue 33-33 in Color
    variable ordering 36-36
    implementation String 38-40 head 38
    method shout 39-39 in String
    class UserSpec 41-49 head 41
    test greets 42-44 head 42 in UserSpec
    test a user 45-48 head 45 in UserSpec
    test has a name 46-47 head 46 in a user
    function topLevel 51-51
    "
  `);
});
