// A doc comment as prose: without comment marks, tags, markup and tables of parameters. Knows many styles and no language.

const OPENING = /^\s*(?:\/\*\*?!?|\/\/[/!]?|#+!?|--+\|?|;+|%+|\(\*+|<!--|[rubRUB]{0,2}("""|'''))/;
const CLOSING = /(?:\*+\/|"""|'''|-->|\*\))\s*$/;
const STAR = /^\s*\*(?!\/)\s?/;
/** Where the description ends and the table of parameters begins. */
const TAG =
  /^\s*(?:[@\\](?:param|return|returns|throws|exception|see|since|author|version|deprecated|type|example|template|internal|api|private|public|todo|link|file|ingroup|brief\s*$|tparam|retval|note|var|method|property|default|date)\b|:(?:param|type|return|returns|rtype|raises?|ivar|class|meth)\b|(?:Args?|Arguments|Parameters?|Params|Returns?|Raises?|Yields?|Examples?|Example usage|Usage|Notes?|See Also|References|Attributes|Throws|Options?|Keyword Args|- Parameters?|- Returns|- Throws|# Arguments|# Returns|# Examples?|# Errors|# Panics|# Safety)\s*:?\s*$|- Parameters? |- Returns: |- Throws: |<(?:param|returns|exception|remarks|example|typeparam|seealso)\b|```|>>>|\.\. )/i;

/** All words of the comment, with its tags, one line for each. */
export function plainDoc(lines: readonly string[]): string[] {
  return lines.map((line) =>
    line
      .replace(OPENING, '')
      .replace(CLOSING, '')
      .replace(STAR, '')
      .replace(/^\s*[#/*!]+\s/, '')
      .trim(),
  );
}

/** What the comment says of its definition, before tags and examples; paragraphs are kept apart. May be empty. */
export function descriptionOf(lines: readonly string[]): string {
  const plain = plainDoc(lines);
  const end = plain.findIndex((line) => TAG.test(line));
  const kept = end === -1 ? plain : plain.slice(0, end);
  return withoutMarkup(kept.join('\n').replace(/[-=~]{4,}/g, ' ')).trim();
}

function withoutMarkup(text: string): string {
  return text
    .replace(/\{@\w+\s+([^}]*)\}/g, '$1')
    .replace(/<(?:see|paramref|typeparamref)\s+\w+="([^"]*)"\s*\/?>/g, '$1')
    .replace(/<\/?[a-zA-Z][^<>\n]{0,120}>/g, ' ')
    .replace(/^[@\\]brief\s+/gm, '')
    .replace(/:\w+:`~?([^`]*)`/g, '$1')
    .replace(/\[([^\]\n]+)\]\([^)\n]*\)/g, '$1')
    .replace(/https?:\/\/\S+/g, ' ')
    .replace(/`+/g, '')
    .replace(/[ \t]+/g, ' ');
}

/** Up to the first full stop of any script, or the first empty line. */
export function firstSentence(description: string): string {
  const paragraph = description.split(/\n\s*\n/, 1)[0] ?? '';
  const text = paragraph.replace(/\s+/g, ' ').trim();
  const end = /[.!?](?=\s+[\p{Lu}\d"'(`]|$)|[。！？]/u.exec(text);
  return end === null ? text : text.slice(0, end.index + 1);
}

/** Words of two letters or more, signs of scripts without spaces counted by two. */
export function wordCount(text: string): number {
  let count = 0;
  for (const [word] of text.matchAll(/[\p{L}\p{N}_]{2,}/gu))
    count += /[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]/.test(word) ? Math.ceil(word.length / 2) : 1;
  return count;
}

/** Sentences that any definition could have, or that are about no code. */
const NOISE =
  /inheritdoc|copyright|licen[cs]ed? under|all rights reserved|auto-?generated|^(?:todo|fixme|xxx|hack|nolint|eslint|noinspection|pragma|type:|noqa|@ts-|see |deprecated)/i;

export const isNoise = (text: string): boolean => NOISE.test(text.trim());
