import { HOST_CALL, HOST_GET, HOST_ITEM, type HostObject } from '../contract.ts';

/** True for a value that says itself what a template may see of it. */
export function isHost(value: unknown): value is HostObject {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return false;
  return typeof (value as Partial<HostObject>)[HOST_GET] === 'function';
}

/** A plain object (JSON-like): its own keys are visible as attributes and items, nothing else. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (value === null || typeof value !== 'object') return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) return false;
  const host = value as Partial<HostObject>;
  return host[HOST_GET] === undefined && host[HOST_CALL] === undefined && host[HOST_ITEM] === undefined;
}

/**
 * Calls Python's special method `name` (`__add__`, `__lt__`, `__len__` ...) of a host object, if it has one.
 * Undefined when it has none or answers undefined (Python's NotImplemented).
 */
export function callSpecial(value: unknown, name: string, ...args: unknown[]): unknown {
  if (!isHost(value)) return undefined;
  const method = value[HOST_GET](name);
  return typeof method === 'function' ? (method as (...given: unknown[]) => unknown)(...args) : undefined;
}

/** The number of items of a host object: `__len__`, or a numeric `length` of the object. */
export function hostLength(value: HostObject): number | undefined {
  const special = callSpecial(value, '__len__');
  if (typeof special === 'number') return special;
  if (typeof value === 'function') return undefined;
  const { length } = value as { length?: unknown };
  return typeof length === 'number' ? length : undefined;
}

/** Can be called with `fn(...)`: a function, or a host object with HOST_CALL. */
export function isCallable(value: unknown): boolean {
  if (typeof value === 'function') return true;
  return (
    value !== null &&
    typeof value === 'object' &&
    typeof (value as Partial<HostObject>)[HOST_CALL] === 'function'
  );
}
