/** Lines over a common axis as SVG text, one panel below the other. Knows nothing of load. */

export interface Line {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface Panel {
  readonly title: string;
  readonly xTitle: string;
  readonly yTitle: string;
  readonly lines: readonly Line[];
}

const WIDTH = 760;
const PANEL = { height: 220, left: 70, right: 150, top: 34, bottom: 40 } as const;
const COLOURS = ['#1f77b4', '#d62728', '#2ca02c', '#9467bd', '#ff7f0e', '#8c564b'];

export function plot(panels: readonly Panel[]): string {
  const height = panels.length * PANEL.height;
  const body = panels.map(
    (panel, i) => `<g transform="translate(0 ${i * PANEL.height})">${drawn(panel)}</g>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" font-family="sans-serif" font-size="11">`,
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    ...body,
    '</svg>\n',
  ].join('\n');
}

function drawn({ title, xTitle, yTitle, lines }: Panel): string {
  const all = lines.flatMap(({ points }) => points);
  const [maxX, maxY] = [0, 1].map((axis) => Math.max(1e-9, ...all.map((point) => point[axis] ?? 0)));
  const width = WIDTH - PANEL.left - PANEL.right;
  const height = PANEL.height - PANEL.top - PANEL.bottom;
  const x = (value: number) => (PANEL.left + (value / (maxX ?? 1)) * width).toFixed(1);
  const y = (value: number) => (PANEL.top + height - (value / (maxY ?? 1)) * height).toFixed(1);
  const ticks = [0, 0.25, 0.5, 0.75, 1];
  return [
    `<text x="${PANEL.left}" y="18" font-weight="bold">${escaped(title)}</text>`,
    ...ticks.map((share) => {
      const value = share * (maxY ?? 1);
      return `<path d="M${PANEL.left} ${y(value)}h${width}" stroke="#ddd"/><text x="${PANEL.left - 6}" y="${y(value)}" text-anchor="end" dy="4">${short(value)}</text>`;
    }),
    ...ticks.map((share) => {
      const value = share * (maxX ?? 1);
      return `<text x="${x(value)}" y="${PANEL.top + height + 15}" text-anchor="middle">${short(value)}</text>`;
    }),
    `<text x="${PANEL.left + width / 2}" y="${PANEL.top + height + 30}" text-anchor="middle">${escaped(xTitle)}</text>`,
    `<text transform="translate(16 ${PANEL.top + height / 2}) rotate(-90)" text-anchor="middle">${escaped(yTitle)}</text>`,
    ...lines.map(({ name, points }, i) => {
      const colour = COLOURS[i % COLOURS.length];
      const path = points.map(([px, py], at) => `${at === 0 ? 'M' : 'L'}${x(px)} ${y(py)}`).join('');
      return `<path d="${path}" fill="none" stroke="${colour}" stroke-width="1.5"/><text x="${PANEL.left + width + 8}" y="${PANEL.top + 12 + 15 * i}" fill="${colour}">${escaped(name)}</text>`;
    }),
  ].join('\n');
}

const short = (value: number): string => String(Number(value.toPrecision(3)));
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
