/**
 * Code blocks of a guide that are marked to be tested. A mark stands on the line before the fence and is not shown to readers:
 * `runs` is executed, `file: NAME` is written first, `config` is a configuration of the server, `client: NAME` connects a client.
 */

export interface GuideBlock {
  readonly mark: 'runs' | 'file' | 'config' | 'client';
  /** What stands behind the mark. */
  readonly name: string;
  readonly language: string;
  readonly text: string;
}

const BLOCK = /^<!-- (runs|file|config|client)(?:: (\S+))? -->\n```(\w+)\n([\s\S]*?)\n```$/gm;

export function guideBlocks(guide: string): readonly GuideBlock[] {
  return [...guide.matchAll(BLOCK)].map(([, mark, name = '', language = '', text = '']) => ({
    mark: mark as GuideBlock['mark'],
    name,
    language,
    text,
  }));
}
