import { expect, test } from 'vitest';
import { cpuMs } from '../../testing/cpu-time.ts';
import { itemMacros } from './item-macros.ts';

test('finds calls that hold items, with their first line', () => {
  const text = `use a::b;
cfg_rt! {
    pub fn one() {}
}

vec! [1];
thread_local! {
    let x = 1;
}
mod inner {
    cfg_io! {
        mod deep {
        }
    }
}
macro_rules! m {
    () => { fn no() {} };
}
cfg_net! {
    pub(crate) async fn two() {}
}
`;
  expect(itemMacros(text).map((piece) => `${piece.startLine} ${piece.text.trim().split('\n')[0]}`)).toEqual([
    '3 pub fn one() {}',
    '12 mod deep {',
    '20 pub(crate) async fn two() {}',
  ]);
});

test.each(['a! {', 'a! {\nfn f() {}', '', '}\n}\n', 'a! {\r\nfn f() {}\r\n}\r\n'])('ends on %j', (text) => {
  expect(itemMacros(text).length).toBeLessThanOrEqual(1);
});

test('is linear in calls without an end', () => {
  const spent = cpuMs(() => {
    itemMacros(' a! {\n'.repeat(100_000));
    itemMacros('a! {\n}\n'.repeat(100_000));
    itemMacros(`a! {\n${'pub '.repeat(100_000)}\n}`);
  });
  expect(spent).toBeLessThan(1_000);
});
