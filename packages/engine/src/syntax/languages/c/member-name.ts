/** Constructors, destructors and calls of instances have names of their own. */
export function memberName(bare: string, className: string): string {
  if (bare === className) return '%init';
  if (bare.startsWith('~')) return '%delete';
  return bare === 'operator()' ? '__call__' : bare;
}
