// Completes package-lock.json after an install where a registry does not serve the binaries of other platforms:
// npm leaves them out of the lock, and `npm ci` then refuses it. Versions are those the parent pins; npm ci skips
// what is not for its machine by os, cpu and libc.
//
//   node scripts/complete-lock.mjs package-lock.json
import { readFileSync, writeFileSync } from 'node:fs';

const file = process.argv[2];
const lock = JSON.parse(readFileSync(file, 'utf8'));
const added = [];
for (const [path, pkg] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(pkg.optionalDependencies ?? {})) {
    const at = `node_modules/${name}`;
    if (path === '' || lock.packages[at] || lock.packages[`${path}/${at}`]) continue;
    const m =
      /(linux|darwin|win32|android|freebsd|openbsd|netbsd|sunos|aix|openharmony)-([a-z0-9]+)(-musl|-gnu)?$/.exec(
        name,
      );
    if (!m) {
      console.error('not a platform package:', name);
      continue;
    }
    lock.packages[at] = {
      version,
      cpu: [m[2]],
      ...(pkg.dev ? { dev: true } : {}),
      ...(m[1] === 'linux' && !name.startsWith('@esbuild')
        ? { libc: [m[3] === '-musl' ? 'musl' : 'glibc'] }
        : {}),
      optional: true,
      os: [m[1]],
    };
    added.push(`${name}@${version}`);
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(file, JSON.stringify(lock, null, 2) + '\n');
console.log(added.join('\n'));
