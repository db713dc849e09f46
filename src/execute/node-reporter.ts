/** Events of single nodes: start lines, result lines, dbt's numbering `3 of 10`. */
import type { NodeInfo, SqEvent } from '../events.ts';
import type { Invocation } from '../invocation.ts';
import type { CompiledNode, GraphNode, ReferringNode } from '../manifest/nodes.ts';
import type { NodeResult } from './contract.ts';
import { describeModel, displayName, nodeInfo } from './node-info.ts';
import { eventMoment, Stopwatch } from './stopwatch.ts';

/** A node under way. */
export interface Started {
  node: GraphNode;
  /** From 1, in the order of starting; 0 for what is not counted. */
  index: number;
  startedAt: string;
  watch: Stopwatch;
}

/** `orders::counts_all`, as dbt names a unit test in its lines. */
function unitTestTitle(node: GraphNode): string {
  const { model, name, version } = node as ReferringNode;
  const suffix = version === null || version === undefined ? '' : `_v${String(version)}`;
  return `${String(model ?? '')}::${name}${suffix}`;
}

export interface NodeReporterOptions {
  invocation: Invocation;
  /** How many nodes the run counts. */
  total: number;
  /** The target's database; others are named in progress lines. */
  database: string;
}

export class NodeReporter {
  private index = 0;

  constructor(private readonly options: NodeReporterOptions) {}

  /** Takes the node's number. `counted: false` for ephemeral models, which dbt neither counts nor prints. */
  start(node: GraphNode, counted = true): Started {
    const { invocation } = this.options;
    if (counted) this.index += 1;
    const startedAt = eventMoment(invocation);
    const watch = new Stopwatch(invocation);
    const started: Started = { node, index: counted ? this.index : 0, startedAt, watch };
    this.emit({ name: 'NodeStart', node_info: this.info(started, 'started') });
    return started;
  }

  /** `START sql table model main.songs`. */
  startLine(started: Started): void {
    const { node, index } = started;
    this.emit({
      name: 'LogStartLine',
      description: this.describe(node),
      index,
      total: this.options.total,
      node_info: this.info(started, 'started'),
    });
  }

  /** `line: false` tells the end of the node without a line on the console. */
  finish(started: Started, result: NodeResult, line = true): void {
    // a node that had nothing to do is done: orchestrators know no other word for it
    const status = result.status === 'no-op' ? 'success' : result.status;
    const node_info = this.info(started, status, eventMoment(this.options.invocation));
    if (line && started.index > 0) this.emit(this.resultLine(started, result, node_info));
    // dagster-dbt looks every node that finished up among the manifest's `nodes`, where exposures are not
    if (started.node.resource_type === 'exposure') return;
    this.emit({
      name: 'NodeFinished',
      node_info,
      run_result: {
        status: result.status,
        message: result.message,
        timing_info: result.timing,
        thread: result.thread_id,
        execution_time: result.execution_time,
        adapter_response: result.adapter_response,
        num_failures: result.failures,
      },
    });
  }

  describe(node: GraphNode): string {
    const { database } = this.options;
    switch (node.resource_type) {
      case 'test':
        return `test ${node.name}`;
      case 'seed':
        return `seed file ${displayName(node as CompiledNode, database)}`;
      case 'function':
        return `function ${displayName(node as CompiledNode, database)}`;
      case 'snapshot':
        return `snapshot ${displayName(node as CompiledNode, database)}`;
      case 'model':
        return describeModel(node as CompiledNode, database);
      case 'unit_test':
        return `unit_test ${unitTestTitle(node)}`;
      default:
        return `${node.resource_type.replace('_', ' ')} ${node.name}`;
    }
  }

  private resultLine({ node, index }: Started, result: NodeResult, node_info: NodeInfo): SqEvent {
    const { total } = this.options;
    const { execution_time, status } = result;
    const ok = status !== 'error';
    const common = { index, total, execution_time, node_info };
    if (status === 'skipped') {
      const { schema = '' } = node as CompiledNode;
      // only of an ephemeral parent that does not compile; a node that fail-fast left behind has no line
      if (result.message?.startsWith('Compilation Error') === true) {
        return {
          name: 'LogSkipBecauseError',
          schema,
          relation: node.name,
          status: 'error',
          index,
          total,
          node_info,
        };
      }
      return {
        name: 'SkippingDetails',
        resource_type: node.resource_type,
        schema,
        node_name: node.name,
        index,
        total,
        node_info,
      };
    }
    if (status === 'no-op') return { name: 'LogNodeNoOpResult', description: this.describe(node), ...common };
    switch (node.resource_type) {
      case 'test':
      case 'unit_test':
        return {
          name: 'LogTestResult',
          test_name: node.resource_type === 'test' ? node.name : unitTestTitle(node),
          status: status as 'pass' | 'fail' | 'warn' | 'error',
          num_failures: result.failures ?? 0,
          index,
          num_models: total,
          execution_time,
          node_info,
        };
      case 'seed':
        return {
          name: 'LogSeedResult',
          status,
          ok,
          result_message: result.message ?? '',
          schema: node.schema,
          relation: node.alias,
          ...common,
        };
      case 'function':
        return { name: 'LogFunctionResult', description: this.describe(node), status, ok, ...common };
      default: {
        const name = node.resource_type === 'snapshot' ? 'LogSnapshotResult' : 'LogModelResult';
        const shown = ok ? (result.message ?? status) : status;
        // dbt: OK snapshotted main.users_history
        const description = this.describe(node).replace(/^snapshot /, '');
        return { name, description, status: shown, ok, ...common };
      }
    }
  }

  private info(started: Started, status: string, finished = ''): NodeInfo {
    return nodeInfo(started.node, status, { started: started.startedAt, finished });
  }

  private emit(event: SqEvent): void {
    this.options.invocation.emit(event);
  }
}
