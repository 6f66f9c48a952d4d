/** C and C++ for the resolver: functions of the standard library, and what containers do. */
import type { Profile } from './profile.ts';
import type { WrapperMethod } from './wrapper-methods.ts';

const words = (list: string) => list.trim().split(/\s+/);

const methods: Readonly<Partial<Record<WrapperMethod, string>>> = {
  same: `begin end cbegin cend rbegin rend find lower_bound upper_bound equal_range insert emplace_hint erase subspan first last data
    get lock load share move exchange extract equal`,
  element: 'front back at top value value_or operator*',
  put: 'push_back push push_front insert_or_assign emplace_back emplace emplace_front try_emplace assign store append',
  merge: 'merge splice',
  opaque: `size empty clear reserve resize count contains length c_str capacity swap pop_back pop_front pop reset release has_value
    shrink_to_fit use_count expired substr compare wait`,
};

const table = new Map(
  (Object.entries(methods) as [WrapperMethod, string][]).flatMap(([kind, names]) =>
    words(names).map((name) => [name, kind] as const),
  ),
);

export const cProfile: Profile = {
  constructorName: '%init',
  hasReceiverParameter: false,
  keysAreNames: false,
  trustsTypes: false,
  typed: 'nominal',
  isLinked: 'outward',
  capitalsAreBuiltin: false,
  resultsAreBuiltin: false,
  textType: 'string',
  numberType: 'int',
  builtins: new Set(
    words(`
      malloc calloc realloc free memcpy memmove memset memcmp memchr strlen strcpy strncpy strcat strncat strcmp strncmp strchr strrchr
      strstr strtok strtok_r strdup strndup strerror strerror_r strcasecmp strncasecmp strspn strcspn strpbrk strtol strtoul strtoll
      strtoull strtod strtof strnlen strcoll strsep atoi atol atoll atof qsort bsearch rand srand random srandom abs labs llabs exit _exit abort atexit
      getenv setenv unsetenv system printf fprintf sprintf snprintf vprintf vfprintf vsprintf vsnprintf scanf fscanf sscanf puts fputs
      putchar putc fputc getchar getc fgetc gets fgets ungetc fopen fdopen freopen fclose fread fwrite fseek fseeko ftell ftello
      rewind fflush feof ferror clearerr fileno setvbuf setbuf perror remove rename tmpfile mkstemp mkdtemp popen pclose getline asprintf vasprintf
      open close read write pread pwrite lseek stat fstat lstat fsync fdatasync ftruncate truncate access unlink link symlink readlink mkdir rmdir
      opendir readdir closedir chdir getcwd realpath chmod chown fchmod dup dup2 pipe fork execve execvp execl execv wait waitpid kill
      getpid getppid getuid geteuid getgid setuid setgid setsid sleep usleep nanosleep alarm signal sigaction sigemptyset sigaddset
      sigfillset sigprocmask raise mmap munmap mprotect madvise socket bind listen accept accept4 connect send recv sendto recvfrom sendmsg
      recvmsg shutdown setsockopt getsockopt getsockname getpeername gethostbyname getaddrinfo freeaddrinfo gai_strerror inet_ntop
      inet_pton inet_ntoa inet_addr htons htonl ntohs ntohl select poll epoll_create epoll_create1 epoll_ctl epoll_wait kqueue kevent fcntl ioctl
      time ctime gmtime gmtime_r localtime localtime_r mktime strftime gettimeofday clock clock_gettime difftime tzset times getrusage
      pthread_create pthread_join pthread_detach pthread_self pthread_exit pthread_mutex_init pthread_mutex_lock pthread_mutex_unlock
      pthread_mutex_trylock pthread_mutex_destroy pthread_cond_init pthread_cond_wait pthread_cond_timedwait pthread_cond_signal
      pthread_cond_broadcast pthread_cond_destroy pthread_key_create pthread_setspecific pthread_getspecific pthread_once pthread_cancel
      pthread_attr_init pthread_attr_setstacksize pthread_attr_getstacksize pthread_sigmask pthread_kill pthread_equal pthread_setcancelstate pthread_setcanceltype
      sem_init sem_wait sem_post setjmp longjmp sigsetjmp siglongjmp setlocale localeconv isatty sysconf uname
      isalpha isdigit isalnum isspace isupper islower isprint iscntrl ispunct isxdigit isgraph toupper tolower isblank
      sin cos tan asin acos atan atan2 sinh cosh tanh exp exp2 log log2 log10 log1p pow sqrt cbrt ceil floor round lround llround trunc fabs
      fmod fmin fmax hypot ldexp frexp modf isnan isinf isfinite signbit nan lrint rint fabsf sqrtf powf
      assert va_start va_end va_arg va_copy offsetof static_assert alloca sizeof dlopen dlsym dlclose dlerror getopt getopt_long
      getrlimit setrlimit getpagesize sched_yield syslog openlog closelog umask flock getpwnam getpwuid getgrnam
      __builtin_expect __builtin_unreachable __builtin_clz __builtin_clzl __builtin_clzll __builtin_ctz __builtin_ctzl __builtin_ctzll __builtin_popcount __builtin_popcountll __builtin_prefetch
      __builtin_trap __builtin_memcpy __builtin_bswap32 __builtin_bswap64 __sync_synchronize __sync_fetch_and_add __atomic_load_n __atomic_store_n __atomic_fetch_add`),
  ),
  methods: new Map(),
  types: new Set(),
  callers: new Map(),
  // A function has no methods.
  invokers: new Set(),
  containers: new Map(),
  passing: new Set(
    words(
      'std.move std.forward std.ref std.cref std.as_const std.addressof std.exchange std.bind std.bind_front',
    ),
  ),
  wrapperMethods: table,
};
