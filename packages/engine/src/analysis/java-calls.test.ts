import { expect, test } from 'vitest';
import { callsText } from './testing/calls-text.ts';

test('Java: packages, nested and anonymous classes, overloads, lambdas, streams, enums, records and patterns', async () => {
  const files = {
    'shop/Main.java': `
package com.shop;

import com.shop.model.*;
import com.shop.util.Helper;
import static com.shop.util.Helper.twice;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

public class Main extends Base {
  private final List<Shape> shapes = new ArrayList<>();
  private Shape current = new Circle(1);
  private static int count = start();

  static int start() { return 0; }

  public Main(String name) {
    this(name, 1);
  }

  Main(String name, int size) {
    super(size);
    prepare();
  }

  void prepare() { log("x"); }

  void log(String text) { System.out.println(text.trim()); }

  void log(int number) { log(String.valueOf(number)); }

  void overloads() {
    log(1);
    log("one");
  }

  void add(Shape shape) { shapes.add(shape); }

  double total() {
    double sum = 0;
    for (Shape shape : shapes) sum += shape.area();
    shapes.forEach(s -> s.describe());
    shapes.stream().map(Shape::area).forEach(this::seen);
    return sum + current.area();
  }

  void seen(double value) {}

  static int apply(Function<Integer, Integer> f, int x) { return f.apply(x); }

  class Inner {
    void go() { prepare(); Main.this.overloads(); inherited(); }
  }

  enum Level {
    LOW { @Override int rank() { return low(); } },
    HIGH;
    int rank() { return 2; }
    static int low() { return 1; }
  }

  record Pair(Shape left, Shape right) {
    double sum() { return left.area() + right().area(); }
    static Pair of(Shape s) { return new Pair(s, s); }
  }

  public static void main(String[] args) {
    Main main = new Main("a");
    main.add(new Square());
    main.total();
    apply(x -> twice(x), 2);
    apply(Helper::twice, 3);
    Supplier<Square> make = Square::new;
    make.get().area();
    Shape anonymous = new Shape() {
      @Override public double area() { return helper(); }
      private double helper() { return 1; }
    };
    anonymous.describe();
    main.new Inner().go();
    for (Level level : Level.values()) level.rank();
    Level.LOW.rank();
    Pair.of(new Circle(2)).sum();
    Object object = anonymous;
    if (object instanceof Circle circle) circle.radius();
    Helper.sum(1, 2, 3);
    var helper = new Helper.Builder().name("x").build();
    helper.use();
    Operation op = (a, b) -> a + b;
    op.run(1, 2);
    switch (object) {
      case Square square -> square.area();
      default -> start();
    }
    com.shop.util.Helper.twice(2);
    main.toString();
    main.missing();
  }
}
`,
    'shop/Base.java': `
package com.shop;

abstract class Base {
  Base(int size) { hook(); }
  void hook() {}
  void inherited() {}
}

interface Operation {
  int run(int a, int b);
}
`,
    'shop/model/Shape.java': `
package com.shop.model;

public interface Shape {
  double area();
  default void describe() { area(); }
}
`,
    'shop/model/Circle.java': `
package com.shop.model;

public class Circle implements Shape {
  private final double r;
  public Circle(double r) { this.r = r; }
  public double area() { return radius() * r; }
  public double radius() { return r; }
}
`,
    'shop/model/Square.java': `
package com.shop.model;

public class Square implements Shape {
  public double area() { return 1; }
}
`,
    'shop/util/Helper.java': `
package com.shop.util;

public class Helper {
  private final String name;
  private Helper(Builder builder) { this.name = builder.name; }
  public static int twice(int x) { return x * 2; }
  public static int sum(int... xs) { return xs.length; }
  public void use() {}
  public static class Builder {
    private String name;
    public Builder name(String name) { this.name = name; return this; }
    public Helper build() { return new Helper(this); }
  }
}
`,
  };
  expect(await callsText(files)).toMatchInlineSnapshot(`
    "
    shop.Base.Base.Base -> shop.Base.Base.hook shop/Base.java:5
    shop.Main -> <external>.java.util.ArrayList shop/Main.java:13
    shop.Main -> shop.Main.Main.start shop/Main.java:15
    shop.Main -> shop.model.Circle.Circle.Circle shop/Main.java:14
    shop.Main.Main.Inner.go -> shop.Base.Base.inherited shop/Main.java:54
    shop.Main.Main.Inner.go -> shop.Main.Main.overloads shop/Main.java:54
    shop.Main.Main.Inner.go -> shop.Main.Main.prepare shop/Main.java:54
    shop.Main.Main.Level.<anonymous:58>.rank -> shop.Main.Main.Level.low shop/Main.java:58
    shop.Main.Main.Main -> shop.Base.Base.Base shop/Main.java:24
    shop.Main.Main.Main -> shop.Main.Main.Main shop/Main.java:20
    shop.Main.Main.Main -> shop.Main.Main.prepare shop/Main.java:25
    shop.Main.Main.Pair.sum -> shop.model.Circle.Circle.area shop/Main.java:65
    shop.Main.Main.add -> <external>.java.util.ArrayList.add shop/Main.java:39
    shop.Main.Main.apply -> shop.Main.Main.main.<anonymous:73> shop/Main.java:51 inferred
    shop.Main.Main.apply -> shop.util.Helper.Helper.twice shop/Main.java:51 inferred
    shop.Main.Main.log -> <external>.java.lang.String.trim shop/Main.java:30
    shop.Main.Main.log -> <external>.java.lang.String.valueOf shop/Main.java:32
    shop.Main.Main.log -> <external>.java.lang.System.out.println shop/Main.java:30
    shop.Main.Main.log -> shop.Main.Main.log shop/Main.java:32
    shop.Main.Main.main -> <external>.java.lang.Object.toString shop/Main.java:98
    shop.Main.Main.main -> ? main.missing shop/Main.java:99
    shop.Main.Main.main -> shop.Main.Main.Inner.go shop/Main.java:82
    shop.Main.Main.main -> shop.Main.Main.Level.<anonymous:58>.rank shop/Main.java:83 inferred
    shop.Main.Main.main -> shop.Main.Main.Level.<anonymous:58>.rank shop/Main.java:84
    shop.Main.Main.main -> shop.Main.Main.Level.rank shop/Main.java:83 inferred
    shop.Main.Main.main -> shop.Main.Main.Main shop/Main.java:70
    shop.Main.Main.main -> shop.Main.Main.Pair.of shop/Main.java:85
    shop.Main.Main.main -> shop.Main.Main.Pair.sum shop/Main.java:85
    shop.Main.Main.main -> shop.Main.Main.add shop/Main.java:71
    shop.Main.Main.main -> shop.Main.Main.apply shop/Main.java:73
    shop.Main.Main.main -> shop.Main.Main.apply shop/Main.java:74
    shop.Main.Main.main -> shop.Main.Main.main.<anonymous:91> shop/Main.java:92
    shop.Main.Main.main -> shop.Main.Main.start shop/Main.java:95
    shop.Main.Main.main -> shop.Main.Main.total shop/Main.java:72
    shop.Main.Main.main -> shop.model.Circle.Circle.Circle shop/Main.java:85
    shop.Main.Main.main -> shop.model.Circle.Circle.radius shop/Main.java:87
    shop.Main.Main.main -> shop.model.Shape.Shape.describe shop/Main.java:81
    shop.Main.Main.main -> shop.model.Square.Square.area shop/Main.java:76
    shop.Main.Main.main -> shop.model.Square.Square.area shop/Main.java:94
    shop.Main.Main.main -> shop.util.Helper.Helper.Builder.build shop/Main.java:89
    shop.Main.Main.main -> shop.util.Helper.Helper.Builder.name shop/Main.java:89
    shop.Main.Main.main -> shop.util.Helper.Helper.sum shop/Main.java:88
    shop.Main.Main.main -> shop.util.Helper.Helper.twice shop/Main.java:97
    shop.Main.Main.main -> shop.util.Helper.Helper.use shop/Main.java:90
    shop.Main.Main.main.<anonymous:73> -> shop.util.Helper.Helper.twice shop/Main.java:73
    shop.Main.Main.main.<anonymous:77>.area -> shop.Main.Main.main.<anonymous:77>.helper shop/Main.java:78
    shop.Main.Main.overloads -> shop.Main.Main.log shop/Main.java:35
    shop.Main.Main.overloads -> shop.Main.Main.log shop/Main.java:36
    shop.Main.Main.prepare -> shop.Main.Main.log shop/Main.java:28
    shop.Main.Main.total -> <external>.java.util.ArrayList.forEach shop/Main.java:44 inferred
    shop.Main.Main.total -> <external>.java.util.ArrayList.stream shop/Main.java:45
    shop.Main.Main.total -> <external>.java.util.stream.Stream.forEach shop/Main.java:45 inferred
    shop.Main.Main.total -> <external>.java.util.stream.Stream.map shop/Main.java:45 inferred
    shop.Main.Main.total -> shop.Main.Main.seen shop/Main.java:45 inferred
    shop.Main.Main.total -> shop.Main.Main.total.<anonymous:44> shop/Main.java:44 inferred
    shop.Main.Main.total -> shop.model.Circle.Circle.area shop/Main.java:46
    shop.Main.Main.total -> shop.model.Square.Square.area shop/Main.java:43
    shop.Main.Main.total -> shop.model.Square.Square.area shop/Main.java:45 inferred
    shop.Main.Main.total.<anonymous:44> -> shop.model.Shape.Shape.describe shop/Main.java:44
    shop.model.Circle.Circle.area -> shop.model.Circle.Circle.radius shop/model/Circle.java:7
    shop.model.Shape.Shape.describe -> shop.Main.Main.main.<anonymous:77>.area shop/model/Shape.java:6 inferred
    shop.model.Shape.Shape.describe -> shop.model.Square.Square.area shop/model/Shape.java:6 inferred
    shop.util.Helper.Helper.Builder.build -> shop.util.Helper.Helper.Helper shop/util/Helper.java:13
    "
  `);
});

test('Java: what another file of a package takes everything from is not of the package', async () => {
  const files = {
    'pool/Bench.java': `package pool;
import org.openjdk.jmh.annotations.*;
class Bench {}
`,
    'use/Use.java': `package use;
import pool.*;
import java.util.concurrent.*;
class Use {
  void fail() { throw new CompletionException(null); }
}
`,
  };
  expect(await callsText(files)).toMatchInlineSnapshot(`
    "
    use.Use.Use.fail -> <external>.java.util.concurrent.CompletionException use/Use.java:5
    "
  `);
});

test('Java: where a test of class holds, a name is of that class; before and after it is what it was', async () => {
  const files = {
    'Main.java': `class Main {
  static void pass(Object o) {
    if (o instanceof Target && o.hashCode() > 0) o.run();
    else o.toString();
    if (o.getClass() == Target.class) o.run();
    if (Target.class.isInstance(o)) { o = new Main(); o.run(); }
    Object other = Target.class.isAssignableFrom(o.getClass()) ? o.hashCode() : o;
    o.run();
  }
  static void main() { pass(new Target()); pass(new Main()); }
  public void run() {}
  public int hashCode() { return 1; }
  public String toString() { return ""; }
}
class Target {
  public void run() {}
  public int hashCode() { return 2; }
  public String toString() { return ""; }
}
`,
  };
  expect(await callsText(files)).toMatchInlineSnapshot(`
    "
    Main.Main.main -> Main.Main.pass Main.java:10
    Main.Main.pass -> <external>.java.lang.Class.isAssignableFrom Main.java:7
    Main.Main.pass -> <external>.java.lang.Class.isInstance Main.java:6
    Main.Main.pass -> <external>.java.lang.Object.getClass Main.java:5
    Main.Main.pass -> <external>.java.lang.Object.getClass Main.java:7
    Main.Main.pass -> Main.Main.run Main.java:6
    Main.Main.pass -> Main.Main.run Main.java:8 inferred
    Main.Main.pass -> Main.Main.toString Main.java:4 inferred
    Main.Main.pass -> Main.Target.hashCode Main.java:3
    Main.Main.pass -> Main.Target.hashCode Main.java:7
    Main.Main.pass -> Main.Target.run Main.java:3
    Main.Main.pass -> Main.Target.run Main.java:5
    Main.Main.pass -> Main.Target.run Main.java:8 inferred
    Main.Main.pass -> Main.Target.toString Main.java:4 inferred
    "
  `);
});
