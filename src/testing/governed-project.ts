/** A small project that holds one of nearly everything dbt's artefacts know. */

const PROJECT = `name: shop
version: '1.0'
config-version: 2
profile: shop
vars: {currency: eur}
query-comment: {comment: 'shop of {{ target.name }}', append: true}
on-run-start: ["select 1"]
on-run-end: ["select {{ results | length }}"]
models:
  shop:
    +meta: {owner: shop}
    +tags: [nightly]
    +persist_docs: {relation: true, columns: true}
`;

const PROFILE = `shop:
  target: dev
  outputs:
    dev: {type: duckdb, path: shop.duckdb, schema: main, threads: 2}
`;

const PROPERTIES = `version: 2
groups:
  - name: finance
    owner: {name: Fin, email: fin@example.com, slack: '#fin'}
    config: {meta: {team: 1}}
models:
  - name: orders
    description: "{{ doc('orders') }}"
    latest_version: 2
    config:
      group: finance
      access: public
      contract: {enforced: true}
      grants: {select: [reader]}
    deprecation_date: 2999-01-01
    constraints:
      - {type: unique, columns: [id, day]}
    columns:
      - name: id
        description: key of an order
        data_type: integer
        constraints: [{type: not_null}, {type: check, expression: id > 0}]
        data_tests: [unique, not_null]
      - {name: day, data_type: date, quote: true, tags: [time], meta: {pii: false}}
      - {name: amount, data_type: "decimal(10,2)"}
    versions:
      - v: 1
        defined_in: orders_old
        deprecation_date: 2999-01-01
        columns: [{include: all, exclude: [amount]}]
      - v: 2
  - name: customers
    docs: {show: true, node_color: gold}
    columns:
      - name: customer
        data_tests:
          - accepted_values:
              name: known_customers
              description: only these
              arguments: {values: [1, 2, 3]}
              config: {severity: warn, where: 'customer > 0', limit: 5, warn_if: '>1', error_if: '>10', store_failures: true, tags: [x], meta: {a: 1}}
          - relationships:
              arguments: {to: "source('raw', 'payments')", field: customer}
  - name: time_spine
    time_spine: {standard_granularity_column: date_day}
    columns: [{name: date_day, granularity: day}]
unit_tests:
  - name: customers_are_counted
    model: customers
    description: by hand
    given:
      - {input: ref('recent'), format: sql, rows: 'select 1 as id'}
      - {input: "source('raw', 'payments')", format: csv, rows: "customer,amount\\n1,3"}
    expect: {rows: [{customer: 1, paid: 3}]}
    overrides: {macros: {is_incremental: false}, vars: {currency: usd}}
    config: {tags: [unit], meta: {a: 1}}
  - name: customers_pay_again
    model: customers
    runs:
      - given:
          - {input: ref('recent'), rows: [{id: 1}]}
          - {input: "source('raw', 'payments')", rows: [{customer: 1, amount: 3}, {customer: 2, amount: 4}]}
      - given:
          - {input: ref('recent'), rows: [{id: 1}]}
          - {input: "source('raw', 'payments')", rows: [{customer: 1, amount: 5}]}
    expect: {rows: [{customer: 1, paid: 5}, {customer: 2, paid: 4}]}
    overrides: {vars: {currency: usd}}
exposures:
  - name: report
    label: The report
    type: dashboard
    maturity: high
    url: https://example.com/report
    description: what the board sees
    depends_on: ["ref('customers')", "source('raw', 'payments')"]
    owner: {name: Ann, email: ann@example.com}
    config: {tags: [board], meta: {a: 1}}
sources:
  - name: raw
    description: from the till
    schema: main
    loader: by hand
    config:
      loaded_at_field: loaded_at
      freshness: {warn_after: {count: 1, period: day}, error_after: {count: 900000, period: day}}
    quoting: {identifier: true}
    tables:
      - name: payments
        identifier: payments_raw
        description: one row a payment
        columns: [{name: customer, data_tests: [not_null]}]
seeds:
  - name: payments_raw
    config: {column_types: {amount: "decimal(10,2)"}, docs: {show: false}}
    columns: [{name: customer}]
macros:
  - name: cents
    description: money
    arguments: [{name: value, type: string, description: a text}]
analyses:
  - name: busiest
    description: the busiest day
semantic_models:
  - name: orders
    model: ref('orders')
    defaults: {agg_time_dimension: ordered_on}
    entities: [{name: order, type: primary, expr: id}]
    dimensions: [{name: ordered_on, expr: day, type: time, type_params: {time_granularity: day}}]
    measures: [{name: amount, agg: sum, create_metric: true}]
metrics:
  - name: revenue
    label: Revenue
    type: simple
    type_params: {measure: amount}
saved_queries:
  - name: by_day
    query_params: {metrics: [revenue], group_by: ["TimeDimension('order__ordered_on', 'day')"]}
    exports: [{name: by_day, config: {export_as: table}}]
`;

/** Its files; DuckDB, target \`dev\`. */
export const GOVERNED_PROJECT: Readonly<Record<string, string>> = {
  'dbt_project.yml': PROJECT,
  'profiles.yml': PROFILE,
  'models/properties.yml': PROPERTIES,
  'models/docs.md': '{% docs orders %}\nOne row an order.\n{% enddocs %}\n',
  'models/orders_old.sql': `{{ config(materialized='table') }}\nselect 1 as id, date '2026-01-01' as day\n`,
  'models/orders_v2.sql': `{{ config(materialized='table', post_hook="select 1") }}\nselect 1 as id, date '2026-01-01' as day, cast(3 as decimal(10,2)) as amount\n`,
  'models/recent.sql': `{{ config(materialized='ephemeral') }}\nselect * from {{ ref('orders', v=2) }}\n`,
  'models/customers.sql': `{{ config(materialized='incremental', unique_key='customer', alias='people') }}\nselect p.customer, {{ cents('sum(p.amount)') }} as paid\nfrom {{ source('raw', 'payments') }} p cross join {{ ref('recent') }} r\n{% if is_incremental() %} where true {% endif %}\ngroup by 1\n`,
  'models/time_spine.sql': `{{ config(materialized='view') }}\nselect date '2026-01-01' as date_day\n`,
  'macros/cents.sql': '{% macro cents(value) %}{{ value }}{% endmacro %}\n',
  'macros/empty_test.sql': '{% test never(model) %}select * from {{ model }} where false{% endtest %}\n',
  'analyses/busiest.sql': `select * from {{ ref('orders') }}\n`,
  'tests/no_loss.sql': `{{ config(severity='warn') }}\nselect * from {{ ref('customers') }} where paid < 0\n`,
  'seeds/payments_raw.csv': 'customer,amount,loaded_at\n1,3.00,2026-11-20 00:00:00\n',
  'snapshots/people.yml': `snapshots:\n  - name: people_history\n    relation: ref('customers')\n    config: {unique_key: customer, strategy: check, check_cols: all, hard_deletes: invalidate}\n`,
  'selectors.yml': `selectors:\n  - name: nightly\n    description: each night\n    definition: {method: tag, value: nightly, children: true}\n`,
};
