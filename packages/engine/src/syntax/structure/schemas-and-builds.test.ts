import { describe, expect, it } from 'vitest';
import { outline, sample } from './outline.test-kit.ts';

describe('style sheets', () => {
  it('CSS: rules, nested at-rules and custom properties', () => {
    const text = sample(`
      @import url("x;y{.css");
      :root {
        --gap: 4px; /* { */
      }
      /* Buttons. */
      .btn,
      a[href="}"]:hover { color: red; }
      @media (max-width: 10px) {
        .btn { color: blue }
      }
      @keyframes spin { from { a: b } }
    `);
    expect(outline('css', text)).toMatchInlineSnapshot(`
      "rule :root 2-4
        property --gap 3-3
      rule .btn, a[href="}"]:hover 6-7 head 7 doc 5-5
      rule @media (max-width: 10px) 8-10
        rule .btn 9-9
      rule @keyframes spin 11-11
        rule from 11-11"
    `);
  });

  it('SCSS and Less: mixins, functions, variables, nesting', () => {
    const text = sample(`
      // Size.
      $base: 4px !default;
      @mixin flex($a, $b: (x: 1)) { display: flex; }
      @function double($n) { @return $n * 2; }
      .card { &:hover { .x-#{$i} { a: b } } $local: 1; }
      .round(@r) { border: @r; }
      @color: red;
    `);
    expect(outline('scss', text)).toMatchInlineSnapshot(`
      "variable $base 2-2 doc 1-1
      function flex 3-3
      function double 4-4
      rule .card 5-5
        rule &:hover 5-5
          rule .x-#{$i} 5-5
      function round 6-6
      variable @color 7-7"
    `);
  });
});

describe('SQL', () => {
  it('finds what is created, with columns', () => {
    const text = sample(`
      -- Who may log in; see docs.
      CREATE TABLE IF NOT EXISTS "app"."users" (
        id bigint PRIMARY KEY,
        email text DEFAULT 'a,b;(',
        "full name" varchar(10, 2),
        CONSTRAINT u UNIQUE (email)
      );
      create unique index users_email on users (email);
      CREATE OR REPLACE VIEW active AS SELECT * FROM users;
      ALTER TABLE users ADD COLUMN age int;
      INSERT INTO users VALUES (1, 'CREATE TABLE no');
    `);
    expect(outline('sql', text)).toMatchInlineSnapshot(`
      "table users 2-7 doc 1-1
        field id 3-3
        field email 4-4
        field full name 5-5
      key users_email 8-8
      table active 9-9
      key users 10-10"
    `);
  });

  it('keeps the bodies of routines together', () => {
    const text = sample(`
      CREATE FUNCTION total(a int) RETURNS int AS $body$
      BEGIN
        CREATE TABLE inner_one (x int);
        RETURN 1;
      END;
      $body$ LANGUAGE plpgsql;
      DELIMITER $$
      CREATE PROCEDURE fill()
      BEGIN
        IF 1 THEN SELECT 1; END IF;
        SELECT CASE WHEN 1 THEN 2 END;
      END $$
      DELIMITER ;
      CREATE TRIGGER t AFTER INSERT ON x BEGIN UPDATE y SET z = 1; END;
      CREATE PROC dbo.Old AS SELECT 1
      GO
      CREATE TYPE mood AS ENUM ('a');
    `);
    expect(outline('sql', text)).toMatchInlineSnapshot(`
      "function total 1-6
      function fill 8-12
      function t 14-14
      function Old 15-15
      type mood 17-17"
    `);
  });
});

it('Protocol Buffers: messages, fields, enums, services', () => {
  const text = sample(`
    syntax = "proto3";
    package shop.v1;
    option go_package = "x;y";

    // A user.
    // Two lines.
    message User {
      string name = 1; // { not
      map<string, int32> tags = 2 [deprecated = true];
      oneof id { int64 num = 3; }
      enum Kind { KIND_A = 0; }
      reserved 4;
    }
    service Users {
      rpc Get (GetRequest) returns (User) { option (x) = { get: "/v1" }; }
      rpc List(ListRequest) returns (stream User);
    }
  `);
  expect(outline('protobuf', text)).toMatchInlineSnapshot(`
    "namespace shop.v1 2-2
    message User 7-13 doc 5-6
      field name 8-8
      field tags 9-9
      field id 10-10
        field num 10-10
      enum Kind 11-11
        constant KIND_A 11-11
    service Users 14-17
      method Get 15-15
      method List 16-16"
  `);
});

it('GraphQL: types with fields, operations', () => {
  const text = sample(`
    """
    A user { of the shop }
    """
    type User implements Node @key(fields: "id") {
      # The id.
      id: ID!
      posts(first: Int = 10,
            after: String): [Post!]!
    }
    enum Role { ADMIN }
    enum Color {
      RED
      GREEN
    }
    union Any = User | Post
    extend type Query { me: User }
    query GetMe($id: ID!) { me { id name } }
    directive @auth on FIELD
  `);
  expect(outline('graphql', text)).toMatchInlineSnapshot(`
    "type User 4-9 doc 1-3
      field id 6-6 doc 5-5
      field posts 7-8 head 8
    enum Role 10-10
      constant ADMIN 10-10
    enum Color 11-14
      constant RED 12-12
      constant GREEN 13-13
    type Any 15-15
    type Query 16-16
      field me 16-16
    function GetMe 17-17
    function auth 18-18"
  `);
});

it('FlatBuffers, Prisma and Thrift', () => {
  expect(
    outline(
      'protobuf',
      'namespace A;\ntable Monster {\n  hp:short = 100;\n  name:string;\n}\nunion U { Monster }\n',
    ),
  ).toMatchInlineSnapshot(`
    "namespace A 1-1
    message Monster 2-5
      field hp 3-3
      field name 4-4
    type U 6-6"
  `);
  expect(
    outline('prisma', 'model User {\n  id Int @id\n  posts Post[]\n}\nenum Role {\n  A\n}\n'),
  ).toMatchInlineSnapshot(`
    "table User 1-4
      field id 2-2
      field posts 3-3
    enum Role 5-7
      field A 6-6"
  `);
  expect(
    outline('thrift', 'struct A {\n 1: i32 x\n}\nservice S extends B {\n i32 f(1: i32 a)\n}\n'),
  ).toMatchInlineSnapshot(`
    "struct A 1-3
    service S 4-6"
  `);
});

it('HCL: blocks named as they are referred to', () => {
  const text = sample(`
    # The bucket.
    resource "aws_s3_bucket" "logs" {
      bucket = "\${var.name}-{logs"
      policy = <<EOF
    { "resource": "x" {
    EOF
      tags { a = 1 }
    }
    variable "name" { default = "x" }
    data "aws_ami" "base" {
    }
    locals {
      zone = "a"
    }
    provider "aws" {}
    region = "eu"
  `);
  expect(outline('hcl', text)).toMatchInlineSnapshot(`
    "section aws_s3_bucket.logs 2-8 doc 1-1
    variable name 9-9
    section data.aws_ami.base 10-11
    namespace locals 12-14
      variable zone 13-13
    section provider.aws 15-15
    key region 16-16"
  `);
});

it('Dockerfile: stages and variables', () => {
  const text = sample(`
    ARG NODE=24
    # Builds.
    FROM --platform=linux/amd64 node:\${NODE} AS build
    ENV A=1 \\
        FROM=2
    RUN x

    FROM scratch
    COPY --from=build / /
  `);
  expect(outline('dockerfile', text)).toMatchInlineSnapshot(`
    "variable NODE 1-1
    target build 3-6 doc 2-2
      variable A 4-4
    target scratch 8-9"
  `);
});

it('Makefile: targets with recipes, variables, define', () => {
  const text = sample(`
    CC ?= gcc
    SRCS := a.c \\
      b.c
    .PHONY: all
    # Builds it all.
    all: build test ; @echo
    build: $(SRCS)
    \tcc -o x

    \techo done
    %.o: %.c
    \tcc $<
    define RUN
    a: b
    endef
    include x.mk
    ifeq ($(A),b:c)
    endif
    url = http://x
  `);
  expect(outline('makefile', text)).toMatchInlineSnapshot(`
    "variable CC 1-1
    variable SRCS 2-3 head 3
    target all 6-6 doc 5-5
    target build 7-10
    target %.o 11-12
    macro RUN 13-15
    variable url 19-19"
  `);
});
