import { expect, test } from 'vitest';
import { behaviourText } from '../testing/behaviour-text.ts';

test('Python: handlers, state, settings and effects, each with its lines', async () => {
  const source = `import os, logging
from urllib.request import urlopen
import threading
log = logging.getLogger(__name__)
CACHE = {}
class Store:
    def __init__(self, path):
        self.path = path
        self._lock = threading.Lock()
    def load(self, key, default=None):
        global CACHE
        for attempt in range(3):
            try:
                return self.read(key)
            except (OSError, TimeoutError):
                log.warning("again")
        try:
            self.read(key)
        except ValueError:
            pass
        except KeyError as error:
            log.exception(error)
        except TypeError as error:
            raise StoreError(key) from error
        with self._lock:
            CACHE = {}
            self.items[key] = os.environ["HOME"]
        with open(self.path) as file:
            text = file.read()
        parsed = parse(text)
        return parsed
    def fetch(self, url):
        open = url.open
        open("not the built-in")
        return urlopen(url, timeout=os.getenv("TIMEOUT"))
def outer(box):
    count = 0
    def inner():
        nonlocal count
        count += 1
        box.value = count
    box.done = True
    box = {}
    return inner
`;
  expect(await behaviourText(source, 'python')).toMatchInlineSnapshot(`
    "
    8 Store.__init__: initialises field self.path
    9 Store.__init__: initialises field self._lock
    9 Store.__init__: creates threading.Lock
    14 Store.load: returns self.read(key) <- (key)
    15-16 Store.load: catches OSError|TimeoutError: retried
    16 Store.load: logs by log.warning
    19-20 Store.load: catches ValueError: swallowed
    21-22 Store.load: catches KeyError: logged
    22 Store.load: logs by log.exception
    23-24 Store.load: catches TypeError: rethrown
    24 Store.load: throws StoreError
    25 Store.load: locks self._lock
    26 Store.load: writes module CACHE
    27 Store.load: writes field self.items[key]
    27 Store.load: reads environment HOME by os.environ
    28 Store.load: files by open
    29 Store.load: files by file.read
    31 Store.load: returns parsed <- parsed = parse(text) <- text = file.read() <- file = open(self.path)
    35 Store.fetch: returns urlopen(url, timeout=os.getenv("TIMEOUT")) <- (url)
    35 Store.fetch: network by urlopen
    35 Store.fetch: reads environment TIMEOUT by os.getenv
    40 outer.inner: writes closure count
    41 outer.inner: writes closure box.value
    44 outer: returns inner
    "
  `);
});

test('TypeScript: promises, fields, imports by any name, and names that shadow them', async () => {
  const source = `import { readFile as load } from 'node:fs/promises';
import * as http from 'http';
const { exec } = require('child_process');
let started = 0;
export class Client extends Base implements Reader {
  private cache = new Map<string, string>();
  static instance: Client;
  constructor(private url: string) { super(); this.url = url; }
  async get(key: string, retries = 3): Promise<string> {
    while (retries > 0) {
      try { const body = await load(key); return body; }
      catch (error) { console.warn(error); }
    }
    try { exec(key); } catch {}
    try { http.get(key); } catch (error) { throw new Error('no', { cause: error }); }
    started += 1;
    this.cache.size = started;
    const { TOKEN, HOST: host } = process.env;
    await Promise.all([load(key), load(host)]);
    throw new RangeError(key);
  }
  *each() { yield this.url; }
  static getInstance() { return Client.instance; }
}
function other(load: (x: string) => void, fetch: () => void) { load('x'); fetch(); setTimeout(load, 5); }
export const port = Number(process.env.PORT ?? process.env['OLD_PORT']);
`;
  expect(await behaviourText(source, 'typescript')).toMatchInlineSnapshot(`
    "
    8 Client.constructor: initialises field this.url
    9 Client.get: async get
    11 Client.get: awaits await load(key)
    11 Client.get: files by load
    11 Client.get: returns body <- body = await load(key) <- (key)
    12 Client.get: catches anything: retried
    12 Client.get: logs by console.warn
    14 Client.get: catches anything: swallowed
    14 Client.get: processes by exec
    15 Client.get: catches anything: rethrown
    15 Client.get: network by http.get
    15 Client.get: throws Error
    16 Client.get: writes module started
    17 Client.get: writes field this.cache.size
    18 Client.get: reads environment TOKEN by process.env
    18 Client.get: reads environment HOST by process.env
    19 Client.get: awaits await Promise.all([load(key), load(host)])
    19 Client.get: joins Promise.all
    19 Client.get: files by load
    19 Client.get: files by load
    20 Client.get: throws RangeError
    22 Client.each: yields this.url
    22 Client.each: generator Client.each: it yields
    23 Client.getInstance: returns Client.instance
    23 Client.getInstance: singleton Client: \`getInstance\` gives what the field \`instance\` keeps
    25 other: schedules setTimeout
    26 (module): reads environment PORT by process.env
    26 (module): reads environment OLD_PORT by process.env
    "
  `);
});

test('Go: errors as values, goroutines, receivers and declared types', async () => {
  const source = `package store
import (
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"os"
	"sync"
)
var ErrGone = errors.New("gone")
var count int
type Store struct {
	mu sync.Mutex
	db *sql.DB
	rows map[string]int
}
func (s *Store) Load(w http.ResponseWriter, key string, into *Row, by Row) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	data, err := os.ReadFile(key)
	if err != nil {
		return 0, fmt.Errorf("load %s: %w", key, err)
	}
	if _, err := s.db.Query("select 1"); err != nil {
		return 0, err
	}
	if key == "" {
		return 0, ErrGone
	}
	s.rows[key] = 1
	count++
	into.n = len(data)
	by.n = 2
	go s.Load(w, key, into, by)
	w.Write(data)
	if os.Getenv("DEBUG") != "" {
		panic("debug")
	}
	return len(data), nil
}
func wait(done chan int) {
	defer func() { recover() }()
	done <- 1
	select {
	case <-done:
	default:
	}
}
`;
  expect(await behaviourText(source, 'go')).toMatchInlineSnapshot(`
    "
    18 Store.Load: locks s.mu.Lock
    20 Store.Load: files by os.ReadFile
    21-23 Store.Load: catches err: returned
    22 Store.Load: returns 0, fmt.Errorf("load %s: %w", key, err) <- (key)
    22 Store.Load: returns fmt.Errorf("load %s: %w", key, err)
    24 Store.Load: database by s.db.Query
    24-26 Store.Load: catches err: returned
    25 Store.Load: returns 0, err
    25 Store.Load: propagates err
    28 Store.Load: returns 0, ErrGone
    28 Store.Load: returns ErrGone
    30 Store.Load: writes field s.rows[key]
    31 Store.Load: writes module count
    32 Store.Load: writes argument into.n
    34 Store.Load: spawns go s.Load(w, key, into, by)
    35 Store.Load: network by w.Write
    36 Store.Load: reads environment DEBUG by os.Getenv
    37 Store.Load: panics panic
    39 Store.Load: returns len(data), nil
    42 wait.<anonymous:42>: catches panic: handled
    43 wait: sends done <- 1
    44 wait: selects select { case <-done: default: }
    45 wait: receives <-done
    "
  `);
});

test('Java: checked exceptions, locks, fields without a receiver, and types from imports', async () => {
  const source = `package a;
import java.nio.file.Files;
import java.util.concurrent.ExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
class Cache extends Base implements Iterator<String> {
  private static final Logger log = LoggerFactory.getLogger(Cache.class);
  private static Cache instance;
  private volatile int hits;
  private final ExecutorService pool;
  Cache(ExecutorService pool) { this.pool = pool; }
  synchronized String get(String key) throws IOException {
    try {
      hits++;
      return Files.readString(path(key));
    } catch (IOException | RuntimeException error) {
      log.warn("no", error);
    } catch (Error error) {
      throw new IllegalStateException(error);
    }
    pool.submit(() -> { hits = 0; });
    String home = System.getenv("HOME");
    int hits = 3;
    throw new Missing(home);
  }
  static Cache getInstance() { return instance; }
  public boolean hasNext() { return false; }
  public String next() { return null; }
}
`;
  expect(await behaviourText(source, 'java')).toMatchInlineSnapshot(`
    "
    9 (module): synchronizes private volatile int hits;
    11 Cache.Cache: initialises field this.pool
    12 Cache.get: locks synchronized
    15 Cache.get: returns Files.readString(path(key)) <- (key)
    15 Cache.get: files by Files.readString
    16-18 Cache.get: catches IOException|RuntimeException: logged
    17 Cache.get: logs by log.warn
    18-20 Cache.get: catches Error: rethrown
    19 Cache.get: throws IllegalStateException
    21 Cache.get: spawns pool.submit
    21 Cache.get.<anonymous:21>: writes closure hits
    22 Cache.get: reads environment HOME by System.getenv
    24 Cache.get: throws Missing
    26 Cache.getInstance: returns instance
    26 Cache.getInstance: singleton Cache: \`getInstance\` gives what the field \`instance\` keeps
    27 Cache.hasNext: returns false
    27-28 Cache.Cache: iterator Cache: it defines \`hasNext\`, \`next\`
    28 Cache.next: returns null
    "
  `);
});

test('Rust: question marks, Err arms, panics, tails, and paths through use', async () => {
  const source = `use std::{env, fs::{self, File}, sync::Mutex};
use tokio::net::TcpStream as Stream;
static mut COUNT: u32 = 0;
struct Store { path: String, rows: Mutex<Vec<u8>> }
impl Store {
    pub fn new(path: &str) -> Self { Store { path: path.to_string(), rows: Mutex::new(vec![]) } }
    pub async fn load(&mut self, key: &str, into: &mut Row) -> Result<Vec<u8>, Error> {
        let text = fs::read_to_string(&self.path)?;
        let stream = Stream::connect(key).await?;
        self.path = key.to_string();
        into.n = 1;
        if key.is_empty() { return Err(Error::Empty); }
        match parse(&text) {
            Ok(rows) => rows,
            Err(_) => {}
        }
        if let Err(error) = self.check() { log::warn!("{}", error); }
        let home = env::var("HOME").unwrap();
        tokio::spawn(async move { stream.close().await; });
        let guard = self.rows.lock().unwrap();
        let made = convert(text);
        if home == "" { panic!("no home") } else { Ok(made) }
    }
}
#[cfg(feature = "fast")]
fn fast() -> Result<(), Error> { Err(Error::Slow) }
`;
  expect(await behaviourText(source, 'rust')).toMatchInlineSnapshot(`
    "
    6 Store.new: returns Store { path: path.to_string(), rows: Mutex::new(vec![]) } <- (path)
    6 Store.new: creates Mutex::new
    7 Store.load: async load
    8 Store.load: propagates fs::read_to_string
    8 Store.load: files by fs::read_to_string
    9 Store.load: propagates Stream::connect
    9 Store.load: awaits Stream::connect(key).await
    9 Store.load: network by Stream::connect
    10 Store.load: writes field self.path
    11 Store.load: writes argument into.n
    12 Store.load: returns Error::Empty
    15 Store.load: catches Err(_): swallowed
    17 Store.load: catches Err(error): logged
    17 Store.load: logs by log::warn!
    18 Store.load: panics .unwrap()
    18 Store.load: reads environment HOME by env::var
    19 Store.load: spawns tokio::spawn
    19 Store.load: async async move { stream.close().await; }
    19 Store.load: awaits stream.close().await
    19 Store.load: network by stream.close
    20 Store.load: panics .unwrap()
    20 Store.load: locks self.rows.lock
    22 Store.load: returns Ok(made) <- made = convert(text) <- text = fs::read_to_string(&self.path)?
    22 Store.load: panics panic!
    25 (module): reads feature fast by cfg
    26 fast: returns Error::Slow
    "
  `);
});

test('What cannot be read says so, and what is broken gives what is left', async () => {
  expect(await behaviourText('a: 1', 'yaml')).toBe('not read');
  expect(await behaviourText('', 'python')).toBe('\n\n');
  expect(await behaviourText('def f(:\n  raise X\ndef g():\n  raise Y\n', 'python')).toContain('throws Y');
  expect(await behaviourText(`${'('.repeat(50_000)}`, 'typescript')).toMatch(/not read|^\n/);
});
