/** Ruby for the resolver: methods that every object has, and what those of its collections do with blocks. */
import { methodsOf, type Profile } from './profile.ts';
import type { WrapperMethod } from './wrapper-methods.ts';

const words = (list: string) => list.trim().split(/\s+/);

const methods: Readonly<Partial<Record<WrapperMethod, string>>> = {
  same: `freeze dup clone itself to_a to_ary to_h entries sort sort! reverse uniq uniq! compact compact! flatten shuffle take drop lazy
    values sum slice rotate presence to_set each_entry with_indifferent_access deep_dup html_safe except`,
  element: 'first last pop shift fetch dig sample min max delete delete_at at values_at find_by',
  put: 'push append unshift prepend add insert store enqueue',
  merge: 'concat merge merge! update replace + | deep_merge',
  visit: `each each_with_index with_index each_entry each_value each_pair select filter reject select! reject! keep_if delete_if sort_by sort_by! min_by max_by
    partition group_by take_while drop_while each_slice each_cons reverse_each uniq_by tap each_key find_each times upto downto step each_char each_line
    index_by chunk_while slice_when`,
  map: 'map collect map! collect! filter_map each_with_object to_proc transform_values',
  flatMap: 'flat_map collect_concat',
  fold: 'inject reduce',
  mapOr: 'then yield_self find detect',
  zip: 'zip',
  opaque: `nil? is_a? kind_of? instance_of? respond_to? inspect to_s to_sym to_i to_f hash object_id equal? eql? frozen? instance_variable_get
    instance_variable_set instance_variable_defined? instance_variables define_singleton_method singleton_class methods public_methods extend
    empty? any? all? none? one? include? member? key? has_key? value? size length count join keys index find_index rindex clear display
    instance_eval instance_exec class_eval module_eval class_exec method_defined? instance_methods const_get const_set name ancestors
    superclass instance_method public_instance_methods private_constant blank? present? in? === == != !~ =~ <=> < > <= >= ! allocate`,
};

const calls = (names: string) =>
  words(names)
    .map((name) => `${name}()`)
    .join(' ');
const common = `${methods.opaque} ${methods.same} call send public_send to_str class method tap then`;
const text =
  calls(`${common} upcase downcase capitalize swapcase strip lstrip rstrip chomp chop chars bytes lines split sub sub! gsub gsub! tr tr_s
  delete squeeze start_with? end_with? match match? scan index rindex slice slice! insert prepend concat replace center ljust rjust encode
  force_encoding encoding unicode_normalize valid_encoding? unpack unpack1 hex oct ord chr succ next upto each_char each_line each_byte % * + []
  []= << casecmp casecmp? partition rpartition crypt intern dump undump unpack bytesize byteslice getbyte setbyte eql? tr delete_prefix
  delete_suffix squish underscore camelize classify constantize pluralize singularize humanize titleize truncate parameterize`);
const numbers =
  calls(`${common} times upto downto step abs ceil floor round truncate succ pred next divmod div modulo fdiv pow zero? positive?
  negative? even? odd? digits chr ord bit_length gcd lcm clamp between? coerce nan? infinite? finite? + - * / % ** & ^ << >> [] -@ +@ ~`);

const table = new Map(
  (Object.entries(methods) as [WrapperMethod, string][]).flatMap(([kind, names]) =>
    words(names).map((name) => [name, kind] as const),
  ),
);

const builtins = words(`
  puts print p pp format sprintf printf gets require require_relative load autoload raise fail throw catch loop lambda proc block_given? rand
  srand sleep exit exit! abort at_exit system exec spawn fork trap warn caller caller_locations binding eval Array Hash String Integer Float
  Rational Complex attr_reader attr_writer attr_accessor attr include extend prepend private public protected module_function define_method
  alias_method remove_method undef_method private_class_method public_class_method private_constant refine using
  open putc readline readlines set_trace_func global_variables local_variables __method__ __dir__ gem enum_for to_enum
  BasicObject Object Module Class Kernel Comparable Enumerable Enumerator NilClass TrueClass FalseClass Numeric Integer Float Rational Complex
  String Symbol Array Hash Range Regexp MatchData Proc Method UnboundMethod Struct Data Set Time Date DateTime File Dir IO FileUtils Pathname
  Tempfile StringIO StringScanner Process Signal Thread Mutex Queue Monitor ConditionVariable Fiber Ractor Random Math GC ObjectSpace
  Marshal Encoding ENV ARGV STDIN STDOUT STDERR RUBY_VERSION RUBY_PLATFORM RUBY_ENGINE Exception StandardError RuntimeError ArgumentError TypeError NameError NoMethodError
  IndexError KeyError StopIteration RangeError ZeroDivisionError FloatDomainError IOError EOFError LocalJumpError SystemExit
  Interrupt SignalException ScriptError LoadError NotImplementedError SyntaxError SecurityError SystemCallError Errno FrozenError
  RegexpError ThreadError FiberError EncodingError NoMatchingPatternError Logger JSON YAML ERB URI Net OpenSSL Digest Base64 CSV Psych Ripper
  Timeout Singleton Forwardable Delegator SimpleDelegator Observable OpenStruct SecureRandom Benchmark Etc Shellwords OptionParser
  BigDecimal Zlib Socket TCPSocket TCPServer UDPSocket Gem RbConfig Rake Bundler Warning ObjectSpace RubyVM TracePoint WeakRef PP PStore`);

export const rubyProfile: Profile = {
  constructorName: 'initialize()',
  hasReceiverParameter: false,
  keysAreNames: false,
  trustsTypes: false,
  typed: 'gradual',
  isLinked: 'outward',
  hasStatics: true,
  capitalsAreBuiltin: false,
  resultsAreBuiltin: true,
  textType: 'Symbol',
  numberType: 'Integer',
  builtins: new Set(builtins),
  methods: methodsOf([
    ['String Symbol', text],
    ['Integer', numbers],
  ]),
  types: new Set(),
  callers: new Map(),
  containers: new Map(),
  passing: new Set(),
  wrapperMethods: table,
};
