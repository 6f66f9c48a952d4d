/** Go for the resolver: names that need no import, and functions of its library that call what they are given. */
import type { Profile } from './profile.ts';

const words = (list: string) => list.trim().split(/\s+/);

export const goProfile: Profile = {
  constructorName: '',
  hasReceiverParameter: true,
  keysAreNames: false,
  trustsTypes: false,
  typed: 'structural',
  capitalsAreBuiltin: false,
  resultsAreBuiltin: false,
  textType: 'string',
  numberType: 'int',
  builtins: new Set(
    words(`append cap clear close complex copy delete imag len make max min new panic print println real recover
      any bool byte comparable complex64 complex128 error float32 float64 int int8 int16 int32 int64 rune string uint uint8 uint16
      uint32 uint64 uintptr`),
  ),
  methods: new Map([
    ...words('slice map chan results tuple string int any').map((type) => [type, new Set<string>()] as const),
    ['error', new Set(['Error'])],
  ]),
  types: new Set(),
  callers: new Map(
    words(`sort.Slice sort.SliceStable sort.Search sort.SliceIsSorted slices.SortFunc slices.SortStableFunc slices.IndexFunc
      slices.ContainsFunc slices.DeleteFunc slices.MaxFunc slices.MinFunc slices.EqualFunc slices.CompareFunc slices.BinarySearchFunc
      maps.DeleteFunc strings.Map strings.FieldsFunc strings.IndexFunc strings.TrimFunc strings.TrimLeftFunc strings.TrimRightFunc
      strings.ContainsFunc bytes.Map bytes.FieldsFunc bytes.IndexFunc bytes.TrimFunc filepath.Walk filepath.WalkDir path/filepath.Walk
      path/filepath.WalkDir io/fs.WalkDir go/ast.Inspect sync.Once.Do sync.WaitGroup.Go sync.OnceFunc testing.T.Run testing.B.Run
      testing.AllocsPerRun testing.B.RunParallel golang.org/x/sync/errgroup.Group.Go time.AfterFunc`).map(
      (name) => [name, 'elements'] as const,
    ),
  ),
  containers: new Map(),
  passing: new Set(),
};
