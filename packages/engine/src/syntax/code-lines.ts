/** The lines of a text without its comments: whether a change is one of code. Text in, text out; a text without a tree stays as it is. */
import type { LanguageId } from '../model/file.ts';
import { loadLanguage, readTree } from './parse-file.ts';
import { type PlainNode, plainTree } from './references/plain-tree.ts';

/** Each line without comments and without space at its end: '' says nothing. */
export async function codeLines(text: string, language: LanguageId): Promise<readonly string[]> {
  await loadLanguage(language);
  const root = readTree(text, language, (tree) => plainTree(tree, text));
  const spans = root === undefined ? [] : commentsIn(root);
  let code = '';
  let from = 0;
  for (const { start, end } of spans) {
    code += text.slice(from, start) + text.slice(start, end).replace(/[^\n]+/g, '');
    from = end;
  }
  return (code + text.slice(from)).split('\n').map((line) => line.trimEnd());
}

/** In order of the text. A comment that gives orders to tools is one, too. */
function commentsIn(root: PlainNode): readonly PlainNode[] {
  const found: PlainNode[] = [];
  const open = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (/comment$/.test(node.type)) found.push(node);
    else for (let i = node.children.length - 1; i >= 0; i--) open.push(node.children[i] as PlainNode);
  }
  return found;
}
