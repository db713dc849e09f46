/** Small builders of host objects: what a template may see of a value, and nothing else. */
import { HOST_CALL, HOST_GET, HOST_ITEM, type HostObject } from '../template/index.ts';

/** A namespace of functions and values, e.g. `adapter`, `exceptions`, `modules.re`. */
export class Namespace implements HostObject {
  constructor(
    private readonly label: string,
    private readonly member: (name: string) => unknown,
  ) {}

  [HOST_GET](name: string): unknown {
    return this.member(name);
  }

  /** `dbt['_macro']`, and `dbt._macro`: a name with an underscore is an item, as in Python's sandbox. */
  [HOST_ITEM](key: unknown): unknown {
    return typeof key === 'string' ? this.member(key) : undefined;
  }

  toString(): string {
    return `<${this.label}>`;
  }
}

/** A namespace over a plain record. */
export function namespaceOf(label: string, members: Record<string, unknown>): Namespace {
  return new Namespace(label, (name) => (Object.hasOwn(members, name) ? members[name] : undefined));
}

/** A function that has members too, as `config(...)` and `config.get(...)`. */
export class CallableNamespace extends Namespace {
  readonly [HOST_CALL]: (...args: unknown[]) => unknown;

  constructor(label: string, call: (...args: unknown[]) => unknown, member: (name: string) => unknown) {
    super(label, member);
    this[HOST_CALL] = call;
  }
}
