/**
 * Words that programmers use for one another, in any language: abbreviations, and verbs of prose against verbs of
 * names ("whether" -> `is`). A word of the query brings its group along at a fraction of its weight.
 * General vocabulary only: nothing here comes from a particular repository.
 */
import { stem } from '../lexical/tokenize.ts';

const GROUPS = `
  directory dir folder
  argument arg args
  parameter param params
  option opt options opts
  configuration config conf cfg settings
  message msg
  error err exception failure
  context ctx
  request req
  response resp res
  reference ref
  value val
  index idx
  pointer ptr
  buffer buf
  source src
  destination dest dst target
  temporary temp tmp
  environment env
  information info
  initialize init setup
  execute exec run invoke call
  command cmd
  connection conn
  database db
  document doc
  element elem el
  function func fn
  previous prev
  current cur curr
  maximum max
  minimum min
  average avg mean
  attribute attr attrs
  character char
  string str text
  integer int
  boolean bool
  variable var
  object obj
  package pkg
  repository repo
  statement stmt
  expression expr
  iterate iter iterator
  allocate alloc
  asynchronous async
  synchronize sync
  authentication auth authenticate
  specification spec
  identifier id ident
  application app
  address addr
  description desc
  descriptor desc
  interface iface
  memory mem
  number num count
  length len size
  sequence seq
  column col
  position pos
  regular regex regexp
  dictionary dict map
  array list arr
  calculate calc compute
  generate gen
  implementation impl
  definition def
  declaration decl
  operation op
  timestamp time ts
  password passwd pwd
  utility util utils
  library lib
  version ver
  create new make build construct
  remove delete del drop erase discard
  return get
  retrieve get fetch load
  find lookup search locate
  whether is has
  check is validate verify ensure
  convert to cast transform
  display show print render
  start begin launch
  stop end halt shutdown
  send write emit
  receive read recv
  modify update change set
  combine merge join concat
  split separate partition
  wait sleep await
  duplicate copy clone
  equal eq equals
  compare cmp
  register add
  empty clear reset
  quit exit
  close dispose release free
`;

const synonyms = new Map<string, string[]>();
for (const line of GROUPS.trim().split('\n')) {
  const [head, ...rest] = line.trim().split(/\s+/).map(stem) as [string, ...string[]];
  // The first word brings all others; each of them brings the first: `dir` means directory, not folder by way of it.
  synonyms.set(head, [...(synonyms.get(head) ?? []), ...rest]);
  for (const other of rest) synonyms.set(other, [...(synonyms.get(other) ?? []), head]);
}

/** Stemmed words that may stand for a stemmed word; none for most. */
export function synonymsOf(term: string): readonly string[] {
  return synonyms.get(term) ?? [];
}
