/** Which node a statement belongs to: a connection is called after the node that uses it. */
import type { NodeInfo, SqEvent } from '../events.ts';

export class NodesUnderWay {
  private readonly nodes = new Map<string, NodeInfo>();

  /** The event, with `node_info` where it is of a statement of a node that runs. */
  tell(event: SqEvent): SqEvent {
    if (event.name === 'NodeStart') this.nodes.set(event.node_info.unique_id, event.node_info);
    else if (event.name === 'NodeFinished') this.nodes.delete(event.node_info.unique_id);
    else if (event.name === 'SQLQuery' && event.node_info === undefined) {
      const node_info = this.nodes.get(event.conn_name);
      return node_info === undefined ? event : { ...event, node_info };
    }
    return event;
  }
}
