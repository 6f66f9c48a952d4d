/** PHP for the resolver: functions of the language, and what they do with functions and arrays. */
import { methodsOf, type Profile } from './profile.ts';

const words = (list: string) => list.trim().split(/\s+/);

const calling =
  words(`usort uasort uksort array_walk array_walk_recursive iterator_apply register_shutdown_function spl_autoload_register
  set_error_handler set_exception_handler preg_replace_callback array_udiff array_uintersect array_any array_all ob_start`);

/** Families of functions that are told by how their names begin; the others. */
const families =
  /^(a?(sin|cos|tan)h?|array_\w+|str_?\w*|substr\w*|preg_\w+|mb_\w+|is_\w+|ctype_\w+|json_\w+|file\w*|date_?\w*|time\w*|curl_\w+|iterator_\w+|func_\w+|ob_\w+|hash\w*|openssl_\w+|sodium_\w+|random_\w+|mt_\w+|stream_\w+|socket_\w+|get_\w+|set_\w+|class_\w+|function_exists|method_exists|property_exists|spl_\w+|pcntl_\w+|posix_\w+|mysqli_\w+|pg_\w+|sqlite_\w+|image\w+|xml\w*_\w+|simplexml_\w+|dom_\w+|libxml_\w+|iconv\w*|gz\w+|zip_\w+|session_\w+|header\w*|http_\w+|html\w+|url\w*|base64_\w+|bc\w+|gmp_\w+|ini_\w+|error_\w+|debug_\w+|apcu?_\w+|opcache_\w+|password_\w+|var_\w+|debug_zval\w*|f(open|close|read|write|puts|gets|getc|getcsv|putcsv|eof|lush|lock|seek|tell|stat|truncate|scanf|printf|passthru|sockopen)|[lr]?trim|v?s?n?printf|[aku]?[kr]?r?sort|[au]?[rk]?sort|intl?\w*|grapheme_\w+|gc_\w+|ftp_\w+|ldap_\w+|readline\w*|proc_\w+|shell_exec|escapeshell\w+|inet_\w+|dns_\w+|net_\w+|sys_\w+|php\w+|zend_\w+|token_\w+|ctype\w+|locale\w*|msg_\w+|sem_\w+|shm_\w+)$/i;
const others = new Set(
  words(`abs ceil floor round max min sqrt pow exp log log10 pi fmod intdiv rand range count sizeof in_array implode explode join compact extract
    list current key next prev reset end each ord chr ucfirst ucwords lcfirst nl2br number_format wordwrap strtolower strtoupper similar_text
    levenshtein soundex metaphone md5 sha1 crc32 uniqid serialize unserialize print_r settype gettype intval floatval strval boolval define defined
    constant call_user_func call_user_func_array forward_static_call usleep sleep microtime hrtime mktime checkdate gmdate localtime idate
    unlink mkdir rmdir rename copy touch chmod chown chgrp tempnam tmpfile basename dirname realpath pathinfo glob scandir opendir readdir
    closedir chdir getcwd readfile symlink link readlink fnmatch parse_str parse_url parse_ini_file parse_ini_string http_build_query rawurlencode
    rawurldecode quotemeta addslashes stripslashes chunk_split nl_langinfo sscanf vprintf money_format bin2hex hex2bin pack unpack highlight_string
    highlight_file show_source trigger_error user_error restore_error_handler restore_exception_handler assert register_shutdown_function
    extension_loaded dl version_compare memory_get_usage memory_get_peak_usage getenv putenv getopt gethostname gethostbyname getmypid getmyuid
    setlocale setcookie setrawcookie mail exec system passthru popen pclose eval exit die isset unset empty is_a is_subclass_of iterator_to_array
    natsort natcasesort shuffle array utf8_encode utf8_decode ip2long long2ip checkdnsrr levenshtein ignore_user_abort connection_status lcg_value
    spl_object_id spl_object_hash ctype_alpha enum_exists interface_exists trait_exists fdiv array_key_exists key_exists flock disk_free_space
    clearstatcache umask nl2br strrev decbin bindec dechex hexdec octdec decoct base_convert deg2rad rad2deg hypot is_nan cli_set_process_title`),
);

export const phpProfile: Profile = {
  constructorName: '__construct()',
  hasReceiverParameter: false,
  keysAreNames: false,
  trustsTypes: false,
  typed: 'gradual',
  isLinked: 'full',
  capitalsAreBuiltin: false,
  resultsAreBuiltin: false,
  textType: 'string',
  numberType: 'int',
  builtins: { has: (name: string) => others.has(name.toLowerCase()) || families.test(name) },
  methods: methodsOf([['array list string int', '-']]),
  types: new Set(),
  callers: new Map([
    ['array_map', 'results'],
    ['array_filter', 'elements'],
    ...words('array_reduce array_find current reset end next array_pop array_shift max min').map(
      (name) => [name, 'element'] as const,
    ),
    ...calling.map((name) => [name, 'element'] as const),
  ]),
  callbackAt: new Map([
    ...words('current reset end next array_pop array_shift max min').map((name) => [name, -1] as const),
    ...words(
      'array_map register_shutdown_function spl_autoload_register set_error_handler set_exception_handler ob_start',
    ).map((name) => [name, 0] as const),
    ...words(
      'array_filter array_reduce array_find usort uasort uksort array_walk array_walk_recursive iterator_apply',
    ).map((name) => [name, 1] as const),
    ...words('preg_replace_callback array_any array_all').map((name) => [name, 1] as const),
    ...words('array_udiff array_uintersect').map((name) => [name, 2] as const),
  ]),
  containers: new Map(),
  passing: new Set(
    words(`array_values array_merge array_filter array_reverse array_slice array_unique iterator_to_array array_diff array_diff_key
      array_intersect_key array_replace array_pad`),
  ),
};
