/** The commands, as data: what help says and which file does the work. */

export interface CommandSpec {
  /** As typed; one of a group has two words: `source freshness`. */
  name: string;
  /** dbt's name in `flags.WHICH` and artefacts; default: `name`. */
  which?: string;
  aliases?: readonly string[];
  summary: string;
  /** A paragraph: what it does, what it leaves behind. */
  about: string;
  examples: readonly (readonly [call: string, what: string])[];
  /** An argument after the command, with its help. */
  argument?: readonly [name: string, help: string];
  /** The argument may be left out. */
  argumentOptional?: true;
}

export const COMMAND_SPECS: readonly CommandSpec[] = [
  {
    name: 'build',
    summary: 'seeds, models and their tests, in the order of the graph',
    about:
      'Loads seeds, builds models and runs tests, each as soon as what it reads is ready. A model whose test ' +
      'fails holds back everything downstream. With `publish: audited` the new table is tested beside the old ' +
      'one and takes its place only when its tests pass.',
    examples: [
      ['sq build', 'everything'],
      ['sq build -s songplays+', 'songplays and all that reads it'],
      ['sq build -s +songplays --full-refresh', 'songplays and all it needs, from nothing'],
      ['sq build --dry-run', 'the statements, without running one'],
    ],
  },
  {
    name: 'backfill',
    summary: 'a build for each day (hour, month) of a stretch of time',
    about:
      'Builds the selection once for each interval between --from and --to, as `sq build --event-time-start … ' +
      '--event-time-end …` would. What is done is kept in .sq/backfill: the same command goes on where it was stopped.',
    examples: [
      ['sq backfill --from 2018-11-01 --to 2018-12-01', 'all days of November'],
      [
        'sq backfill --from 2018-01-01 --to 2019-01-01 --batch month -s staging_events+',
        'twelve builds of a selection',
      ],
    ],
  },
  {
    name: 'run',
    summary: 'models only, without tests',
    about: 'Builds the selected models in the order of the graph. Tests do not run: see `sq build`.',
    examples: [
      ['sq run -s staging', 'all models in the folder staging'],
      ['sq run -s tag:daily --exclude songs', 'models with a tag, but one'],
      ["sq run --vars '{day: 2018-11-15}'", 'with a variable'],
    ],
  },
  {
    name: 'test',
    summary: 'tests of tables that exist',
    about:
      'Runs the selected data tests against the tables as they are now. A test passes when its query has no rows.',
    examples: [
      ['sq test', 'all tests'],
      ['sq test -s songs', 'the tests of one model'],
      ['sq test -s test_type:singular --store-failures', 'keep the failing rows in tables'],
    ],
  },
  {
    name: 'seed',
    summary: 'CSV files of the project into tables',
    about:
      'Loads the CSV files of the seed folders. Column types are inferred; `column_types` in the config wins.',
    examples: [
      ['sq seed', 'all seeds'],
      ['sq seed -s countries --full-refresh', 'one, dropped and made again'],
    ],
  },
  {
    name: 'snapshot',
    summary: 'versions of rows, kept with the time for which they were valid',
    about:
      'Compares the rows of each snapshot with those it stored before: changed rows get a new version, the old one ' +
      'ends. Nothing stored is ever deleted.',
    examples: [
      ['sq snapshot', 'all snapshots'],
      ['sq snapshot -s users_history', 'one'],
    ],
  },
  {
    name: 'show',
    summary: 'rows of a model, or of a query',
    about: 'Compiles a node or a query, runs it and shows the first rows. Nothing is written.',
    examples: [
      ['sq show -s songplays --limit 10', 'ten rows of a model'],
      [`sq show --inline "select level, count(*) from {{ ref('users') }} group by 1"`, 'a query of your own'],
      ['sq show -s users --output json --quiet', 'JSON and nothing else'],
    ],
  },
  {
    name: 'compile',
    summary: 'templates to SQL, into target/compiled',
    about:
      'Renders the selected nodes to SQL and writes them to target/compiled. Shows the SQL of a single one.',
    examples: [
      ['sq compile', 'everything'],
      ['sq compile -s songplays', 'one model, shown'],
      [`sq compile --inline "select * from {{ ref('songs') }}"`, 'a query of your own'],
    ],
  },
  {
    name: 'ls',
    aliases: ['list'],
    summary: 'the nodes of a selection',
    about: 'Lists nodes, one a line. The cheapest way to try a selector before using it.',
    examples: [
      ['sq ls -s +songplays', 'what songplays needs'],
      ['sq ls --resource-type model --output name', 'names of all models'],
      ['sq ls -s tag:daily --output json --output-keys name config.materialized', 'JSON with two keys'],
    ],
  },
  {
    name: 'lineage',
    summary: 'where data comes from and goes to: nodes, or one column',
    about:
      'Draws the selected nodes and what flows between them, as a tree or for another program. With --column, ' +
      'the whole path of one column: each step says whether it was copied, renamed or transformed. Nothing but ' +
      'the drawing goes to stdout.',
    examples: [
      ['sq lineage', 'the whole project, sources first'],
      ['sq lineage -s +songplays', 'what songplays is made from'],
      ['sq lineage --column songplays.artist_id', 'where a column comes from and goes to'],
      ['sq lineage -s songplays+ --format mermaid', 'for a README or a comment on GitHub'],
      ['sq lineage --output docs/lineage.svg', 'a picture; light and dark, no script'],
      ['sq lineage --format dot --output a.dot', 'for Graphviz: dot -Tpng a.dot -o a.png'],
    ],
  },
  {
    name: 'docs generate',
    which: 'generate',
    aliases: ['docs'],
    summary: 'the project as a page: lineage, columns, tests, runs',
    about:
      'Writes manifest.json, catalog.json and index.html into the target folder: one file that shows what the ' +
      'project is, where each column comes from, what the last runs did and what is broken. It opens from a disk, ' +
      'a bucket or an e-mail and asks nobody for anything. What has not changed is not made again.',
    examples: [
      ['sq docs', 'the whole project'],
      ['sq build --docs', 'after a build, with its results'],
      ['sq docs generate --empty-catalog', 'without asking the warehouse'],
      ['sq docs generate --output-dir public', 'for GitHub Pages or a bucket'],
      ['sq docs generate --no-compiled-code', 'without compiled SQL, which may hold values of env_var()'],
    ],
  },
  {
    name: 'docs serve',
    which: 'serve',
    summary: 'the page in a browser',
    about:
      'Serves the page on this machine until Ctrl-C; makes it first where there is none, or where the project or ' +
      'its runs are newer.',
    examples: [
      ['sq docs serve', 'http://127.0.0.1:8080'],
      ['sq docs serve --port 8081 --no-browser', ''],
    ],
  },
  {
    name: 'parse',
    summary: 'reads the project and checks it',
    about: 'Reads every file of the project and writes target/manifest.json. Needs no connection.',
    examples: [
      ['sq parse', ''],
      ['sq parse --no-partial-parse', 'without the cache'],
    ],
  },
  {
    name: 'source freshness',
    which: 'freshness',
    aliases: ['snapshot-freshness'],
    summary: 'how old the newest rows of sources are',
    about:
      'Asks every source with `freshness:` for its newest row (loaded_at_field, loaded_at_query, the files of an ' +
      'external source) and compares its age with the limits. Writes target/sources.json.',
    examples: [
      ['sq source freshness', 'all sources that have limits'],
      ['sq source freshness -s source:raw', 'the tables of one source'],
      ['sq build -s source_status:fresher+ --state prod', 'afterwards: what reads sources with newer rows'],
    ],
  },
  {
    name: 'retry',
    summary: 'the last command again, for what failed',
    about:
      'Repeats the command that wrote run_results.json, with its options, for the nodes that failed or were ' +
      'skipped. Of a microbatch model only the batches that failed.',
    examples: [
      ['sq retry', 'the last command'],
      ['sq retry --state artefacts', 'the command whose artefacts are in that folder'],
    ],
  },
  {
    name: 'clone',
    summary: 'tables of another target, as views in this one',
    about:
      'Makes every selected node in this target from the one that the run of --state has built: a copy without ' +
      'data where the engine can, a view elsewhere. What is there already stays, unless --full-refresh is given.',
    examples: [
      ['sq clone --state prod', 'everything'],
      ['sq clone --state prod -s +songplays --full-refresh', 'some, replacing what is there'],
    ],
  },
  {
    name: 'run-operation',
    summary: 'a macro, or a statement',
    about: 'Calls a macro of the project or of a package, or runs a statement. What it writes stays.',
    examples: [
      ["sq run-operation grant_select --args '{role: reporter}'", 'a macro with its arguments'],
      ['sq run-operation dbt_helpers.cleanup', 'a macro of a package'],
      ['sq run-operation --sql "drop table {{ target.schema }}.old"', 'a statement'],
    ],
    argument: ['macro', 'name of the macro, or package.name'],
    argumentOptional: true,
  },
  {
    name: 'deps',
    summary: 'the packages of packages.yml, into dbt_packages',
    about:
      'Finds the packages that packages.yml (or dependencies.yml) and they themselves ask for, writes their versions to ' +
      'package-lock.yml and installs them: from the package index, git, archives and folders. DBT_PACKAGE_HUB_URL names ' +
      'another index, or a folder laid out like one.',
    examples: [
      ['sq deps', 'what the lock file says, or packages.yml when changed'],
      ['sq deps --upgrade', 'choose versions anew'],
      ['sq deps --add-package dbt-labs/dbt_utils@1.3.0', 'add one to packages.yml'],
    ],
  },
  {
    name: 'debug',
    summary: 'what sq sees: project, profile, connection',
    about: 'Shows which files are used and tries the connection. Exit code 1 when something is wrong.',
    examples: [
      ['sq debug', ''],
      ['sq debug --target prod --connection', 'only the connection of a target'],
    ],
  },
  {
    name: 'infra up',
    summary: 'Redshift Serverless, a bucket and a role on AWS, as one CloudFormation stack',
    about:
      'Shows what would be made or changed, asks, does it and tells what happens; then writes the profile that reaches ' +
      'it. The same call again changes nothing, or goes on where it was cut off. Docs: docs/infra.md.',
    examples: [
      ['sq infra up --dry-run', 'what it would be made of; asks AWS nothing'],
      ['sq infra up --region us-west-2', 'make it, or bring it up to date'],
      ['sq infra up --name sparkify --max-capacity 32 --yes', 'another size, without being asked'],
    ],
  },
  {
    name: 'infra status',
    summary: 'how the stack on AWS is',
    about:
      'Shows the state of the stack, its outputs and whether its bucket holds data. Exit code 1 when it is not whole.',
    examples: [['sq infra status', '']],
  },
  {
    name: 'infra down',
    summary: 'takes the stack on AWS down',
    about:
      'Deletes the stack. A bucket that holds data stops it, unless --delete-data is given; the tables of the warehouse ' +
      'stay for 30 days as a snapshot, unless --no-final-snapshot is given.',
    examples: [
      ['sq infra down', 'everything that holds no data'],
      ['sq infra down --delete-data', 'with all files in the bucket'],
    ],
  },
  {
    name: 'init',
    summary: 'a new project that builds at once',
    about: 'Makes a folder with a small project on the embedded engine: two models, a seed, tests.',
    examples: [
      ['sq init shop', 'a project in the folder shop'],
      ['cd shop && sq build', 'builds it'],
    ],
    argument: ['name', 'name and folder of the project: letters, digits, _'],
  },
  {
    name: 'clean',
    summary: 'deletes what sq has written',
    about:
      'Deletes the folders of `clean-targets` (default: the target folder). Never outside the project, never a ' +
      'DuckDB file.',
    examples: [
      ['sq clean', ''],
      ['sq clean --rejected', 'drop the tables <name>__rejected of failed audits'],
    ],
  },
];

/** First words of commands that have two. */
export const COMMAND_GROUPS: readonly string[] = ['docs', 'infra', 'source'];

export function commandSpec(name: string): CommandSpec | undefined {
  return COMMAND_SPECS.find((spec) => spec.name === name || spec.aliases?.includes(name));
}
