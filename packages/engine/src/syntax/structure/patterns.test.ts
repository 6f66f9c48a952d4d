import { describe, expect, it } from 'vitest';
import { languageOf } from '../registry.ts';
import { outline, sample } from './outline.test-kit.ts';

describe('outline by line patterns', () => {
  it('ends definitions by indentation and takes comments above', () => {
    const text = sample(`
      --- Opens a pool.
      -- @param n size
      local function open(n)
        local inner = function()
          return 1
        end
        return n
      end

      function Pool.Class:close()
      end
      local MAX = 1
      Pool.reset = function(
        a,
        b
      )
        return a
      end
      --[[
      function hidden() end
      ]]
    `);
    expect(outline('lua', text)).toMatchInlineSnapshot(`
      "function open 3-8 doc 1-2
        function inner 4-6
      function close 10-11
      constant MAX 12-12
      function reset 13-16 head 16"
    `);
  });

  it('Elixir: documentation attributes belong to what follows', () => {
    const text = sample(`
      defmodule Shop.Cart do
        @moduledoc "x"
        @max 5

        @doc """
        Adds.
        def not_this do
        """
        @spec add(t, t) :: t
        def add(cart, item) do
          [item | cart]
        end

        defp helper(x), do: x

        test "adds up" do
          assert true
        end
      end
    `);
    expect(outline('elixir', text)).toMatchInlineSnapshot(`
      "module Shop.Cart 1-19
        constant max 3-3
        function add 10-12 doc 5-9
        function helper 14-14
        test adds up 16-18"
    `);
  });

  it('Dart: classes with methods, functions, attributes', () => {
    const text = sample(`
      /// A widget.
      class Home extends StatelessWidget {
        const Home({super.key});

        static const double gap = 4;

        @override
        Widget build(BuildContext context) {
          if (a) {
            return x;
          }
          return Text('a');
        }

        int get size => 1;
      }

      Future<void> main() async {
        runApp(Home());
      }
    `);
    expect(outline('dart', text)).toMatchInlineSnapshot(`
      "class Home 2-16 doc 1-1
        constant gap 5-5
        method build 7-13 head 8
        method size 15-15
      function main 18-20"
    `);
  });

  it('Haskell: equations of one name are one definition', () => {
    const text = sample(`
      module Data.Pool where

      -- | A pool.
      data Pool a = Pool
        { size :: Int }

      -- | Takes one.
      take' :: Pool a -> a
      take' (Pool 0) = error "x"
      take' p =
        undefined

      instance Show (Pool a) where
        show _ = "p"
    `);
    expect(outline('haskell', text)).toMatchInlineSnapshot(`
      "module Data.Pool 1-1
      type Pool 4-5 doc 3-3
      function take' 8-11 doc 7-7
      class Show (Pool a) 13-14"
    `);
  });

  it('Starlark: targets by their name', () => {
    const text = sample(`
      load("//x:y.bzl", "z")

      # The library.
      cc_library(
          name = "strings",
          srcs = [
              "a.cc",
          ],
      )

      py_test(
          name = "t",
      )
    `);
    expect(outline('starlark', text)).toMatchInlineSnapshot(`
      "target strings 4-9 head 5 doc 3-3
      target t 11-13 head 12"
    `);
  });

  it('Objective-C, Clojure, Erlang, PowerShell, Solidity, Zig, R, Julia', () => {
    expect(
      outline(
        'objectivec',
        '@interface Pool : NSObject\n@property (nonatomic) int size;\n- (void)open:(int)n;\n@end\n@implementation Pool\n- (void)open:(int)n {\n  [x y];\n}\n@end\n',
      ),
    ).toMatchInlineSnapshot(`
      "class Pool 1-4
        property size 2-2
        method open 3-3
      class Pool 5-9
        method open 6-8"
    `);
    expect(
      outline('clojure', '(ns shop.core)\n\n;; Adds.\n(defn add\n  [a b]\n  (+ a b))\n(def ^:private x 1)\n'),
    ).toMatchInlineSnapshot(`
      "namespace shop.core 1-1
      function add 4-6 doc 3-3
      constant x 7-7"
    `);
    expect(
      outline('erlang', '-module(pool).\n-spec open(X) -> X.\nopen(0) ->\n  ok;\nopen(N) ->\n  N.\n'),
    ).toMatchInlineSnapshot(`
      "module pool 1-1
      function open 3-6 doc 2-2"
    `);
    expect(
      outline(
        'powershell',
        'function Get-Pool {\n  param($a)\n}\n<# no\nfunction x #>\nclass A {\n  [int] Size() { return 1 }\n}\n',
      ),
    ).toMatchInlineSnapshot(`
      "function Get-Pool 1-3
      class A 6-8 doc 4-5
        method Size 7-7"
    `);
    expect(
      outline(
        'solidity',
        'contract Token is ERC20 {\n  event Sent(address a);\n  function send(\n    address to\n  ) public {\n  }\n}\n',
      ),
    ).toMatchInlineSnapshot(`
      "class Token 1-7
        message Sent 2-2
        method send 3-5 head 5"
    `);
    expect(
      outline(
        'zig',
        'pub const Pool = struct {\n    pub fn open(self: *Pool) void {\n        _ = self;\n    }\n};\ntest "opens" {\n}\n',
      ),
    ).toMatchInlineSnapshot(`
      "struct Pool 1-5
        method open 2-4
      test opens 6-7"
    `);
    expect(
      outline('r', "#' Adds.\nadd <- function(a,\n                b) {\n  a + b\n}\n"),
    ).toMatchInlineSnapshot(`"function add 2-5 head 3 doc 1-1"`);
    expect(
      outline('julia', 'module A\nstruct P\n  x\nend\nfunction f(x)\n  x\nend\ng(x) = x\nend\n'),
    ).toMatchInlineSnapshot(`
      "module A 1-1
      struct P 2-4
      function f 5-7
      function g 8-9"
    `);
  });

  it('Groovy, CMake, Fortran, C-like shaders, Puppet, Odin', () => {
    expect(
      outline(
        'groovy',
        "plugins {\n  id 'java'\n}\nclass A {\n  @Test\n  void runs() {\n    x()\n  }\n}\ntask build {\n}\n",
      ),
    ).toMatchInlineSnapshot(`
      "section plugins 1-3
      class A 4-9
        method runs 5-8 head 6
      target build 10-11"
    `);
    expect(
      outline(
        'cmake',
        '# Adds.\nfunction(add_x name)\n  set(A 1)\nendfunction()\nset(VERSION 1)\nadd_library(pool STATIC\n  a.c\n)\n',
      ),
    ).toMatchInlineSnapshot(`
      "function add_x 2-4 doc 1-1
      variable VERSION 5-5
      target pool 6-8"
    `);
    expect(
      outline(
        'fortran',
        'module m\ncontains\n  pure function f(x) result(y)\n    y = x\n  end function\nend module\n',
      ),
    ).toMatchInlineSnapshot(`
      "module m 1-6
        function f 3-5"
    `);
    expect(
      outline(
        'shader',
        'uniform vec3 color;\nfloat noise(vec2 p) {\n  return 1.0;\n}\nvoid main()\n{\n  x;\n}\n',
      ),
    ).toMatchInlineSnapshot(`
      "variable color 1-1
      function noise 2-4
      function main 5-8"
    `);
    expect(outline('puppet', 'class web(\n  $a\n) {\n  file { x: }\n}\n')).toMatchInlineSnapshot(
      `"class web 1-3 head 3"`,
    );
    expect(
      outline('odin', 'Pool :: struct {\n  n: int,\n}\nopen :: proc(p: ^Pool) {\n  p.n = 1\n}\n'),
    ).toMatchInlineSnapshot(`
      "struct Pool 1-3
      function open 4-6"
    `);
  });
});

it('file names lead to these languages', () => {
  const table = `
    README.md markdown
    a/package.json json
    .github/workflows/ci.yml yaml
    Cargo.toml toml
    docker/Dockerfile.prod dockerfile
    Makefile makefile
    app/App.vue vue
    pom.xml xml
    src/BUILD starlark
    absl/BUILD.bazel starlark
    rules.bzl starlark
    CMakeLists.txt cmake
    notes.txt text
    init.lua lua
    schema.SQL sql
    main.tf hcl
    analysis.ipynb notebook
    x.unknown text`;
  const rows = table
    .trim()
    .split('\n')
    .map((row) => row.trim());
  expect(rows.map((row) => row.split(' ')[0] ?? '').map((path) => `${path} ${languageOf(path)}`)).toEqual(
    rows,
  );
});
