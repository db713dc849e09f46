// One whole process, measured by the kernel's own account of it and of what it waited for; Node can only give its own.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

// A python3 that is a script (a shim) has had children of its own before it became this process: they are taken off.
const WATCH = `
import json, resource, subprocess, sys, time
before = resource.getrusage(resource.RUSAGE_CHILDREN)
out, began = open(sys.argv[1], 'wb'), time.perf_counter()
code = subprocess.call(sys.argv[2:], stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT)
wall, used = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
cpu = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
unit = 1024 * 1024 if sys.platform == 'darwin' else 1024
print(json.dumps({'code': code, 'wall': wall, 'cpu': cpu, 'peak': used.ru_maxrss / unit}))
`;

/**
 * Runs a command to its end, without standard input; its output goes to the file `out`.
 * Answers its exit code, seconds of wall and processor (user + sys), MB at the peak, and what it said.
 */
export function measure(command, { cwd, env, out }) {
  const watch = spawnSync('python3', ['-c', WATCH, out, ...command], {
    cwd,
    env: { ...process.env, ...env },
    encoding: 'utf8',
  });
  if (watch.error)
    throw new Error('python3 is not here; it reads the account that the kernel keeps of a process');
  if (watch.status !== 0) throw new Error(`cannot run ${command[0]}: ${watch.stderr.trim()}`);
  return { ...JSON.parse(watch.stdout), said: readFileSync(out, 'utf8') };
}
