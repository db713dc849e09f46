/** The worker's own file: answers questions in their order. */
import { parentPort } from 'node:worker_threads';
import { answer, type Question } from './answer.ts';

export interface Asked {
  id: number;
  question: Question;
}

parentPort!.on('message', ({ id, question }: Asked) => {
  try {
    parentPort!.postMessage({ id, answer: answer(question) });
  } catch (thrown) {
    // a library that broke once may be left in a state of its own: the door starts another worker
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    parentPort!.postMessage({ id, broken: `${error.name}: ${error.message}`.split('\n')[0] });
  }
});
