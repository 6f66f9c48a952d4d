/** Names of what is outside the workspace, as they are shown. */

const maxParts = 5;

/** `a.b().c().d()…` of something unknown says no more than its beginning; names of packages are long by themselves and do not count. */
export function memberName(holder: string, name: string): string {
  const parts = holder.split('.');
  const first = parts.findIndex((part) => /^[A-Z]/.test(part));
  return parts.length - Math.max(0, first) < maxParts ? `${holder}.${name}` : holder;
}

/** Without what tells static members and overloads apart. */
export function bareName(name: string): string {
  return name.replace(/^static /, '').replace(/(\([\d*]*\)|`\d+)$/, '');
}
