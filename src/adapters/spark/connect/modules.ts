/** gRPC and Arrow, which only users of Spark install (18 MB): loaded when the first connection is made. */
import { SqError } from '../../../errors.ts';

export interface SparkModules {
  grpc: typeof import('@grpc/grpc-js');
  arrow: typeof import('apache-arrow');
}

/** Throws SqError kind Runtime where one is missing. */
export async function loadModules(): Promise<SparkModules> {
  try {
    const [grpc, arrow] = await Promise.all([import('@grpc/grpc-js'), import('apache-arrow')]);
    return { grpc: grpc.default, arrow };
  } catch (cause) {
    throw new SqError({
      kind: 'Runtime',
      code: 'spark-modules',
      message: `Spark is spoken to by the packages @grpc/grpc-js and apache-arrow, and they are not installed: ${String((cause as Error).message).split('\n')[0]}`,
      hint: 'they are optional: npm install @grpc/grpc-js apache-arrow, in the project or wherever sq is installed',
      cause,
    });
  }
}
