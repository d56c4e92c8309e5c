/** A figure beside its aim and its reference, and the table of them. */

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly aim?: Aim;
  /** Measured in the same run, on the same machine, in the same unit. */
  readonly reference?: { readonly what: string; readonly value: number };
  /** What one must know to read it. */
  readonly note?: string;
}

/** All that is given has to hold. */
export interface Aim {
  readonly atLeast?: number;
  readonly atMost?: number;
  /** At least this share of the reference, 0 to 1. */
  readonly share?: number;
}

/** undefined when nothing is aimed at. */
export function isMet({ value, aim, reference }: Figure): boolean | undefined {
  if (aim === undefined) return undefined;
  const { atLeast = -Infinity, atMost = Infinity, share } = aim;
  const isShare = share === undefined || (reference !== undefined && value >= share * reference.value);
  return value >= atLeast && value <= atMost && isShare;
}

const HEAD = ['figure', 'measured', 'aim', 'reference', 'met', 'note'] as const;

/** Lines of text, columns aligned. */
export function tableOf(figures: readonly Figure[]): string {
  const rows = [HEAD, ...figures.map(rowOf)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function rowOf(figure: Figure): readonly string[] {
  const { name, value, unit, aim, reference, note } = figure;
  const met = isMet(figure);
  return [
    name,
    `${shown(value)} ${unit}`,
    aim === undefined ? '' : aimText(aim),
    reference === undefined ? '' : `${reference.what}: ${shown(reference.value)}`,
    met === undefined ? '' : met ? 'yes' : 'NO',
    note ?? '',
  ];
}

function aimText({ atLeast, atMost, share }: Aim): string {
  return [
    ...(atLeast === undefined ? [] : [`>= ${shown(atLeast)}`]),
    ...(atMost === undefined ? [] : [`<= ${shown(atMost)}`]),
    ...(share === undefined ? [] : [`>= ${shown(share * 100)} % of reference`]),
  ].join(', ');
}

function shown(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString('en-US', { maximumFractionDigits: digits });
}
