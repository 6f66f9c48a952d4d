import { beforeAll, describe, expect, it } from 'vitest';
import { loadLanguage, parseFile } from '../parse-file.ts';
import { sample, showSymbols } from './outline.test-kit.ts';

beforeAll(async () => {
  await Promise.all(['vue', 'svelte', 'astro', 'html'].map(loadLanguage));
}, 60_000);

const outlineOf = (language: string, text: string): string =>
  showSymbols(parseFile(sample(text), language).symbols);

describe('component files', () => {
  it('Vue: blocks, then the symbols of script and style on the lines of the file', () => {
    const text = `
      <template>
        <div v-if="a > b"><template #slot>x</template></div>
      </template>

      <script setup lang="ts">
      import { ref } from 'vue';
      const count = ref(0);
      function add(n: number) {
        count.value += n;
      }
      </script>
      <style scoped lang="scss">
      .btn { color: red; }
      </style>
    `;
    expect(outlineOf('vue', text)).toMatchInlineSnapshot(`
      "section template 1-3
      section script setup 5-11
      constant count 7-7
      function add 8-10
      section style 12-14
      rule .btn 13-13"
    `);
  });

  it('Svelte, Astro and HTML', () => {
    expect(
      outlineOf(
        'svelte',
        '<script>\n  export let name;\n  function hi() {\n    return name;\n  }\n</script>\n<h1 on:click={() => hi()}>{name}</h1>\n',
      ),
    ).toMatchInlineSnapshot(`
      "section script 1-6
      variable name 2-2
      function hi 3-5"
    `);
    expect(
      outlineOf(
        'astro',
        '---\nconst a = 1;\nfunction b() {\n  return 1;\n}\n---\n<script>let c = 1;</script>\n',
      ),
    ).toMatchInlineSnapshot(`
      "constant a 2-2
      function b 3-5
      section script 7-7
      variable c 7-7"
    `);
    expect(
      outlineOf(
        'html',
        '<h1>A</h1>\n<script type="text/template"><h2>no</h2></script>\n<script type="text/javascript">\nfunction f() {}\n</script>\n',
      ),
    ).toMatchInlineSnapshot(`
      "section A 1-5
      function f 4-4"
    `);
  });

  it('survives what is not closed', () => {
    expect(outlineOf('vue', '<script lang="ts">\nfunction a() {}\n')).toMatchInlineSnapshot(
      `"section script 1-3"`,
    );
    expect(outlineOf('vue', '<template>\n<div>\n</script>\n<style></style')).toMatchInlineSnapshot(
      `"section template 1-4"`,
    );
  });
});
