/** Blocks of the page, or files beside it, as data. Each is read once, when somebody asks first. */
import type { Chunks } from '../../chunks.ts';

const known = new Map<string, Promise<unknown>>();

/** Throws, as a rejected promise, where the page has no such chunk or it cannot be read. */
export function readChunk<K extends keyof Chunks>(name: K): Promise<Chunks[K]> {
  let chunk = known.get(name);
  if (chunk === undefined) {
    chunk = textOf(name).then(inflate);
    known.set(name, chunk);
  }
  return chunk as Promise<Chunks[K]>;
}

async function textOf(name: string): Promise<string> {
  const block = document.getElementById(`sq-${name}`);
  if (block === null) return beside(name);
  const text = block.textContent ?? '';
  // the text is as large as the data: once read, nobody needs it
  block.remove();
  return text;
}

async function inflate(base64: string): Promise<unknown> {
  const stream = new Blob([bytesOf(base64)]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return new Response(stream).json();
}

interface FromBase64 {
  fromBase64?: (text: string) => Uint8Array<ArrayBuffer>;
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const native = (Uint8Array as FromBase64).fromBase64;
  if (native !== undefined) return native.call(Uint8Array, base64);
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): { createScriptURL: (url: string) => string };
}

declare global {
  interface Window {
    /** Called by the files in data/: they are scripts, which load from a disk as well. */
    sqChunk?: (name: string, base64: string) => void;
    trustedTypes?: TrustedTypes;
  }
}

const arrived = new Map<string, (base64: string) => void>();
let policy: ReturnType<TrustedTypes['createPolicy']> | undefined;

/** The only scripts that may be loaded are chunks of code. */
const CHUNK_FILE = /^data\/code-\d+\.js$/;

function beside(name: string): Promise<string> {
  const url = `data/${name}.js`;
  if (!CHUNK_FILE.test(url)) return Promise.reject(new Error(`this page has no part '${name}'`));
  window.sqChunk ??= (chunk, base64) => arrived.get(chunk)?.(base64);
  const rules = {
    createScriptURL(asked: string) {
      if (!CHUNK_FILE.test(asked)) throw new Error(`not a chunk: ${asked}`);
      return asked;
    },
  };
  policy ??= window.trustedTypes?.createPolicy('sq', rules) ?? rules;
  const script = document.createElement('script');
  return new Promise<string>((resolve, reject) => {
    arrived.set(name, resolve);
    script.onerror = () => reject(new Error(`${url} is missing: keep the folder data/ beside this page`));
    script.src = (policy as NonNullable<typeof policy>).createScriptURL(url);
    document.head.append(script);
  });
}
