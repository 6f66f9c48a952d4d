/**
 * What a file is for, told from its path alone: tables of folder and file names over many ecosystems.
 * Knows no content: a file's text can neither change its kind nor its traits. Every rule is a set lookup or a
 * short look at the words of a name, so that classifying costs about a microsecond a path.
 */
import type { FileKind, FilePath, FileTrait } from './file.ts';

const words = (list: string): ReadonlySet<string> => new Set(list.split(/\s+/).filter((word) => word !== ''));

/** Folders (lower case) whose files are tests or their material, whatever the files are called. */
const testFolders = words(`
  test tests __tests__ __test__ testdata test-data test_data testing-data fixtures __fixtures__ __testfixtures__ __snapshots__
  fixture test-fixtures test_fixtures e2e e2e-tests __mocks__ testsuite testsuites test-suite integration-tests
  integration_tests integrationtests integration-test unit-tests unit_tests unittests unittest functional-tests
  functional_tests acceptance-tests regression-tests cypress testutil testutils test-utils test_utils testutilities
  test-util test_util testhelpers test-helpers test_helpers testsupport test-support test_support androidtest
  commontest jvmtest jstest nativetest iostest sharedtest testfixtures testcases test-cases test_cases`);

/** Folder names ending so are tests as well: `Shop.Tests`, `netty-testsuite`, `uv-test`. */
const testFolderEndings = [
  '.tests',
  '.test',
  '-tests',
  '-test',
  '_tests',
  '_test',
  '-testsuite',
  '.unittests',
  '-e2e',
  '-fixtures',
];

/** Folders that hold tests where they hold code (`spec/models/user_spec.rb`), and specifications elsewhere. */
const specFolders = words('spec specs __specs__');

/** Words that mark a test when a file's name begins or ends with them (`test_io.py`, `io_test.go`, `io.spec.ts`). */
const testFirstWords = words('test tests');
const testLastWords = words('test tests spec specs unittest unittests e2e cy testcase testcases bench_test');
/** A name ending in two words, the first `test`: `mutex_test_common.h`, `test-utils.ts`. */
const testHelperWords = words(
  'common util utils helper helpers base case lib support data fixture fixtures suite cases main',
);
const testNames = words(
  'conftest.py test.py tests.py tests.rs test.rs test.js test.ts test.sh test_helper.rb spec_helper.rb rails_helper.rb',
);
const testExtensions = words('bats t test');

/** Extensions where `FooTest` and the like name a test class, and those where `FooSpec` does too. */
const camelTestExtensions = words(
  'java kt kts scala groovy cs fs vb php swift cpp cc cxx h hpp m mm dart as hx hs ts js tsx jsx',
);
const camelSpecExtensions = words('scala groovy swift hs ');

const docExtensions = words(
  'md mdx markdown mdown rst adoc asciidoc asc textile org pod rdoc creole wiki tex texi texinfo ipynb rmd qmd typ',
);
const docTextExtensions = words('txt text html htm');
const docFolders = words('doc docs documentation man manual guide guides wiki');
/** Names without an extension, or with `.txt`, that are prose. */
const docNames = words(`
  readme license licence licenses copying copyright notice authors contributors contributing maintainers todo install
  changelog changes history news releases security support governance thanks credits acknowledgements acknowledgments
  patents code_of_conduct upgrading unlicense roadmap faq hacking bugs codeowners`);

const configExtensions = words(`
  toml yaml yml ini cfg conf config properties props targets json5 jsonc cnf mk mak cmake gradle csproj fsproj vbproj vcxproj
  vcproj sln slnx xcconfig plist editorconfig desktop service socket timer gn gni bzl bazel ninja podspec gemspec
  cabal nuspec gyp gypi env reg xml xsd iml prefs pbxproj entitlements jsonld rc am ac in m4 opam nimble rockspec hjson kdl cue`);
const configNames = words(`
  package.json composer.json bower.json deno.json lerna.json nx.json turbo.json biome.json renovate.json vercel.json
  wrangler.json angular.json manifest.json settings.json launch.json tasks.json extensions.json project.json app.json
  now.json firebase.json global.json jsr.json rush.json workspace.json components.json dub.json elm.json vcpkg.json
  cmakepresets.json devcontainer.json appsettings.json config.json tslint.json jest.json nodemon.json typedoc.json
  makefile gnumakefile dockerfile containerfile rakefile gemfile procfile vagrantfile brewfile podfile cartfile fastfile
  appfile jenkinsfile justfile guardfile capfile thorfile steepfile caddyfile tiltfile earthfile pipfile build workspace
  buck snakefile meson.build meson_options.txt cmakelists.txt requirements.txt constraints.txt setup.py go.mod go.work
  robots.txt humans.txt manifest.in package.swift build.sbt build.sc mix.exs rebar.config conanfile.txt conanfile.py
  noxfile.py build.zig build.zig.zon shard.yml pubspec.yaml configure configure.ac cname owners version`);
/** Build and tool configuration that is written as code: `vite.config.ts`, `.eslintrc.cjs`, `build.gradle.kts`. */
const configAsCode = [
  '.config.js',
  '.config.ts',
  '.config.mjs',
  '.config.cjs',
  '.config.mts',
  '.config.cts',
  '.gradle.kts',
];
const configFolders = words(
  '.github .circleci .gitlab .vscode .idea .husky .devcontainer .buildkite .azure-pipelines .cargo .config .teamcity',
);

const dataExtensions = words(`
  json ndjson jsonl geojson topojson csv tsv psv dat data svg po pot mo xlf xliff resx strings stringsdict arb ftl lang
  log out diff patch snap golden approved avsc har bib rdf ttl nt owl kml gpx srt vtt ics vcf fasta fa gff lst list
  tmlanguage sublime-syntax hex pem crt csr pgn sdf mol obj mtl ply stl dae gltf usda tmx map ltf excalidraw drawio puml dot`);

const vendoredFolders = words(`
  vendor vendored _vendor _vendored third_party third-party thirdparty 3rdparty 3rd_party 3rd-party
  node_modules bower_components jspm_packages web_modules pods carthage godeps site-packages dist-packages externals
  _vendored_packages flow-typed`);
/** Vendored only as the first folder of the path: elsewhere the word means many things. */
const vendoredTopFolders = words('deps external extern ');

const generatedFolders = words(`
  __generated__ generated _generated autogen auto-generated generated-sources gen-src generated-src __snapshots__   dist .next .nuxt .svelte-kit .output __pycache__ .cache htmlcov .terraform target-gen openapi-gen`);
/** Matched against the end of the lower-case file name. */
const generatedEndings = [
  '.pb.go',
  '.pb.gw.go',
  '.pb.cc',
  '.pb.h',
  '.pb.c',
  '.pb.swift',
  '.pb.dart',
  '.pb.rs',
  '_pb2.py',
  '_pb2.pyi',
  '_pb2_grpc.py',
  '_pb.js',
  '_pb.ts',
  '_pb.d.ts',
  '_grpc.pb.go',
  '.pbobjc.h',
  '.pbobjc.m',
  '_pb.rb',
  '.twirp.go',
  '.g.dart',
  '.freezed.dart',
  '.gr.dart',
  '.mocks.dart',
  '.gen.go',
  '.gen.ts',
  '.gen.tsx',
  '.gen.js',
  '.gen.rs',
  '_gen.go',
  '_gen.ts',
  '_gen.rs',
  '_gen.py',
  '_string.go',
  '_enumer.go',
  '_easyjson.go',
  '_mock.go',
  '_mocks.go',
  '.designer.cs',
  '.designer.vb',
  '.g.cs',
  '.g.i.cs',
  '.generated.cs',
  '.xaml.g.cs',
  '.tab.c',
  '.tab.h',
  '.yy.c',
  '.snap',
  '.snap.new',
  '.swagger.json',
  '.approved.txt',
  '.js.snap',
  '.ambr',
  '.tsbuildinfo',
];
const generatedNames = words(
  'bindata.go wire_gen.go lex.yy.c y.tab.c y.tab.h worker-configuration.d.ts _version.py schema.graphql.json routetree.gen.ts',
);
const generatedPrefixes = ['zz_generated', 'mock_', 'moc_', 'qrc_'];
/** A word of the name that says the file was made: `types_generated.go`, `client.generated.ts`. */
const generatedWords = words('generated autogenerated autogen');

const declarationEndings = [
  '.d.ts',
  '.d.mts',
  '.d.cts',
  '.pyi',
  '.rbi',
  '.rbs',
  '.js.flow',
  '.phpstub',
  '.stub.php',
];

const legacyFolders = words('legacy deprecated obsolete old attic graveyard unmaintained');
const legacyWords = words('legacy deprecated obsolete old');

const changelogWords = words('changelog changelogs changes history news whatsnew releasenotes releases');
const changelogFolders = words(
  'changelog changelogs changelog.d changes.d news.d .changeset .changesets newsfragments whatsnew release-notes release_notes releasenotes',
);
const changelogExtensions = words('md mdx markdown rst txt adoc asciidoc textile rdoc org html pod');

const exampleFolders = words(`
  example examples _examples demo demos sample samples playground playgrounds tutorial tutorials docs_src quickstart quickstarts
  cookbook cookbooks showcase getting-started getting_started templates-examples`);
const exampleFolderEndings = [
  '-example',
  '-examples',
  '_example',
  '_examples',
  '-demo',
  '-demos',
  '-sample',
  '-samples',
  '-playground',
  '.samples',
  '.examples',
  '-quickstart',
];

interface PathParts {
  /** Lower case, outermost first. */
  readonly folders: readonly string[];
  readonly name: string;
  readonly lower: string;
  /** Lower case without the dot, '' when there is none. */
  readonly extension: string;
  /** The name without its last extension, as written. */
  readonly stem: string;
  /** Lower-case words of the stem, cut at `.`, `-` and `_`. */
  readonly stemWords: readonly string[];
}

/** One of code, test, doc, config, data; the first rule that fits, tests first. */
export function fileKindOf(path: FilePath): FileKind {
  const parts = partsOf(path);
  if (isTest(parts)) return 'test';
  if (isDoc(parts)) return 'doc';
  if (isConfig(parts)) return 'config';
  return dataExtensions.has(parts.extension) ? 'data' : 'code';
}

/** The properties that lower a file's rank, in the order of the type; none for most files. */
export function fileTraitsOf(path: FilePath): FileTrait[] {
  const parts = partsOf(path);
  const traits: FileTrait[] = [];
  if (isVendored(parts)) traits.push('vendored');
  if (isGenerated(parts)) traits.push('generated');
  if (hasEnding(parts.lower, declarationEndings)) traits.push('declaration');
  if (isLegacy(parts)) traits.push('legacy');
  if (isChangelog(parts)) traits.push('changelog');
  if (isExample(parts)) traits.push('example');
  return traits;
}

function partsOf(path: FilePath): PathParts {
  const segments = path.split('/');
  const name = segments.pop() ?? '';
  const lower = name.toLowerCase();
  const dot = name.lastIndexOf('.');
  const stem = dot > 0 ? name.slice(0, dot) : name;
  return {
    folders: segments.map((segment) => segment.toLowerCase()),
    name,
    lower,
    extension: dot > 0 ? lower.slice(dot + 1) : '',
    stem,
    stemWords: stem
      .toLowerCase()
      .split(/[._-]/)
      .filter((word) => word !== ''),
  };
}

function isTest(parts: PathParts): boolean {
  const { folders, stemWords, lower, extension } = parts;
  if (folders.some((folder) => testFolders.has(folder) || hasEnding(folder, testFolderEndings))) return true;
  if (testNames.has(lower) || testExtensions.has(extension)) return true;
  if (docExtensions.has(extension) || docTextExtensions.has(extension) || configExtensions.has(extension))
    return false;
  if (extension === '' || dataExtensions.has(extension)) return false;
  if (folders.some((folder) => specFolders.has(folder))) return true;
  const last = stemWords.at(-1) ?? '';
  if (stemWords.length > 1 && (testFirstWords.has(stemWords[0] ?? '') || testLastWords.has(last)))
    return true;
  if (testFirstWords.has(stemWords.at(-2) ?? '') && testHelperWords.has(last)) return true;
  if (extension === 'erl' && lower.endsWith('_suite.erl')) return true;
  return isCamelTest(parts.stem, extension);
}

function isCamelTest(stem: string, extension: string): boolean {
  if (!camelTestExtensions.has(extension)) return false;
  if (/[a-z0-9](Tests?|TestCase|TestSuite)$/.test(stem)) return true;
  if ((extension === 'java' || extension === 'kt') && /[a-z0-9](IT|ITCase)$/.test(stem)) return true;
  if (extension === 'scala' && /[a-z0-9]Suite$/.test(stem)) return true;
  return camelSpecExtensions.has(extension) && /[a-z0-9]Specs?$/.test(stem);
}

function isDoc({ folders, lower, stem, extension }: PathParts): boolean {
  if (configNames.has(lower)) return false;
  if (docExtensions.has(extension)) return true;
  const isProseName =
    docNames.has(stem.toLowerCase()) || docNames.has(stem.toLowerCase().split(/[-._]/)[0] ?? '');
  if ((extension === '' || extension === 'txt') && isProseName) return true;
  if (extension === 'txt')
    return !/^(requirements|constraints)/.test(lower) && !folders.includes('requirements');
  return docTextExtensions.has(extension) && folders.some((folder) => docFolders.has(folder));
}

function isConfig({ folders, lower, stemWords, extension }: PathParts): boolean {
  if (configNames.has(lower) || configExtensions.has(extension) || hasEnding(lower, configAsCode))
    return true;
  if (lower.startsWith('.') || lower.endsWith('rc')) return true;
  if (lower.startsWith('dockerfile') || lower.startsWith('makefile') || lower.startsWith('requirements'))
    return true;
  if (extension === 'txt') return true;
  if (extension === 'json') {
    const isNamedConfig = stemWords.some(
      (word) => word.endsWith('config') || word === 'settings' || word === 'eslintrc',
    );
    return isNamedConfig || folders.some((folder) => configFolders.has(folder));
  }
  return false;
}

function isVendored({ folders }: PathParts): boolean {
  return folders.some((folder) => vendoredFolders.has(folder)) || vendoredTopFolders.has(folders[0] ?? '');
}

function isGenerated({ folders, lower, stemWords, extension }: PathParts): boolean {
  if (folders.some((folder) => generatedFolders.has(folder))) return true;
  if (generatedNames.has(lower) || hasEnding(lower, generatedEndings)) return true;
  if (generatedPrefixes.some((prefix) => lower.startsWith(prefix)) && isCompiledExtension(extension))
    return true;
  return stemWords.length > 1 && stemWords.some((word) => generatedWords.has(word));
}

/** `mock_` and `moc_` mean generated code in these only; `mock_server.py` is written by hand. */
function isCompiledExtension(extension: string): boolean {
  return extension === 'go' || extension === 'cpp' || extension === 'cc';
}

function isLegacy({ folders, stemWords }: PathParts): boolean {
  if (folders.some((folder) => legacyFolders.has(folder))) return true;
  return legacyWords.has(stemWords[0] ?? '') || legacyWords.has(stemWords.at(-1) ?? '');
}

function isChangelog({ folders, stem, stemWords, extension }: PathParts): boolean {
  if (extension !== '' && !changelogExtensions.has(extension)) return false;
  if (folders.some((folder) => changelogFolders.has(folder))) return true;
  if (/^release[-_ ]?notes/i.test(stem)) return true;
  // Words need not stand alone: `CHANGELOG-1.28`, `changelog_14`, `whatsnew-2.0`. Prose like `history-of-x` is rare.
  return (
    changelogWords.has(stemWords[0] ?? '') &&
    (stemWords.length === 1 || /\d|old|archive/.test(stemWords[1] ?? ''))
  );
}

function isExample({ folders, lower, stemWords, extension }: PathParts): boolean {
  for (const [index, folder] of folders.entries()) {
    if (hasEnding(folder, exampleFolderEndings)) return true;
    // `com/example/...` is a package name, as common in real projects as in samples.
    const isPackage = folders[index - 1] === 'com' || folders[index - 1] === 'org';
    if (exampleFolders.has(folder) && !isPackage) return true;
  }
  if (lower.includes('.stories.')) return true;
  return stemWords[0] === 'example' && stemWords.length > 1 && extension !== 'md';
}

function hasEnding(text: string, endings: readonly string[]): boolean {
  return endings.some((ending) => text.length > ending.length && text.endsWith(ending));
}
