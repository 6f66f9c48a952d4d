/**
 * The languages read by a scanner of ours, in one list for the registry: first those with a reader of their own, then
 * those outlined by line patterns. Where two claim a file name, the later wins.
 */
import type { LanguageDefinition } from '../language.ts';
import { ada } from './ada/language.ts';
import { apex } from './apex/language.ts';
import { asciidoc } from './asciidoc/language.ts';
import { assembly } from './assembly/language.ts';
import { astro } from './astro/language.ts';
import { awk } from './awk/language.ts';
import { batch } from './batch/language.ts';
import { bicep } from './bicep/language.ts';
import { clojure } from './clojure/language.ts';
import { cmake } from './cmake/language.ts';
import { cobol } from './cobol/language.ts';
import { coffeescript } from './coffeescript/language.ts';
import { crystal } from './crystal/language.ts';
import { css } from './css/language.ts';
import { dlang } from './d/language.ts';
import { dart } from './dart/language.ts';
import { dockerfile } from './dockerfile/language.ts';
import { elixir } from './elixir/language.ts';
import { elm } from './elm/language.ts';
import { erlang } from './erlang/language.ts';
import { fish } from './fish/language.ts';
import { fortran } from './fortran/language.ts';
import { fsharp } from './fsharp/language.ts';
import { gdscript } from './gdscript/language.ts';
import { gleam } from './gleam/language.ts';
import { graphql } from './graphql/language.ts';
import { groovy } from './groovy/language.ts';
import { haskell } from './haskell/language.ts';
import { haxe } from './haxe/language.ts';
import { hcl } from './hcl/language.ts';
import { html } from './html/language.ts';
import { ini } from './ini/language.ts';
import { json } from './json/language.ts';
import { julia } from './julia/language.ts';
import { latex } from './latex/language.ts';
import { lisp } from './lisp/language.ts';
import { lua } from './lua/language.ts';
import { makefile } from './makefile/language.ts';
import { markdown } from './markdown/language.ts';
import { matlab } from './matlab/language.ts';
import { nim } from './nim/language.ts';
import { nix } from './nix/language.ts';
import { notebook } from './notebook/language.ts';
import { objectivec } from './objectivec/language.ts';
import { ocaml } from './ocaml/language.ts';
import { odin } from './odin/language.ts';
import { org } from './org/language.ts';
import { pascal } from './pascal/language.ts';
import { perl } from './perl/language.ts';
import { powershell } from './powershell/language.ts';
import { prisma } from './prisma/language.ts';
import { protobuf } from './protobuf/language.ts';
import { puppet } from './puppet/language.ts';
import { r } from './r/language.ts';
import { rego } from './rego/language.ts';
import { rescript } from './rescript/language.ts';
import { restructuredtext } from './restructuredtext/language.ts';
import { roff } from './roff/language.ts';
import { scss } from './scss/language.ts';
import { shader } from './shader/language.ts';
import { solidity } from './solidity/language.ts';
import { sql } from './sql/language.ts';
import { starlark } from './starlark/language.ts';
import { svelte } from './svelte/language.ts';
import { tcl } from './tcl/language.ts';
import { thrift } from './thrift/language.ts';
import { toml } from './toml/language.ts';
import { vb } from './vb/language.ts';
import { verilog } from './verilog/language.ts';
import { vhdl } from './vhdl/language.ts';
import { vim } from './vim/language.ts';
import { vue } from './vue/language.ts';
import { xml } from './xml/language.ts';
import { yaml } from './yaml/language.ts';
import { zig } from './zig/language.ts';

export const structureLanguages: readonly LanguageDefinition[] = [
  markdown,
  restructuredtext,
  asciidoc,
  org,
  json,
  yaml,
  toml,
  ini,
  html,
  vue,
  svelte,
  astro,
  xml,
  css,
  scss,
  sql,
  protobuf,
  thrift,
  graphql,
  prisma,
  hcl,
  dockerfile,
  makefile,
  notebook,
  lua,
  elixir,
  dart,
  haskell,
  ocaml,
  fsharp,
  perl,
  r,
  julia,
  zig,
  nix,
  powershell,
  clojure,
  lisp,
  erlang,
  groovy,
  objectivec,
  vb,
  crystal,
  nim,
  solidity,
  gdscript,
  fortran,
  pascal,
  ada,
  cmake,
  starlark,
  vim,
  assembly,
  shader,
  verilog,
  vhdl,
  elm,
  coffeescript,
  haxe,
  dlang,
  rego,
  bicep,
  batch,
  awk,
  tcl,
  matlab,
  cobol,
  latex,
  roff,
  fish,
  puppet,
  gleam,
  rescript,
  odin,
  apex,
];
