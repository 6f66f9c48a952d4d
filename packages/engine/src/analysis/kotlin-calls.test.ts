import { expect, test } from 'vitest';
import { callsText } from './testing/calls-text.ts';

test('Kotlin: companions, objects, properties, extensions, lambdas with receivers, enums and smart casts', async () => {
  const files = {
    'app/Main.kt': `
package app

import app.model.*
import app.util.helper as assist

open class Service(private val repo: Repo, val size: Int = 1) : Base(size) {
  val shapes: MutableList<Shape> = mutableListOf()
  val area: Double get() = total() * 2
  val made by lazy { make() }

  constructor(name: String) : this(Repo(), 2) { prepare() }

  init {
    prepare()
  }

  companion object {
    fun create(): Service = Service(Repo())
    fun make() = Circle(1.0)
  }

  fun prepare() = log("x")
  fun log(text: String) = println(text)
  fun total(): Double {
    var sum = 0.0
    for (shape in shapes) sum += shape.area()
    shapes.forEach { it.describe() }
    shapes.map { s -> s.area() }
    return sum
  }
  fun add(shape: Shape) { shapes.add(shape) }
  inner class Inner {
    fun go() { this@Service.prepare(); inherited(); total() }
  }
}

object Registry {
  fun register(s: Service) { s.prepare() }
}

data class Pair2(val left: Shape, val right: Shape)

enum class Level(val n: Int) {
  LOW(1) {
    override fun rank() = low()
  },
  HIGH(2);
  open fun rank() = 2
  fun low() = 1
}

fun twice(x: Int): Int = x * 2
fun apply2(f: (Int) -> Int, x: Int): Int = f(x)
fun Shape.grow(n: Int): Shape { describe(); return this }
fun String.shout(n: Int): String = uppercase()
fun block(name: String, body: () -> Unit) { body() }

fun main(args: Array<String>) {
  val s = Service.create()
  s.add(Square())
  s.total()
  println(s.area)
  apply2({ x -> twice(x) }, 2)
  apply2(::twice, 3)
  block("b") { assist() }
  val anonymous = object : Shape {
    override fun area() = inner()
    fun inner() = 1.0
  }
  anonymous.describe()
  s.Inner().go()
  Registry.register(s)
  val (left, right) = Pair2(Circle(1.0), anonymous)
  left.area()
  "x".shout(1)
  Square().grow(2).describe()
  with(s) { prepare() }
  s.apply { prepare() }.also { it.total() }
  val any: Any = left
  when (any) {
    is Circle -> any.radius()
    else -> Level.LOW.rank()
  }
  s.made.radius()
  missing()
}
`,
    'app/model.kt': `
package app.model

interface Shape {
  fun area(): Double
  fun describe() { area() }
}
class Circle(private val r: Double) : Shape {
  override fun area() = radius() * r
  fun radius() = r
}
class Square : Shape {
  override fun area() = 1.0
}
`,
    'app/util.kt': `
package app.util

fun helper() {}
`,
    'app/base.kt': `
package app

open class Base(size: Int) {
  fun inherited() {}
}
interface Runner {
  fun run()
}
class Repo : Runner {
  override fun run() {
  }
}
`,
  };
  expect(await callsText(files)).toMatchInlineSnapshot(`
    "
    app.Main -> <external>.kotlin.collections.mutableListOf app/Main.kt:8
    app.Main -> app.Main.Service.<anonymous:10> app/Main.kt:10
    app.Main -> app.Main.Service.prepare app/Main.kt:15
    app.Main.Level.<anonymous:45>.rank -> app.Main.Level.low app/Main.kt:46
    app.Main.Registry.register -> app.Main.Service.prepare app/Main.kt:39
    app.Main.Service.<anonymous:10> -> app.Main.Service.Companion.make app/Main.kt:10
    app.Main.Service.Companion.create -> app.Main.Service.constructor app/Main.kt:19
    app.Main.Service.Inner.go -> app.Main.Service.prepare app/Main.kt:34
    app.Main.Service.Inner.go -> app.Main.Service.total app/Main.kt:34
    app.Main.Service.Inner.go -> app.base.Base.inherited app/Main.kt:34
    app.Main.Service.add -> <external>.kotlin.collections.List.add app/Main.kt:32
    app.Main.Service.area -> app.Main.Service.total app/Main.kt:9
    app.Main.Service.constructor -> app.Main.Service.prepare app/Main.kt:12
    app.Main.Service.log -> <external>.kotlin.io.println app/Main.kt:24
    app.Main.Service.prepare -> app.Main.Service.log app/Main.kt:23
    app.Main.Service.total -> <external>.kotlin.collections.List.forEach app/Main.kt:28 inferred
    app.Main.Service.total -> <external>.kotlin.collections.List.map app/Main.kt:29 inferred
    app.Main.Service.total -> app.Main.Service.total.<anonymous:28> app/Main.kt:28 inferred
    app.Main.Service.total -> app.Main.Service.total.<anonymous:29> app/Main.kt:29 inferred
    app.Main.Service.total -> app.model.Square.area app/Main.kt:27
    app.Main.Service.total.<anonymous:28> -> app.model.Shape.describe app/Main.kt:28
    app.Main.Service.total.<anonymous:29> -> app.model.Square.area app/Main.kt:29
    app.Main.apply2 -> app.Main.main.<anonymous:64> app/Main.kt:54 inferred
    app.Main.apply2 -> app.Main.twice app/Main.kt:54 inferred
    app.Main.block -> app.Main.main.<anonymous:66> app/Main.kt:57
    app.Main.grow -> app.model.Shape.describe app/Main.kt:55
    app.Main.main -> <external>.kotlin.also app/Main.kt:79
    app.Main.main -> <external>.kotlin.apply app/Main.kt:79
    app.Main.main -> <external>.kotlin.io.println app/Main.kt:63
    app.Main.main -> <external>.kotlin.with app/Main.kt:78
    app.Main.main -> ? missing app/Main.kt:86
    app.Main.main -> app.Main.Level.<anonymous:45>.rank app/Main.kt:83
    app.Main.main -> app.Main.Registry.register app/Main.kt:73
    app.Main.main -> app.Main.Service.Companion.create app/Main.kt:60
    app.Main.main -> app.Main.Service.Inner.go app/Main.kt:72
    app.Main.main -> app.Main.Service.add app/Main.kt:61
    app.Main.main -> app.Main.Service.area app/Main.kt:63
    app.Main.main -> app.Main.Service.total app/Main.kt:62
    app.Main.main -> app.Main.apply2 app/Main.kt:64
    app.Main.main -> app.Main.apply2 app/Main.kt:65
    app.Main.main -> app.Main.block app/Main.kt:66
    app.Main.main -> app.Main.grow app/Main.kt:77
    app.Main.main -> app.Main.main.<anonymous:78> app/Main.kt:78
    app.Main.main -> app.Main.main.<anonymous:79:2> app/Main.kt:79
    app.Main.main -> app.Main.main.<anonymous:79> app/Main.kt:79
    app.Main.main -> app.Main.shout app/Main.kt:76
    app.Main.main -> app.model.Circle.area app/Main.kt:75
    app.Main.main -> app.model.Circle.radius app/Main.kt:82
    app.Main.main -> app.model.Circle.radius app/Main.kt:85
    app.Main.main -> app.model.Shape.describe app/Main.kt:71
    app.Main.main -> app.model.Shape.describe app/Main.kt:77
    app.Main.main.<anonymous:64> -> app.Main.twice app/Main.kt:64
    app.Main.main.<anonymous:66> -> app.util.helper app/Main.kt:66
    app.Main.main.<anonymous:67>.area -> app.Main.main.<anonymous:67>.inner app/Main.kt:68
    app.Main.main.<anonymous:78> -> app.Main.Service.prepare app/Main.kt:78
    app.Main.main.<anonymous:79:2> -> app.Main.Service.total app/Main.kt:79
    app.Main.main.<anonymous:79> -> app.Main.Service.prepare app/Main.kt:79
    app.Main.shout -> <external>.kotlin.String.uppercase app/Main.kt:56
    app.model.Circle.area -> app.model.Circle.radius app/model.kt:9
    app.model.Shape.describe -> app.Main.main.<anonymous:67>.area app/model.kt:6 inferred
    app.model.Shape.describe -> app.model.Square.area app/model.kt:6 inferred
    "
  `);
});

test('Kotlin: operators, setters, objects that are called, pairs of a map and views of it', async () => {
  const text = `
class Money {
  operator fun plus(other: Money) = this
  operator fun unaryMinus() = this
  operator fun get(row: Int, column: Int) = this
  operator fun set(row: Int, value: Money) {}
  operator fun contains(other: Money) = true
  operator fun compareTo(other: Money) = 0
  operator fun invoke() {}
  infix fun mix(other: Money) = other
  fun spend() {}
}
open class Box {
  open var level: Int = 0
    set(value) { keep(value) }
  fun keep(x: Int) {}
}
class Deep : Box() {
  override var level: Int
    get() = 1
    set(value) { sink() }
  fun sink() {}
}
fun use(a: Money, b: Money, box: Box, table: MutableMap<String, Money>, all: List<List<Money>>) {
  (a + b).spend()
  val less = -a
  less.spend()
  a[1, 2].spend()
  a[1] = b
  if (a < b && a in b) a()
  (a mix b).spend()
  box.level = 3
  box.level += 1
  for ((name, money) in table) money.spend()
  table.values.first().spend()
  all.flatten().first().spend()
  var sum = a
  sum += b
}
`;
  expect(await callsText({ 'Money.kt': text })).toMatchInlineSnapshot(`
    "
    Money.Box.level -> Money.Box.keep Money.kt:15
    Money.Deep.level -> Money.Deep.sink Money.kt:21
    Money.use -> <external>.kotlin.collections.List.first Money.kt:36
    Money.use -> <external>.kotlin.collections.List.flatten Money.kt:36
    Money.use -> <external>.kotlin.collections.MutableMap.first Money.kt:35
    Money.use -> Money.Box.level Money.kt:32 inferred
    Money.use -> Money.Box.level Money.kt:33 inferred
    Money.use -> Money.Deep.level Money.kt:32 inferred
    Money.use -> Money.Deep.level Money.kt:33 inferred
    Money.use -> Money.Money.compareTo Money.kt:30
    Money.use -> Money.Money.contains Money.kt:30
    Money.use -> Money.Money.get Money.kt:28
    Money.use -> Money.Money.invoke Money.kt:30
    Money.use -> Money.Money.mix Money.kt:31
    Money.use -> Money.Money.plus Money.kt:25
    Money.use -> Money.Money.plus Money.kt:38
    Money.use -> Money.Money.set Money.kt:29
    Money.use -> Money.Money.spend Money.kt:25
    Money.use -> Money.Money.spend Money.kt:27
    Money.use -> Money.Money.spend Money.kt:28
    Money.use -> Money.Money.spend Money.kt:31
    Money.use -> Money.Money.spend Money.kt:34
    Money.use -> Money.Money.spend Money.kt:35
    Money.use -> Money.Money.spend Money.kt:36
    Money.use -> Money.Money.unaryMinus Money.kt:26
    "
  `);
});
