import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { estimateTokens } from '../render/text.ts';
import { ERAS } from '../testing/connect.ts';
import { makeRepository, SMALL_REPOSITORY, temporaryFolder } from '../testing/run-command.ts';
import { connectStdio, type StdioConnection } from '../testing/stdio-client.ts';

let root = '';
let home = '';
beforeAll(() => {
  root = makeRepository(SMALL_REPOSITORY);
  home = temporaryFolder('home');
});
afterAll(() => {
  for (const folder of [root, home]) rmSync(folder, { recursive: true, force: true });
});

for (const era of ERAS) {
  describe(`prompts, ${era} client`, () => {
    let connection: StdioConnection;
    beforeAll(async () => {
      connection = await connectStdio(era, root, home);
      await connection.call('index_control', { action: 'start', wait: true });
    });
    afterAll(() => connection.close());
    const textOf = async (name: string, args: Record<string, string>) => {
      const { messages } = await connection.client.getPrompt({ name, arguments: args });
      expect(messages).toHaveLength(1);
      return (messages[0] as { content: { text: string } }).content.text;
    };

    it('are three, each naming only tools and arguments that exist', async () => {
      const { client } = connection;
      const { prompts } = await client.listPrompts();
      expect(prompts.map(({ name }) => name)).toEqual(['explore', 'impact_of_change', 'onboard']);
      const { tools } = await client.listTools();
      for (const { name, arguments: args = [] } of prompts) {
        const given = Object.fromEntries(
          args.filter(({ name: one }) => one !== 'since').map((one) => [one.name, 'src/session.ts']),
        );
        const text = await textOf(name, given);
        expect(text).toContain('src/session.ts');
        for (const [named] of text.matchAll(/\b[a-z]+_[a-z_]+(?= |:|\.)/g))
          if (/^(search|locate|find|get|analyze|index)_/.test(named))
            expect(tools.map((tool) => tool.name)).toContain(named);
        expect(estimateTokens(text)).toBeLessThan(6_000);
      }
    });

    it('begin with what the graph knows of the change', async () => {
      const text = await textOf('impact_of_change', { target: 'invalidateSession', change: 'rename it' });
      expect(text).toMatch(
        /^Tell me what a change of invalidateSession would break\.\n\nThe change: rename it/,
      );
      expect(text).toContain('src/session.test.ts — reaches it in 1 step');
      expect(await textOf('impact_of_change', {})).toContain('the changes since HEAD');
    });

    it('go out without it where it cannot be told', async () => {
      const text = await textOf('impact_of_change', { since: 'no-such-branch' });
      expect(text).toContain('The graph of the code could not be asked: "no-such-branch" names no commit');
      expect(text).toContain('1. find_references');
    });

    it.each([
      ['an unknown prompt', 'refactor', {}, /Unknown prompt "refactor"; the prompts are: explore/],
      ['a missing argument', 'explore', {}, /needs "topic"/],
      ['an empty argument', 'explore', { topic: '  ' }, /needs "topic"/],
      ['an unknown argument', 'onboard', { depth: '3' }, /no argument "depth"; valid are: area/],
      ['both ways to name a change', 'impact_of_change', { target: 'a', since: 'HEAD' }, /not both/],
      ['a text without end', 'explore', { topic: 'x'.repeat(10_001) }, /longer than/],
    ])('refuse %s', async (_what, name, args, message) => {
      const { client } = connection;
      await expect(
        client.getPrompt({ name, arguments: args as Record<string, string> }),
      ).rejects.toMatchObject({
        code: -32602,
        message: expect.stringMatching(message),
      });
    });

    it('complete files, definitions, folders and revisions', async () => {
      const { client } = connection;
      const complete = async (name: string, argument: string, value: string) =>
        (await client.complete({ ref: { type: 'ref/prompt', name }, argument: { name: argument, value } }))
          .completion.values;
      expect(await complete('impact_of_change', 'target', 'src/st')).toEqual(['src/store.ts']);
      expect(await complete('explore', 'topic', 'invalidateS')).toContain('invalidateSession');
      expect(await complete('onboard', 'area', '')).toEqual(expect.arrayContaining(['docs', 'src']));
      expect(await complete('impact_of_change', 'since', 'HE')).toEqual(['HEAD', 'HEAD~1']);
      expect(await complete('onboard', 'nothing', 'x')).toEqual([]);
    });
  });
}
