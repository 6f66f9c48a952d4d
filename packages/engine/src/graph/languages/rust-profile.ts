/** Rust for the resolver: the prelude, and what its wrappers and collections do. */
import type { Profile } from './profile.ts';
import type { WrapperMethod } from './wrapper-methods.ts';

const words = (list: string) => list.trim().split(/\s+/);

const methods: Readonly<Record<WrapperMethod, string>> = {
  same: `iter iter_mut into_iter clone cloned copied to_owned as_ref as_mut as_deref as_deref_mut as_slice as_mut_slice rev skip take step_by
    peekable fuse by_ref chunks windows collect get get_mut first last first_mut last_mut pop pop_front pop_back peek peek_mut next
    next_back nth min max ok ok_or ok_or_else or or_else borrow borrow_mut lock try_lock read write try_read try_write values
    values_mut into_values drain split_off entry remove swap_remove to_vec into_boxed_slice as_pin_mut as_ptr downgrade upgrade
    context with_context get_ref front back front_mut back_mut recv try_recv recv_timeout blocking_recv try_iter split_at split_at_mut
    split_first split_last cycle flatten_ok or_insert_entry into_sorted_vec load swap into_iter_sorted range filter_ok join await_ready
    as_any into_any into try_into into_boxed as_bytes boxed_local boxed into_future par_iter into_par_iter par_iter_mut pin_mut
    into_std deref deref_mut make_mut get_or_insert dedup_by_key concat`,
  element: `unwrap expect unwrap_or unwrap_or_default unwrap_or_else unwrap_unchecked or_insert or_insert_with or_default into_inner
    get_or_insert_with get_or_init or_insert_with_key take_inner flatten`,
  put: 'push push_back push_front insert replace send try_send blocking_send set store push_str fill resize',
  merge: 'extend append chain union intersection extend_from_slice',
  visit: `filter for_each inspect find position retain retain_mut sort_by_key sort_by sort_unstable_by sort_unstable_by_key max_by_key
    min_by_key max_by min_by partition take_while skip_while dedup_by try_for_each filter_entry modify and_modify inspect_err
    map_while_ok rposition sort_by_cached_key update spawn_local`,
  map: 'map map_while then scan map_or_default try_map map_ok and_upgrade',
  flatMap: 'flat_map and_then filter_map find_map flat_map_ok and_then_ok',
  fold: 'fold try_fold reduce rfold',
  mapOr: 'map_or map_or_else',
  number: 'enumerate',
  zip: 'zip',
  error: 'map_err',
  opaque: `len is_empty contains contains_key is_some is_none is_ok is_err is_some_and is_ok_and is_none_or any all count sum product capacity
    clear reserve truncate sort sort_unstable dedup reverse to_string eq ne cmp partial_cmp hash fmt is_null strong_count ptr_eq
    keys into_keys type_id starts_with ends_with binary_search binary_search_by binary_search_by_key shrink_to_fit swap_with_slice
    copy_from_slice notify_one notify_all err unwrap_err expect_err and is_sorted lt le gt ge`,
};

const table = new Map(
  (Object.entries(methods) as [WrapperMethod, string][]).flatMap(([kind, names]) =>
    words(names).map((name) => [name, kind] as const),
  ),
);

const collections =
  'Vec VecDeque LinkedList HashSet BTreeSet BinaryHeap HashMap BTreeMap IndexMap IndexSet SmallVec FxHashMap'.split(
    ' ',
  );
const pointers =
  `Box Rc Arc Weak Pin Cow RefCell Cell Mutex RwLock Reverse OnceCell OnceLock UnsafeCell ManuallyDrop Wrapping`.split(
    ' ',
  );

export const rustProfile: Profile = {
  constructorName: '%none',
  hasReceiverParameter: true,
  keysAreNames: false,
  trustsTypes: false,
  typed: 'traits',
  capitalsAreBuiltin: false,
  resultsAreBuiltin: false,
  textType: 'str',
  numberType: 'i32',
  builtins: new Set(
    words(`
      %any bool char str String i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize f32 f64 Vec Option Some None Result Ok Err Box drop
      Clone Copy Default Drop Eq PartialEq Ord PartialOrd Iterator IntoIterator DoubleEndedIterator ExactSizeIterator Extend
      FromIterator Fn FnMut FnOnce From Into TryFrom TryInto AsRef AsMut Send Sync Sized Unpin ToOwned ToString Hash Debug
      println! print! eprintln! eprint! format! panic! assert! assert_eq! assert_ne! debug_assert! debug_assert_eq! debug_assert_ne!
      vec! write! writeln! todo! unimplemented! unreachable! matches! dbg! include_str! include_bytes! include! env! option_env!
      concat! stringify! line! file! column! module_path! cfg! compile_error! thread_local! format_args! try! addr_of! is_x86_feature_detected!`),
  ),
  methods: new Map(),
  types: new Set(words('String str i8 i16 i32 i64 u8 u16 u32 u64 usize isize f32 f64 bool char')),
  callers: new Map(),
  containers: new Map([
    ...collections.flatMap((name) =>
      words('new with_capacity from from_iter default').map((method) => [`${name}.${method}`, name] as const),
    ),
    ['vec!', 'Vec'],
  ]),
  passing: new Set([
    ...pointers.flatMap((name) =>
      words('new pin clone from downgrade upgrade into_inner new_cyclic as_ref leak into_raw from_raw').map(
        (method) => `${name}.${method}`,
      ),
    ),
    ...words('dbg! mem.take mem.replace Some Ok iter.once pin! Pin.new_unchecked Option.Some ptr.read'),
  ]),
  wrapperMethods: table,
  madeBy: new Set(
    words('default from try_from from_str from_iter parse builder deserialize try_parse new_unchecked'),
  ),
};
