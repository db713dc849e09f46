/** A binary heap of small integers ordered by a given comparison: what can start now, first things first. */
export class ReadyQueue {
  private readonly heap: number[] = [];

  constructor(private readonly before: (a: number, b: number) => boolean) {}

  get size(): number {
    return this.heap.length;
  }

  /** The first item, left in the queue. */
  peek(): number | undefined {
    return this.heap[0];
  }

  push(item: number): void {
    const { heap, before } = this;
    let at = heap.push(item) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!before(item, heap[above]!)) break;
      heap[at] = heap[above]!;
      at = above;
    }
    heap[at] = item;
  }

  /** Takes the first item out. */
  pop(): number | undefined {
    const { heap, before } = this;
    const first = heap[0];
    const last = heap.pop();
    if (heap.length === 0 || last === undefined) return first;
    let at = 0;
    for (;;) {
      let next = 2 * at + 1;
      if (next >= heap.length) break;
      if (next + 1 < heap.length && before(heap[next + 1]!, heap[next]!)) next += 1;
      if (!before(heap[next]!, last)) break;
      heap[at] = heap[next]!;
      at = next;
    }
    heap[at] = last;
    return first;
  }
}
