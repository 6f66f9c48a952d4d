import { expect, test } from 'vitest';
import { outlineText } from '../../testing/outline-text.ts';

const sample = `import Foundation

/// A user.
@objc
public class User: Base {
    let name: String
    var age: Int {
        get { 1 }
    }
    static let shared = User()

    init(age: Int) {
    }

    deinit { }

    /// Greets.
    func greet(
        a: Int
    ) -> String {
        let local = 1
        return ""
    }

    subscript(i: Int) -> Int { 1 }

    enum Kind: String {
        case a, b
        case c(Int)
    }
}

struct Point { var x = 1 }

protocol Shape {
    func area() -> Double
    var edges: Int { get }
    associatedtype Unit
}

extension User: Shape {
    func area() -> Double { 1 }
}

func top<T>(x: T) -> Int { 1 }
typealias Name = String
let limit = 3
actor Counter { }
`;

test('Swift: every definition with its lines, header, doc and parent', async () => {
  expect(await outlineText('swift', sample)).toMatchInlineSnapshot(`
    "
    class User@5 4-31 head 5 doc 3-3
    property name 6-6 in User
    property age 7-9 head 7 in User
    property shared 10-10 in User
    constructor init 12-13 head 12 in User
    method deinit 15-15 in User
    method greet 18-23 head 20 doc 17-17 in User
    method subscript 25-25 in User
    enum Kind 27-30 head 27 in User
    constant a 28-28 in Kind
    constant b 28-28 in Kind
    constant c 29-29 in Kind
    struct Point 33-33
    property x 33-33 in Point
    interface Shape 35-39 head 35
    method area 36-36 in Shape
    property edges 37-37 in Shape
    type Unit 38-38 in Shape
    implementation User 41-43 head 41
    method area 42-42 in User
    function top 45-45
    type Name 46-46
    constant limit 47-47
    class Counter 48-48
    "
  `);
});
