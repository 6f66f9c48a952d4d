import { expect, test } from 'vitest';
import { outlineText } from '../../testing/outline-text.ts';

const sample = `<?php
namespace A\\B;
use X;
const TOP = 1;
define('FOO', 2);
/** doc */
#[Attr]
abstract class User extends Base implements I {
    use T;
    const MAX = 1, MIN = 0;
    private int $a = 1, $b;
    public function __construct(private string $name) { }
    /** d */
    public static function foo(int $a): string { return ""; }
    abstract protected function abs();
}
interface I { public function m(); }
trait T { public function t() {} }
enum Suit: string { case Hearts = 'H'; case Spades = 'S'; const X = 1; public function label() {} }
if (! function_exists('helper')) {
    function helper($x) { return 1; }
}
$f = function() { };
$g = fn($x) => 1;
it('does things', function () { });
namespace C { function d() {} }
`;

test('PHP: every definition with its lines, header, doc and parent', async () => {
  expect(await outlineText('php', sample)).toMatchInlineSnapshot(`
    "
    namespace A\\B 2-2
    constant TOP 4-4
    constant FOO 5-5
    class User@8 7-16 head 8 doc 6-6
    constant MAX 10-10 in User
    constant MIN 10-10 in User
    property a 11-11 in User
    property b 11-11 in User
    constructor __construct 12-12 in User
    property name 12-12 in __construct
    method foo 14-14 doc 13-13 in User
    method abs 15-15 in User
    interface I 17-17
    method m 17-17 in I
    trait T 18-18
    method t 18-18 in T
    enum Suit 19-19
    constant Hearts 19-19 in Suit
    constant Spades 19-19 in Suit
    constant X 19-19 in Suit
    method label 19-19 in Suit
    function helper 21-21
    function f 23-23
    function g 24-24
    test does things 25-25
    namespace C 26-26
    function d 26-26 in C
    "
  `);
});
