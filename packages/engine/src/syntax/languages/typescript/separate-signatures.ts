/**
 * The grammar takes a call signature that begins with `<` on a line of its own for a continuation of the line before, and gives up on the
 * whole interface. A semicolon in the indentation says what the line break means. Keeps the length and every line break.
 */

/** After these the line before goes on: an operator, an open bracket, `=>`. */
const signature = /([\w$)\]}'"`]|[^=]>)([ \t]*\r?\n[ \t]*)[ \t](<[A-Z\n])/g;

export function separateSignatures(text: string): string {
  return text.replace(signature, '$1$2;$3');
}
