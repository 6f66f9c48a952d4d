/**
 * Which files a test runner runs, and which source each is named after, by the conventions of languages. Told from paths alone. A file
 * for tests (`fileKindOf`) may be a helper, a fixture or data: those are not run.
 */
import type { FileKind, FilePath } from './file.ts';

export interface TestFiles {
  isRun(path: FilePath): boolean;
  /** In the same or a mirrored folder, the nearest first. */
  namedAfter(source: FilePath): readonly FilePath[];
}

const words = (list: string): ReadonlySet<string> => new Set(list.split(/\s+/).filter((word) => word !== ''));

/** Folders of what tests read, whatever the files there are called. */
const material =
  words(`fixtures fixture __fixtures__ __testfixtures__ test-fixtures test_fixtures testfixtures testdata test-data test_data
  testing-data __mocks__ __snapshots__`);
/** Folders of code that tests share; a file there is a test only by its name. */
const shared =
  words(`helpers helper support util utils common lib src modules data resources assets stubs mocks shared setup testutil testutils
  test-utils test_utils test-util test_util testhelpers test-helpers test_helpers testsupport test-support test_support testutilities templates`);
const testFolder =
  /^(tests?|specs?|__tests?__|__specs__|e2e|unit|integration|functional|acceptance|it)$|[._-](tests?|e2e|specs?|unittests?)$/;
/** Folders that say nothing of what is in them: left out where two paths are compared. */
const roots = words('src lib app main java kotlin scala groovy php source sources python ruby');
const helperName =
  /^(index|setup|teardown|globals?|config|conftest|mod|common|helpers?|utils?|support|shared|base|abstract.*)$|(utils?|helpers?|support|base|fixtures?|setup|config|constants|factory|mocks?|stubs?|data)$/i;

const script = /^(m|c)?[jt]sx?$|^(vue|svelte)$/;
const c = /^(c|cc|cpp|cxx|m|mm)$/;
const jvm = /^(java|kt|kts|groovy|scala)$/;
const dotnet = /^(cs|fs|vb)$/;
/** Other languages whose tests may have any name in a folder of tests. */
const others = words('rs tcl sh bats t lua pl ex exs dart swift hs erl jl r clj cljs ml nim zig d sv');
/** Of the files that may be tests, the share that is named as one where that is the convention. */
const conventionShare = 0.2;
/** A stem like `index` has too many tests to be theirs. */
const maxNamed = 6;

export function testFiles(files: Iterable<{ readonly path: FilePath; readonly kind: FileKind }>): TestFiles {
  const tests: FilePath[] = [];
  for (const { path, kind } of files) if (kind === 'test') tests.push(path);
  const isConvention = conventions(tests);
  const runs = new Set(
    tests.filter(
      (path) => isMarked(path) || (mayBeRun(path) && !isConvention.has(family(extensionOf(path)))),
    ),
  );
  const byStem = new Map<string, FilePath[]>();
  for (const path of runs) {
    const stem = testedStem(path) ?? stemOf(path).toLowerCase();
    const list = byStem.get(stem);
    if (list === undefined) byStem.set(stem, [path]);
    else list.push(path);
  }
  return {
    isRun: (path) => runs.has(path),
    namedAfter(source) {
      const found = (byStem.get(stemOf(source).toLowerCase()) ?? []).flatMap((path) => {
        const distance = path === source ? undefined : distanceOf(path, source);
        return distance === undefined ? [] : [{ path, distance }];
      });
      return found
        .sort((a, b) => a.distance - b.distance || (a.path < b.path ? -1 : 1))
        .slice(0, maxNamed)
        .map(({ path }) => path);
    },
  };
}

/** `foo.test.ts`, `test_foo.py`, `foo_test.go`, `FooTest.java`, `foo_spec.rb` -> `foo`; undefined for other names. */
export function testedStem(path: FilePath): string | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const stem = name.replace(/\.[A-Za-z0-9]{1,6}$/, '');
  const bare = stem.replace(
    /^(?:test|tests)[_-]|[._-](?:test|tests|spec|unittest)$|(?<=[a-z0-9])(?:Tests?|Spec|IT)$/,
    '',
  );
  return bare !== stem && bare.length > 1 ? bare.toLowerCase() : undefined;
}

/** Families of languages in which tests of this repository have names of their own. */
function conventions(tests: readonly FilePath[]): ReadonlySet<string> {
  const counts = new Map<string, { marked: number; all: number }>();
  for (const path of tests) {
    const marked = isMarked(path);
    if (!marked && !mayBeRun(path)) continue;
    const key = family(extensionOf(path));
    const count = counts.get(key) ?? { marked: 0, all: 0 };
    count.all += 1;
    if (marked) count.marked += 1;
    counts.set(key, count);
  }
  return new Set(
    [...counts].filter(([, { marked, all }]) => marked > conventionShare * all).map(([key]) => key),
  );
}

const family = (extension: string): string =>
  script.test(extension) ? 'script' : c.test(extension) ? 'c' : extension;

/** Named as the runners of its language want it. */
function isMarked(path: FilePath): boolean {
  const folders = foldersOf(path);
  if (folders.some((folder) => material.has(folder))) return false;
  const stem = stemOf(path);
  const extension = extensionOf(path);
  if (extension === 'go') return stem.endsWith('_test');
  if (extension === 'py') return /^tests?(_.*)?$|_tests?$/.test(stem);
  if (extension === 'rb') return /_(spec|test)$|^test_/.test(stem) && !/^(test|spec)_helper$/.test(stem);
  if (extension === 'php') return /(Tests?|Cest|Spec)$/.test(stem);
  if (extension === 'phpt') return true;
  if (jvm.test(extension))
    return (
      /([a-z0-9]|^)(Tests?|TestCase|ITCase|IT|Specs?|Suite)$|^Test[A-Z]/.test(stem) && !helperName.test(stem)
    );
  if (script.test(extension))
    return (
      /[._-](test|tests|spec|e2e|cy|test-d|it)$/.test(stem) ||
      (folders.at(-1) === '__tests__' && !helperName.test(stem))
    );
  if (c.test(extension)) return /^tests?[-_]|[-_]?(test|tests|unittest)$|Tests?$/.test(stem);
  if (dotnet.test(extension) || others.has(extension))
    return (
      /(^|[._-])(tests?|spec)$|Tests?$|^test_/.test(stem) &&
      !/^tests?$/.test(folders.at(-1) === 'src' ? stem : '')
    );
  return false;
}

/** In a folder of tests, and named like no helper: a test where tests have any name. */
function mayBeRun(path: FilePath): boolean {
  const folders = foldersOf(path);
  const extension = extensionOf(path);
  const anyName =
    script.test(extension) || c.test(extension) || dotnet.test(extension) || others.has(extension);
  if (!anyName || helperName.test(stemOf(path))) return false;
  const first = folders.findIndex((folder) => testFolder.test(folder));
  return first >= 0 && !folders.slice(first).some((folder) => material.has(folder) || shared.has(folder));
}

/** 0: the same folder or one for tests in it; then the more, the less of the source's folders the test's repeat. undefined: another place. */
function distanceOf(test: FilePath, source: FilePath): number | undefined {
  const [own, other] = [foldersOf(test), foldersOf(source)];
  if (own.join('/') === other.join('/')) return 0;
  if (
    own.length === other.length + 1 &&
    own.slice(0, -1).join('/') === other.join('/') &&
    testFolder.test(own.at(-1) ?? '')
  )
    return 0;
  if (extensionOf(test) === 'go' || !own.some((folder) => testFolder.test(folder))) return undefined;
  const [a, b] = [placeOf(own), placeOf(other)];
  if (a.length > b.length || a.some((folder, i) => folder !== b[b.length - a.length + i])) return undefined;
  return 1 + b.length - a.length;
}

/** What folders say of the part of the code: `Shop.Tests` is that of `Shop`. */
const placeOf = (folders: readonly string[]): readonly string[] =>
  folders
    .map((folder) => (testFolder.test(folder) ? folder.replace(testFolder, '') : folder))
    .filter((folder) => folder !== '' && !roots.has(folder));

const foldersOf = (path: FilePath): readonly string[] => path.toLowerCase().split('/').slice(0, -1);
const nameOf = (path: FilePath) => path.slice(path.lastIndexOf('/') + 1);
const extensionOf = (path: FilePath) => /\.([^.]+)$/.exec(nameOf(path))?.[1]?.toLowerCase() ?? '';
const stemOf = (path: FilePath) => nameOf(path).replace(/(.)\.[^.]+$/, '$1');
