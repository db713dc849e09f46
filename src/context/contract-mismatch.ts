/** dbt's text for a contract that its query does not keep: a table of the columns that differ. */
export interface ContractColumn {
  name: string;
  data_type: string;
}

/** `declared` are the columns of the YAML, `found` those of the query. */
export function contractMismatch(
  declared: readonly ContractColumn[],
  found: readonly ContractColumn[],
): string {
  if (declared.length === 0)
    return "This model has an enforced contract, and its 'columns' specification is missing";
  const rows = mismatches(declared, found).sort((a, b) => (a[0]! < b[0]! ? -1 : 1));
  return `This model has an enforced contract that failed.\nPlease ensure the name, data_type, and number of columns in your contract match the columns in your model's definition.\n\n${table(rows)}`;
}

function mismatches(declared: readonly ContractColumn[], found: readonly ContractColumn[]): string[][] {
  const rows: string[][] = [];
  for (const { name, data_type } of found) {
    const same = declared.find((column) => column.name === name);
    if (same === undefined) rows.push([name, data_type, '', 'missing in contract']);
    else if (same.data_type !== data_type) rows.push([name, data_type, same.data_type, 'data type mismatch']);
  }
  const names = new Set(found.map(({ name }) => name));
  for (const { name, data_type } of declared) {
    if (!names.has(name)) rows.push([name, '', data_type, 'missing in definition']);
  }
  return rows;
}

function table(rows: readonly (readonly string[])[]): string {
  const header = ['column_name', 'definition_type', 'contract_type', 'mismatch_reason'];
  const widths = header.map((name, i) => Math.max(name.length, ...rows.map((row) => row[i]!.length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(' | ')} |`;
  return [line(header), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
