import { expect, test } from 'vitest';
import { outlineText } from '../../testing/outline-text.ts';

const sample = `"""Module doc."""
import os
MAX = 3
x: int = 1
a, b = 1, 2
__all__ = ["A"]
# comment doc
@dec
@other(
    1,
)
class Foo(Base):
    """Class doc.

    More.
    """
    attr: str = "x"
    NAME = 'n'

    def __init__(self, a):
        """Init."""
        self.a = a
        def inner():
            pass

    @property
    def prop(self) -> int:
        return 1

    async def am(
        self,
        x,
    ):
        # body comment
        y = 2
        return y

    class Meta:
        x = 1
if True:
    def cond(): pass
try:
    import z
except ImportError:
    z = None
handler = lambda x: x
type Alias = list[int]
def deco():
    @wraps
    def wrapper(): ...
    return wrapper
`;

test('Python: every definition with its lines, header, doc and parent', async () => {
  expect(await outlineText('python', sample)).toMatchInlineSnapshot(`
    "
    constant MAX 3-3
    variable x 4-4
    variable a 5-5
    variable b 5-5
    variable __all__ 6-6
    class Foo@12 8-39 head 12 doc 13-16
    field attr 17-17 in Foo
    field NAME 18-18 in Foo
    constructor __init__ 20-24 head 20 doc 21-21 in Foo
    function inner 23-24 head 23 in __init__
    method prop@27 26-28 head 27 in Foo
    method am 30-36 head 33 in Foo
    class Meta 38-39 head 38 in Foo
    field x 39-39 in Meta
    function cond 41-41
    variable z 45-45
    function handler 46-46
    type Alias 47-47
    function deco 48-51 head 48
    function wrapper@50 49-50 in deco
    "
  `);
});
