import { expect, test } from 'vitest';
import { callGraphOf, callsText } from './testing/calls-text.ts';

test('PHP: namespaces, use, traits, late static binding, types of comments, closures, callables by name and by array', async () => {
  const files = {
    'app/Models/User.php': `
<?php
namespace App\\Models;

use App\\Contracts\\HasName;
use App\\Support\\{Logger, Str as S};
use function App\\Support\\helper;

abstract class Model
{
    protected static array $booted = [];
    public static function create(array $data = []): static { $m = new static($data); $m->save(); return $m; }
    public function __construct(protected array $data = []) { $this->boot(); }
    protected function boot(): void {}
    public function save() { $this->validate(); return $this; }
    abstract protected function validate(): bool;
}

trait Greets
{
    public function greet(): string { return $this->name() . $this->suffix(); }
    protected function suffix() { return '!'; }
}

class User extends Model implements HasName
{
    use Greets { suffix as protected shout; }
    private Logger $logger;
    /** @var Post[] */
    private array $posts = [];
    const DEFAULT = self::class;
    public function __construct(array $data, ?Logger $logger = null)
    {
        parent::__construct($data);
        $this->logger = $logger ?? new Logger();
    }
    protected function validate(): bool { $this->logger->info(S::upper('x')); return helper($this); }
    public function name(): string { return self::format($this->data['name']); }
    private static function format($n) { return trim($n); }
    public function publish() { foreach ($this->posts as $post) { $post->publish(); } return $this->shout(); }
    /** @return Post|null */
    public function first() { return $this->posts[0] ?? null; }
}

class Post { public function publish() {} public function title() {} }
`,
    'lib/support.php': `
<?php
namespace App\\Contracts { interface HasName { public function name(): string; } }
namespace App\\Support {
class Logger { public function info($m) { $this->write($m); } private function write($m) { error_log($m); } public function __invoke($x) { return $this->info($x); } }
class Str { public static function upper(string $s) { return strtoupper($s); } }
function helper(\\App\\Contracts\\HasName $x): bool { return $x->name() !== ''; }
function twice(callable $f) { $f(1); return $f(2); }
function gen() { yield new \\App\\Models\\Post; }
}
`,
    'main.php': `
<?php
require 'lib/support.php';
use App\\Models\\{User, Post};
use App\\Support\\Logger;
use function App\\Support\\{twice, gen};

function local($x) { return $x; }
class Guest implements App\\Contracts\\HasName { public function name(): string { return local('guest'); } }
$user = User::create(['name' => 'a']);
$user->greet();
$user->save()->publish();
$user->first()->title();
twice(function ($n) use ($user) { $user->name(); });
twice(fn ($n) => local($n));
twice([$user, 'name']);
twice([Logger::class, 'info']);
twice('local');
twice(new Logger);
twice(local(...));
array_map('local', [1]);
array_map(fn (Post $p) => $p->title(), [new Post]);
call_user_func([$user, 'publish']);
usort($list, function ($a, $b) { return local($a); });
foreach (gen() as $post) { $post->title(); }
$class = Post::class; (new $class)->title();
$anon = new class extends Post { public function title() { return parent::title(); } };
$anon->title();
enum Suit: string { case Hearts = 'H'; public function label() { return ucfirst($this->name); } public static function pick(): self { return self::Hearts; } }
Suit::pick()->label(); Suit::Hearts->label();
try { local(1); } catch (\\Exception $e) { $e->getMessage(); } finally { local(2); }
$handlers = ['a' => 'local', 'b' => fn () => local(3)];
$handlers['b']();
\\App\\Support\\helper(new Guest);
$m = 'name'; $user->$m();
missing(); $nobody->call(); Vendor\\Thing::make()->go();
`,
  };
  expect(await callsText(files)).toMatchInlineSnapshot(`
    "
    app.Models.User.Greets.greet -> app.Models.User.Greets.suffix app/Models/User.php:21
    app.Models.User.Greets.greet -> app.Models.User.User.name app/Models/User.php:21
    app.Models.User.Model.__construct -> app.Models.User.Model.boot app/Models/User.php:13
    app.Models.User.Model.create -> app.Models.User.Model.save app/Models/User.php:12
    app.Models.User.Model.create -> app.Models.User.User.__construct app/Models/User.php:12
    app.Models.User.Model.save -> app.Models.User.User.validate app/Models/User.php:15
    app.Models.User.User.__construct -> app.Models.User.Model.__construct app/Models/User.php:34
    app.Models.User.User.format -> <builtin>.trim app/Models/User.php:39
    app.Models.User.User.name -> app.Models.User.User.format app/Models/User.php:38
    app.Models.User.User.publish -> app.Models.User.Greets.suffix app/Models/User.php:40
    app.Models.User.User.publish -> app.Models.User.Post.publish app/Models/User.php:40
    app.Models.User.User.validate -> lib.support.Logger.info app/Models/User.php:37
    app.Models.User.User.validate -> lib.support.Str.upper app/Models/User.php:37
    app.Models.User.User.validate -> lib.support.helper app/Models/User.php:37
    lib.support.Logger.__invoke -> lib.support.Logger.info lib/support.php:5
    lib.support.Logger.info -> lib.support.Logger.write lib/support.php:5
    lib.support.Logger.write -> <builtin>.error_log lib/support.php:5
    lib.support.Str.upper -> <builtin>.strtoupper lib/support.php:6
    lib.support.helper -> app.Models.User.User.name lib/support.php:7 inferred
    lib.support.helper -> main.Guest.name lib/support.php:7 inferred
    lib.support.twice -> app.Models.User.User.name lib/support.php:8 inferred
    lib.support.twice -> lib.support.Logger.__invoke lib/support.php:8 inferred
    lib.support.twice -> lib.support.Logger.info lib/support.php:8 inferred
    lib.support.twice -> main.<anonymous:14> lib/support.php:8 inferred
    lib.support.twice -> main.<anonymous:15> lib/support.php:8 inferred
    lib.support.twice -> main.local lib/support.php:8 inferred
    main -> <builtin>.array_map main.php:21 inferred
    main -> <builtin>.array_map main.php:22 inferred
    main -> <builtin>.usort main.php:24 inferred
    main -> <external>.Exception.getMessage main.php:31
    main -> <external>.Vendor.Thing.make main.php:36
    main -> <external>.Vendor.Thing.make.go main.php:36
    main -> <external>.missing main.php:36
    main -> ? $user->$m main.php:35
    main -> app.Models.User.Greets.greet main.php:11
    main -> app.Models.User.Model.create main.php:10
    main -> app.Models.User.Model.save main.php:12
    main -> app.Models.User.Post.title main.php:13 inferred
    main -> app.Models.User.Post.title main.php:25
    main -> app.Models.User.Post.title main.php:26
    main -> app.Models.User.User.first main.php:13
    main -> app.Models.User.User.publish main.php:12
    main -> app.Models.User.User.publish main.php:23
    main -> lib.support.gen main.php:25
    main -> lib.support.helper main.php:34
    main -> lib.support.twice main.php:14
    main -> lib.support.twice main.php:15
    main -> lib.support.twice main.php:16
    main -> lib.support.twice main.php:17
    main -> lib.support.twice main.php:18
    main -> lib.support.twice main.php:19
    main -> lib.support.twice main.php:20
    main -> main.<anonymous:22> main.php:22 inferred
    main -> main.<anonymous:24> main.php:24 inferred
    main -> main.<anonymous:27>.title main.php:13 inferred
    main -> main.<anonymous:27>.title main.php:28
    main -> main.<anonymous:32> main.php:33
    main -> main.Suit.label main.php:30
    main -> main.Suit.pick main.php:30
    main -> main.local main.php:21 inferred
    main -> main.local main.php:31
    main.<anonymous:14> -> app.Models.User.User.name main.php:14
    main.<anonymous:15> -> main.local main.php:15
    main.<anonymous:22> -> app.Models.User.Post.title main.php:22
    main.<anonymous:24> -> main.local main.php:24
    main.<anonymous:27>.title -> app.Models.User.Post.title main.php:27
    main.<anonymous:32> -> main.local main.php:32
    main.Guest.name -> main.local main.php:9
    main.Suit.label -> <builtin>.ucfirst main.php:29
    "
  `);
});

test('PHP: arrays, references of classes, static fields, constants, interfaces in place, names of any case', async () => {
  const files = {
    'a.php': `<?php
namespace A;
interface Store { public function put($x); }
class Memory implements Store, \\ArrayAccess, \\IteratorAggregate {
  private static ?self $one = null;
  const FACTORY = Factory::class;
  public $items = [];
  public static function one(): self { return self::$one ??= new self; }
  public function put($x) { $this->items[] = $x; return $this; }
  public function offsetGet(mixed $k): mixed { return $this->items[$k]; }
  public function offsetSet(mixed $k, mixed $v): void { $this->put($v); }
  public function getIterator(): \\Iterator { yield from $this->items; }
}
class Disk implements Store { public function put($x) {} public function flush() {} }
class Factory { public static function make() { return new Disk; } public function go() { return static::make(); } }
class Kernel {
  public function __construct(private Store $store, private array $handlers = []) {}
  public function handle() { $this->store->put(1); foreach ($this->handlers as $handler) $handler($this); [$f] = $this->handlers; $f(2); }
  public function on(callable $f): static { $this->handlers[] = $f; return $this; }
}
function boot() {
  $m = Memory::NONE ?? memory::one();
  $m->put(new Disk); $m[0]->flush(); $m['x'] = new Factory;
  foreach ($m as $each) { $each->go(); }
  (new Kernel($m))->on(fn ($k) => $k->handle())->on([new Factory, 'go'])->handle();
  $c = Memory::FACTORY; $c::make()->flush(); (new $c)->go();
  ['a' => $a, 'b' => [$b]] = ['a' => new Disk, 'b' => [new Factory]];
  $a->flush(); $b->go();
  match (true) { $a instanceof Disk => $a->flush(), default => BOOT() };
  $x = $a ?: $b; $x?->flush();
  global $shared; $shared->flush();
  static fn () => $a->flush();
}
$shared = new Disk;
`,
  };
  expect(await callsText(files)).toMatchInlineSnapshot(`
    "
    a.Factory.go -> a.Factory.make a.php:15
    a.Kernel.handle -> a.Factory.go a.php:18 inferred
    a.Kernel.handle -> a.Memory.put a.php:18
    a.Kernel.handle -> a.boot.<anonymous:25> a.php:18 inferred
    a.Memory.offsetSet -> a.Memory.put a.php:11
    a.boot -> a.Disk.flush a.php:23
    a.boot -> a.Disk.flush a.php:26
    a.boot -> a.Disk.flush a.php:28
    a.boot -> a.Disk.flush a.php:29
    a.boot -> a.Disk.flush a.php:30
    a.boot -> a.Disk.flush a.php:31
    a.boot -> a.Factory.go a.php:24
    a.boot -> a.Factory.go a.php:26
    a.boot -> a.Factory.go a.php:28
    a.boot -> a.Factory.make a.php:26
    a.boot -> a.Kernel.__construct a.php:25
    a.boot -> a.Kernel.handle a.php:25
    a.boot -> a.Kernel.on a.php:25
    a.boot -> a.Memory.getIterator a.php:24
    a.boot -> a.Memory.offsetGet a.php:23
    a.boot -> a.Memory.offsetSet a.php:23
    a.boot -> a.Memory.one a.php:22
    a.boot -> a.Memory.put a.php:23
    a.boot -> a.boot a.php:29
    a.boot.<anonymous:25> -> a.Kernel.handle a.php:25
    a.boot.<anonymous:32> -> a.Disk.flush a.php:32
    "
  `);
});

test('PHP: hostile source ends: classes in circles, traits of themselves, deep nesting, html around code', async () => {
  const deep = `${'['.repeat(2_000)}f()${']'.repeat(2_000)}`;
  const files = {
    'a.php':
      '<?php class A extends B { use A; function m() { return $this->m()->m(); } } class B extends A { } trait T { use T; } (new A)->m(); parent::x(); static::y(); self::$z;',
    'b.php': `<?php $x = ${deep};\n`,
    'c.php': '<html><?php if ($x): ?><b><?= ok() ?></b><?php endif; function ok( { broken(; }',
    'd.php':
      '<?php function ok() { return $this->$this->{$x}()::{$y}(...)[](); } new class { use X; }; [$a, [$b, ...$c]] = ok(); new (ok()); namespace\\ok();',
    'e.php': 'no php at all',
  };
  expect(await callsText(files)).toMatchInlineSnapshot(`
    "
    (b.php: not_parsed)
    (c.php: syntax_errors)
    (d.php: syntax_errors)
    a -> a.A.m a.php:1
    a.A.m -> ? $this->m()->m a.php:1
    a.A.m -> a.A.m a.php:1
    c -> c.ok c.php:1
    c.ok -> <external>.broken c.php:1
    d -> ? (ok()) d.php:1
    d -> d.ok d.php:1
    d.ok -> ? $this->$this->{$x} d.php:1
    d.ok -> ? $this->$this->{$x}()::{$y}(...)[] d.php:1
    "
  `);
  const many = Array.from(
    { length: 100 },
    (_, i) => `class C${i} extends C${i + 1} { function f($x) { return parent::f($this); } }\n`,
  );
  const { edges } = await callGraphOf({
    'many.php': `<?php\nclass C100 { function f($x) { return $x->f($x); } }\n${many.join('')}(new C0)->f(1);\n`,
  });
  expect(edges.filter(({ to }) => to === 'many.C1.f').length).toBeGreaterThan(0);
});
