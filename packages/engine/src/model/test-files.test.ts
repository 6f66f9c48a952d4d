import { describe, expect, it } from 'vitest';
import { fileKindOf } from './file-kind.ts';
import { testFiles } from './test-files.ts';

const filesOf = (paths: readonly string[]) =>
  testFiles(paths.map((path) => ({ path, kind: fileKindOf(path) })));
const runs = (paths: readonly string[]) => paths.filter((path) => filesOf(paths).isRun(path));

describe('files that a test runner runs', () => {
  it.each([
    [
      'scripts with a convention',
      ['src/a.test.ts', 'src/b.spec.tsx', 'src/__tests__/c.js', 'test/cli/test/git-changed.test.ts'],
      [
        'src/a.ts',
        'src/runners/test.ts',
        'src/runBaseTests.ts',
        'src/__tests__/utils.js',
        'test/test-utils/index.ts',
        'test/ui/fixtures/error.test.ts',
        'test/core/src/add.ts',
        'test/setup.ts',
      ],
    ],
    [
      'scripts without one',
      ['test/app.js', 'test/unit/router.js'],
      ['test/support/env.js', 'test/fixtures/a.js', 'test/utils.js'],
    ],
    ['Go', ['derp/derp_test.go'], ['tstest/natlab/natlab.go', 'derp/testdata/x_test.go', 'test/main.go']],
    [
      'Python',
      ['tests/test_a.py', 'pkg/a_test.py', 'app/tests.py'],
      ['tests/conftest.py', 'tests/__init__.py', 'tests/models.py', 'tests/testserver/server.py'],
    ],
    [
      'Ruby',
      ['spec/a_spec.rb', 'test/b_test.rb'],
      ['spec/spec_helper.rb', 'spec/support/x.rb', 'test/test_helper.rb'],
    ],
    [
      'PHP',
      ['tests/Database/BuilderTest.php', 'Zend/tests/a.phpt'],
      ['tests/TestCase.php', 'tests/stubs/User.php'],
    ],
    [
      'Java',
      ['src/test/java/a/FooTest.java', 'src/test/java/a/FooIT.java'],
      ['src/test/java/a/Helper.java', 'src/test/java/a/TestUtils.java'],
    ],
    ['C#', ['Shop.Tests/CartTests.cs'], ['Shop.Tests/Helpers/Fake.cs']],
    ['Rust', ['tests/macros.rs', 'src/sync/tests/loom.rs'], ['tests/common/mod.rs', 'tests/support/mod.rs']],
    [
      'C and Tcl',
      ['tests/unit/type/stream.tcl'],
      ['tests/support/util.tcl', 'tests/modules/basics.c', 'tests/assets/a.c'],
    ],
  ])('%s', (_, run, rest) => {
    expect(runs([...run, ...rest]).sort()).toEqual([...run].sort());
  });
});

describe('tests that are named after a source', () => {
  it('stand beside it, or where its folder is mirrored, nearest first', () => {
    const files = filesOf([
      'wgengine/magicsock/derp_test.go',
      'derp/derp_test.go',
      'prober/derp_test.go',
      'packages/a/src/x/error.test.ts',
      'packages/a/test/x/error.test.ts',
      'test/error.test.ts',
      'packages/b/test/x/error.test.ts',
      'test/ui/fixtures/error.test.ts',
      'tests/requests/test_sessions.py',
      'tests/test_sessions.py',
      'tests/other/test_sessions.py',
      'Shop.Tests/Carts/CartTests.cs',
      'src/test/java/org/a/FooTest.java',
      'src/test/java/org/b/FooTest.java',
    ]);
    expect(files.namedAfter('wgengine/magicsock/derp.go')).toEqual(['wgengine/magicsock/derp_test.go']);
    expect(files.namedAfter('packages/a/src/x/error.ts')).toEqual([
      'packages/a/src/x/error.test.ts',
      'packages/a/test/x/error.test.ts',
      'test/error.test.ts',
    ]);
    expect(files.namedAfter('src/requests/sessions.py')).toEqual([
      'tests/requests/test_sessions.py',
      'tests/test_sessions.py',
    ]);
    expect(files.namedAfter('Shop/Carts/Cart.cs')).toEqual(['Shop.Tests/Carts/CartTests.cs']);
    expect(files.namedAfter('src/main/java/org/a/Foo.java')).toEqual(['src/test/java/org/a/FooTest.java']);
  });
});
