import { describe, expect, it } from 'vitest';
import { duckDbDialect } from '../adapters/duckdb/dialect.ts';
import type { SqEvent } from '../events.ts';
import { fromJs } from '../template/index.ts';
import { constraintMembers } from './constraint-members.ts';

type Render = (raw: unknown) => string[];

function members(constraints = duckDbDialect.capabilities.constraints) {
  const events: SqEvent[] = [];
  const made = constraintMembers(
    { ...duckDbDialect, capabilities: { ...duckDbDialect.capabilities, constraints } },
    (event) => events.push(event),
  );
  return {
    events,
    columns: (raw: unknown) => (made.render_raw_columns_constraints as Render)(fromJs(raw)),
    model: (raw: unknown) => (made.render_raw_model_constraints as Render)(fromJs(raw)),
  };
}

describe('constraints as DDL', () => {
  it('of columns stand behind the type, in the order of the YAML', () => {
    const raw = {
      id: {
        name: 'id',
        data_type: 'integer',
        constraints: [
          { type: 'not_null' },
          { type: 'check', expression: '(id > 0)' },
          { type: 'foreign_key', to: 'main.o', to_columns: ['id'] },
          { type: 'custom', expression: 'generated always' },
        ],
      },
      from: { name: 'from', data_type: 'text', quote: true, constraints: [] },
    };
    expect(members().columns(raw)).toEqual([
      'id integer not null check ((id > 0)) references main.o (id) generated always',
      '"from" text',
    ]);
  });

  it('of the model name their columns', () => {
    const raw = [
      { type: 'primary_key', columns: ['a', 'b'] },
      { type: 'unique', name: 'odd', columns: ['c'] },
      { type: 'foreign_key', columns: ['d'], expression: 'main.o (id)' },
    ];
    expect(members().model(raw)).toEqual([
      'primary key (a, b)',
      'constraint odd unique (c)',
      'foreign key (d) references main.o (id)',
    ]);
  });

  it('that the engine does not know are left out, and a warning says so unless it is told not to', () => {
    const made = members({ unique: 'not enforced' });
    expect(
      made.model([
        { type: 'check', expression: 'a > 0' },
        { type: 'check', expression: 'b > 0', warn_unsupported: false },
        { type: 'unique', columns: ['a'] },
      ]),
    ).toEqual(['unique (a)']);
    expect(made.events).toMatchObject([
      { event_name: 'ConstraintNotSupported' },
      { event_name: 'ConstraintNotEnforced' },
    ]);
  });
});
