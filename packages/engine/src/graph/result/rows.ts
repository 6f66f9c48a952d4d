/** Rows of a graph's columns: chosen, taken, and put behind others. */

export function rowsWhere(count: number, holds: (row: number) => boolean): number[] {
  const rows: number[] = [];
  for (let row = 0; row < count; row++) if (holds(row)) rows.push(row);
  return rows;
}

/** What a column has in these rows. */
export function rowsOf(column: Int32Array, rows: readonly number[]): Int32Array {
  const found = new Int32Array(rows.length);
  for (let i = 0; i < rows.length; i++) found[i] = column[rows[i] as number] as number;
  return found;
}

export function joined<Column extends Int32Array | Uint8Array>(
  column: Column,
  more: ArrayLike<number>,
): Column {
  const all = new (column.constructor as new (length: number) => Column)(column.length + more.length);
  all.set(column);
  all.set(more, column.length);
  return all;
}
