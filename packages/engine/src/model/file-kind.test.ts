import { describe, expect, it } from 'vitest';
import { fileKindOf, fileTraitsOf } from './file-kind.ts';

/** One line a path: `path kind traits`. */
function classify(paths: string): string {
  return paths
    .trim()
    .split(/\s+/)
    .map((path) => [path, fileKindOf(path), ...fileTraitsOf(path)].join(' '))
    .join('\n');
}

/** Every line of the table must be what the rules say of its path. */
function check(table: string): void {
  const lines = table
    .trim()
    .split('\n')
    .map((line) => line.trim());
  expect(classify(lines.map((line) => line.split(' ')[0]).join('\n'))).toBe(lines.join('\n'));
}

describe('fileKindOf and fileTraitsOf', () => {
  it('knows the tests of many ecosystems', () => {
    check(`
      tests/test_requests.py test
      src/_pytest/fixtures.py code
      testing/conftest.py test
      src/app/user.test.ts test
      src/app/user.spec.tsx test
      packages/a/__tests__/deep/helper.js test
      net/http/server_test.go test
      src/test/java/io/netty/BufTest.java test
      buffer/src/main/java/io/netty/ByteBuf.java code
      testsuite/src/main/java/io/netty/Echo.java test
      src/integration/FooIT.java test
      core/FooSpec.scala test
      core/PodSpec.java code
      spec/models/user_spec.rb test
      spec/openapi.yaml config
      crates/uv/tests/it/lock.rs test
      crates/uv-test/src/lib.rs test
      crates/uv-resolver/src/lock/tests.rs test
      absl/synchronization/mutex_test_common.h test
      absl/strings/cord_unittest.cc test
      absl/strings/cord.cc code
      Shop.Tests/CartTests.cs test
      tests/Unit/UserTest.php test
      src/Illuminate/Testing/TestResponse.php code
      cypress/login.cy.ts test
      t/basic.t test
      test/run.bats test
      testdata/golden.json test
      e2e/checkout.ts test
      lib/latest.py code
      lib/contest.go code
      src/attestation.rs code
      app/src/androidTest/Login.kt test
      src/jvmTest/kotlin/A.kt test`);
  });

  it('tells prose, configuration, data and code apart', () => {
    check(`
      README.md doc
      README doc
      LICENSE doc
      LICENSE.txt doc
      LICENSE-APACHE doc
      docs/guide/intro.rst doc
      docs/index.html doc
      public/index.html code
      docs/conf.py code
      notebooks/explore.ipynb doc
      CMakeLists.txt config
      requirements.txt config
      requirements-dev.txt config
      requirements/base.txt config
      notes.txt doc
      package.json config
      tsconfig.build.json config
      data/countries.json data
      .vscode/settings.json config
      .github/workflows/ci.yml config
      .gitignore config
      .eslintrc.cjs config
      vite.config.ts config
      build.gradle.kts config
      settings.gradle config
      pom.xml config
      Dockerfile config
      docker/Dockerfile.prod config
      Makefile config
      go.mod config
      Cargo.toml config
      src/logo.svg data
      data/prices.csv data
      locale/de.po data
      schema/user.sql code
      api/user.proto code
      infra/main.tf code
      bin/serve code
      src/main.rs code`);
  });

  it('finds what lowers the rank of a file', () => {
    check(`
      vendor/github.com/pkg/errors/errors.go code vendored
      third_party/abc/x.c code vendored
      deps/lua/src/lvm.c code vendored
      src/deps/container.ts code
      app/node_modules/left-pad/index.js code vendored
      api/user.pb.go code generated
      api/user_pb2.py code generated
      lib/model.g.dart code generated
      pkg/apis/zz_generated.deepcopy.go code generated
      src/types_generated.go code generated
      src/client.generated.ts code generated
      src/__snapshots__/a.test.ts.snap test generated
      dist/index.js code generated
      store/mock_store.go code generated
      store/mock_store.py code
      src/code-generator.ts code
      types/index.d.ts code declaration
      stubs/os.pyi code declaration
      include/redis.h code
      legacy/api.py code legacy
      src/parser_old.c code legacy
      src/legacy_client.ts code legacy
      src/threshold.py code
      archive/tar/reader.go code
      CHANGELOG.md doc changelog
      CHANGES doc changelog
      doc/build/changelog/changelog_20.rst doc changelog
      docs/whatsnew/v1.0.rst doc changelog
      HISTORY.rst doc changelog
      src/history.py code
      src/changes.go code
      .changeset/warm-cats.md doc changelog
      NEWS doc changelog
      examples/hello/main.go code example
      example/src/main/java/App.java code example
      src/main/java/com/example/App.java code
      packages/demo/index.ts code example
      crates/foo-examples/src/a.rs code example
      net/example_test.go test example
      playground/vue/App.vue code example
      src/Button.stories.tsx code example
      vendor/x/examples/legacy/a.d.ts code vendored declaration legacy example`);
  });

  it('answers for odd paths', () => {
    check(`
      a code
      .env config
      ... config
      a/b/ code
      Ünïcode/tést.py code`);
    expect(fileKindOf('')).toBe('code');
    expect(fileTraitsOf('a/'.repeat(5000))).toEqual([]);
  });
});
