import { expect, test } from 'vitest';
import { outlineText } from '../../testing/outline-text.ts';

const sample = `package a.b

import x.y

/** A user. */
@Entity
data class User(val name: String, private var age: Int = 0, other: Int) : Base(), Shape {
    companion object {
        const val MAX = 1
    }

    val full: String
        get() = name

    constructor(a: Int) : this("", a, 1) {
        log()
    }

    // What it weighs.
    override fun area(unit: String): Double {
        fun local() = 1
        return 1.0
    }

    inner class Part
}

sealed interface Shape {
    fun area(unit: String): Double
    val edges: Int
}

enum class Color(val rgb: Int) {
    RED(1),
    GREEN(2);

    fun hex() = rgb.toString(16)
}

object Registry {
    private val users = mutableListOf<User>()
}

fun String.shout(): String = uppercase()

suspend fun <T> retry(
    times: Int,
    block: suspend () -> T,
): T where T : Any {
    val local = 1
    return block()
}

val (left, right) = pair
const val LIMIT = 3
typealias Name = String
`;

test('Kotlin: every definition with its lines, header, doc and parent', async () => {
  expect(await outlineText('kotlin', sample)).toMatchInlineSnapshot(`
    "
    class User@7 6-26 head 7 doc 5-5
    property name 7-7 in User
    property age 7-7 in User
    class Companion 8-10 head 8 in User
    constant MAX 9-9 in Companion
    property full 12-13 head 12 in User
    constructor constructor 15-17 head 15 in User
    method area 20-23 head 20 doc 19-19 in User
    class Part 25-25 in User
    interface Shape 28-31 head 28
    method area 29-29 in Shape
    property edges 30-30 in Shape
    enum Color 33-38 head 33
    property rgb 33-33 in Color
    constant RED 34-34 in Color
    constant GREEN 35-35 in Color
    method hex 37-37 in Color
    class Registry 40-42 head 40
    property users 41-41 in Registry
    function shout 44-44
    function retry 46-52 head 49
    variable left 54-54
    variable right 54-54
    constant LIMIT 55-55
    type Name 56-56
    "
  `);
});
