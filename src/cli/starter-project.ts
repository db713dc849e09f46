/** What `sq init` writes: a small shop that builds at once on the embedded engine. Path -> text. */
export function starterProject(name: string): Readonly<Record<string, string>> {
  return {
    'dbt_project.yml': `name: ${name}
version: '1.0.0'

# The connection: a profile of this name in profiles.yml (see profiles.example.yml).
# Without one, sq uses the embedded DuckDB and the file ${name}.duckdb in this folder.
profile: ${name}

model-paths: [models]
seed-paths: [seeds]
test-paths: [tests]
macro-paths: [macros]

models:
  ${name}:
    # Built beside the old table, tested there, then swapped in: a failing test never replaces good data.
    +publish: audited
    staging:
      +materialized: view
    marts:
      +materialized: table

seeds:
  ${name}:
    +publish: audited
`,
    'profiles.example.yml': `# Copy to profiles.yml (here, or in ~/.dbt) to say where tables are built.
${name}:
  target: dev
  outputs:
    dev:
      type: duckdb
      path: ${name}.duckdb
      schema: main
      threads: 4
`,
    'seeds/raw_orders.csv': `order_id,customer,ordered_on,status,amount
1,ada,2026-01-03,completed,18.50
2,grace,2026-01-03,completed,42.00
3,ada,2026-01-05,returned,9.90
4,edsger,2026-01-07,completed,120.00
5,grace,2026-01-09,placed,15.25
`,
    'models/staging/stg_orders.sql': `-- One row an order, with the types and names that the rest of the project relies on.
select
    cast(order_id as integer) as order_id,
    customer as customer_name,
    cast(ordered_on as date) as ordered_on,
    status,
    cast(amount as decimal(10, 2)) as amount
from {{ ref('raw_orders') }}
`,
    'models/staging/stg_orders.yml': `models:
  - name: stg_orders
    description: Orders as they come from the shop, cleaned.
    columns:
      - name: order_id
        description: Number of the order.
        data_tests: [unique, not_null]
      - name: status
        description: How far the order is.
        data_tests:
          - accepted_values:
              arguments:
                values: [placed, completed, returned]
`,
    'models/marts/customers.sql': `-- One row a customer: how often and how much they bought.
select
    customer_name,
    count(*) as orders,
    min(ordered_on) as first_order_on,
    max(ordered_on) as last_order_on,
    sum(case when status = 'completed' then amount else 0 end) as revenue
from {{ ref('stg_orders') }}
group by customer_name
`,
    'models/marts/customers.yml': `models:
  - name: customers
    description: Customers with what they bought.
    data_tests: [nonempty]
    columns:
      - name: customer_name
        description: Name, and the key.
        data_tests: [unique, not_null]
      - name: revenue
        description: Sum of completed orders.
`,
    'tests/revenue_is_not_negative.sql': `-- A test passes when its query has no rows.
select customer_name, revenue
from {{ ref('customers') }}
where revenue < 0
`,
    'macros/.gitkeep': '',
    '.gitignore': `target/
logs/
dbt_packages/
.sq/
.env
*.duckdb
*.duckdb.wal
`,
    'README.md': `# ${name}

    sq build                     # builds and tests everything
    sq show -s customers         # looks at a table
    sq build -s stg_orders+      # one model and all that reads it

- \`seeds/\` CSV files that are loaded as tables
- \`models/staging/\` raw data with the right names and types; \`models/marts/\` what people ask for
- \`tests/\` queries that must have no rows; the tests of columns stand in the \`.yml\` beside each model
- \`macros/\` SQL that several models share
`,
  };
}
