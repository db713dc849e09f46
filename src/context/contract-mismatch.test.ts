import { describe, expect, it } from 'vitest';
import { contractMismatch } from './contract-mismatch.ts';

describe('a contract that is not kept', () => {
  it('is told as a table of the columns that differ, by name', () => {
    const declared = [
      { name: 'id', data_type: 'INTEGER' },
      { name: 'day', data_type: 'DATE' },
    ];
    const found = [
      { name: 'day', data_type: 'VARCHAR' },
      { name: 'error', data_type: 'INTEGER' },
    ];
    expect(contractMismatch(declared, found)).toBe(
      [
        'This model has an enforced contract that failed.',
        "Please ensure the name, data_type, and number of columns in your contract match the columns in your model's definition.",
        '',
        '| column_name | definition_type | contract_type | mismatch_reason       |',
        '| ----------- | --------------- | ------------- | --------------------- |',
        '| day         | VARCHAR         | DATE          | data type mismatch    |',
        '| error       | INTEGER         |               | missing in contract   |',
        '| id          |                 | INTEGER       | missing in definition |',
      ].join('\n'),
    );
  });

  it('says so when no columns are declared', () => {
    expect(contractMismatch([], [])).toBe(
      "This model has an enforced contract, and its 'columns' specification is missing",
    );
  });
});
