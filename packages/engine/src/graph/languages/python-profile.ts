/** Python for the resolver: names that need no import, and what they do with functions. */
import { methodsOf, type Profile } from './profile.ts';

const words = (list: string) => list.trim().split(/\s+/);

const text = `capitalize casefold center count endswith expandtabs find index isalnum isalpha isascii isdecimal isdigit islower isspace
  istitle isupper join ljust lower lstrip maketrans partition removeprefix removesuffix replace rfind rindex rjust rpartition
  rsplit rstrip split splitlines startswith strip swapcase title translate upper zfill`;
const sets = `union intersection difference symmetric_difference issubset issuperset isdisjoint copy`;
const changing = `add discard remove pop clear update difference_update intersection_update symmetric_difference_update`;
const sequence = `count index copy`;
const pythonMethods: readonly (readonly [types: string, methods: string])[] = [
  ['str', `${text} encode format format_map isidentifier isnumeric isprintable decode`],
  ['bytes bytearray', `${text} decode hex fromhex append extend`],
  [
    'int float bool complex',
    'bit_length bit_count to_bytes from_bytes as_integer_ratio is_integer conjugate hex fromhex',
  ],
  [
    'list',
    `${sequence} append extend insert remove pop clear sort reverse appendleft extendleft popleft rotate`,
  ],
  ['tuple', sequence],
  [
    'dict',
    'get items keys values pop popitem setdefault update fromkeys copy clear iteritems iterkeys itervalues has_key',
  ],
  ['set', `${sets} ${changing}`],
  ['frozenset', sets],
];

/** What pytest offers to every test, as its documentation names the types. */
const offered = new Map(
  words(`cache:pytest.Cache capsys:pytest.CaptureFixture capsysbinary:pytest.CaptureFixture capfd:pytest.CaptureFixture
    capfdbinary:pytest.CaptureFixture caplog:pytest.LogCaptureFixture monkeypatch:pytest.MonkeyPatch pytestconfig:pytest.Config
    pytester:pytest.Pytester testdir:pytest.Testdir recwarn:pytest.WarningsRecorder request:pytest.FixtureRequest tmp_path:pathlib.Path
    tmp_path_factory:pytest.TempPathFactory tmpdir:py.path.local tmpdir_factory:pytest.TempdirFactory`).map(
    (entry) => {
      const [name = '', type = ''] = entry.split(':');
      const dot = type.lastIndexOf('.');
      return [name, [type.slice(0, dot), type.slice(dot + 1)] as const] as const;
    },
  ),
);

export const pythonProfile: Profile = {
  constructorName: '__init__',
  hasReceiverParameter: true,
  keysAreNames: false,
  trustsTypes: false,
  capitalsAreBuiltin: false,
  resultsAreBuiltin: false,
  resultsAreOpaque: true,
  textType: 'str',
  numberType: 'int',
  builtins: new Set(
    words(`
      abs aiter all anext any ascii bin bool breakpoint bytearray bytes callable chr classmethod compile complex copyright credits
      delattr dict dir divmod enumerate eval exec exit filter float format frozenset getattr globals hasattr hash help hex id input
      int isinstance issubclass iter len license list locals map max memoryview min next object oct open ord pow print property quit
      range repr reversed round set setattr slice sorted staticmethod str sum super tuple type vars zip __import__ __build_class__
      reload unicode long basestring xrange raw_input unichr reduce cmp execfile file
      __name__ __file__ __doc__ __package__ __spec__ __path__ __loader__ __builtins__ __debug__ NotImplemented Ellipsis
      ArithmeticError AssertionError AttributeError BaseException BaseExceptionGroup BlockingIOError BrokenPipeError BufferError
      BytesWarning ChildProcessError ConnectionAbortedError ConnectionError ConnectionRefusedError ConnectionResetError
      DeprecationWarning EOFError EncodingWarning EnvironmentError Exception ExceptionGroup FileExistsError FileNotFoundError
      FloatingPointError FutureWarning GeneratorExit IOError ImportError ImportWarning IndentationError IndexError
      InterruptedError IsADirectoryError KeyError KeyboardInterrupt LookupError MemoryError ModuleNotFoundError NameError
      NotADirectoryError NotImplementedError OSError OverflowError PendingDeprecationWarning PermissionError ProcessLookupError
      RecursionError ReferenceError ResourceWarning RuntimeError RuntimeWarning StopAsyncIteration StopIteration SyntaxError
      SyntaxWarning SystemError SystemExit TabError TimeoutError TypeError UnboundLocalError UnicodeDecodeError
      UnicodeEncodeError UnicodeError UnicodeTranslateError UnicodeWarning UserWarning ValueError Warning WindowsError
      ZeroDivisionError`),
  ),
  methods: methodsOf(pythonMethods),
  types: new Set(words('str int float bool bytes bytearray complex object')),
  callers: new Map([
    ['map', 'results'],
    ['filter', 'elements'],
    ['sorted', 'elements'],
    ['max', 'element'],
    ['min', 'element'],
    ['reduce', 'element'],
  ] as const),
  containers: new Map([
    ...words('list tuple set frozenset dict').map((name) => [name, name] as const),
    ...words('collections.OrderedDict collections.defaultdict collections.Counter').map(
      (name) => [name, 'dict'] as const,
    ),
    ['collections.deque', 'list'],
  ]),
  binding: /^@(classmethod|staticmethod)$/,
  fixtures: {
    decorator: /^@(\w+\.)*(yield_)?fixture\b/,
    test: /^test/,
    testFile: /(^|\/)(test_[^/]*|[^/]*_test)\.py$/,
    shared: 'conftest.py',
    given: /parametrize\(\s*[[(]?\s*["']([\w\s,"']+?)["']\s*[\])]?,/,
    used: /usefixtures\(\s*([^)]*)/,
    asked: /\.getfixturevalue$/,
    offered,
  },
  casts: new Set(['typing.cast', 'typing_extensions.cast']),
  passing: new Set(words('list tuple set frozenset reversed dict iter sorted filter aiter')),
};
