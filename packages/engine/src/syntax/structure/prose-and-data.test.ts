import { describe, expect, it } from 'vitest';
import { outline, sample } from './outline.test-kit.ts';

describe('Markdown', () => {
  it('nests sections and ignores what only looks like a heading', () => {
    const text = sample(`
      ---
      title: Guide
      # not a heading
      ---
      # Guide to \`Pool\` #

      Intro.

      ## Install [latest](https://x.y/z)
      \`\`\`sh
      # comment, not a heading
      npm i
      \`\`\`

      ### Windows

      Text.

      Second title
      ------------

      | a | b |
      |---|---|
      <!--
      # hidden
      -->
      - item
      ---
      ####### seven
      #hashtag

      ## Last {#last}
    `);
    expect(outline('markdown', text)).toMatchInlineSnapshot(`
      "section Guide to Pool 5-32
        section Install latest 9-17
          section Windows 15-17
        section Second title 19-30 head 20
        section Last 32-32"
    `);
  });

  it('keeps an unclosed fence and front matter from hiding the rest by mistake', () => {
    expect(outline('markdown', '---\nno end\n# A\n~~~~\n~~~\n# in code\n~~~~\n# B\n')).toMatchInlineSnapshot(`
      "section A 3-7
      section B 8-8"
    `);
  });
});

it('reStructuredText: levels by order of first use', () => {
  const text = sample(`
    =====
    Title
    =====

    Part
    ====

    Text over a table:

    ==== ====
    a    b
    ==== ====

    Detail
    ------

    .. code-block:: python

       x = 1

    Next part
    =========
    end
  `);
  expect(outline('restructuredtext', text)).toMatchInlineSnapshot(`
    "section Title 1-23 head 3
      section Part 5-19 head 6
        section Detail 14-19 head 15
      section Next part 21-23 head 22"
  `);
});

it('AsciiDoc and Org', () => {
  expect(
    outline('asciidoc', '= Book\n\n== One\n----\n== code\n----\n=== Sub\n\n== Two\n'),
  ).toMatchInlineSnapshot(`
    "section Book 1-9
      section One 3-7
        section Sub 7-7
      section Two 9-9"
  `);
  expect(outline('org', '* A\n** B\n#+BEGIN_SRC c\n* not\n#+END_SRC\n* C\n')).toMatchInlineSnapshot(`
    "section A 1-5
      section B 2-5
    section C 6-6"
  `);
});

describe('JSON', () => {
  it('finds keys three deep with the lines of their values', () => {
    const text = sample(`
      {
        // allowed here
        "name": "app",
        "scripts": {
          "build": "tsc",
          "test": "vitest",
        },
        "jobs": [
          { "id": "a", "steps": { "x": { "deep": 1 } } },
          2
        ],
        'single': { bare: { three: { four: { five: 5 } }, last: [1,
          2] } }
      }
    `);
    expect(outline('json', text)).toMatchInlineSnapshot(`
      "key name 3-3
      key scripts 4-7
        key build 5-5
        key test 6-6
      key jobs 8-11
        key id 9-9
        key steps 9-9
          key x 9-9
      key single 12-13
        key bare 12-13
          key three 12-12
          key last 12-13"
    `);
  });

  it('reads what it can of broken text', () => {
    expect(outline('json', '{"a": {"b": 1,\n"c": "unclosed\n"d": 2}\n')).toMatchInlineSnapshot(`
      "key a 1-3
        key b 1-1
        key c 2-3
        key d 3-3"
    `);
    expect(outline('json', '[1, 2]')).toBe('');
    expect(outline('json', '{"a":{"b":{"c":{"d":1}}}}')).toMatchInlineSnapshot(`
      "key a 1-1
        key b 1-1
          key c 1-1"
    `);
  });
});

describe('YAML', () => {
  it('finds two levels, named items and comments', () => {
    const text = sample(`
      # Runs the checks.
      name: CI
      on: [push]
      env:
        NODE: 24   # pinned
        SCRIPT: |
          key: not a key
          other: neither
      jobs:
        # Fast ones.
        lint:
          runs-on: ubuntu
          steps:
            - name: Checkout
              uses: actions/checkout
        test:
          needs: lint
      "quoted key": 1
      url: http://example.com
    `);
    expect(outline('yaml', text)).toMatchInlineSnapshot(`
      "key name 2-2 doc 1-1
      key on 3-3
      key env 4-8
        key NODE 5-5
        key SCRIPT 6-8
      key jobs 9-17
        key lint 11-15 doc 10-10
        key test 16-17
      key quoted key 18-18
      key url 19-19"
    `);
  });

  it('names Kubernetes documents', () => {
    const text = sample(`
      apiVersion: v1
      kind: Service
      metadata:
        labels:
          name: no
        name: web
      spec:
        ports:
          - port: 80
      ---
      # The deployment.
      kind: Deployment
      apiVersion: apps/v1
      metadata:
        name: "api"
    `);
    expect(outline('yaml', text)).toMatchInlineSnapshot(`
      "section Service/web 1-9
        key apiVersion 1-1
        key kind 2-2
        key metadata 3-6
          key labels 4-5
          key name 6-6
        key spec 7-9
          key ports 8-9
      section Deployment/api 12-15
        key kind 12-12 doc 11-11
        key apiVersion 13-13
        key metadata 14-15
          key name 15-15"
    `);
  });

  it('gives the paths of an API a third level, and playbooks their tasks', () => {
    const text =
      'openapi: 3.0.0\npaths:\n  /users:\n    get:\n      summary: All\n    post:\n      summary: New\n  /users/{id}:\n    get: {}\n';
    expect(outline('yaml', text)).toMatchInlineSnapshot(`
      "key openapi 1-1
      key paths 2-9
        key /users 3-7
          key get 4-5
          key post 6-7
        key /users/{id} 8-9
          key get 9-9"
    `);
    expect(
      outline('yaml', '- name: Install\n  apt: x\n- name: Start\n  service: y\n- hosts: all\n'),
    ).toMatchInlineSnapshot(`
      "key Install 1-2
        key apt 2-2
      key Start 3-4
        key service 4-4
      key hosts 5-5"
    `);
  });
});

it('TOML: tables, keys and values over several lines', () => {
  const text = sample(`
    title = "x"

    # About the package.
    [package]
    name = "a=b" # [no]
    text = """
    [not.a.table]
    key = 1
    """
    list = [
      "one", # ]
      "two",
    ]

    [[bin]]
    "quoted.key" = { path = "a" }
    [tool.x."y.z"]
  `);
  expect(outline('toml', text)).toMatchInlineSnapshot(`
    "key title 1-1
    table package 4-13 doc 3-3
      key name 5-5
      key text 6-9
      key list 10-13
    table bin 15-16
      key quoted.key 16-16
    table tool.x."y.z" 17-17"
  `);
});

it('INI: sections, keys and continuations', () => {
  const text = sample(`
    ; global
    root = true
    [mypy]
    plugins =
        pydantic.mypy
        other
    strict: yes
    [remote "origin"]
    \turl = git@x
    a.b=1\\
      more=2
  `);
  expect(outline('ini', text)).toMatchInlineSnapshot(`
    "key root 2-2 doc 1-1
    section mypy 3-7
      key plugins 4-6
      key strict 7-7
    section remote "origin" 8-11
      key url 9-9
      key a.b 10-11"
  `);
});

it('HTML: headings with their ids; scripts and styles are embedded', () => {
  const text = sample(`
    <!doctype html>
    <!-- <h1>no</h1> -->
    <h1 class="a > b">Pool <em>guide</em></h1>
    <p id=intro>Hi</p>
    <h2
      id="x">Use</h2>
    <script type="module">
      const a = '<h1>no</h1>';
    </script>
    <div id="app"></div>
    <h1>Other</h1>
  `);
  expect(outline('html', text)).toMatchInlineSnapshot(`
    "section Pool guide 3-10
      key intro 4-4
      section Use 5-10 head 6
        key app 10-10
    section Other 11-11"
  `);
});

it('XML: elements named by what identifies them', () => {
  const text = sample(`
    <?xml version="1.0"?>
    <project>
      <artifactId>netty</artifactId>
      <dependencies>
        <dependency>
          <groupId>io</groupId>
          <artifactId>junit</artifactId>
        </dependency>
        <dependency><artifactId>mockito</artifactId></dependency>
      </dependencies>
      <ItemGroup>
        <PackageReference Include="Serilog" Version="1" />
      </ItemGroup>
      <bean id="pool" class="X"/>
      <unclosed>
    </project>
  `);
  expect(outline('xml', text)).toMatchInlineSnapshot(`
    "key artifactId 3-3
    key dependencies 4-10
      key dependency junit 5-8
      key dependency mockito 9-9
    key ItemGroup 11-13
      key PackageReference Serilog 12-12
    key bean pool 14-14
    key unclosed 15-16"
  `);
});

it('notebooks: cells by the lines of the file', () => {
  const cell = (type: string, source: string[]): object => ({
    cell_type: type,
    metadata: {},
    outputs: [{ text: ['}\n', ']'] }],
    source,
  });
  const text = JSON.stringify(
    {
      cells: [
        cell('markdown', ['# Load\n', 'text']),
        cell('code', ['import os\n', 'def load(path):\n', '    return 1']),
        cell('code', []),
      ],
      nbformat: 4,
    },
    null,
    1,
  );
  expect(outline('notebook', text)).toMatchInlineSnapshot(`
    "section Load 3-18
    section load 19-35
    section cell 36-48"
  `);
});

it('LaTeX and manual pages', () => {
  expect(
    outline(
      'latex',
      '\\section{One}\ntext\n\\subsection*{Two \\label}\n% \\section{no}\n\\section[short]{Three}\n',
    ),
  ).toMatchInlineSnapshot(`
    "section One 1-4
      section Two \\label 3-4
    section Three 5-5"
  `);
  expect(outline('roff', '.TH X 1\n.SH NAME\nx\n.SS "Sub part"\n.SH SEE ALSO\n')).toMatchInlineSnapshot(`
    "section NAME 2-4
      section Sub part 4-4
    section SEE ALSO 5-5"
  `);
});

it('configuration of daemons: a directive and its value', () => {
  expect(
    outline('ini', '# Where to listen.\nbind 127.0.0.1 -::1\nsave 3600 1\nuser = a b\nlog format = x\n'),
  ).toMatchInlineSnapshot(`
    "key bind 2-2 doc 1-1
    key save 3-3
    key user 4-4
    key log format 5-5"
  `);
});
