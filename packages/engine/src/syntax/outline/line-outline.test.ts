import { expect, test } from 'vitest';
import { cpuMs } from '../testing/cpu-time.ts';
import { renderOutline } from '../testing/outline-text.ts';
import { lineSource } from './doc-comments.ts';
import { lineOutline } from './line-outline.ts';

function outline(text: string): string {
  const lines = lineSource(text);
  return renderOutline({
    language: 'text',
    lineCount: lines.count,
    symbols: lineOutline(lines),
    errorCount: 0,
  });
}

test('definitions by their first words, nested by indentation', () => {
  const text = `export abstract class Foo {
  method() {}
  def helper
    1
  end
}

pub async fn go() {
    x
}
type Alias = 1
func (r *Receiver) named() {
def py(a):
    return a

def last():
    pass
`;
  expect(outline(text)).toMatchInlineSnapshot(`
    "
    class Foo 1-6 head 1
    function helper 3-5 head 3 in Foo
    function go 8-10 head 8
    type Alias 11-11
    function py 13-14 head 13
    function last 16-17 head 16
    "
  `);
});

test('a line of a megabyte costs nothing', () => {
  const spent = cpuMs(() => {
    outline(`${'export '.repeat(150_000)}class A\n${'class '.repeat(150_000)}`);
  });
  expect(spent).toBeLessThan(500);
});
